// model/base/random.h: where random octets come from. The caller seeds the source; same seed, same octets.
#pragma once

#include <cstdint>

#include "model/base/octets.h"

namespace ssx {

/// A stream of random octets. One draw per statement: the order of two draws in one expression is the compiler's
/// choice.
class RandomSource {
 public:
  virtual ~RandomSource() = default;
  /// Fills `out` with the next octets of the stream.
  virtual void fill(MutableOctets out) = 0;

  /// The next four octets as a big-endian number.
  std::uint32_t u32();
  /// The next eight octets as a big-endian number.
  std::uint64_t u64();
  /// A number in [0, bound), without bias; bound must not be 0.
  std::uint64_t below(std::uint64_t bound);
  /// True with the given probability in parts of a million.
  bool chance_per_million(std::uint32_t parts);
  /// `count` octets of the stream.
  OctetVector octets(std::size_t count);
};

}  // namespace ssx
