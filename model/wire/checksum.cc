#include "model/wire/checksum.h"

#include <cassert>

namespace ssx::wire {

void InternetChecksum::add(Octets part) {
  if (odd_ && !part.empty()) {
    sum_ += std::to_integer<std::uint64_t>(part.front());
    part = part.subspan(1);
    odd_ = false;
  }
  for (; part.size() >= 2; part = part.subspan(2)) sum_ += load_u16(part);
  if (!part.empty()) {  // RFC 1071 section 1: the last octet is padded on the right with zero
    sum_ += std::to_integer<std::uint64_t>(part.front()) << 8;
    odd_ = true;
  }
}

void InternetChecksum::add_u16(std::uint16_t word) {
  assert(!odd_);
  sum_ += word;
}

std::uint16_t InternetChecksum::value() const {
  std::uint64_t folded = sum_;
  while (folded > 0xFFFF) folded = (folded & 0xFFFF) + (folded >> 16);
  return static_cast<std::uint16_t>(~folded);
}

std::uint16_t internet_checksum(Octets octets) {
  InternetChecksum sum;
  sum.add(octets);
  return sum.value();
}

InternetChecksum pseudo_header(const IpAddress& source, const IpAddress& destination, IpProtocol protocol,
                               std::size_t upper_octets) {
  // IPv4 has 8 bits of zero, protocol and a 16-bit length; IPv6 a 32-bit length, zeros and next header: the same sum.
  InternetChecksum sum;
  sum.add(source.octets());
  sum.add(destination.octets());
  sum.add_u16(static_cast<std::uint16_t>(protocol));
  sum.add_u16(static_cast<std::uint16_t>(upper_octets >> 16));
  sum.add_u16(static_cast<std::uint16_t>(upper_octets & 0xFFFF));
  return sum;
}

}  // namespace ssx::wire
