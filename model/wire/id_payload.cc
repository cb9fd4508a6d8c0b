#include "model/wire/id_payload.h"

#include <cassert>

namespace ssx::wire {
namespace {

constexpr std::size_t kIpv4Octets = 4;
constexpr std::size_t kIpv6Octets = 16;

struct Shape {
  std::size_t address_octets;
  bool has_second;
};

/// RFC 2407 4.6.2.1; nothing for a type that the model does not support.
std::optional<Shape> shape_of(IdType type) {
  switch (type) {
    case IdType::kIpv4Address: return Shape{kIpv4Octets, false};
    case IdType::kIpv4Subnet:
    case IdType::kIpv4Range: return Shape{kIpv4Octets, true};
    case IdType::kIpv6Address: return Shape{kIpv6Octets, false};
    case IdType::kIpv6Subnet:
    case IdType::kIpv6Range: return Shape{kIpv6Octets, true};
  }
  return std::nullopt;
}

}  // namespace

IdPayload id_of_address(const IpAddress& address, IpProtocol protocol, std::uint16_t port) {
  const IdType type = address.is_v4() ? IdType::kIpv4Address : IdType::kIpv6Address;
  return IdPayload{type, protocol, port, address, std::nullopt};
}

std::string to_string(const IdPayload& payload) {
  std::string text = to_string(payload.address);
  const bool subnet = payload.type == IdType::kIpv4Subnet || payload.type == IdType::kIpv6Subnet;
  if (payload.second) text += (subnet ? "/" : "-") + to_string(*payload.second);
  return text + " " + to_string(payload.protocol) + " " + std::to_string(payload.port);
}

expected<IdPayload, PayloadErrorKind> parse_id(Octets body) {
  ByteReader in{body};
  IdPayload payload;
  payload.type = static_cast<IdType>(in.u8());
  payload.protocol = static_cast<IpProtocol>(in.u8());
  payload.port = in.u16();
  if (!in.ok()) return unexpected(PayloadErrorKind::kMalformed);
  const std::optional<Shape> shape = shape_of(payload.type);
  if (!shape) return unexpected(PayloadErrorKind::kUnsupportedId);
  const std::size_t data_octets = shape->address_octets * (shape->has_second ? 2 : 1);
  if (in.remaining() != data_octets) return unexpected(PayloadErrorKind::kMalformed);
  payload.address = *IpAddress::from_octets(in.take(shape->address_octets));
  if (shape->has_second) payload.second = IpAddress::from_octets(in.take(shape->address_octets));
  return payload;
}

void emit_body(OctetVector& out, const IdPayload& payload) {
  const std::optional<Shape> shape = shape_of(payload.type);
  assert(shape.has_value());
  assert(payload.address.octets().size() == shape->address_octets);
  assert(payload.second.has_value() == shape->has_second);
  assert(!payload.second || payload.second->octets().size() == shape->address_octets);
  ByteWriter writer{out};
  writer.u8(static_cast<std::uint8_t>(payload.type));
  writer.u8(static_cast<std::uint8_t>(payload.protocol));
  writer.u16(payload.port);
  writer.octets(payload.address.octets());
  if (payload.second) writer.octets(payload.second->octets());
}

}  // namespace ssx::wire
