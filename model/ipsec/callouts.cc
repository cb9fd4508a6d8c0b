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

constexpr CalloutResult kPass{CalloutAction::kPermit, false};
/// Hard (wfp-model.md 2.6): a soft block could be overridden by a permit of a lower sublayer, such as a socket's own
/// filter, and the stricter rule would lose (U-65, W-245).
constexpr CalloutResult kRefuse{CalloutAction::kBlock, true};

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
    return kPass;
  }
};

/// Lets protected packets pass, and clear ones where discovery still allows them.
class InboundTransport final : public wfp::Callout {
 public:
  CalloutResult classify(const wfp::FieldValues&, const Filter& filter, ClassifyMetadata& metadata) const override {
    if ((filter.raw_context & wfp::kRawInboundPersistConnectionSecurity) != 0) {
      metadata.wishes.persist_connection_security = true;
    }
    return admits(filter, metadata) ? kPass : kRefuse;
  }

 private:
  static bool admits(const Filter& filter, const ClassifyMetadata& metadata) {
    if (metadata.arrival) {
      // wfp-model.md 6.6: a known flow that requires encryption takes nothing less; a first packet is for RECV_ACCEPT.
      return metadata.requires_ale_classify || !metadata.flow_requires_encryption || metadata.arrival->encrypted;
    }
    // authip.md 5.4, D-49: a flow that was secured, or that must be, takes no clear packet, whatever the filter says.
    const bool never_clear =
        metadata.flow_is_secure || metadata.flow_requires_security || metadata.flow_requires_encryption;
    if (never_clear) return false;
    if ((filter.raw_context & wfp::kRawInboundPassthru) != 0) return true;
    // 2.7, U-26, U-27: a connection request passes where the filter stands for discovery: a socket's own filter if the
    // socket is open, any other if the policy of the traffic has an ND flag.
    const bool own = filter.sublayer == wfp::kSublayerSecureSocket;
    if (own && metadata.requires_ale_classify) return metadata.socket_is_open;
    return metadata.flow_in_discovery;
  }
};

/// A new inbound flow must have come secured.
class InboundInitiateSecure final : public wfp::Callout {
 public:
  CalloutResult classify(const wfp::FieldValues&, const Filter& filter, ClassifyMetadata& metadata) const override {
    auto& wishes = metadata.wishes;
    wishes.require_security = true;
    if ((filter.raw_context & wfp::kRawAleRequireIpsecEncryption) != 0) wishes.require_encryption = true;
    const bool first_may_be_plain = (filter.raw_context & wfp::kRawAleAllowFirstInboundUnencrypted) != 0;
    if (first_may_be_plain) wishes.allow_first_inbound_unencrypted = true;
    // 4.6: authorised again by an outbound packet, which arrived nowhere; what the flow must have is on the flow.
    if (!metadata.arrival) return metadata.flow_is_secure ? kPass : kRefuse;
    // U-31: integrity alone is enough for the first packet; clear text never is. Each filter speaks for itself.
    const bool encrypts = (filter.raw_context & wfp::kRawAleRequireIpsecEncryption) != 0;
    const bool enough = !encrypts || metadata.arrival->encrypted || first_may_be_plain;
    return enough ? kPass : kRefuse;
  }
};

/// Never blocks; stores what the flow must have.
class AleConnect final : public wfp::Callout {
 public:
  CalloutResult classify(const wfp::FieldValues&, const Filter& filter, ClassifyMetadata& metadata) const override {
    auto& wishes = metadata.wishes;
    if ((filter.raw_context & wfp::kRawAleRequireIpsecSecurity) != 0) wishes.require_security = true;
    if ((filter.raw_context & wfp::kRawAleRequireIpsecEncryption) != 0) wishes.require_encryption = true;
    if ((filter.raw_context & wfp::kRawAleAllowFirstInboundUnencrypted) != 0) {
      wishes.allow_first_inbound_unencrypted = true;
    }
    return kPass;
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
