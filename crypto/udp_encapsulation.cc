// ESP in UDP. Source: authip.md 7.8, RFC 3948 2.1.
#include <cassert>

#include "crypto/ip_layout.h"
#include "crypto/sa_transform.h"

namespace ssx::crypto {
namespace {

constexpr std::size_t kUdpHeader = 8;

/// RFC 8200 8.1: over the pseudo-header and the UDP datagram behind `udp_at`; 0 is sent as FFFF.
std::uint16_t udp_checksum_v6(Octets datagram, std::size_t udp_at) {
  const Octets udp = datagram.subspan(udp_at);
  std::uint32_t sum = static_cast<std::uint32_t>(udp.size()) + static_cast<std::uint32_t>(IpProtocol::kUdp);
  for (std::size_t i = 8; i < kIpv6Octets; i += 2) sum += load_u16(datagram.subspan(i));  // both addresses
  for (std::size_t i = 0; i + 1 < udp.size(); i += 2) sum += load_u16(udp.subspan(i));
  if (udp.size() % 2 != 0) sum += std::to_integer<std::uint32_t>(udp.back()) << 8;
  while (sum > 0xFFFF) sum = (sum & 0xFFFF) + (sum >> 16);
  const auto checksum = static_cast<std::uint16_t>(~sum);
  return checksum == 0 ? std::uint16_t{0xFFFF} : checksum;
}

}  // namespace

OctetVector encapsulate_in_udp(Octets esp_datagram, std::uint16_t source_port, std::uint16_t destination_port) {
  const auto layout = read_ip_layout(esp_datagram);
  assert(layout.has_value());
  const std::size_t udp_at = layout->upper.offset;
  const Octets esp = esp_datagram.first(layout->total).subspan(udp_at);
  assert(layout->total + kUdpHeader <= 0xFFFF + (layout->is_v4 ? 0 : kIpv6Octets));
  OctetVector out;
  out.reserve(layout->total + kUdpHeader);
  ByteWriter writer{out};
  writer.octets(esp_datagram.first(udp_at));
  writer.u16(source_port);
  writer.u16(destination_port);
  writer.u16(static_cast<std::uint16_t>(kUdpHeader + esp.size()));
  writer.u16(0);  // RFC 3948 2.1: 0 for IPv4
  writer.octets(esp);
  out[layout->upper.next_field] = static_cast<std::byte>(IpProtocol::kUdp);
  write_ip_length(out, layout->is_v4, out.size());
  if (!layout->is_v4) writer.patch_u16(udp_at + 6, udp_checksum_v6(out, udp_at));
  return out;
}

}  // namespace ssx::crypto
