#include "model/identity/kerberos_error.h"

#include <string>

namespace ssx::identity {

std::string_view to_string(KerberosError error) {
  switch (error) {
    case KerberosError::kNotInDomain: return "this host has no account in the Kerberos realm";
    case KerberosError::kInitiationDisabled: return "this host answers Kerberos but is not allowed to start it";
    case KerberosError::kNoUser: return "the attempt is to be a user's and no user is logged on";
    case KerberosError::kUnknownClient: return "the user has no account in the Kerberos realm";
    case KerberosError::kUnknownService: return "the target name is no service principal of the Kerberos realm";
    case KerberosError::kTokenTooLarge: return "the client's groups do not fit into a Kerberos token";
    case KerberosError::kMalformedToken: return "the Kerberos token is malformed";
    case KerberosError::kWrongRealm: return "the ticket is for a service of another realm";
    case KerberosError::kWrongService: return "the ticket is for another service than this host";
    case KerberosError::kWrongKey: return "the ticket was not encrypted with this host's key";
    case KerberosError::kAuthenticatorKey: return "the authenticator was not made with the ticket's session key";
    case KerberosError::kNamesDiffer: return "ticket and authenticator name different clients";
    case KerberosError::kNotMutual: return "the initiator did not ask for mutual authentication";
    case KerberosError::kClockSkew: return "the clocks of the two hosts differ by more than is allowed";
    case KerberosError::kTicketNotYetValid: return "the ticket is not yet valid";
    case KerberosError::kTicketExpired: return "the ticket has expired";
    case KerberosError::kReplay: return "the authenticator is a replay";
    case KerberosError::kReplayCacheFull: return "too many authenticators to tell a replay";
    case KerberosError::kWrongReplyKey: return "the reply was not made with the ticket's session key";
    case KerberosError::kReplyMismatch: return "the reply answers another request";
    case KerberosError::kOutOfTurn: return "a Kerberos token arrived out of turn";
  }
  return "";
}

GssFailure failure(KerberosError error) { return {kStatusKerberosError, std::string(to_string(error))}; }

}  // namespace ssx::identity
