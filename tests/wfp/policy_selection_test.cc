#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/wfp/policy_selection.h"
#include "model/wfp/secure_socket_filters.h"
#include "support/conformance.h"
#include "tests/wfp/fixtures.h"

namespace ssx::wfp::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr Guid kAdminMm = guid("44444444-0000-4000-8000-000000000001");
constexpr Guid kAdminQm = guid("44444444-0000-4000-8000-000000000002");
constexpr Guid kAppMm = guid("44444444-0000-4000-8000-000000000003");
constexpr Guid kAppQm = guid("44444444-0000-4000-8000-000000000004");

PolicySelector tcp_selector() {
  PolicySelector selector;
  selector.protocol = IpProtocol::kTcp;
  selector.local = {IpAddress::v4(0x0A000001), 49152};
  selector.remote = {IpAddress::v4(0x0A000002), 27015};
  return selector;
}

MainModePolicy kerberos_main_mode() {
  MainModePolicy policy = default_main_mode_policy();
  policy.methods = {{AuthMethod::kKerberos, 0, {}}};
  return policy;
}

Engine engine_with_contexts() {
  Engine engine;
  for (const Guid& key : {kAdminMm, kAppMm}) {
    engine.add(main_mode_context(ProviderContextType::kAuthipMm, kerberos_main_mode(), key)).value();
  }
  for (const Guid& key : {kAdminQm, kAppQm}) {
    engine.add(quick_mode_context(ProviderContextType::kAuthipQmTransport, plain_quick_mode(), key)).value();
  }
  return engine;
}

SecureSocketFilterRequest client() {
  SecureSocketFilterRequest request;
  request.local_port = 49152;
  request.remote = TransportAddress{IpAddress::v4(0x0A000002), 27015};
  return request;
}

Guid main_mode_winner(const Engine& engine, const PolicySelector& selector = tcp_selector()) {
  const auto choice = select_policy(engine, PolicyPurpose::kMainMode, IpVersion::kV4, selector);
  return choice ? choice->context : Guid{};
}
Guid quick_mode_winner(const Engine& engine, const PolicySelector& selector = tcp_selector()) {
  const auto choice = select_policy(engine, PolicyPurpose::kQuickModeTransport, IpVersion::kV4, selector);
  return choice ? choice->context : Guid{};
}

TEST(PolicySelectionTest, W239ZeroKeysSelectTheBuiltInContexts) {
  CONFORMANCE("W-239");
  Engine engine;
  const auto filters = add_secure_socket_filters(engine, client()).value();
  const auto main_mode = select_policy(engine, PolicyPurpose::kMainMode, IpVersion::kV4, tcp_selector());
  ASSERT_TRUE(main_mode);
  EXPECT_EQ(main_mode->context, kContextSecureSocketAuthip);
  EXPECT_EQ(main_mode->module, KeyingModule::kAuthip);
  EXPECT_EQ(main_mode->filter, filters[0]);
  EXPECT_EQ(*main_mode->main_mode, default_main_mode_policy());
  EXPECT_EQ(main_mode->quick_mode, nullptr);
  const auto quick_mode = select_policy(engine, PolicyPurpose::kQuickModeTransport, IpVersion::kV4, tcp_selector());
  ASSERT_TRUE(quick_mode);
  EXPECT_EQ(quick_mode->context, kContextSecureSocketIpsec);
  EXPECT_EQ(quick_mode->filter, filters[1]);
  EXPECT_EQ(*quick_mode->quick_mode, default_quick_mode_policy());
}

TEST(PolicySelectionTest, W240ACustomKeyIsUsedWhereNoHigherPolicyMatches) {
  CONFORMANCE("W-240");
  Engine engine = engine_with_contexts();
  SecureSocketFilterRequest request = client();
  request.main_mode_policy = kAppMm;
  request.quick_mode_policy = kAppQm;
  add_secure_socket_filters(engine, request).value();
  // A higher policy for somebody else's traffic does not count.
  engine.add(policy_filter(LayerId::kIpsecV4, kAdminQm, {equal(Field::kIpRemotePort, std::uint16_t{80})})).value();
  EXPECT_EQ(main_mode_winner(engine), kAppMm);
  EXPECT_EQ(quick_mode_winner(engine), kAppQm);
}

TEST(PolicySelectionTest, W241AnAdministratorsPolicyInUniversalOverridesCustomKeys) {
  CONFORMANCE("W-241");
  Engine engine = engine_with_contexts();
  SecureSocketFilterRequest request = client();
  request.main_mode_policy = kAppMm;
  request.quick_mode_policy = kAppQm;
  add_secure_socket_filters(engine, request).value();
  engine.add(policy_filter(LayerId::kIkeextV4, kAdminMm)).value();
  engine.add(policy_filter(LayerId::kIpsecV4, kAdminQm)).value();
  EXPECT_EQ(main_mode_winner(engine), kAdminMm);
  EXPECT_EQ(quick_mode_winner(engine), kAdminQm);
}

