#include "model/tcpip/rto.h"

#include <algorithm>

namespace ssx::tcpip {

namespace {
constexpr Duration kClockGranularity = std::chrono::milliseconds{1};  // G
}

void RtoEstimator::sample(Duration round_trip) {
  if (!smoothed_) {  // RFC 6298 2.2
    smoothed_ = round_trip;
    variation_ = round_trip / 2;
  } else {  // 2.3: beta = 1/4, alpha = 1/8, the variation first
    const Duration error = *smoothed_ > round_trip ? *smoothed_ - round_trip : round_trip - *smoothed_;
    variation_ = (variation_ * 3 + error) / 4;
    smoothed_ = (*smoothed_ * 7 + round_trip) / 8;
  }
  rto_ = estimate();
}

void RtoEstimator::back_off() { rto_ = std::min(rto_ * 2, config_.maximum); }

void RtoEstimator::forget_back_off() { rto_ = estimate(); }

Duration RtoEstimator::estimate() const {
  if (!smoothed_) return config_.initial;
  return std::clamp(*smoothed_ + std::max(kClockGranularity, variation_ * 4), config_.minimum, config_.maximum);
}

}  // namespace ssx::tcpip
