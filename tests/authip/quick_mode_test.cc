// Quick mode as ladders: choice of proposals, guaranteed encryption, later quick modes, reuse of a main mode, rekey.
// authip.md 8.6, 8.9, 8.12.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "support/conformance.h"
#include "testbed.h"

namespace ssx::authip::testing_support {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// The default policy's proposals of one kind.
wfp::QuickModePolicy only(std::function<bool(const wfp::QuickModeProposal&)> wanted) {
  wfp::QuickModePolicy policy = wfp::default_quick_mode_policy();
  std::erase_if(policy.proposals, [&](const wfp::QuickModeProposal& proposal) { return !wanted(proposal); });
  return policy;
}
bool is_ah(const wfp::QuickModeProposal& proposal) {
  return proposal.transforms.front().type == wfp::TransformType::kAh;
}

TEST(QuickModeLadder, AhOnlyResponderGetsAh) {
  Ladder ladder;
  ladder.z.policies.qm = quick_mode_choice(only(is_ah));
  ladder.acquire();
  ladder.settle();
  ASSERT_TRUE(ladder.a.last<NegotiationSucceeded>());
  const ipsec::SaPair pair = ladder.a.last<InstallOutboundSa>()->pair;
  EXPECT_EQ(pair.outbound.at(0).protocol, IpProtocol::kAh);
  EXPECT_EQ(pair.outbound.at(0).integrity_key.size(), 20U);
  EXPECT_EQ(pair.outbound.at(0).integrity_key, ladder.z.last<InstallInboundSa>()->pair.inbound.at(0).integrity_key);
}

TEST(QuickModeLadder, A143TheRespondersOrderDecidesAndTheKnobTurnsItRound) {
  CONFORMANCE("A-143");
  for (const bool by_responder : {true, false}) {
    Config config;
    config.quick_mode_proposal_by_responder = by_responder;
    Ladder ladder(config);
    wfp::QuickModePolicy reversed = wfp::default_quick_mode_policy();
    std::ranges::reverse(reversed.proposals);
    ladder.z.policies.qm = quick_mode_choice(reversed);
    ladder.acquire();
    ladder.settle();
    const ipsec::SaPair pair = ladder.a.last<InstallOutboundSa>()->pair;
    EXPECT_EQ(pair.outbound.at(0).protocol, by_responder ? IpProtocol::kAh : IpProtocol::kEsp);
  }
}

TEST(QuickModeLadder, AhAndEspTogetherHaveTwoSpisEachAndEspComesFirst) {
  wfp::QuickModePolicy policy = without_extended_mode(wfp::default_quick_mode_policy());
  wfp::QuickModeProposal both = policy.proposals.front();
  both.transforms = {only(is_ah).proposals.front().transforms.front(),
                     fast_quick_mode().proposals.front().transforms.front()};
  policy.proposals = {both};
  Ladder ladder;
  for (Peer* peer : {&ladder.a, &ladder.z}) peer->policies.qm = quick_mode_choice(policy);
  ladder.acquire();
  ladder.settle();
  ASSERT_TRUE(ladder.a.last<NegotiationSucceeded>());
  const ipsec::SaPair mine = ladder.a.last<InstallOutboundSa>()->pair;
  const ipsec::SaPair theirs = ladder.z.last<InstallInboundSa>()->pair;
  ASSERT_EQ(mine.outbound.size(), 2U);
  EXPECT_EQ(mine.outbound[0].protocol, IpProtocol::kEsp);
  EXPECT_EQ(mine.outbound[1].protocol, IpProtocol::kAh);
  EXPECT_NE(mine.inbound[0].spi, mine.inbound[1].spi);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(mine.outbound[i].spi, theirs.inbound[i].spi);
    EXPECT_EQ(mine.outbound[i].integrity_key, theirs.inbound[i].integrity_key);
    EXPECT_EQ(mine.outbound[i].cipher_key, theirs.inbound[i].cipher_key);
    EXPECT_EQ(mine.inbound[i].integrity_key, theirs.outbound[i].integrity_key);
  }
  EXPECT_EQ(mine.quick_mode, theirs.quick_mode);
}

