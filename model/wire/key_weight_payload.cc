#include "model/wire/key_weight_payload.h"

namespace ssx::wire {

expected<KeyWeightPayload, PayloadErrorKind> parse_key_weight(Octets body) {
  ByteReader in{body};
  const std::uint32_t weight = in.u32();
  if (!in.ok() || in.remaining() != 0) return unexpected(PayloadErrorKind::kMalformed);
  return KeyWeightPayload{weight};
}

void emit_body(OctetVector& out, const KeyWeightPayload& payload) { ByteWriter(out).u32(payload.weight); }

}  // namespace ssx::wire
