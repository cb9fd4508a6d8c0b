#include <cassert>

#include "model/authip/payload_rules.h"
#include "model/authip/session.h"
#include "model/authip/status.h"

namespace ssx::authip {
namespace {

std::size_t class_index(ExchangeType exchange) {
  return static_cast<std::size_t>(exchange) - static_cast<std::size_t>(ExchangeType::kMainMode);
}

MessageId random_message_id(RandomSource& random) {
  MessageId id;
  while (id.value == 0) id.value = random.u32();
  return id;
}

}  // namespace

PayloadChain status_notify(std::uint8_t protocol, bool reliable, std::uint32_t status) {
  NotifyContent notify{protocol, reliable ? kNotifyReliable : std::uint8_t{0}, kNotifyStatus, {}};
  ByteWriter(notify.data).u32(status);
  return PayloadBuilder{}.notify(notify).finish();
}

MessageHeader Session::header(ExchangeType exchange, MessageId id, std::uint32_t sequence) const {
  return {initiator_cookie_, responder_cookie_, exchange, id, sequence};
}

/// Draws the IV of an encrypted message: one block.
OctetVector Session::seal(const MessageHeader& header, bool encrypted, bool clear_iv, const PayloadChain& payloads,
                          Call& call) {
  if (!encrypted) return write_clear(header, clear_iv, payloads);
  assert(sa_ != nullptr);
  const OctetVector iv = call.at.environment.random.octets(crypto::iv_octets(sa_->protection.cipher));
  return write_sealed(header, iv, payloads, sa_->protection);
}

void Session::transmit(OctetVector datagram, std::string name, Call& call) const {
  call.effects.emplace_back(SendDatagram{local_, remote_, std::move(datagram), std::move(name)});
}

void Session::drop(std::string reason, std::string rule, Call& call) const {
  call.effects.emplace_back(Dropped{remote_, std::move(reason), std::move(rule)});
}

void Session::decide(std::string phase, std::string outcome, std::string rule, Call& call) const {
  call.effects.emplace_back(
      Decided{{std::move(phase), to_string(remote_), std::move(outcome), "", {}, std::move(rule)}});
}

void Session::perform(requester::Step step, requester::State& state, bool& gave_up, Call& call) {
  state = std::move(step.next);
  for (requester::Effect& effect : step.effects) {
    if (auto* transmission = std::get_if<requester::Transmit>(&effect)) {
      transmit(std::move(transmission->datagram), std::move(transmission->name), call);
    } else {
      gave_up = true;
    }
  }
}

/// A new exchange: the next number of its class, which a retransmission repeats (authip.md 1.7).
void Session::send_request(Outstanding& outstanding, MessageId id, SendRequest request, Call& call) {
  outstanding.exchange = request.exchange;
  outstanding.encrypted = request.encrypted;
  outstanding.sequence = next_sequence_[class_index(request.exchange)]++;
  OctetVector datagram =
      seal(header(request.exchange, id, outstanding.sequence), request.encrypted, false, request.payloads, call);
  const bool first_packet = request.name == "MM#1";
  const requester::Series series = requester::series(call.at.config.profile, first_packet, retransmit_duration_);
  bool gave_up = false;
  perform(requester::step(std::move(outstanding.request), requester::Send{std::move(datagram), request.name, series},
                          call.at.now),
          outstanding.request, gave_up, call);
  assert(!gave_up);
}

/// The response has the number and the Message ID of its request and is kept for repeats (D-13).
void Session::answer(ExchangeType exchange, MessageId id, std::uint32_t sequence, SendResponse response, Call& call) {
  OctetVector datagram =
      seal(header(exchange, id, sequence), response.encrypted, response.clear_iv, response.payloads, call);
  switch (exchange) {
    case ExchangeType::kMainMode: main_mode_window_.answered(id, datagram, response.name); break;
    case ExchangeType::kQuickMode: quick_mode_window_.answered(id, datagram, response.name); break;
    case ExchangeType::kExtendedMode: extended_mode_window_.answered(id, datagram, response.name); break;
    case ExchangeType::kNotify: notify_window_.answered(sequence, datagram, response.name); break;
  }
  transmit(std::move(datagram), std::move(response.name), call);
}

void Session::post_notify(NotifyChannelKey key, PayloadChain payloads, bool reliable, Call& call) {
  NotifyChannel& channel = notifies_[key];
  notify_queue::Step step =
      notify_queue::step(std::move(channel.queue), notify_queue::Post{std::move(payloads), reliable});
  channel.queue = std::move(step.next);
  if (step.transmit) transmit_notify(key, *step.transmit, call);
}

/// Draws the Message ID of a notify about the main mode (4, repeated while it is zero), then the IV.
void Session::transmit_notify(NotifyChannelKey key, const notify_queue::Transmit& transmission, Call& call) {
  NotifyChannel& channel = notifies_[key];
  const MessageId id =
      key.protocol == kProtocolQuickMode ? key.quick_mode : random_message_id(call.at.environment.random);  // D-15
  const std::uint32_t sequence = next_sequence_[class_index(ExchangeType::kNotify)]++;
  const bool encrypted = sa_ != nullptr;
  OctetVector datagram =
      seal(header(ExchangeType::kNotify, id, sequence), encrypted, false, transmission.payloads, call);
  if (!transmission.reliable) {
    transmit(std::move(datagram), "NOTIFY", call);
    return;
  }
  channel.sequence = sequence;
  const requester::Series series = requester::series(call.at.config.profile, false, 0);
  bool gave_up = false;
  perform(
      requester::step(std::move(channel.request), requester::Send{std::move(datagram), "NOTIFY", series}, call.at.now),
      channel.request, gave_up, call);
}

/// authip.md 2.15 rows 2 to 5, 11: reliable and encrypted where keys exist, else in clear (D-14).
void Session::tell_peer(const Failure& failure, MessageId quick_mode, Call& call) {
  if (failure.tell == TellPeer::kNothing) return;
  const bool reliable = sa_ != nullptr;
  if (!reliable && (policy_flags_ & wfp::kIkeDisableDiagnostics) != 0) return;
  const bool about_quick_mode = failure.phase == Phase::kQuickMode;
  const std::uint8_t protocol = about_quick_mode ? kProtocolQuickMode : kProtocolMainMode;
  const NotifyChannelKey key{protocol, about_quick_mode ? quick_mode : MessageId{}};
  if (failure.tell == TellPeer::kNoProposalChosen) {
    const NotifyContent notify{kProtocolQuickMode, kNotifyReliable, kNotifyNoProposalChosen, {}};
    post_notify(key, PayloadBuilder{}.notify(notify).finish(), true, call);
    return;
  }
  post_notify(key, status_notify(protocol, reliable, failure.status), reliable, call);
}

void Session::send_acquire(const ipsec::TrafficSelector& selector, bool guarantee_encryption, Call& call) {
  NotifyContent acquire{kProtocolQuickMode, kNotifyReliable, kNotifyAcquire, {}};
  ByteWriter out(acquire.data);
  out.u32(2);  // encapsulation mode: transport
  out.u32(guarantee_encryption ? kInfoGuaranteeEncryption : 0);
  PayloadBuilder payloads;
  payloads.notify(acquire).id(own_id(selector)).id(peer_id(selector));
  post_notify({kProtocolMainMode, MessageId{}}, payloads.finish(), true, call);
}

}  // namespace ssx::authip
