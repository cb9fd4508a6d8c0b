#include "model/wire/hash_payload.h"

#include <cassert>

namespace ssx::wire {

expected<HashPayload, PayloadErrorKind> parse_hash(Octets body) {
  if (body.empty()) return unexpected(PayloadErrorKind::kMalformed);
  return HashPayload{to_vector(body)};
}

void emit_body(OctetVector& out, const HashPayload& payload) {
  assert(!payload.value.empty());
  append(out, payload.value);
}

}  // namespace ssx::wire
