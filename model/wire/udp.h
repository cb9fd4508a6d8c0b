// model/wire/udp.h: User Datagram Protocol. Source: RFC 768, RFC 8200 8.1, RFC 3948 2.1.
//   |          Source Port          |       Destination Port        |
//   |            Length             |           Checksum            |
#pragma once

#include <cstdint>
#include <string>

#include "model/base/address.h"
#include "model/base/expected.h"
#include "model/base/octets.h"
#include "model/wire/wire_error.h"

namespace ssx::wire {

inline constexpr std::size_t kUdpHeaderOctets = 8;
inline constexpr std::size_t kUdpPayloadOctetsMax = 65'535 - kUdpHeaderOctets;

struct UdpMessage {
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  Octets payload;  // BORROWED

  friend bool operator==(const UdpMessage& a, const UdpMessage& b) {
    return a.source_port == b.source_port && a.destination_port == b.destination_port && equal(a.payload, b.payload);
  }
};
/// "500 -> 500, 404 octets"
std::string to_string(const UdpMessage& message);

/// RFC 3948 2.1: the checksum of UDP-encapsulated ESP is sent as zero, and the receiver does not depend on it.
enum class UdpChecksum : std::uint8_t { kUsed, kUnused };

/// Reads UDP octets. Octets behind Length are ignored. Total: every input gives a value or an error.
/// @param udp  from the UDP header to the end of the datagram; borrowed by the result.
/// @param source, destination  of the IP datagram
/// @param checksum  kUnused: any value of the field is accepted
/// @errors kTruncated: ends before Length says. kBadLength: Length below 8. kBadChecksum. kNoChecksum: zero over IPv6.
expected<UdpMessage, WireError> parse_udp(Octets udp, const IpAddress& source, const IpAddress& destination,
                                          UdpChecksum checksum = UdpChecksum::kUsed);

/// Writes the header of `message` whose payload the caller puts behind it.
/// @param checksum  kUnused sends 0, over IPv4 only
/// @return the octets written, kUdpHeaderOctets
std::size_t emit_udp_header(MutableOctets out, const UdpMessage& message, const IpAddress& source,
                            const IpAddress& destination, UdpChecksum checksum = UdpChecksum::kUsed);
/// Appends header and payload.
void emit_udp(OctetVector& out, const UdpMessage& message, const IpAddress& source, const IpAddress& destination,
              UdpChecksum checksum = UdpChecksum::kUsed);

}  // namespace ssx::wire
