// model/wire/key_weight_payload.h: Key Dictation Weight payload. Source: AIPS 2.2.3.7, authip.md 1.16. The model reads
// and ignores it (D-36).
//   |                          Weight                               |
#pragma once

#include <cstdint>

#include "model/base/expected.h"
#include "model/base/octets.h"
#include "model/wire/payload_error.h"

namespace ssx::wire {

struct KeyWeightPayload {
  std::uint32_t weight = 0;

  friend bool operator==(const KeyWeightPayload&, const KeyWeightPayload&) = default;
};

/// @errors kMalformed: other than 4 octets
expected<KeyWeightPayload, PayloadErrorKind> parse_key_weight(Octets body);
/// Appends the body.
void emit_body(OctetVector& out, const KeyWeightPayload& payload);

}  // namespace ssx::wire
