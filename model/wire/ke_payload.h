// model/wire/ke_payload.h: Key Exchange payload. Source: RFC 2408 3.7, RFC 5903 section 7, authip.md 1.13.
//   |                  Public value, no group field                 |
#pragma once

#include "model/base/expected.h"
#include "model/base/octets.h"
#include "model/wire/payload_error.h"

namespace ssx::wire {

/// Whether the length fits the group is for the machine to say: the group stands in the SA payload.
struct KePayload {
  OctetVector public_value;  // MODP: big endian, padded to the prime; ECP: x | y; never empty

  friend bool operator==(const KePayload&, const KePayload&) = default;
};

/// @errors kMalformed: no octets
expected<KePayload, PayloadErrorKind> parse_ke(Octets body);
/// Appends the body.
void emit_body(OctetVector& out, const KePayload& payload);

}  // namespace ssx::wire
