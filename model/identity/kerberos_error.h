// model/identity/kerberos_error.h: why a Kerberos attempt fails. Source: RFC 4120 7.5.9, authip.md 2.17.
#pragma once

#include <cstdint>
#include <string_view>

#include "model/identity/gss.h"

namespace ssx::identity {

/// ERROR_IPSEC_IKE_KERBEROS_ERROR (authip.md 2.17).
inline constexpr std::uint32_t kStatusKerberosError = 13827;

enum class KerberosError : std::uint8_t {
  kNotInDomain,         // this host has no account in the realm
  kInitiationDisabled,  // DISABLE_INITIATOR_TOKEN_GENERATION
  kNoUser,              // the attempt is to be a user's and there is none
  kUnknownClient,       // KDC_ERR_C_PRINCIPAL_UNKNOWN
  kUnknownService,      // KDC_ERR_S_PRINCIPAL_UNKNOWN
  kTokenTooLarge,       // more groups than a token can carry
  kMalformedToken,      // framing, lengths or fields that cannot be
  kWrongRealm,          // the ticket is for a service of another realm
  kWrongService,        // KRB_AP_ERR_NOT_US
  kWrongKey,            // KRB_AP_ERR_MODIFIED: the ticket was not made with this host's key
  kAuthenticatorKey,    // KRB_AP_ERR_BAD_INTEGRITY
  kNamesDiffer,         // KRB_AP_ERR_BADMATCH
  kNotMutual,           // mutual authentication was not asked for (authip.md 1.8)
  kClockSkew,           // KRB_AP_ERR_SKEW
  kTicketNotYetValid,   // KRB_AP_ERR_TKT_NYV
  kTicketExpired,       // KRB_AP_ERR_TKT_EXPIRED
  kReplay,              // KRB_AP_ERR_REPEAT
  kReplayCacheFull,     // RFC 4120 3.2.3
  kWrongReplyKey,       // the reply was not made with the session key
  kReplyMismatch,       // KRB_AP_ERR_MUT_FAIL: the reply answers another request
  kOutOfTurn,           // a token for a context that waits for none
};
std::string_view to_string(KerberosError error);

/// 13827 with the error's sentence.
GssFailure failure(KerberosError error);

}  // namespace ssx::identity
