#include "model/ipsec/callouts.h"

#include "model/wfp/callout.h"
#include "model/wfp/guids.h"
#include "model/wfp/objects.h"

namespace ssx::ipsec {
namespace {

using wfp::CalloutAction;
using wfp::CalloutResult;
using wfp::ClassifyMetadata;
using wfp::Filter;

/// The packet needs protection: the wish goes to the packet path, which looks for an SA.
class OutboundTransport final : public wfp::Callout {
 public:
  CalloutResult classify(const wfp::FieldValues&, const Filter& filter, ClassifyMetadata& metadata) const override {
    auto& wishes = metadata.wishes;
    if (!wishes.protect) wishes.transport_filter = filter.id;
    wishes.protect = true;
    // P-17: clear only if every matching callout filter allows it.
    if ((filter.raw_context & wfp::kRawOutboundNegotiateDiscover) == 0) wishes.every_filter_discovers = false;
    const bool suppresses = (filter.raw_context & wfp::kRawOutboundSuppressNegotiation) != 0;
    if (suppresses || (filter.flags & wfp::kFilterIpsecNoAcquireInitiate) != 0) wishes.suppress_negotiation = true;
    return {CalloutAction::kPermit, false};
  }
};

/// Lets protected packets pass, and clear ones where discovery still allows them.
class InboundTransport final : public wfp::Callout {
 public:
  CalloutResult classify(const wfp::FieldValues&, const Filter& filter, ClassifyMetadata& metadata) const override {
    auto& wishes = metadata.wishes;
    if ((filter.raw_context & wfp::kRawInboundPersistConnectionSecurity) != 0) wishes.persist_connection_security = true;
    if (metadata.arrival) return {CalloutAction::kPermit, false};
    if ((filter.raw_context & wfp::kRawInboundPassthru) != 0) return {CalloutAction::kPermit, false};
    // authip.md 5.4: a flow that was secured, or that must be, takes no clear packet.
    if (metadata.flow_is_secure || metadata.flow_requires_security) return {CalloutAction::kBlock, false};
    // 2.7: a connection request is left to ALE where the filter stands for discovery (U-27).
    if (metadata.requires_ale_classify && metadata.socket_is_open) return {CalloutAction::kPermit, false};
    if (metadata.flow_in_discovery) return {CalloutAction::kPermit, false};
    return {CalloutAction::kBlock, false};
  }
};

/// A new inbound flow must have come secured.
class InboundInitiateSecure final : public wfp::Callout {
 public:
  CalloutResult classify(const wfp::FieldValues&, const Filter& filter, ClassifyMetadata& metadata) const override {
    auto& wishes = metadata.wishes;
    wishes.require_security = true;
    if ((filter.raw_context & wfp::kRawAleRequireIpsecEncryption) != 0) wishes.require_encryption = true;
    if ((filter.raw_context & wfp::kRawAleAllowFirstInboundUnencrypted) != 0) wishes.allow_first_inbound_unencrypted = true;
    if (!metadata.arrival) return {CalloutAction::kBlock, false};
    const bool enough = !wishes.require_encryption || metadata.arrival->encrypted || wishes.allow_first_inbound_unencrypted;
    return {enough ? CalloutAction::kPermit : CalloutAction::kBlock, false};
  }
};

/// Never blocks; stores what the flow must have.
class AleConnect final : public wfp::Callout {
 public:
  CalloutResult classify(const wfp::FieldValues&, const Filter& filter, ClassifyMetadata& metadata) const override {
    auto& wishes = metadata.wishes;
    if ((filter.raw_context & wfp::kRawAleRequireIpsecSecurity) != 0) wishes.require_security = true;
    if ((filter.raw_context & wfp::kRawAleRequireIpsecEncryption) != 0) wishes.require_encryption = true;
    return {CalloutAction::kPermit, false};
  }
};

}  // namespace

void register_ipsec_callouts(wfp::Engine& engine) {
  const auto outbound = std::make_shared<const OutboundTransport>();
  const auto inbound = std::make_shared<const InboundTransport>();
  const auto initiate = std::make_shared<const InboundInitiateSecure>();
  const auto connect = std::make_shared<const AleConnect>();
  engine.register_callout(wfp::kCalloutIpsecOutboundTransportV4, outbound);
  engine.register_callout(wfp::kCalloutIpsecOutboundTransportV6, outbound);
  engine.register_callout(wfp::kCalloutIpsecInboundTransportV4, inbound);
  engine.register_callout(wfp::kCalloutIpsecInboundTransportV6, inbound);
  engine.register_callout(wfp::kCalloutIpsecInboundInitiateSecureV4, initiate);
  engine.register_callout(wfp::kCalloutIpsecInboundInitiateSecureV6, initiate);
  engine.register_callout(wfp::kCalloutIpsecAleConnectV4, connect);
  engine.register_callout(wfp::kCalloutIpsecAleConnectV6, connect);
}

}  // namespace ssx::ipsec
