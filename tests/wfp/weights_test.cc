#include <gtest/gtest.h>

#include "model/wfp/auto_weight.h"
#include "support/conformance.h"
#include "tests/wfp/fixtures.h"

namespace ssx::wfp::testing {
namespace {

constexpr LayerId kTransport = LayerId::kOutboundTransportV4;
constexpr std::uint64_t kSixtyBits = (std::uint64_t{1} << 60) - 1;

std::uint64_t weight_of(Filter filter) {
  Engine engine;
  const FilterId id = engine.add(std::move(filter)).value();
  return engine.filter(id)->effective_weight;
}

std::uint64_t auto_of(std::vector<Condition> conditions, LayerId layer = kTransport) {
  return weight_of(filter_at(layer, ActionType::kPermit, std::move(conditions)));
}

Condition ports(std::uint16_t low, std::uint16_t high) { return in_range(Field::kIpRemotePort, low, high); }
Condition port(std::uint16_t number) { return equal(Field::kIpRemotePort, number); }

TEST(WeightsTest, W116A64BitWeightIsUsedUnchanged) {
  CONFORMANCE("W-116");
  EXPECT_EQ(weight_of(weighing(permit(), std::uint64_t{0xFEDCBA9876543210})), 0xFEDCBA9876543210U);
  EXPECT_EQ(weight_of(weighing(permit(), std::uint64_t{0})), 0U);
}

TEST(WeightsTest, W117ARangeIsTheTopFourBits) {
  CONFORMANCE("W-117");
  Filter filter = permit();
  filter.conditions = {port(80)};
  const std::uint64_t low = weight_of(filter);
  for (std::uint8_t range = 0; range < 16; ++range) {
    EXPECT_EQ(weight_of(weighing(filter, range)), (std::uint64_t{range} << 60) | low);
  }
}

TEST(WeightsTest, W118ARangeAbove15IsRefused) {
  CONFORMANCE("W-118");
  Engine engine;
  EXPECT_EQ(error_of(engine.add(weighing(permit(), std::uint8_t{16}))), FwpError::kInvalidWeight);
  EXPECT_EQ(error_of(engine.add(weighing(permit(), std::uint8_t{255}))), FwpError::kInvalidWeight);
  EXPECT_EQ(error_of(engine.add(weighing(permit(), UnusableWeight{DataType::kUint32}))), FwpError::kInvalidWeight);
  EXPECT_EQ(error_of(engine.add(weighing(permit(), std::uint8_t{15}))), std::nullopt);
}

TEST(WeightsTest, W119AnAutomaticWeightIsBelowTwoToThe60) {
  CONFORMANCE("W-119");
  for (const LayerInfo& layer : layers()) {
    std::uint64_t taken = 0;  // all fields at once: the shares neither overlap nor leave the 60 bits
    for (const LayerField& field : layer_fields(layer.id)) {
      const WeightBits bits = weight_bits(layer.id, field.field);
      ASSERT_GT(bits.width, 0) << layer.full_name << " " << field_name(field.field);
      const std::uint64_t share = ((std::uint64_t{1} << bits.width) - 1) << bits.position;
      EXPECT_EQ(taken & share, 0U) << layer.full_name << " " << field_name(field.field);
      EXPECT_EQ(share & ~kSixtyBits, 0U);
      taken |= share;
    }
  }
  EXPECT_LE(auto_of({port(80), equal(Field::kIpProtocol, std::uint8_t{6})}), kSixtyBits);
}

TEST(WeightsTest, W120WithoutConditionsTheWeightIsZero) {
  CONFORMANCE("W-120");
  EXPECT_EQ(auto_of({}), 0U);
}

TEST(WeightsTest, W121AConditionOnAnotherFieldRaisesTheWeight) {
  CONFORMANCE("W-121");
  for (const LayerField& field : layer_fields(kTransport)) {
    if (field.field == Field::kIpRemotePort || field.type != DataType::kUint32) continue;
    EXPECT_GT(auto_of({port(80), equal(field.field, std::uint32_t{1})}), auto_of({port(80)}))
        << field_name(field.field);
  }
}

TEST(WeightsTest, W122MoreSpecificPortsWeighMore) {
  CONFORMANCE("W-122");
  EXPECT_GT(auto_of({port(80)}), auto_of({ports(1025, 5000)}));
  EXPECT_GT(auto_of({ports(1025, 5000)}), auto_of({ports(49152, 65535)}));
  EXPECT_GT(auto_of({ports(1025, 5000)}), auto_of({ports(1, 65535)}));
}

TEST(WeightsTest, W123EqualConditionsWeighTheSame) {
  CONFORMANCE("W-123");
  Engine engine;
  const FilterId first = engine.add(filter_at(kTransport, ActionType::kPermit, {port(80)})).value();
  const FilterId second = engine.add(filter_at(kTransport, ActionType::kBlock, {port(80)})).value();
  EXPECT_EQ(engine.filter(first)->effective_weight, engine.filter(second)->effective_weight);
}

TEST(WeightsTest, W124OnlyTheSizeOfTheValueSetCounts) {
  CONFORMANCE("W-124");
  EXPECT_EQ(auto_of({port(80)}), auto_of({port(65535)}));
  EXPECT_EQ(auto_of({ports(1, 100)}), auto_of({ports(1001, 1100)}));
  EXPECT_EQ(auto_of({address_in(Field::kIpRemoteAddress, IpAddress::v4(0x0A000000), 8)}),
            auto_of({address_in(Field::kIpRemoteAddress, IpAddress::v4(0x0B000000), 8)}));
}

TEST(WeightsTest, ALongerPrefixWeighsMoreInBothVersions) {
  const auto v4 = [](std::uint8_t length) {
    return auto_of({address_in(Field::kIpRemoteAddress, IpAddress::v4(0x0A000000), length)});
  };
  EXPECT_GT(v4(32), v4(24));
  EXPECT_GT(v4(24), v4(8));
  const auto v6 = [](std::uint8_t length) {
    return auto_of({address_in(Field::kIpRemoteAddress, *parse_address("fd00::"), length)},
                   LayerId::kOutboundTransportV6);
  };
  EXPECT_GT(v6(128), v6(64));
  EXPECT_GT(v6(64), v6(8));
}

// The checks of wfp-model.md 2.3, from a dump.
TEST(WeightsTest, SharesAreThoseOfTheDump) {
  const auto share = [](std::uint16_t low, std::uint16_t high, int width) {
    return weight_share(std::vector{ports(low, high)}, 16, width);
  };
  EXPECT_EQ(share(100, 101, 12), 0xEFFU);
  EXPECT_EQ(share(100, 120, 12), 0xB9BU);
  EXPECT_EQ(share(100, 104, 22), 0x36B658U);
  EXPECT_EQ(share(1025, 5000, 3), 2U);
  EXPECT_EQ(share(49152, 65535, 3), 1U);
  EXPECT_EQ(share(1, 65535, 3), 1U);
  EXPECT_EQ(weight_share(std::vector{port(80)}, 16, 12), 0xFFFU);
  EXPECT_EQ(weight_share(std::vector{port(100), port(101)}, 16, 12), 0xEFFU);  // a set is counted like a range
}

TEST(WeightsTest, KnownPositionsAreThoseOfTheDump) {
  const LayerId connect = LayerId::kAleAuthConnectV4;
  EXPECT_EQ(weight_bits(connect, Field::kAleUserId), (WeightBits{37, 1}));
  EXPECT_EQ(weight_bits(connect, Field::kAleAppId), (WeightBits{38, 1}));
  EXPECT_EQ(weight_bits(connect, Field::kIpRemotePort), (WeightBits{39, 3}));
  EXPECT_EQ(weight_bits(connect, Field::kIpProtocol), (WeightBits{47, 3}));
  EXPECT_EQ(weight_bits(LayerId::kAleAuthListenV4, Field::kIpLocalPort), (WeightBits{8, 22}));
  // A full weight out of known positions: application, user, one port, TCP.
  const std::vector<Condition> conditions{equal(Field::kAleAppId, OctetVector{std::byte{1}}),
                                          equal(Field::kAleUserId, SecurityDescriptor{{"S-1-5-18"}}),
                                          equal(Field::kIpProtocol, std::uint8_t{6}), port(443)};
  EXPECT_EQ(auto_of(conditions, connect), 0x000383E000000000U | (std::uint64_t{1} << 37));
}

TEST(WeightsTest, W125AnExemptionOutranksAnIpsecFilterOfItsSublayer) {
  CONFORMANCE("W-125");
  Engine engine = arbitration_engine();
  Filter protect = weighing(asking(kTestCallout), kWeightRangeIpsec);  // no implementation: it would block
  protect.conditions = {equal(Field::kIpProtocol, std::uint8_t{6}), port(27015)};
  engine.add(protect).value();
  const FilterId exemption = engine.add(weighing(permit(), kWeightRangeIkeExemptions)).value();
  EXPECT_EQ(outcome(engine), (ClassifyOutcome{Verdict::kPermit, false, false, exemption}));
}

}  // namespace
}  // namespace ssx::wfp::testing
