// model/tcpip/receive_side.h: the receiving half of a connection: window, reassembly, octets for the program.
// Source: RFC 9293 3.3.1 (RCV variables), 3.8.6, 3.10.7.4.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/base/octets.h"
#include "model/base/time.h"
#include "model/tcpip/octet_queue.h"
#include "model/tcpip/sequence.h"

namespace ssx::tcpip {

inline constexpr std::size_t kWindowMax = 65'535;  // the field's width; no window scaling
inline constexpr std::size_t kReassemblyPiecesMax =
    128;  // a full window of 512-octet segments with every other one lost

/// Limits the answers that an attacker, or two confused peers, can provoke (RFC 5961 7: at most 10 in 5 s).
inline constexpr int kChallengeAcksMax = 10;
inline constexpr Duration kChallengeAckSpan = std::chrono::seconds{5};
class AnswerLimit {
 public:
  /// True if one more may be sent now.
  bool allow(Instant now);
  friend bool operator==(const AnswerLimit&, const AnswerLimit&) = default;

 private:
  std::optional<Instant> span_start_;
  int sent_ = 0;
};

class ReceiveSide {
 public:
  /// @param capacity  octets; at most kWindowMax are used.
  explicit ReceiveSide(std::size_t capacity);

  /// The peer's SYN was at `initial_sequence`.
  void open(SequenceIndex initial_sequence);

  /// The sequence test of RFC 9293 3.10.7.4, first step.
  bool acceptable(SequenceIndex first, std::uint32_t length) const;

  struct Outcome {
    std::size_t delivered = 0;  // octets that became readable
    bool finished = false;      // the peer's FIN is reached now
    bool out_of_order = false;  // something is missing before it, or it came before
    bool dropped = false;       // no room to keep it
  };
  /// Takes the part of a segment's text that lies in the window. Not after finished().
  Outcome take(SequenceIndex first, Octets payload, bool fin);

  Octets readable() const { return ready_.view(); }
  void consume(std::size_t octets) { ready_.pop(octets); }
  /// Moves the right edge of the window as far as there is room, if it is worth it (RFC 9293 3.8.6.2.2).
  void open_window(std::size_t segment_size);
  /// True if the peer may be waiting for a window that open_window() would now offer.
  bool update_is_due(std::size_t segment_size) const;
  void forget_pieces() { pieces_.clear(); }

  /// RCV.NXT
  SequenceIndex next() const { return next_; }
  /// RCV.WND as last offered.
  std::uint16_t window() const { return static_cast<std::uint16_t>(distance(next_, edge_)); }
  bool finished() const { return finished_; }

  friend bool operator==(const ReceiveSide&, const ReceiveSide&) = default;
  bool is_consistent() const;

 private:
  struct Piece {
    SequenceIndex first;
    OctetVector octets;
    SequenceIndex end() const { return first + octets.size(); }
    friend bool operator==(const Piece&, const Piece&) = default;
  };

  std::size_t possible_gain() const;
  std::size_t worthwhile_gain(std::size_t segment_size) const;
  bool keep(SequenceIndex first, Octets payload);
  void deliver(Octets payload);
  void deliver_pieces();
  std::size_t kept_octets() const;

  std::size_t capacity_;
  OctetQueue ready_;
  SequenceIndex next_;
  SequenceIndex edge_;                // RCV.NXT + RCV.WND: never moves back (3.8.6: do not shrink the window)
  std::vector<Piece> pieces_;         // out of order; by `first`; may overlap
  std::optional<SequenceIndex> fin_;  // where the peer's FIN is, once a segment has shown it
  bool finished_ = false;
};

}  // namespace ssx::tcpip
