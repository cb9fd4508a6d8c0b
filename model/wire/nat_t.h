// model/wire/nat_t.h: what a datagram on UDP 4500 carries. Source: RFC 3948 2.1 to 2.3, authip.md 1.15, 7.8.
//   | 00 00 00 00 (non-ESP marker) | ISAKMP message                 |
//   | SPI, not 0                   | rest of the ESP packet         |
//   | FF |                           keepalive
#pragma once

#include <cstdint>

#include "model/base/octets.h"

namespace ssx::wire {

inline constexpr std::size_t kNonEspMarkerOctets = 4;
inline constexpr std::byte kNatKeepalive{0xFF};

enum class NatTKind : std::uint8_t {
  kIsakmp,
  kEsp,
  kKeepalive,
  kNeither,  // too short to tell
};

struct NatTContent {
  NatTKind kind = NatTKind::kNeither;
  Octets octets;  // BORROWED; the ISAKMP message without its marker, the ESP packet, else nothing
};

/// @param udp_payload  of a datagram to or from the NAT-T port
NatTContent classify_nat_t(Octets udp_payload);
/// The ISAKMP message as it goes to the NAT-T port. The marker is in no Length, ICV or hash.
/// @conformance A-022
OctetVector with_non_esp_marker(Octets isakmp_message);

}  // namespace ssx::wire