TEST(QuickModeLadder, A146NoCommonProposalIsNotify14And13868) {
  CONFORMANCE("A-146", "A-172", "A-173", "A-175");
  Ladder ladder;
  wfp::QuickModePolicy other = wfp::default_quick_mode_policy();
  for (wfp::QuickModeProposal& proposal : other.proposals) {
    for (wfp::QuickModeTransform& transform : proposal.transforms)
      transform.auth_config = wfp::AuthConfig::kHmacSha256_128;
  }
  ladder.z.policies.qm = quick_mode_choice(other);
  ladder.acquire();
  ladder.settle();
  EXPECT_THAT(ladder.a.sent(), ElementsAre("MM#1", "QM#5", "NOTIFY"));  // the acknowledgement
  EXPECT_THAT(ladder.z.sent(), ElementsAre("MM#2", "NOTIFY"));
  EXPECT_EQ(ladder.z.datagrams("NOTIFY").front()[18], std::byte{246});
  const auto failed = ladder.a.all<NegotiationFailed>();
  ASSERT_EQ(failed.size(), 1U);
  EXPECT_EQ(failed[0].status, 13868U);
  EXPECT_EQ(failed[0].phase, Phase::kQuickMode);
  EXPECT_EQ(failed[0].point, FailurePoint::kPeer);
  ladder.run_until(seconds(200));
  EXPECT_THAT(ladder.z.times("NOTIFY"), ElementsAre(0));  // acknowledged: not repeated
  EXPECT_FALSE(ladder.z.engine->next_deadline());
  EXPECT_FALSE(ladder.a.engine->next_deadline());
}

TEST(QuickModeLadder, NoPolicyForTheTrafficIs13825) {
  Ladder ladder;
  ladder.z.policies.qm.reset();
  ladder.acquire();
  ladder.settle();
  EXPECT_EQ(ladder.a.last<NegotiationFailed>()->status, 13825U);
}

TEST(QuickModeLadder, A148A149NormalQuickModeInstallsInItsOrder) {
  CONFORMANCE("A-148", "A-149", "A-136", "A-137", "A-144", "A-145", "A-147");
  Ladder ladder;
  for (Peer* peer : {&ladder.a, &ladder.z}) {
    peer->policies.qm = quick_mode_choice(without_extended_mode(wfp::default_quick_mode_policy()));
  }
  ladder.network = [](Datagram datagram) -> std::vector<Datagram> {
    if (datagram.name == "QM#7") return {};
    return {std::move(datagram)};
  };
  ladder.acquire();
  ladder.settle();
  EXPECT_EQ(ladder.a.all<InstallInboundSa>().size(), 1U);
  EXPECT_THAT(ladder.a.all<InstallOutboundSa>(), IsEmpty());
  EXPECT_THAT(ladder.z.all<InstallInboundSa>(), IsEmpty());
  ladder.network = nullptr;
  ladder.run_until(seconds(3));
  EXPECT_EQ(ladder.a.all<InstallOutboundSa>().size(), 1U);
  EXPECT_EQ(ladder.z.all<InstallInboundSa>().size(), 1U);
  EXPECT_EQ(ladder.a.last<InstallOutboundSa>()->pair.outbound[0].spi,
            ladder.z.last<InstallInboundSa>()->pair.inbound[0].spi);
  EXPECT_EQ(ladder.a.last<InstallOutboundSa>()->pair.inbound[0].spi,
            ladder.z.last<InstallInboundSa>()->pair.outbound[0].spi);
  EXPECT_TRUE(ladder.a.last<NegotiationSucceeded>());
}

TEST(QuickModeLadder, A153NormalOnlyKnobForbidsTheFastForm) {
  CONFORMANCE("A-153");
  Config config;
  config.quick_mode_normal_only = true;
  Ladder ladder(config);
  for (Peer* peer : {&ladder.a, &ladder.z}) peer->policies.qm = quick_mode_choice(fast_quick_mode());
  ladder.acquire();
  ladder.settle();
  EXPECT_THAT(ladder.a.sent(), ElementsAre("MM#1", "QM#5", "QM#7"));
  EXPECT_TRUE(ladder.a.last<NegotiationSucceeded>());
  EXPECT_EQ(ladder.z.all<InstallInboundSa>().size(), 1U);  // R had installed at #6, #7 adds nothing
}

// --- guaranteed encryption (D-20)
// -----------------------------------------------------------------------------------------

