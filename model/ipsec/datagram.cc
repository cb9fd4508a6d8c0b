// What the SA database reads off a clear datagram. Source: RFC 791 3.1, RFC 8200 3 and 4.
#include "model/ipsec/sad.h"

namespace ssx::ipsec {
namespace {

constexpr std::size_t kIpv4Header = 20;
constexpr std::size_t kIpv6Header = 40;
constexpr std::uint8_t kHopByHop = 0;
constexpr std::uint8_t kRouting = 43;
constexpr std::uint8_t kDestinationOptions = 60;

struct Upper {
  std::uint8_t protocol = 0;
  std::size_t offset = 0;
};

std::uint8_t octet(Octets octets, std::size_t index) { return std::to_integer<std::uint8_t>(octets[index]); }

/// RFC 8200 4: options and routing may stand between the IPv6 header and the transport header.
std::optional<Upper> upper_of_ipv6(Octets datagram) {
  Upper upper{octet(datagram, 6), kIpv6Header};
  while (upper.protocol == kHopByHop || upper.protocol == kRouting || upper.protocol == kDestinationOptions) {
    if (upper.offset + 8 > datagram.size()) return std::nullopt;
    const std::size_t octets = (octet(datagram, upper.offset + 1) + std::size_t{1}) * 8;
    upper = {octet(datagram, upper.offset), upper.offset + octets};
  }
  if (upper.offset > datagram.size()) return std::nullopt;
  return upper;
}

std::optional<Upper> upper_of(Octets datagram) {
  if (datagram.empty()) return std::nullopt;
  const unsigned version = octet(datagram, 0) >> 4;
  if (version == 6 && datagram.size() >= kIpv6Header) return upper_of_ipv6(datagram);
  if (version != 4 || datagram.size() < kIpv4Header) return std::nullopt;
  const std::size_t header = (octet(datagram, 0) & 15U) * std::size_t{4};
  if (header < kIpv4Header || header > datagram.size()) return std::nullopt;
  return Upper{octet(datagram, 9), header};
}

}  // namespace

std::optional<std::size_t> upper_offset_of(Octets datagram) {
  const auto upper = upper_of(datagram);
  return upper ? std::optional(upper->offset) : std::nullopt;
}

std::optional<FiveTuple> tuple_of(Octets datagram, bool inbound) {
  const auto upper = upper_of(datagram);
  if (!upper) return std::nullopt;
  const bool v4 = octet(datagram, 0) >> 4 == 4;
  const std::size_t width = v4 ? 4 : 16;
  const std::size_t first = v4 ? 12 : 8;
  TransportAddress source{*IpAddress::from_octets(datagram.subspan(first, width)), 0};
  TransportAddress destination{*IpAddress::from_octets(datagram.subspan(first + width, width)), 0};
  const auto protocol = static_cast<IpProtocol>(upper->protocol);
  if (protocol == IpProtocol::kTcp || protocol == IpProtocol::kUdp) {
    const Octets header = datagram.subspan(upper->offset);
    if (header.size() < 4) return std::nullopt;
    source.port = load_u16(header);
    destination.port = load_u16(header.subspan(2));
  }
  return inbound ? FiveTuple{protocol, destination, source} : FiveTuple{protocol, source, destination};
}

}  // namespace ssx::ipsec
