// crypto/ip_layout.h: where ESP and AH stand in an IP datagram. Internal to crypto/. Source: RFC 791, 8200, 4303 3.1.1.
#pragma once

#include <cstddef>
#include <cstdint>

#include "crypto/sa_transform.h"
#include "model/base/expected.h"
#include "model/base/octets.h"

namespace ssx::crypto {

inline constexpr std::size_t kIpv4Octets = 20;  // without options
inline constexpr std::size_t kIpv6Octets = 40;  // without extension headers
inline constexpr std::size_t kIpv4ProtocolAt = 9;
inline constexpr std::size_t kIpv6NextHeaderAt = 6;

/// IPv6 extension headers that may stand in front of ESP and AH (IANA protocol numbers).
inline constexpr std::uint8_t kHopByHopHeader = 0;
inline constexpr std::uint8_t kRoutingHeader = 43;
inline constexpr std::uint8_t kFragmentHeader = 44;
inline constexpr std::uint8_t kDestinationOptionsHeader = 60;

/// A place between two headers.
struct HeaderBoundary {
  std::size_t offset = 0;      // octets from the start of the datagram
  std::size_t next_field = 0;  // offset of the octet that names what follows
  std::uint8_t next = 0;       // that protocol number
};

struct IpLayout {
  bool is_v4 = true;
  std::size_t total = 0;  // octets of the datagram; what lies behind them is not part of it
  HeaderBoundary
      upper;  // behind the IPv4 options or every IPv6 extension header: where a receiver looks for ESP and AH
  HeaderBoundary
      insertion;  // where a sender puts ESP or AH: IPv6 destination options for the final host come behind it
};

/// @errors kNotIp, kFragment, kTruncated (an extension header that the datagram does not hold)
expected<IpLayout, PacketError> read_ip_layout(Octets datagram);

/// Sets the datagram's length field for `total` octets and, for IPv4, the header checksum.
void write_ip_length(MutableOctets datagram, bool is_v4, std::size_t total);

/// Octets of the IPv6 extension header `type` at the front of `extension`, which has at least two.
inline std::size_t extension_octets(std::uint8_t type, Octets extension) {
  return type == kFragmentHeader ? 8 : (std::to_integer<std::size_t>(extension[1]) + 1) * 8;
}

}  // namespace ssx::crypto
