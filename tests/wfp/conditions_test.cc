#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/wfp/conditions.h"
#include "support/conformance.h"
#include "tests/wfp/fixtures.h"

namespace ssx::wfp::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Optional;

constexpr LayerId kTransport = LayerId::kOutboundTransportV4;
constexpr LayerId kTransport6 = LayerId::kOutboundTransportV6;
constexpr LayerId kConnect = LayerId::kAleAuthConnectV4;

std::optional<FwpError> check(LayerId layer, std::vector<Condition> conditions,
                              Compatibility compatibility = Compatibility::kWin7) {
  return error_of(check_conditions(layer, conditions, compatibility));
}

ByteArray16 v6(std::string_view text) { return parse_address(text)->v6_octets(); }

TEST(ConditionsTest, W132DifferentFieldsMustAllMatch) {
  CONFORMANCE("W-132");
  const std::vector<Condition> both{equal(Field::kIpProtocol, std::uint8_t{6}),
                                    equal(Field::kIpRemotePort, std::uint16_t{27015})};
  FieldValues values = tcp_packet();
  EXPECT_TRUE(matches(both, values));
  values.set(Field::kIpRemotePort, std::uint16_t{27016});
  EXPECT_FALSE(matches(both, values));
}

TEST(ConditionsTest, W133AdjacentConditionsOnOneFieldAreAlternatives) {
  CONFORMANCE("W-133");
  const std::vector<Condition> conditions{equal(Field::kIpRemotePort, std::uint16_t{80}),
                                          equal(Field::kIpRemotePort, std::uint16_t{27015}),
                                          equal(Field::kIpProtocol, std::uint8_t{6})};
  EXPECT_EQ(check(kTransport, conditions), std::nullopt);
  EXPECT_TRUE(matches(conditions, tcp_packet()));
  FieldValues values = tcp_packet();
  values.set(Field::kIpRemotePort, std::uint16_t{81});
  EXPECT_FALSE(matches(conditions, values));
}

TEST(ConditionsTest, W134ARepeatedFieldIsRefusedInVistaModeAndWhenNotAdjacent) {
  CONFORMANCE("W-134");
  const Condition port80 = equal(Field::kIpRemotePort, std::uint16_t{80});
  const Condition port81 = equal(Field::kIpRemotePort, std::uint16_t{81});
  const Condition tcp = equal(Field::kIpProtocol, std::uint8_t{6});
  EXPECT_EQ(check(kTransport, {port80, port81}), std::nullopt);
  EXPECT_THAT(check(kTransport, {port80, port81}, Compatibility::kVista), Optional(FwpError::kDuplicateCondition));
  EXPECT_THAT(check(kTransport, {port80, tcp, port81}), Optional(FwpError::kDuplicateCondition));  // P-8
}

TEST(ConditionsTest, W135AFieldThatTheLayerLacksIsNotFound) {
  CONFORMANCE("W-135");
  EXPECT_THAT(check(LayerId::kIkeextV4, {equal(Field::kIpRemotePort, std::uint16_t{80})}),
              Optional(FwpError::kConditionNotFound));
  EXPECT_THAT(check(kTransport, {equal(Field::kUnknown, std::uint16_t{80})}), Optional(FwpError::kConditionNotFound));
}

TEST(ConditionsTest, W136AValueOfAnotherTypeIsRefused) {
  CONFORMANCE("W-136");
  EXPECT_THAT(check(kTransport, {equal(Field::kIpRemotePort, std::uint32_t{80})}), Optional(FwpError::kTypeMismatch));
  EXPECT_THAT(check(kTransport, {equal(Field::kIpRemotePort, UnusableValue{DataType::kInt16})}),
              Optional(FwpError::kTypeMismatch));
  EXPECT_EQ(check(kTransport, {equal(Field::kIpRemotePort, std::uint16_t{80})}), std::nullopt);
}

TEST(ConditionsTest, W137FlagsMatchesAreForUnsignedIntegersOnly) {
  CONFORMANCE("W-137");
  const Condition on_blob{Field::kAleAppId, MatchType::kFlagsAllSet, OctetVector{std::byte{1}}};
  EXPECT_THAT(check(kConnect, {on_blob}), Optional(FwpError::kMatchTypeMismatch));
  const Condition on_flags{Field::kFlags, MatchType::kFlagsAllSet, std::uint32_t{1}};
  EXPECT_EQ(check(kConnect, {on_flags}), std::nullopt);
}

