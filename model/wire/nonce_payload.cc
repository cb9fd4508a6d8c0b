#include "model/wire/nonce_payload.h"

#include <cassert>

namespace ssx::wire {
namespace {

/// RFC 2409 section 5: the length of a nonce payload MUST be between 8 and 256 octets.
bool is_nonce_size(std::size_t octets) { return octets >= kNonceOctetsMin && octets <= kNonceOctetsMax; }

}  // namespace

expected<NoncePayload, PayloadErrorKind> parse_nonce(Octets body) {
  if (!is_nonce_size(body.size())) return unexpected(PayloadErrorKind::kMalformed);
  return NoncePayload{to_vector(body)};
}

void emit_body(OctetVector& out, const NoncePayload& payload) {
  assert(is_nonce_size(payload.nonce.size()));
  append(out, payload.nonce);
}

}  // namespace ssx::wire
