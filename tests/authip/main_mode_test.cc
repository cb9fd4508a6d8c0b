// Main mode as ladders: groups, refusals, silence, wrong messages. authip.md 8.1, 8.3, 8.4.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "support/conformance.h"
#include "testbed.h"

namespace ssx::authip::testing_support {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

wfp::MainModePolicy only_3des() {
  wfp::MainModePolicy policy = wfp::default_main_mode_policy();
  std::erase_if(policy.proposals, [](const wfp::MainModeProposal& p) { return p.cipher != wfp::IkeCipher::k3Des; });
  return policy;
}

TEST(MainModeLadder, A088C238OtherGroupIsOfferedInASecondNegotiationWithNewCookies) {
  CONFORMANCE("A-088", "C-238", "A-012", "A-086", "A-104");
  Ladder ladder;
  ladder.z.policies.mm = main_mode_choice(only_3des());
  ladder.acquire();  // A sends #1 with group 19
  ladder.settle();   // Z answers 13868; A sends #1 with group 2, and all goes well
  const auto first = ladder.a.datagrams("MM#1");
  ASSERT_EQ(first.size(), 2U);
  EXPECT_FALSE(equal(Octets(first[0]).first(8), Octets(first[1]).first(8)));
  const auto refusal = ladder.z.datagrams("NOTIFY");
  ASSERT_EQ(refusal.size(), 1U);
  EXPECT_EQ(to_hex(Octets(refusal[0]).subspan(8, 8)), "0000000000000000");
  EXPECT_EQ(load_u32(Octets(refusal[0]).last(4)), 13868U);
  const auto established = ladder.a.last<MainModeEstablished>();
  ASSERT_TRUE(established);
  EXPECT_EQ(established->details.proposal.cipher, wfp::IkeCipher::k3Des);
  EXPECT_EQ(established->details.proposal.dh_group, wfp::IkeDhGroup::kGroup2);
  EXPECT_TRUE(ladder.a.last<NegotiationSucceeded>());
  EXPECT_THAT(ladder.a.all<NegotiationFailed>(), IsEmpty());
  EXPECT_EQ(ladder.a.engine->main_modes().size(), 1U);
  EXPECT_EQ(ladder.z.engine->main_modes().size(), 1U);
}

TEST(MainModeLadder, A104NoCommonProposalEndsWith13868AfterBothGroups) {
  CONFORMANCE("A-104", "A-187");
  Ladder ladder;
  wfp::MainModePolicy other = wfp::default_main_mode_policy();
  for (wfp::MainModeProposal& proposal : other.proposals) proposal.integrity = wfp::IkeIntegrity::kSha256;
  ladder.z.policies.mm = main_mode_choice(other);
  ladder.acquire();
  ladder.settle();
  EXPECT_THAT(ladder.a.sent(), ElementsAre("MM#1", "MM#1"));
  EXPECT_THAT(ladder.z.sent(), ElementsAre("NOTIFY", "NOTIFY"));
  const auto failed = ladder.a.all<NegotiationFailed>();
  ASSERT_EQ(failed.size(), 1U);
  EXPECT_EQ(failed[0].status, 13868U);
  EXPECT_EQ(failed[0].point, FailurePoint::kPeer);
  EXPECT_EQ(failed[0].phase, Phase::kMainMode);
  EXPECT_FALSE(ladder.a.engine->next_deadline());
  EXPECT_FALSE(ladder.z.engine->next_deadline());
  bool explained = false;
  for (const Decided& decided : ladder.z.all<Decided>()) {
    explained = explained || decided.decision.outcome.find("hash SHA-1 is not SHA-256") != std::string::npos;
  }
  EXPECT_TRUE(explained);
}

TEST(MainModeLadder, A103A196NoPolicyAtTheResponderIsSilenceAnd13805At30Seconds) {
  CONFORMANCE("A-103", "A-196", "A-051");
  Ladder ladder;
  ladder.z.policies.mm.reset();
  ladder.acquire();
  ladder.run_until(seconds(29));
  EXPECT_THAT(ladder.a.all<NegotiationFailed>(), IsEmpty());
  ladder.run_until(seconds(100));
  EXPECT_THAT(ladder.z.sent(), IsEmpty());
  EXPECT_TRUE(ladder.z.dropped_with("A-103"));
  EXPECT_THAT(ladder.a.times("MM#1"), ElementsAre(0, 2, 6, 14));
  const auto first = ladder.a.datagrams("MM#1");
  for (const OctetVector& repeated : first) EXPECT_EQ(repeated, first.front());
  const auto failed = ladder.a.last<NegotiationFailed>();
  ASSERT_TRUE(failed);
  EXPECT_EQ(failed->status, 13805U);
  EXPECT_EQ(failed->point, FailurePoint::kPeer);
  EXPECT_EQ(ladder.a.record.back().at.since_epoch, seconds(30));
}

TEST(MainModeLadder, A198NormativeProfileRetransmitsSevenTimes) {
  CONFORMANCE("A-198");
  Ladder ladder(Config{.profile = Profile::kNormative});
  ladder.z.policies.mm.reset();
  ladder.acquire();
  ladder.run_until(seconds(1000));
  EXPECT_THAT(ladder.a.times("MM#1"), ElementsAre(0, 2, 6, 14, 30, 62, 126, 254));
  EXPECT_EQ(ladder.a.record.back().at.since_epoch, seconds(510));
}

TEST(MainModeLadder, RetransmitDurationOfThePolicyEndsTheSeries) {
  Ladder ladder;
  wfp::MainModePolicy policy = wfp::default_main_mode_policy();
  policy.retransmit_duration_seconds = 10;
  ladder.a.policies.mm = main_mode_choice(policy);
  ladder.z.policies.mm.reset();
  ladder.acquire();
  ladder.run_until(seconds(100));
  EXPECT_THAT(ladder.a.times("MM#1"), ElementsAre(0, 2, 6));
  EXPECT_EQ(ladder.a.record.back().at.since_epoch, seconds(10));
}

TEST(MainModeLadder, A105NoCommonMethodIs13801) {
  CONFORMANCE("A-105");
  Ladder ladder;
  ladder.a.policies.mm = main_mode_choice(kerberos_main_mode());
  ladder.z.policies.mm = main_mode_choice(kerberos_main_mode());
  ladder.z.credentials.mechanisms.clear();
  ladder.acquire();
  ladder.settle();
  EXPECT_EQ(ladder.a.last<NegotiationFailed>()->status, 13801U);
  EXPECT_THAT(ladder.a.sent(), ElementsAre("MM#1"));
}

TEST(MainModeLadder, A194WithDiagnosticsDisabledNoClearStatusIsSentOrAccepted) {
  CONFORMANCE("A-194");
  wfp::MainModePolicy silent = only_3des();
  silent.flags |= wfp::kIkeDisableDiagnostics;
  Ladder sender;
  sender.z.policies.mm = main_mode_choice(silent);
  sender.acquire();
  sender.settle();
  EXPECT_THAT(sender.z.sent(), IsEmpty());

  Ladder receiver;
  wfp::MainModePolicy deaf = wfp::default_main_mode_policy();
  deaf.flags |= wfp::kIkeDisableDiagnostics;
  receiver.a.policies.mm = main_mode_choice(deaf);
  receiver.z.policies.mm = main_mode_choice(only_3des());
  receiver.acquire();
  receiver.settle();
  EXPECT_THAT(receiver.z.sent(), ElementsAre("NOTIFY"));
  EXPECT_THAT(receiver.a.sent(), ElementsAre("MM#1"));
  EXPECT_TRUE(receiver.a.dropped_with("A-194"));
}

TEST(MainModeLadder, A092TheRespondersOrderDecides) {
  CONFORMANCE("A-092", "A-093");
  Ladder ladder;
  wfp::MainModePolicy policy = wfp::default_main_mode_policy();
  policy.proposals = {policy.proposals.front(), policy.proposals.front()};
  policy.proposals[1].cipher = wfp::IkeCipher::kAes256;
  ladder.a.policies.mm = main_mode_choice(policy);
  std::swap(policy.proposals[0], policy.proposals[1]);
  ladder.z.policies.mm = main_mode_choice(policy);
  ladder.acquire();
  ladder.settle();
  EXPECT_EQ(ladder.a.last<MainModeEstablished>()->details.proposal.cipher, wfp::IkeCipher::kAes256);
  EXPECT_TRUE(ladder.a.last<NegotiationSucceeded>());
}

TEST(MainModeLadder, A085KerberosOnlyHasNoKeyExchangeAndGroupZero) {
  CONFORMANCE("A-085", "A-109", "A-048", "A-130", "A-031", "A-113", "A-114");
  Ladder ladder;
  for (Peer* peer : {&ladder.a, &ladder.z}) {
    peer->policies.mm = main_mode_choice(kerberos_main_mode());
    peer->policies.qm = quick_mode_choice(fast_quick_mode());
  }
  ladder.acquire();
  ladder.settle();
  // six messages with fast quick mode.
  EXPECT_THAT(ladder.a.sent(), ElementsAre("MM#1", "MM#3", "QM#5"));
  EXPECT_THAT(ladder.z.sent(), ElementsAre("MM#2", "MM#4", "QM#6"));
  const OctetVector first = ladder.a.datagrams("MM#1").front();
  EXPECT_THAT(to_hex(first), HasSubstr("80040000"));                     // group 0
  EXPECT_EQ(to_hex(first).find("7bb93867d76c8d80"), std::string::npos);  // no DH group vendor ID
  const OctetVector third = ladder.a.datagrams("MM#3").front();
  EXPECT_EQ(third[18], std::byte{243});
  EXPECT_EQ(third[19], std::byte{0});
  EXPECT_EQ(load_u32(Octets(third).subspan(32)), 1U);
  EXPECT_EQ(third[36 + 8], std::byte{0x01});  // NEW only
  const OctetVector fourth = ladder.z.datagrams("MM#4").front();
  EXPECT_EQ(load_u16(Octets(fourth).subspan(30)), 16U);  // with an IV
  EXPECT_EQ(fourth[44 + 8], std::byte{0x10});            // RESPONDER_AUTH_COMPLETE only
  EXPECT_EQ(load_u32(Octets(ladder.a.datagrams("QM#5").front()).subspan(32)), 2U);
  const auto established = ladder.a.last<MainModeEstablished>();
  ASSERT_TRUE(established);
  EXPECT_EQ(established->details.proposal.dh_group, wfp::IkeDhGroup::kNone);
  EXPECT_EQ(established->details.main_mode_method, wfp::AuthMethod::kKerberos);
  const ipsec::SaPair pair = ladder.a.last<InstallOutboundSa>()->pair;
  EXPECT_EQ(pair.peer_name, "host/server.example.test");
  EXPECT_EQ(pair.peer_tokens.at(0).mode, identity::TokenMode::kMain);
  EXPECT_EQ(ladder.z.last<InstallInboundSa>()->pair.peer_name, "host/client.example.test");
}

TEST(MainModeLadder, NoIvInClearMessagesWithTheKnobOff) {
  Config config;
  config.clear_crypto_iv_by_responder = false;
  Ladder ladder(config);
  for (Peer* peer : {&ladder.a, &ladder.z}) peer->policies.mm = main_mode_choice(kerberos_main_mode());
  ladder.acquire();
  ladder.settle();
  EXPECT_EQ(load_u16(Octets(ladder.z.datagrams("MM#4").front()).subspan(30)), 8U);
  EXPECT_TRUE(ladder.a.last<NegotiationSucceeded>());
}

TEST(MainModeLadder, DiffieHellmanAlwaysGivesKerberosAKeyExchange) {
  Config config;
  config.main_mode_dh_always = true;
  Ladder ladder(config);
  for (Peer* peer : {&ladder.a, &ladder.z}) peer->policies.mm = main_mode_choice(kerberos_main_mode());
  ladder.acquire();
  ladder.settle();
  EXPECT_EQ(ladder.a.last<MainModeEstablished>()->details.proposal.dh_group, wfp::IkeDhGroup::kEcp256);
}

TEST(MainModeLadder, A108AnonymousWithFastQuickModeIsFourMessages) {
  CONFORMANCE("A-108", "A-150", "A-159");
  Ladder ladder;
  for (Peer* peer : {&ladder.a, &ladder.z}) peer->policies.qm = quick_mode_choice(fast_quick_mode());
  ladder.acquire();
  ladder.settle();
  EXPECT_THAT(ladder.a.sent(), ElementsAre("MM#1", "QM#5"));
  EXPECT_THAT(ladder.z.sent(), ElementsAre("MM#2", "QM#6"));
  const auto position = [&](auto predicate) {
    return std::ranges::find_if(ladder.z.record, predicate) - ladder.z.record.begin();
  };
  const auto outbound = position([](const Recorded& r) { return std::holds_alternative<InstallOutboundSa>(r.effect); });
  const auto sixth = position([](const Recorded& r) {
    const auto* sent = std::get_if<SendDatagram>(&r.effect);
    return sent != nullptr && sent->name == "QM#6";
  });
  EXPECT_LT(outbound, sixth);
  EXPECT_TRUE(ladder.a.last<NegotiationSucceeded>());
}

TEST(MainModeLadder, A200HalfOpenResponderGivesUpAfter60Seconds) {
  CONFORMANCE("A-200", "A-199");
  Ladder ladder;
  ladder.network = [](Datagram datagram) -> std::vector<Datagram> {
    if (datagram.name == "MM#2") return {};
    return {std::move(datagram)};
  };
  ladder.acquire();
  ladder.under_way.clear();  // only the first #1 gets through
  ladder.inject(ladder.z, a_end(), ladder.a.datagrams("MM#1").front());
  ladder.network = [](Datagram) { return std::vector<Datagram>{}; };
  ladder.run_until(seconds(59));
  EXPECT_THAT(ladder.z.sent(), ElementsAre("MM#2"));  // R never retransmits on its own
  ladder.run_until(seconds(61));
  EXPECT_THAT(ladder.z.sent(), ElementsAre("MM#2", "NOTIFY"));
  EXPECT_THAT(ladder.z.times("NOTIFY"), ElementsAre(60));
  EXPECT_THAT(ladder.z.engine->main_modes(), IsEmpty());
}

TEST(MainModeLadder, A106A107QuotasDropFurtherFirstMessages) {
  CONFORMANCE("A-106", "A-107");
  Ladder negotiations;
  negotiations.acquire();
  negotiations.under_way.clear();
  OctetVector first = negotiations.a.datagrams("MM#1").front();
  std::size_t answered = 0;
  for (std::uint8_t i = 0; i < 40; ++i) {
    first[0] = static_cast<std::byte>(0x80 + i);
    negotiations.inject(negotiations.z, a_end(), first);
    answered = negotiations.z.datagrams("MM#2").size() + negotiations.z.datagrams("NOTIFY").size();
  }
  // NAT-D is over the cookie: the copies look as if behind a NAT and are refused, which leaves nothing half open.
  EXPECT_EQ(answered, 40U);

  Ladder many;
  many.network = [](Datagram datagram) -> std::vector<Datagram> {
    if (datagram.name != "MM#1") return {};
    return {std::move(datagram)};
  };
  for (std::uint16_t i = 0; i < 40; ++i) {
    Acquire event = many.acquire_event(static_cast<std::uint16_t>(1000 + i));
    event.main_mode.policy_key.data1 = i;  // different policies get their own main mode
    many.give(many.a, event);
  }
  many.settle();
  EXPECT_EQ(many.z.datagrams("MM#2").size(), 36U);
  EXPECT_TRUE(many.z.dropped_with("A-107"));

  Ladder established;
  for (std::uint16_t i = 0; i < 25; ++i) {
    Acquire event = established.acquire_event(static_cast<std::uint16_t>(1000 + i));
    event.main_mode.policy_key.data1 = i;
    established.give(established.a, event);
    established.settle();
  }
  EXPECT_EQ(established.z.engine->main_modes().size(), 21U);
  EXPECT_EQ(established.a.last<NegotiationFailed>()->status, 13882U);  // the own limit, before any message
  Ladder other({}, 2);                                                 // the same host with a new engine
  other.acquire();
  const std::size_t before = established.z.sent().size();
  established.inject(established.z, a_end(), other.a.datagrams("MM#1").front());
  EXPECT_EQ(established.z.sent().size(), before);
  EXPECT_TRUE(established.z.dropped_with("A-106"));
}

TEST(MainModeLadder, A013A014A015A016OnlyTheRightCookiesAndEndpointsReachAMainMode) {
  CONFORMANCE("A-013", "A-014", "A-015", "A-016", "A-156");
  Ladder ladder;
  ladder.network = [](Datagram datagram) -> std::vector<Datagram> {
    if (datagram.name == "QM#5") return {};
    return {std::move(datagram)};
  };
  ladder.acquire();
  ladder.settle();
  const OctetVector fifth = ladder.a.datagrams("QM#5").front();
  const std::size_t before = ladder.z.sent().size();
  ladder.inject(ladder.z, {IpAddress::v4(0x0A000003), 500}, fifth);  // another address
  EXPECT_TRUE(ladder.z.dropped_with("A-016"));
  ladder.inject(ladder.z, {a_end().address, 501}, fifth);  // another port
  OctetVector unknown = fifth;
  unknown[3] ^= std::byte{1};
  ladder.inject(ladder.z, a_end(), unknown);
  unknown = fifth;
  unknown[12] ^= std::byte{1};
  ladder.inject(ladder.z, a_end(), unknown);
  EXPECT_EQ(ladder.z.all<Dropped>().size(), 4U);
  EXPECT_EQ(ladder.z.sent().size(), before);
  ladder.inject(ladder.z, a_end(), fifth);  // the right one still works
  EXPECT_EQ(ladder.z.sent().size(), before + 1);
}

TEST(MainModeLadder, A207A209QuickModeLimitLetsNThroughAndStartsANewMainModeAfter) {
  CONFORMANCE("A-207", "A-209");
  Ladder ladder;
  wfp::MainModePolicy policy = wfp::default_main_mode_policy();
  for (wfp::MainModeProposal& proposal : policy.proposals) proposal.quick_mode_limit = 2;
  for (Peer* peer : {&ladder.a, &ladder.z}) peer->policies.mm = main_mode_choice(policy);
  for (std::uint16_t port = 1; port <= 3; ++port) {
    ladder.acquire(port);
    ladder.settle();
  }
  EXPECT_EQ(ladder.a.all<NegotiationSucceeded>().size(), 3U);
  EXPECT_EQ(ladder.a.datagrams("MM#1").size(), 2U);
  EXPECT_EQ(ladder.a.engine->main_modes().size(), 2U);
}

TEST(MainModeLadder, A278NoNatDetectionForIpv6) {
  CONFORMANCE("A-278");
  std::array<std::byte, 16> octets{};
  octets[0] = std::byte{0xfd};
  octets[15] = std::byte{1};
  const IpAddress a6 = IpAddress::v6(octets);
  octets[15] = std::byte{2};
  const IpAddress z6 = IpAddress::v6(octets);
  Ladder ladder;
  ladder.a.address = a6;
  ladder.z.address = z6;
  ladder.acquire();
  ladder.settle();
  EXPECT_TRUE(ladder.a.last<NegotiationSucceeded>());
  for (const Peer* peer : {&ladder.a, &ladder.z}) {
    const OctetVector message = peer->all<SendDatagram>().front().octets;
    EXPECT_EQ(to_hex(message).find("4a131c81070358455c5728f20e95452f"), std::string::npos);
  }
}

TEST(MainModeLadder, ADetectedNatEndsWith13868AndSaysWhy) {
  Ladder ladder;
  ladder.acquire();
  ladder.under_way.clear();
  ladder.inject(ladder.z, {IpAddress::v4(0x0A000009), 500}, ladder.a.datagrams("MM#1").front());
  ladder.under_way.clear();
  bool said = false;
  for (const Decided& decided : ladder.z.all<Decided>()) {
    said = said || decided.decision.outcome.find("UDP encapsulation is not modelled yet") != std::string::npos;
  }
  EXPECT_TRUE(said);
  EXPECT_EQ(load_u32(Octets(ladder.z.datagrams("NOTIFY").front()).last(4)), 13868U);
}

TEST(MainModeLadder, A083MessagesHaveTheHeaderOfAuthIp) {
  CONFORMANCE("A-007", "A-009", "A-010", "A-011", "A-017", "A-018", "A-022", "A-025", "A-028", "A-029", "A-030",
              "A-047", "A-049", "A-050", "A-133", "A-134");
  Ladder ladder;
  ladder.acquire();
  ladder.settle();
  ASSERT_TRUE(ladder.a.last<NegotiationSucceeded>());
  for (const Peer* peer : {&ladder.a, &ladder.z}) {
    std::map<std::uint8_t, std::vector<std::uint32_t>> numbers;
    for (const SendDatagram& sent : peer->all<SendDatagram>()) {
      const Octets octets = sent.octets;
      const auto exchange = std::to_integer<std::uint8_t>(octets[18]);
      const bool encrypted = octets[19] != std::byte{0};
      EXPECT_EQ(octets[16], std::byte{0x85});
      EXPECT_EQ(octets[17], std::byte{0x10});
      EXPECT_TRUE(exchange >= 243 && exchange <= 246);
      EXPECT_EQ(octets[19] & std::byte{0xFE}, std::byte{0});
      EXPECT_EQ(load_u32(octets.subspan(20)), exchange == 245 ? 1U : 0U) << sent.name;
      EXPECT_EQ(load_u32(octets.subspan(24)), octets.size());
      EXPECT_EQ(load_u16(octets.subspan(30)), encrypted ? 24U : 8U);
      if (encrypted) {
        EXPECT_EQ(octets[28], std::byte{0});
      }
      numbers[exchange].push_back(load_u32(octets.subspan(32)));
    }
    EXPECT_THAT(numbers[243], ElementsAre(0, 1));
    EXPECT_THAT(numbers[244], ElementsAre(0));
    EXPECT_THAT(numbers[245], ElementsAre(0, 1, 2));
  }
  EXPECT_EQ(to_hex(Octets(ladder.a.datagrams("MM#1").front()).subspan(8, 8)), "0000000000000000");
  EXPECT_NE(to_hex(Octets(ladder.z.datagrams("MM#2").front()).subspan(8, 8)), "0000000000000000");
}

}  // namespace
}  // namespace ssx::authip::testing_support
