// What a link does to datagrams: statistics of each fault, order of draws, determinism.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

#include "crypto/seeded_random.h"
#include "model/sim/link.h"

namespace ssx::sim {
namespace {

constexpr int kTries = 20'000;
constexpr std::uint32_t kQuarter = 250'000;

/// Fails the test if it is asked for anything.
class NoRandom final : public RandomSource {
 public:
  void fill(MutableOctets) override { ADD_FAILURE() << "a draw"; }
};

OctetVector datagram() { return OctetVector(40, std::byte{0x5a}); }

int flipped_bits(const OctetVector& a, const OctetVector& b) {
  int bits = 0;
  for (std::size_t i = 0; i < a.size(); ++i) bits += std::popcount(std::to_integer<unsigned>(a[i] ^ b[i]));
  return bits;
}

/// About a quarter: eight standard deviations wide, and the stream is fixed.
void expect_quarter(int count) {
  EXPECT_GT(count, kTries / 4 - 500);
  EXPECT_LT(count, kTries / 4 + 500);
}

TEST(Link, WithoutFaultsNothingIsDrawnAndOneCopyArrivesAfterTheDelay) {
  NoRandom random;
  LinkFaults faults;
  faults.delay = std::chrono::milliseconds(7);
  const auto copies = carry(datagram(), faults, random);
  ASSERT_EQ(copies.size(), 1U);
  EXPECT_EQ(copies[0].datagram, datagram());
  EXPECT_EQ(copies[0].after, std::chrono::milliseconds(7));
  EXPECT_FALSE(copies[0].corrupted);
}

TEST(Link, AQuarterIsLost) {
  crypto::SeededRandom random(1, "loss");
  LinkFaults faults;
  faults.loss_per_million = kQuarter;
  int lost = 0;
  for (int i = 0; i < kTries; ++i) lost += carry(datagram(), faults, random).empty() ? 1 : 0;
  expect_quarter(lost);
}

TEST(Link, AQuarterArrivesTwiceAndEqual) {
  crypto::SeededRandom random(1, "duplicate");
  LinkFaults faults;
  faults.duplicate_per_million = kQuarter;
  int twice = 0;
  for (int i = 0; i < kTries; ++i) {
    const auto copies = carry(datagram(), faults, random);
    ASSERT_GE(copies.size(), 1U);
    ASSERT_LE(copies.size(), 2U);
    for (const Delivery& copy : copies) ASSERT_EQ(copy.datagram, datagram());
    twice += copies.size() == 2 ? 1 : 0;
  }
  expect_quarter(twice);
}

TEST(Link, AQuarterHasExactlyOneBitFlippedAnywhere) {
  crypto::SeededRandom random(1, "corrupt");
  LinkFaults faults;
  faults.corrupt_per_million = kQuarter;
  int corrupted = 0;
  std::vector<int> hits(40, 0);
  for (int i = 0; i < kTries; ++i) {
    const auto copies = carry(datagram(), faults, random);
    ASSERT_EQ(copies.size(), 1U);
    ASSERT_EQ(flipped_bits(copies[0].datagram, datagram()), copies[0].corrupted ? 1 : 0);
    if (!copies[0].corrupted) continue;
    ++corrupted;
    const OctetVector whole = datagram();
    const auto [at, unused] = std::ranges::mismatch(copies[0].datagram, whole);
    ++hits[static_cast<std::size_t>(at - copies[0].datagram.begin())];
  }
  expect_quarter(corrupted);
  EXPECT_TRUE(std::ranges::all_of(hits, [](int count) { return count > 60 && count < 200; }));  // 125 each
}

TEST(Link, AQuarterIsReorderedAndJitterStaysBelowItsBound) {
  crypto::SeededRandom random(1, "reorder");
  LinkFaults faults;
  faults.reorder_per_million = kQuarter;
  faults.reorder_delay = std::chrono::seconds(1);
  faults.jitter = std::chrono::milliseconds(3);
  int late = 0;
  for (int i = 0; i < kTries; ++i) {
    const auto copies = carry(datagram(), faults, random);
    ASSERT_EQ(copies.size(), 1U);
    const bool is_late = copies[0].after >= faults.reorder_delay;
    const Duration base = faults.delay + (is_late ? faults.reorder_delay : Duration{0});
    ASSERT_GE(copies[0].after, base);
    ASSERT_LT(copies[0].after, base + faults.jitter);
    late += is_late ? 1 : 0;
  }
  expect_quarter(late);
}

TEST(Link, AnEmptyDatagramIsCarried) {
  crypto::SeededRandom random(1, "empty");
  LinkFaults faults;
  faults.corrupt_per_million = 1'000'000;
  EXPECT_EQ(carry({}, faults, random).size(), 1U);
}

TEST(Link, TheSameStreamGivesTheSameFate) {
  LinkFaults faults;
  faults.loss_per_million = faults.duplicate_per_million = faults.corrupt_per_million = faults.reorder_per_million =
      kQuarter;
  faults.jitter = std::chrono::milliseconds(3);
  crypto::SeededRandom one(7, "link"), two(7, "link"), other(8, "link");
  int differences = 0;
  for (int i = 0; i < 1000; ++i) {
    const auto a = carry(datagram(), faults, one);
    const auto b = carry(datagram(), faults, two);
    const auto c = carry(datagram(), faults, other);
    const auto same = [](const Delivery& x, const Delivery& y) {
      return x.after == y.after && x.datagram == y.datagram && x.corrupted == y.corrupted;
    };
    ASSERT_TRUE(std::ranges::equal(a, b, same)) << i;
    differences += std::ranges::equal(a, c, same) ? 0 : 1;
  }
  EXPECT_GT(differences, 500);
}

}  // namespace
}  // namespace ssx::sim
