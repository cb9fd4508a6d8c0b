// model/wire/nonce_payload.h: Nonce payload. Source: RFC 2408 3.13, RFC 2409 section 5, authip.md 1.13, D-25.
//   |                    Nonce, 8 to 256 octets                     |
#pragma once

#include "model/base/expected.h"
#include "model/base/octets.h"
#include "model/wire/payload_error.h"

namespace ssx::wire {

inline constexpr std::size_t kNonceOctetsMin = 8;
inline constexpr std::size_t kNonceOctetsMax = 256;
inline constexpr std::size_t kNonceOctetsSent = 32;

struct NoncePayload {
  OctetVector nonce;

  friend bool operator==(const NoncePayload&, const NoncePayload&) = default;
};

/// @errors kMalformed: fewer than 8 or more than 256 octets
/// @conformance
expected<NoncePayload, PayloadErrorKind> parse_nonce(Octets body);
/// Appends the body.
void emit_body(OctetVector& out, const NoncePayload& payload);

}  // namespace ssx::wire
