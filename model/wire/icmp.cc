#include "model/wire/icmp.h"

#include <algorithm>
#include <cassert>

#include "model/wire/checksum.h"
#include "model/wire/ipv4.h"
#include "model/wire/ipv6.h"

namespace ssx::wire {
namespace {

constexpr std::size_t kChecksumOffset = 2;

/// ICMPv6 counts a pseudo header (RFC 4443 2.3), ICMP does not (RFC 792).
std::uint16_t checksum(Octets icmp, const IpAddress& source, const IpAddress& destination) {
  InternetChecksum sum;
  if (!source.is_v4()) sum = pseudo_header(source, destination, IpProtocol::kIcmpv6, icmp.size());
  sum.add(icmp);
  return sum.value();
}

struct UpperOfStart {
  FiveTuple flow;  // without ports
  Octets upper;
};

/// An IP header whose datagram may be cut off: neither lengths nor the checksum, which a router may have left, count.
expected<UpperOfStart, WireError> read_v4_start(Octets datagram) {
  if (datagram.size() < kIpv4FixedOctets) return unexpected(WireError::kTruncated);
  const std::size_t header = (std::to_integer<std::size_t>(datagram[0]) & 0xF) * 4;
  if (header < kIpv4FixedOctets) return unexpected(WireError::kBadLength);
  if (datagram.size() < header) return unexpected(WireError::kTruncated);
  return UpperOfStart{{static_cast<IpProtocol>(datagram[9]),
                       {*IpAddress::from_octets(datagram.subspan(12, 4)), 0},
                       {*IpAddress::from_octets(datagram.subspan(16, 4)), 0}},
                      datagram.subspan(header)};
}

expected<UpperOfStart, WireError> read_v6_start(Octets datagram) {
  if (datagram.size() < kIpv6FixedOctets) return unexpected(WireError::kTruncated);
  const Octets behind = datagram.subspan(kIpv6FixedOctets);
  const auto upper = find_upper_layer(std::to_integer<std::uint8_t>(datagram[6]), behind);
  if (!upper) return unexpected(upper.error());
  return UpperOfStart{{upper->protocol,
                       {*IpAddress::from_octets(datagram.subspan(8, 16)), 0},
                       {*IpAddress::from_octets(datagram.subspan(24, 16)), 0}},
                      behind.subspan(upper->offset)};
}

expected<UpperOfStart, WireError> read_start(Octets datagram) {
  if (datagram.empty()) return unexpected(WireError::kTruncated);
  const unsigned version = std::to_integer<unsigned>(datagram[0]) >> 4;
  if (version == 4) return read_v4_start(datagram);
  if (version == 6) return read_v6_start(datagram);
  return unexpected(WireError::kBadVersion);
}

}  // namespace

expected<IcmpMessage, WireError> parse_icmp(Octets icmp, const IpAddress& source, const IpAddress& destination) {
  ByteReader in{icmp};
  IcmpMessage message;
  message.type = in.u8();
  message.code = in.u8();
  in.skip(2);
  message.rest_of_header = in.u32();
  message.data = in.take_rest();
  if (!in.ok()) return unexpected(WireError::kTruncated);
  if (checksum(icmp, source, destination) != 0) return unexpected(WireError::kBadChecksum);
  return message;
}

void emit_icmp(OctetVector& out, const IcmpMessage& message, const IpAddress& source, const IpAddress& destination) {
  const std::size_t start = out.size();
  ByteWriter writer{out};
  writer.u8(message.type);
  writer.u8(message.code);
  writer.u16(0);
  writer.u32(message.rest_of_header);
  writer.octets(message.data);
  writer.patch_u16(start + kChecksumOffset, checksum(Octets(out).subspan(start), source, destination));
}

bool is_port_unreachable(IpVersion version, const IcmpMessage& message) {
  if (version == IpVersion::kV4) {
    return message.type == kIcmpDestinationUnreachable && message.code == kIcmpPortUnreachable;
  }
  return message.type == kIcmpv6DestinationUnreachable && message.code == kIcmpv6PortUnreachable;
}

OctetVector build_port_unreachable(Octets offending, const IpAddress& source, const IpAddress& destination) {
  assert(!offending.empty());
  const bool v4 = source.is_v4();
  const std::size_t room = v4 ? kIcmpDatagramOctetsMax - kIpv4FixedOctets - kIcmpHeaderOctets
                              : kIcmpv6DatagramOctetsMax - kIpv6FixedOctets - kIcmpHeaderOctets;
  IcmpMessage message;
  message.type = v4 ? kIcmpDestinationUnreachable : kIcmpv6DestinationUnreachable;
  message.code = v4 ? kIcmpPortUnreachable : kIcmpv6PortUnreachable;
  message.data = offending.first(std::min(offending.size(), room));
  OctetVector out;
  emit_icmp(out, message, source, destination);
  return out;
}

expected<FiveTuple, WireError> offending_flow(Octets offending) {
  const expected<UpperOfStart, WireError> start = read_start(offending);
  if (!start) return unexpected(start.error());
  FiveTuple flow = start->flow;
  ByteReader in{start->upper};  // RFC 768, RFC 9293 3.1: both begin with the two ports
  flow.local.port = in.u16();
  flow.remote.port = in.u16();
  if (!in.ok()) return unexpected(WireError::kTruncated);
  return flow;
}

}  // namespace ssx::wire
