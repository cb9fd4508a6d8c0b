// model/identity/target_name.h: a principal's name taken apart. Source: api-contract.md 1.2 (C-121), authip.md 1.9,
// D-31.
#pragma once

#include <string>
#include <string_view>

namespace ssx::identity {

/// "host/server.example.test", "server", "SERVER$", "server$@EXAMPLE.TEST", "alice@EXAMPLE.TEST", all in lower case.
/// Letters outside ASCII stay as they are.
struct TargetName {
  bool is_user = false;       // "alice@EXAMPLE.TEST"
  std::string service_class;  // "host" where the text names none
  std::string host;           // fully qualified or short; users: the account; empty: the text denotes nobody
  std::string realm;          // empty where the text names none
  std::string suffix;         // ":port" and "/servicename" of a service principal name
};

/// Total: text that denotes nobody gives an empty host.
TargetName parse_target_name(std::string_view text);

/// Lower case of ASCII letters.
std::string to_lower(std::string_view text);
std::string to_upper(std::string_view text);
/// "server" of "server.example.test"; an IPv4 address and a short name are their own first label.
std::string_view first_label(std::string_view host);

}  // namespace ssx::identity