TEST(PolicySelectionTest, W242APolicyBelowTheSocketsSublayerDoesNot) {
  CONFORMANCE("W-242");
  Engine engine = engine_with_contexts();
  add_secure_socket_filters(engine, client()).value();
  engine.add(sublayer_weighing(0x3FFF, kLow)).value();
  engine.add(weighing(in_sublayer(policy_filter(LayerId::kIkeextV4, kAdminMm), kLow), std::uint8_t{15})).value();
  engine.add(weighing(in_sublayer(policy_filter(LayerId::kIpsecV4, kAdminQm), kLow), std::uint8_t{15})).value();
  EXPECT_EQ(main_mode_winner(engine), kContextSecureSocketAuthip);
  EXPECT_EQ(quick_mode_winner(engine), kContextSecureSocketIpsec);
}

TEST(PolicySelectionTest, W243MainAndQuickModeAreChosenApart) {
  CONFORMANCE("W-243");
  Engine engine = engine_with_contexts();
  add_secure_socket_filters(engine, client()).value();
  engine.add(policy_filter(LayerId::kIkeextV4, kAdminMm)).value();
  EXPECT_EQ(main_mode_winner(engine), kAdminMm);
  EXPECT_EQ(quick_mode_winner(engine), kContextSecureSocketIpsec);
  const auto pair = select_policies(engine, IpVersion::kV4, tcp_selector());
  ASSERT_TRUE(pair);
  EXPECT_EQ(pair->main_mode.context, kAdminMm);
  EXPECT_EQ(pair->quick_mode.context, kContextSecureSocketIpsec);
}

TEST(PolicySelectionTest, InsideASublayerWeightThenAgeDecides) {
  Engine engine = engine_with_contexts();
  engine.add(policy_filter(LayerId::kIpsecV4, kAdminQm)).value();
  engine.add(policy_filter(LayerId::kIpsecV4, kAppQm)).value();
  EXPECT_EQ(quick_mode_winner(engine), kAdminQm);  // equal weights: the older
  engine.add(policy_filter(LayerId::kIpsecV4, kContextSecureSocketIpsec, {equal(Field::kIpProtocol, std::uint8_t{6})}))
      .value();
  EXPECT_EQ(quick_mode_winner(engine), kContextSecureSocketIpsec);
}

TEST(PolicySelectionTest, MissingPoliciesAreTold) {
  Engine engine = engine_with_contexts();
  EXPECT_EQ(select_policies(engine, IpVersion::kV4, tcp_selector()).error(), NoPolicy::kMainMode);
  engine.add(policy_filter(LayerId::kIkeextV4, kAdminMm)).value();
  EXPECT_EQ(select_policies(engine, IpVersion::kV4, tcp_selector()).error(), NoPolicy::kQuickMode);
  EXPECT_EQ(select_policies(engine, IpVersion::kV6, tcp_selector()).error(), NoPolicy::kMainMode);
  EXPECT_EQ(static_cast<int>(NoPolicy::kMainMode), 13850);
  EXPECT_EQ(static_cast<int>(NoPolicy::kQuickMode), 13825);
}

TEST(PolicySelectionTest, AModuleWithoutBothPoliciesIsSkipped) {
  Engine engine = engine_with_contexts();
  const Guid ike_mm = engine.add(main_mode_context(ProviderContextType::kIkeMm, preshared_main_mode())).value();
  const Guid ike_qm = engine.add(quick_mode_context(ProviderContextType::kIkeQmTransport, plain_quick_mode())).value();
  engine.add(policy_filter(LayerId::kIkeextV4, kAdminMm)).value();
  engine.add(policy_filter(LayerId::kIkeextV4, ike_mm)).value();
  engine.add(policy_filter(LayerId::kIpsecV4, ike_qm)).value();
  const auto ike = select_policies(engine, IpVersion::kV4, tcp_selector());
  ASSERT_TRUE(ike);
  EXPECT_EQ(ike->main_mode.context, ike_mm);
  EXPECT_EQ(ike->main_mode.module, KeyingModule::kIke);
  EXPECT_EQ(ike->quick_mode.context, ike_qm);
  // With both, AuthIP is preferred, whatever the weights.
  engine.add(policy_filter(LayerId::kIpsecV4, kAdminQm)).value();
  EXPECT_EQ(select_policies(engine, IpVersion::kV4, tcp_selector())->main_mode.context, kAdminMm);
  EXPECT_EQ(main_mode_winner(engine), kAdminMm);
  EXPECT_EQ(quick_mode_winner(engine), kAdminQm);
  constexpr KeyingModule kIkeFirst[] = {KeyingModule::kIke, KeyingModule::kAuthip};
  const auto first = select_policy(engine, PolicyPurpose::kMainMode, IpVersion::kV4, tcp_selector(), kIkeFirst);
  EXPECT_EQ(first->context, ike_mm);
}

