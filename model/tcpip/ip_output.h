// model/tcpip/ip_output.h: puts segments and UDP messages into IP datagrams. Source: RFC 791, RFC 8200.
#pragma once

#include <cstdint>

#include "model/base/address.h"
#include "model/base/octets.h"
#include "model/tcpip/segment.h"
#include "model/tcpip/udp.h"

namespace ssx::tcpip {

inline constexpr std::uint8_t kTimeToLive = 128;  // what Windows sends

/// The IP layer of one host, outbound. IPv4 identification counts per host, as Windows' does.
/// Fragmentation and reassembly are not modelled: a datagram longer than the link's MTU is the link's to refuse, and
/// hosts have an MTU that is large enough unless a lab says otherwise.
class IpOutput {
 public:
  /// A whole IP datagram with one TCP segment; IPv4 has Don't Fragment set (RFC 1191 3).
  OctetVector segment(const SegmentHeader& header, Octets payload, const IpAddress& source,
                      const IpAddress& destination);
  /// A whole IP datagram with one UDP message; IPv4 may be fragmented on the way.
  OctetVector message(const UdpMessage& message, const IpAddress& source, const IpAddress& destination);

  friend bool operator==(const IpOutput&, const IpOutput&) = default;

 private:
  std::uint16_t next_identification_ = 1;
};

}  // namespace ssx::tcpip
