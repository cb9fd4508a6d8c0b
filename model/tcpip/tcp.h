// model/tcpip/tcp.h: one TCP connection as a state machine. Source: RFC 9293, 6298 (timer), 5681/6582 (congestion),
// 5961.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "model/base/octets.h"
#include "model/base/time.h"
#include "model/tcpip/receive_side.h"
#include "model/tcpip/segment.h"
#include "model/tcpip/send_side.h"

namespace ssx::tcpip {

/// A peer that announces less is not believed: nearly all it would be sent is headers.
inline constexpr std::size_t kSegmentSizeMin = 64;

/// Values that a host may choose; the defaults are those of Windows, or of the RFC where Windows does not say.
struct TcpConfig {
  std::uint16_t maximum_segment_size = 1460;  // advertised and never exceeded: path MTU less IP, TCP, IPsec overhead
  std::uint16_t peer_maximum_segment_size = 536;   // when the peer's SYN has no MSS option: 536 IPv4, 1220 IPv6 (3.7.1)
  std::size_t send_buffer_octets = 65'536;         // octets accepted and not acknowledged
  std::size_t receive_buffer_octets = 65'535;      // octets not consumed; at most 65535, there is no window scaling
  RtoConfig rto;                                   // RFC 6298
  int syn_retransmissions_max = 2;                 // SYN at 0, 3, 9 s; given up at 21 s (TcpMaxConnectRetransmissions)
  int data_retransmissions_max = 5;                // TcpMaxDataRetransmissions
  Duration time_wait = std::chrono::seconds{240};  // 2 MSL (RFC 9293 3.4.2); TcpTimedWaitDelay
  Duration fin_wait_2 = std::chrono::seconds{240};  // after Close only: nobody is left to wait for the peer's FIN
  friend bool operator==(const TcpConfig&, const TcpConfig&) = default;
};

// Events. What they borrow must live until step() returns.
/// 3.10.1 OPEN; the ISN is drawn by the caller.
struct OpenActive {
  SequenceIndex initial_sequence;
};
/// 3.10.7.2: a SYN that a listener accepted.
struct OpenPassive {
  SequenceIndex initial_sequence;
  SegmentHeader syn;
};
/// 3.10.7; payload BORROWED.
struct SegmentArrived {
  Segment segment;
};
/// 3.10.2; BORROWED. Takes what fits, and tells it: Queued.
struct Send {
  Octets octets;
};
/// 3.10.3: the program took this much of readable(), which must be there.
struct Consume {
  std::size_t octets;
};
/// 3.10.4 CLOSE: FIN after the data; receiving goes on.
struct Shutdown {};
/// Shutdown, and nobody will read any more: unread or later data resets the connection.
struct Close {};
/// 3.10.5: RST.
struct Abort {};
/// The path takes smaller segments than thought, or IPsec needs more room; never grows.
struct PathMtu {
  std::uint16_t maximum_segment_size;
};
/// 3.10.8
struct TimerFired {};
using TcpEvent =
    std::variant<OpenActive, OpenPassive, SegmentArrived, Send, Consume, Shutdown, Close, Abort, PathMtu, TimerFired>;

/// Why a segment was not, or not wholly, used.
enum class DropReason : std::uint8_t {
  kNoConnection,          // the connection is closed
  kUnacceptableSequence,  // outside the receive window
  kBadAcknowledgment,     // acknowledges what was never sent, or long ago
  kNoAcknowledgment,      // without ACK where one must be
  kNotExactReset,         // a RST in the window, but not at RCV.NXT (RFC 5961 3.2)
  kUnexpectedSyn,         // a SYN on a synchronized connection (RFC 5961 4.2)
  kDuplicateSyn,          // the SYN was seen before; the SYN-ACK was sent again
  kReassemblyFull,        // out of order, and no room to keep it
  kAfterFin,              // text where the peer's FIN has ended the stream
};
std::string_view to_string(DropReason reason);

// Effects, in the order in which they are to be performed.
struct SendSegment {
  SegmentHeader header;
  OctetVector payload;
  friend bool operator==(const SendSegment&, const SendSegment&) = default;
};
struct Queued {
  std::size_t octets;
  friend bool operator==(const Queued&, const Queued&) = default;
};
struct Connected {
  friend bool operator==(const Connected&, const Connected&) = default;
};
struct DataAvailable {
  std::size_t octets;
  friend bool operator==(const DataAvailable&, const DataAvailable&) = default;
};
struct PeerClosed {
  friend bool operator==(const PeerClosed&, const PeerClosed&) = default;
};
struct SendSpace {
  std::size_t octets;
  friend bool operator==(const SendSpace&, const SendSpace&) = default;
};
struct Refused {
  friend bool operator==(const Refused&, const Refused&) = default;
};
struct Reset {
  friend bool operator==(const Reset&, const Reset&) = default;
};
struct TimedOut {
  friend bool operator==(const TimedOut&, const TimedOut&) = default;
};
struct Closed {
  friend bool operator==(const Closed&, const Closed&) = default;
};
struct Dropped {
  DropReason why;
  friend bool operator==(const Dropped&, const Dropped&) = default;
};
/// Queued: how much of a Send was taken. DataAvailable: new in-order octets in readable(). PeerClosed: FIN, in order.
/// SendSpace: send_space() grew to this. Refused: RST to our SYN. Reset: RST by the peer. TimedOut: retransmitted in
/// vain. Closed: always last, once: the connection will never send or tell anything again (unread octets stay
/// readable).
using TcpEffect = std::variant<SendSegment, Queued, Connected, DataAvailable, PeerClosed, SendSpace, Refused, Reset,
                               TimedOut, Closed, Dropped>;

/// The states of RFC 9293 3.3.2 but LISTEN, which is a listener's; each with what exists only in it.
namespace states {
struct Closed {
  friend bool operator==(const Closed&, const Closed&) = default;
};
struct SynSent {
  Handshake handshake;
  friend bool operator==(const SynSent&, const SynSent&) = default;
};
struct SynReceived {
  Handshake handshake;
  SequenceIndex peer_initial_sequence;  // IRS
  bool passive;                         // came from LISTEN: a failure concerns the listener only
  friend bool operator==(const SynReceived&, const SynReceived&) = default;
};
struct Established {
  friend bool operator==(const Established&, const Established&) = default;
};
struct FinWait1 {
  friend bool operator==(const FinWait1&, const FinWait1&) = default;
};
struct FinWait2 {
  std::optional<Instant> expires_at;  // set after Close
  friend bool operator==(const FinWait2&, const FinWait2&) = default;
};
struct CloseWait {
  friend bool operator==(const CloseWait&, const CloseWait&) = default;
};
struct Closing {
  friend bool operator==(const Closing&, const Closing&) = default;
};
struct LastAck {
  friend bool operator==(const LastAck&, const LastAck&) = default;
};
struct TimeWait {
  Instant expires_at;
  friend bool operator==(const TimeWait&, const TimeWait&) = default;
};
}  // namespace states
using TcpState =
    std::variant<states::Closed, states::SynSent, states::SynReceived, states::Established, states::FinWait1,
                 states::FinWait2, states::CloseWait, states::Closing, states::LastAck, states::TimeWait>;
/// "SYN-SENT", "ESTABLISHED", … as RFC 9293 spells them.
std::string_view to_string(const TcpState& state);

/// One end of one connection: a value that can be copied at any time. Knows nothing of IP or IPsec: whoever performs
/// SendSegment may hold or lose the segment, retransmission recovers. Without Nagle, delayed ACK, keep-alive, window
/// scaling, SACK, timestamps and urgent data.
class TcpConnection {
 public:
  /// A connection in CLOSED; OpenActive or OpenPassive must be its first event.
  TcpConnection(const TcpConfig& config, std::uint16_t local_port, std::uint16_t remote_port);

