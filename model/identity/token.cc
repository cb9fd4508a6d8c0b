#include "model/identity/token.h"

#include <algorithm>
#include <utility>

namespace ssx::identity {

AccessToken access_token(Principal principal, TokenMode mode) {
  const TokenType type = principal.kind == PrincipalKind::kUser ? TokenType::kImpersonation : TokenType::kMachine;
  return {type, mode, std::move(principal)};
}

bool holds(const AccessToken& token, const Sid& sid) {
  return token.principal.sid == sid || std::ranges::find(token.principal.groups, sid) != token.principal.groups.end();
}

}  // namespace ssx::identity
