// tests/tcpip/testbed.h: two connections over a link that a test can damage, and short ways to build segments.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "model/base/random.h"
#include "model/tcpip/tcp.h"

namespace ssx::tcpip::testbed {

inline constexpr std::uint16_t kPortA = 49152;
inline constexpr std::uint16_t kPortZ = 27015;
inline constexpr SequenceIndex kIsnA{1'000};
inline constexpr SequenceIndex kIsnZ{0xffff'fff0};  // wraps after a few octets
inline const IpAddress kAddressA = IpAddress::v4(0x0a000001);
inline const IpAddress kAddressZ = IpAddress::v4(0x0a000002);

using Effects = std::vector<TcpEffect>;

/// A reproducible stream for tests; the model's own source needs OpenSSL, which these tests do not.
class XorShift final : public RandomSource {
 public:
  explicit XorShift(std::uint64_t seed) : state_(seed * 0x9e37'79b9'7f4a'7c15 + 1) {}
  void fill(MutableOctets out) override {
    for (std::byte& octet : out) {
      state_ ^= state_ << 13;
      state_ ^= state_ >> 7;
      state_ ^= state_ << 17;
      octet = static_cast<std::byte>(state_ >> 32);
    }
  }

 private:
  std::uint64_t state_;
};

/// The effects of one kind, in order.
template <class Kind>
std::vector<Kind> all(const Effects& effects) {
  std::vector<Kind> found;
  for (const TcpEffect& effect : effects) {
    if (const Kind* kind = std::get_if<Kind>(&effect)) found.push_back(*kind);
  }
  return found;
}
template <class Kind>
bool has(const Effects& effects) {
  return !all<Kind>(effects).empty();
}
/// The one segment that the effects send; a test that gets none or two fails with an exception.
SendSegment only_segment(const Effects& effects);
/// "SendSegment[SA] Connected …": kinds, with a segment's flags.
std::string kinds(const Effects& effects);

/// A segment from Z's port to A's.
SegmentHeader from_z(SegmentFlags flags, SequenceIndex sequence, SequenceIndex acknowledgment,
                     std::uint16_t window = 65'535);

inline SegmentArrived arrival(const SendSegment& sent) { return SegmentArrived{{sent.header, sent.payload}}; }
inline SegmentArrived arrival(const SegmentHeader& header, Octets payload = {}) {
  return SegmentArrived{{header, payload}};
}

/// Octets that differ from place to place.
OctetVector pattern(std::size_t count);

/// A in ESTABLISHED with Z's window as given; the next sequence numbers are kIsnA + 1 and kIsnZ + 1.
TcpConnection established(const TcpConfig& config = {}, std::uint16_t window = 65'535);

/// Two ends and the way between them. Time jumps from event to event.
class Pair {
 public:
  struct Faults {
    std::uint32_t loss_per_million = 0;
    std::uint32_t duplication_per_million = 0;
    std::uint32_t corruption_per_million = 0;
    Duration delay = std::chrono::milliseconds{20};
    Duration jitter{0};  // more than the gap between segments reorders them
  };

  Pair(const TcpConfig& config, const Faults& faults, std::uint64_t seed);

  enum Side { kA = 0, kZ = 1 };
  TcpConnection& end(Side side) { return ends_[side]; }
  /// What `side` was told so far, segments left out.
  const Effects& told(Side side) const { return told_[side]; }
  bool told_closed(Side side) const { return has<Closed>(told_[side]); }
  void post(Side side, const TcpEvent& event);
  /// A opens; Z answers the first SYN that arrives, as a listener would.
  void open();
  /// Advances to the next thing that happens. @return false if nothing ever will.
  bool run_one();
  /// Until nothing happens any more, or `limit` has passed.
  void run_until(Instant limit);
  Instant now() const { return now_; }
  std::size_t segments_sent(Side side) const { return sent_[side]; }
  std::size_t damaged() const { return damaged_; }

 private:
  void perform(Side from, const Effects& effects);
  void carry(Side from, const SendSegment& segment);
  void deliver(Side to, const OctetVector& octets);

  TcpConfig config_;
  Faults faults_;
  XorShift random_;
  TcpConnection ends_[2];
  Effects told_[2];
  std::size_t sent_[2] = {0, 0};
  std::size_t damaged_ = 0;
  Instant now_{};
  bool z_listens_ = false;
  std::uint64_t order_ = 0;
  std::map<std::pair<Instant, std::uint64_t>, std::pair<Side, OctetVector>> under_way_;  // TCP octets
};

}  // namespace ssx::tcpip::testbed
