// Lifetimes, idle timeouts and deadlines: authip.md 2.11 to 2.13, D-44, D-45, D-52.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ipsec/testbed.h"
#include "support/conformance.h"

namespace ssx::ipsec {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::VariantWith;

SaPair pair_with(wfp::SaLifetime lifetime, std::uint32_t idle_seconds) {
  SaPair pair = pair_of_a(Suite::kEspNull);
  pair.lifetime = lifetime;
  pair.idle_timeout_seconds = idle_seconds;
  return pair;
}

/// Jumps from deadline to deadline up to `end`, as a driver does. @return each event with its time
std::vector<std::pair<Instant, SadEvent>> run(Sad& sad, Instant end) {
  std::vector<std::pair<Instant, SadEvent>> all;
  for (auto at = sad.next_deadline(); at && *at <= end; at = sad.next_deadline()) {
    for (const SadEvent& event : sad.advance(*at)) all.emplace_back(*at, event);
    const auto next = sad.next_deadline();
    EXPECT_TRUE(!next || *next > *at) << "a deadline that stays where it is";
    if (next && *next <= *at) break;
  }
  return all;
}

TEST(SadLifetimes, A202SecondsTriggerOneRekeyAndA204ThePairGoes60SecondsLater) {
  CONFORMANCE("A-202", "A-204", "W-197");
  Sad sad{SadConfig{}};
  const SaPair pair = pair_with({.seconds = 3600}, 0);
  const SaContextId id = sad.install_inbound(pair, kStart);
  sad.install_outbound(pair, kStart);
  EXPECT_EQ(sad.next_deadline(), kStart + 3600s);
  EXPECT_THAT(sad.advance(kStart + 3599s), IsEmpty());
  const LifetimeReached reached{id, pair.id()};
  const PairRemoved gone{id, pair.id(), pair.quick_mode, 13895};
  EXPECT_THAT(run(sad, kStart + 4000s), ElementsAre(std::pair<Instant, SadEvent>{kStart + 3600s, reached},
                                                    std::pair<Instant, SadEvent>{kStart + 3660s, gone}));
  EXPECT_EQ(sad.statistics().rekeys_asked, 1U);
  EXPECT_EQ(sad.statistics().active, 0U);
}

TEST(SadLifetimes, TheOldPairServesUntilItGoes) {
  TwoHosts hosts;
  const SaContextId id = hosts.install(pair_with({.seconds = 3600}, 0));
  hosts.a.advance(kStart + 3600s);
  hosts.z.advance(kStart + 3600s);
  EXPECT_EQ(hosts.open_at_z(hosts.sealed(id, a_to_z("x"), kStart + 3659s), kStart + 3659s), kArrived);
  const OctetVector wire = hosts.sealed(id, a_to_z("x"), kStart + 3659s);
  EXPECT_EQ(hosts.open_at_z(wire, kStart + 3660s), 13911);
  EXPECT_EQ(hosts.z.statistics().expired_inbound, 1U);
  OctetVector out;
  const auto refused = hosts.a.protect(id, a_to_z("x"), hosts.random, kStart + 3660s, out);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), DropReason::kLifetimeExpired);
}

TEST(SadLifetimes, ARekeyMayBeAskedForEarlier) {
  Sad sad{SadConfig{.rekey_soft_limit_percent = 90}};
  sad.install_inbound(pair_with({.seconds = 3600}, 0), kStart);
  EXPECT_EQ(sad.next_deadline(), kStart + 3240s);
}

TEST(SadLifetimes, A203OctetsOfBothDirectionsTriggerARekey) {
  CONFORMANCE("A-203", "W-197");
  TwoHosts hosts;
  const SaContextId id = hosts.install(pair_with({.seconds = 3600, .kilobytes = 1}, 0));
  const std::string text(504, 'x');  // a UDP message of 512 octets
  // Z to A, then A to Z: A has counted 1024 octets.
  OctetVector wire;
  OctetVector opened;
  ASSERT_TRUE(hosts.z.protect(*hosts.z.find_by_spi(Spi{0x1100}), z_to_a(text), hosts.random, kStart, wire));
  ASSERT_TRUE(hosts.a.unprotect(wire, kStart + 1s, opened));
  EXPECT_EQ(hosts.a.next_deadline(), kStart + 3600s);
  EXPECT_THAT(hosts.a.advance(kStart + 1s), IsEmpty());
  hosts.sealed(id, a_to_z(text), kStart + 2s);
  EXPECT_EQ(hosts.a.next_deadline(), kStart + 2s);
  EXPECT_THAT(hosts.a.advance(kStart + 2s),
              ElementsAre(VariantWith<LifetimeReached>(LifetimeReached{id, Spi{0x1000}})));
  hosts.sealed(id, a_to_z(text), kStart + 3s);
  EXPECT_THAT(hosts.a.advance(kStart + 3s), IsEmpty()) << "asked for once";
  EXPECT_EQ(hosts.a.next_deadline(), kStart + 62s);
}

