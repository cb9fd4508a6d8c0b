// model/wire/auth_payload.h: Auth payload, the list of authentication methods. Source: AIPS 2.2.3.4, authip.md 1.10,
// D-23.
//   |        Auth method 1          |          Flags 1 = 0          |
//   |        Auth method 2          |          Flags 2 = 0          |   ...
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/base/expected.h"
#include "model/base/octets.h"
#include "model/wire/payload_error.h"

namespace ssx::wire {

/// Methods of AuthIP. Any other number is possible in a list that was read; the machine skips it (D-23).
enum class AuthMethod : std::uint16_t {
  kKerberos = 0x0002,
  kAnonymous = 0x0003,
  kTls = 0x0004,
  kNtlm = 0x0005,
};
/// "Kerberos", "anonymous", "TLS", "NTLM", or the number
std::string to_string(AuthMethod method);

struct AuthPayload {
  std::vector<AuthMethod> methods;  // most preferred first; duplicates are kept; never empty

  friend bool operator==(const AuthPayload&, const AuthPayload&) = default;
};

/// @errors kMalformed: no method, or not a multiple of 4 octets
/// @conformance
expected<AuthPayload, PayloadErrorKind> parse_auth(Octets body);
/// Appends the body; flags are 0.
void emit_body(OctetVector& out, const AuthPayload& payload);

}  // namespace ssx::wire
