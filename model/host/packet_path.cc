// A packet's way through the host, out and in: transport layer, IPsec, IP. One way for everything: data, resets,
// keying. Source: docs/architecture.md "a packet's way"; authip.md 5.3, 5.4, 7.4; wfp-model.md 4.3.
#include <algorithm>

#include "crypto/sa_transform.h"
#include "model/host/host_state.h"
#include "model/identity/principal.h"
#include "model/ipsec/traffic_decision.h"

namespace ssx::host {
namespace {

wfp::FieldValues transport_values(const FiveTuple& tuple, std::uint32_t flags) {
  using wfp::Field;
  wfp::FieldValues values;
  values.set_protocol(tuple.protocol);
  values.set_address(Field::kIpLocalAddress, tuple.local.address);
  values.set_address(Field::kIpRemoteAddress, tuple.remote.address);
  values.set(Field::kIpLocalAddressType, wfp::address_type(tuple.local.address));
  values.set(Field::kIpDestinationAddressType, wfp::address_type(tuple.remote.address));
  values.set(Field::kIpLocalPort, tuple.local.port);
  values.set(Field::kIpRemotePort, tuple.remote.port);
  values.set(Field::kFlags, flags);
  return values;
}

/// Whether the datagram's own length fits and, for IPv4, its header checksum is right (RFC 791 3.1, RFC 1122 3.2.1.2).
/// Octets behind the datagram are cut off.
std::optional<Octets> well_formed(Octets datagram) {
  if (datagram.size() < 20) return std::nullopt;
  const unsigned version = std::to_integer<unsigned>(datagram[0]) >> 4;
  if (version == 6) {
    if (datagram.size() < 40) return std::nullopt;
    const std::size_t total = 40 + std::size_t{load_u16(datagram.subspan(4))};
    return total <= datagram.size() ? std::optional(datagram.first(total)) : std::nullopt;
  }
  const std::size_t header = (std::to_integer<std::size_t>(datagram[0]) & 15) * 4;
  const std::size_t total = load_u16(datagram.subspan(2));
  if (version != 4 || header < 20 || total < header || total > datagram.size()) return std::nullopt;
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < header; i += 2) sum += load_u16(datagram.subspan(i));
  while (sum > 0xFFFF) sum = (sum & 0xFFFF) + (sum >> 16);
  return sum == 0xFFFF ? std::optional(datagram.first(total)) : std::nullopt;
}

}  // namespace

void Host::State::drop(const FiveTuple& tuple, bool outbound, const std::string& reason, std::uint32_t status) {
  trace(PacketDropped{tuple, outbound, reason, status});
  if (status != 0) trace(NetEvent{NetEvent::Kind::kIpsecKernelDrop, status, authip::FailurePoint::kMe, tuple, reason});
}

std::optional<SaContextId> Host::State::find_sa(const FiveTuple& tuple, const Flow* flow) const {
  ipsec::OutboundQuery query;
  query.packet = tuple;
  if (flow != nullptr) {
    query.guarantee_encryption = flow->guarantee_encryption;
    query.requires_encryption = flow->facts.requires_encryption;
    if (!flow->target.names.empty()) {
      // C-230: only a pair that was made for a name, and whose peer has proven it.
      query.accepts_peer = [flow](const ipsec::SaPair& pair) {
        return !pair.target_name.empty() && std::ranges::any_of(flow->target.names, [&](const std::string& name) {
          return identity::same_target_name(name, pair.peer_name, flow->target.raw);
        });
      };
    }
  }
  return sad.find_outbound(query);
}