TEST(GuaranteedEncryption, C241TheInitiatorsDemandGivesAes) {
  CONFORMANCE("A-256", "A-260", "C-241");
  Ladder ladder;
  ladder.a.policies.qm->guarantee_encryption = true;
  ladder.acquire();
  ladder.settle();
  for (const Peer* peer : {&ladder.a, &ladder.z}) {
    const ipsec::SaPair pair = peer->last<InstallOutboundSa>()->pair;
    EXPECT_EQ(pair.outbound[0].cipher, crypto::CipherAlgorithm::kAes128);
    EXPECT_NE(pair.flags & ipsec::kBundleGuaranteeEncryption, 0U);
  }
}

TEST(GuaranteedEncryption, U20TheRespondersOwnDemandCountsToo) {
  Ladder ladder;
  ladder.z.policies.qm->guarantee_encryption = true;
  ladder.acquire();
  ladder.settle();
  const ipsec::SaPair mine = ladder.a.last<InstallOutboundSa>()->pair;
  const ipsec::SaPair theirs = ladder.z.last<InstallOutboundSa>()->pair;
  EXPECT_EQ(mine.outbound[0].cipher, crypto::CipherAlgorithm::kAes128);
  EXPECT_EQ(mine.flags & ipsec::kBundleGuaranteeEncryption, 0U);  // the initiator is not told
  EXPECT_NE(theirs.flags & ipsec::kBundleGuaranteeEncryption, 0U);
}

TEST(GuaranteedEncryption, NothingThatEncryptsFailsLocallyBeforeAnyMessage) {
  Ladder ladder;
  ladder.a.policies.qm = quick_mode_choice(only(is_ah));
  ladder.a.policies.qm->guarantee_encryption = true;
  ladder.acquire();
  EXPECT_THAT(ladder.a.sent(), IsEmpty());
  const auto failed = ladder.a.last<NegotiationFailed>();
  ASSERT_TRUE(failed);
  EXPECT_EQ(failed->status, 13868U);
  EXPECT_EQ(failed->point, FailurePoint::kMe);
  EXPECT_EQ(failed->phase, Phase::kQuickMode);
}

TEST(GuaranteedEncryption, A261ThePeerThatDoesNotEncryptIsRefused) {
  Ladder ladder;
  ladder.a.policies.qm->guarantee_encryption = true;
  ladder.z.policies.qm = quick_mode_choice(only(is_ah));
  ladder.acquire();
  ladder.settle();
  EXPECT_EQ(ladder.a.last<NegotiationFailed>()->status, 13868U);
  EXPECT_THAT(ladder.a.all<InstallInboundSa>(), IsEmpty());
}

// --- lifetimes, reuse, rekey
// ----------------------------------------------------------------------------------------------

TEST(Lifetimes, A212TheSmallerLifetimeIsEffective) {
  CONFORMANCE("A-212");
  Ladder ladder;
  wfp::QuickModePolicy shorter = wfp::default_quick_mode_policy();
  for (wfp::QuickModeProposal& proposal : shorter.proposals) proposal.lifetime = {600, 5000, 77};
  ladder.z.policies.qm = quick_mode_choice(shorter);
  wfp::MainModePolicy main_mode = wfp::default_main_mode_policy();
  for (wfp::MainModeProposal& proposal : main_mode.proposals) proposal.lifetime_seconds_max = 1000;
  ladder.z.policies.mm = main_mode_choice(main_mode);
  ladder.acquire();
  ladder.settle();
  const ipsec::SaPair theirs = ladder.z.last<InstallOutboundSa>()->pair;
  EXPECT_EQ(theirs.lifetime.seconds, 600U);
  EXPECT_EQ(theirs.lifetime.kilobytes, 5000U);
  EXPECT_EQ(theirs.lifetime.packets, 77U);
  EXPECT_EQ(ladder.a.last<InstallOutboundSa>()->pair.lifetime.seconds, 3600U);
  EXPECT_EQ(ladder.z.last<MainModeEstablished>()->details.proposal.lifetime_seconds_max, 1000U);
}

