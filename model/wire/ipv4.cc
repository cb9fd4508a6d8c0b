#include "model/wire/ipv4.h"

#include <cassert>

#include "model/wire/buffer_writer.h"
#include "model/wire/checksum.h"

namespace ssx::wire {
namespace {

constexpr std::size_t kChecksumOffset = 10;
constexpr std::uint16_t kDontFragment = 0x4000;  // RFC 791 3.1: bit 0 reserved, bit 1 DF, bit 2 MF
constexpr std::uint16_t kMoreFragments = 0x2000;
constexpr std::uint16_t kFragmentOffsetMax = 0x1FFF;

std::uint16_t fragment_field(const Ipv4Header& header) {
  const unsigned flags = (header.dont_fragment ? kDontFragment : 0U) | (header.more_fragments ? kMoreFragments : 0U);
  return static_cast<std::uint16_t>(flags | header.fragment_offset);
}

/// Version, IHL and Total Length against each other and the octets at hand.
expected<std::size_t, WireError> header_octets(Octets packet) {
  if (packet.size() < kIpv4FixedOctets) return unexpected(WireError::kTruncated);
  const unsigned first = std::to_integer<unsigned>(packet[0]);
  if (first >> 4 != 4) return unexpected(WireError::kBadVersion);
  const std::size_t octets = (first & 0xF) * std::size_t{4};
  const std::size_t total = load_u16(packet.subspan(2));
  if (octets < kIpv4FixedOctets || total < octets) return unexpected(WireError::kBadLength);
  if (total > packet.size()) return unexpected(WireError::kTruncated);
  return octets;
}

}  // namespace

bool operator==(const Ipv4Header& a, const Ipv4Header& b) {
  return a.type_of_service == b.type_of_service && a.identification == b.identification &&
         a.dont_fragment == b.dont_fragment && a.more_fragments == b.more_fragments &&
         a.fragment_offset == b.fragment_offset && a.time_to_live == b.time_to_live && a.protocol == b.protocol &&
         a.source == b.source && a.destination == b.destination && equal(a.options, b.options);
}

std::string to_string(const Ipv4Header& header) {
  std::string text = to_string(header.source) + " -> " + to_string(header.destination) + " " +
                     to_string(header.protocol) + " ttl " + std::to_string(header.time_to_live) + " id " +
                     std::to_string(header.identification);
  if (header.dont_fragment) text += " DF";
  if (header.more_fragments) text += " MF";
  if (header.fragment_offset != 0) text += " offset " + std::to_string(header.fragment_offset * 8);
  return text;
}

expected<Ipv4Packet, WireError> parse_ipv4(Octets packet) {
  const expected<std::size_t, WireError> octets = header_octets(packet);
  if (!octets) return unexpected(octets.error());
  // RFC 1122 3.2.1.2: a host MUST verify the IP header checksum and silently discard what has a bad one.
  if (internet_checksum(packet.first(*octets)) != 0) return unexpected(WireError::kBadChecksum);
  ByteReader in{packet};
  Ipv4Header header;
  in.skip(1);
  header.type_of_service = in.u8();
  const std::size_t total = in.u16();
  header.identification = in.u16();
  const std::uint16_t fragment = in.u16();
  header.dont_fragment = (fragment & kDontFragment) != 0;
  header.more_fragments = (fragment & kMoreFragments) != 0;
  header.fragment_offset = fragment & kFragmentOffsetMax;
  header.time_to_live = in.u8();
  header.protocol = static_cast<IpProtocol>(in.u8());
  in.skip(2);
  header.source = *IpAddress::from_octets(in.take(4));
  header.destination = *IpAddress::from_octets(in.take(4));
  header.options = in.take(*octets - kIpv4FixedOctets);
  return Ipv4Packet{header, in.take(total - *octets)};
}

std::size_t emit_ipv4_header(MutableOctets out, const Ipv4Header& header, std::size_t payload_octets) {
  const std::size_t octets = header.octets();
  assert(header.source.is_v4() && header.destination.is_v4());
  assert(header.options.size() <= kIpv4OptionOctetsMax && header.options.size() % 4 == 0);
  assert(header.fragment_offset <= kFragmentOffsetMax);
  assert(octets + payload_octets <= kIpv4TotalOctetsMax);
  BufferWriter writer{out};
  writer.u8(static_cast<std::uint8_t>(0x40 | octets / 4));
  writer.u8(header.type_of_service);
  writer.u16(static_cast<std::uint16_t>(octets + payload_octets));
  writer.u16(header.identification);
  writer.u16(fragment_field(header));
  writer.u8(header.time_to_live);
  writer.u8(static_cast<std::uint8_t>(header.protocol));
  writer.u16(0);
  writer.octets(header.source.octets());
  writer.octets(header.destination.octets());
  writer.octets(header.options);
  store_u16(out.subspan(kChecksumOffset), internet_checksum(out.first(octets)));
  return octets;
}

void emit_ipv4(OctetVector& out, const Ipv4Header& header, Octets payload) {
  out.reserve(out.size() + header.octets() + payload.size());
  emit_ipv4_header(grow(out, header.octets()), header, payload.size());
  append(out, payload);
}

}  // namespace ssx::wire
