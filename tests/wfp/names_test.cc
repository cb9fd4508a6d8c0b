#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "model/wfp/builtin_objects.h"
#include "support/conformance.h"
#include "tests/wfp/fixtures.h"

namespace ssx::wfp::testing {
namespace {

TEST(LayersTest, W060ThereAre99LayersWithIds0To98) {
  CONFORMANCE("W-060");
  ASSERT_EQ(layers().size(), 99U);
  std::set<Guid> keys;
  for (std::size_t i = 0; i < layers().size(); ++i) {
    EXPECT_EQ(static_cast<std::size_t>(layers()[i].id), i);
    if (!layers()[i].key.is_zero()) keys.insert(layers()[i].key);
  }
  EXPECT_EQ(keys.size(), 97U);  // 85 and 86 have no public key; no key twice
}

TEST(LayersTest, W061TheDefaultSublayerIsUniversalEverywhere) {
  CONFORMANCE("W-061", "W-128");
  for (const LayerInfo& layer : layers()) {
    Engine engine;
    EXPECT_EQ(default_sublayer(layer.id), kSublayerUniversal);
    if (layer_info(layer.id).is_kernel()) {
      const FilterId id = engine.add(permit(layer.id)).value();  // zero sublayer key
      EXPECT_EQ(engine.filter(id)->sublayer, kSublayerUniversal);
    }
  }
}

TEST(LayersTest, NamesAndKeysLeadToTheLayerAndBack) {
  for (const LayerInfo& layer : layers()) {
    EXPECT_EQ(layer_by_key(layer.key), layer.key.is_zero() ? LayerId::kUnknown : layer.id);
    const LayerId named = layer.full_name.empty() ? LayerId::kUnknown : layer.id;
    EXPECT_EQ(layer_by_name(layer.full_name), named);
    EXPECT_EQ(layer_by_name(layer.name()), named);
  }
  EXPECT_EQ(layer_by_key(Guid{}), LayerId::kUnknown);
  EXPECT_EQ(layer_by_key(kSublayerUniversal), LayerId::kUnknown);
  EXPECT_EQ(layer_by_name("FWPM_LAYER_"), LayerId::kUnknown);
  EXPECT_EQ(guid_by_name(GuidKind::kLayer, "FWPM_LAYER_IPSEC_V4"), guid("eda65c74-610d-4bc5-948f-3c4f89556867"));
  EXPECT_EQ(guid_name(GuidKind::kLayer, guid("eda65c74-610d-4bc5-948f-3c4f89556867")), "FWPM_LAYER_IPSEC_V4");
}

TEST(LayersTest, FlagsAreThoseOfTheDump) {
  EXPECT_EQ(layer_info(LayerId::kOutboundTransportV4).flags, kLayerKernel | kLayerBuiltin | kLayerClassifyMostly);
  EXPECT_EQ(layer_info(LayerId::kStreamV6).flags, kLayerKernel | kLayerBuiltin | kLayerClassifyMostly | kLayerBuffered);
  EXPECT_EQ(layer_info(LayerId::kIkeextV4).flags, kLayerBuiltin | kLayerClassifyMostly);
  EXPECT_EQ(layer_info(LayerId::kIpsecV6).flags, kLayerBuiltin);
  EXPECT_EQ(layer_info(LayerId::kIpsecKmDemuxV4).flags, kLayerBuiltin);
}

TEST(LayersTest, V6LayersDifferFromV4InTheirAddressesOnly) {
  const auto v4 = layer_fields(LayerId::kAleAuthConnectV4);
  const auto v6 = layer_fields(LayerId::kAleAuthConnectV6);
  ASSERT_EQ(v4.size(), v6.size());
  for (std::size_t i = 0; i < v4.size(); ++i) {
    EXPECT_EQ(v4[i].field, v6[i].field);
    const bool address = v4[i].kind == FieldKind::kIpAddress;
    EXPECT_EQ(v6[i].type, address ? DataType::kByteArray16 : v4[i].type);
  }
  EXPECT_EQ(layer_field(LayerId::kAleResourceAssignmentV4, Field::kReserved0)->type, DataType::kUint8);
  EXPECT_EQ(layer_field(LayerId::kAleResourceAssignmentV6, Field::kReserved0)->type, DataType::kByteBlob);
  EXPECT_EQ(layer_field(LayerId::kIkeextV4, Field::kIpRemotePort), nullptr);
}

TEST(LayersTest, W149ProtocolIsAFieldOfTransportAndFlowLayersAndTcpIs6) {
  CONFORMANCE("W-149");
  for (const LayerId layer : {LayerId::kInboundTransportV4, LayerId::kInboundTransportV6, LayerId::kOutboundTransportV4,
                              LayerId::kOutboundTransportV6, LayerId::kAleResourceAssignmentV4,
                              LayerId::kAleAuthConnectV4, LayerId::kAleAuthConnectV6, LayerId::kAleAuthRecvAcceptV4,
                              LayerId::kAleAuthRecvAcceptV6, LayerId::kAleFlowEstablishedV4}) {
    Engine engine;
    Filter filter = block(layer);
    filter.conditions = {equal(Field::kIpProtocol, std::uint8_t{6})};
    engine.add(filter).value();
    FieldValues values;
    values.set_protocol(IpProtocol::kTcp);
    EXPECT_FALSE(outcome(engine, values, layer).permitted()) << layer_name(layer);
    values.set_protocol(IpProtocol::kUdp);
    EXPECT_TRUE(outcome(engine, values, layer).permitted()) << layer_name(layer);
  }
}

TEST(FieldsTest, NamesAndKeysLeadToTheFieldAndBack) {
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    const Field field = static_cast<Field>(i);
    EXPECT_EQ(field_by_name(field_name(field)), field);
    EXPECT_EQ(field_by_name(field_full_name(field)), field);
    EXPECT_EQ(field_by_key(field_key(field)), field_key(field).is_zero() ? Field::kUnknown : field);
  }
  EXPECT_EQ(field_by_name("ICMP_TYPE"), Field::kIpLocalPort);
  EXPECT_EQ(field_by_name("FWPM_CONDITION_ICMP_CODE"), Field::kIpRemotePort);
  EXPECT_EQ(field_by_name("IP_COLOUR"), Field::kUnknown);
  EXPECT_EQ(field_by_key(Guid{}), Field::kUnknown);
  EXPECT_EQ(field_by_key(kSublayerUniversal), Field::kUnknown);
}

TEST(GuidsTest, EveryBuiltInObjectHasAName) {
  for (const BuiltinSublayer& sublayer : builtin_sublayers()) {
    const std::string_view name = guid_name(GuidKind::kSublayer, sublayer.key);
    ASSERT_TRUE(name.starts_with("FWPM_SUBLAYER_"));
    EXPECT_EQ(guid_by_name(GuidKind::kSublayer, name), sublayer.key);
    EXPECT_EQ(guid_name(GuidKind::kCallout, sublayer.key), "");  // names belong to a kind
  }
  for (const BuiltinCallout& callout : builtin_callouts()) {
    const std::string_view name = guid_name(GuidKind::kCallout, callout.key);
    ASSERT_TRUE(name.starts_with("FWPM_CALLOUT_"));
    EXPECT_EQ(guid_by_name(GuidKind::kCallout, name), callout.key);
  }
}

TEST(ErrorsTest, CodesNamesAndSentences) {
  EXPECT_EQ(code(FwpError::kCalloutNotFound), 0x80320001U);
  EXPECT_EQ(code(FwpError::kInUse), 0x8032000AU);
  EXPECT_EQ(code(FwpError::kDuplicateAuthMethod), 0x8032003CU);
  EXPECT_EQ(code(FwpError::kDropNoicmp), 0x80320104U);
  EXPECT_EQ(code(FwpError::kNotSupported), 50U);
  EXPECT_EQ(name(FwpError::kBuiltinObject), "FWP_E_BUILTIN_OBJECT");
  EXPECT_EQ(to_string(FwpError::kInUse), "Another object still refers to this one.");
}

TEST(SublayersTest, W126SecureSocketIsBelowUniversalTunnelAndLips) {
  CONFORMANCE("W-126");
  const Engine engine;
  EXPECT_EQ(engine.sublayer(kSublayerSecureSocket)->weight, 0x4000);
  EXPECT_EQ(engine.sublayer(kSublayerUniversal)->weight, 0x8000);
  EXPECT_EQ(engine.sublayer(kSublayerIpsecTunnel)->weight, 0xA000);
  EXPECT_EQ(engine.sublayer(kSublayerLips)->weight, 0x7FFF);
}

TEST(SublayersTest, W127InspectionIsLowestAndRpcAuditHighest) {
  CONFORMANCE("W-127");
  const Engine engine;
  EXPECT_EQ(engine.sublayer(kSublayerInspection)->weight, 0);
  for (const Sublayer* sublayer : engine.sublayers()) EXPECT_LE(sublayer->weight, 0xC000);
  EXPECT_EQ(engine.sublayer(kSublayerRpcAudit)->weight, 0xC000);
}

}  // namespace
}  // namespace ssx::wfp::testing
