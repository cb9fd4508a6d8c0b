// The packet decisions against a literal transcription of the pseudo-code of authip.md 5.3 and 5.4, over all inputs.
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "model/ipsec/traffic_decision.h"
#include "support/conformance.h"

namespace ssx::ipsec {
namespace {

// --- 5.3
// ----------------------------------------------------------------------------------------------------------------

struct Outbound {
  bool protect, discovers, suppressed, requires_security, requires_encryption, secure, negotiating, failed, policy, sa,
      udp, boundary, first;
};
constexpr unsigned kOutboundBits = 13;

Outbound outbound_of(unsigned bits) {
  const auto bit = [bits](unsigned index) { return (bits >> index & 1) != 0; };
  return {bit(0), bit(1), bit(2), bit(3), bit(4), bit(5), bit(6), bit(7), bit(8), bit(9), bit(10), bit(11), bit(12)};
}

OutboundAction decided(const Outbound& in) {
  wfp::IpsecWishes wishes;
  wishes.protect = in.protect;
  wishes.every_filter_discovers = in.discovers;
  wishes.suppress_negotiation = in.suppressed;
  FlowFacts flow;
  flow.requires_security = in.requires_security;
  flow.requires_encryption = in.requires_encryption;
  flow.secure = in.secure;
  flow.negotiating = in.negotiating;
  flow.negotiation_failed = in.failed;
  flow.has_policy = in.policy;
  return decide_outbound(wishes, flow, {in.sa, in.udp, in.boundary}, in.first).action;
}

/// 5.3 line by line. A flow that may not go clear is never treated as one of an ND rule (D-49, and its else branch).
OutboundAction transcribed(const Outbound& in) {
  const bool never_clear = in.requires_security || in.requires_encryption || in.secure;
  const bool wants = in.protect || never_clear;
  if (!wants) return OutboundAction::kSendClear;
  const bool nd = in.protect && in.discovers && !never_clear;
  if (in.sa) {
    if (in.udp && in.boundary && nd) return OutboundAction::kSendClear;
    return OutboundAction::kProtect;
  }
  if (in.failed) return nd ? OutboundAction::kSendClear : OutboundAction::kDrop;
  const bool may_negotiate = in.negotiating || (!in.suppressed && in.policy);
  if (!may_negotiate) return nd ? OutboundAction::kSendClear : OutboundAction::kDrop;
  if (nd && !in.first) return in.negotiating ? OutboundAction::kSendClear : OutboundAction::kSendClearAndNegotiate;
  return in.negotiating ? OutboundAction::kHold : OutboundAction::kHoldAndNegotiate;
}

TEST(OutboundDecision, AgreesWithTheTranscriptionForEveryInput) {
  CONFORMANCE("A-245", "A-246", "A-247", "A-248", "A-258", "A-262");
  for (unsigned bits = 0; bits < 1U << kOutboundBits; ++bits) {
    const Outbound in = outbound_of(bits);
    ASSERT_EQ(decided(in), transcribed(in))
        << bits << ": " << to_string(decided(in)) << ", not " << to_string(transcribed(in));
  }
}

TEST(OutboundDecision, A262WhatMustBeProtectedIsNeverSentClear) {
  CONFORMANCE("A-248", "A-262", "A-267");
  for (unsigned bits = 0; bits < 1U << kOutboundBits; ++bits) {
    const Outbound in = outbound_of(bits);
    if (!in.requires_security && !in.requires_encryption && !in.secure) continue;
    const OutboundAction action = decided(in);
    ASSERT_NE(action, OutboundAction::kSendClear) << bits;
    ASSERT_NE(action, OutboundAction::kSendClearAndNegotiate) << bits;
  }
}

TEST(OutboundDecision, A246ARunningNegotiationIsNeverDoubled) {
  CONFORMANCE("A-246");
  for (unsigned bits = 0; bits < 1U << kOutboundBits; ++bits) {
    const Outbound in = outbound_of(bits);
    if (!in.negotiating) continue;
    const OutboundAction action = decided(in);
    ASSERT_NE(action, OutboundAction::kHoldAndNegotiate) << bits;
    ASSERT_NE(action, OutboundAction::kSendClearAndNegotiate) << bits;
  }
}

// --- 5.4
// ----------------------------------------------------------------------------------------------------------------

struct Case {
  FlowFacts flow;
  InboundFacts packet;
};

template <class Function>
void for_every_inbound(Function function) {
  for (unsigned bits = 0; bits < 1U << 10U; ++bits) {
    const auto bit = [bits](unsigned index) { return (bits >> index & 1) != 0; };
    for (const int age : {-1, 0, 9, 10, 11}) {
      for (const int grace : {0, 10}) {
        Case c;
        c.flow.requires_security = bit(0);
        c.flow.requires_encryption = bit(1);
        c.flow.secure = bit(2);
        c.flow.negotiating = bit(3);
        c.flow.negotiation_failed = bit(4);
        c.flow.discovers = bit(5);
        c.packet.arrived_protected = bit(6);
        c.packet.arrived_encrypted = bit(6) && bit(7);
        c.packet.flow_exists = bit(8);
        c.packet.policy_discovers = bit(9);
        c.packet.sa_matches = age >= 0;
        if (age >= 0) c.packet.sa_age = std::chrono::seconds(age);
        c.packet.allow_clear = std::chrono::seconds(grace);
        function(c, bits, age, grace);
      }
    }
  }
}

bool transcribed(const Case& c) {
  const FlowFacts& flow = c.flow;
  const InboundFacts& packet = c.packet;
  if (packet.arrived_protected) {
    return !(packet.flow_exists && flow.requires_encryption && !packet.arrived_encrypted);  // wfp-model.md 6.6
  }
  if (flow.requires_security || flow.requires_encryption) return false;  // D-49
  if (flow.secure) return false;
  if (!packet.flow_exists) return packet.policy_discovers;
  if (!flow.discovers) return false;
  if (!packet.sa_matches) return true;
  return packet.allow_clear > Duration{0} && *packet.sa_age <= packet.allow_clear;  // D-48
}

TEST(InboundDecision, AgreesWithTheTranscriptionForEveryInput) {
  CONFORMANCE("A-249", "A-250", "A-251", "A-252", "A-253");
  for_every_inbound([](const Case& c, unsigned bits, int age, int grace) {
    ASSERT_EQ(decide_inbound(c.flow, c.packet).accept, transcribed(c))
        << bits << ", age " << age << ", grace " << grace;
  });
}

TEST(InboundDecision, ClearIsAcceptableIsTheDecisionForTheSamePacketInClear) {
  for_every_inbound([](const Case& c, unsigned bits, int age, int grace) {
    Case clear = c;
    clear.packet.arrived_protected = false;
    clear.packet.arrived_encrypted = false;
    ASSERT_EQ(clear_is_acceptable(c.flow, c.packet), transcribed(clear))
        << bits << ", age " << age << ", grace " << grace;
  });
}

TEST(InboundDecision, A253TheGraceOfAYoungPairEndsAfterTenSeconds) {
  CONFORMANCE("A-253");
  const auto accepted = [](Duration age) {
    InboundFacts packet;
    packet.flow_exists = true;
    packet.sa_matches = true;
    packet.sa_age = age;
    packet.allow_clear = std::chrono::seconds(10);
    return decide_inbound({}, packet).accept;
  };
  EXPECT_TRUE(accepted(std::chrono::seconds(9)));
  EXPECT_FALSE(accepted(std::chrono::seconds(11)));
}

TEST(Decisions, EveryDecisionNamesItsRule) {
  for (unsigned bits = 0; bits < 1U << kOutboundBits; ++bits) {
    const Outbound in = outbound_of(bits);
    wfp::IpsecWishes wishes;
    wishes.protect = in.protect;
    FlowFacts flow;
    flow.requires_security = in.requires_security;
    flow.negotiation_failed = in.failed;
    const OutboundDecision decision = decide_outbound(wishes, flow, in.sa, in.first);
    ASSERT_FALSE(decision.rule.empty());
    ASSERT_FALSE(decision.words.empty());
    ASSERT_NE(to_string(decision.action), "unknown");
  }
}

}  // namespace
}  // namespace ssx::ipsec