void Host::State::send_datagram(OctetVector datagram, const FiveTuple& tuple, Flow* flow) {
  if (flow != nullptr) flow->last_packet = now;
  if (!config.ipsec) {
    emit(std::move(datagram));
    return;
  }
  wfp::ClassifyMetadata metadata;
  if (flow != nullptr) {
    metadata.flow = flow->id;
    metadata.flow_is_secure = flow->facts.secure;
    metadata.flow_requires_security = flow->facts.requires_security;
    metadata.flow_requires_encryption = flow->facts.requires_encryption;
  }
  const auto outcome = wfp::classify(engine, wfp::outbound_transport(tuple.local.address.version()),
                                     transport_values(tuple, 0), metadata);
  if (!outcome.permitted()) {
    drop(tuple, true, "blocked at OUTBOUND_TRANSPORT", 0);
    return;
  }
  if (flow != nullptr && metadata.wishes.protect) flow->facts.discovers = metadata.wishes.every_filter_discovers;
  const ipsec::FlowFacts facts = flow == nullptr ? ipsec::FlowFacts{} : flow->facts;
  const bool wants_sa = metadata.wishes.protect || facts.requires_security || facts.secure;
  const auto sa = wants_sa ? find_sa(tuple, flow) : std::nullopt;
  // U-23, U-24: only an open socket's flow waits, and only so long.
  const bool negotiate_first = config.behaviour.allow_insecure_mode == ale::AllowInsecureMode::kNegotiateFirst &&
                               flow != nullptr && flow->open && (!flow->facts.negotiating || flow->waits_until);
  const auto decision = ipsec::decide_outbound(metadata.wishes, facts, sa.has_value(), negotiate_first);
  switch (decision.action) {
    case ipsec::OutboundAction::kProtect: send_protected(datagram, tuple, *sa, flow); return;
    case ipsec::OutboundAction::kSendClear: emit(std::move(datagram)); return;
    case ipsec::OutboundAction::kSendClearAndNegotiate:
      emit(std::move(datagram));
      if (flow != nullptr) negotiate(*flow);
      return;
    case ipsec::OutboundAction::kHoldAndNegotiate:
      if (flow == nullptr) break;
      flow->held = std::move(datagram);
      if (flow->open) flow->waits_until = now + config.behaviour.allow_insecure_wait;
      negotiate(*flow);
      return;
    case ipsec::OutboundAction::kHold:
      // U-33: the first packet of a flow is held, others are dropped.
      if (flow != nullptr && !flow->held) {
        flow->held = std::move(datagram);
        return;
      }
      break;
    case ipsec::OutboundAction::kDrop: break;
  }
  drop(tuple, true, std::string(decision.words) + " (" + std::string(decision.rule) + ")",
       static_cast<std::uint32_t>(ipsec::DropReason::kClearText));
}

void Host::State::send_protected(Octets datagram, const FiveTuple& tuple, SaContextId context, Flow* flow) {
  const auto sealed = sad.protect(context, datagram, random, now, protected_buffer);
  if (!sealed) {
    drop(tuple, true, ipsec::to_string(sealed.error()), static_cast<std::uint32_t>(sealed.error()));
    return;
  }
  if (flow != nullptr) {
    const ipsec::SaPair* pair = sad.pair(context);
    if (!flow->facts.secure || flow->report.quick_mode != pair->quick_mode) flow->report = report_of(*pair);
    flow->facts.secure = true;
    flow->facts.negotiation_failed = false;
    set_state(*flow, FlowState::kSecured, "a packet went under an SA");
  }
  emit(protected_buffer);
}

void Host::State::packet_arrived(OctetVector octets) {
  const auto datagram = well_formed(octets);
  const auto outer = datagram ? ipsec::tuple_of(*datagram, true) : std::nullopt;
  if (!outer) {
    drop({}, false, "no IP datagram whose lengths and checksum fit", 0);
    return;
  }
  if (std::ranges::find(config.addresses, outer->local.address) == config.addresses.end()) {
    drop(*outer, false, "not for this host", 0);
    return;
  }
  Inbound packet;
  packet.datagram = *datagram;
  if (outer->protocol == IpProtocol::kEsp || outer->protocol == IpProtocol::kAh) {
    if (!config.ipsec) {
      drop(*outer, false, "ESP and AH are unknown protocols here", 0);
      return;
    }
    const auto opened = sad.unprotect(*datagram, now, clear_buffer);
    if (!opened) {
      drop(*outer, false, ipsec::to_string(opened.error()), static_cast<std::uint32_t>(opened.error()));
      return;
    }
    if (!*opened) return;  // a dummy packet: dropped silently (authip.md 7.4 step 8)
    packet.arrival = **opened;
    packet.datagram = clear_buffer;
  }
  packet.tuple = *ipsec::tuple_of(packet.datagram, true);
  packet.upper = packet.datagram.subspan(*ipsec::upper_offset_of(packet.datagram));
  clear_packet_arrived(packet);
}