TEST(ConditionsTest, W138PortsAndV4AddressesAreHostOrderIntegers) {
  CONFORMANCE("W-138");
  const std::vector<Condition> conditions{equal(Field::kIpRemoteAddress, std::uint32_t{0x0A000002}),
                                          equal(Field::kIpRemotePort, std::uint16_t{27015})};
  EXPECT_TRUE(matches(conditions, tcp_packet()));
  EXPECT_FALSE(
      matches(equal(Field::kIpRemoteAddress, std::uint32_t{0x0200000A}), FieldValue(std::uint32_t{0x0A000002})));
}

TEST(ConditionsTest, W139V4MaskComparesTheMaskedBits) {
  CONFORMANCE("W-139");
  const Condition ten = address_in(Field::kIpRemoteAddress, IpAddress::v4(0x0A000000), 8);
  EXPECT_TRUE(matches(ten, std::uint32_t{0x0AFF0001}));
  EXPECT_FALSE(matches(ten, std::uint32_t{0x0B000001}));
  // The address need not be clean: (value & mask) = (address & mask).
  EXPECT_TRUE(
      matches(equal(Field::kIpRemoteAddress, V4AddressMask{0x0A010203, 0xFF000000}), std::uint32_t{0x0A090909}));
  Condition not_ten = ten;
  not_ten.match = MatchType::kNotEqual;
  EXPECT_FALSE(matches(not_ten, std::uint32_t{0x0AFF0001}));
  EXPECT_TRUE(matches(not_ten, std::uint32_t{0x0B000001}));
}

TEST(ConditionsTest, W140V6PrefixComparesItsBits) {
  CONFORMANCE("W-140");
  const Condition net = equal(Field::kIpRemoteAddress, V6AddressMask{v6("fd00:1:2:3::"), 64});
  EXPECT_TRUE(matches(net, v6("fd00:1:2:3:ffff::1")));
  EXPECT_FALSE(matches(net, v6("fd00:1:2:4::1")));
  const Condition odd = equal(Field::kIpRemoteAddress, V6AddressMask{v6("fd00:8000::"), 17});
  EXPECT_TRUE(matches(odd, v6("fd00:ffff::")));
  EXPECT_FALSE(matches(odd, v6("fd00:7fff::")));
  const Condition all = equal(Field::kIpRemoteAddress, V6AddressMask{v6("fd00::1"), 128});
  EXPECT_TRUE(matches(all, v6("fd00::1")));
  EXPECT_FALSE(matches(all, v6("fd00::2")));
}

TEST(ConditionsTest, W141AV6PrefixAbove128IsRefused) {
  CONFORMANCE("W-141");
  EXPECT_THAT(check(kTransport6, {equal(Field::kIpRemoteAddress, V6AddressMask{{}, 129})}),
              Optional(FwpError::kInvalidNetMask));
  EXPECT_EQ(check(kTransport6, {equal(Field::kIpRemoteAddress, V6AddressMask{{}, 128})}), std::nullopt);
}

TEST(ConditionsTest, AV4MaskWithAGapIsRefused) {
  const auto with_mask = [](std::uint32_t mask) {
    return std::vector{equal(Field::kIpRemoteAddress, V4AddressMask{0x0A000000, mask})};
  };
  EXPECT_THAT(check(kTransport, with_mask(0xFF00FF00)), Optional(FwpError::kInvalidNetMask));
  EXPECT_THAT(check(kTransport, with_mask(0x000000FF)), Optional(FwpError::kInvalidNetMask));
  EXPECT_EQ(check(kTransport, with_mask(0xFFFFFFFF)), std::nullopt);
  EXPECT_EQ(check(kTransport, with_mask(0)), std::nullopt);
}