TEST(Reuse, D55ASecondAcquireUsesTheMainMode) {
  CONFORMANCE("A-020", "A-135", "A-138", "A-155");
  Ladder ladder;
  ladder.acquire(1);
  ladder.settle();
  ladder.acquire(2);
  ladder.settle();
  EXPECT_EQ(ladder.a.datagrams("MM#1").size(), 1U);
  EXPECT_EQ(ladder.a.datagrams("EM#1").size(), 1U);  // not repeated (D-10)
  ASSERT_EQ(ladder.a.all<NegotiationSucceeded>().size(), 2U);
  const auto pairs = ladder.a.all<InstallOutboundSa>();
  ASSERT_EQ(pairs.size(), 2U);
  EXPECT_EQ(pairs[0].pair.main_mode, pairs[1].pair.main_mode);
  EXPECT_GT(pairs[1].pair.message_id.value, 1U);
  EXPECT_EQ(pairs[1].pair.outbound[0].integrity_key, ladder.z.all<InstallInboundSa>()[1].pair.inbound[0].integrity_key);
  EXPECT_EQ(pairs[1].pair.quick_mode, ladder.z.all<InstallInboundSa>()[1].pair.quick_mode);
  for (const std::string name : {"QM#5", "QM#7"}) {
    EXPECT_EQ(ladder.a.datagrams(name).back()[18], std::byte{244}) << name;
  }
  EXPECT_EQ(pairs[1].pair.peer_name, "host/server.example.test");
}

TEST(Reuse, AcquiresDuringANegotiationWaitForItsMainMode) {
  Ladder ladder;
  ladder.acquire(1);
  ladder.acquire(2);
  const NegotiationId same_as_second = ladder.acquire(2);
  ladder.settle();
  const auto done = ladder.a.all<NegotiationSucceeded>();
  ASSERT_EQ(done.size(), 3U);
  EXPECT_EQ(ladder.a.datagrams("MM#1").size(), 1U);
  EXPECT_EQ(ladder.a.all<InstallOutboundSa>().size(), 2U);  // equal selectors share their pair
  EXPECT_EQ(done[2].id, same_as_second);
  EXPECT_EQ(done[1].inbound_spi, done[2].inbound_spi);
}

TEST(Reuse, D28TheResponderStartsQuickModesOnTheSameMainMode) {
  Ladder ladder;
  ladder.acquire();
  ladder.settle();
  Acquire back;
  back.id = NegotiationId{99};
  back.selector = {IpProtocol::kTcp, {ladder.z.address, 0}, {ladder.a.address, 80}};
  back.main_mode = *ladder.z.policies.mm;
  back.quick_mode = *ladder.z.policies.qm;
  ladder.give(ladder.z, back);
  ladder.settle();
  EXPECT_EQ(ladder.z.last<NegotiationSucceeded>()->id, NegotiationId{99});
  EXPECT_THAT(ladder.z.datagrams("MM#1"), IsEmpty());
  EXPECT_EQ(ladder.z.all<InstallOutboundSa>().back().pair.outbound[0].integrity_key,
            ladder.a.all<InstallInboundSa>().back().pair.inbound[0].integrity_key);
  EXPECT_EQ(ladder.a.engine->main_modes().size(), 1U);
}

TEST(Reuse, ADifferentPolicyGetsItsOwnMainMode) {
  Ladder ladder;
  ladder.acquire(1);
  ladder.settle();
  ladder.a.policies.mm->policy_key.data1 ^= 1;
  ladder.acquire(2);
  ladder.settle();
  EXPECT_EQ(ladder.a.datagrams("MM#1").size(), 2U);
  // A-083, D-30: the second #1 has no Vid-Initial-Contact.
  EXPECT_EQ(to_hex(ladder.a.datagrams("MM#1").back()).find("26244d38eddb61b3172a36e3d0cfb819"), std::string::npos);
}

TEST(Reuse, C230ATargetNameNeedsAMainModeWhosePeerProvedIt) {
  Ladder ladder;
  ladder.acquire(1);
  ladder.settle();
  TargetNames right;
  right.names = {"server.example.test"};
  ladder.acquire(2, right);
  ladder.settle();
  EXPECT_EQ(ladder.a.datagrams("MM#1").size(), 1U);
  EXPECT_EQ(ladder.a.last<InstallOutboundSa>()->pair.flags & ipsec::kBundleAllowNullTargetNameMatch, 0U);
  TargetNames wrong;
  wrong.names = {"other.example.test"};
  ladder.acquire(3, wrong);
  ladder.settle();
  EXPECT_EQ(ladder.a.datagrams("MM#1").size(), 2U);
  EXPECT_TRUE(ladder.a.last<NegotiationFailed>()->wrong_target_name);
}

