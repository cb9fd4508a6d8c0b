// model/wire/gss_id_payload.h: GSS_ID payload, the name a peer claims. Source: AIPS 2.2.3.3, authip.md 1.9, D-31.
//   |           UTF-16, little endian, no terminator ...            |
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/base/expected.h"
#include "model/base/octets.h"
#include "model/wire/payload_error.h"

namespace ssx::wire {

/// Nothing for an unpaired surrogate.
std::optional<std::string> utf8_from_utf16(std::u16string_view text);
/// Nothing for octets that are not UTF-8 (RFC 3629: no overlong form, surrogate or value above 10FFFF).
std::optional<std::u16string> utf16_from_utf8(std::string_view text);

struct GssIdPayload {
  std::u16string name;  // "host/server.example.test"; well formed, not empty, no NUL

  friend bool operator==(const GssIdPayload&, const GssIdPayload&) = default;
};
/// True for a name that a payload may carry.
bool is_gss_name(std::u16string_view name);

/// @errors kMalformed: odd length, empty, an embedded NUL, or an unpaired surrogate
/// @conformance
expected<GssIdPayload, PayloadErrorKind> parse_gss_id(Octets body);
/// Appends the body; no terminator. The name must be one.
void emit_body(OctetVector& out, const GssIdPayload& payload);

}  // namespace ssx::wire
