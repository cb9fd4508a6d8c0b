// model/wire/icmp.h: ICMP and ICMPv6 messages, and the one that the model sends: port unreachable. Source: RFC 792,
// RFC 1122 3.2.2.1, RFC 1812 4.3.2.3, RFC 4443 2.4 and 3.1.
//   |     Type      |     Code      |          Checksum             |
//   |                 unused, or by type and code                   |
//   |      as much of the offending datagram as goes in             |
#pragma once

#include <cstdint>

#include "model/base/address.h"
#include "model/base/expected.h"
#include "model/base/octets.h"
#include "model/wire/wire_error.h"

namespace ssx::wire {

inline constexpr std::size_t kIcmpHeaderOctets = 8;
inline constexpr std::uint8_t kIcmpDestinationUnreachable = 3;
inline constexpr std::uint8_t kIcmpPortUnreachable = 3;  // code
inline constexpr std::uint8_t kIcmpv6DestinationUnreachable = 1;
inline constexpr std::uint8_t kIcmpv6PortUnreachable = 4;  // code
/// RFC 1812 4.3.2.3: the ICMP datagram should not exceed 576 octets; RFC 4443 2.4 (c): must not exceed the minimum MTU.
inline constexpr std::size_t kIcmpDatagramOctetsMax = 576;
inline constexpr std::size_t kIcmpv6DatagramOctetsMax = 1280;

struct IcmpMessage {
  std::uint8_t type = 0;
  std::uint8_t code = 0;
  std::uint32_t rest_of_header = 0;
  Octets data;  // BORROWED

  friend bool operator==(const IcmpMessage& a, const IcmpMessage& b) {
    return a.type == b.type && a.code == b.code && a.rest_of_header == b.rest_of_header && equal(a.data, b.data);
  }
};

/// Reads an ICMP (IPv4 addresses) or ICMPv6 (IPv6 addresses) message and verifies its checksum.
/// @param icmp  all octets behind the IP header; borrowed by the result.
/// @errors kTruncated: fewer than 8 octets. kBadChecksum.
expected<IcmpMessage, WireError> parse_icmp(Octets icmp, const IpAddress& source, const IpAddress& destination);
void emit_icmp(OctetVector& out, const IcmpMessage& message, const IpAddress& source, const IpAddress& destination);

/// True for type 3 code 3, in ICMPv6 type 1 code 4; `data` then begins with the IP header of the offending datagram,
/// which may end early: read ports from it with care, not with parse_datagram.
bool is_port_unreachable(IpVersion version, const IcmpMessage& message);

/// The message that answers a datagram for a port where nobody listens, to be sent from `source` to `destination`.
/// @param offending  the datagram that came, from its IP header; not empty
OctetVector build_port_unreachable(Octets offending, const IpAddress& source, const IpAddress& destination);

/// Who sent the offending datagram to whom, read from the start of it that a message carries.
/// @errors kTruncated: it ends before the ports. kBadVersion. kBadLength: IHL below 5. kBadOrder: as find_upper_layer.
/// @return as its sender sees it: local is the sender
expected<FiveTuple, WireError> offending_flow(Octets offending);

}  // namespace ssx::wire