TEST(Rekey, A202A204ANewPairComesAndTheOldOneGoes60SecondsLater) {
  CONFORMANCE("A-202", "A-204");
  Ladder ladder;
  ladder.acquire();
  ladder.settle();
  const Spi old = ladder.a.last<InstallInboundSa>()->pair.id();
  const Spi old_at_z = ladder.z.last<InstallInboundSa>()->pair.id();
  ladder.now = Instant{seconds(3600)};
  ladder.give(ladder.a, SaLifetimeReached{old});
  ladder.settle();
  EXPECT_EQ(ladder.a.datagrams("MM#1").size(), 1U);
  EXPECT_EQ(ladder.a.all<InstallOutboundSa>().size(), 2U);
  EXPECT_NE(ladder.a.last<InstallInboundSa>()->pair.id(), old);
  EXPECT_EQ(ladder.a.all<NegotiationSucceeded>().size(), 1U);  // nobody asked for the rekey
  ladder.run_until(seconds(3659));
  EXPECT_THAT(ladder.a.all<DeleteSa>(), IsEmpty());
  ladder.run_until(seconds(3661));
  ASSERT_EQ(ladder.a.all<DeleteSa>().size(), 1U);
  EXPECT_EQ(ladder.a.all<DeleteSa>()[0].inbound_spi, old);
  ASSERT_EQ(ladder.z.all<DeleteSa>().size(), 1U);
  EXPECT_EQ(ladder.z.all<DeleteSa>()[0].inbound_spi, old_at_z);
  ladder.run_until(seconds(3800));
  EXPECT_EQ(ladder.a.engine->main_modes().size(), 1U);
}

TEST(Rekey, BothEndsAtTheSameInstantEndWithPairsThatWork) {
  Ladder ladder;
  ladder.acquire();
  ladder.settle();
  ladder.now = Instant{seconds(3600)};
  ladder.give(ladder.a, SaLifetimeReached{ladder.a.last<InstallInboundSa>()->pair.id()});
  ladder.give(ladder.z, SaLifetimeReached{ladder.z.last<InstallInboundSa>()->pair.id()});
  ladder.run_until(seconds(3700));
  std::set<Spi> alive;
  for (const InstallInboundSa& installed : ladder.a.all<InstallInboundSa>()) alive.insert(installed.pair.id());
  for (const DeleteSa& deleted : ladder.a.all<DeleteSa>()) alive.erase(deleted.inbound_spi);
  EXPECT_FALSE(alive.empty());
}

TEST(Rekey, AFailedRekeyDeletesTheOldPairAtOnce) {
  Ladder ladder;
  ladder.acquire();
  ladder.settle();
  const Spi old = ladder.a.last<InstallInboundSa>()->pair.id();
  ladder.z.policies.qm.reset();
  ladder.give(ladder.a, SaLifetimeReached{old});
  ladder.settle();
  ASSERT_FALSE(ladder.a.all<DeleteSa>().empty());
  EXPECT_EQ(ladder.a.all<DeleteSa>().front().inbound_spi, old);
}

TEST(Expiry, A201TheMainModeGoesAtItsEndAndItsPairsStay) {
  CONFORMANCE("A-201", "A-206");
  Ladder ladder;
  ladder.acquire();
  ladder.run_until(seconds(7199));
  EXPECT_EQ(ladder.a.engine->main_modes().size(), 1U);
  ladder.run_until(seconds(7201));
  EXPECT_THAT(ladder.a.engine->main_modes(), IsEmpty());
  EXPECT_THAT(ladder.z.engine->main_modes(), IsEmpty());
  EXPECT_EQ(ladder.a.last<MainModeDeleted>()->status, 13885U);
  EXPECT_THAT(ladder.a.all<DeleteSa>(), IsEmpty());
  EXPECT_THAT(ladder.z.all<DeleteSa>(), IsEmpty());
  // the rekey starts a new main mode, from the responder too.
  ladder.give(ladder.z, SaLifetimeReached{ladder.z.last<InstallInboundSa>()->pair.id()});
  ladder.settle();
  EXPECT_EQ(ladder.z.datagrams("MM#1").size(), 1U);
  EXPECT_EQ(ladder.z.engine->main_modes().size(), 1U);
}

TEST(Expiry, A208LimitZeroIsNoLimit) {
  CONFORMANCE("A-208");
  Ladder ladder;
  for (std::uint16_t port = 1; port <= 30; ++port) {
    ladder.acquire(port);
    ladder.settle();
  }
  EXPECT_EQ(ladder.a.all<NegotiationSucceeded>().size(), 30U);
  EXPECT_EQ(ladder.a.datagrams("MM#1").size(), 1U);
}

}  // namespace
}  // namespace ssx::authip::testing_support
