#include <algorithm>

#include "model/authip/payload_rules.h"
#include "model/authip/session.h"
#include "model/authip/status.h"

namespace ssx::authip {
namespace {

constexpr MessageId kFirstQuickMode{0};
constexpr MessageId kExtendedModeId{1};

Phase phase_of(ExchangeType exchange, bool encrypted) {
  switch (exchange) {
    case ExchangeType::kMainMode: return encrypted ? Phase::kQuickMode : Phase::kMainMode;
    case ExchangeType::kQuickMode: return Phase::kQuickMode;
    case ExchangeType::kExtendedMode: return Phase::kExtendedMode;
    case ExchangeType::kNotify: return Phase::kMainMode;
  }
  return Phase::kMainMode;
}

Failure wrong_state(Phase phase, std::string words, std::string rule) {
  return invalid_message(phase, {kStatusGeneralProcessing, std::move(words)}, std::move(rule));
}

}  // namespace

expected<Message, Invalid> read_clear_message(const Frame& frame) {
  PayloadChain chain = clear_chain(frame);
  expected<PayloadSet, Invalid> payloads = read_payloads(chain);
  if (!payloads) return unexpected(payloads.error());
  return Message{frame.header, false, std::move(chain), std::move(*payloads)};
}

bool Session::owns(const MessageHeader& header, const TransportAddress& local, const TransportAddress& remote) const {
  if (life_ == Life::kGone || header.initiator_cookie != initiator_cookie_) return false;
  if (local != local_ || remote != remote_) return false;
  if (header.responder_cookie == responder_cookie_) return true;
  const bool awaits_second = role_ == ipsec::SaRole::kInitiator && responder_cookie_ == Cookie{};
  // A repeated #1 has no responder cookie yet.
  const bool repeats_first = role_ == ipsec::SaRole::kResponder && header.responder_cookie == Cookie{} &&
                             header.exchange == ExchangeType::kMainMode && header.sequence == 0;
  return awaits_second || repeats_first;
}

/// Opens and reads a message of an established number. Nothing if it was dropped or has ended the negotiation.
std::optional<Message> Session::open_message(const Frame& frame, Phase phase, Call& call) {
  PayloadChain chain;
  if (frame.encrypted) {
    if (sa_ == nullptr) {
      drop("encrypted message before keys exist", "authip.md 1.18 A-044", call);
      return std::nullopt;
    }
    expected<PayloadChain, FrameError> opened = open_frame(frame, sa_->protection);
    if (!opened) {
      drop(opened.error().reason, opened.error().rule, call);
      return std::nullopt;
    }
    chain = std::move(*opened);
  } else {
    chain = clear_chain(frame);
    if (!parse_chain(chain.first_type, chain.octets)) {
      drop("payload chain does not end with the message", "authip.md 1.18 step 8", call);
      return std::nullopt;
    }
  }
  expected<PayloadSet, Invalid> payloads = read_payloads(chain);
  if (!payloads) {
    const bool exchange_runs = life_ == Life::kNegotiating || frame.header.exchange != ExchangeType::kNotify;
    if (!exchange_runs || life_ == Life::kClosing) {
      drop("invalid message: " + payloads.error().words, "authip.md 2.15", call);
      return std::nullopt;
    }
    Failure failure = invalid_message(phase, payloads.error(), "authip.md 2.15 row 2");
    if (life_ == Life::kNegotiating || frame.header.exchange == ExchangeType::kExtendedMode) {
      fail_negotiation(std::move(failure), frame.header.message_id, call);
    } else {
      fail_quick_mode(frame.header.message_id, std::move(failure), call);
    }
    return std::nullopt;
  }
  return Message{frame.header, frame.encrypted, std::move(chain), std::move(*payloads)};
}

void Session::receive(const Frame& frame, Call& call) {
  const ExchangeType exchange = frame.header.exchange;
  if (exchange == ExchangeType::kNotify) return receive_notify(frame, call);
  if (life_ == Life::kClosing) return drop("the SA is gone", "authip.md 2.9", call);
  if (Outstanding* outstanding = outstanding_for(frame)) return receive_response(*outstanding, frame, call);
  switch (exchange) {
    case ExchangeType::kMainMode: return receive_main_mode_request(frame, call);
    case ExchangeType::kQuickMode: return receive_quick_mode_request(frame, call);
    case ExchangeType::kExtendedMode: return receive_extended_mode_request(frame, call);
    case ExchangeType::kNotify: return;
  }
}

/// Where this side starts the exchanges of that kind, the message can only be a response.
Outstanding* Session::outstanding_for(const Frame& frame) {
  const bool initiator = role_ == ipsec::SaRole::kInitiator;
  switch (frame.header.exchange) {
    case ExchangeType::kMainMode: {
      if (!initiator) return nullptr;
      QuickModeSlot* first = slot(kFirstQuickMode);
      return first != nullptr && first->outstanding.exchange == ExchangeType::kMainMode ? &first->outstanding
                                                                                        : &main_mode_outstanding_;
    }
    case ExchangeType::kQuickMode: {
      QuickModeSlot* found = slot(frame.header.message_id);
      if (found == nullptr || !std::holds_alternative<qm_initiator::State>(found->machine)) return nullptr;
      return &found->outstanding;
    }
    case ExchangeType::kExtendedMode: return initiator ? &extended_mode_outstanding_ : nullptr;
    case ExchangeType::kNotify: return nullptr;
  }
  return nullptr;
}

void Session::receive_response(Outstanding& outstanding, const Frame& frame, Call& call) {
  if (!std::holds_alternative<requester::Waiting>(outstanding.request) ||
      outstanding.exchange != frame.header.exchange) {
    return drop("no request is outstanding", "authip.md D-13", call);
  }
  if (frame.header.sequence != outstanding.sequence) {
    return drop("response to another request", "authip.md D-13 A-055", call);
  }
  if (outstanding.encrypted && !frame.encrypted) {
    return drop("a message that must be encrypted has E clear", "authip.md 1.4 A-043", call);
  }
  if (!outstanding.encrypted && frame.encrypted) {  // D-41: processed as encrypted, which fails without keys
    return drop("encrypted message before keys exist", "authip.md 1.4 A-045 D-41", call);
  }
  if (frame.header.responder_cookie == Cookie{}) return drop("no responder cookie", "authip.md 1.2 A-013", call);
  const Phase phase = phase_of(frame.header.exchange, frame.encrypted);
  if (phase == Phase::kExtendedMode && frame.header.message_id != kExtendedModeId &&
      call.at.config.profile != Profile::kVista) {
    return drop("13888 extended mode with another Message ID", "authip.md D-05 A-171", call);
  }
  if (responder_cookie_ == Cookie{}) {
    responder_cookie_ = frame.header.responder_cookie;
    std::optional<Message> second = open_message(frame, phase, call);
    if (!second && life_ == Life::kNegotiating) responder_cookie_ = Cookie{};  // nothing may change by a drop
    if (second) route_response(*second, call);
    return;
  }
  if (const std::optional<Message> message = open_message(frame, phase, call)) route_response(*message, call);
}

/// The answer is accepted: its request is not repeated any more.
void Session::route_response(const Message& message, Call& call) {
  const auto answered = [&](Outstanding& outstanding) {
    outstanding.request = requester::step(std::move(outstanding.request), requester::Answered{}, call.at.now).next;
  };
  if (message.header.exchange == ExchangeType::kExtendedMode) {
    answered(extended_mode_outstanding_);
    return extended_mode_event(em_initiator::ResponseReceived{message}, call);
  }
  const MessageId id = message.header.exchange == ExchangeType::kMainMode ? kFirstQuickMode : message.header.message_id;
  QuickModeSlot* found = slot(id);
  if (found != nullptr) {
    answered(found->outstanding);
    return quick_mode_event(id, qm_initiator::Event{qm_initiator::ResponseReceived{message}}, call);
  }
  answered(main_mode_outstanding_);
  main_mode_event(mm_initiator::Event{mm_initiator::ResponseReceived{message}}, call);
}

/// D-13: the next number is processed; the last request again gets the same answer; anything else is dropped.
bool Session::is_new_request(OrderedWindow& window, const Frame& frame, Call& call) {
  const MessageId id = frame.header.message_id;
  switch (window.judge(id, frame.header.sequence)) {
    case SequenceVerdict::kNew: return true;
    case SequenceVerdict::kOutOfTurn:
      drop("sequence number " + std::to_string(frame.header.sequence) + " is out of turn", "authip.md D-13 A-052 A-053",
           call);
      return false;
    case SequenceVerdict::kRepeat: break;
  }
  const AnsweredRequest& known = *window.find(id);
  const bool same = equal(known.request, frame.datagram) ||
                    (frame.encrypted && sa_ != nullptr && open_frame(frame, sa_->protection).has_value());
  if (!same) {
    drop("a repeated number with other octets", "authip.md D-13", call);
  } else if (known.response.empty()) {
    drop("a repeated request that has no answer yet", "authip.md D-13", call);
  } else {
    transmit(known.response, known.name, call);
  }
  return false;
}

/// #3 in clear, #5 encrypted; the Message ID is not looked at.
void Session::receive_main_mode_request(const Frame& received, Call& call) {
  Frame frame = received;
  frame.header.message_id = MessageId{0};
  if (frame.encrypted && frame.header.responder_cookie == Cookie{}) frame = as_clear(frame);  // a repeated #1, A-046
  if (!is_new_request(main_mode_window_, frame, call)) return;
  const auto* state = std::get_if<mm_responder::State>(&main_mode_);
  const auto* done = state == nullptr ? nullptr : std::get_if<mm_responder::FirstExchangeDone>(state);
  if (!frame.encrypted) {
    if (done == nullptr || slot(kFirstQuickMode) != nullptr) {  // D-54: clear and in a wrong state
      if (call.at.config.profile == Profile::kNormative) {
        return tear_down(kStatusGeneralProcessing, true, "a clear main-mode message in a wrong state", call);
      }
      return drop("clear main-mode message in a wrong state", "authip.md 2.15 D-54", call);
    }
    const std::optional<Message> message = open_message(frame, Phase::kMainMode, call);
    if (!message) return;
    if (message->payloads.types !=
        std::vector{payload_type::kGssApi}) {  // anybody could have sent it: no state changes
      return drop("a clear message that is not a GSS-API payload", "authip.md 1.4 A-043 D-54", call);
    }
    main_mode_window_.accept(MessageId{0}, frame.header.sequence, to_vector(frame.datagram));
    return main_mode_event(mm_responder::Event{mm_responder::GssMessageReceived{*message}}, message->header, call);
  }
  const std::optional<Message> message = open_message(frame, Phase::kQuickMode, call);
  if (!message) return;
  main_mode_window_.accept(MessageId{0}, frame.header.sequence, to_vector(frame.datagram));
  first_quick_mode_request(*message, call);
}

void Session::first_quick_mode_request(const Message& message, Call& call) {
  if (slot(kFirstQuickMode) != nullptr || life_ != Life::kNegotiating) {
    return fail_negotiation(wrong_state(Phase::kMainMode, "a second first quick mode", "authip.md 2.15 row 7 D-54"),
                            kFirstQuickMode, call);
  }
  quick_modes_[kFirstQuickMode].machine = qm_responder::State{};
  const qm_responder::RequestReceived request{message,       sa_,  local_.address, remote_.address,
                                              call.reserved, true, false};
  quick_mode_event(kFirstQuickMode, qm_responder::Event{request}, message.header, call);
}

/// #7, or #5 of a later quick mode.
void Session::receive_quick_mode_request(const Frame& frame, Call& call) {
  if (!frame.encrypted) return drop("a message that must be encrypted has E clear", "authip.md 1.4 A-043", call);
  if (!is_new_request(quick_mode_window_, frame, call)) return;
  const std::optional<Message> message = open_message(frame, Phase::kQuickMode, call);
  if (!message) return;
  const MessageId id = frame.header.message_id;
  quick_mode_window_.accept(id, frame.header.sequence, to_vector(frame.datagram));
  if (slot(id) != nullptr) {
    return quick_mode_event(id, qm_responder::Event{qm_responder::SynchronizeReceived{*message}}, message->header,
                            call);
  }
  if (id == kFirstQuickMode || id == kExtendedModeId || life_ == Life::kNegotiating) {
    return fail_negotiation(
        wrong_state(Phase::kMainMode, "a quick-mode message in a wrong state", "authip.md 2.15 row 7 D-54"), id, call);
  }
  later_quick_mode_request(*message, call);
}

void Session::later_quick_mode_request(const Message& message, Call& call) {
  const MessageId id = message.header.message_id;
  const std::uint32_t limit = sa_->terms.proposal.quick_mode_limit;
  if (life_ == Life::kRetired) return refuse_quick_mode(id, kStatusInvalidMmForQm, call);
  if (limit != 0 && quick_modes_done_ >= limit) return refuse_quick_mode(id, kStatusQmLimit, call);
  quick_modes_[id].machine = qm_responder::State{};
  const qm_responder::RequestReceived request{
      message, sa_, local_.address, remote_.address, call.reserved, false, extended_result() != nullptr};
  quick_mode_event(id, qm_responder::Event{request}, message.header, call);
}

void Session::refuse_quick_mode(MessageId id, std::uint32_t status, Call& call) {
  Failure failure =
      invalid_message(Phase::kQuickMode, {status, std::string(status_meaning(status))}, "authip.md 2.9 2.11");
  decide("QM#5", status_text(status), failure.rule, call);
  tell_peer(failure, id, call);
}

void Session::receive_extended_mode_request(const Frame& received, Call& call) {
  if (!received.encrypted) return drop("a message that must be encrypted has E clear", "authip.md 1.4 A-043", call);
  Frame frame = received;
  const bool vista = call.at.config.profile == Profile::kVista;
  if (vista) frame.header.message_id = kExtendedModeId;  // only the default profiles look at it
  if (!is_new_request(extended_mode_window_, frame, call)) return;
  if (frame.header.message_id != kExtendedModeId) {
    if (sa_ == nullptr || !open_frame(frame, sa_->protection)) {
      return drop("the integrity check value is wrong", "authip.md 1.18 step 7", call);
    }
    return drop("13888 extended mode with another Message ID", "authip.md D-05 A-171", call);
  }
  const std::optional<Message> message = open_message(frame, Phase::kExtendedMode, call);
  if (!message) return;
  extended_mode_window_.accept(kExtendedModeId, frame.header.sequence, to_vector(frame.datagram));
  if (!std::holds_alternative<em_responder::State>(extended_mode_)) extended_mode_ = em_responder::State{};
  extended_mode_event(em_responder::Event{em_responder::RequestReceived{*message}}, message->header, call);
}

}  // namespace ssx::authip
