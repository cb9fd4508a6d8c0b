// model/sim/link.h: what a link does to a datagram on its way: loss, delay, duplication, reordering, corruption. Used
// by both drivers; the randomness is the caller's.
#pragma once

#include <cstdint>
#include <vector>

#include "model/base/octets.h"
#include "model/base/random.h"
#include "model/base/time.h"

namespace ssx::sim {

/// Faults of one direction of a link. Probabilities in parts of a million, each drawn for itself.
struct LinkFaults {
  std::uint32_t loss_per_million = 0;
  std::uint32_t duplicate_per_million = 0;
  std::uint32_t reorder_per_million = 0;  // delayed by reorder_delay more than its neighbours
  std::uint32_t corrupt_per_million = 0;  // one bit flipped somewhere
  Duration delay = std::chrono::milliseconds(1);
  Duration jitter{0};  // a further delay, uniform in [0, jitter)
  Duration reorder_delay = std::chrono::milliseconds(5);
  friend bool operator==(const LinkFaults&, const LinkFaults&) = default;
};

/// One copy of a datagram that will arrive.
struct Delivery {
  Duration after{0};
  OctetVector datagram;
  bool corrupted = false;
};

/// The copies of `datagram` that arrive, none if it is lost. Draws in a fixed order: loss, duplication, then per copy
/// corruption (and which bit), jitter, reordering. A fault with probability 0 draws nothing.
std::vector<Delivery> carry(OctetVector datagram, const LinkFaults& faults, RandomSource& random);

}  // namespace ssx::sim
