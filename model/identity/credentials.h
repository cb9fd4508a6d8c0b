// model/identity/credentials.h: what one host can prove, by AuthIP method number, and the name it presents.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "model/identity/gss.h"
#include "model/identity/principal.h"

namespace ssx::identity {

/// AuthIP's numbers of the methods that can have an entry (authip.md 1.10).
inline constexpr std::uint16_t kKerberosMethod = 2;
inline constexpr std::uint16_t kTlsMethod = 4;
inline constexpr std::uint16_t kNtlmMethod = 5;

/// The credentials of a host. Methods are keyed by their AuthIP number (2 Kerberos, 4 TLS, 5 NTLM; authip.md 1.10); a
/// method without an entry is refused with a reason of its own.
struct CredentialStore {
  std::string gss_id;  // the principal name sent in GSS_ID: "host/server.example.test" (authip.md D-31)
  std::map<std::uint16_t, std::shared_ptr<const GssMechanism>> mechanisms;

  /// Null without an entry.
  const GssMechanism* find(std::uint16_t method) const;
};

/// What a host that is in no domain and has no certificate holds: its own name, and TLS that refuses with 13806.
/// @conformance A-233
CredentialStore default_credentials(const Principal& self);

}  // namespace ssx::identity
