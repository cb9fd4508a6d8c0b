#include "model/tcpip/tcp.h"

#include <algorithm>
#include <cassert>

#include "model/base/overloaded.h"
#include "model/tcpip/tcp_context.h"

namespace ssx::tcpip {

TcpConnection::TcpConnection(const TcpConfig& config, std::uint16_t local_port, std::uint16_t remote_port)
    : config_(config),
      local_port_(local_port),
      remote_port_(remote_port),
      send_(config.rto, config.send_buffer_octets, std::max<std::size_t>(config.maximum_segment_size, kSegmentSizeMin)),
      receive_(config.receive_buffer_octets) {}

std::vector<TcpEffect> TcpConnection::step(const TcpEvent& event, Instant now) {
  std::vector<TcpEffect> effects;
  Context context{now, effects};
  std::visit([&](const auto& alternative) { on(alternative, context); }, event);
  assert(is_consistent(*this));
  return effects;
}

std::optional<Instant> TcpConnection::next_deadline() const {
  return std::visit(
      Overloaded{
          [](const states::Closed&) -> std::optional<Instant> { return std::nullopt; },
          [](const states::SynSent& s) -> std::optional<Instant> { return s.handshake.retransmit_at; },
          [](const states::SynReceived& s) -> std::optional<Instant> { return s.handshake.retransmit_at; },
          [&](const states::Established&) { return send_.deadline(); },
          [&](const states::FinWait1&) { return send_.deadline(); },
          [](const states::FinWait2& s) { return s.expires_at; },
          [&](const states::CloseWait&) { return send_.deadline(); },
          [&](const states::Closing&) { return send_.deadline(); },
          [&](const states::LastAck&) { return send_.deadline(); },
          [](const states::TimeWait& s) -> std::optional<Instant> { return s.expires_at; },
      },
      state_);
}

bool TcpConnection::may_send() const {
  return is<states::SynSent>() || is<states::SynReceived>() || is<states::Established>() || is<states::CloseWait>();
}

std::size_t TcpConnection::send_space() const { return may_send() ? send_.space() : 0; }

void TcpConnection::on(const OpenActive& event, Context& context) {
  if (opened_) return;
  opened_ = true;
  send_.open(event.initial_sequence);
  state_ = states::SynSent{Handshake{context.now, context.now + config_.rto.initial}};
  send_syn(context);
}

void TcpConnection::on(const OpenPassive& event, Context& context) {
  if (opened_) return;
  opened_ = true;
  send_.open(event.initial_sequence);
  settle_segment_size(event.syn);
  receive_.open(event.syn.sequence);
  state_ = states::SynReceived{Handshake{context.now, context.now + config_.rto.initial}, event.syn.sequence, true};
  send_syn(context);
}

void TcpConnection::on(const Send& event, Context& context) {
  // 3.10.2: before ESTABLISHED the data waits; after our own FIN there is no more sending.
  const std::size_t taken = may_send() ? send_.queue(event.octets) : 0;
  context.tell(Queued{taken});
  if (is<states::Established>() || is<states::CloseWait>()) output(context);
}

void TcpConnection::on(const Consume& event, Context& context) {
  receive_.consume(event.octets);
  const bool peer_may_send = is<states::Established>() || is<states::FinWait1>() || is<states::FinWait2>();
  if (peer_may_send && receive_.update_is_due(send_.segment_size())) send_ack(context);
}

// 3.10.4 CLOSE. With data still queued the state changes at once and the FIN follows the data.
void TcpConnection::on(const Shutdown&, Context& context) {
  if (is<states::SynSent>()) return enter_closed(context);
  if (is<states::SynReceived>()) return send_.queue_fin();  // complete_handshake() goes on from here
  const bool established = is<states::Established>();
  if (!established && !is<states::CloseWait>()) return;
  send_.queue_fin();
  if (established) {
    state_ = states::FinWait1{};
  } else {
    state_ = states::LastAck{};
  }
  output(context);
}

void TcpConnection::on(const Close& event, Context& context) {
  if (is<states::Closed>() || reader_gone_) return;
  reader_gone_ = true;
  static_cast<void>(event);
  // RFC 9293 3.6.1: closing with unread data aborts, or the peer would believe that it was read.
  const bool ended_in_order = is<states::Closing>() || is<states::LastAck>() || is<states::TimeWait>();
  if (!receive_.readable().empty() && !ended_in_order) return on(Abort{}, context);
  if (auto* waiting = std::get_if<states::FinWait2>(&state_)) waiting->expires_at = context.now + config_.fin_wait_2;
  on(Shutdown{}, context);
}

// 3.10.5: a peer that still expects something from us gets a RST.
void TcpConnection::on(const Abort&, Context& context) {
  if (is<states::Closed>()) return;
  const bool peer_knows_us = is<states::SynReceived>() || is<states::Established>() || is<states::FinWait1>() ||
                             is<states::FinWait2>() || is<states::CloseWait>();
  if (peer_knows_us) send_reset(send_.sequence_for_ack(), true, context);
  enter_closed(context);
}

void TcpConnection::on(const PathMtu& event, Context& context) {
  send_.shrink_segment_size(std::max<std::size_t>(event.maximum_segment_size, kSegmentSizeMin));
  const bool synchronized = !is<states::Closed>() && !is<states::SynSent>() && !is<states::SynReceived>();
  if (synchronized) output(context);
}

void TcpConnection::on(const TimerFired&, Context& context) {
  std::visit(Overloaded{
                 [](states::Closed&) {},
                 [&](states::SynSent& s) { on_handshake_timer(s.handshake, context); },
                 [&](states::SynReceived& s) { on_handshake_timer(s.handshake, context); },
                 [&](states::Established&) { on_send_timer(context); },
                 [&](states::FinWait1&) { on_send_timer(context); },
                 [&](states::FinWait2& s) {
                   if (s.expires_at && context.now >= *s.expires_at) enter_closed(context);
                 },
                 [&](states::CloseWait&) { on_send_timer(context); },
                 [&](states::Closing&) { on_send_timer(context); },
                 [&](states::LastAck&) { on_send_timer(context); },
                 [&](states::TimeWait& s) {
                   if (context.now >= s.expires_at) enter_closed(context);
                 },
             },
             state_);
}

void TcpConnection::on_handshake_timer(Handshake& handshake, Context& context) {
  if (context.now < handshake.retransmit_at) return;
  if (handshake.retransmissions < config_.syn_retransmissions_max) {
    ++handshake.retransmissions;
    handshake.retransmit_at = context.now + config_.rto.initial * (std::int64_t{1} << handshake.retransmissions);
    return send_syn(context);
  }
  const auto* received = std::get_if<states::SynReceived>(&state_);
  if (received == nullptr || !received->passive) context.tell(TimedOut{});
  enter_closed(context);
}

void TcpConnection::on_send_timer(Context& context) {
  if (!send_.deadline() || context.now < *send_.deadline()) return;
  if (send_.retransmissions() >= config_.data_retransmissions_max) {  // R2, RFC 9293 3.8.3
    send_reset(send_.sequence_for_ack(), true, context);
    context.tell(TimedOut{});
    return enter_closed(context);
  }
  if (const auto again = send_.on_timer(context.now)) transmit(*again, context);
}

void TcpConnection::settle_segment_size(const SegmentHeader& peer_syn) {
  const std::size_t offered = peer_syn.maximum_segment_size.value_or(config_.peer_maximum_segment_size);
  send_.limit_segment_size(std::max(offered, kSegmentSizeMin));
}

void TcpConnection::establish(const Handshake& handshake, const SegmentHeader& acknowledging, Context& context) {
  send_.connect(acknowledging.window, acknowledging.sequence, handshake, context.now);
  state_ = states::Established{};
  if (send_.fin_queued()) state_ = states::FinWait1{};
  context.tell(Connected{});
}

void TcpConnection::enter_time_wait(Context& context) { state_ = states::TimeWait{context.now + config_.time_wait}; }

void TcpConnection::enter_closed(Context& context) {
  state_ = states::Closed{};
  send_.abandon();
  receive_.forget_pieces();
  context.tell(Closed{});
}

}  // namespace ssx::tcpip
