// Outbound and inbound decisions against the pseudo-code of authip.md 5.3 and 5.4 with D-48 to D-50, over every input.
#include <gtest/gtest.h>

#include <sstream>

#include "ipsec/testbed.h"
#include "model/ipsec/traffic_decision.h"
#include "support/conformance.h"

namespace ssx::ipsec {
namespace {

using enum OutboundAction;

struct OutboundCase {
  wfp::IpsecWishes wishes;
  FlowFacts flow;
  SaFacts sa;
  bool negotiate_first = false;
};

/// Case number -> one bit an input.
OutboundCase outbound_case(unsigned bits) {
  const auto bit = [&bits] {
    const bool set = (bits & 1U) != 0;
    bits >>= 1;
    return set;
  };
  OutboundCase c;
  c.wishes.protect = bit();
  c.wishes.every_filter_discovers = bit();
  c.wishes.suppress_negotiation = bit();
  c.flow.requires_security = bit();
  c.flow.requires_encryption = bit();
  c.flow.secure = bit();
  c.flow.negotiating = bit();
  c.flow.negotiation_failed = bit();
  c.flow.has_policy = bit();
  c.sa.found = bit();
  c.sa.udp_encapsulated = bit();
  c.sa.boundary = bit();
  c.negotiate_first = bit();
  return c;
}
constexpr unsigned kOutboundCases = 1U << 13;

/// authip.md 5.3, line by line. `rule` exists if a filter matches; "ND rule" as the text behind the pseudo-code defines
/// it.
OutboundAction by_pseudo_code(const OutboundCase& c) {
  const bool socket_forbids_clear = c.flow.requires_security || c.flow.requires_encryption;
  const bool rule = c.wishes.protect;
  const bool rule_is_nd = rule && c.wishes.every_filter_discovers && !socket_forbids_clear;
  const bool may_start = c.flow.has_policy && !c.wishes.suppress_negotiation;
  const auto queue_or_drop = [&] {
    if (c.flow.negotiation_failed) return kDrop;  // U-36
    if (c.flow.negotiating) return kHold;
    return may_start ? kHoldAndNegotiate : kDrop;
  };
  if (!rule && !socket_forbids_clear && !c.flow.secure) return kSendClear;
  if (!rule_is_nd) return c.sa.found ? kProtect : queue_or_drop();
  if (!c.sa.found) {
    if (c.flow.secure) return queue_or_drop();
    if (c.flow.negotiation_failed) return kSendClear;  // 5.5: an ND flow stays clear
    if (c.negotiate_first && (c.flow.negotiating || may_start)) return queue_or_drop();
    const bool acquire = c.flow.negotiating;
    return acquire || !may_start ? kSendClear : kSendClearAndNegotiate;
  }
  if (c.sa.udp_encapsulated && c.sa.boundary && !c.flow.secure) return kSendClear;  // D-50; A-267: never after secure
  return kProtect;
}

bool sends_clear(OutboundAction action) { return action == kSendClear || action == kSendClearAndNegotiate; }
bool starts(OutboundAction action) { return action == kHoldAndNegotiate || action == kSendClearAndNegotiate; }

TEST(DecideOutbound, EqualsThePseudoCodeInEveryCase) {
  for (unsigned bits = 0; bits < kOutboundCases; ++bits) {
    const OutboundCase c = outbound_case(bits);
    const OutboundDecision decision = decide_outbound(c.wishes, c.flow, c.sa, c.negotiate_first);
    ASSERT_EQ(to_string(decision.action), to_string(by_pseudo_code(c))) << "case " << bits;
    ASSERT_FALSE(decision.rule.empty() || decision.words.empty());
  }
}

TEST(DecideOutbound, TheShortFormIsAnSaWithoutUdp) {
  for (unsigned bits = 0; bits < kOutboundCases; ++bits) {
    const OutboundCase c = outbound_case(bits);
    ASSERT_EQ(decide_outbound(c.wishes, c.flow, c.sa.found, c.negotiate_first).action,
              decide_outbound(c.wishes, c.flow, SaFacts{.found = c.sa.found}, c.negotiate_first).action);
  }
}

TEST(DecideOutbound, A262AndA248NoClearPacketOfAFlowThatForbidsIt) {
  CONFORMANCE("A-262", "A-248", "W-216", "W-244");
  for (unsigned bits = 0; bits < kOutboundCases; ++bits) {
    const OutboundCase c = outbound_case(bits);
    if (!c.flow.requires_security && !c.flow.requires_encryption && !c.flow.secure) continue;
    const OutboundAction action = decide_outbound(c.wishes, c.flow, c.sa, c.negotiate_first).action;
    ASSERT_FALSE(sends_clear(action)) << "case " << bits;
    ASSERT_EQ(action == kProtect, c.sa.found) << "case " << bits;
  }
}

TEST(DecideOutbound, NeverMoreThanOneNegotiationAndNoneThatIsForbidden) {
  for (unsigned bits = 0; bits < kOutboundCases; ++bits) {
    const OutboundCase c = outbound_case(bits);
    if (!starts(decide_outbound(c.wishes, c.flow, c.sa, c.negotiate_first).action)) continue;
    ASSERT_FALSE(c.flow.negotiating || c.flow.negotiation_failed || c.sa.found || c.wishes.suppress_negotiation ||
                 !c.flow.has_policy)
        << "case " << bits;
  }
}

wfp::IpsecWishes discovery() {
  wfp::IpsecWishes wishes;
  wishes.protect = true;
  return wishes;
}
wfp::IpsecWishes require() {
  wfp::IpsecWishes wishes = discovery();
  wishes.every_filter_discovers = false;
  return wishes;
}

TEST(DecideOutbound, A245TheFirstDiscoveryPacketLeavesInClearAndStartsANegotiation) {
  CONFORMANCE("A-245", "W-207");
  EXPECT_EQ(decide_outbound(discovery(), {}, false, false).action, kSendClearAndNegotiate);
  EXPECT_EQ(decide_outbound(discovery(), {}, false, true).action, kHoldAndNegotiate);
}

TEST(DecideOutbound, A246TheSecondStartsNone) {
  CONFORMANCE("A-246");
  EXPECT_EQ(decide_outbound(discovery(), {.negotiating = true}, false, false).action, kSendClear);
}

TEST(DecideOutbound, A247WithAnSaThePacketIsProtected) {
  CONFORMANCE("A-247");
  EXPECT_EQ(decide_outbound(discovery(), {}, true, false).action, kProtect);
  EXPECT_EQ(decide_outbound(discovery(), {.negotiating = true}, true, false).action, kProtect);
}

TEST(DecideOutbound, A264AFlowInDiscoveryStaysClearAfterAFailure) {
  CONFORMANCE("A-264", "W-208");
  EXPECT_EQ(decide_outbound(discovery(), {.negotiation_failed = true}, false, false).action, kSendClear);
  EXPECT_EQ(decide_outbound(discovery(), {.negotiation_failed = true}, false, true).action, kSendClear);
}

TEST(DecideOutbound, W204AndW245ARequiringRuleHoldsThePacketOfAnOpenSocketToo) {
  CONFORMANCE("W-204", "W-245");
  EXPECT_EQ(decide_outbound(require(), {}, false, false).action, kHoldAndNegotiate);
  EXPECT_EQ(decide_outbound(require(), {.negotiating = true}, false, false).action, kHold);
  EXPECT_EQ(decide_outbound(require(), {.negotiation_failed = true}, false, false).action, kDrop);
}

// --- inbound
// ------------------------------------------------------------------------------------------------------------

struct InboundCase {
  FlowFacts flow;
  InboundFacts packet;
};
InboundCase inbound_case(unsigned bits) {
  const auto bit = [&bits] {
    const bool set = (bits & 1U) != 0;
    bits >>= 1;
    return set;
  };
  InboundCase c;
  c.flow.requires_security = bit();
  c.flow.requires_encryption = bit();
  c.flow.secure = bit();
  c.flow.discovers = bit();
  c.packet.arrived_protected = bit();
  c.packet.arrived_encrypted = bit();
  c.packet.flow_exists = bit();
  c.packet.policy_discovers = bit();
  c.packet.sa_matches = bit();
  if (c.packet.sa_matches) c.packet.sa_age = bit() ? 10s : 11s;
  c.packet.allow_clear = bit() ? 10s : 0s;
  return c;
}
constexpr unsigned kInboundCases = 1U << 11;

/// authip.md 5.4, line by line, with the sentence behind it, D-48, and wfp-model.md 2.7, 6.6.
bool accepted_by_pseudo_code(const InboundCase& c) {
  if (c.packet.arrived_protected) {
    return !(c.packet.flow_exists && c.flow.requires_encryption) || c.packet.arrived_encrypted;
  }
  if (c.flow.requires_security || c.flow.requires_encryption) return false;
  if (!c.packet.flow_exists) return c.packet.policy_discovers && !c.flow.secure;
  if (c.flow.secure || !c.flow.discovers) return false;
  return !c.packet.sa_matches || (c.packet.allow_clear == 10s && *c.packet.sa_age == 10s);
}

TEST(DecideInbound, EqualsThePseudoCodeInEveryCase) {
  for (unsigned bits = 0; bits < kInboundCases; ++bits) {
    const InboundCase c = inbound_case(bits);
    const InboundDecision decision = decide_inbound(c.flow, c.packet);
    ASSERT_EQ(decision.accept, accepted_by_pseudo_code(c)) << "case " << bits;
    ASSERT_FALSE(decision.rule.empty() || decision.words.empty());
    InboundCase clear = c;
    clear.packet.arrived_protected = false;
    ASSERT_EQ(clear_is_acceptable(c.flow, c.packet), accepted_by_pseudo_code(clear)) << "case " << bits;
  }
}

TEST(DecideInbound, A249ASecureFlowTakesNoClearPacket) {
  CONFORMANCE("A-249");
  for (unsigned bits = 0; bits < kInboundCases; ++bits) {
    InboundCase c = inbound_case(bits);
    c.flow.secure = true;
    ASSERT_FALSE(clear_is_acceptable(c.flow, c.packet));
  }
}

TEST(DecideInbound, A250ANewFlowBeginsInClearOnlyUnderADiscoveryRule) {
  CONFORMANCE("A-250");
  EXPECT_FALSE(clear_is_acceptable({}, {}));
  EXPECT_TRUE(clear_is_acceptable({}, {.policy_discovers = true}));
  EXPECT_FALSE(clear_is_acceptable({.requires_security = true}, {.policy_discovers = true}));
}

TEST(DecideInbound, A251WithoutAnSaAKnownFlowTakesClearPackets) {
  CONFORMANCE("A-251");
  EXPECT_TRUE(clear_is_acceptable({}, {.flow_exists = true}));
  EXPECT_FALSE(clear_is_acceptable({.requires_security = true}, {.flow_exists = true}));
}

TEST(DecideInbound, A253ClearIsAcceptedWhileTheSaIsYoung) {
  CONFORMANCE("A-253");
  InboundFacts packet{.flow_exists = true, .sa_matches = true, .allow_clear = 10s};
  packet.sa_age = 9s;
  EXPECT_TRUE(clear_is_acceptable({}, packet));
  packet.sa_age = 10s;
  EXPECT_TRUE(clear_is_acceptable({}, packet));
  packet.sa_age = 11s;
  EXPECT_FALSE(clear_is_acceptable({}, packet));
  packet.sa_age = 0s;
  packet.allow_clear = 0s;
  EXPECT_FALSE(clear_is_acceptable({}, packet));
}

}  // namespace
}  // namespace ssx::ipsec