TEST(SadLifetimes, W197PacketsTriggerARekey) {
  CONFORMANCE("W-197");
  TwoHosts hosts;
  const SaContextId id = hosts.install(pair_with({.seconds = 3600, .packets = 2}, 0));
  hosts.sealed(id, a_to_z("x"));
  EXPECT_THAT(hosts.a.advance(kStart + 1s), IsEmpty());
  hosts.sealed(id, a_to_z("x"), kStart + 1s);
  EXPECT_THAT(hosts.a.advance(kStart + 1s),
              ElementsAre(VariantWith<LifetimeReached>(LifetimeReached{id, Spi{0x1000}})));
}

TEST(SadLifetimes, SequenceNumbersAskForARekeyBeforeTheyRunOut) {
  TwoHosts hosts(SadConfig{.sequence_last = SequenceNumber{16}});
  const SaContextId id = hosts.install(pair_with({}, 0));
  for (int i = 0; i < 14; ++i) hosts.sealed(id, a_to_z("x"));
  EXPECT_THAT(hosts.a.advance(kStart), IsEmpty());
  hosts.sealed(id, a_to_z("x"));
  EXPECT_THAT(hosts.a.advance(kStart), ElementsAre(VariantWith<LifetimeReached>(LifetimeReached{id, Spi{0x1000}})));
  hosts.sealed(id, a_to_z("x"));  // and there is still a number left for the old pair
}

TEST(SadLifetimes, NoLimitMeansNoDeadline) {
  TwoHosts hosts;
  const SaContextId id = hosts.install(pair_with({}, 0));
  hosts.sealed(id, a_to_z(std::string(1400, 'x')));
  EXPECT_EQ(hosts.a.next_deadline(), std::nullopt);
  EXPECT_THAT(hosts.a.advance(kStart + 1'000'000s), IsEmpty());
}

TEST(SadLifetimes, A210And211AnIdlePairIsDeletedAfterItsIdleTime) {
  CONFORMANCE("A-210", "A-211", "W-198");
  for (const std::uint32_t idle : {300U, 60U}) {  // the default, and with a cluster member
    Sad sad{SadConfig{}};
    const SaPair pair = pair_with({.seconds = 3600}, idle);
    const SaContextId id = sad.install_inbound(pair, kStart);
    sad.install_outbound(pair, kStart);
    const PairRemoved gone{id, pair.id(), pair.quick_mode, 13808};
    EXPECT_THAT(run(sad, kStart + 3000s),
                ElementsAre(std::pair<Instant, SadEvent>{kStart + std::chrono::seconds(idle), gone}));
  }
}

TEST(SadLifetimes, TrafficOfEitherDirectionKeepsThePair) {
  TwoHosts hosts;
  const SaContextId id = hosts.install(pair_with({.seconds = 3600}, 300));
  const OctetVector wire = hosts.sealed(id, a_to_z("x"), kStart + 200s);
  ASSERT_EQ(hosts.open_at_z(wire, kStart + 250s), kArrived);
  EXPECT_THAT(hosts.a.advance(kStart + 499s), IsEmpty());
  EXPECT_THAT(hosts.z.advance(kStart + 549s), IsEmpty());
  EXPECT_EQ(run(hosts.a, kStart + 600s).front().first, kStart + 500s);
  EXPECT_EQ(run(hosts.z, kStart + 600s).front().first, kStart + 550s);
}

TEST(SadLifetimes, ForgedAndReplayedPacketsAreNoTraffic) {
  TwoHosts hosts;
  const SaContextId id = hosts.install(pair_with({.seconds = 3600}, 300));
  const OctetVector wire = hosts.sealed(id, a_to_z("x"));
  ASSERT_EQ(hosts.open_at_z(wire), kArrived);
  OctetVector forged = hosts.sealed(id, a_to_z("x"));
  forged.back() ^= std::byte{1};
  EXPECT_EQ(hosts.open_at_z(forged, kStart + 299s), 13915);
  EXPECT_EQ(hosts.open_at_z(wire, kStart + 299s), 13913);
  EXPECT_EQ(hosts.z.advance(kStart + 300s).size(), 1U);
}

TEST(SadLifetimes, IdlePairsAreLookedForOnceASecond) {
  Sad sad{SadConfig{}};
  sad.install_inbound(pair_with({.seconds = 3600}, 300), kStart + 250ms);
  EXPECT_EQ(sad.next_deadline(), kStart + 301s);
  EXPECT_THAT(sad.advance(kStart + 300s + 999ms), IsEmpty());
  EXPECT_EQ(sad.advance(kStart + 301s).size(), 1U);
}

TEST(SadLifetimes, EventsComeInTheOrderOfTheirDeadlines) {
  Sad sad{SadConfig{}};
  std::vector<std::uint32_t> removed;
  for (const auto& [number, idle] : {std::pair{1U, 30U}, std::pair{2U, 10U}, std::pair{3U, 20U}}) {
    SaPair pair = pair_of_a(Suite::kEspNull, number);
    pair.idle_timeout_seconds = idle;
    sad.install_inbound(pair, kStart);
  }
  for (const SadEvent& event : sad.advance(kStart + 100s))
    removed.push_back(std::get<PairRemoved>(event).quick_mode.value);
  EXPECT_THAT(removed, ElementsAre(2U, 3U, 1U));
}

}  // namespace
}  // namespace ssx::ipsec
