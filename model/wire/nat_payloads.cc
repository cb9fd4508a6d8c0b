#include "model/wire/nat_payloads.h"

#include <cassert>

#include "model/wire/id_payload.h"

namespace ssx::wire {

expected<NatDPayload, PayloadErrorKind> parse_nat_d(Octets body) {
  if (body.empty()) return unexpected(PayloadErrorKind::kMalformed);
  return NatDPayload{to_vector(body)};
}

expected<NatOaPayload, PayloadErrorKind> parse_nat_oa(Octets body) {
  ByteReader in{body};
  const auto type = static_cast<IdType>(in.u8());
  in.skip(3);  // RESERVED
  const std::optional<IpAddress> address = IpAddress::from_octets(in.take_rest());
  if (!in.ok() || !address) return unexpected(PayloadErrorKind::kMalformed);
  // RFC 3947 5.2: the ID type is ID_IPV4_ADDR or ID_IPV6_ADDR only.
  if (type != (address->is_v4() ? IdType::kIpv4Address : IdType::kIpv6Address)) {
    return unexpected(PayloadErrorKind::kMalformed);
  }
  return NatOaPayload{*address};
}

void emit_body(OctetVector& out, const NatDPayload& payload) {
  assert(!payload.hash.empty());
  append(out, payload.hash);
}

void emit_body(OctetVector& out, const NatOaPayload& payload) {
  ByteWriter writer{out};
  writer.u8(static_cast<std::uint8_t>(payload.address.is_v4() ? IdType::kIpv4Address : IdType::kIpv6Address));
  writer.zeros(3);
  writer.octets(payload.address.octets());
}

}  // namespace ssx::wire