TEST(ConditionsTest, W142ARangeHasBothItsEnds) {
  CONFORMANCE("W-142");
  const Condition ports = in_range(Field::kIpRemotePort, std::uint16_t{100}, std::uint16_t{200});
  EXPECT_FALSE(matches(ports, std::uint16_t{99}));
  EXPECT_TRUE(matches(ports, std::uint16_t{100}));
  EXPECT_TRUE(matches(ports, std::uint16_t{200}));
  EXPECT_FALSE(matches(ports, std::uint16_t{201}));
  const Condition addresses = in_range(Field::kIpRemoteAddress, v6("fd00::1"), v6("fd00::1:0"));
  EXPECT_TRUE(matches(addresses, v6("fd00::ffff")));  // octet by octet, the first one weighs most
  EXPECT_TRUE(matches(addresses, v6("fd00::1:0")));
  EXPECT_FALSE(matches(addresses, v6("fd00::1:1")));
}

TEST(ConditionsTest, W143ARangeThatEndsBeforeItBeginsIsRefused) {
  CONFORMANCE("W-143");
  EXPECT_THAT(check(kTransport, {in_range(Field::kIpRemotePort, std::uint16_t{2}, std::uint16_t{1})}),
              Optional(FwpError::kInvalidRange));
  EXPECT_EQ(check(kTransport, {in_range(Field::kIpRemotePort, std::uint16_t{1}, std::uint16_t{1})}), std::nullopt);
  EXPECT_THAT(check(kTransport, {in_range(Field::kIpRemotePort, std::uint16_t{1}, std::uint32_t{2})}),
              Optional(FwpError::kTypeMismatch));
  EXPECT_THAT(check(kTransport, {in_range(Field::kIpRemotePort, std::uint32_t{1}, std::uint32_t{2})}),
              Optional(FwpError::kTypeMismatch));
  EXPECT_THAT(check(kTransport, {Condition{Field::kIpRemotePort, MatchType::kRange, std::uint16_t{1}}}),
              Optional(FwpError::kTypeMismatch));
}

TEST(ConditionsTest, W144NotEqualIsForSortableTypesOnly) {
  CONFORMANCE("W-144");
  const Condition package{Field::kAlePackageId, MatchType::kNotEqual, SidValue{"S-1-15-2-1"}};
  EXPECT_THAT(check(kConnect, {package}), Optional(FwpError::kMatchTypeMismatch));
  const Condition user{Field::kAleUserId, MatchType::kNotEqual, SecurityDescriptor{{"S-1-5-18"}}};
  EXPECT_THAT(check(kConnect, {user}), Optional(FwpError::kMatchTypeMismatch));
  const Condition port{Field::kIpRemotePort, MatchType::kNotEqual, std::uint16_t{80}};
  EXPECT_EQ(check(kConnect, {port}), std::nullopt);
  EXPECT_TRUE(matches(port, std::uint16_t{81}));
  EXPECT_FALSE(matches(port, std::uint16_t{80}));
}

TEST(ConditionsTest, W145FlagMatchesLookAtTheListedBits) {
  CONFORMANCE("W-145");
  const auto with = [](MatchType match, std::uint32_t value) {
    return matches(Condition{Field::kFlags, match, std::uint32_t{0x6}}, FieldValue(value));
  };
  EXPECT_TRUE(with(MatchType::kFlagsNoneSet, 0x9));
  EXPECT_FALSE(with(MatchType::kFlagsNoneSet, 0x2));
  EXPECT_TRUE(with(MatchType::kFlagsAnySet, 0x2));
  EXPECT_FALSE(with(MatchType::kFlagsAnySet, 0x9));
  EXPECT_TRUE(with(MatchType::kFlagsAllSet, 0xF));
  EXPECT_FALSE(with(MatchType::kFlagsAllSet, 0x2));
}

TEST(ConditionsTest, OrderMatchesAreStrictOrNot) {
  const auto with = [](MatchType match, std::uint16_t value) {
    return matches(Condition{Field::kIpRemotePort, match, std::uint16_t{100}}, FieldValue(value));
  };
  EXPECT_TRUE(with(MatchType::kGreater, 101));
  EXPECT_FALSE(with(MatchType::kGreater, 100));
  EXPECT_TRUE(with(MatchType::kLess, 99));
  EXPECT_FALSE(with(MatchType::kLess, 100));
  EXPECT_TRUE(with(MatchType::kGreaterOrEqual, 100));
  EXPECT_FALSE(with(MatchType::kGreaterOrEqual, 99));
  EXPECT_TRUE(with(MatchType::kLessOrEqual, 100));
  EXPECT_FALSE(with(MatchType::kLessOrEqual, 101));
}

