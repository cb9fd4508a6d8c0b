#include "model/authip/engine.h"

#include <algorithm>

#include "model/authip/engine_state.h"
#include "model/authip/status.h"
#include "model/base/overloaded.h"

namespace ssx::authip {

Engine::Engine(const Config& config, Environment environment) : state_(std::make_unique<State>(config, environment)) {}
Engine::~Engine() = default;
Engine::Engine(Engine&&) noexcept = default;

std::vector<Effect> Engine::step(const Event& event, Instant now) {
  state_->now = now;
  std::visit([&](const auto& known) { state_->on(known); }, event);
  state_->perform_upcalls();
  state_->sweep();
  std::vector<Effect> effects;
  effects.swap(state_->effects);
  return effects;
}

std::optional<Instant> Engine::next_deadline() const {
  std::optional<Instant> earliest;
  const auto take = [&](const std::optional<Instant>& candidate) {
    if (candidate && (!earliest || *candidate < *earliest)) earliest = candidate;
  };
  for (const auto& [id, session] : state_->sessions) take(session.next_deadline());
  for (const auto& [spi, pair] : state_->pairs) take(pair.delete_at);
  return earliest;
}

std::vector<MainModeDetails> Engine::main_modes() const {
  std::vector<MainModeDetails> details;
  for (const auto& [id, session] : state_->sessions) {
    const bool lives = session.life() == Session::Life::kEstablished || session.life() == Session::Life::kRetired;
    if (lives) details.push_back(session.details());
  }
  return details;
}

bool Engine::is_consistent() const {
  return std::ranges::all_of(state_->sessions, [](const auto& entry) {
    return entry.second.is_consistent() && entry.second.life() != Session::Life::kGone;
  });
}

Session* Engine::State::find(MmSaId id) {
  const auto found = sessions.find(id);
  return found == sessions.end() ? nullptr : &found->second;
}

void Engine::State::drop(const TransportAddress& remote, std::string reason, std::string rule) {
  effects.emplace_back(Dropped{remote, std::move(reason), std::move(rule)});
}

void Engine::State::on(const Acquire& acquire) {
  Job job;
  job.waiters = {acquire.id};
  job.selector = acquire.selector;
  job.main_mode = acquire.main_mode;
  job.quick_mode = acquire.quick_mode;
  job.target = acquire.target;
  const wfp::QuickModePolicy& policy = *acquire.quick_mode.policy;
  const bool impersonates =
      acquire.main_mode.policy->initiator_impersonation == wfp::ImpersonationType::kSocketPrincipal ||
      (policy.extended_mode &&
       policy.extended_mode->initiator_impersonation == wfp::ImpersonationType::kSocketPrincipal);
  if (impersonates) job.user = acquire.user;
  submit(std::move(job));
}

/// Routes by cookies, addresses and ports (authip.md 1.1); what belongs to nobody may be a first message.
void Engine::State::on(const DatagramReceived& datagram) {
  if (datagram.local.port != config.ike_port) {
    return drop(datagram.remote, "UDP encapsulation is not modelled yet", "authip.md 1.15");
  }
  expected<Frame, FrameError> frame = read_frame(datagram.octets);
  if (!frame) return drop(datagram.remote, frame.error().reason, frame.error().rule);
  for (auto& entry : sessions) {
    Session& session = entry.second;
    if (!session.owns(frame->header, datagram.local, datagram.remote)) continue;
    return with_call([&](Call& call) { session.receive(*frame, call); });
  }
  const bool first = frame->header.exchange == ExchangeType::kMainMode && frame->header.responder_cookie == Cookie{} &&
                     frame->header.initiator_cookie != Cookie{} && frame->header.sequence == 0;
  if (!first)
    return drop(datagram.remote, "no main mode has these cookies and endpoints", "authip.md 2.15 row 8 A-016");
  first_message(frame->encrypted ? as_clear(*frame) : *frame, datagram.local, datagram.remote);
}

/// authip.md 2.3, receiver steps 1 to 3.
void Engine::State::first_message(const Frame& frame, const TransportAddress& local, const TransportAddress& remote) {
  const PayloadChain chain = clear_chain(frame);
  if (!parse_chain(chain.first_type, chain.octets)) {
    return drop(remote, "payload chain does not end with the message", "authip.md 1.18 step 8 A-057");
  }
  std::size_t negotiations = 0;
  for (const auto& [id, session] : sessions) {
    if (session.remote().address == remote.address) negotiations += session.negotiations();
  }
  if (main_modes_with(remote.address) > kMainModesPerPeerMax) {
    return drop(remote, "more than 20 main modes with the peer", "authip.md 2.3 A-106");
  }
  if (negotiations > kNegotiationsPerPeerMax) {
    return drop(remote, "more than 35 negotiations with the peer", "authip.md 2.3 A-107");
  }
  std::optional<MainModeChoice> choice = environment.policies.main_mode(local.address, remote.address);
  if (!choice) return drop(remote, "no main-mode policy for these addresses", "authip.md 2.3 A-103");
  const MmSaId id{++last_id};
  with_call([&](Call& call) {
    sessions.emplace(id,
                     Session::respond(id, frame, std::move(*choice), local, remote, !knows_peer(remote.address), call));
  });
}

void Engine::State::on(const TimerFired&) {
  std::vector<MmSaId> ids;
  for (const auto& [id, session] : sessions) ids.push_back(id);
  for (const MmSaId id : ids) {
    with_call([&](Call& call) { sessions.at(id).timer_fired(call); });
  }
  delete_due_pairs();
}

void Engine::State::on(const SaLifetimeReached& reached) { rekey(reached.inbound_spi); }

void Engine::State::on(const SaRemoved& removed) {
  const auto found = pairs.find(removed.inbound_spi);
  if (found == pairs.end()) return;
  const PairRecord record = found->second;
  pairs.erase(found);
  if (Session* session = find(record.session)) {
    with_call([&](Call& call) { session->pair_removed(record.quick_mode, true, removed.status, call); });
  }
}

void Engine::State::on(const CancelAcquire& cancel) {
  for (auto& entry : sessions) {
    with_call([&](Call& call) { entry.second.cancel(cancel.id, call); });
  }
}

std::size_t Engine::State::main_modes_with(const IpAddress& remote) const {
  return static_cast<std::size_t>(std::ranges::count_if(sessions, [&](const auto& entry) {
    const Session::Life life = entry.second.life();
    return entry.second.remote().address == remote &&
           (life == Session::Life::kEstablished || life == Session::Life::kRetired);
  }));
}

void Engine::State::sweep() {
  std::erase_if(sessions, [](const auto& entry) { return entry.second.life() == Session::Life::kGone; });
}

}  // namespace ssx::authip
