// model/identity/principal.h: who somebody is: SIDs, principals and access tokens.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ssx::identity {

/// A security identifier in its text form, "S-1-5-21-…-1104".
struct Sid {
  std::string text;
  friend auto operator<=>(const Sid&, const Sid&) = default;
};

enum class PrincipalKind : std::uint8_t { kMachine, kUser };

/// A security principal of the simulated domain.
struct Principal {
  PrincipalKind kind = PrincipalKind::kMachine;
  std::string account;  // "SERVER$" or "alice"
  std::string realm;    // "EXAMPLE.TEST"
  std::string host;     // machines: fully qualified DNS name, lower case; users: empty
  Sid sid;
  std::vector<Sid> groups;
  friend bool operator==(const Principal&, const Principal&) = default;
};

/// "host/server.example.test" for a machine (authip.md D-31), "alice@EXAMPLE.TEST" for a user.
std::string principal_name(const Principal& principal);

/// Whether two names denote the same computer principal: case-insensitive; host/fqdn, host/short, fqdn, short and
/// short$ are equivalent (api-contract.md C-121). With `raw` the strings must be equal as they are (C-122).
bool same_target_name(std::string_view expected_name, std::string_view presented_name, bool raw);

enum class TokenType : std::uint8_t { kMachine = 0, kImpersonation = 1 };  // IPSEC_TOKEN_TYPE
enum class TokenMode : std::uint8_t { kMain = 0, kExtended = 1 };          // IPSEC_TOKEN_MODE

/// What an authentication tells about the peer: its principal, and how it was proven (authip.md 4.5).
struct AccessToken {
  TokenType type = TokenType::kMachine;
  TokenMode mode = TokenMode::kMain;
  Principal principal;
  friend bool operator==(const AccessToken&, const AccessToken&) = default;
};

}  // namespace ssx::identity