TEST(ConditionsTest, W146EmptyEqualsEmptyAndNothingElse) {
  CONFORMANCE("W-146");
  const FieldValues nothing;
  EXPECT_TRUE(matches(equal(Field::kIpLocalAddress, Empty{}), nothing.get(Field::kIpLocalAddress)));
  EXPECT_FALSE(matches(equal(Field::kIpLocalAddress, Empty{}), FieldValue(std::uint32_t{0})));
  EXPECT_FALSE(matches(equal(Field::kIpLocalAddress, std::uint32_t{0}), FieldValue(Empty{})));
  for (const MatchType match :
       {MatchType::kNotEqual, MatchType::kLess, MatchType::kLessOrEqual, MatchType::kFlagsNoneSet}) {
    EXPECT_FALSE(matches(Condition{Field::kFlags, match, std::uint32_t{5}}, FieldValue(Empty{})));
  }
  EXPECT_FALSE(matches(in_range(Field::kIpRemotePort, std::uint16_t{0}, std::uint16_t{65535}), FieldValue(Empty{})));
  EXPECT_EQ(check(kTransport, {equal(Field::kIpLocalAddress, Empty{})}), std::nullopt);
  EXPECT_THAT(check(kTransport, {Condition{Field::kIpLocalPort, MatchType::kNotEqual, Empty{}}}),
              Optional(FwpError::kTypeMismatch));
}

TEST(ConditionsTest, W147PrefixComparesTheEnd) {
  CONFORMANCE("W-147");
  const OctetVector tail = to_vector(as_octets("example.test"));
  const Condition prefix{Field::kPeerName, MatchType::kPrefix, tail};
  const Condition not_prefix{Field::kPeerName, MatchType::kNotPrefix, tail};
  EXPECT_EQ(check(kConnect, {prefix}), std::nullopt);
  EXPECT_TRUE(matches(prefix, FieldValue(as_octets("server.example.test"))));
  EXPECT_FALSE(matches(prefix, FieldValue(as_octets("example.test.evil"))));
  EXPECT_FALSE(matches(not_prefix, FieldValue(as_octets("server.example.test"))));
  EXPECT_TRUE(matches(not_prefix, FieldValue(as_octets("test"))));
  EXPECT_THAT(check(kConnect, {Condition{Field::kIpRemotePort, MatchType::kPrefix, std::uint16_t{80}}}),
              Optional(FwpError::kMatchTypeMismatch));
}

TEST(ConditionsTest, W148ASecurityDescriptorFailsForAnUnauthenticatedPeer) {
  CONFORMANCE("W-148");
  const Condition allowed = equal(Field::kAleRemoteUserId, SecurityDescriptor{{"S-1-5-21-1-2-3-1104", "S-1-5-32-545"}});
  EXPECT_EQ(check(LayerId::kAleAuthRecvAcceptV4, {allowed}), std::nullopt);
  const TokenSids alice{{"S-1-5-21-1-2-3-1104", "S-1-1-0"}};
  const TokenSids member{{"S-1-5-21-1-2-3-1105", "S-1-5-32-545"}};
  const TokenSids stranger{{"S-1-5-21-1-2-3-9999", "S-1-1-0"}};
  FieldValues values;
  EXPECT_FALSE(matches(std::vector{allowed}, values));
  values.set(Field::kAleRemoteUserId, static_cast<const TokenSids*>(nullptr));
  EXPECT_FALSE(matches(std::vector{allowed}, values));
  values.set(Field::kAleRemoteUserId, &alice);
  EXPECT_TRUE(matches(std::vector{allowed}, values));
  values.set(Field::kAleRemoteUserId, &member);
  EXPECT_TRUE(matches(std::vector{allowed}, values));  // through its group
  values.set(Field::kAleRemoteUserId, &stranger);
  EXPECT_FALSE(matches(std::vector{allowed}, values));
  EXPECT_THAT(check(kTransport, {equal(Field::kIpProtocol, SecurityDescriptor{{"S-1-5-18"}})}),
              Optional(FwpError::kTypeMismatch));
}

