#include "model/sim/link.h"

#include <utility>

namespace ssx::sim {
namespace {

bool happens(std::uint32_t per_million, RandomSource& random) {
  return per_million != 0 && random.chance_per_million(per_million);
}

void flip_one_bit(OctetVector& datagram, RandomSource& random) {
  if (datagram.empty()) return;
  const std::uint64_t bit = random.below(datagram.size() * 8);
  datagram[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
}

Delivery one_copy(OctetVector datagram, const LinkFaults& faults, RandomSource& random) {
  Delivery delivery{faults.delay, std::move(datagram), false};
  if (happens(faults.corrupt_per_million, random)) {
    flip_one_bit(delivery.datagram, random);
    delivery.corrupted = true;
  }
  if (faults.jitter > Duration{0}) {
    delivery.after +=
        Duration{static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(faults.jitter.count())))};
  }
  if (happens(faults.reorder_per_million, random)) delivery.after += faults.reorder_delay;
  return delivery;
}

}  // namespace

std::vector<Delivery> carry(OctetVector datagram, const LinkFaults& faults, RandomSource& random) {
  std::vector<Delivery> copies;
  if (happens(faults.loss_per_million, random)) return copies;
  const bool twice = happens(faults.duplicate_per_million, random);
  if (twice) copies.push_back(one_copy(datagram, faults, random));
  copies.push_back(one_copy(std::move(datagram), faults, random));
  return copies;
}

}  // namespace ssx::sim
