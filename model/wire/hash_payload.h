// model/wire/hash_payload.h: Hash payload, which carries Auth1 to Auth4. Source: RFC 2408 3.11, authip.md 1.13.
//   |        prf output, never truncated: 16, 20, 32 or 48 octets   |
#pragma once

#include "model/base/expected.h"
#include "model/base/octets.h"
#include "model/wire/payload_error.h"

namespace ssx::wire {

/// The length that fits the negotiated hash is known to the machine: a proof of another length is a wrong proof, not a
/// malformed payload.
struct HashPayload {
  OctetVector value;  // never empty

  friend bool operator==(const HashPayload&, const HashPayload&) = default;
};

/// @errors kMalformed: no octets
expected<HashPayload, PayloadErrorKind> parse_hash(Octets body);
/// Appends the body.
void emit_body(OctetVector& out, const HashPayload& payload);

}  // namespace ssx::wire
