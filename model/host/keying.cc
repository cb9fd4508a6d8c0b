// Keying: flows that need an SA, the AuthIP module that makes one, the SAD that holds it. Source: authip.md 5,
// wfp-model.md 7.
#include <algorithm>

#include "model/base/overloaded.h"
#include "model/host/host_state.h"
#include "model/identity/principal.h"
#include "model/wfp/policy_selection.h"

namespace ssx::host {
namespace {

constexpr std::uint32_t kStatusPending = 13803;     // ERROR_IPSEC_IKE_NEGOTIATION_PENDING
constexpr std::uint32_t kStatusNoMmPolicy = 13850;  // ERROR_IPSEC_IKE_NO_MM_POLICY

wfp::PolicySelector selector_of(const FiveTuple& tuple) {
  wfp::PolicySelector selector;
  selector.protocol = tuple.protocol;
  selector.local = tuple.local;
  selector.remote = tuple.remote;
  return selector;
}

NetEvent::Kind event_kind(authip::Phase phase) {
  switch (phase) {
    case authip::Phase::kMainMode: return NetEvent::Kind::kIkeextMmFailure;
    case authip::Phase::kQuickMode: return NetEvent::Kind::kIkeextQmFailure;
    case authip::Phase::kExtendedMode: return NetEvent::Kind::kIkeextEmFailure;
  }
  return NetEvent::Kind::kIkeextMmFailure;
}

/// The traffic to negotiate for: the port of whoever offers the service is named, the other side's is any
/// (authip.md 3.7: IDi has port 0), so that a later socket to the same service finds the SA again (C-229).
ipsec::TrafficSelector wide_selector(const Flow& flow) {
  ipsec::TrafficSelector selector{flow.tuple.protocol, flow.tuple.local, flow.tuple.remote};
  (flow.outbound ? selector.local : selector.remote).port = 0;
  return selector;
}

}  // namespace

std::optional<authip::MainModeChoice> HostPolicies::main_mode(const IpAddress& local, const IpAddress& remote) const {
  wfp::PolicySelector selector;
  selector.local.address = local;
  selector.remote.address = remote;
  selector.zero_is_any = true;
  const wfp::KeyingModule modules[] = {wfp::KeyingModule::kAuthip};
  const auto chosen = wfp::select_policy(engine_, wfp::PolicyPurpose::kMainMode, local.version(), selector, modules);
  if (!chosen) return std::nullopt;
  return authip::MainModeChoice{chosen->context, chosen->filter, chosen->main_mode};
}

std::optional<authip::QuickModeChoice> HostPolicies::quick_mode(const ipsec::TrafficSelector& traffic) const {
  wfp::PolicySelector selector;
  selector.protocol = traffic.protocol;
  selector.local = traffic.local;
  selector.remote = traffic.remote;
  selector.zero_is_any = true;
  const wfp::KeyingModule modules[] = {wfp::KeyingModule::kAuthip};
  const auto chosen = wfp::select_policy(engine_, wfp::PolicyPurpose::kQuickModeTransport,
                                         traffic.local.address.version(), selector, modules);
  if (!chosen) return std::nullopt;
  authip::QuickModeChoice choice{chosen->context, chosen->filter, chosen->quick_mode, false};
  // D-20, U-20: this host's own rule for the traffic counts as much as the initiator's word.
  const Socket* socket = sockets_.find_secured(traffic.protocol, traffic.local);
  choice.guarantee_encryption = socket != nullptr && socket->security.guarantees_encryption();
  return choice;
}

bool HostPolicies::discovers(const FiveTuple& tuple) const {
  const auto chosen = quick_mode({tuple.protocol, tuple.local, tuple.remote});
  return chosen && (chosen->policy->flags & (wfp::kPolicyNdSecure | wfp::kPolicyNdBoundary)) != 0;
}

bool Host::State::has_policy(const Flow& flow) const {
  return wfp::select_policies(engine, flow.tuple.local.address.version(), selector_of(flow.tuple)).has_value();
}

void Host::State::no_policy_event(const Flow& flow) {
  trace(NetEvent{NetEvent::Kind::kIkeextMmFailure, kStatusNoMmPolicy, authip::FailurePoint::kMe, flow.tuple,
                 "security is required and no policy matches the traffic"});
}

bool Host::State::negotiate(Flow& flow) {
  if (flow.negotiation) return true;
  wfp::DecisionRecorder recorder{to_string(flow.tuple), {}};
  const auto chosen = wfp::select_policies(engine, flow.tuple.local.address.version(), selector_of(flow.tuple),
                                           config.trace ? &recorder : nullptr);
  for (Decision& decision : recorder.decisions) trace(std::move(decision));
  if (!chosen) {
    flow.facts.has_policy = false;
    return false;
  }
  set_state(flow, FlowState::kNegotiating, "it needs an SA");
  flow.facts.negotiating = true;
  flow.facts.negotiation_failed = false;
  flow.report.negotiation_error = kStatusPending;
  const ipsec::TrafficSelector selector = wide_selector(flow);
  for (const auto& [id, running] : negotiations) {
    if (running.selector == selector && running.guarantee_encryption == flow.guarantee_encryption &&
        running.target == flow.target) {
      flow.negotiation = id;
      return true;
    }
  }
  const NegotiationId id{next_negotiation++};
  flow.negotiation = id;
  negotiations.emplace(id, Negotiation{selector, flow.guarantee_encryption, flow.target, flow.tuple});
  authip::Acquire acquire;
  acquire.id = id;
  acquire.selector = selector;
  acquire.main_mode = {chosen->main_mode.context, chosen->main_mode.filter, chosen->main_mode.main_mode};
  acquire.quick_mode = {chosen->quick_mode.context, chosen->quick_mode.filter, chosen->quick_mode.quick_mode,
                        flow.guarantee_encryption};
  acquire.target = flow.target;
  acquire.user = config.user;
  perform(authip.step(acquire, now));
  return true;
}

void Host::State::perform(std::vector<authip::Effect> keying) {
  for (authip::Effect& effect : keying) {
    std::visit(
        Overloaded{
            [this](authip::SendDatagram& send) {
              trace(KeyingMessage{true, send.remote, send.name, send.octets.size()});
              const tcpip::UdpMessage message{send.local.port, send.remote.port, send.octets};
              send_datagram(ip.message(message, send.local.address, send.remote.address),
                            {IpProtocol::kUdp, send.local, send.remote}, nullptr);
            },
            [this](authip::InstallInboundSa& install) {
              trace(SaInstalled{install.pair, false});
              sad.install_inbound(install.pair, now);
            },
            [this](authip::InstallOutboundSa& install) {
              sad.install_outbound(install.pair, now);
              if (config.log_keys) {
                for (const ipsec::SaKeys& keys : install.pair.outbound) {
                  effects->push_back(KeysLogged{
                      EspSaKeys{install.pair.selector.local.address, install.pair.selector.remote.address, keys}});
                }
              }
              trace(SaInstalled{std::move(install.pair), true});
            },
            [this](authip::DeleteSa& gone) {
              if (const auto quick_mode = sad.remove(gone.inbound_spi)) {
                trace(SaDeleted{gone.inbound_spi, *quick_mode, "deleted, status " + std::to_string(gone.status)});
              }
            },
            [this](authip::NegotiationSucceeded& success) { negotiation_succeeded(success); },
            [this](authip::NegotiationFailed& failure) { negotiation_failed(failure); },
            [this](authip::MainModeEstablished& established) { trace(std::move(established)); },
            [this](authip::MainModeDeleted& deleted) { trace(deleted); },
            [this](authip::KeyLog& log) {
              if (config.log_keys) effects->push_back(KeysLogged{std::move(log)});
            },
            [this](authip::Dropped& dropped) {
              trace(PacketDropped{{IpProtocol::kUdp,
                                   {IpAddress::any(dropped.remote.address.version()), config.authip.ike_port},
                                   dropped.remote},
                                  false,
                                  dropped.reason + " (" + dropped.rule + ")",
                                  0});
            },
            [this](authip::Decided& decided) { trace(std::move(decided.decision)); },
        },
        effect);
  }
}

void Host::State::negotiation_succeeded(const authip::NegotiationSucceeded& success) {
  negotiations.erase(success.id);
  for (const FlowId id : flows.waiting_for(success.id)) {
    if (Flow* flow = flows.find(id)) flow_secured(*flow);
  }
}

void Host::State::flow_secured(Flow& flow) {
  flow.negotiation.reset();
  flow.waits_until.reset();
  flow.facts.negotiating = false;
  flow.report.negotiation_error = 0;
  set_state(flow, FlowState::kSecured, "an SA is up");
  const auto held = std::exchange(flow.held, std::nullopt);
  if (flow.tuple.protocol == IpProtocol::kTcp && held) {
    // The SYN that was held goes out now, and its retransmission clock starts now: the connection is opened afresh.
    const tcpip::ConnectionKey key{flow.tuple.local, flow.tuple.remote};
    const auto block = sockets.connections.find(key);
    // U-35: TCP's own clock may have run out meanwhile; the program's connect still waits for the negotiation.
    const bool found = block != sockets.connections.end();
    const Socket* socket = found && block->second.socket ? sockets.find(*block->second.socket) : nullptr;
    const bool still_wanted = socket != nullptr && socket->phase == StreamPhase::kConnecting;
    if (found && (still_wanted || std::holds_alternative<tcpip::states::SynSent>(block->second.machine.state()))) {
      block->second.closed = false;
      block->second.machine =
          tcpip::TcpConnection(tcp_config(flow.tuple.local.address.version()), key.local.port, key.remote.port);
      step_connection(key, tcpip::OpenActive{block->second.initial_sequence});
      return;
    }
  }
  if (held) send_datagram(*held, flow.tuple, &flow);
}

void Host::State::negotiation_failed(const authip::NegotiationFailed& failure) {
  const auto negotiation = negotiations.find(failure.id);
  const FiveTuple tuple = negotiation == negotiations.end() ? FiveTuple{} : negotiation->second.asked_for;
  if (negotiation != negotiations.end()) negotiations.erase(negotiation);
  trace(failure);
  // W-257: one event an attempt, whoever waits for it; W-258: also if clear text is the fallback.
  trace(NetEvent{event_kind(failure.phase), failure.status, failure.point, tuple, failure.words});
  for (const FlowId id : flows.waiting_for(failure.id)) {
    if (Flow* flow = flows.find(id)) flow_failed(*flow, failure);
  }
}

void Host::State::flow_failed(Flow& flow, const authip::NegotiationFailed& failure) {
  flow.negotiation.reset();
  flow.waits_until.reset();
  flow.facts.negotiating = false;
  flow.facts.negotiation_failed = true;
  flow.report.negotiation_error = failure.status;
  const auto held = std::exchange(flow.held, std::nullopt);
  // U-34: a flow that failed by name never falls back to clear.
  if (failure.wrong_target_name) flow.facts.requires_security = true;
  if (!flow.facts.requires_security && !flow.facts.secure) {
    set_state(flow, FlowState::kClear, "the negotiation failed, clear text is allowed");
    if (held) send_datagram(*held, flow.tuple, &flow);
    return;
  }
  set_state(flow, FlowState::kFailed, "the negotiation failed, clear text is not allowed");
  Socket* socket = flow.socket ? sockets.find(*flow.socket) : nullptr;
  if (socket != nullptr && socket->phase == StreamPhase::kConnecting && socket->connect_began) {
    // U-35: the later of the delay and the end of the negotiation.
    socket->connect_fails_at = std::max(now, *socket->connect_began + config.behaviour.connect_failure_delay);
    pump(socket->id);
  }
}

void Host::State::perform(const std::vector<ipsec::SadEvent>& events) {
  for (const ipsec::SadEvent& event : events) {
    std::visit(
        Overloaded{
            [this](const ipsec::LifetimeReached& reached) {
              perform(authip.step(authip::SaLifetimeReached{reached.inbound_spi}, now));
            },
            [this](const ipsec::PairRemoved& removed) {
              trace(SaDeleted{removed.inbound_spi, removed.quick_mode, removed.status == 13808 ? "idle" : "expired"});
              perform(authip.step(authip::SaRemoved{removed.inbound_spi, removed.status}, now));
            },
        },
        event);
  }
}

}  // namespace ssx::host