// U-18.
TEST(PolicySelectionTest, AnyInAResponderSelectorSatisfiesEveryCondition) {
  Engine engine = engine_with_contexts();
  add_secure_socket_filters(engine, client()).value();
  PolicySelector selector = tcp_selector();
  selector.protocol = IpProtocol::kAny;
  selector.local.port = 0;
  selector.remote.port = 0;
  EXPECT_EQ(quick_mode_winner(engine, selector), Guid{});  // an initiator's unknown fields match nothing
  PolicySelector no_remote_port = tcp_selector();
  no_remote_port.remote.port = 0;
  EXPECT_EQ(quick_mode_winner(engine, no_remote_port), Guid{});
  selector.zero_is_any = true;
  EXPECT_EQ(quick_mode_winner(engine, selector), kContextSecureSocketIpsec);
  selector.remote.port = 80;  // a port that is given must fit
  EXPECT_EQ(quick_mode_winner(engine, selector), Guid{});
}

TEST(PolicySelectionTest, KeyingPoliciesNameTheModules) {
  Engine engine = engine_with_contexts();
  const auto order = [&] { return module_order(engine, IpVersion::kV4, tcp_selector()); };
  EXPECT_THAT(order(), ElementsAre(KeyingModule::kAuthip, KeyingModule::kIke));
  ProviderContext keying;
  keying.display = named("keying");
  keying.type = ProviderContextType::kKeying;
  keying.content = KeyingPolicy{{kKeyingModuleIkev2, kKeyingModuleIke}, 0};
  Filter filter = policy_filter(LayerId::kIpsecKmDemuxV4, engine.add(keying).value());
  engine.add(weighing(filter, std::uint64_t{2})).value();
  EXPECT_THAT(order(), ElementsAre(KeyingModule::kIke, KeyingModule::kIkev2));
  keying.content = KeyingPolicy{{kKeyingModuleAuthip}, kKeyingTerminatingMatch};
  filter.provider_context = engine.add(keying).value();
  const FilterId second = engine.add(weighing(filter, std::uint64_t{1})).value();
  EXPECT_THAT(order(), ElementsAre(KeyingModule::kAuthip, KeyingModule::kIke, KeyingModule::kIkev2));
  engine.delete_filter(second).value();
  engine.add(weighing(filter, std::uint64_t{3})).value();  // first now, and it ends the look-up
  EXPECT_THAT(order(), ElementsAre(KeyingModule::kAuthip));
}

TEST(PolicySelectionTest, TheChoiceExplainsItself) {
  Engine engine = engine_with_contexts();
  const auto filters = add_secure_socket_filters(engine, client()).value();
  const FilterId admin = engine.add(policy_filter(LayerId::kIpsecV4, kAdminQm)).value();
  engine.add(policy_filter(LayerId::kIpsecV4, kAppQm, {equal(Field::kIpRemotePort, std::uint16_t{80})})).value();
  DecisionRecorder recorder{"flow 1", {}};
  select_policy(engine, PolicyPurpose::kQuickModeTransport, IpVersion::kV4, tcp_selector(), kDefaultModules, &recorder);
  ASSERT_EQ(recorder.decisions.size(), 1U);
  const Decision& decision = recorder.decisions.front();
  EXPECT_EQ(decision.phase, "IPSEC_V4");
  EXPECT_EQ(decision.object, describe(*engine.filter(admin)));
  EXPECT_THAT(decision.outcome,
              HasSubstr("AuthIP policy of context 'quick mode' 44444444-0000-4000-8000-000000000002"));
  ASSERT_EQ(decision.beaten.size(), 2U);
  EXPECT_EQ(decision.beaten[0].why, "IP_REMOTE_PORT is 27015, not = 80");
  EXPECT_EQ(decision.beaten[1].object, describe(*engine.filter(filters[1])));
  EXPECT_THAT(decision.rule, HasSubstr("P-16"));
}

TEST(SecureSocketFiltersTest, W235TheyAreInTheSecureSocketSublayerAndGoTogether) {
  CONFORMANCE("W-235");
  Engine engine;
  const auto ids = add_secure_socket_filters(engine, client()).value();
  ASSERT_EQ(ids.size(), 6U);
  for (const FilterId id : ids) {
    EXPECT_EQ(engine.filter(id)->sublayer, kSublayerSecureSocket);
    EXPECT_EQ(engine.filter(id)->lifetime, (Lifetime{LifetimeKind::kDynamic, kStackSession}));
  }
  remove_secure_socket_filters(engine, ids);
  EXPECT_TRUE(engine.filters().empty());  // the exemptions have gone as well
}

