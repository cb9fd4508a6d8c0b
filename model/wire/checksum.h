// model/wire/checksum.h: the Internet checksum and the pseudo headers it covers. Source: RFC 1071, RFC 9293 3.1,
// RFC 8200 8.1.
#pragma once

#include <cstdint>

#include "model/base/address.h"
#include "model/base/octets.h"

namespace ssx::wire {

/// Ones' complement sum of 16-bit words over any number of parts. A part may have an odd length: the next one goes on
/// in the middle of the word.
/// @source RFC 1071 sections 1 and 2 (A, deferred carries)
class InternetChecksum {
 public:
  void add(Octets part);
  /// Adds a 16-bit word; only where the parts so far have an even length together.
  void add_u16(std::uint16_t word);

  /// What belongs into the checksum field, if that counted as zero.
  std::uint16_t value() const;
  /// True when the octets with their checksum field are undamaged.
  bool is_intact() const { return value() == 0; }

 private:
  std::uint64_t sum_ = 0;  // of 16-bit words, carries not yet added: more than 2^48 octets would overflow it
  bool odd_ = false;
};

/// The checksum of one run of octets.
std::uint16_t internet_checksum(Octets octets);

/// The sum with which a TCP, UDP or ICMPv6 checksum begins: addresses, protocol and length of what follows.
/// @param upper_octets  length of the upper-layer header and its data
InternetChecksum pseudo_header(const IpAddress& source, const IpAddress& destination, IpProtocol protocol,
                               std::size_t upper_octets);

}  // namespace ssx::wire
