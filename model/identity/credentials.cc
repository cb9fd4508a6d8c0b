#include "model/identity/credentials.h"

#include "model/identity/tls.h"

namespace ssx::identity {

const GssMechanism* CredentialStore::find(std::uint16_t method) const {
  const auto entry = mechanisms.find(method);
  return entry == mechanisms.end() ? nullptr : entry->second.get();
}

CredentialStore default_credentials(const Principal& self) {
  return {principal_name(self), {{kTlsMethod, make_tls_without_certificate()}}};
}

}  // namespace ssx::identity
