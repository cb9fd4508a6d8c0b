#include "model/base/random.h"

#include <array>
#include <cassert>

namespace ssx {

std::uint32_t RandomSource::u32() {
  std::array<std::byte, 4> buffer{};
  fill(buffer);
  return load_u32(buffer);
}

std::uint64_t RandomSource::u64() {
  const std::uint64_t high = u32();
  const std::uint64_t low = u32();
  return high << 32 | low;
}

std::uint64_t RandomSource::below(std::uint64_t bound) {
  assert(bound != 0);
  const std::uint64_t reject_from = UINT64_MAX - UINT64_MAX % bound;  // a multiple of bound: no remainder is favoured
  for (;;) {
    const std::uint64_t draw = u64();
    if (draw < reject_from) return draw % bound;
  }
}

bool RandomSource::chance_per_million(std::uint32_t parts) { return below(1'000'000) < parts; }

OctetVector RandomSource::octets(std::size_t count) {
  OctetVector out(count);
  fill(out);
  return out;
}

}  // namespace ssx
