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

/// The credentials of a host. Methods are keyed by their AuthIP number (2 Kerberos, 4 TLS, 5 NTLM; authip.md 1.10); a method
/// without an entry is refused with a reason of its own.
struct CredentialStore {
  std::string gss_id;  // the principal name sent in GSS_ID: "host/server.example.test" (authip.md D-31)
  std::map<std::uint16_t, std::shared_ptr<const GssMechanism>> mechanisms;

  const GssMechanism* find(std::uint16_t method) const;
};

}  // namespace ssx::identity
