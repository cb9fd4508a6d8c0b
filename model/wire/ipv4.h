// model/wire/ipv4.h: IPv4 header. Source: RFC 791 section 3.1, RFC 6864 (identification).
//   |Version|  IHL  |Type of Service|          Total Length         |
//   |         Identification        |Flags|      Fragment Offset    |
//   |  Time to Live |    Protocol   |         Header Checksum       |
//   |                       Source Address                          |
//   |                    Destination Address                        |
//   |                    Options (variable, 0..40 octets)           |
#pragma once

#include <cstdint>
#include <string>

#include "model/base/address.h"
#include "model/base/expected.h"
#include "model/base/octets.h"
#include "model/wire/wire_error.h"

namespace ssx::wire {

inline constexpr std::size_t kIpv4FixedOctets = 20;
inline constexpr std::size_t kIpv4OptionOctetsMax = 40;
inline constexpr std::size_t kIpv4TotalOctetsMax = 65'535;
inline constexpr std::uint8_t kHopLimitDefault = 128;  // what Windows sends, IPv6 too

struct Ipv4Header {
  std::uint8_t type_of_service = 0;
  std::uint16_t identification = 0;
  bool dont_fragment = false;
  bool more_fragments = false;
  std::uint16_t fragment_offset = 0;  // in units of 8 octets, 13 bits
  std::uint8_t time_to_live = kHopLimitDefault;
  IpProtocol protocol = IpProtocol::kAny;
  IpAddress source;
  IpAddress destination;
  Octets options;  // BORROWED; a multiple of 4 octets, not looked into

  std::size_t octets() const { return kIpv4FixedOctets + options.size(); }
  bool is_fragment() const { return more_fragments || fragment_offset != 0; }
  friend bool operator==(const Ipv4Header& a, const Ipv4Header& b);
};
/// "10.0.0.1 -> 10.0.0.2 udp ttl 128 id 4660"
std::string to_string(const Ipv4Header& header);

struct Ipv4Packet {
  Ipv4Header header;
  Octets payload;  // BORROWED; from the end of the header to Total Length
};

/// Reads a datagram. Octets behind Total Length are the link's padding and left out. Total: every input gives a value
/// or an error.
/// @param packet  the whole datagram; borrowed by the result.
/// @errors kTruncated: ends before IHL or Total Length say. kBadVersion: not 4. kBadLength: IHL below 5 or Total Length
///         below the header. kBadChecksum: the header is damaged (RFC 1122 3.2.1.2: discard).
/// @source RFC 791 3.1
expected<Ipv4Packet, WireError> parse_ipv4(Octets packet);

/// Writes the header, Total Length and checksum included, for `payload_octets` octets that the caller puts behind it.
/// IPv4 addresses; options a multiple of 4 up to 40; header and payload within kIpv4TotalOctetsMax.
/// @return the octets written, header.octets()
std::size_t emit_ipv4_header(MutableOctets out, const Ipv4Header& header, std::size_t payload_octets);
/// Appends header and payload.
void emit_ipv4(OctetVector& out, const Ipv4Header& header, Octets payload);

}  // namespace ssx::wire