bool Host::State::admit(const Inbound& packet, Flow* flow, const Socket* socket, bool creates_flow) {
  if (!config.ipsec) return true;
  wfp::ClassifyMetadata metadata;
  if (packet.arrival) metadata.arrival = wfp::ArrivalProtection{packet.arrival->context, packet.arrival->encrypted};
  metadata.requires_ale_classify = creates_flow;
  metadata.socket_is_open = socket != nullptr && socket->security.is_set() && socket->security.is_open();
  ipsec::InboundFacts facts;
  facts.arrived_protected = packet.arrival.has_value();
  facts.flow_exists = flow != nullptr;
  if (!packet.arrival) {
    if (const auto sa = sad.find_for_traffic(packet.tuple)) {
      facts.sa_matches = true;
      facts.sa_age = now - *sad.installed_at(*sa);
      facts.allow_clear = std::chrono::seconds(sad.pair(*sa)->nd_allow_clear_timeout_seconds);
    }
  }
  if (flow != nullptr) {
    metadata.flow = flow->id;
    metadata.flow_is_secure = flow->facts.secure;
    metadata.flow_requires_security = flow->facts.requires_security;
    metadata.flow_requires_encryption = flow->facts.requires_encryption;
    metadata.flow_in_discovery = ipsec::clear_is_acceptable(flow->facts, facts);
  } else {
    // The first packet of a flow: its socket and the administrator's discovery policy decide (wfp-model.md 6.3, 6.4).
    ipsec::FlowFacts wanted;
    if (socket != nullptr) {
      wanted.requires_security = socket->security.requires_security();
      wanted.requires_encryption = socket->security.guarantees_encryption();
    }
    if (!packet.arrival) facts.policy_discovers = policies.discovers(packet.tuple) || metadata.socket_is_open;
    metadata.flow_requires_security = wanted.requires_security;
    metadata.flow_requires_encryption = wanted.requires_encryption;
    metadata.flow_in_discovery = ipsec::clear_is_acceptable(wanted, facts);
  }
  const std::uint32_t flags =
      (packet.arrival ? wfp::kFlagIsIpsecSecured : 0U) | (creates_flow ? wfp::kFlagRequiresAleClassify : 0U);
  const auto outcome = wfp::classify(engine, wfp::inbound_transport(packet.tuple.local.address.version()),
                                     transport_values(packet.tuple, flags), metadata);
  // D-49: a flow that requires security takes no clear packet, filters or not.
  const bool forbidden =
      !packet.arrival && (metadata.flow_requires_security || (flow != nullptr && flow->facts.secure));
  const bool too_weak =
      packet.arrival && flow != nullptr && flow->facts.requires_encryption && !packet.arrival->encrypted;
  if (!outcome.permitted() || forbidden || too_weak) {
    drop(packet.tuple, false,
         too_weak ? "protected without the cipher that the flow requires" : "clear text where protection is required",
         static_cast<std::uint32_t>(ipsec::DropReason::kClearText));
    return false;
  }
  if (flow != nullptr && packet.arrival) {
    const ipsec::SaPair* pair = sad.pair(packet.arrival->context);
    if (!flow->facts.secure || flow->report.quick_mode != pair->quick_mode) flow->report = report_of(*pair);
    flow->facts.secure = true;
    // authip.md 5.4: a QM SA with GE marks the flow.
    if (packet.arrival->guarantee_encryption) flow->guarantee_encryption = true;
    set_state(*flow, FlowState::kSecured, "a packet came under an SA");
  }
  return true;
}

void Host::State::clear_packet_arrived(const Inbound& packet) {
  if (packet.tuple.protocol == IpProtocol::kTcp) return tcp_arrived(packet);
  if (packet.tuple.protocol == IpProtocol::kUdp) return udp_arrived(packet);
  drop(packet.tuple, false, "no such protocol here", 0);
}

}  // namespace ssx::host
