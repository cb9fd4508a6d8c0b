// Extended mode and the retry over authentication methods as ladders. authip.md 8.5, 8.7, 8.11.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "support/conformance.h"
#include "testbed.h"

namespace ssx::authip::testing_support {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

wfp::QuickModePolicy with_methods(std::vector<wfp::AuthMethod> methods) {
  wfp::QuickModePolicy policy = wfp::default_quick_mode_policy();
  policy.extended_mode->methods.clear();
  for (const wfp::AuthMethod method : methods) policy.extended_mode->methods.push_back({method, 0, {}});
  return policy;
}

std::vector<std::string> gss_decisions(const Peer& peer) {
  std::vector<std::string> found;
  for (const Decided& decided : peer.all<Decided>()) {
    if (decided.decision.phase != "EM GSS") continue;
    found.push_back(decided.decision.object + ": " + decided.decision.outcome);
  }
  return found;
}

TEST(ExtendedModeLadder, C242C223EveryMethodIsTriedInOrder) {
  CONFORMANCE("A-111", "A-112", "A-120", "A-122", "A-124", "A-229", "C-223", "C-242");
  Ladder ladder;
  const auto tls = known_mechanism();
  tls->answer_fails = 13806;
  ladder.z.credentials.mechanisms[4] = tls;
  ladder.a.credentials.mechanisms[4] = known_mechanism();
  ladder.acquire();
  ladder.settle();
  ASSERT_TRUE(ladder.a.last<NegotiationSucceeded>());
  EXPECT_THAT(gss_decisions(ladder.a),
              ElementsAre("TLS: attempt 1 starts", "TLS: failed: the peer answered 13806 no usable certificate",
                          "Kerberos: attempt 2 starts", "Kerberos: authenticated"));
  EXPECT_EQ(ladder.a.last<MainModeEstablished>()->details.extended_mode_method, wfp::AuthMethod::kKerberos);
  EXPECT_EQ(ladder.a.last<InstallOutboundSa>()->pair.outbound[0].integrity_key,
            ladder.z.last<InstallInboundSa>()->pair.inbound[0].integrity_key);
}

TEST(ExtendedModeLadder, A123A124ThreeAttemptsThen13801AndNothingIsLeft) {
  CONFORMANCE("A-123", "A-124", "C-223");
  Ladder ladder;
  const auto failing = known_mechanism();
  failing->answer_fails = 13827;
  for (const std::uint16_t method : {std::uint16_t{2}, std::uint16_t{4}}) {
    ladder.a.credentials.mechanisms[method] = failing;
    ladder.z.credentials.mechanisms[method] = failing;
  }
  ladder.acquire();
  ladder.settle();
  EXPECT_EQ(ladder.a.datagrams("EM#3").size(), 3U);
  const auto failed = ladder.a.all<NegotiationFailed>();
  ASSERT_EQ(failed.size(), 1U);
  EXPECT_EQ(failed[0].status, 13801U);
  EXPECT_EQ(failed[0].phase, Phase::kExtendedMode);
  EXPECT_FALSE(failed[0].wrong_target_name);
  EXPECT_THAT(ladder.a.engine->main_modes(), IsEmpty());
  EXPECT_THAT(ladder.z.engine->main_modes(), IsEmpty());
  EXPECT_THAT(ladder.a.all<InstallInboundSa>(), IsEmpty());
  EXPECT_THAT(ladder.z.all<InstallInboundSa>(), IsEmpty());
  ladder.run_until(seconds(200));
  EXPECT_FALSE(ladder.z.engine->next_deadline());
}

TEST(ExtendedModeLadder, A121AMethodWithoutCredentialIsReportedAndTheNextOneTried) {
  CONFORMANCE("A-121");
  Ladder ladder;
  ladder.z.credentials.mechanisms[4] = known_mechanism();  // Z would take TLS, A has none
  ladder.acquire();
  ladder.settle();
  ASSERT_TRUE(ladder.a.last<NegotiationSucceeded>());
  EXPECT_EQ(ladder.a.datagrams("EM#3").size(), 2U);
  EXPECT_THAT(gss_decisions(ladder.z),
              ElementsAre("TLS: failed: the initiator could not start it", "Kerberos: own context complete"));
}

TEST(ExtendedModeLadder, OwnProcessingFailureIsFollowedByTheNextMethodInStep) {
  Ladder ladder;
  wfp::QuickModePolicy policy =
      with_methods({wfp::AuthMethod::kKerberos, wfp::AuthMethod::kSsl, wfp::AuthMethod::kNtlmV2});
  for (Peer* peer : {&ladder.a, &ladder.z}) {
    peer->policies.qm = quick_mode_choice(policy);
    peer->credentials.mechanisms[4] = known_mechanism();
    peer->credentials.mechanisms[5] = known_mechanism();
  }
  const auto broken = known_mechanism();
  broken->initiator_processing_fails = 13827;
  ladder.a.credentials.mechanisms[2] = broken;
  ladder.a.credentials.mechanisms.erase(4);  // and the second one cannot be started at all
  ladder.acquire();
  ladder.settle();
  ASSERT_TRUE(ladder.a.last<NegotiationSucceeded>());
  EXPECT_EQ(ladder.a.last<MainModeEstablished>()->details.extended_mode_method, wfp::AuthMethod::kNtlmV2);
  EXPECT_EQ(ladder.z.last<MainModeEstablished>()->details.extended_mode_method, wfp::AuthMethod::kNtlmV2);
}

TEST(ExtendedModeLadder, A116TwoRoundsWithAnEmptyLastAnswer) {
  CONFORMANCE("A-115", "A-116");
  Ladder ladder;
  const auto two_rounds = known_mechanism();
  two_rounds->rounds = 2;
  two_rounds->last_answer_is_empty = true;
  for (Peer* peer : {&ladder.a, &ladder.z}) {
    peer->policies.qm = quick_mode_choice(with_methods({wfp::AuthMethod::kNtlmV2}));
    peer->credentials.mechanisms[5] = two_rounds;
  }
  ladder.acquire();
  ladder.settle();
  EXPECT_TRUE(ladder.a.last<NegotiationSucceeded>());
  EXPECT_EQ(ladder.a.datagrams("EM#3").size(), 2U);
}

TEST(ExtendedModeLadder, A238AFlagLetsAHostAnswerKerberosButNotStartIt) {
  CONFORMANCE("A-238");
  wfp::QuickModePolicy policy = with_methods({wfp::AuthMethod::kKerberos});
  policy.extended_mode->methods.front().flags = 0x1;  // DISABLE_INITIATOR_TOKEN_GENERATION
  Ladder starts;
  starts.a.policies.qm = quick_mode_choice(policy);
  starts.acquire();
  starts.settle();
  EXPECT_EQ(starts.a.last<NegotiationFailed>()->status, 13801U);
  Ladder answers;
  answers.z.policies.qm = quick_mode_choice(policy);
  answers.acquire();
  answers.settle();
  EXPECT_TRUE(answers.a.last<NegotiationSucceeded>());
}

TEST(ExtendedModeLadder, NoCommonMethodIs13801) {
  Ladder ladder;
  ladder.z.credentials.mechanisms.clear();  // Z has a credential for nothing
  ladder.acquire();
  ladder.settle();
  EXPECT_EQ(ladder.a.last<NegotiationFailed>()->status, 13801U);
  EXPECT_EQ(ladder.a.last<NegotiationFailed>()->phase, Phase::kExtendedMode);
  EXPECT_THAT(ladder.a.datagrams("EM#3"), IsEmpty());
}

TEST(ExtendedModeLadder, A126ALongListStopsAfter16Attempts) {
  CONFORMANCE("A-126");
  Ladder ladder;
  const auto failing = known_mechanism();
  failing->answer_fails = 13827;
  const std::vector<wfp::AuthMethod> many(20, wfp::AuthMethod::kKerberos);
  for (Peer* peer : {&ladder.a, &ladder.z}) {
    peer->policies.qm = quick_mode_choice(with_methods(many));
    peer->credentials.mechanisms[2] = failing;
  }
  ladder.acquire();
  ladder.settle();
  EXPECT_EQ(ladder.a.datagrams("EM#3").size(), 16U);
  EXPECT_EQ(ladder.a.last<NegotiationFailed>()->status, 13801U);
}

TEST(ExtendedModeLadder, U11TheInitiatorOptionalRepeatsWithoutExtendedMode) {
  Ladder ladder;
  ladder.a.policies.qm = quick_mode_choice(with_methods({wfp::AuthMethod::kKerberos, wfp::AuthMethod::kAnonymous}));
  ladder.z.policies.qm = quick_mode_choice(without_extended_mode(wfp::default_quick_mode_policy()));
  ladder.acquire();
  ladder.settle();
  ASSERT_EQ(ladder.a.all<NegotiationSucceeded>().size(), 1U);
  EXPECT_THAT(ladder.a.all<NegotiationFailed>(), IsEmpty());
  EXPECT_EQ(ladder.a.datagrams("MM#1").size(), 2U);
  EXPECT_EQ(ladder.a.datagrams("EM#1").size(), 1U);
  EXPECT_EQ(ladder.a.last<InstallOutboundSa>()->pair.outbound[0].integrity_key,
            ladder.z.last<InstallInboundSa>()->pair.inbound[0].integrity_key);
}

TEST(ExtendedModeLadder, U11TheInitiatorThatInsistsFails) {
  Ladder ladder;
  ladder.z.policies.qm = quick_mode_choice(without_extended_mode(wfp::default_quick_mode_policy()));
  ladder.acquire();
  ladder.settle();
  EXPECT_EQ(ladder.a.last<NegotiationFailed>()->status, 13801U);
  EXPECT_EQ(ladder.a.datagrams("MM#1").size(), 1U);
  // What Z installed with #8 is gone again.
  ASSERT_EQ(ladder.z.all<InstallInboundSa>().size(), 1U);
  EXPECT_EQ(ladder.z.all<DeleteSa>().size(), 1U);
}

TEST(ExtendedModeLadder, U11TheResponderOptionalInstallsWithoutAndKeysAnewIfExtendedModeComes) {
  Ladder ladder;
  ladder.z.policies.qm = quick_mode_choice(with_methods({wfp::AuthMethod::kAnonymous, wfp::AuthMethod::kKerberos}));
  ladder.acquire();
  ladder.settle();
  ASSERT_TRUE(ladder.a.last<NegotiationSucceeded>());
  EXPECT_EQ(ladder.z.all<InstallInboundSa>().size(), 2U);
  EXPECT_EQ(ladder.z.all<DeleteSa>().size(), 1U);
  EXPECT_EQ(ladder.z.all<InstallInboundSa>().back().pair.inbound[0].integrity_key,
            ladder.a.last<InstallOutboundSa>()->pair.outbound[0].integrity_key);

  Ladder without;
  without.z.policies.qm = ladder.z.policies.qm;
  without.a.policies.qm = quick_mode_choice(without_extended_mode(wfp::default_quick_mode_policy()));
  without.acquire();
  without.settle();
  ASSERT_TRUE(without.a.last<NegotiationSucceeded>());
  EXPECT_EQ(without.z.last<InstallInboundSa>()->pair.inbound[0].integrity_key,
            without.a.last<InstallOutboundSa>()->pair.outbound[0].integrity_key);
}

TEST(ExtendedModeLadder, AResponderThatInsistsWaits60SecondsForExtendedMode) {
  Ladder ladder;
  ladder.a.policies.qm = quick_mode_choice(without_extended_mode(wfp::default_quick_mode_policy()));
  ladder.acquire();
  ladder.run_until(seconds(59));
  EXPECT_THAT(ladder.z.all<InstallInboundSa>(), IsEmpty());
  ladder.run_until(seconds(61));
  EXPECT_THAT(ladder.z.times("NOTIFY"), ElementsAre(60));
  EXPECT_THAT(ladder.z.engine->main_modes(), IsEmpty());
}

// --- names (D-32)
// ---------------------------------------------------------------------------------------------------------

TEST(TargetNameLadder, A234TheRightNameInAnyFormSucceeds) {
  CONFORMANCE("A-234");
  for (const std::string name : {"host/server.example.test", "SERVER.example.test", "server", "server$"}) {
    Ladder ladder;
    TargetNames target;
    target.names = {"unrelated.example.test", name};
    ladder.acquire(27015, target);
    ladder.settle();
    EXPECT_TRUE(ladder.a.last<NegotiationSucceeded>()) << name;
  }
}

TEST(TargetNameLadder, A234TheWrongNameFailsBeforeATokenIsSent) {
  CONFORMANCE("A-234");
  Ladder ladder;
  TargetNames target;
  target.names = {"other.example.test"};
  ladder.acquire(27015, target);
  ladder.settle();
  EXPECT_THAT(ladder.a.datagrams("EM#3"), IsEmpty());
  const auto failed = ladder.a.last<NegotiationFailed>();
  ASSERT_TRUE(failed);
  EXPECT_EQ(failed->status, 13801U);
  EXPECT_TRUE(failed->wrong_target_name);
  EXPECT_THAT(ladder.a.all<InstallInboundSa>(), IsEmpty());
  EXPECT_THAT(ladder.z.all<InstallInboundSa>(), IsEmpty());
}

TEST(TargetNameLadder, A234RawNamesAreComparedAsTheyAre) {
  CONFORMANCE("A-234");
  Ladder ladder;
  TargetNames target;
  target.names = {"server.example.test"};
  target.raw = true;
  ladder.acquire(27015, target);
  ladder.settle();
  EXPECT_TRUE(ladder.a.last<NegotiationFailed>()->wrong_target_name);
}

TEST(TargetNameLadder, A235WithoutNamesAnyNameIsAccepted) {
  CONFORMANCE("A-235");
  Ladder ladder;
  ladder.z.credentials.gss_id = "host/anybody.example.test";
  ladder.acquire();
  ladder.settle();
  EXPECT_TRUE(ladder.a.last<NegotiationSucceeded>());
  const auto* mechanism = dynamic_cast<const FakeMechanism*>(ladder.a.credentials.mechanisms.at(2).get());
  ASSERT_NE(mechanism, nullptr);
  EXPECT_EQ(mechanism->requests.back().target_name, "host/anybody.example.test");
}

TEST(TargetNameLadder, MainModeWithKerberosChecksTheNameOfTheSecondMessage) {
  Ladder ladder;
  for (Peer* peer : {&ladder.a, &ladder.z}) {
    peer->policies.mm = main_mode_choice(kerberos_main_mode());
    peer->policies.qm = quick_mode_choice(fast_quick_mode());
  }
  TargetNames target;
  target.names = {"other"};
  ladder.acquire(27015, target);
  ladder.settle();
  EXPECT_THAT(ladder.a.datagrams("MM#3"), IsEmpty());
  EXPECT_TRUE(ladder.a.last<NegotiationFailed>()->wrong_target_name);
}

TEST(TargetNameLadder, AnUnprovenNameIsTheWrongOneUnlessVerificationIsOptional) {
  for (const bool optional : {false, true}) {
    Ladder ladder;
    for (Peer* peer : {&ladder.a, &ladder.z}) peer->policies.qm = quick_mode_choice(fast_quick_mode());
    TargetNames target;
    target.names = {"server"};
    target.optional_verification = optional;
    ladder.acquire(27015, target);
    ladder.settle();
    EXPECT_EQ(ladder.a.last<NegotiationSucceeded>().has_value(), optional);
    if (!optional) {
      EXPECT_TRUE(ladder.a.last<NegotiationFailed>()->wrong_target_name);
    }
  }
}

// --- wrong messages
// -------------------------------------------------------------------------------------------------------

TEST(ExtendedModeLadder, A170A242ImpersonationGivesTheResponderAUserToken) {
  CONFORMANCE("A-170", "A-242", "A-243", "A-190", "A-191", "A-205");
  Ladder ladder;
  wfp::QuickModePolicy policy = with_methods({wfp::AuthMethod::kKerberos});
  policy.extended_mode->initiator_impersonation = wfp::ImpersonationType::kSocketPrincipal;
  const auto as_user = known_mechanism();
  as_user->initiator = user("alice");
  for (Peer* peer : {&ladder.a, &ladder.z}) {
    peer->policies.qm = quick_mode_choice(policy);
    peer->credentials.mechanisms[2] = as_user;
  }
  Acquire event = ladder.acquire_event();
  event.user = user("alice");
  ladder.give(ladder.a, event);
  ladder.settle();
  ASSERT_TRUE(ladder.a.last<NegotiationSucceeded>());
  EXPECT_TRUE(as_user->requests.back().as_user);
  EXPECT_EQ(as_user->requests.back().user, user("alice"));
  const ipsec::SaPair theirs = ladder.z.last<InstallInboundSa>()->pair;
  ASSERT_EQ(theirs.peer_tokens.size(), 1U);
  EXPECT_EQ(theirs.peer_tokens[0].type, identity::TokenType::kImpersonation);
  EXPECT_EQ(theirs.peer_tokens[0].principal.account, "alice");
  EXPECT_EQ(ladder.a.last<InstallOutboundSa>()->pair.impersonated_user, user("alice"));

  // another user's traffic gets its own main mode.
  Acquire other = ladder.acquire_event(2);
  other.user = user("bob");
  ladder.give(ladder.a, other);
  ladder.settle();
  EXPECT_EQ(ladder.a.datagrams("MM#1").size(), 2U);

  // D-28: with active impersonation the responder asks, and the initiator rekeys.
  const Spi old = ladder.z.all<InstallInboundSa>().front().pair.id();
  ladder.give(ladder.z, SaLifetimeReached{old});
  EXPECT_THAT(ladder.z.datagrams("QM#5"), IsEmpty());
  EXPECT_EQ(ladder.z.datagrams("NOTIFY").size(), 1U);
  const std::size_t before = ladder.a.datagrams("NOTIFY").size();
  ladder.settle();
  EXPECT_EQ(ladder.a.datagrams("NOTIFY").size(), before + 1);  // acknowledged
  EXPECT_GT(ladder.a.datagrams("QM#5").size() + ladder.a.datagrams("MM#1").size(), 4U);
}

TEST(ExtendedModeLadder, A171AnotherMessageIdIsDropped) {
  CONFORMANCE("A-171", "A-043");
  Ladder ladder;
  ladder.network = [](Datagram datagram) -> std::vector<Datagram> {
    if (datagram.name == "EM#1") return {};
    return {std::move(datagram)};
  };
  ladder.acquire();
  ladder.settle();
  OctetVector first = ladder.a.datagrams("EM#1").front();
  first[23] = std::byte{2};
  const std::size_t sent = ladder.z.sent().size();
  ladder.inject(ladder.z, a_end(), first);
  EXPECT_EQ(ladder.z.sent().size(), sent);
  OctetVector clear = ladder.a.datagrams("EM#1").front();
  clear[19] = std::byte{0};
  clear.resize(44);
  clear[27] = std::byte{44};
  clear[26] = std::byte{0};
  clear[31] = std::byte{16};
  ladder.inject(ladder.z, a_end(), clear);
  EXPECT_TRUE(ladder.z.dropped_with("A-043"));
  EXPECT_EQ(ladder.z.sent().size(), sent);
}

}  // namespace
}  // namespace ssx::authip::testing_support
