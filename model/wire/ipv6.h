// model/wire/ipv6.h: IPv6 header and the way over its extension headers. Source: RFC 8200 sections 3 and 4.
//   |Version| Traffic Class |           Flow Label                  |
//   |         Payload Length        |  Next Header  |   Hop Limit   |
//   |                   Source Address (128 bits)                   |
//   |                 Destination Address (128 bits)                |
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/base/address.h"
#include "model/base/expected.h"
#include "model/base/octets.h"
#include "model/wire/ipv4.h"
#include "model/wire/wire_error.h"

namespace ssx::wire {

inline constexpr std::size_t kIpv6FixedOctets = 40;
inline constexpr std::size_t kIpv6PayloadOctetsMax = 65'535;  // no jumbograms (RFC 2675)
inline constexpr std::uint32_t kIpv6FlowLabelMax = 0xF'FFFF;

/// Extension headers that stand between IPv6 and the upper layer (IANA ipv6-parameters).
namespace extension_header {
inline constexpr std::uint8_t kHopByHop = 0;
inline constexpr std::uint8_t kRouting = 43;
inline constexpr std::uint8_t kFragment = 44;
inline constexpr std::uint8_t kDestinationOptions = 60;
}  // namespace extension_header

struct Ipv6Header {
  std::uint8_t traffic_class = 0;
  std::uint32_t flow_label = 0;  // 20 bits
  std::uint8_t next_header = 0;  // an extension header or an IpProtocol
  std::uint8_t hop_limit = kHopLimitDefault;
  IpAddress source;
  IpAddress destination;

  friend bool operator==(const Ipv6Header&, const Ipv6Header&) = default;
};
/// "fd00::1 -> fd00::2 next 17 hop limit 128"
std::string to_string(const Ipv6Header& header);

struct Ipv6Packet {
  Ipv6Header header;
  Octets payload;  // BORROWED; extension headers and all behind them, Payload Length octets
};

/// Reads the fixed header. Octets behind Payload Length are the link's padding and left out.
/// @param packet  the whole datagram; borrowed by the result.
/// @errors kTruncated: ends before Payload Length says. kBadVersion: not 6.
/// @source RFC 8200 3
expected<Ipv6Packet, WireError> parse_ipv6(Octets packet);

/// The Fragment header, RFC 8200 4.5.
struct Ipv6Fragment {
  std::uint32_t identification = 0;
  std::uint16_t offset = 0;  // in units of 8 octets, 13 bits
  bool more_fragments = false;

  friend bool operator==(const Ipv6Fragment&, const Ipv6Fragment&) = default;
};

/// What stands behind the extension headers, and where.
struct UpperLayer {
  IpProtocol protocol = IpProtocol::kNoNext;
  std::size_t offset = 0;  // from the end of the fixed header
  std::optional<Ipv6Fragment>
      fragment;  // nothing: no Fragment header. One with offset 0 and no more is a whole datagram

  friend bool operator==(const UpperLayer&, const UpperLayer&) = default;
};

/// Walks over hop-by-hop options, routing, fragment and destination options. ESP and AH are the upper layer here: what
/// is behind them is for IPsec to say. Behind a Fragment header with an offset there is data, not a header: the walk
/// ends.
/// @param next_header  of the fixed header
/// @param payload  octets behind the fixed header
/// @errors kTruncated: an extension header leaves the payload. kBadOrder: hop-by-hop options not in front, or a second
///         Fragment header.
/// @source RFC 8200 4, 4.1
expected<UpperLayer, WireError> find_upper_layer(std::uint8_t next_header, Octets payload);

/// Writes the fixed header for `payload_octets` octets (at most kIpv6PayloadOctetsMax) that the caller puts behind it.
/// @return the octets written, kIpv6FixedOctets
std::size_t emit_ipv6_header(MutableOctets out, const Ipv6Header& header, std::size_t payload_octets);
/// Appends header and payload.
void emit_ipv6(OctetVector& out, const Ipv6Header& header, Octets payload);

}  // namespace ssx::wire
