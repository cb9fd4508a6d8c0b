// model/identity/token.h: access tokens made from principals. Source: authip.md 4.5.
#pragma once

#include "model/identity/principal.h"

namespace ssx::identity {

/// The token that an authentication of `principal` in `mode` gives: a machine token for a machine, an impersonation
/// token for a user.
AccessToken access_token(Principal principal, TokenMode mode);

/// Whether the token is that principal's own or of a member of that group.
bool holds(const AccessToken& token, const Sid& sid);

}  // namespace ssx::identity
