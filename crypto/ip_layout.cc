#include "crypto/ip_layout.h"

#include <algorithm>

namespace ssx::crypto {
namespace {

constexpr std::size_t kV4Octets = 20;
constexpr std::size_t kV6Octets = 40;
constexpr std::uint8_t kHopByHop = 0;
constexpr std::uint8_t kRouting = 43;
constexpr std::uint8_t kFragment = 44;
constexpr std::uint8_t kDestinationOptions = 60;

unsigned at(Octets octets, std::size_t index) { return std::to_integer<unsigned>(octets[index]); }

expected<IpLayout, PacketError> read_v4(Octets datagram) {
  const std::size_t header = (at(datagram, 0) & 0xF) * 4;
  const std::size_t total = load_u16(datagram.subspan(2));
  if (header < kV4Octets || total < header || total > datagram.size()) return unexpected(PacketError::kNotIp);
  // authip.md 7.4 step 1: fragment offset not 0, or more fragments.
  if ((load_u16(datagram.subspan(6)) & 0x3FFF) != 0) return unexpected(PacketError::kFragment);
  return IpLayout{true, header, total, 9, static_cast<std::uint8_t>(at(datagram, 9))};
}

expected<IpLayout, PacketError> read_v6(Octets datagram) {
  IpLayout layout{false, kV6Octets, kV6Octets + load_u16(datagram.subspan(4)), 6, static_cast<std::uint8_t>(at(datagram, 6))};
  if (layout.total > datagram.size()) return unexpected(PacketError::kNotIp);
  // RFC 4303 3.1.1: ESP follows hop-by-hop, routing and fragment headers; destination options may precede as well.
  while (layout.next == kHopByHop || layout.next == kRouting || layout.next == kDestinationOptions || layout.next == kFragment) {
    if (layout.total - layout.headers < 8) return unexpected(PacketError::kTruncated);
    const Octets extension = datagram.subspan(layout.headers);
    if (layout.next == kFragment && (load_u16(extension.subspan(2)) & 0xFFF9) != 0) return unexpected(PacketError::kFragment);
    const std::size_t size = layout.next == kFragment ? 8 : (at(extension, 1) + 1) * 8;
    if (layout.total - layout.headers < size) return unexpected(PacketError::kTruncated);
    layout.next_field = layout.headers;
    layout.next = static_cast<std::uint8_t>(at(extension, 0));
    layout.headers += size;
  }
  return layout;
}

/// RFC 4302 Appendix A1: options that are included as they are; of every other one each octet counts as zero.
bool is_immutable_v4_option(unsigned type) {
  return type == 130 || type == 133 || type == 134 || type == 148 || type == 149;
}

void zero_v4_options(MutableOctets options) {
  for (std::size_t i = 0; i < options.size();) {
    const unsigned type = std::to_integer<unsigned>(options[i]);
    if (type == 0) return;  // end of the list
    if (type == 1) {        // no operation
      ++i;
      continue;
    }
    const std::size_t stated = i + 1 < options.size() ? std::to_integer<unsigned>(options[i + 1]) : 0;
    // An option whose length cannot be is treated as mutable to its end: both ends then see the same zeros.
    const std::size_t size = stated < 2 || stated > options.size() - i ? options.size() - i : stated;
    if (!is_immutable_v4_option(type)) std::fill_n(options.begin() + static_cast<std::ptrdiff_t>(i), size, std::byte{0});
    i += size;
  }
}

/// RFC 4302 A2: option data whose type has the "may change en route" bit counts as zero.
void zero_v6_options(MutableOctets extension) {
  for (std::size_t i = 2; i < extension.size();) {
    const unsigned type = std::to_integer<unsigned>(extension[i]);
    if (type == 0) {  // Pad1
      ++i;
      continue;
    }
    if (i + 1 >= extension.size()) return;
    const std::size_t size = std::min<std::size_t>(std::to_integer<unsigned>(extension[i + 1]), extension.size() - i - 2);
    if ((type & 0x20) != 0) std::fill_n(extension.begin() + static_cast<std::ptrdiff_t>(i + 2), size, std::byte{0});
    i += 2 + size;
  }
}

/// RFC 4302 3.3.3.1.2.1, A2: routing header type 0 as it will look on arrival: nothing left, addresses rotated.
void predict_routing(MutableOctets extension, MutableOctets destination) {
  const unsigned left = std::to_integer<unsigned>(extension[3]);
  const std::size_t count = (extension.size() - 8) / 16;
  if (std::to_integer<unsigned>(extension[2]) != 0 || left == 0 || left > count) return;
  // Each hop swaps the destination with the next address of the list.
  for (std::size_t hop = count - left; hop < count; ++hop) {
    auto listed = extension.subspan(8 + 16 * hop, 16);
    std::swap_ranges(destination.begin(), destination.end(), listed.begin());
  }
  extension[3] = std::byte{0};
}

void zero_v6(MutableOctets headers) {
  headers[0] &= std::byte{0xF0};  // traffic class and flow label
  std::fill_n(headers.begin() + 1, 3, std::byte{0});
  headers[7] = std::byte{0};  // hop limit
  std::uint8_t next = std::to_integer<std::uint8_t>(headers[6]);
  for (std::size_t offset = kV6Octets; offset + 8 <= headers.size();) {
    const std::size_t size = next == kFragment ? 8 : (std::to_integer<unsigned>(headers[offset + 1]) + 1) * std::size_t{8};
    if (size > headers.size() - offset) return;
    const MutableOctets extension = headers.subspan(offset, size);
    if (next == kHopByHop || next == kDestinationOptions) zero_v6_options(extension);
    if (next == kRouting) predict_routing(extension, headers.subspan(24, 16));
    next = std::to_integer<std::uint8_t>(extension[0]);
    offset += size;
  }
}

std::uint16_t v4_checksum(Octets header) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i + 1 < header.size(); i += 2) sum += load_u16(header.subspan(i));
  while (sum > 0xFFFF) sum = (sum & 0xFFFF) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

}  // namespace

expected<IpLayout, PacketError> read_ip_layout(Octets datagram) {
  if (datagram.size() >= kV4Octets && at(datagram, 0) >> 4 == 4) return read_v4(datagram);
  if (datagram.size() >= kV6Octets && at(datagram, 0) >> 4 == 6) return read_v6(datagram);
  return unexpected(PacketError::kNotIp);
}

void write_ip_length(MutableOctets datagram, bool is_v4, std::size_t total) {
  if (!is_v4) {
    store_u16(datagram.subspan(4), static_cast<std::uint16_t>(total - kV6Octets));
    return;
  }
  store_u16(datagram.subspan(2), static_cast<std::uint16_t>(total));
  store_u16(datagram.subspan(10), 0);
  const std::size_t header = (std::to_integer<std::size_t>(datagram[0]) & 0xF) * 4;
  store_u16(datagram.subspan(10), v4_checksum(datagram.first(header)));
}

void zero_mutable_fields(MutableOctets headers, bool is_v4) {
  if (!is_v4) {
    zero_v6(headers);
    return;
  }
  headers[1] = std::byte{0};              // TOS
  store_u16(headers.subspan(6), 0);       // flags, fragment offset
  headers[8] = std::byte{0};              // TTL
  store_u16(headers.subspan(10), 0);      // checksum
  zero_v4_options(headers.subspan(kV4Octets));
}

}  // namespace ssx::crypto
