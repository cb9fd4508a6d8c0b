// The built-in callouts, through classification with filters that name them: wfp-model.md 2.7, 2.8, 6.
#include <gtest/gtest.h>

#include "model/ipsec/callouts.h"
#include "model/wfp/classify.h"
#include "model/wfp/guids.h"
#include "model/wfp/objects.h"
#include "support/conformance.h"

namespace ssx::ipsec {
namespace {

using wfp::ClassifyMetadata;
using wfp::LayerId;

struct Rules {
  Rules() { register_ipsec_callouts(engine); }

  FilterId add(LayerId layer, const Guid& callout, std::uint64_t raw, const Guid& sublayer = wfp::kSublayerUniversal,
               std::uint32_t flags = 0) {
    wfp::Filter filter;
    filter.display.name = "rule";
    filter.layer = layer;
    filter.sublayer = sublayer;
    filter.action = {wfp::ActionType::kCalloutTerminating, callout};
    filter.raw_context = raw;
    filter.flags = flags;
    const auto id = engine.add(filter);
    EXPECT_TRUE(id) << to_string(id.error());
    return *id;
  }
  FilterId out(std::uint64_t raw, const Guid& sublayer = wfp::kSublayerUniversal, std::uint32_t flags = 0) {
    return add(LayerId::kOutboundTransportV4, wfp::kCalloutIpsecOutboundTransportV4, raw, sublayer, flags);
  }
  FilterId in(std::uint64_t raw, const Guid& sublayer = wfp::kSublayerUniversal) {
    return add(LayerId::kInboundTransportV4, wfp::kCalloutIpsecInboundTransportV4, raw, sublayer);
  }
  FilterId accept(std::uint64_t raw, const Guid& sublayer = wfp::kSublayerUniversal) {
    return add(LayerId::kAleAuthRecvAcceptV4, wfp::kCalloutIpsecInboundInitiateSecureV4, raw, sublayer);
  }
  FilterId connect(std::uint64_t raw) { return add(LayerId::kAleAuthConnectV4, wfp::kCalloutIpsecAleConnectV4, raw); }
  bool permits(LayerId layer, ClassifyMetadata& metadata) const {
    return wfp::classify(engine, layer, wfp::FieldValues{}, metadata).permitted();
  }
  bool admits(ClassifyMetadata metadata) const { return permits(LayerId::kInboundTransportV4, metadata); }
  bool accepts(ClassifyMetadata metadata) const { return permits(LayerId::kAleAuthRecvAcceptV4, metadata); }
  wfp::IpsecWishes wishes(LayerId layer, bool permitted = true) const {
    ClassifyMetadata metadata;
    EXPECT_EQ(permits(layer, metadata), permitted);
    return metadata.wishes;
  }

