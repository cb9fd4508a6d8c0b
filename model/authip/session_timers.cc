#include "model/authip/session.h"
#include "model/authip/status.h"

namespace ssx::authip {
namespace {

Failure responder_timeout(Phase phase) {
  Failure failure = refused_by_peer(phase, kStatusTimedOut, "the initiator was silent for 60 s");
  failure.tell = TellPeer::kStatus;
  failure.rule = "authip.md 2.12 A-200";
  return failure;
}

}  // namespace

/// Every timer that is due, each once. A machine's end may remove others, so the walk is by key.
void Session::timer_fired(Call& call) {
  const Instant now = call.at.now;
  const auto fire = [&](requester::State& state) {
    bool gave_up = false;
    perform(requester::step(std::move(state), requester::TimerFired{}, now), state, gave_up, call);
    return gave_up;
  };
  if (fire(main_mode_outstanding_.request)) main_mode_event(mm_initiator::Event{TimedOut{}}, call);
  std::vector<MessageId> ids;
  for (const auto& [id, quick_mode] : quick_modes_) ids.push_back(id);
  for (const MessageId id : ids) {
    QuickModeSlot* current = slot(id);
    if (current == nullptr) continue;
    if (fire(current->outstanding.request)) {
      quick_mode_event(id, qm_initiator::Event{TimedOut{}}, call);
    } else if (life_ != Life::kNegotiating && current->deadline && *current->deadline <= now) {
      current->deadline.reset();
      fail_quick_mode(id, responder_timeout(Phase::kQuickMode), call);
    }
  }
  if (fire(extended_mode_outstanding_.request)) extended_mode_event(em_initiator::Event{TimedOut{}}, call);
  if (half_open_until_ && *half_open_until_ <= now) {
    fail_negotiation(responder_timeout(Phase::kMainMode), MessageId{0}, call);
  }
  if (expires_at_ && *expires_at_ <= now) expire(call);
  for (auto& [key, channel] : notifies_) {
    if (!fire(channel.request)) continue;
    notify_queue::Step step = notify_queue::step(std::move(channel.queue), notify_queue::GaveUp{});
    channel.queue = std::move(step.next);
    if (step.transmit) transmit_notify(key, *step.transmit, call);
  }
  leave_if_done(call);
}

}  // namespace ssx::authip