TEST(ConditionsTest, W150UnicastExcludesMulticastAndBroadcast) {
  CONFORMANCE("W-150");
  const Condition unicast = equal(Field::kIpLocalAddressType, kAddressTypeUnicast);
  const auto type_of = [](std::string_view text) { return FieldValue(address_type(*parse_address(text))); };
  EXPECT_TRUE(matches(unicast, type_of("10.0.0.1")));
  EXPECT_TRUE(matches(unicast, type_of("fd00::1")));
  EXPECT_FALSE(matches(unicast, type_of("224.0.0.251")));
  EXPECT_FALSE(matches(unicast, type_of("255.255.255.255")));
  EXPECT_FALSE(matches(unicast, type_of("ff02::1")));
  EXPECT_FALSE(matches(unicast, type_of("0.0.0.0")));
}

TEST(ConditionsTest, W151V6ConditionsAreRefusedAtAV4Layer) {
  CONFORMANCE("W-151");
  EXPECT_THAT(check(kTransport, {equal(Field::kIpRemoteAddress, v6("fd00::1"))}), Optional(FwpError::kTypeMismatch));
  EXPECT_THAT(check(kTransport, {address_in(Field::kIpRemoteAddress, *parse_address("fd00::"), 64)}),
              Optional(FwpError::kTypeMismatch));
  EXPECT_THAT(check(kTransport6, {address_in(Field::kIpRemoteAddress, IpAddress::v4(0x0A000000), 8)}),
              Optional(FwpError::kTypeMismatch));
  EXPECT_EQ(check(kTransport6, {equal(Field::kIpRemoteAddress, v6("fd00::1"))}), std::nullopt);
}

TEST(ConditionsTest, MasksBelongToAddressesAndCanOnlyBeEqualOrNot) {
  EXPECT_THAT(check(kTransport, {equal(Field::kInterfaceIndex, V4AddressMask{1, 0xFFFFFFFF})}),
              Optional(FwpError::kTypeMismatch));
  Condition mask = address_in(Field::kIpRemoteAddress, IpAddress::v4(0x0A000000), 8);
  mask.match = MatchType::kGreater;
  EXPECT_THAT(check(kTransport, {mask}), Optional(FwpError::kMatchTypeMismatch));
}

TEST(ConditionsTest, AMatchTypeOutsideTheEnumerationIsRefused) {
  const Condition odd{Field::kIpRemotePort, static_cast<MatchType>(13), std::uint16_t{1}};
  EXPECT_THAT(check(kTransport, {odd}), Optional(FwpError::kInvalidEnumerator));
}

TEST(ConditionsTest, NoConditionsMatchEverything) { EXPECT_TRUE(matches(std::vector<Condition>{}, FieldValues{})); }

TEST(ConditionsTest, AMismatchIsToldInWords) {
  const std::vector<Condition> conditions{equal(Field::kIpProtocol, std::uint8_t{17}),
                                          equal(Field::kIpRemotePort, std::uint16_t{80}),
                                          equal(Field::kIpRemotePort, std::uint16_t{443})};
  const Mismatch mismatch = explain_mismatch(conditions, tcp_packet());
  EXPECT_EQ(mismatch.failed_fields, 2U);
  EXPECT_EQ(mismatch.why, "IP_PROTOCOL is tcp, not = udp");
  const Mismatch ports = explain_mismatch(std::span(conditions).subspan(1), tcp_packet());
  EXPECT_EQ(ports.failed_fields, 1U);
  EXPECT_EQ(ports.why, "IP_REMOTE_PORT is 27015, not = 80 or = 443");
  EXPECT_EQ(describe(address_in(Field::kIpRemoteAddress, IpAddress::v4(0x0A000000), 8)),
            "IP_REMOTE_ADDRESS = 10.0.0.0/255.0.0.0");
}

TEST(FieldValuesTest, SettingAgainReplacesAndUnsetIsEmpty) {
  FieldValues values;
  EXPECT_TRUE(std::holds_alternative<Empty>(values.get(Field::kIpLocalPort)));
  values.set(Field::kIpLocalPort, std::uint16_t{1});
  values.set(Field::kIpLocalPort, std::uint16_t{2});
  EXPECT_EQ(std::get<std::uint16_t>(values.get(Field::kIpLocalPort)), 2);
  values.add_flags(kFlagIsLoopback);
  values.add_flags(kFlagIsIpsecSecured);
  EXPECT_EQ(std::get<std::uint32_t>(values.get(Field::kFlags)), 3U);
}

}  // namespace
}  // namespace ssx::wfp::testing