  wfp::Engine engine;
};

const wfp::ArrivalProtection kPlainSa{SaContextId{1}, false};
const wfp::ArrivalProtection kCipherSa{SaContextId{1}, true};

ClassifyMetadata clear_first_packet() {
  ClassifyMetadata metadata;
  metadata.requires_ale_classify = true;
  return metadata;
}

TEST(OutboundTransport, AsksForAnSaAndNamesTheFilter) {
  Rules rules;
  const FilterId id = rules.out(0);
  const auto wishes = rules.wishes(LayerId::kOutboundTransportV4);
  EXPECT_TRUE(wishes.protect);
  EXPECT_FALSE(wishes.every_filter_discovers);
  EXPECT_FALSE(wishes.suppress_negotiation);
  EXPECT_EQ(wishes.transport_filter, id);
  EXPECT_FALSE(Rules().wishes(LayerId::kOutboundTransportV4).protect);
}

TEST(OutboundTransport, W245DiscoveryHoldsOnlyIfEveryFilterDiscovers) {
  CONFORMANCE("W-245");
  Rules rules;
  rules.out(wfp::kRawOutboundNegotiateDiscover, wfp::kSublayerSecureSocket);
  EXPECT_TRUE(rules.wishes(LayerId::kOutboundTransportV4).every_filter_discovers);
  rules.out(0);  // the administrator's
  EXPECT_FALSE(rules.wishes(LayerId::kOutboundTransportV4).every_filter_discovers);
}

TEST(OutboundTransport, SuppressionIsARawContextOrAFilterFlag) {
  for (const auto& [raw, flags] : {std::pair{wfp::kRawOutboundSuppressNegotiation, std::uint32_t{0}},
                                   std::pair{std::uint64_t{0}, wfp::kFilterIpsecNoAcquireInitiate}}) {
    Rules rules;
    rules.out(raw, wfp::kSublayerUniversal, flags);
    EXPECT_TRUE(rules.wishes(LayerId::kOutboundTransportV4).suppress_negotiation);
  }
}

TEST(InboundTransport, ProtectedPacketsPass) {
  Rules rules;
  rules.in(0);
  ClassifyMetadata metadata;
  metadata.arrival = kPlainSa;
  metadata.flow_requires_security = true;
  metadata.flow_is_secure = true;
  EXPECT_TRUE(rules.admits(metadata));
  // 6.6: integrity alone is not enough for a known flow that requires encryption.
  metadata.flow_requires_encryption = true;
  EXPECT_FALSE(rules.admits(metadata));
  metadata.requires_ale_classify = true;
  EXPECT_TRUE(rules.admits(metadata)) << "RECV_ACCEPT decides about the first packet";
  metadata.requires_ale_classify = false;
  metadata.arrival = kCipherSa;
  EXPECT_TRUE(rules.admits(metadata));
}

TEST(InboundTransport, A250AClearFirstPacketPassesOnlyWhereTheFilterDiscovers) {
  CONFORMANCE("A-250");
  Rules rules;
  rules.in(wfp::kRawInboundPersistConnectionSecurity);
  ClassifyMetadata metadata = clear_first_packet();
  EXPECT_FALSE(rules.admits(metadata));
  metadata.socket_is_open = true;  // says nothing about an administrator's rule (U-65)
  EXPECT_FALSE(rules.admits(metadata));
  metadata.socket_is_open = false;
  metadata.flow_in_discovery = true;  // its policy has an ND flag
  EXPECT_TRUE(rules.admits(metadata));
  metadata.flow_requires_security = true;
  EXPECT_FALSE(rules.admits(metadata));
}

TEST(InboundTransport, ASocketsOwnFilterDiscoversIfTheSocketIsOpen) {
  Rules rules;
  rules.in(wfp::kRawInboundPersistConnectionSecurity, wfp::kSublayerSecureSocket);
  ClassifyMetadata metadata = clear_first_packet();
  metadata.flow_in_discovery = true;  // the policy's flag does not count for it (U-25, U-26)
  EXPECT_FALSE(rules.admits(metadata));
  metadata.socket_is_open = true;
  EXPECT_TRUE(rules.admits(metadata));
}

TEST(InboundTransport, A249ASecureFlowTakesNoClearPacketWhateverTheFilterSays) {
  CONFORMANCE("A-249", "W-209");
  for (const std::uint64_t raw :
       {std::uint64_t{0}, wfp::kRawInboundPersistConnectionSecurity, wfp::kRawInboundPassthru}) {
    Rules rules;
    rules.in(raw);
    ClassifyMetadata metadata;
    metadata.flow_is_secure = true;
    metadata.flow_in_discovery = true;
    EXPECT_FALSE(rules.admits(metadata));
  }
}

TEST(InboundTransport, AKnownFlowTakesClearPacketsWhileItIsInDiscovery) {
  Rules rules;
  rules.in(0);
  ClassifyMetadata metadata;
  EXPECT_FALSE(rules.admits(metadata));
  metadata.flow_in_discovery = true;
  EXPECT_TRUE(rules.admits(metadata));
  metadata.flow_requires_encryption = true;
  EXPECT_FALSE(rules.admits(metadata));
}

TEST(InboundTransport, W245ALowerPermitDoesNotOverrideTheRefusal) {
  CONFORMANCE("W-245");
  Rules rules;
  rules.in(0);                                                                      // the administrator requires
  rules.in(wfp::kRawInboundPersistConnectionSecurity, wfp::kSublayerSecureSocket);  // the socket is open
  ClassifyMetadata metadata = clear_first_packet();
  metadata.socket_is_open = true;
  EXPECT_FALSE(rules.admits(metadata));
}

TEST(InboundTransport, PassthruAdmitsClearPackets) {
  Rules rules;
  rules.in(wfp::kRawInboundPassthru);
  EXPECT_TRUE(rules.admits(ClassifyMetadata{}));
}

TEST(InitiateSecure, A266AndW210AClearConnectionIsNotAccepted) {
  CONFORMANCE("A-266", "W-210");
  for (const std::uint64_t raw : {std::uint64_t{0}, wfp::kRawAleAllowFirstInboundUnencrypted}) {
    Rules rules;
    rules.accept(raw);
    EXPECT_FALSE(rules.accepts(clear_first_packet()));
    ClassifyMetadata metadata = clear_first_packet();
    metadata.arrival = kPlainSa;
    EXPECT_TRUE(rules.accepts(metadata));
  }
}

TEST(InitiateSecure, W211WithoutTheFilterAClearConnectionIsAccepted) {
  CONFORMANCE("W-211", "A-265");
  Rules rules;
  rules.in(wfp::kRawInboundPersistConnectionSecurity);
  ClassifyMetadata metadata = clear_first_packet();
  metadata.flow_in_discovery = true;
  EXPECT_TRUE(rules.admits(metadata));
  EXPECT_TRUE(rules.accepts(metadata));
}

TEST(InitiateSecure, W214EncryptionIsRequiredUnlessTheFirstPacketMayComeWithout) {
  CONFORMANCE("W-214");
  Rules rules;
  rules.accept(wfp::kRawAleRequireIpsecEncryption);
  ClassifyMetadata metadata = clear_first_packet();
  metadata.arrival = kPlainSa;
  EXPECT_FALSE(rules.accepts(metadata));
  metadata.arrival = kCipherSa;
  EXPECT_TRUE(rules.accepts(metadata));
  EXPECT_TRUE(rules.permits(LayerId::kAleAuthRecvAcceptV4, metadata));
  EXPECT_TRUE(metadata.wishes.require_security && metadata.wishes.require_encryption);

  Rules lenient;
  lenient.accept(wfp::kRawAleRequireIpsecEncryption | wfp::kRawAleAllowFirstInboundUnencrypted);
  ClassifyMetadata first = clear_first_packet();
  first.arrival = kPlainSa;
  EXPECT_TRUE(lenient.permits(LayerId::kAleAuthRecvAcceptV4, first));
  EXPECT_TRUE(first.wishes.require_encryption && first.wishes.allow_first_inbound_unencrypted);
}

TEST(InitiateSecure, OneFiltersLeniencyIsNotAnothers) {
  Rules rules;
  rules.accept(wfp::kRawAleRequireIpsecEncryption);
  rules.accept(wfp::kRawAleAllowFirstInboundUnencrypted, wfp::kSublayerSecureSocket);
  ClassifyMetadata metadata = clear_first_packet();
  metadata.arrival = kPlainSa;
  EXPECT_FALSE(rules.accepts(metadata));
}

TEST(InitiateSecure, ASecureFlowIsAuthorisedAgainByAnOutboundPacket) {
  Rules rules;
  rules.accept(0);
  ClassifyMetadata metadata;
  metadata.flow_is_secure = true;
  EXPECT_TRUE(rules.accepts(metadata));
}

TEST(AleConnect, StoresWhatTheFlowMustHaveAndNeverBlocks) {
  for (const std::uint64_t raw :
       std::initializer_list<std::uint64_t>{0x0U, 0x2U, 0x4U, 0x8U, 0xaU, 0x10U, 0x1aU, 0x22U, 0x3eU}) {
    Rules rules;
    rules.connect(raw);
    const auto wishes = rules.wishes(LayerId::kAleAuthConnectV4);
    EXPECT_EQ(wishes.require_security, (raw & 0x2) != 0);
    EXPECT_EQ(wishes.require_encryption, (raw & 0x8) != 0);
    EXPECT_EQ(wishes.allow_first_inbound_unencrypted, (raw & 0x10) != 0);
  }
}

TEST(Registration, BothVersionsOfEachCalloutAndNoTunnelOnes) {
  wfp::Engine engine;
  register_ipsec_callouts(engine);
  for (const Guid& key : {wfp::kCalloutIpsecInboundTransportV4, wfp::kCalloutIpsecInboundTransportV6,
                          wfp::kCalloutIpsecOutboundTransportV4, wfp::kCalloutIpsecOutboundTransportV6,
                          wfp::kCalloutIpsecInboundInitiateSecureV4, wfp::kCalloutIpsecInboundInitiateSecureV6,
                          wfp::kCalloutIpsecAleConnectV4, wfp::kCalloutIpsecAleConnectV6}) {
    EXPECT_NE(engine.implementation(key), nullptr) << wfp::guid_name(wfp::GuidKind::kCallout, key);
  }
  EXPECT_EQ(engine.implementation(wfp::kCalloutIpsecOutboundTunnelV4), nullptr);
}

}  // namespace
}  // namespace ssx::ipsec
