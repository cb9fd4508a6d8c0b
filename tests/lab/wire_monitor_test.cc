// The independent reader of the wire: what it calls clear, keying, ESP and AH.
#include <gtest/gtest.h>

#include "lab/datagrams.h"
#include "lab/wire_monitor.h"

namespace ssx::lab {
namespace {

using namespace testing;
using Kind = SeenPacket::Kind;

const OctetVector kText = to_vector(as_octets("a text in clear"));

/// A copy, as SeenPacket borrows from a datagram that the caller must keep.
SeenPacket seen(const OctetVector& datagram) {
  const auto packet = see(datagram);
  EXPECT_TRUE(packet.has_value());
  return packet.value_or(SeenPacket{});
}

TEST(WireMonitor, ATcpPayloadIsFoundBehindTheOptions) {
  const OctetVector datagram = ipv4(6, tcp(kText, hex("0101080a 00000001 00000002")));
  const SeenPacket packet = seen(datagram);
  EXPECT_EQ(packet.kind, Kind::kClearTransport);
  EXPECT_EQ(packet.source, "0a000001");
  EXPECT_EQ(packet.destination, "0a000002");
  EXPECT_EQ(packet.protocol, 6);
  EXPECT_EQ(packet.source_port, 49152);
  EXPECT_EQ(packet.destination_port, 27015);
  EXPECT_TRUE(equal(packet.payload, kText));
  EXPECT_TRUE(carries_clear_payload(packet));
}

TEST(WireMonitor, ASegmentWithoutOctetsCarriesNoPayload) {
  const OctetVector datagram = ipv4(6, tcp({}));
  EXPECT_EQ(seen(datagram).kind, Kind::kClearTransport);
  EXPECT_FALSE(carries_clear_payload(seen(datagram)));
}

TEST(WireMonitor, IPv6ExtensionHeadersAreSteppedOver) {
  // Hop-by-hop options (PadN), then destination options of 16 octets, then UDP.
  const OctetVector upper =
      concatenate({hex("3c00 0104 00000000"), hex("1101 010c 000000000000000000000000"), udp(5000, 5001, kText)});
  const OctetVector datagram = ipv6(0, upper);
  const SeenPacket packet = seen(datagram);
  EXPECT_EQ(packet.kind, Kind::kClearTransport);
  EXPECT_EQ(packet.source, "fd000000000000000000000000000001");
  EXPECT_EQ(packet.protocol, 17);
  EXPECT_EQ(packet.destination_port, 5001);
  EXPECT_TRUE(equal(packet.payload, kText));
}

TEST(WireMonitor, UdpFrom500To500IsKeying) {
  const OctetVector datagram = ipv4(17, udp(500, 500, kText));
  EXPECT_EQ(seen(datagram).kind, Kind::kKeying);
  EXPECT_FALSE(carries_clear_payload(seen(datagram)));
}

TEST(WireMonitor, AnotherPortTo500IsClear) {
  const OctetVector datagram = ipv6(17, udp(5000, 500, kText));
  EXPECT_TRUE(carries_clear_payload(seen(datagram)));
}

// RFC 3948 2.2, 2.1: four zero octets mark a keying message on port 4500, anything else there is ESP.
TEST(WireMonitor, Port4500IsKeyingWithTheMarkerAndEspWithoutIt) {
  const OctetVector keying = ipv4(17, udp(4500, 4500, hex("00000000 1122334455667788")));
  EXPECT_EQ(seen(keying).kind, Kind::kKeying);
  const OctetVector protected_packet = ipv4(17, udp(4500, 4500, hex("00001001 00000001 1122334455667788")));
  EXPECT_EQ(seen(protected_packet).kind, Kind::kEsp);
  EXPECT_FALSE(carries_clear_payload(seen(protected_packet)));
}

TEST(WireMonitor, EspIsNoClearPayloadEvenIfItLooksLikeOne) {
  for (const OctetVector& datagram : {ipv4(50, esp(0x1001, tcp(kText))), ipv6(50, esp(0x1001, tcp(kText)))}) {
    const SeenPacket packet = seen(datagram);
    EXPECT_EQ(packet.kind, Kind::kEsp);
    EXPECT_EQ(packet.spi, 0x1001U);
    EXPECT_FALSE(carries_clear_payload(packet));
  }
}

TEST(WireMonitor, AhIsToldByItsSpi) {
  for (const OctetVector& datagram : {ipv4(51, ah(0xA0000001, tcp(kText))), ipv6(51, ah(0xA0000001, tcp(kText)))}) {
    const SeenPacket packet = seen(datagram);
    EXPECT_EQ(packet.kind, Kind::kAh);
    EXPECT_EQ(packet.spi, 0xA0000001U);
    EXPECT_FALSE(carries_clear_payload(packet));
  }
}

TEST(WireMonitor, OtherProtocolsAreOther) {
  const OctetVector icmp = ipv4(1, hex("0800 0000 0001 0001"));
  EXPECT_EQ(seen(icmp).kind, Kind::kOther);
  EXPECT_EQ(seen(icmp).protocol, 1);
}

TEST(WireMonitor, EveryPrefixOfADatagramIsReadWithoutHarm) {
  for (const OctetVector& whole :
       {ipv4(6, tcp(kText, hex("01010101"))), ipv6(17, udp(1, 2, kText)), ipv6(0, hex("3c00010400000000")),
        ipv4(51, ah(7, tcp(kText))), ipv4(50, esp(7, kText))}) {
    for (std::size_t length = 0; length < whole.size(); ++length) {
      const OctetVector prefix(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
      const auto packet = see(prefix);
      EXPECT_EQ(packet.has_value(), length >= (std::to_integer<unsigned>(whole[0]) >> 4 == 4 ? 20U : 40U)) << length;
    }
  }
}

TEST(WireMonitor, WhatIsNoIpIsNothing) {
  EXPECT_FALSE(see({}).has_value());
  EXPECT_FALSE(see(OctetVector(60, std::byte{0x50})).has_value()) << "version 5";
  OctetVector short_header = ipv4(6, tcp(kText));
  short_header[0] = std::byte{0x44};
  EXPECT_FALSE(see(short_header).has_value()) << "a header of 16 octets";
}

TEST(WireMonitor, ANeedleIsFoundAnywhere) {
  const OctetVector haystack = concatenate({hex("00010203"), kText, hex("ff")});
  EXPECT_TRUE(contains(haystack, kText));
  EXPECT_TRUE(contains(haystack, as_octets("a te")));
  EXPECT_FALSE(contains(haystack, as_octets("a text in CLEAR")));
  EXPECT_FALSE(contains(haystack, as_octets("a t"))) << "three octets stand everywhere";
  EXPECT_FALSE(contains(as_octets("abc"), as_octets("abcd")));
}

}  // namespace
}  // namespace ssx::lab
