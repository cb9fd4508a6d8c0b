// model/identity/kerberos.h: the simulated Kerberos mechanism (method 2). Source: authip.md 4.1, D-26, D-46; RFC 4120,
// 4121; docs/kerberos-stand-in.md.
#pragma once

#include <chrono>
#include <memory>

#include "model/base/time.h"
#include "model/identity/credentials.h"
#include "model/identity/domain.h"
#include "model/identity/gss.h"
#include "model/identity/kerberos_error.h"

namespace ssx::identity {

struct KerberosOptions {
  Duration clock_offset{0};  // this host's clock less the domain's: its clock shows now + offset
  Duration clock_skew_max = std::chrono::minutes(5);  // RFC 4120 8.2
  Duration ticket_lifetime = std::chrono::hours(10);  // of the tickets this host asks for
  bool disable_initiator_token_generation = false;    // IKEEXT_KERBEROS_AUTHENTICATION flag 0x1
};

/// Kerberos with `self`'s account in `domain`: one token each way, mutual, a secret of 32 octets (D-26). The initiator
/// takes its ticket from the domain without a message. As a user (request.as_user) the client is request.user, as the
/// domain knows that account. If `self` is not of `domain` every attempt fails and can_accept() is false. Failures have
/// status 13827 and the sentence of a KerberosError. The acceptor excludes replay only together with a ReplayCache
/// (GssContext::replay_mark).
std::shared_ptr<const GssMechanism> make_kerberos(std::shared_ptr<const Domain> domain, Principal self,
                                                  KerberosOptions options = {});

/// default_credentials() and Kerberos: what a domain member holds.
CredentialStore domain_credentials(std::shared_ptr<const Domain> domain, const Principal& self,
                                   KerberosOptions options = {});

}  // namespace ssx::identity