TEST(SecureSocketFiltersTest, TheTableOf44) {
  const auto raw = [](bool open, bool encrypt, bool first_clear) {
    SecureSocketFilterRequest request = client();
    request.open = open;
    request.guarantee_encryption = encrypt;
    request.allow_first_inbound_unencrypted = first_clear;
    std::vector<std::uint64_t> contexts;
    for (const Filter& filter : secure_socket_filters(request)) {
      if (names_callout(filter.action.type)) contexts.push_back(filter.raw_context);
    }
    return contexts;  // inbound, outbound, accept unless open, connect
  };
  EXPECT_THAT(raw(false, false, false), ElementsAre(0x2U, 0x0U, 0x0U, 0x2U));
  EXPECT_THAT(raw(false, true, false), ElementsAre(0x2U, 0x0U, 0x8U, 0xAU));
  EXPECT_THAT(raw(false, true, true), ElementsAre(0x2U, 0x0U, 0x18U, 0xAU));
  EXPECT_THAT(raw(true, false, false), ElementsAre(0x2U, 0x1U, 0x0U));
}

TEST(SecureSocketFiltersTest, ConditionsFollowTheLayerAndTheEndpoint) {
  SecureSocketFilterRequest request;
  request.version = IpVersion::kV6;
  request.protocol = IpProtocol::kUdp;
  request.local_address = parse_address("fd00::1");
  request.local_port = 27015;
  const auto filters = secure_socket_filters(request);
  const Condition address = address_equals(Field::kIpLocalAddress, *parse_address("fd00::1"));
  const Condition udp = equal(Field::kIpProtocol, std::uint8_t{17});
  const Condition port = equal(Field::kIpLocalPort, std::uint16_t{27015});
  const Condition unicast = equal(Field::kIpLocalAddressType, std::uint8_t{1});
  EXPECT_EQ(filters[0].layer, LayerId::kIkeextV6);
  EXPECT_THAT(filters[0].conditions, ElementsAre(address));
  EXPECT_EQ(filters[1].layer, LayerId::kIpsecV6);
  EXPECT_THAT(filters[1].conditions, ElementsAre(udp, address, port));
  EXPECT_THAT(filters[2].conditions, ElementsAre(udp, address, unicast, port));
  Engine engine;
  EXPECT_TRUE(add_secure_socket_filters(engine, request));  // every condition is legal at its layer
}

TEST(SecureSocketFiltersTest, AMissingContextLeavesNothingBehind) {
  Engine engine;
  SecureSocketFilterRequest request = client();
  request.quick_mode_policy = kAppQm;
  EXPECT_EQ(error_of(add_secure_socket_filters(engine, request)), FwpError::kProviderContextNotFound);
  EXPECT_TRUE(engine.filters().empty());
}

/// An engine whose socket filters have been added, with the transport callout blocking.
struct BlockingSocket {
  Engine engine;
  std::shared_ptr<FixedCallout::Log> log = std::make_shared<FixedCallout::Log>();

  BlockingSocket() {
    engine.register_callout(kCalloutIpsecOutboundTransportV4,
                            std::make_shared<FixedCallout>(CalloutAction::kBlock, false, log));
    engine.register_callout(kCalloutIpsecAleConnectV4, std::make_shared<FixedCallout>(CalloutAction::kPermit, false));
    add_secure_socket_filters(engine, client()).value();
  }
};

TEST(SecureSocketFiltersTest, W246AnExemptionInUniversalDoesNotSwitchThemOff) {
  CONFORMANCE("W-246");
  BlockingSocket socket;
  socket.engine.add(weighing(permit(), kWeightRangeIkeExemptions)).value();
  EXPECT_FALSE(outcome(socket.engine).permitted());
  EXPECT_EQ(socket.log->calls, 1);
}

TEST(SecureSocketFiltersTest, W247ABlockAtConnectBeatsThem) {
  CONFORMANCE("W-247");
  BlockingSocket socket;
  const LayerId connect = LayerId::kAleAuthConnectV4;
  EXPECT_TRUE(outcome(socket.engine, tcp_packet(), connect).permitted());
  const FilterId blocking = socket.engine.add(block(connect)).value();
  EXPECT_EQ(outcome(socket.engine, tcp_packet(), connect), (ClassifyOutcome{Verdict::kBlock, true, false, blocking}));
}

}  // namespace
}  // namespace ssx::wfp::testing
