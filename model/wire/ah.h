// model/wire/ah.h: Authentication Header. Source: RFC 4302 section 2, authip.md 7.7.
//   |  Next Header  |  Payload Len  |           RESERVED            |
//   |               Security Parameters Index (SPI)                 |
//   |                        Sequence Number                        |
//   |               Integrity Check Value (variable)                |
#pragma once

#include <cstdint>
#include <string>

#include "model/base/address.h"
#include "model/base/expected.h"
#include "model/base/octets.h"
#include "model/base/strong.h"
#include "model/wire/wire_error.h"

namespace ssx::wire {

inline constexpr std::size_t kAhFixedOctets = 12;
inline constexpr std::size_t kAhIcvOctetsMax = (255 + 2) * 4 - kAhFixedOctets;  // Payload Len 255

struct AhHeader {
  IpProtocol next_header = IpProtocol::kNoNext;
  Spi spi;
  SequenceNumber sequence_number;
  Octets icv;  // BORROWED; with the padding that IPv6 may need (RFC 4302 3.3.3.2.1), so a multiple of 4

  std::size_t octets() const { return kAhFixedOctets + icv.size(); }
  friend bool operator==(const AhHeader& a, const AhHeader& b) {
    return a.next_header == b.next_header && a.spi == b.spi && a.sequence_number == b.sequence_number &&
           equal(a.icv, b.icv);
  }
};
/// "next udp spi 11223344 seq 1, ICV of 12 octets"
std::string to_string(const AhHeader& header);

/// Reads the AH at the front of `packet`. Total: every input gives a value or an error.
/// @param packet  octets from the AH to the end of the datagram; borrowed by the result.
/// @errors kTruncated: ends before the length it states. kBadLength: states fewer than 12 octets.
/// @source RFC 4302 2.2 (Payload Len = 32-bit words minus 2), 2.3
expected<AhHeader, WireError> parse_ah(Octets packet);
/// Writes the header, ICV included: a multiple of 4 octets, at most kAhIcvOctetsMax.
/// @return the octets written, header.octets()
std::size_t emit_ah(MutableOctets out, const AhHeader& header);

}  // namespace ssx::wire
