// UDP: RFC 768 octets and checksum, whose datagram it is, the bounded receive queue.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/tcpip/udp.h"
#include "testbed.h"

namespace ssx::tcpip {
namespace {

using namespace testbed;

OctetVector emitted(const UdpMessage& message) {
  OctetVector out{std::byte{0xa5}};  // what is there already stays
  emit_udp_message(out, message, kAddressA, kAddressZ);
  EXPECT_EQ(out.front(), std::byte{0xa5});
  out.erase(out.begin());
  return out;
}

TEST(UdpTest, KnownOctets) {
  const OctetVector text = hex("61 62 63");
  EXPECT_EQ(emitted({500, 4500, text}), hex("01f4"  // source port
                                            "1194"  // destination port
                                            "000b"  // length: 8 + 3
                                            // pseudo header 0a00 0001 0a00 0002 0011 000b, header, 6162 6300:
                                            // sum ec14; its complement
                                            "13eb"
                                            "616263"));
}

TEST(UdpTest, ParseGivesBackWhatWasEmitted) {
  for (const std::size_t size : {0u, 1u, 2u, 1'471u}) {
    const OctetVector text = pattern(size);
    const OctetVector octets = emitted({53, 1'024, text});
    const auto message = parse_udp_message(octets, kAddressA, kAddressZ);
    ASSERT_TRUE(message);
    EXPECT_EQ(message->source_port, 53);
    EXPECT_EQ(message->destination_port, 1'024);
    EXPECT_TRUE(equal(message->payload, text));
  }
}

TEST(UdpTest, EveryPrefixAndEveryFlippedBitIsRejected) {
  const OctetVector octets = emitted({500, 4500, pattern(9)});
  for (std::size_t size = 0; size < octets.size(); ++size) {
    EXPECT_FALSE(parse_udp_message(Octets(octets).first(size), kAddressA, kAddressZ)) << size;
  }
  for (std::size_t bit = 0; bit < octets.size() * 8; ++bit) {
    OctetVector damaged = octets;
    damaged[bit / 8] ^= static_cast<std::byte>(1U << bit % 8);
    EXPECT_FALSE(parse_udp_message(damaged, kAddressA, kAddressZ)) << bit;
  }
}

TEST(UdpTest, OctetsBehindTheStatedLengthAreIgnored) {
  OctetVector octets = emitted({1, 2, pattern(4)});
  append(octets, pattern(3));
  EXPECT_TRUE(equal(parse_udp_message(octets, kAddressA, kAddressZ)->payload, pattern(4)));
}

TEST(UdpTest, ChecksumZeroMeansNoneOverIpv4AndIsAnErrorOverIpv6) {
  const OctetVector octets = hex("0001 0002 0008 0000");
  EXPECT_TRUE(parse_udp_message(octets, kAddressA, kAddressZ));
  const IpAddress six = parse_address("fd00::1").value();
  EXPECT_EQ(parse_udp_message(octets, six, six).error(), UdpError::kNoChecksum);
}

TEST(UdpTest, LengthBelowEightIsRejected) {
  EXPECT_EQ(parse_udp_message(hex("0001 0002 0007 0000"), kAddressA, kAddressZ).error(), UdpError::kBadLength);
  EXPECT_EQ(parse_udp_message(hex("0001 0002 0009 0000"), kAddressA, kAddressZ).error(), UdpError::kTruncated);
}

TEST(UdpTest, MoreExactBindingsWin) {
  const TransportAddress local{kAddressA, 53};
  const TransportAddress remote{kAddressZ, 900};
  const TransportAddress any{IpAddress::any(IpVersion::kV4), 53};
  const int wild = match({any, {}}, local, remote);
  const int bound = match({local, {}}, local, remote);
  const int connected_wild = match({any, remote}, local, remote);
  const int connected = match({local, remote}, local, remote);
  EXPECT_LT(0, wild);
  EXPECT_LT(wild, bound);
  EXPECT_LT(bound, connected_wild);
  EXPECT_LT(connected_wild, connected);
  EXPECT_EQ(match({local, TransportAddress{kAddressZ, 901}}, local, remote), 0);
  EXPECT_EQ(match({TransportAddress{kAddressA, 54}, {}}, local, remote), 0);
  EXPECT_EQ(match({TransportAddress{kAddressZ, 53}, {}}, local, remote), 0);
  EXPECT_EQ(match({TransportAddress{IpAddress::any(IpVersion::kV6), 53}, {}}, local, remote), 0);
}

TEST(UdpReceiveQueueTest, KeepsWholeDatagramsInOrderWithinItsBound) {
  UdpReceiveQueue queue(100);
  const TransportAddress from{kAddressZ, 9};
  EXPECT_EQ(queue.pop(), std::nullopt);
  EXPECT_TRUE(queue.push(from, pattern(60)));
  EXPECT_FALSE(queue.push(from, pattern(41)));
  EXPECT_TRUE(queue.push(from, pattern(40)));
  EXPECT_EQ(queue.octets(), 100u);
  EXPECT_EQ(queue.pop(), (UdpReceiveQueue::Item{from, pattern(60)}));
  EXPECT_EQ(queue.front()->payload, pattern(40));
  queue.pop();
  EXPECT_TRUE(queue.push(from, pattern(500)));
}

TEST(UdpReceiveQueueTest, EmptyDatagramsAreBoundedToo) {
  UdpReceiveQueue queue;
  for (std::size_t i = 0; i < UdpReceiveQueue::kItemsMax; ++i) EXPECT_TRUE(queue.push({}, {}));
  EXPECT_FALSE(queue.push({}, {}));
}

}  // namespace
}  // namespace ssx::tcpip
