// SEGMENT ARRIVES: RFC 9293 section 3.10.7, with the tests of RFC 5961.
#include "model/base/overloaded.h"
#include "model/tcpip/tcp.h"
#include "model/tcpip/tcp_context.h"

namespace ssx::tcpip {

void TcpConnection::on(const SegmentArrived& event, Context& context) {
  const auto synchronized = [&](const auto&) { on_segment_synchronized(event.segment, context); };
  std::visit(Overloaded{
                 [&](const states::Closed&) { context.tell(Dropped{DropReason::kNoConnection}); },
                 [&](const states::SynSent&) { on_segment_in_syn_sent(event.segment, context); },
                 [&](const states::SynReceived& s) { synchronized(s); },
                 [&](const states::Established& s) { synchronized(s); },
                 [&](const states::FinWait1& s) { synchronized(s); },
                 [&](const states::FinWait2& s) { synchronized(s); },
                 [&](const states::CloseWait& s) { synchronized(s); },
                 [&](const states::Closing& s) { synchronized(s); },
                 [&](const states::LastAck& s) { synchronized(s); },
                 [&](const states::TimeWait& s) { synchronized(s); },
             },
             state_);
}

// 3.10.7.3
void TcpConnection::on_segment_in_syn_sent(const Segment& segment, Context& context) {
  const SegmentHeader& in = segment.header;
  const bool acknowledges_syn = in.flags.ack && in.acknowledgment == send_.highest();
  if (in.flags.ack && !acknowledges_syn) {  // first: not of this connection
    if (!in.flags.rst) send_reset(in.acknowledgment, false, context);
    return context.tell(Dropped{DropReason::kBadAcknowledgment});
  }
  if (in.flags.rst) {  // second: only with an acknowledgment of our SYN can it be meant for us
    if (!acknowledges_syn) return context.tell(Dropped{DropReason::kNoAcknowledgment});
    context.tell(Refused{});
    return enter_closed(context);
  }
  if (!in.flags.syn) return context.tell(Dropped{DropReason::kNoAcknowledgment});  // fifth
  const Handshake handshake = std::get<states::SynSent>(state_).handshake;
  settle_segment_size(in);
  receive_.open(in.sequence);
  if (!acknowledges_syn) {  // fourth: simultaneous open; text on the SYN will be sent again
    state_ = states::SynReceived{handshake, in.sequence, false};
    return send_syn(context);
  }
  establish(handshake, in, context);
  context.ack_due = true;
  take_text(in.sequence + 1, segment, context);
}

// 3.10.7.4
void TcpConnection::on_segment_synchronized(Segment segment, Context& context) {
  if (settle_duplicate_syn(segment, context)) return;
  const SegmentHeader& in = segment.header;
  if (!receive_.acceptable(in.sequence, sequence_length(segment))) return reject_unacceptable(segment, context);
  if (in.flags.rst) return on_reset(segment, context);
  if (in.flags.syn) return on_unexpected_syn(context);
  if (!in.flags.ack) return context.tell(Dropped{DropReason::kNoAcknowledgment});
  const bool goes_on =
      is<states::SynReceived>() ? complete_handshake(in, context) : on_acknowledgment(segment, context);
  if (!goes_on || is<states::Closed>()) return;
  take_text(in.sequence, segment, context);
}

// The peer's SYN once more. Our SYN-ACK was lost, so it goes out again; or, in a simultaneous open, this is the peer's
// SYN-ACK, of which only the part behind the SYN is new (3.5, figure 7, line 7).
bool TcpConnection::settle_duplicate_syn(Segment& segment, Context& context) {
  const auto* received = std::get_if<states::SynReceived>(&state_);
  SegmentHeader& in = segment.header;
  if (received == nullptr || !in.flags.syn || in.flags.rst) return false;
  if (in.sequence != received->peer_initial_sequence) return false;
  if (in.flags.ack) {
    in.flags.syn = false;
    in.sequence += 1;
    context.ack_due = true;
    return false;
  }
  send_syn(context);
  context.tell(Dropped{DropReason::kDuplicateSyn});
  return true;
}

// First: an old duplicate is acknowledged again, in case our acknowledgment was lost.
void TcpConnection::reject_unacceptable(const Segment& segment, Context& context) {
  context.tell(Dropped{DropReason::kUnacceptableSequence});
  const SegmentHeader& in = segment.header;
  if (in.flags.rst) return;
  const bool repeats_fin = in.flags.fin && in.sequence + sequence_length(segment) == receive_.next();
  if (is<states::TimeWait>() && repeats_fin) enter_time_wait(context);  // 3.10.7.4 eighth: restart the 2 MSL timer
  // Text must be answered each time; anything else only so often, or two confused peers would never stop.
  const bool must_answer = !in.flags.syn && sequence_length(segment) > 0;
  if (must_answer) {
    send_ack(context);
  } else {
    challenge(context);
  }
}

// Second, with RFC 5961 3.2: only a RST exactly at RCV.NXT resets; one elsewhere in the window is challenged.
void TcpConnection::on_reset(const Segment& segment, Context& context) {
  const SequenceIndex edge = receive_.next() + receive_.window();
  if (segment.header.sequence != receive_.next()) {
    const bool in_window = precedes(segment.header.sequence, edge);
    context.tell(Dropped{in_window ? DropReason::kNotExactReset : DropReason::kUnacceptableSequence});
    if (in_window) challenge(context);
    return;
  }
  const auto* received = std::get_if<states::SynReceived>(&state_);
  const bool ended_in_order = is<states::Closing>() || is<states::LastAck>() || is<states::TimeWait>();
  if (received != nullptr) {
    if (!received->passive) context.tell(Refused{});  // a passive one goes back to LISTEN: nobody is told
  } else if (!ended_in_order) {
    context.tell(Reset{});
  }
  enter_closed(context);
}

// Fourth: a passive open goes back to LISTEN; otherwise RFC 5961 4.2, the peer proves with a RST that it has restarted.
void TcpConnection::on_unexpected_syn(Context& context) {
  context.tell(Dropped{DropReason::kUnexpectedSyn});
  const auto* received = std::get_if<states::SynReceived>(&state_);
  if (received != nullptr && received->passive) return enter_closed(context);
  challenge(context);
}

// Fifth, SYN-RECEIVED. @return false if the segment is done with.
bool TcpConnection::complete_handshake(const SegmentHeader& header, Context& context) {
  if (header.acknowledgment != send_.highest()) {
    send_reset(header.acknowledgment, false, context);
    context.tell(Dropped{DropReason::kBadAcknowledgment});
    return false;
  }
  const Handshake handshake = std::get<states::SynReceived>(state_).handshake;
  establish(handshake, header, context);
  return true;
}

// Fifth, synchronized states. @return false if the segment is done with.
bool TcpConnection::on_acknowledgment(const Segment& segment, Context& context) {
  const SegmentHeader& in = segment.header;
  if (!send_.acknowledgment_is_plausible(in.acknowledgment)) {
    context.tell(Dropped{DropReason::kBadAcknowledgment});
    challenge(context);
    return false;
  }
  const bool bare = segment.payload.empty() && !in.flags.fin;
  const AckOutcome outcome = send_.on_acknowledgment(in.acknowledgment, in.sequence, in.window, bare, context.now);
  if (outcome.retransmit_first) transmit(send_.repeat_first(), context);
  if (outcome.octets > 0 && send_space() > 0) context.tell(SendSpace{send_space()});
  if (outcome.fin) on_fin_acknowledged(context);
  return true;
}

void TcpConnection::on_fin_acknowledged(Context& context) {
  if (is<states::FinWait1>()) {
    states::FinWait2 next;
    if (reader_gone_) next.expires_at = context.now + config_.fin_wait_2;
    state_ = next;
  } else if (is<states::Closing>()) {
    enter_time_wait(context);
  } else if (is<states::LastAck>()) {
    enter_closed(context);
  }
}

// Seventh and eighth; then whatever the segment has made possible to send.
void TcpConnection::take_text(SequenceIndex first, const Segment& segment, Context& context) {
  const bool receiving = is<states::Established>() || is<states::FinWait1>() || is<states::FinWait2>();
  const bool has_text = !segment.payload.empty() || segment.header.flags.fin;
  if (receiving && has_text) {
    const bool is_new = !segment.payload.empty() && precedes(receive_.next(), first + segment.payload.size());
    if (reader_gone_ && is_new) {  // RFC 9293 3.6.1: the peer shall know that nobody reads this
      send_reset(send_.sequence_for_ack(), true, context);
      return enter_closed(context);
    }
    const ReceiveSide::Outcome outcome = receive_.take(first, segment.payload, segment.header.flags.fin);
    if (outcome.delivered > 0) context.tell(DataAvailable{outcome.delivered});
    if (outcome.dropped) context.tell(Dropped{DropReason::kReassemblyFull});
    if (outcome.finished) on_peer_fin(context);
    context.ack_due = true;
    // RFC 5681 4.2: at once, and bare, so that the peer counts it as a duplicate acknowledgment.
    if (outcome.out_of_order) send_ack(context);
  } else if (has_text) {  // the peer's FIN has been received: nothing can follow
    context.tell(Dropped{DropReason::kAfterFin});
  }
  output(context);
}

void TcpConnection::on_peer_fin(Context& context) {
  context.tell(PeerClosed{});
  if (is<states::Established>()) {
    state_ = states::CloseWait{};
  } else if (is<states::FinWait1>()) {
    state_ = states::Closing{};
  } else {
    enter_time_wait(context);
  }
}

}  // namespace ssx::tcpip
