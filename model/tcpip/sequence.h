// model/tcpip/sequence.h: TCP sequence numbers and their modular order. Source: RFC 9293 section 3.4.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ssx::tcpip {

/// A place in one direction of a TCP stream. Counts modulo 2^32, so it has no total order: compare with precedes().
struct SequenceIndex {
  std::uint32_t value = 0;

  friend constexpr bool operator==(SequenceIndex, SequenceIndex) = default;
  friend constexpr SequenceIndex operator+(SequenceIndex index, std::size_t octets) {
    return SequenceIndex{index.value + static_cast<std::uint32_t>(octets)};
  }
  friend constexpr SequenceIndex operator-(SequenceIndex index, std::size_t octets) {
    return SequenceIndex{index.value - static_cast<std::uint32_t>(octets)};
  }
  constexpr SequenceIndex& operator+=(std::size_t octets) { return *this = *this + octets; }
};

/// Octets from `from` forward to `to`; below 2^31 when `to` does not precede `from`.
constexpr std::uint32_t distance(SequenceIndex from, SequenceIndex to) { return to.value - from.value; }
/// True when `a` lies less than half the number space before `b`.
constexpr bool precedes(SequenceIndex a, SequenceIndex b) { return static_cast<std::int32_t>(a.value - b.value) < 0; }
constexpr bool precedes_or_is(SequenceIndex a, SequenceIndex b) { return !precedes(b, a); }

}  // namespace ssx::tcpip
