#include "model/wire/ke_payload.h"

#include <cassert>

namespace ssx::wire {

expected<KePayload, PayloadErrorKind> parse_ke(Octets body) {
  if (body.empty()) return unexpected(PayloadErrorKind::kMalformed);
  return KePayload{to_vector(body)};
}

void emit_body(OctetVector& out, const KePayload& payload) {
  assert(!payload.public_value.empty());
  append(out, payload.public_value);
}

}  // namespace ssx::wire
