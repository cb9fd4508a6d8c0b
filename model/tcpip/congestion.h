// model/tcpip/congestion.h: slow start, congestion avoidance, fast retransmit and recovery. Source: RFC 5681, RFC 6582.
#pragma once

#include <cstddef>
#include <optional>

#include "model/tcpip/sequence.h"

namespace ssx::tcpip {

inline constexpr int kDuplicateAcksForFastRetransmit = 3;                  // RFC 5681 3.2
inline constexpr std::size_t kCongestionWindowMax = std::size_t{1} << 24;  // far above any window without scaling

class CongestionWindow {
 public:
  /// @param segment_size  SMSS.
  /// @param syn_was_lost  RFC 5681 3.1: then the initial window is one segment.
  CongestionWindow(std::size_t segment_size, bool syn_was_lost);

  /// cwnd in octets.
  std::size_t window() const { return window_; }
  void set_segment_size(std::size_t segment_size) { segment_size_ = segment_size; }

  /// New data was acknowledged. @return true if the next unacknowledged segment is to be sent again at once (a partial
  /// acknowledgment in recovery, RFC 6582 3.2).
  bool on_acknowledgment(SequenceIndex acknowledged_to, std::size_t octets, std::size_t in_flight);
  /// A duplicate acknowledgment (RFC 5681 2). @return true if fast retransmit is due.
  bool on_duplicate(SequenceIndex acknowledged_to, SequenceIndex highest_sent, std::size_t in_flight);
  /// The retransmission timer has expired.
  void on_timeout(SequenceIndex highest_sent, std::size_t in_flight);

  friend bool operator==(const CongestionWindow&, const CongestionWindow&) = default;

 private:
  void set_threshold(std::size_t in_flight);
  void grow(std::size_t octets);

  std::size_t segment_size_;
  std::size_t window_;
  std::size_t threshold_ = kCongestionWindowMax;  // ssthresh: "arbitrarily high"
  std::size_t avoidance_credit_ = 0;              // octets acknowledged since the window last grew
  int duplicates_ = 0;
  bool recovering_ = false;               // in fast recovery
  std::optional<SequenceIndex> recover_;  // RFC 6582: highest sequence sent when the last loss was noticed
};

}  // namespace ssx::tcpip
