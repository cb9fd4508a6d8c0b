// model/wire/id_payload.h: Identification payload of phase 2. Source: RFC 2407 4.6.2, authip.md 1.13.
//   |   ID type     |  Protocol     |             Port              |
//   |     address; for a subnet and its mask, or a range, two       |
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/base/address.h"
#include "model/base/expected.h"
#include "model/base/octets.h"
#include "model/wire/payload_error.h"

namespace ssx::wire {

enum class IdType : std::uint8_t {
  kIpv4Address = 1,
  kIpv4Subnet = 4,
  kIpv6Address = 5,
  kIpv6Subnet = 6,
  kIpv4Range = 7,
  kIpv6Range = 8,
};

struct IdPayload {
  IdType type = IdType::kIpv4Address;
  IpProtocol protocol = IpProtocol::kAny;  // 0: any
  std::uint16_t port = 0;                  // 0: any
  IpAddress address;                       // the one, the subnet's, or the first of the range
  std::optional<IpAddress> second;         // the subnet's mask or the last of the range; nothing for a single address

  friend bool operator==(const IdPayload&, const IdPayload&) = default;
};
/// The ID of one address, of either version.
IdPayload id_of_address(const IpAddress& address, IpProtocol protocol, std::uint16_t port);
/// "10.0.0.2 tcp 27015", "10.0.0.0/255.0.0.0 any 0", "10.0.0.1-10.0.0.9 udp 53"
std::string to_string(const IdPayload& payload);

/// @errors kMalformed: fewer than 4 octets, or addresses of another length than the type's. kUnsupportedId: another
/// type.
expected<IdPayload, PayloadErrorKind> parse_id(Octets body);
/// Appends the body. The addresses must be those of the type.
void emit_body(OctetVector& out, const IdPayload& payload);

}  // namespace ssx::wire
