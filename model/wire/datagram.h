// model/wire/datagram.h: a whole IP datagram of either version, for code that does not care which. Source: RFC 791,
// RFC 8200.
#pragma once

#include <cstdint>
#include <string>

#include "model/base/address.h"
#include "model/base/expected.h"
#include "model/base/octets.h"
#include "model/wire/ipv4.h"
#include "model/wire/wire_error.h"

namespace ssx::wire {

/// What the layers above IP ask of a datagram. `header` and `payload` are BORROWED.
struct Datagram {
  IpVersion version = IpVersion::kV4;
  IpAddress source;
  IpAddress destination;
  IpProtocol protocol = IpProtocol::kAny;  // of `payload`: for IPv6 what is behind the extension headers
  Octets header;                           // IP header with options or extension headers
  Octets payload;                          // all behind `header`, without padding of the link
  std::uint8_t hop_limit = 0;              // time to live
  bool dont_fragment = false;              // IPv4's flag; IPv6 routers never fragment: true
  bool is_fragment = false;                // offset not 0 or more fragments follow
  std::uint32_t identification = 0;        // of the IPv4 header or the Fragment header, else 0
};

/// @param packet  the whole datagram; borrowed by the result.
/// @errors those of parse_ipv4, or of parse_ipv6 and find_upper_layer
expected<Datagram, WireError> parse_datagram(Octets packet);
/// "10.0.0.1 -> 10.0.0.2 udp, 18 octets"
std::string to_string(const Datagram& datagram);

/// The most payload that build_datagram takes.
std::size_t datagram_payload_max(IpVersion version);

/// A datagram without options or extension headers. Addresses of one version; payload up to datagram_payload_max.
/// @param identification, dont_fragment  IPv4 only; IPv6 has neither.
OctetVector build_datagram(const IpAddress& source, const IpAddress& destination, IpProtocol protocol, Octets payload,
                           std::uint16_t identification = 0, std::uint8_t hop_limit = kHopLimitDefault,
                           bool dont_fragment = false);

}  // namespace ssx::wire
