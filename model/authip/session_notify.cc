#include "model/authip/payload_rules.h"
#include "model/authip/session.h"
#include "model/authip/status.h"

namespace ssx::authip {
namespace {

constexpr std::size_t kStatusOctets = 4;
constexpr std::size_t kAcquireOctets = 8;

/// NOTIFY_ACQUIRE is followed directly by exactly two IDs (authip.md 1.11, D-37).
bool acquire_is_well_formed(const PayloadSet& payloads) {
  return payloads.types == std::vector{payload_type::kNotify, payload_type::kId, payload_type::kId} &&
         payloads.notifies.front().data.size() == kAcquireOctets;
}

}  // namespace

/// D-14: before keys exist a clear NOTIFY_STATUS ends the initiator's negotiation; everywhere else it is ignored.
void Session::receive_clear_notify(const Frame& frame, Call& call) {
  const bool acts = role_ == ipsec::SaRole::kInitiator && life_ == Life::kNegotiating && sa_ == nullptr;
  if (!acts) return drop("clear notify although keys exist or nothing is under way", "authip.md D-14 A-193", call);
  if ((policy_flags_ & wfp::kIkeDisableDiagnostics) != 0) {
    return drop("clear notify with diagnostics disabled", "authip.md D-14 A-194", call);
  }
  const PayloadChain chain = clear_chain(frame);
  const expected<PayloadSet, Invalid> payloads = read_payloads(chain);
  if (!payloads || check_rules(kNotifyRules, *payloads)) {
    return drop("malformed clear notify", "authip.md 1.18 step 8", call);
  }
  const NotifyContent* status = payloads->find_notify(kNotifyStatus);
  if (status == nullptr || status->data.size() != kStatusOctets) {
    return drop("clear notify without a status", "authip.md D-14 A-073", call);
  }
  main_mode_event(mm_initiator::Event{Refused{load_u32(status->data)}}, call);
}

void Session::receive_notify(const Frame& frame, Call& call) {
  if (!frame.encrypted) return receive_clear_notify(frame, call);
  const std::optional<Message> message = open_message(frame, Phase::kMainMode, call);
  if (!message) return;
  const PayloadSet& payloads = message->payloads;
  if (check_rules(kNotifyRules, payloads)) return drop("not a notify message", "authip.md 2.9", call);
  if (const NotifyContent* ack = payloads.find_notify(kNotifyAck)) return on_ack(*ack, call);  // own counter, D-53
  if (payloads.find_notify(kNotifyAcquire) != nullptr && !acquire_is_well_formed(payloads)) {
    return drop("NOTIFY_ACQUIRE without its two IDs", "authip.md 2.15 row 10 A-188 A-189", call);
  }
  switch (notify_window_.judge(frame.header.sequence)) {
    case SequenceVerdict::kOutOfTurn:
      return drop("notify number " + std::to_string(frame.header.sequence) + " is out of turn", "authip.md D-13", call);
    case SequenceVerdict::kRepeat: {
      const AnsweredRequest& known = *notify_window_.find(frame.header.sequence);
      if (known.response.empty()) return drop("a repeated notify", "authip.md D-13", call);
      return transmit(known.response, known.name, call);
    }
    case SequenceVerdict::kNew: break;
  }
  notify_window_.accept(frame.header.message_id, frame.header.sequence, to_vector(frame.datagram));
  acknowledge(*message, frame, call);
  for (const NotifyContent& notify : payloads.notifies) {
    if (notify.type == kNotifyStatus && notify.data.size() == kStatusOctets) {
      on_status(notify.protocol, load_u32(notify.data), frame.header.message_id, call);
    } else if (notify.type == kNotifyNoProposalChosen) {
      on_status(notify.protocol, kStatusPolicyMatch, frame.header.message_id, call);  // 2.15 row 11
    } else if (notify.type == kNotifyAcquire) {
      on_acquire(*message, call);
    }  // other types are ignored
  }
}

/// RELIABLE: the answer names the seqNUM and repeats number, Message ID and Protocol-ID (A-172, A-173, D-15).
void Session::acknowledge(const Message& message, const Frame& frame, Call& call) {
  for (const NotifyContent& notify : message.payloads.notifies) {
    if ((notify.flags & kNotifyReliable) == 0) continue;
    NotifyContent ack{notify.protocol, 0, kNotifyAck, {}};
    ByteWriter(ack.data).u32(frame.header.sequence);
    SendResponse response{true, false, PayloadBuilder{}.notify(ack).finish(), "NOTIFY"};
    return answer(ExchangeType::kNotify, frame.header.message_id, frame.header.sequence, std::move(response), call);
  }
}

void Session::on_ack(const NotifyContent& ack, Call& call) {
  if (ack.data.size() != kStatusOctets) return drop("malformed NOTIFY_ACK", "authip.md 1.11", call);
  const std::uint32_t sequence = load_u32(ack.data);
  for (auto& [key, channel] : notifies_) {
    if (!std::holds_alternative<requester::Waiting>(channel.request) || channel.sequence != sequence) continue;
    channel.request = requester::step(std::move(channel.request), requester::Answered{}, call.at.now).next;
    notify_queue::Step step = notify_queue::step(std::move(channel.queue), notify_queue::Acknowledged{});
    channel.queue = std::move(step.next);
    if (step.transmit) transmit_notify(key, *step.transmit, call);
    return leave_if_done(call);
  }
  drop("NOTIFY_ACK for nothing outstanding", "authip.md 2.9", call);
}

void Session::on_status(std::uint8_t protocol, std::uint32_t status, MessageId message_id, Call& call) {
  if (life_ == Life::kClosing) return;
  decide("NOTIFY", "the peer says " + status_text(status), "authip.md 2.9", call);
  if (protocol == kProtocolQuickMode) return on_quick_mode_status(status, message_id, call);
  on_main_mode_status(status, call);
}

void Session::on_main_mode_status(std::uint32_t status, Call& call) {
  if (life_ != Life::kNegotiating) return retire(status, call);
  if (role_ == ipsec::SaRole::kResponder) {
    const Failure failure = refused_by_peer(Phase::kMainMode, status, "the initiator ended it: " + status_text(status));
    return fail_negotiation(failure, MessageId{0}, call);
  }
  // the machine that is at work knows what was asked.
  if (std::holds_alternative<em_initiator::State>(extended_mode_)) {
    return extended_mode_event(em_initiator::Event{Refused{status}}, call);
  }
  if (slot(MessageId{0}) != nullptr) {
    return quick_mode_event(MessageId{0}, qm_initiator::Event{Refused{status}}, call);
  }
  main_mode_event(mm_initiator::Event{Refused{status}}, call);
}

/// An error while it is negotiated, a delete when it is installed.
void Session::on_quick_mode_status(std::uint32_t status, MessageId id, Call& call) {
  if (life_ == Life::kNegotiating) return on_main_mode_status(status, call);
  QuickModeSlot* found = slot(id);
  if (found == nullptr) return decide("NOTIFY", "no such quick mode", "authip.md 2.10", call);
  auto* initiator = std::get_if<qm_initiator::State>(&found->machine);
  if (initiator != nullptr && !found->succeeded) {
    return quick_mode_event(id, qm_initiator::Event{Refused{status}}, call);
  }
  remove_pair(id, status, call);
  leave_if_done(call);
}

/// acknowledged; the engine starts the negotiation for the IDs, seen from this side.
void Session::on_acquire(const Message& message, Call& call) {
  const std::vector<IdContent>& ids = message.payloads.ids;
  const bool own_traffic = ids[0].endpoint.address == remote_.address && ids[1].endpoint.address == local_.address;
  if (!own_traffic) return decide("NOTIFY", "ACQUIRE for other hosts is ignored", "authip.md 2.11", call);
  const std::uint32_t flags = load_u32(Octets(message.payloads.notifies.front().data).subspan(4));
  call.upcalls.emplace_back(
      PeerAcquires{{ids[0].protocol, ids[1].endpoint, ids[0].endpoint}, (flags & kInfoGuaranteeEncryption) != 0});
}

}  // namespace ssx::authip
