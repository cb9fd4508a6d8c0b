// Where ESP and AH stand, which fields AH leaves out, and tunnel headers: docs/spec/authip.md 7.2, 7.6, 7.7.
#include <gtest/gtest.h>

#include "crypto/packets.h"
#include "support/conformance.h"

namespace ssx::crypto {
namespace {

const OctetVector kUdp = hex("1388138900100000 0102030405060708");
const OctetVector kHopByHop = hex("00 00 0104 00000000");  // PadN; the next header is filled in
const OctetVector kDestinationOptions = hex("00 00 0104 aabbccdd");

OctetVector with_next(OctetVector extension, std::uint8_t next_header) {
  extension[0] = static_cast<std::byte>(next_header);
  return extension;
}

// ---- ESP among IPv6 extension headers (RFC 4303 3.1.1) ----

TEST(Ipv6LayoutTest, EspStandsBehindRoutingAndBeforeTheLastDestinationOptions) {
  const OctetVector routing = hex("00 00 00 00 00000000");  // type 0, nothing left
  const OctetVector chain = concatenate({with_next(kHopByHop, 60), with_next(kDestinationOptions, 43),
                                         with_next(routing, 60), with_next(kDestinationOptions, 17), kUdp});
  const OctetVector datagram = v6_datagram(0, chain);
  for (const IpProtocol protocol : {IpProtocol::kEsp, IpProtocol::kAh}) {
    SaTransform transform(test_parameters(protocol));
    const OctetVector packet = sealed_by(transform, datagram);
    const auto position = find_ipsec_header(packet);
    ASSERT_TRUE(position.has_value());
    EXPECT_EQ(position->protocol, protocol);
    EXPECT_EQ(position->offset, 40U + 24U);
    EXPECT_EQ(packet[40 + 16], static_cast<std::byte>(protocol));  // the routing header names it
    if (protocol == IpProtocol::kAh) {
      EXPECT_EQ(position->ah_next_header, 60);
    }
    EXPECT_EQ(to_hex(opened_by(transform, packet).value()), to_hex(datagram));
  }
}

TEST(Ipv6LayoutTest, DestinationOptionsInFrontOfEspAreAcceptedOnReceipt) {
  SaTransform transform(test_parameters(IpProtocol::kEsp));
  const OctetVector packet = sealed_by(transform, v6_datagram(17, kUdp));
  OctetVector moved(packet.begin(), packet.begin() + 40);
  moved[6] = std::byte{60};
  append(moved, with_next(kDestinationOptions, 50));
  append(moved, Octets(packet).subspan(40));
  const OctetVector expected = v6_datagram(60, concatenate({with_next(kDestinationOptions, 17), kUdp}));
  EXPECT_EQ(to_hex(opened_by(transform, with_lengths(moved)).value()), to_hex(expected));
}

TEST(Ipv6LayoutTest, A310AFragmentIsRefusedAnAtomicOneIsNot) {
  CONFORMANCE("A-310");
  SaTransform transform(test_parameters(IpProtocol::kEsp));
  const auto datagram = [](const char* fragment) { return v6_datagram(44, concatenate({hex(fragment), kUdp})); };
  std::array<std::byte, 256> out{};
  EXPECT_EQ(transform.seal(datagram("1100000100000007"), SequenceNumber{1}, {}, out).error(), PacketError::kFragment);
  EXPECT_EQ(transform.seal(datagram("1100000800000007"), SequenceNumber{1}, {}, out).error(), PacketError::kFragment);
  EXPECT_EQ(find_ipsec_header(datagram("3200000100000007")).error(), PacketError::kFragment);
  const OctetVector atomic = datagram("1100000000000007");
  EXPECT_EQ(to_hex(opened_by(transform, sealed_by(transform, atomic)).value()), to_hex(atomic));
}

TEST(Ipv6LayoutTest, AnExtensionHeaderThatEndsBehindTheDatagramIsRefused) {
  for (std::size_t size = 0; size < 16; ++size) {
    OctetVector extension = hex("3201 0000 00000000 0000000000000000");  // two units of 8 octets, then ESP
    extension.resize(size);
    const auto found = find_ipsec_header(v6_datagram(0, extension));
    ASSERT_FALSE(found.has_value()) << size;
    EXPECT_EQ(found.error(), PacketError::kTruncated);
  }
}

// ---- AH: what the ICV covers ----

TEST(AhOptionsTest, OptionDataThatMayChangeEnRouteIsLeftOut) {
  SaTransform transform(test_parameters(IpProtocol::kAh));
  // Option 0x3e has the "may change" bit 0x20, option 0x1e does not.
  for (const auto& [option, is_covered] : {std::pair{std::byte{0x3e}, false}, std::pair{std::byte{0x1e}, true}}) {
    OctetVector hop_by_hop = hex("11 00 0004 01020304");
    hop_by_hop[2] = option;
    OctetVector packet = sealed_by(transform, v6_datagram(0, concatenate({hop_by_hop, kUdp})));
    ASSERT_EQ(outcome(opened_by(transform, packet)), "ok");
    OctetVector changed_type = packet;
    changed_type[42] ^= std::byte{1};
    EXPECT_EQ(opened_by(transform, changed_type).error(), PacketError::kIcvMismatch);
    packet[45] ^= std::byte{0xff};
    EXPECT_EQ(opened_by(transform, packet).has_value(), !is_covered);
  }
}

TEST(AhOptionsTest, ARoutingHeaderCountsAsItArrives) {
  const OctetVector hop1 = hex("fd000000000000000000000000000011");
  const OctetVector hop2 = hex("fd000000000000000000000000000012");
  const OctetVector end = hex("fd000000000000000000000000000013");
  OctetVector datagram = v6_datagram(43, concatenate({hex("11 04 00 02 00000000"), hop2, end, kUdp}));
  std::ranges::copy(hop1, datagram.begin() + 24);
  SaTransform transform(test_parameters(IpProtocol::kAh));
  const OctetVector sent = sealed_by(transform, datagram);

  OctetVector arrived = sent;  // RFC 2460 4.4: two hops later
  arrived[43] = std::byte{0};
  std::ranges::copy(end, arrived.begin() + 24);
  std::ranges::copy(hop1, arrived.begin() + 48);
  std::ranges::copy(hop2, arrived.begin() + 64);
  EXPECT_EQ(outcome(opened_by(transform, arrived)), "ok");
  arrived[64] ^= std::byte{1};  // a hop that was not asked for
  EXPECT_EQ(outcome(opened_by(transform, arrived)), to_string(PacketError::kIcvMismatch));
}

TEST(AhOptionsTest, ASourceRouteCountsWithTheFinalDestination) {
  // Loose source route: 10.0.0.11 first, then 10.0.0.12, then the end 10.0.0.13.
  OctetVector datagram = hex("4800000012340000401100000a0000010a00000b 830b04 0a00000c 0a00000d 00");
  append(datagram, kUdp);
  datagram = with_lengths(std::move(datagram));
  SaTransform transform(test_parameters(IpProtocol::kAh));
  OctetVector arrived = sealed_by(transform, datagram);
  arrived[22] = std::byte{12};                                        // the pointer is behind the list
  arrived[19] = std::byte{0x0d};                                      // the final destination
  std::ranges::copy(hex("0a0000f1 0a0000f2"), arrived.begin() + 23);  // recorded addresses
  EXPECT_EQ(outcome(opened_by(transform, arrived)), "ok");
  arrived[19] = std::byte{0x0c};
  EXPECT_EQ(outcome(opened_by(transform, arrived)), to_string(PacketError::kIcvMismatch));
}

TEST(AhOptionsTest, OptionsThatCannotBeAreHandledAlikeByBothEnds) {
  SaTransform transform(test_parameters(IpProtocol::kAh));
  for (const char* options : {"07ff0000", "07000000", "01010107", "83030400", "83040400", "94010203"}) {
    OctetVector datagram = hex("4600000012340000401100000a0000010a000002");
    append(datagram, hex(options));
    append(datagram, kUdp);
    datagram = with_lengths(std::move(datagram));
    EXPECT_EQ(to_hex(opened_by(transform, sealed_by(transform, datagram)).value()), to_hex(datagram)) << options;
  }
}

TEST(AhTest, A318TotalLengthIsCovered) {
  CONFORMANCE("A-318");
  SaTransform transform(test_parameters(IpProtocol::kAh));
  OctetVector packet = sealed_by(transform, v4_datagram(17, kUdp));
  packet.push_back(std::byte{0});  // one octet more, and a header that agrees
  EXPECT_EQ(outcome(opened_by(transform, with_lengths(packet))), to_string(PacketError::kIcvMismatch));
}

TEST(AhTest, Sha256PaddingOnIpv6IsZeroAndCovered) {
  auto given = test_parameters(IpProtocol::kAh);
  given.integrity = IntegrityAlgorithm::kHmacSha256_128;
  given.integrity_key = SecretOctets(OctetVector(32, std::byte{7}));
  SaTransform transform(std::move(given));
  OctetVector packet = sealed_by(transform, v6_datagram(17, kUdp));
  EXPECT_EQ(to_hex(Octets(packet).subspan(40 + 28, 4)), "00000000");
  packet[40 + 28] = std::byte{1};
  EXPECT_EQ(opened_by(transform, packet).error(), PacketError::kIcvMismatch);
}

TEST(AhTest, APayloadLengthOfAnotherAlgorithmIsRefused) {
  SaTransform transform(test_parameters(IpProtocol::kAh));
  OctetVector packet = sealed_by(transform, v4_datagram(17, kUdp));
  for (const std::byte length : {std::byte{0}, std::byte{3}, std::byte{5}, std::byte{0xff}}) {
    packet[21] = length;
    EXPECT_EQ(opened_by(transform, packet).error(), PacketError::kTruncated);
  }
}

// ---- tunnel mode (RFC 4301 5.1.2) ----

TEST(TunnelTest, A315EveryPairOfFamiliesComesBack) {
  CONFORMANCE("A-315");
  const OctetVector v4 = v4_datagram(17, kUdp);
  const OctetVector v6 = v6_datagram(17, kUdp);
  for (const IpProtocol protocol : {IpProtocol::kEsp, IpProtocol::kAh}) {
    SaTransform over_v4(tunnel_parameters(protocol, "192.0.2.1", "192.0.2.2"));
    SaTransform over_v6(tunnel_parameters(protocol, "2001:db8::1", "2001:db8::2"));
    for (SaTransform* tunnel : {&over_v4, &over_v6}) {
      for (const auto& [inner, next_header] : {std::pair{&v4, std::byte{4}}, std::pair{&v6, std::byte{41}}}) {
        const OctetVector packet = sealed_by(*tunnel, *inner);
        const std::size_t outer = tunnel == &over_v4 ? 20 : 40;
        EXPECT_EQ(protocol == IpProtocol::kAh ? packet[outer] : packet[packet.size() - 13], next_header);
        EXPECT_EQ(packet[tunnel == &over_v4 ? 8 : 7], std::byte{64});
        EXPECT_EQ(to_hex(opened_by(*tunnel, packet).value()), to_hex(*inner));
      }
    }
  }
}

TEST(TunnelTest, TheOuterHeaderTakesOverDscpEcnAndDf) {
  OctetVector inner = v4_datagram(17, kUdp);
  inner[1] = std::byte{0xba};  // DSCP EF, ECT(0)
  inner[6] = std::byte{0x40};
  inner = with_lengths(std::move(inner));
  SaTransform over_v4(tunnel_parameters(IpProtocol::kEsp, "192.0.2.1", "192.0.2.2"));
  const OctetVector packet = sealed_by(over_v4, inner);
  EXPECT_EQ(to_hex(Octets(packet).first(12)), to_hex(Octets(with_lengths(packet)).first(12)));
  EXPECT_EQ(packet[1], std::byte{0xba});
  EXPECT_EQ(packet[6], std::byte{0x40});
  EXPECT_EQ(to_hex(Octets(packet).subspan(12, 8)), "c0000201c0000202");
  SaTransform over_v6(tunnel_parameters(IpProtocol::kEsp, "2001:db8::1", "2001:db8::2"));
  EXPECT_EQ(to_hex(Octets(sealed_by(over_v6, inner)).first(4)), "6ba00000");
}

TEST(TunnelTest, ACongestionMarkReachesAnInnerPacketThatUnderstandsIt) {
  SaTransform tunnel(tunnel_parameters(IpProtocol::kEsp, "192.0.2.1", "192.0.2.2"));
  const auto mark_after = [&](OctetVector inner, std::size_t octet) {
    OctetVector packet = sealed_by(tunnel, with_lengths(std::move(inner)));
    packet[1] |= std::byte{3};
    const OctetVector back = opened_by(tunnel, packet).value();
    EXPECT_EQ(to_hex(back), to_hex(with_lengths(back)));  // the checksum holds
    return back[octet];
  };
  OctetVector v4 = v4_datagram(17, kUdp);
  EXPECT_EQ(mark_after(v4, 1), std::byte{0});  // not ECN-capable: stays
  v4[1] = std::byte{2};
  EXPECT_EQ(mark_after(v4, 1), std::byte{3});
  OctetVector marked = with_lengths(v4);
  marked[1] = std::byte{3};  // marked before the tunnel; its checksum is wrong and stays so
  EXPECT_EQ(to_hex(opened_by(tunnel, sealed_by(tunnel, marked)).value()), to_hex(marked));
  OctetVector v6 = v6_datagram(17, kUdp);
  EXPECT_EQ(mark_after(v6, 1), std::byte{0});
  v6[1] = std::byte{0x10};
  EXPECT_EQ(mark_after(v6, 1), std::byte{0x30});
}

TEST(TunnelTest, PaddingBehindTheInnerDatagramIsCutOff) {
  SaTransform tunnel(tunnel_parameters(IpProtocol::kEsp, "10.0.0.1", "10.0.0.2"));
  const OctetVector inner = v4_datagram(17, kUdp);
  // RFC 4303 2.7: traffic flow confidentiality padding; pad length 0, next header 4.
  const OctetVector text = concatenate({inner, OctetVector(50, std::byte{0xee}), hex("0004")});
  EXPECT_EQ(to_hex(opened_by(tunnel, esp_null_around(text)).value()), to_hex(inner));
}

TEST(TunnelTest, WhatIsNoDatagramOfTheStatedVersionIsRefused) {
  SaTransform tunnel(tunnel_parameters(IpProtocol::kEsp, "10.0.0.1", "10.0.0.2"));
  const OctetVector v4 = v4_datagram(17, kUdp);
  const OctetVector v6 = v6_datagram(17, kUdp);
  const auto open = [&](Octets text, const char* trailer) {
    return outcome(opened_by(tunnel, esp_null_around(concatenate({text, hex(trailer)}))));
  };
  const std::string not_ip(to_string(PacketError::kNotIp));
  EXPECT_EQ(open(v4, "0004"), "ok");
  EXPECT_EQ(open(v6, "0029"), "ok");
  EXPECT_EQ(open(v4, "0029"), not_ip);
  EXPECT_EQ(open(v6, "0004"), not_ip);
  EXPECT_EQ(open(v4, "0011"), not_ip);
  EXPECT_EQ(open(Octets(v4).first(v4.size() - 1), "0004"), not_ip);
  EXPECT_EQ(open(Octets(v6).first(v6.size() - 1), "0029"), not_ip);
  EXPECT_EQ(open({}, "0004"), not_ip);
}

}  // namespace
}  // namespace ssx::crypto
