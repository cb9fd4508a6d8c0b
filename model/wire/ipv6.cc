#include "model/wire/ipv6.h"

#include <cassert>

#include "model/wire/buffer_writer.h"

namespace ssx::wire {
namespace {

constexpr std::uint8_t kVersion = 6;

bool is_extension(std::uint8_t header) {
  return header == extension_header::kHopByHop || header == extension_header::kRouting ||
         header == extension_header::kFragment || header == extension_header::kDestinationOptions;
}

/// RFC 8200 4.5: | Next Header | Reserved | Fragment Offset (13), Res (2), M (1) | Identification |
Ipv6Fragment read_fragment(ByteReader& in) {
  Ipv6Fragment fragment;
  in.skip(1);
  const std::uint16_t field = in.u16();
  fragment.offset = static_cast<std::uint16_t>(field >> 3);
  fragment.more_fragments = (field & 1) != 0;
  fragment.identification = in.u32();
  return fragment;
}

}  // namespace

std::string to_string(const Ipv6Header& header) {
  return to_string(header.source) + " -> " + to_string(header.destination) + " next " +
         std::to_string(header.next_header) + " hop limit " + std::to_string(header.hop_limit);
}

expected<Ipv6Packet, WireError> parse_ipv6(Octets packet) {
  ByteReader in{packet};
  Ipv6Header header;
  const std::uint32_t first = in.u32();
  const std::size_t payload_octets = in.u16();
  header.traffic_class = static_cast<std::uint8_t>(first >> 20);
  header.flow_label = first & kIpv6FlowLabelMax;
  header.next_header = in.u8();
  header.hop_limit = in.u8();
  const Octets source = in.take(16);
  const Octets destination = in.take(16);
  if (!in.ok()) return unexpected(WireError::kTruncated);
  if (first >> 28 != kVersion) return unexpected(WireError::kBadVersion);
  const Octets payload = in.take(payload_octets);
  if (!in.ok()) return unexpected(WireError::kTruncated);
  header.source = *IpAddress::from_octets(source);
  header.destination = *IpAddress::from_octets(destination);
  return Ipv6Packet{header, payload};
}

expected<UpperLayer, WireError> find_upper_layer(std::uint8_t next_header, Octets payload) {
  ByteReader in{payload};
  UpperLayer upper;
  for (bool first = true; is_extension(next_header); first = false) {
    // RFC 8200 4.1: hop-by-hop options stand directly behind the IPv6 header only.
    if (next_header == extension_header::kHopByHop && !first) return unexpected(WireError::kBadOrder);
    const bool is_fragment = next_header == extension_header::kFragment;
    if (is_fragment && upper.fragment) return unexpected(WireError::kBadOrder);
    next_header = in.u8();
    if (is_fragment) {
      upper.fragment = read_fragment(in);
    } else {
      const std::size_t octets =
          (std::size_t{in.u8()} + 1) * 8;  // RFC 8200 4.3, 4.4: units of 8, not counting the first
      in.skip(octets - 2);
    }
    if (!in.ok()) return unexpected(WireError::kTruncated);
    if (upper.fragment && upper.fragment->offset != 0) break;  // what follows is the middle of something
  }
  upper.protocol = static_cast<IpProtocol>(next_header);
  upper.offset = payload.size() - in.remaining();
  return upper;
}

std::size_t emit_ipv6_header(MutableOctets out, const Ipv6Header& header, std::size_t payload_octets) {
  assert(!header.source.is_v4() && !header.destination.is_v4());
  assert(header.flow_label <= kIpv6FlowLabelMax);
  assert(payload_octets <= kIpv6PayloadOctetsMax);
  BufferWriter writer{out};
  writer.u32(std::uint32_t{kVersion} << 28 | std::uint32_t{header.traffic_class} << 20 | header.flow_label);
  writer.u16(static_cast<std::uint16_t>(payload_octets));
  writer.u8(header.next_header);
  writer.u8(header.hop_limit);
  writer.octets(header.source.octets());
  writer.octets(header.destination.octets());
  return writer.position();
}

void emit_ipv6(OctetVector& out, const Ipv6Header& header, Octets payload) {
  out.reserve(out.size() + kIpv6FixedOctets + payload.size());
  emit_ipv6_header(grow(out, kIpv6FixedOctets), header, payload.size());
  append(out, payload);
}

}  // namespace ssx::wire
