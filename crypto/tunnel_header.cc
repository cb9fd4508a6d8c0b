#include "crypto/tunnel_header.h"

#include <algorithm>

#include "crypto/ip_layout.h"

namespace ssx::crypto {
namespace {

constexpr std::uint8_t kNewHopLimit = 64;
constexpr std::uint8_t kCongestionExperienced = 3;  // RFC 3168 5

bool is_v4(Octets datagram) { return std::to_integer<unsigned>(datagram[0]) >> 4 == 4; }

/// DSCP and ECN: the TOS octet of IPv4, the traffic class of IPv6.
std::uint8_t traffic_class(Octets datagram) {
  return is_v4(datagram) ? std::to_integer<std::uint8_t>(datagram[1])
                         : static_cast<std::uint8_t>(load_u16(datagram) >> 4);
}

/// RFC 4301 5.1.2.1, note 6: a congestion mark set on the way is kept if the inner transport understands it.
void take_over_congestion_mark(Octets outer, MutableOctets inner, std::size_t total) {
  const unsigned inner_mark = traffic_class(inner) & 3U;
  if ((traffic_class(outer) & 3U) != kCongestionExperienced) return;
  if (inner_mark == 0 || inner_mark == kCongestionExperienced) return;
  if (!is_v4(inner)) {
    inner[1] |= std::byte{kCongestionExperienced << 4};
    return;
  }
  inner[1] |= std::byte{kCongestionExperienced};
  write_ip_length(inner, true, total);  // for the checksum
}

}  // namespace

std::size_t tunnel_header_octets(const IpAddress& outer_source) {
  return outer_source.is_v4() ? kIpv4Octets : kIpv6Octets;
}

void write_tunnel_header(Octets inner, const IpAddress& source, const IpAddress& destination, MutableOctets out) {
  std::ranges::fill(out.first(tunnel_header_octets(source)), std::byte{0});
  if (!source.is_v4()) {
    store_u16(out, static_cast<std::uint16_t>(0x6000U | static_cast<unsigned>(traffic_class(inner)) << 4));
    out[7] = std::byte{kNewHopLimit};
    std::ranges::copy(source.octets(), out.subspan(8).begin());
    std::ranges::copy(destination.octets(), out.subspan(24).begin());
    return;
  }
  out[0] = std::byte{0x45};
  out[1] = static_cast<std::byte>(traffic_class(inner));
  if (is_v4(inner)) {
    std::ranges::copy(inner.subspan(4, 2), out.subspan(4).begin());  // identification: as P4 of authip.md 7.10 has it
    out[6] = inner[6] & std::byte{0x40};                             // DF copied
  }
  out[8] = std::byte{kNewHopLimit};
  std::ranges::copy(source.octets(), out.subspan(12).begin());
  std::ranges::copy(destination.octets(), out.subspan(16).begin());
}

expected<std::size_t, PacketError> finish_inner_datagram(Octets outer, std::uint8_t next_header, MutableOctets inner) {
  const bool wants_v4 = next_header == static_cast<std::uint8_t>(IpProtocol::kIpv4);
  if (!wants_v4 && next_header != static_cast<std::uint8_t>(IpProtocol::kIpv6)) return unexpected(PacketError::kNotIp);
  if (inner.size() < (wants_v4 ? kIpv4Octets : kIpv6Octets)) return unexpected(PacketError::kNotIp);
  if (std::to_integer<unsigned>(inner[0]) >> 4 != (wants_v4 ? 4U : 6U)) return unexpected(PacketError::kNotIp);
  const std::size_t header = wants_v4 ? (std::to_integer<std::size_t>(inner[0]) & 0xF) * 4 : kIpv6Octets;
  const std::size_t total = wants_v4 ? load_u16(inner.subspan(2)) : kIpv6Octets + load_u16(inner.subspan(4));
  if (header < kIpv4Octets || total < header || total > inner.size()) return unexpected(PacketError::kNotIp);
  take_over_congestion_mark(outer, inner, total);
  return total;
}

}  // namespace ssx::crypto
