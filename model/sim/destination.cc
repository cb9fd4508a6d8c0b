#include "model/sim/destination.h"

namespace ssx::sim {

std::optional<IpAddress> destination_of(Octets datagram) {
  if (datagram.size() >= 20 && std::to_integer<unsigned>(datagram[0]) >> 4 == 4) {
    return IpAddress::from_octets(datagram.subspan(16, 4));  // RFC 791 3.1
  }
  if (datagram.size() >= 40 && std::to_integer<unsigned>(datagram[0]) >> 4 == 6) {
    return IpAddress::from_octets(datagram.subspan(24, 16));  // RFC 8200 3
  }
  return std::nullopt;
}

}  // namespace ssx::sim
