// The octets of segments, UDP messages and the IP datagrams around them: the one file of tcpip that knows layouts.
// Source: RFC 791 3.1, RFC 768, RFC 1071, RFC 8200 3 and 8.1, RFC 9293 3.1.
#include <cassert>

#include "model/tcpip/ip_output.h"
#include "model/tcpip/segment.h"
#include "model/tcpip/udp.h"

namespace ssx::tcpip {

namespace {

constexpr std::size_t kTcpFixedOctets = 20;
constexpr std::size_t kTcpChecksumPosition = 16;
constexpr std::size_t kUdpHeaderOctets = 8;
constexpr std::size_t kUdpChecksumPosition = 6;
constexpr std::size_t kIpv4HeaderOctets = 20;
constexpr std::size_t kIpv4ChecksumPosition = 10;
constexpr std::size_t kDatagramMax = 65'535;
constexpr std::uint16_t kDontFragment = 0x4000;

constexpr unsigned kFin = 0x01;
constexpr unsigned kSyn = 0x02;
constexpr unsigned kRst = 0x04;
constexpr unsigned kPsh = 0x08;
constexpr unsigned kAck = 0x10;

// RFC 9293 3.1, table 1.
constexpr std::uint8_t kOptionEnd = 0;
constexpr std::uint8_t kOptionNoOperation = 1;
constexpr std::uint8_t kOptionMaximumSegmentSize = 2;
constexpr std::uint8_t kMaximumSegmentSizeOctets = 4;

// One's complement sum of 16-bit words, an odd last octet padded with zero (RFC 1071 1); not folded yet.
std::uint64_t sum_of(Octets octets) {
  std::uint64_t sum = 0;
  for (; octets.size() >= 2; octets = octets.subspan(2)) sum += load_u16(octets);
  if (!octets.empty()) sum += std::to_integer<std::uint64_t>(octets.front()) << 8;
  return sum;
}

std::uint16_t checksum_of(std::uint64_t sum) {
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

// Both pseudo headers (RFC 9293 3.1, RFC 8200 8.1) sum up alike: addresses, protocol, length.
std::uint16_t transport_checksum(Octets octets, IpProtocol protocol, const IpAddress& source,
                                 const IpAddress& destination) {
  const std::uint64_t length = octets.size();
  return checksum_of(sum_of(source.octets()) + sum_of(destination.octets()) + static_cast<std::uint64_t>(protocol) +
                     (length >> 16) + (length & 0xffff) + sum_of(octets));
}

std::uint8_t flag_octet(const SegmentFlags& flags) {
  return static_cast<std::uint8_t>((flags.fin ? kFin : 0) | (flags.syn ? kSyn : 0) | (flags.rst ? kRst : 0) |
                                   (flags.psh ? kPsh : 0) | (flags.ack ? kAck : 0));
}

SegmentFlags flags_of(unsigned octet) {
  return {.syn = (octet & kSyn) != 0,
          .ack = (octet & kAck) != 0,
          .fin = (octet & kFin) != 0,
          .rst = (octet & kRst) != 0,
          .psh = (octet & kPsh) != 0};
}

// @return false for an option whose length cannot be (RFC 9293 3.1, MUST-7: must not crash on it).
bool read_options(Octets options, SegmentHeader& header) {
  ByteReader in{options};
  while (in.remaining() > 0) {
    const std::uint8_t kind = in.u8();
    if (kind == kOptionEnd) return true;
    if (kind == kOptionNoOperation) continue;
    const std::uint8_t length = in.u8();
    if (length < 2) return false;
    const Octets value = in.take(length - 2U);
    if (!in.ok()) return false;
    if (kind != kOptionMaximumSegmentSize) continue;
    if (length != kMaximumSegmentSizeOctets) return false;
    header.maximum_segment_size = load_u16(value);
  }
  return in.ok();
}

void put_ipv4_header(OctetVector& out, std::size_t payload_octets, std::uint16_t identification,
                     std::uint16_t fragment_field, IpProtocol protocol, const IpAddress& source,
                     const IpAddress& destination) {
  assert(kIpv4HeaderOctets + payload_octets <= kDatagramMax);
  ByteWriter writer{out};
  writer.u8(0x45);  // version 4, 5 words
  writer.u8(0);     // type of service
  writer.u16(static_cast<std::uint16_t>(kIpv4HeaderOctets + payload_octets));
  writer.u16(identification);
  writer.u16(fragment_field);
  writer.u8(kTimeToLive);
  writer.u8(static_cast<std::uint8_t>(protocol));
  writer.u16(0);
  writer.octets(source.octets());
  writer.octets(destination.octets());
  writer.patch_u16(kIpv4ChecksumPosition, checksum_of(sum_of(out)));
}

void put_ipv6_header(OctetVector& out, std::size_t payload_octets, IpProtocol protocol, const IpAddress& source,
                     const IpAddress& destination) {
  assert(payload_octets <= kDatagramMax);
  ByteWriter writer{out};
  writer.u32(std::uint32_t{6} << 28);  // traffic class 0, flow label 0
  writer.u16(static_cast<std::uint16_t>(payload_octets));
  writer.u8(static_cast<std::uint8_t>(protocol));
  writer.u8(kTimeToLive);  // hop limit
  writer.octets(source.octets());
  writer.octets(destination.octets());
}

}  // namespace

expected<Segment, SegmentError> parse_segment(Octets tcp, const IpAddress& source, const IpAddress& destination) {
  if (tcp.size() < kTcpFixedOctets) return unexpected(SegmentError::kTruncated);
  if (transport_checksum(tcp, IpProtocol::kTcp, source, destination) != 0)
    return unexpected(SegmentError::kBadChecksum);
  ByteReader in{tcp};
  Segment segment;
  SegmentHeader& header = segment.header;
  header.source_port = in.u16();
  header.destination_port = in.u16();
  header.sequence = SequenceIndex{in.u32()};
  header.acknowledgment = SequenceIndex{in.u32()};
  const std::size_t header_octets = std::size_t{in.u8()} / 16 * 4;
  header.flags = flags_of(in.u8());
  header.window = in.u16();
  in.skip(4);  // checksum, urgent pointer
  if (header_octets < kTcpFixedOctets) return unexpected(SegmentError::kBadHeader);
  const Octets options = in.take(header_octets - kTcpFixedOctets);
  if (!in.ok()) return unexpected(SegmentError::kTruncated);
  if (!read_options(options, header)) return unexpected(SegmentError::kBadHeader);
  segment.payload = in.take_rest();
  return segment;
}

void emit_segment(OctetVector& out, const SegmentHeader& header, Octets payload, const IpAddress& source,
                  const IpAddress& destination) {
  const std::size_t start = out.size();
  const std::size_t option_octets = header.maximum_segment_size ? kMaximumSegmentSizeOctets : 0;
  out.reserve(start + kTcpFixedOctets + option_octets + payload.size());
  ByteWriter writer{out};
  writer.u16(header.source_port);
  writer.u16(header.destination_port);
  writer.u32(header.sequence.value);
  writer.u32(header.acknowledgment.value);
  writer.u8(static_cast<std::uint8_t>((kTcpFixedOctets + option_octets) / 4 << 4));
  writer.u8(flag_octet(header.flags));
  writer.u16(header.window);
  writer.u16(0);  // checksum
  writer.u16(0);  // urgent pointer
  if (header.maximum_segment_size) {
    writer.u8(kOptionMaximumSegmentSize);
    writer.u8(kMaximumSegmentSizeOctets);
    writer.u16(*header.maximum_segment_size);
  }
  writer.octets(payload);
  const Octets segment = Octets(out).subspan(start);
  writer.patch_u16(start + kTcpChecksumPosition, transport_checksum(segment, IpProtocol::kTcp, source, destination));
}

expected<UdpMessage, UdpError> parse_udp_message(Octets udp, const IpAddress& source, const IpAddress& destination) {
  ByteReader in{udp};
  UdpMessage message;
  message.source_port = in.u16();
  message.destination_port = in.u16();
  const std::size_t length = in.u16();
  const std::uint16_t checksum = in.u16();
  if (!in.ok()) return unexpected(UdpError::kTruncated);
  if (length < kUdpHeaderOctets) return unexpected(UdpError::kBadLength);
  message.payload = in.take(length - kUdpHeaderOctets);
  if (!in.ok()) return unexpected(UdpError::kTruncated);
  if (checksum == 0) {  // RFC 768: none was made; RFC 8200 8.1: never so over IPv6
    if (source.is_v4()) return message;
    return unexpected(UdpError::kNoChecksum);
  }
  if (transport_checksum(udp.first(length), IpProtocol::kUdp, source, destination) != 0) {
    return unexpected(UdpError::kBadChecksum);
  }
  return message;
}

void emit_udp_message(OctetVector& out, const UdpMessage& message, const IpAddress& source,
                      const IpAddress& destination) {
  assert(message.payload.size() <= kUdpPayloadMax);
  const std::size_t start = out.size();
  const std::size_t length = kUdpHeaderOctets + message.payload.size();
  out.reserve(start + length);
  ByteWriter writer{out};
  writer.u16(message.source_port);
  writer.u16(message.destination_port);
  writer.u16(static_cast<std::uint16_t>(length));
  writer.u16(0);  // checksum
  writer.octets(message.payload);
  const std::uint16_t sum = transport_checksum(Octets(out).subspan(start), IpProtocol::kUdp, source, destination);
  writer.patch_u16(start + kUdpChecksumPosition, sum == 0 ? std::uint16_t{0xffff} : sum);  // RFC 768: 0 means none
}

OctetVector IpOutput::segment(const SegmentHeader& header, Octets payload, const IpAddress& source,
                              const IpAddress& destination) {
  const std::size_t option_octets = header.maximum_segment_size ? kMaximumSegmentSizeOctets : 0;
  const std::size_t octets = kTcpFixedOctets + option_octets + payload.size();
  OctetVector datagram;
  datagram.reserve(40 + octets);  // the longer IP header, so that nothing moves
  if (source.is_v4()) {
    put_ipv4_header(datagram, octets, next_identification_++, kDontFragment, IpProtocol::kTcp, source, destination);
  } else {
    put_ipv6_header(datagram, octets, IpProtocol::kTcp, source, destination);
  }
  emit_segment(datagram, header, payload, source, destination);
  return datagram;
}

OctetVector IpOutput::message(const UdpMessage& message, const IpAddress& source, const IpAddress& destination) {
  const std::size_t octets = kUdpHeaderOctets + message.payload.size();
  OctetVector datagram;
  datagram.reserve(40 + octets);
  if (source.is_v4()) {
    put_ipv4_header(datagram, octets, next_identification_++, 0, IpProtocol::kUdp, source, destination);
  } else {
    put_ipv6_header(datagram, octets, IpProtocol::kUdp, source, destination);
  }
  emit_udp_message(datagram, message, source, destination);
  return datagram;
}

}  // namespace ssx::tcpip
