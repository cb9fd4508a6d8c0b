// Lost, repeated, reordered and changed datagrams. authip.md 8.1, 8.2, 8.9, 8.10.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "support/conformance.h"
#include "testbed.h"

namespace ssx::authip::testing_support {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::vector<std::string> kAllMessages{"MM#1", "MM#2", "QM#5", "QM#6", "QM#7", "QM#8",
                                            "EM#1", "EM#2", "EM#3", "EM#4", "EM#5", "EM#6"};

/// The messages of one name that were sent more than once are the same octets.
void expect_identical_repeats(const Peer& peer) {
  for (const std::string& name : kAllMessages) {
    const auto sent = peer.datagrams(name);
    for (const OctetVector& datagram : sent) EXPECT_EQ(datagram, sent.front()) << peer.name << " " << name;
  }
}

class LossTest : public ::testing::TestWithParam<std::string> {};

TEST_P(LossTest, A154ALostMessageIsRepairedByIdenticalRetransmission) {
  CONFORMANCE("A-154", "A-051", "A-054", "A-199", "A-228");
  Ladder ladder;
  ladder.lose(GetParam());
  ladder.acquire();
  ladder.run_until(seconds(40));
  EXPECT_TRUE(ladder.a.last<NegotiationSucceeded>()) << GetParam();
  EXPECT_THAT(ladder.a.all<NegotiationFailed>(), IsEmpty());
  expect_identical_repeats(ladder.a);
  expect_identical_repeats(ladder.z);
  EXPECT_EQ(ladder.a.all<InstallOutboundSa>().size(), 1U);
  EXPECT_EQ(ladder.z.all<InstallOutboundSa>().size(), 1U);
  EXPECT_EQ(ladder.z.engine->main_modes().size(), 1U);
}

TEST_P(LossTest, ADuplicatedMessageChangesNothing) {
  CONFORMANCE("A-054");
  Ladder ladder;
  const std::string name = GetParam();
  ladder.network = [name](Datagram datagram) -> std::vector<Datagram> {
    if (datagram.name == name) return {datagram, datagram};
    return {std::move(datagram)};
  };
  ladder.acquire();
  ladder.run_until(seconds(40));
  EXPECT_TRUE(ladder.a.last<NegotiationSucceeded>());
  expect_identical_repeats(ladder.z);
  EXPECT_EQ(ladder.a.all<InstallOutboundSa>().size(), 1U);
  EXPECT_EQ(ladder.z.all<InstallInboundSa>().size(), 1U);
}

TEST_P(LossTest, ALateCopyOfAnyMessageAfterTheEndIsHarmless) {
  Ladder ladder;
  ladder.acquire();
  ladder.settle();
  const bool from_a = !ladder.a.datagrams(GetParam()).empty();
  Peer& receiver = from_a ? ladder.z : ladder.a;
  const OctetVector copy = (from_a ? ladder.a : ladder.z).datagrams(GetParam()).front();
  const std::size_t before = receiver.record.size();
  ladder.inject(receiver, from_a ? a_end() : z_end(), copy);
  ASSERT_EQ(receiver.record.size(), before + 1);
  const Effect& only = receiver.record.back().effect;
  EXPECT_TRUE(std::holds_alternative<Dropped>(only) || std::holds_alternative<SendDatagram>(only));
  EXPECT_EQ(receiver.engine->main_modes().size(), 1U);
}

/// encrypted messages, every bit of every octet once, spread over the octets to keep the test short.
TEST_P(LossTest, A041AFlippedBitIsDroppedWithoutReply) {
  CONFORMANCE("A-041", "A-042");
  const bool clear = GetParam() == "MM#1" || GetParam() == "MM#2";
  if (clear) return;  // not protected yet: Auth1 tells
  Ladder ladder;
  const std::string name = GetParam();
  ladder.network = [name](Datagram datagram) -> std::vector<Datagram> {
    if (datagram.name == name) return {};
    return {std::move(datagram)};
  };
  ladder.acquire();
  ladder.settle();
  const bool from_a = !ladder.a.datagrams(name).empty();
  Peer& receiver = from_a ? ladder.z : ladder.a;
  const OctetVector good = (from_a ? ladder.a : ladder.z).datagrams(name).front();
  for (std::size_t i = 0; i < good.size(); ++i) {
    OctetVector bad = good;
    bad[i] ^= static_cast<std::byte>(1U << (i % 8));
    if (i == 17 && (bad[i] & std::byte{0xF0}) == std::byte{0x10}) bad[i] ^= std::byte{0x80};
    const std::size_t sent = receiver.sent().size();
    ladder.inject(receiver, from_a ? a_end() : z_end(), bad);
    EXPECT_EQ(receiver.sent().size(), sent) << name << " octet " << i;
    ASSERT_TRUE(std::holds_alternative<Dropped>(receiver.record.back().effect)) << name << " octet " << i;
  }
  ladder.network = nullptr;
  ladder.run_until(seconds(40));  // nothing changed: the good one is repeated and the negotiation ends well
  EXPECT_TRUE(ladder.a.last<NegotiationSucceeded>());
}

INSTANTIATE_TEST_SUITE_P(EveryMessage, LossTest, ::testing::ValuesIn(kAllMessages), [](const auto& test) {
  std::string name = test.param;
  std::erase(name, '#');
  return name;
});

TEST(LossLadder, A197OtherRequestsAreGivenUpAfter62Seconds) {
  CONFORMANCE("A-197");
  Ladder ladder;
  ladder.network = [](Datagram datagram) -> std::vector<Datagram> {
    if (datagram.name == "QM#6" || datagram.name == "NOTIFY") return {};
    return {std::move(datagram)};
  };
  ladder.acquire();
  ladder.run_until(seconds(61));
  EXPECT_THAT(ladder.a.all<NegotiationFailed>(), IsEmpty());
  ladder.run_until(seconds(63));
  EXPECT_THAT(ladder.a.times("QM#5"), ElementsAre(0, 2, 6, 14, 30));
  const auto failed = ladder.a.last<NegotiationFailed>();
  ASSERT_TRUE(failed);
  EXPECT_EQ(failed->status, 13805U);
  EXPECT_EQ(failed->phase, Phase::kQuickMode);
}

TEST(LossLadder, A227AChangeOfMainModeOnThePathMakesAuth1Fail) {
  CONFORMANCE("A-227", "A-139");
  for (const std::string name : {"MM#1", "MM#2"}) {
    Ladder ladder;
    // The last octet but 70 lies in a NAT-D or name payload's neighbourhood; the vendor ID FRAGMENTATION is ignored
    // when unknown, so only the chain notices.
    ladder.mangle(name, [](OctetVector& octets) {
      const std::string digits = to_hex(octets);
      const std::size_t at = digits.find("4048b7d56ebce88525e7de7f00d6c2d3") / 2;
      octets[at] ^= std::byte{1};
    });
    ladder.acquire();
    ladder.run_until(seconds(1));
    const auto failed = ladder.a.last<NegotiationFailed>();
    ASSERT_TRUE(failed) << name;
    EXPECT_EQ(failed->status, 13801U);
    EXPECT_THAT(ladder.a.engine->main_modes(), IsEmpty());
    EXPECT_THAT(ladder.z.engine->main_modes(), IsEmpty());
    EXPECT_THAT(ladder.z.all<InstallInboundSa>(), IsEmpty());
  }
}

TEST(LossLadder, A052A053NumbersOutOfTurnAreDropped) {
  CONFORMANCE("A-052", "A-053", "A-055");
  Ladder ladder;
  for (Peer* peer : {&ladder.a, &ladder.z}) peer->policies.mm = main_mode_choice(kerberos_main_mode());
  ladder.network = [](Datagram datagram) -> std::vector<Datagram> {
    if (datagram.name == "MM#3") return {};
    return {std::move(datagram)};
  };
  ladder.acquire();
  ladder.settle();
  OctetVector third = ladder.a.datagrams("MM#3").front();
  third[35] = std::byte{2};  // higher than expected
  ladder.inject(ladder.z, a_end(), third);
  EXPECT_TRUE(ladder.z.dropped_with("A-052"));
  const std::size_t sent = ladder.z.sent().size();
  third[35] = std::byte{0};  // lower, and not #1 again
  ladder.inject(ladder.z, a_end(), third);
  EXPECT_EQ(ladder.z.sent().size(), sent);
  OctetVector second = ladder.z.datagrams("MM#2").front();  // the initiator waits for number 1
  ladder.inject(ladder.a, z_end(), second);
  EXPECT_TRUE(ladder.a.dropped_with("A-055"));
}

TEST(LossLadder, ReorderedDatagramsOfTwoQuickModesBothSucceed) {
  CONFORMANCE("A-021");
  Ladder ladder;
  ladder.acquire(1);
  ladder.settle();
  ladder.acquire(2);
  ladder.acquire(3);
  std::swap(ladder.under_way[0], ladder.under_way[1]);
  ladder.run_until(seconds(10));
  EXPECT_EQ(ladder.a.all<NegotiationSucceeded>().size(), 3U);
  EXPECT_EQ(ladder.a.datagrams("MM#1").size(), 1U);
  EXPECT_EQ(ladder.z.all<InstallOutboundSa>().size(), 3U);
}

TEST(LossLadder, A056InitialisationVectorsDiffer) {
  CONFORMANCE("A-056");
  Ladder ladder;
  ladder.acquire();
  ladder.settle();
  std::set<std::string> seen;
  for (const SendDatagram& sent : ladder.a.all<SendDatagram>()) {
    if (sent.octets[19] == std::byte{0}) continue;
    EXPECT_TRUE(seen.insert(to_hex(Octets(sent.octets).subspan(36, 16))).second);
    seen.insert(to_hex(Octets(sent.octets).last(28).first(16)));  // the last block of ciphertext
  }
}

TEST(LossLadder, HeavyLossNeverBreaksTheInvariants) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    Ladder ladder({}, seed);
    auto random = std::make_shared<crypto::SeededRandom>(seed, "network");
    ladder.network = [random](Datagram datagram) -> std::vector<Datagram> {
      const std::uint64_t fate = random->below(10);
      if (fate < 3) return {};
      if (fate < 5) return {datagram, datagram};
      if (fate == 5) {
        datagram.octets[random->below(datagram.octets.size())] ^= std::byte{0x20};
        return {std::move(datagram)};
      }
      return {std::move(datagram)};
    };
    ladder.acquire();
    ladder.run_until(seconds(600));
    // Exactly one end is told.
    EXPECT_EQ(ladder.a.all<NegotiationSucceeded>().size() + ladder.a.all<NegotiationFailed>().size(), 1U) << seed;
    const bool succeeded = !ladder.a.all<NegotiationSucceeded>().empty();
    if (!succeeded) continue;
    const auto mine = ladder.a.last<InstallOutboundSa>();
    const auto theirs = ladder.z.last<InstallInboundSa>();
    ASSERT_TRUE(mine && theirs);
    EXPECT_EQ(mine->pair.outbound.front().integrity_key, theirs->pair.inbound.front().integrity_key);
  }
}

}  // namespace
}  // namespace ssx::authip::testing_support
