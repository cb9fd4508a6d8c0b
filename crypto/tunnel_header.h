// crypto/tunnel_header.h: the outer IP header of tunnel mode. Internal to crypto/. Source: authip.md 7.6, RFC
// 4301 5.1.2.
#pragma once

#include <cstddef>

#include "crypto/sa_transform.h"
#include "model/base/address.h"
#include "model/base/expected.h"
#include "model/base/octets.h"

namespace ssx::crypto {

/// 20 or 40: the outer header has neither options nor extension headers.
std::size_t tunnel_header_octets(const IpAddress& outer_source);

/// Writes the outer header for a whole `inner` datagram; length, checksum and next protocol are left to the caller.
/// @param out  at least tunnel_header_octets() octets
void write_tunnel_header(Octets inner, const IpAddress& source, const IpAddress& destination, MutableOctets out);

/// Checks that `inner` holds a datagram of the version that ESP's or AH's next header (4 or 41) states, and takes over
/// the congestion mark of the outer header.
/// @return octets of the inner datagram; padding for traffic flow confidentiality behind it is cut off (RFC 4303 2.7)
/// @errors kNotIp
expected<std::size_t, PacketError> finish_inner_datagram(Octets outer, std::uint8_t next_header, MutableOctets inner);

}  // namespace ssx::crypto