  /// Takes one event. An event that has no meaning in the present state has no effect, but a dropped segment is told.
  std::vector<TcpEffect> step(const TcpEvent& event, Instant now);
  /// When TimerFired is due; earlier ones are harmless.
  std::optional<Instant> next_deadline() const;

  const TcpState& state() const { return state_; }
  /// Received octets in order, not consumed yet; BORROWED until the next step.
  Octets readable() const { return receive_.readable(); }
  /// How many octets a Send would take now.
  std::size_t send_space() const;
  /// Octets of the program that the peer has not acknowledged yet; an unacknowledged FIN counts as one.
  std::size_t unacknowledged() const { return send_.unacknowledged(); }
  /// True once the peer's FIN has come and everything before it.
  bool peer_closed() const { return receive_.finished(); }
  std::uint16_t local_port() const { return local_port_; }
  std::uint16_t remote_port() const { return remote_port_; }
  /// The most payload octets of one segment, after the peer's option and the path.
  std::size_t effective_segment_size() const { return send_.segment_size(); }

  friend bool operator==(const TcpConnection&, const TcpConnection&) = default;
  friend bool is_consistent(const TcpConnection& connection);

 private:
  struct Context;  // now, and where effects go: lives for one step

  void on(const OpenActive& event, Context& context);
  void on(const OpenPassive& event, Context& context);
  void on(const SegmentArrived& event, Context& context);
  void on(const Send& event, Context& context);
  void on(const Consume& event, Context& context);
  void on(const Shutdown& event, Context& context);
  void on(const Close& event, Context& context);
  void on(const Abort& event, Context& context);
  void on(const PathMtu& event, Context& context);
  void on(const TimerFired& event, Context& context);

