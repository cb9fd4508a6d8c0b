#include "model/ipsec/traffic_decision.h"

namespace ssx::ipsec {

OutboundDecision decide_outbound(const wfp::IpsecWishes& wishes, const FlowFacts& flow, bool sa_found, bool negotiate_first) {
  const bool wants_protection = wishes.protect || flow.requires_security || flow.secure;
  if (!wants_protection) return {OutboundAction::kSendClear, "authip.md 5.3", "no rule asks for protection"};
  if (sa_found) return {OutboundAction::kProtect, "authip.md 5.3", "an SA exists"};
  // D-49, A-262: socket requirements win over discovery; A-248: a Secure flow never sends clear again.
  const bool clear_allowed = wishes.every_filter_discovers && !flow.requires_security && !flow.secure;
  if (flow.negotiation_failed) {
    if (clear_allowed) return {OutboundAction::kSendClear, "authip.md 5.5, U-30", "the negotiation failed, the flow stays clear"};
    return {OutboundAction::kDrop, "wfp-model.md 4.7, U-36", "the negotiation failed and clear text is not allowed"};
  }
  if (wishes.suppress_negotiation || !flow.has_policy) {
    if (clear_allowed) return {OutboundAction::kSendClear, "wfp-model.md 2.7", "nothing may be negotiated"};
    return {OutboundAction::kDrop, "wfp-model.md 2.7", "no SA, and nothing may be negotiated"};
  }
  if (clear_allowed && !negotiate_first) {
    // the first packet starts one negotiation, the next ones none.
    if (flow.negotiating) return {OutboundAction::kSendClear, "authip.md 5.3 A-246", "clear while the negotiation runs"};
    return {OutboundAction::kSendClearAndNegotiate, "authip.md 5.3 A-245", "clear, and a negotiation starts beside"};
  }
  if (flow.negotiating) return {OutboundAction::kHold, "wfp-model.md 4.7, U-33", "a negotiation runs"};
  return {OutboundAction::kHoldAndNegotiate, "authip.md 5.3", "held until an SA exists"};
}

bool clear_is_acceptable(const FlowFacts& flow, const InboundFacts& packet) {
  // A-249, authip.md 5.4: a flow that is Secure, or that requires security, takes no clear packet, whatever the grace period.
  if (flow.secure || flow.requires_security || !packet.flow_exists) return false;
  if (!packet.sa_matches) return true;
  // A-253, D-48: with an SA, only while it is young. 0 means no grace.
  return packet.sa_age && packet.allow_clear > Duration{0} && *packet.sa_age <= packet.allow_clear;
}

}  // namespace ssx::ipsec
