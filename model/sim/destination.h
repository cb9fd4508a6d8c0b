// model/sim/destination.h: where a link would carry a datagram.
#pragma once

#include <optional>

#include "model/base/address.h"
#include "model/base/octets.h"

namespace ssx::sim {

/// The destination address of an IPv4 or IPv6 datagram; nothing if the octets are neither.
std::optional<IpAddress> destination_of(Octets datagram);

}  // namespace ssx::sim
