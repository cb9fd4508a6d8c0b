#include "model/tcpip/congestion.h"

#include <algorithm>

namespace ssx::tcpip {

namespace {
// RFC 5681 3.1: 2 segments, 3 up to 2190 octets, 4 up to 1095.
std::size_t initial_window(std::size_t segment_size) {
  if (segment_size > 2190) return 2 * segment_size;
  if (segment_size > 1095) return 3 * segment_size;
  return 4 * segment_size;
}
}  // namespace

CongestionWindow::CongestionWindow(std::size_t segment_size, bool syn_was_lost)
    : segment_size_(segment_size), window_(syn_was_lost ? segment_size : initial_window(segment_size)) {}

void CongestionWindow::set_threshold(std::size_t in_flight) {
  threshold_ = std::max(in_flight / 2, 2 * segment_size_);  // RFC 5681 equation (4)
}

void CongestionWindow::grow(std::size_t octets) {
  if (window_ < threshold_) {  // slow start, equation (2)
    window_ += std::min(octets, segment_size_);
  } else {  // congestion avoidance: one segment for a window's worth of acknowledgments
    avoidance_credit_ += octets;
    if (avoidance_credit_ >= window_) {
      avoidance_credit_ -= window_;
      window_ += segment_size_;
    }
  }
  window_ = std::min(window_, kCongestionWindowMax);
}

bool CongestionWindow::on_acknowledgment(SequenceIndex acknowledged_to, std::size_t octets, std::size_t in_flight) {
  duplicates_ = 0;
  if (!recovering_) {
    grow(octets);
    if (recover_ && precedes(*recover_, acknowledged_to)) recover_.reset();
    return false;
  }
  if (precedes_or_is(*recover_, acknowledged_to)) {  // RFC 6582 3.2 step 3, full acknowledgment
    recovering_ = false;
    window_ = std::min(threshold_, std::max(in_flight, segment_size_) + segment_size_);
    avoidance_credit_ = 0;
    return false;
  }
  // Partial acknowledgment: deflate by what has left the network, add back one segment.
  window_ -= std::min(octets, window_ - segment_size_);
  if (octets >= segment_size_) window_ += segment_size_;
  return true;
}

bool CongestionWindow::on_duplicate(SequenceIndex acknowledged_to, SequenceIndex highest_sent, std::size_t in_flight) {
  if (recovering_) {  // RFC 5681 3.2 step 4: each one means that a segment has left the network
    window_ = std::min(window_ + segment_size_, kCongestionWindowMax);
    return false;
  }
  if (++duplicates_ != kDuplicateAcksForFastRetransmit) return false;
  // RFC 6582 3.2 step 1: duplicates of what an earlier loss made us repeat are no news.
  if (recover_ && precedes_or_is(acknowledged_to, *recover_)) return false;
  set_threshold(in_flight);
  window_ = threshold_ + kDuplicateAcksForFastRetransmit * segment_size_;
  recovering_ = true;
  recover_ = highest_sent;
  return true;
}

void CongestionWindow::on_timeout(SequenceIndex highest_sent, std::size_t in_flight) {
  set_threshold(in_flight);
  window_ = segment_size_;  // RFC 5681 3.1: the loss window
  avoidance_credit_ = 0;
  duplicates_ = 0;
  recovering_ = false;
  recover_ = highest_sent;
}

}  // namespace ssx::tcpip
