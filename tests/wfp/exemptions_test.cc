#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "support/conformance.h"
#include "tests/wfp/fixtures.h"

namespace ssx::wfp::testing {
namespace {

std::vector<const Filter*> exemptions(const Engine& engine) {
  std::vector<const Filter*> found = engine.filters();
  std::erase_if(found, [](const Filter* filter) { return !filter->exemption; });
  return found;
}

/// A UDP datagram to or from `port`, on either side.
FieldValues udp(IpVersion version, std::uint16_t port, const TokenSids* user = nullptr) {
  FieldValues values;
  values.set_protocol(IpProtocol::kUdp);
  values.set_address(Field::kIpRemoteAddress, *parse_address(version == IpVersion::kV4 ? "10.0.0.2" : "fd00::2"));
  values.set(Field::kIpLocalPort, port);
  values.set(Field::kIpRemotePort, port);
  values.set(Field::kAleUserId, user);
  return values;
}

/// Blocks everything at a layer, from UNIVERSAL.
void block_all(Engine& engine, LayerId layer, std::uint8_t range = 0) {
  engine.add(weighing(block(layer), range)).value();
}

TEST(ExemptionsTest, W222TheFirstMainModeFilterExemptsTheKeyingPorts) {
  CONFORMANCE("W-222");
  for (const IpVersion version : {IpVersion::kV4, IpVersion::kV6}) {
    for (const LayerId layer : {inbound_transport(version), outbound_transport(version)}) {
      Engine engine;
      block_all(engine, layer);
      EXPECT_FALSE(outcome(engine, udp(version, 500), layer).permitted());
      engine.add(policy_filter(LayerId::kIkeextV4, kContextSecureSocketAuthip)).value();
      EXPECT_TRUE(outcome(engine, udp(version, 500), layer).permitted());
      EXPECT_EQ(outcome(engine, udp(version, 4500), layer).permitted(), version == IpVersion::kV4);
      EXPECT_FALSE(outcome(engine, udp(version, 501), layer).permitted());
      FieldValues tcp = udp(version, 500);
      tcp.set_protocol(IpProtocol::kTcp);
      EXPECT_FALSE(outcome(engine, tcp, layer).permitted());
    }
  }
  // An IKE filter counts as well; the second filter adds nothing.
  Engine engine;
  const Guid ike = engine.add(main_mode_context(ProviderContextType::kIkeMm, preshared_main_mode())).value();
  engine.add(policy_filter(LayerId::kIkeextV6, ike)).value();
  EXPECT_EQ(exemptions(engine).size(), 12U);
  engine.add(policy_filter(LayerId::kIkeextV4, kContextSecureSocketAuthip)).value();
  EXPECT_EQ(exemptions(engine).size(), 12U);
}

TEST(ExemptionsTest, W223TheLastMainModeFilterTakesThemAway) {
  CONFORMANCE("W-223");
  Engine engine;
  const FilterId first = engine.add(policy_filter(LayerId::kIkeextV4, kContextSecureSocketAuthip)).value();
  const FilterId second = engine.add(policy_filter(LayerId::kIkeextV6, kContextSecureSocketAuthip)).value();
  engine.delete_filter(first).value();
  EXPECT_EQ(exemptions(engine).size(), 12U);
  engine.delete_filter(second).value();
  EXPECT_TRUE(engine.filters().empty());
  engine.add(policy_filter(LayerId::kIkeextV4, kContextSecureSocketAuthip)).value();  // and again
  EXPECT_EQ(exemptions(engine).size(), 12U);
}

TEST(ExemptionsTest, W224AtAleLayersTheyAreForTheLocalSystemOnly) {
  CONFORMANCE("W-224");
  const TokenSids system{{"S-1-5-18"}};
  const TokenSids user{{"S-1-5-21-1-2-3-1104"}};
  for (const LayerId layer : {LayerId::kAleAuthConnectV4, LayerId::kAleAuthRecvAcceptV4, LayerId::kAleAuthConnectV6,
                              LayerId::kAleAuthRecvAcceptV6}) {
    const IpVersion version = layer_name(layer).ends_with("V4") ? IpVersion::kV4 : IpVersion::kV6;
    Engine engine;
    block_all(engine, layer);
    engine.add(policy_filter(LayerId::kIkeextV4, kContextSecureSocketAuthip)).value();
    EXPECT_TRUE(outcome(engine, udp(version, 500, &system), layer).permitted());
    EXPECT_FALSE(outcome(engine, udp(version, 500, &user), layer).permitted());
    EXPECT_FALSE(outcome(engine, udp(version, 500), layer).permitted());
  }
}

TEST(ExemptionsTest, W225TheyAreWeightedInRange12) {
  CONFORMANCE("W-225");
  Engine engine;
  engine.add(policy_filter(LayerId::kIkeextV4, kContextSecureSocketAuthip)).value();
  ASSERT_FALSE(exemptions(engine).empty());
  for (const Filter* filter : exemptions(engine)) {
    EXPECT_EQ(filter->effective_weight >> 60, 0xCU);
    EXPECT_EQ(filter->sublayer, kSublayerUniversal);
    EXPECT_EQ(filter->provider, kProviderIkeext);
    EXPECT_EQ(filter->action.type, ActionType::kPermit);
    EXPECT_EQ(error_of(engine.delete_filter(filter->id)), FwpError::kBuiltinObject);
  }
}

TEST(ExemptionsTest, W226AFilterInRange13OverridesThem) {
  CONFORMANCE("W-226");
  Engine engine;
  engine.add(policy_filter(LayerId::kIkeextV4, kContextSecureSocketAuthip)).value();
  const LayerId layer = LayerId::kOutboundTransportV4;
  block_all(engine, layer, 0xB);
  EXPECT_TRUE(outcome(engine, udp(IpVersion::kV4, 500), layer).permitted());
  block_all(engine, layer, 0xD);
  EXPECT_FALSE(outcome(engine, udp(IpVersion::kV4, 500), layer).permitted());
}

// U-62.
TEST(ExemptionsTest, TheyFollowThePortKnobs) {
  Engine engine{EngineConfig{.ike_port = 10500, .nat_t_port = 14500}};
  block_all(engine, LayerId::kOutboundTransportV4);
  engine.add(policy_filter(LayerId::kIkeextV4, kContextSecureSocketAuthip)).value();
  EXPECT_TRUE(outcome(engine, udp(IpVersion::kV4, 10500)).permitted());
  EXPECT_TRUE(outcome(engine, udp(IpVersion::kV4, 14500)).permitted());
  EXPECT_FALSE(outcome(engine, udp(IpVersion::kV4, 500)).permitted());
}

}  // namespace
}  // namespace ssx::wfp::testing
