// A segment's octets (RFC 9293 3.1) and the IP datagrams around them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/tcpip/ip_output.h"
#include "testbed.h"

namespace ssx::tcpip {
namespace {

using namespace testbed;

SegmentHeader data_header() {
  SegmentHeader header;
  header.source_port = kPortA;
  header.destination_port = kPortZ;
  header.sequence = kIsnA + 1;
  header.acknowledgment = kIsnZ + 1;
  header.flags = {.ack = true, .psh = true};
  header.window = 8'192;
  return header;
}

const OctetVector kText = hex("616263");
// clang-format off
const char* const kDataOctets =
    "c000"      // source port 49152
    "6987"      // destination port 27015
    "000003e9"  // sequence number 1001
    "fffffff1"  // acknowledgment number
    "50"        // data offset 5
    "18"        // PSH, ACK
    "2000"      // window
    "8a01"      // checksum with 10.0.0.1, 10.0.0.2, protocol 6, length 23
    "0000"      // urgent pointer
    "616263";
const char* const kSynOctets =
    "c000" "6987" "000003e8" "00000000"
    "60"        // data offset 6
    "02"        // SYN
    "ffff" "56b4" "0000"
    "020405b4"; // option: maximum segment size 1460
// clang-format on

TEST(SegmentTest, KnownDataSegment) {
  OctetVector out{std::byte{0xa5}};  // what is there already stays
  emit_segment(out, data_header(), kText, kAddressA, kAddressZ);
  EXPECT_EQ(to_hex(out), "a5" + to_hex(hex(kDataOctets)));
  const OctetVector octets = hex(kDataOctets);
  const auto segment = parse_segment(octets, kAddressA, kAddressZ);
  ASSERT_TRUE(segment);
  EXPECT_EQ(segment->header, data_header());
  EXPECT_TRUE(equal(segment->payload, kText));
}

TEST(SegmentTest, KnownSyn) {
  SegmentHeader syn;
  syn.source_port = kPortA;
  syn.destination_port = kPortZ;
  syn.sequence = kIsnA;
  syn.flags.syn = true;
  syn.window = 65'535;
  syn.maximum_segment_size = std::uint16_t{1'460};
  OctetVector out;
  emit_segment(out, syn, {}, kAddressA, kAddressZ);
  EXPECT_EQ(to_hex(out), to_hex(hex(kSynOctets)));
  EXPECT_EQ(parse_segment(out, kAddressA, kAddressZ)->header, syn);
}

TEST(SegmentTest, ChecksumCoversTheIpv6PseudoHeader) {
  OctetVector out;
  emit_segment(out, data_header(), kText, parse_address("fd00::1").value(), parse_address("fd00::2").value());
  EXPECT_EQ(load_u16(Octets(out).subspan(16)), 0xa3ff);
}

TEST(SegmentTest, EveryPrefixAndEveryFlippedBitIsRejected) {
  for (const char* text : {kDataOctets, kSynOctets}) {
    const OctetVector octets = hex(text);
    for (std::size_t size = 0; size < octets.size(); ++size) {
      EXPECT_FALSE(parse_segment(Octets(octets).first(size), kAddressA, kAddressZ)) << size;
    }
    for (std::size_t bit = 0; bit < octets.size() * 8; ++bit) {
      OctetVector damaged = octets;
      damaged[bit / 8] ^= static_cast<std::byte>(1U << bit % 8);
      EXPECT_FALSE(parse_segment(damaged, kAddressA, kAddressZ)) << bit;
    }
  }
}

// The octets of a SYN with these options in place of its own, and a checksum that fits.
OctetVector syn_with_options(const OctetVector& options) {
  OctetVector octets = hex(kSynOctets);
  octets.resize(20);
  append(octets, options);
  octets[12] = static_cast<std::byte>((20 + options.size()) / 4 << 4);
  octets[16] = octets[17] = std::byte{0};
  // The pseudo header is 10.0.0.1, 10.0.0.2, protocol 6, length: added up by hand, not by the code under test.
  std::uint32_t sum = 0x0a00 + 1 + 0x0a00 + 2 + 6 + static_cast<std::uint32_t>(octets.size());
  for (std::size_t i = 0; i < octets.size(); i += 2) sum += load_u16(Octets(octets).subspan(i));
  sum = (sum & 0xffff) + (sum >> 16);
  store_u16(MutableOctets(octets).subspan(16), static_cast<std::uint16_t>(~((sum & 0xffff) + (sum >> 16))));
  return octets;
}

TEST(SegmentTest, OtherOptionsAreSteppedOver) {
  // NOP, window scale, SACK permitted, MSS 1400, end; what follows the end does not count.
  const OctetVector octets = syn_with_options(hex("01 030308 0402 02040578 00 02"));
  EXPECT_EQ(parse_segment(octets, kAddressA, kAddressZ)->header.maximum_segment_size, 1'400);
}

TEST(SegmentTest, ImpossibleOptionLengthsAreRejected) {
  for (const char* options :
       {"02000000", "02010000", "02030000", "02050000 00000000", "01010204", "01010103", "ff090000"}) {
    const OctetVector octets = syn_with_options(hex(options));
    const auto segment = parse_segment(octets, kAddressA, kAddressZ);
    ASSERT_FALSE(segment) << options;
    EXPECT_EQ(segment.error(), SegmentError::kBadHeader) << options;
  }
}

TEST(SegmentTest, ImpossibleHeaderLengthsAreRejected) {
  OctetVector octets = syn_with_options({});
  // Word 6 holds the length alone: what it loses, the checksum gains.
  const auto with_words = [&](unsigned words) {
    OctetVector changed = octets;
    const unsigned checksum = load_u16(Octets(octets).subspan(16)) + (5U << 12) - (words << 12);
    changed[12] = static_cast<std::byte>(words << 4);
    store_u16(MutableOctets(changed).subspan(16), static_cast<std::uint16_t>(checksum % 0xffff));
    return changed;
  };
  EXPECT_TRUE(parse_segment(with_words(5), kAddressA, kAddressZ));
  EXPECT_EQ(parse_segment(with_words(4), kAddressA, kAddressZ).error(), SegmentError::kBadHeader);
  EXPECT_EQ(parse_segment(with_words(6), kAddressA, kAddressZ).error(), SegmentError::kTruncated);
}

TEST(SegmentTest, AnotherAddressIsADamagedSegment) {
  EXPECT_EQ(parse_segment(hex(kDataOctets), kAddressA, IpAddress::v4(0x0a000003)).error(), SegmentError::kBadChecksum);
}

TEST(SegmentTest, EachFlagKeepsItsMeaning) {
  for (unsigned bits = 0; bits < 32; ++bits) {
    SegmentHeader header = data_header();
    header.flags = {.syn = (bits & 1) != 0,
                    .ack = (bits & 2) != 0,
                    .fin = (bits & 4) != 0,
                    .rst = (bits & 8) != 0,
                    .psh = (bits & 16) != 0};
    if (!header.flags.ack) header.acknowledgment = {};
    OctetVector out;
    emit_segment(out, header, {}, kAddressA, kAddressZ);
    EXPECT_EQ(parse_segment(out, kAddressA, kAddressZ)->header, header) << bits;
  }
}

TEST(IpOutputTest, SegmentGoesWithDontFragmentTtl128AndACountingIdentification) {
  IpOutput output;
  const OctetVector first = output.segment(data_header(), kText, kAddressA, kAddressZ);
  EXPECT_EQ(to_hex(first), to_hex(concatenate({hex("45"          // version 4, header of 5 words
                                                   "00"          // type of service
                                                   "002b"        // total length 43
                                                   "0001"        // identification
                                                   "4000"        // DF
                                                   "80"          // time to live 128
                                                   "06"          // TCP
                                                   "e6c9"        // header checksum
                                                   "0a000001"    // source
                                                   "0a000002"),  // destination
                                               hex(kDataOctets)})));
  const OctetVector text = hex("616263");
  const OctetVector second = output.message({500, 4500, text}, kAddressA, kAddressZ);
  EXPECT_EQ(to_hex(Octets(second).first(20)), to_hex(hex("4500 001f 0002 0000 8011 26ca 0a000001 0a000002")));
  OctetVector udp;
  emit_udp_message(udp, {500, 4500, text}, kAddressA, kAddressZ);
  EXPECT_TRUE(equal(Octets(second).subspan(20), udp));
}

TEST(IpOutputTest, Ipv6HasHopLimit128AndNoIdentification) {
  const IpAddress source = parse_address("fd00::1").value();
  const IpAddress destination = parse_address("fd00::2").value();
  IpOutput output;
  const OctetVector datagram = output.segment(data_header(), kText, source, destination);
  ASSERT_EQ(datagram.size(), 40u + 23u);
  EXPECT_EQ(to_hex(Octets(datagram).first(8)), "6000000000170680");
  EXPECT_TRUE(equal(Octets(datagram).subspan(8, 16), source.octets()));
  EXPECT_TRUE(equal(Octets(datagram).subspan(24, 16), destination.octets()));
  EXPECT_EQ(output, IpOutput{});
}

}  // namespace
}  // namespace ssx::tcpip