  // tcp_arrival.cc: 3.10.7
  void on_segment_in_syn_sent(const Segment& segment, Context& context);
  void on_segment_synchronized(Segment segment, Context& context);
  bool settle_duplicate_syn(Segment& segment, Context& context);
  void reject_unacceptable(const Segment& segment, Context& context);
  void on_reset(const Segment& segment, Context& context);
  void on_unexpected_syn(Context& context);
  bool on_acknowledgment(const Segment& segment, Context& context);
  bool complete_handshake(const SegmentHeader& header, Context& context);
  void on_fin_acknowledged(Context& context);
  void take_text(SequenceIndex first, const Segment& segment, Context& context);
  void on_peer_fin(Context& context);

  // tcp_output.cc
  SegmentHeader header(SegmentFlags flags, SequenceIndex sequence);
  void send_syn(Context& context);
  void send_ack(Context& context);
  void send_reset(SequenceIndex sequence, bool with_ack, Context& context);
  void challenge(Context& context);
  void transmit(const Transmission& transmission, Context& context);
  void output(Context& context);

  void on_handshake_timer(Handshake& handshake, Context& context);
  void on_send_timer(Context& context);
  bool may_send() const;
  void settle_segment_size(const SegmentHeader& peer_syn);
  void establish(const Handshake& handshake, const SegmentHeader& acknowledging, Context& context);
  void enter_time_wait(Context& context);
  void enter_closed(Context& context);
  template <class State>
  bool is() const {
    return std::holds_alternative<State>(state_);
  }

  TcpConfig config_;
  std::uint16_t local_port_;
  std::uint16_t remote_port_;
  TcpState state_ = states::Closed{};
  SendSide send_;
  ReceiveSide receive_;
  bool opened_ = false;       // a connection is opened once
  bool reader_gone_ = false;  // Close was called
  AnswerLimit challenges_;
};

/// The invariants of a connection, per state; true for every connection that step() can leave behind.
bool is_consistent(const TcpConnection& connection);

}  // namespace ssx::tcpip
