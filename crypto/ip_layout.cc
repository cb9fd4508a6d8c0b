#include "crypto/ip_layout.h"

namespace ssx::crypto {
namespace {

std::uint8_t at(Octets octets, std::size_t index) { return std::to_integer<std::uint8_t>(octets[index]); }

expected<IpLayout, PacketError> read_v4(Octets datagram) {
  const std::size_t header = (at(datagram, 0) & 0xFU) * 4U;
  const std::size_t total = load_u16(datagram.subspan(2));
  if (header < kIpv4Octets || total < header || total > datagram.size()) return unexpected(PacketError::kNotIp);
  // authip.md 7.4 step 1: fragment offset not 0, or more fragments.
  if ((load_u16(datagram.subspan(6)) & 0x3FFF) != 0) return unexpected(PacketError::kFragment);
  const HeaderBoundary upper{header, kIpv4ProtocolAt, at(datagram, kIpv4ProtocolAt)};
  return IpLayout{true, total, upper, upper};
}

bool is_extension(std::uint8_t next) {
  return next == kHopByHopHeader || next == kRoutingHeader || next == kDestinationOptionsHeader ||
         next == kFragmentHeader;
}

expected<IpLayout, PacketError> read_v6(Octets datagram) {
  const std::size_t total = kIpv6Octets + load_u16(datagram.subspan(4));
  if (total > datagram.size()) return unexpected(PacketError::kNotIp);
  HeaderBoundary here{kIpv6Octets, kIpv6NextHeaderAt, at(datagram, kIpv6NextHeaderAt)};
  HeaderBoundary insertion = here;
  while (is_extension(here.next)) {
    const Octets extension = datagram.first(total).subspan(here.offset);
    if (extension.size() < 8) return unexpected(PacketError::kTruncated);
    const std::size_t size = extension_octets(here.next, extension);
    if (extension.size() < size) return unexpected(PacketError::kTruncated);
    const std::uint8_t type = here.next;
    // RFC 6946: a fragment header with offset 0 and no more fragments belongs to a whole datagram.
    if (type == kFragmentHeader && (load_u16(extension.subspan(2)) & 0xFFF9) != 0) {
      return unexpected(PacketError::kFragment);
    }
    here = HeaderBoundary{here.offset + size, here.offset, at(extension, 0)};
    // RFC 4303 3.1.1: behind hop-by-hop, routing and fragment headers, so in front of the last destination options.
    if (type != kDestinationOptionsHeader) insertion = here;
  }
  return IpLayout{false, total, here, insertion};
}

std::uint16_t v4_checksum(Octets header) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i + 1 < header.size(); i += 2) sum += load_u16(header.subspan(i));
  sum = (sum & 0xFFFF) + (sum >> 16);
  sum += sum >> 16;
  return static_cast<std::uint16_t>(~sum);
}

}  // namespace

expected<IpLayout, PacketError> read_ip_layout(Octets datagram) {
  if (datagram.size() >= kIpv4Octets && at(datagram, 0) >> 4 == 4) return read_v4(datagram);
  if (datagram.size() >= kIpv6Octets && at(datagram, 0) >> 4 == 6) return read_v6(datagram);
  return unexpected(PacketError::kNotIp);
}

void write_ip_length(MutableOctets datagram, bool is_v4, std::size_t total) {
  if (!is_v4) {
    store_u16(datagram.subspan(4), static_cast<std::uint16_t>(total - kIpv6Octets));
    return;
  }
  store_u16(datagram.subspan(2), static_cast<std::uint16_t>(total));
  store_u16(datagram.subspan(10), 0);
  const std::size_t header = (std::to_integer<std::size_t>(datagram[0]) & 0xF) * 4;
  store_u16(datagram.subspan(10), v4_checksum(datagram.first(header)));
}

}  // namespace ssx::crypto
