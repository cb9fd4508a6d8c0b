// model/identity/tls.h: TLS (method 4) on a host that has no certificate. Source: authip.md 2.17, 4.2.
#pragma once

#include <cstdint>
#include <memory>

#include "model/identity/gss.h"

namespace ssx::identity {

/// ERROR_IPSEC_IKE_NO_CERT (authip.md 2.17).
inline constexpr std::uint32_t kStatusNoCertificate = 13806;

/// A mechanism whose every attempt ends with 13806 and the words "this host has no certificate", and that a responder
/// does not list.
std::shared_ptr<const GssMechanism> make_tls_without_certificate();

}  // namespace ssx::identity
