// model/wire/gss_api_payload.h: GSS-API payload, one token of the authentication. Source: AIPS 2.2.3.1, authip.md 1.8.
//   |                     Status, 0 = success                       |
//   |  Flags        |  token, 0..n octets ...                       |
#pragma once

#include <cstdint>
#include <string>

#include "model/base/expected.h"
#include "model/base/octets.h"
#include "model/wire/payload_error.h"

namespace ssx::wire {

namespace gss_flag {
inline constexpr std::uint8_t kNewGssExchange = 0x01;              // I: a new exchange starts with this token
inline constexpr std::uint8_t kImpersonationActive = 0x02;         // I: the principal is a user
inline constexpr std::uint8_t kRetryCurrentAuthentication = 0x04;  // I, R: same method, other credentials
inline constexpr std::uint8_t kExplicitCredentials = 0x08;         // I: the application's own
inline constexpr std::uint8_t kResponderAuthComplete = 0x10;       // R: its context is complete
inline constexpr std::uint8_t kAll = 0x1F;
}  // namespace gss_flag

struct GssApiPayload {
  std::uint32_t status = 0;
  std::uint8_t flags = 0;  // of gss_flag only
  OctetVector token;

  friend bool operator==(const GssApiPayload&, const GssApiPayload&) = default;
};
/// "status 0 flags 11 token of 17 octets"
std::string to_string(const GssApiPayload& payload);

/// Unknown flag bits are left out.
/// @errors kMalformed: fewer than 5 octets
/// @conformance
expected<GssApiPayload, PayloadErrorKind> parse_gss_api(Octets body);
/// Appends the body.
void emit_body(OctetVector& out, const GssApiPayload& payload);

}  // namespace ssx::wire
