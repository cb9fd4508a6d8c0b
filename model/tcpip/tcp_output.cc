// Everything a connection sends.
#include "model/tcpip/tcp.h"
#include "model/tcpip/tcp_context.h"

namespace ssx::tcpip {

SegmentHeader TcpConnection::header(SegmentFlags flags, SequenceIndex sequence) {
  SegmentHeader result;
  result.source_port = local_port_;
  result.destination_port = remote_port_;
  result.sequence = sequence;
  result.flags = flags;
  if (flags.ack) {
    receive_.open_window(send_.segment_size());
    result.acknowledgment = receive_.next();
  }
  result.window = flags.rst ? std::uint16_t{0} : receive_.window();
  return result;
}

void TcpConnection::send_syn(Context& context) {
  SegmentHeader syn = header({.syn = true, .ack = is<states::SynReceived>()}, send_.initial_sequence());
  syn.maximum_segment_size = config_.maximum_segment_size;
  context.tell(SendSegment{syn, {}});
}

void TcpConnection::send_ack(Context& context) {
  context.tell(SendSegment{header({.ack = true}, send_.sequence_for_ack()), {}});
  context.ack_due = false;
}

void TcpConnection::send_reset(SequenceIndex sequence, bool with_ack, Context& context) {
  context.tell(SendSegment{header({.ack = with_ack, .rst = true}, sequence), {}});
}

// RFC 5961 7: a connection answers only so many suspicious segments in a time.
void TcpConnection::challenge(Context& context) {
  if (challenges_.allow(context.now)) send_ack(context);
}

void TcpConnection::transmit(const Transmission& transmission, Context& context) {
  const SegmentFlags flags{.ack = true, .fin = transmission.fin, .psh = transmission.push};
  context.tell(SendSegment{header(flags, transmission.first), to_vector(send_.octets_of(transmission))});
  context.ack_due = false;
}

void TcpConnection::output(Context& context) {
  while (const auto transmission = send_.next_transmission(context.now)) transmit(*transmission, context);
  if (context.ack_due) send_ack(context);
  send_.schedule(context.now);
}

}  // namespace ssx::tcpip
