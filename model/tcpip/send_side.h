// model/tcpip/send_side.h: the sending half of a synchronized connection: what may go out and what was acknowledged.
// Source: RFC 9293 3.3.1 (SND variables), 3.8; RFC 6298 5.
#pragma once

#include <cstdint>
#include <optional>

#include "model/base/octets.h"
#include "model/base/time.h"
#include "model/tcpip/congestion.h"
#include "model/tcpip/octet_queue.h"
#include "model/tcpip/rto.h"
#include "model/tcpip/sequence.h"

namespace ssx::tcpip {

/// A SYN or SYN-ACK under way.
struct Handshake {
  Instant sent_at;  // the first one
  Instant retransmit_at;
  int retransmissions = 0;
  friend bool operator==(const Handshake&, const Handshake&) = default;
};

/// A stretch of the stream that is to go out now.
struct Transmission {
  SequenceIndex first;
  std::size_t octets = 0;
  bool fin = false;
  bool push = false;  // nothing is waiting behind it
};

struct AckOutcome {
  std::size_t octets = 0;         // of the program, newly acknowledged
  bool fin = false;               // our FIN is acknowledged by this
  bool retransmit_first = false;  // fast retransmit, or a partial acknowledgment
};

class SendSide {
 public:
  SendSide(const RtoConfig& rto, std::size_t capacity, std::size_t segment_size);

  /// Chooses the ISN; the SYN takes it.
  void open(SequenceIndex initial_sequence);
  /// The SYN is acknowledged: data may flow.
  void connect(std::uint16_t window, SequenceIndex segment_sequence, const Handshake& handshake, Instant now);
  void limit_segment_size(std::size_t segment_size);
  /// Sends everything again that is in flight, in smaller segments: the old ones did not fit the path.
  void shrink_segment_size(std::size_t segment_size);

  /// Takes as many octets from the front of `octets` as there is room for. @return how many.
  std::size_t queue(Octets octets);
  void queue_fin() { fin_queued_ = true; }
  /// Drops all data and timers: the connection is over.
  void abandon();

  /// The next stretch that both windows allow; counts as sent. Call until nothing comes, then schedule().
  std::optional<Transmission> next_transmission(Instant now);
  /// The front of what is unacknowledged, again; at least one octet or the FIN must be in flight.
  Transmission repeat_first();
  /// Starts, keeps or stops the timer to fit what is outstanding.
  void schedule(Instant now);
  /// The timer has expired. @return what to send, or nothing if it did not expire yet.
  std::optional<Transmission> on_timer(Instant now);

  /// True for an acknowledgment number that RFC 5961 5.2 lets pass.
  bool acknowledgment_is_plausible(SequenceIndex acknowledgment) const;
  /// An acceptable acknowledgment with its window.
  /// @param bare  the segment had no payload, SYN or FIN (RFC 5681 2: may be a duplicate acknowledgment).
  AckOutcome on_acknowledgment(SequenceIndex acknowledgment, SequenceIndex segment_sequence, std::uint16_t window,
                               bool bare, Instant now);

  Octets octets_of(const Transmission& transmission) const;
  SequenceIndex initial_sequence() const { return initial_sequence_; }
  SequenceIndex first_unacknowledged() const { return unacknowledged_; }
  SequenceIndex highest() const { return highest_; }
  /// The sequence number for a segment that carries nothing: one that the peer finds in its window.
  SequenceIndex sequence_for_ack() const { return window_ == 0 ? next_ : highest_; }
  std::size_t space() const { return fin_queued_ ? 0 : capacity_ - queue_.size(); }
  std::size_t unacknowledged() const { return queue_.size() + (fin_queued_ && !fin_acknowledged_ ? 1U : 0U); }
  std::size_t segment_size() const { return segment_size_; }
  /// Timer expiries in a row that no acknowledgment has answered.
  int retransmissions() const { return retransmissions_; }
  bool fin_queued() const { return fin_queued_; }
  bool fin_acknowledged() const { return fin_acknowledged_; }
  std::optional<Instant> deadline() const { return timer_; }

  friend bool operator==(const SendSide&, const SendSide&) = default;
  bool is_consistent() const;

 private:
  struct Timing {
    SequenceIndex end;
    Instant sent_at;
    friend bool operator==(const Timing&, const Timing&) = default;
  };

  std::size_t in_flight() const { return distance(unacknowledged_, next_); }
  std::size_t unsent() const;
  bool fin_due() const;
  bool anything_to_do() const;
  std::size_t allowed_octets() const;
  Transmission transmission_at(SequenceIndex first, std::size_t octets, bool fin) const;
  void advance(const Transmission& transmission, Instant now);
  AckOutcome on_new_acknowledgment(SequenceIndex acknowledgment, Instant now);
  bool update_window(SequenceIndex segment_sequence, SequenceIndex acknowledgment, std::uint16_t window);

  OctetQueue queue_;  // from SND.UNA on (from ISN + 1 while the SYN is unacknowledged)
  std::size_t capacity_;
  std::size_t segment_size_;  // SMSS
  SequenceIndex initial_sequence_;
  SequenceIndex unacknowledged_;         // SND.UNA
  SequenceIndex next_;                   // SND.NXT; goes back to SND.UNA when the timer expires
  SequenceIndex highest_;                // one past everything ever sent
  std::uint32_t window_ = 0;             // SND.WND
  std::uint32_t window_max_ = 0;         // the largest ever offered (RFC 9293 3.8.6.2.1)
  SequenceIndex window_sequence_;        // SND.WL1
  SequenceIndex window_acknowledgment_;  // SND.WL2
  bool syn_acknowledged_ = false;
  bool fin_queued_ = false;
  bool fin_acknowledged_ = false;
  RtoEstimator rto_;
  CongestionWindow congestion_;
  std::optional<Timing> timed_;   // the one segment whose round trip is being measured
  std::optional<Instant> timer_;  // retransmission and persist timer: never both are needed
  int retransmissions_ = 0;
};

}  // namespace ssx::tcpip
