#include "crypto/ah_mutable_fields.h"

#include <algorithm>

#include "crypto/ip_layout.h"

namespace ssx::crypto {
namespace {

constexpr std::size_t kIpv4DestinationAt = 16;
constexpr std::size_t kIpv6DestinationAt = 24;

std::uint8_t at(Octets octets, std::size_t index) { return std::to_integer<std::uint8_t>(octets[index]); }

void zero(MutableOctets octets) { std::ranges::fill(octets, std::byte{0}); }

/// RFC 4302 A1: options that are included as they are; of every other one each octet counts as zero.
bool is_immutable_v4_option(std::uint8_t type) {
  return type == 130 || type == 133 || type == 134 || type == 148 || type == 149;
}

/// RFC 791 3.1: loose (131) and strict (137) source routes. Until the route is used up, its last address is the final
/// destination, and that is what the ICV covers (RFC 4302 3.3.3.1.1.1).
void predict_destination(Octets option, MutableOctets destination) {
  const std::uint8_t type = at(option, 0);
  if ((type != 131 && type != 137) || option.size() < 7) return;
  const std::size_t pointer = at(option, 2);  // counts from 1; the first address has 4
  if (pointer < 4 || pointer + 3 > option.size()) return;
  const std::size_t last = 3 + ((option.size() - 3) / 4 - 1) * 4;
  std::ranges::copy(option.subspan(last, 4), destination.begin());
}

void zero_v4_options(MutableOctets headers) {
  for (std::size_t i = kIpv4Octets; i < headers.size();) {
    const std::uint8_t type = at(headers, i);
    if (type == 0) return;  // end of the list
    if (type == 1) {        // no operation
      ++i;
      continue;
    }
    const std::size_t left = headers.size() - i;
    const std::size_t stated = left > 1 ? at(headers, i + 1) : 0;
    const std::size_t size = stated < 2 || stated > left ? left : stated;  // a length that cannot be: all that is left
    const MutableOctets option = headers.subspan(i, size);
    predict_destination(option, headers.subspan(kIpv4DestinationAt, 4));
    if (!is_immutable_v4_option(type)) zero(option);
    i += size;
  }
}

void zero_v4(MutableOctets headers) {
  headers[1] = std::byte{0};          // DSCP, ECN
  store_u16(headers.subspan(6), 0);   // flags, fragment offset
  headers[8] = std::byte{0};          // TTL
  store_u16(headers.subspan(10), 0);  // checksum
  zero_v4_options(headers);
}

/// RFC 4302 3.3.3.1.2.2: option data whose type has the "may change en route" bit counts as zero.
void zero_v6_options(MutableOctets extension) {
  for (std::size_t i = 2; i < extension.size();) {
    const std::uint8_t type = at(extension, i);
    if (type == 0) {  // Pad1
      ++i;
      continue;
    }
    if (i + 1 >= extension.size()) return;
    const std::size_t size = std::min<std::size_t>(at(extension, i + 1), extension.size() - i - 2);
    if ((type & 0x20) != 0) zero(extension.subspan(i + 2, size));
    i += 2 + size;
  }
}

/// RFC 4302 3.3.3.1.2.1: a routing header of type 0 as it will look on arrival: nothing left, addresses rotated.
void predict_routing(MutableOctets extension, MutableOctets destination) {
  const std::size_t left = at(extension, 3);
  const std::size_t count = (extension.size() - 8) / 16;
  if (at(extension, 2) != 0 || left == 0 || left > count) return;
  // RFC 2460 4.4: each hop swaps the destination with the next address of the list.
  for (std::size_t hop = count - left; hop < count; ++hop) {
    const MutableOctets listed = extension.subspan(8 + 16 * hop, 16);
    std::swap_ranges(destination.begin(), destination.end(), listed.begin());
  }
  extension[3] = std::byte{0};
}

void zero_v6(MutableOctets headers) {
  headers[0] &= std::byte{0xF0};  // traffic class and flow label
  zero(headers.subspan(1, 3));
  headers[7] = std::byte{0};  // hop limit
  std::uint8_t type = at(headers, kIpv6NextHeaderAt);
  for (std::size_t offset = kIpv6Octets; offset < headers.size();) {
    const std::size_t size = extension_octets(type, headers.subspan(offset));
    const MutableOctets extension = headers.subspan(offset, size);
    if (type == kHopByHopHeader || type == kDestinationOptionsHeader) zero_v6_options(extension);
    if (type == kRoutingHeader) predict_routing(extension, headers.subspan(kIpv6DestinationAt, 16));
    type = at(extension, 0);
    offset += size;
  }
}

}  // namespace

void zero_mutable_fields(MutableOctets headers, bool is_v4) { is_v4 ? zero_v4(headers) : zero_v6(headers); }

}  // namespace ssx::crypto
