// crypto/ip_layout.h: where the parts of an IP datagram are, for ESP and AH. Internal to crypto/. RFC 791, 8200, 4302, 4303.
#pragma once

#include <cstddef>
#include <cstdint>

#include "crypto/sa_transform.h"
#include "model/base/expected.h"
#include "model/base/octets.h"

namespace ssx::crypto {

/// A datagram as ESP and AH see it. Octets behind the datagram's own length are not part of it.
struct IpLayout {
  bool is_v4 = true;
  std::size_t headers = 0;     // octets in front of the upper layer (or ESP, AH): IP header, options, IPv6 extension headers
  std::size_t total = 0;       // octets of the datagram
  std::size_t next_field = 0;  // offset of the octet that names the protocol behind the headers
  std::uint8_t next = 0;       // that protocol
};

/// @errors kNotIp, kFragment, kTruncated
expected<IpLayout, PacketError> read_ip_layout(Octets datagram);

/// Sets the datagram's length field for `total` octets and recomputes the IPv4 header checksum.
void write_ip_length(MutableOctets datagram, bool is_v4, std::size_t total);

/// The headers of a datagram with mutable fields and options zeroed as RFC 4302 3.3.3.1 says; `headers` is changed in place.
void zero_mutable_fields(MutableOctets headers, bool is_v4);

}  // namespace ssx::crypto
