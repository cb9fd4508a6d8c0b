// model/tcpip/rto.h: the retransmission time-out. Source: RFC 6298.
#pragma once

#include <chrono>
#include <optional>

#include "model/base/time.h"

namespace ssx::tcpip {

/// Windows' values where they are known; RFC 6298 would have 1 s both for initial and minimum.
struct RtoConfig {
  Duration initial = std::chrono::seconds{3};         // TcpInitialRTT; also RFC 6298 5.7 after a lost SYN
  Duration minimum = std::chrono::milliseconds{300};  // RFC 6298 2.4 rounds up to 1 s; Windows to 300 ms
  Duration maximum = std::chrono::seconds{60};        // RFC 6298 2.5: at least 60 s
  friend bool operator==(const RtoConfig&, const RtoConfig&) = default;
};

/// Estimates the round trip and keeps the time-out that follows from it.
class RtoEstimator {
 public:
  explicit RtoEstimator(const RtoConfig& config) : config_(config), rto_(config.initial) {}

  /// A round trip of a segment that was sent once only (Karn's rule is the caller's).
  void sample(Duration round_trip);
  /// The timer has expired: doubles the time-out (5.5).
  void back_off();
  /// Undoes back_off(): the peer has answered, so the silence was not congestion.
  void forget_back_off();
  Duration rto() const { return rto_; }

  friend bool operator==(const RtoEstimator&, const RtoEstimator&) = default;

 private:
  Duration estimate() const;

  RtoConfig config_;
  std::optional<Duration> smoothed_;  // SRTT; nothing before the first sample
  Duration variation_{0};             // RTTVAR
  Duration rto_;
};

}  // namespace ssx::tcpip
