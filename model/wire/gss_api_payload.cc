#include "model/wire/gss_api_payload.h"

#include <array>
#include <cassert>

namespace ssx::wire {

std::string to_string(const GssApiPayload& payload) {
  const std::array<std::byte, 1> flags{std::byte{payload.flags}};
  return "status " + std::to_string(payload.status) + " flags " + to_hex(flags) + " token of " +
         std::to_string(payload.token.size()) + " octets";
}

expected<GssApiPayload, PayloadErrorKind> parse_gss_api(Octets body) {
  ByteReader in{body};
  GssApiPayload payload;
  payload.status = in.u32();
  payload.flags = in.u8() & gss_flag::kAll;  // authip.md 1.8: unused bits are sent as 0 and ignored
  payload.token = to_vector(in.take_rest());
  if (!in.ok()) return unexpected(PayloadErrorKind::kMalformed);
  return payload;
}

void emit_body(OctetVector& out, const GssApiPayload& payload) {
  assert((payload.flags & ~gss_flag::kAll) == 0);
  ByteWriter writer{out};
  writer.u32(payload.status);
  writer.u8(payload.flags);
  writer.octets(payload.token);
}

}  // namespace ssx::wire
