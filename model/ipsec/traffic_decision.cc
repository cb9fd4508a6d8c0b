#include "model/ipsec/traffic_decision.h"

namespace ssx::ipsec {
namespace {

/// A packet that wants protection, when no SA may carry it.
OutboundDecision without_sa(const wfp::IpsecWishes& wishes, const FlowFacts& flow, bool clear_allowed,
                            bool negotiate_first) {
  using enum OutboundAction;
  if (flow.negotiation_failed) {
    if (clear_allowed) return {kSendClear, "authip.md 5.5 A-264, U-30", "the negotiation failed, the flow stays clear"};
    return {kDrop, "wfp-model.md 4.7, U-36", "the negotiation failed and clear text is not allowed"};
  }
  // wfp-model.md 2.7: SUPPRESS_NEGOTIATION, IPSEC_NO_ACQUIRE_INITIATE. One that runs already, the peer's, may still
  // help.
  if (!flow.negotiating && (wishes.suppress_negotiation || !flow.has_policy)) {
    if (clear_allowed) return {kSendClear, "wfp-model.md 2.7", "nothing may be negotiated"};
    return {kDrop, "wfp-model.md 2.7", "no SA, and nothing may be negotiated"};
  }
  if (clear_allowed && !negotiate_first) {
    // the first packet starts one negotiation, the next ones none.
    if (flow.negotiating) return {kSendClear, "authip.md 5.3 A-246", "clear while the negotiation runs"};
    return {kSendClearAndNegotiate, "authip.md 5.3 A-245", "clear, and a negotiation starts beside"};
  }
  if (flow.negotiating) return {kHold, "wfp-model.md 4.7, U-33", "a negotiation runs"};
  return {kHoldAndNegotiate, "authip.md 5.3", "held until an SA exists"};
}

}  // namespace

std::string_view to_string(OutboundAction action) {
  switch (action) {
    case OutboundAction::kSendClear: return "send clear";
    case OutboundAction::kProtect: return "protect";
    case OutboundAction::kHoldAndNegotiate: return "hold and negotiate";
    case OutboundAction::kHold: return "hold";
    case OutboundAction::kSendClearAndNegotiate: return "send clear and negotiate";
    case OutboundAction::kDrop: return "drop";
  }
  return "unknown";
}

OutboundDecision decide_outbound(const wfp::IpsecWishes& wishes, const FlowFacts& flow, const SaFacts& sa,
                                 bool negotiate_first) {
  // wfp-model.md 4.4: a flow's own requirement needs no filter.
  if (!wishes.protect && !flow.never_clear()) {
    return {OutboundAction::kSendClear, "authip.md 5.3", "no rule asks for protection"};
  }
  // D-49, A-262: requirements win over discovery; P-17: every rule must discover.
  const bool clear_allowed = wishes.protect && wishes.every_filter_discovers && !flow.never_clear();
  // D-50, A-258, U-28.
  if (sa.found && sa.udp_encapsulated && sa.boundary && clear_allowed) {
    return {OutboundAction::kSendClear, "authip.md 5.3 D-50",
            "the SA is UDP-encapsulated and the peer is a boundary host"};
  }
  if (sa.found) return {OutboundAction::kProtect, "authip.md 5.3 A-247", "an SA exists"};
  return without_sa(wishes, flow, clear_allowed, negotiate_first);
}

OutboundDecision decide_outbound(const wfp::IpsecWishes& wishes, const FlowFacts& flow, bool sa_found,
                                 bool negotiate_first) {
  return decide_outbound(wishes, flow, SaFacts{.found = sa_found}, negotiate_first);
}

InboundDecision decide_inbound(const FlowFacts& flow, const InboundFacts& packet) {
  if (packet.arrived_protected) {
    // wfp-model.md 6.6: integrity alone is not what the flow must have. The first packet is left to RECV_ACCEPT, which
    // knows ALLOW_FIRST_INBOUND_PKT_UNENCRYPTED (U-31).
    if (packet.flow_exists && flow.requires_encryption && !packet.arrived_encrypted) {
      return {false, "wfp-model.md 6.6", "protected without the cipher that the flow requires"};
    }
    return {true, "authip.md 5.4 A-252", "it came under an SA"};
  }
  if (flow.secure) return {false, "authip.md 5.4 A-249, A-267", "the flow has been under an SA"};
  if (flow.never_clear()) return {false, "authip.md 5.4 D-49", "the flow requires security"};
  if (!packet.flow_exists) {
    if (packet.policy_discovers) return {true, "authip.md 5.4 A-250", "a discovery rule lets new flows begin in clear"};
    return {false, "authip.md 5.4 A-250", "no discovery rule for the new flow"};
  }
  // wfp-model.md 2.7: only a flow in negotiation discovery.
  if (!flow.discovers) return {false, "wfp-model.md 2.7", "the flow is not in negotiation discovery"};
  if (!packet.sa_matches) return {true, "authip.md 5.4 A-251", "the flow is not secure and no SA matches"};
  // D-48: with an SA only while it is young; 0 means no grace.
  const bool grace = packet.sa_age && packet.allow_clear > Duration{0} && *packet.sa_age <= packet.allow_clear;
  if (grace) return {true, "authip.md D-48 A-253", "the SA is young"};
  return {false, "authip.md D-48 A-253", "an SA has been there for too long"};
}

bool clear_is_acceptable(const FlowFacts& flow, const InboundFacts& packet) {
  InboundFacts clear = packet;
  clear.arrived_protected = false;
  return decide_inbound(flow, clear).accept;
}

}  // namespace ssx::ipsec
