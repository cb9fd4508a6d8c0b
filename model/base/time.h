// model/base/time.h: points and spans of modelled time. Nothing in model/ reads a clock: `now` is a parameter.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>

namespace ssx {

/// A span of modelled time, counted in nanoseconds.
using Duration = std::chrono::duration<std::int64_t, std::nano>;

/// A point in modelled time: the span since the world began (virtual driver) or since the run began (real driver).
struct Instant {
  Duration since_epoch{0};

  friend constexpr auto operator<=>(const Instant&, const Instant&) = default;
  friend constexpr Instant operator+(Instant instant, Duration span) { return Instant{instant.since_epoch + span}; }
  friend constexpr Instant operator-(Instant instant, Duration span) { return Instant{instant.since_epoch - span}; }
  friend constexpr Duration operator-(Instant later, Instant earlier) {
    return later.since_epoch - earlier.since_epoch;
  }
  constexpr Instant& operator+=(Duration span) {
    since_epoch += span;
    return *this;
  }
};

}  // namespace ssx
