#include "model/identity/principal.h"

#include <algorithm>

#include "model/identity/target_name.h"

namespace ssx::identity {
namespace {

constexpr std::string_view kHostClass = "host";

bool is_qualified(std::string_view host) { return first_label(host).size() != host.size(); }

/// A service principal name's tail: "server:5000/instance" is the host "server" and the suffix ":5000/instance".
void split_service(std::string_view rest, TargetName& name) {
  const std::size_t end = std::min(rest.find_first_of(":/"), rest.size());
  name.host = rest.substr(0, end);
  name.suffix = rest.substr(end);
}

/// A short name stands for every name whose first label it is; two qualified names must be equal.
bool hosts_agree(const TargetName& a, const TargetName& b) {
  if (a.host == b.host) return true;
  if (is_qualified(a.host) == is_qualified(b.host)) return false;
  return first_label(a.host) == first_label(b.host);
}

/// A realm on one side only must be the DNS domain of the other side's host, unless the hosts are the same anyway.
bool realms_agree(const TargetName& a, const TargetName& b) {
  if (a.realm.empty() == b.realm.empty()) return a.realm == b.realm;
  const TargetName& named = a.realm.empty() ? b : a;
  const TargetName& bare = a.realm.empty() ? a : b;
  if (!is_qualified(bare.host) || bare.host == named.host) return true;
  return std::string_view(bare.host).substr(first_label(bare.host).size() + 1) == named.realm;
}

}  // namespace

std::string to_lower(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return lower;
}

std::string to_upper(std::string_view text) {
  std::string upper(text);
  std::ranges::transform(upper, upper.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return upper;
}

std::string_view first_label(std::string_view host) {
  if (host.find_first_not_of("0123456789.") == std::string_view::npos) return host;
  return host.substr(0, std::min(host.find('.'), host.size()));
}

TargetName parse_target_name(std::string_view text) {
  const std::string lower = to_lower(text);
  std::string_view rest = lower;
  TargetName name{.service_class = std::string(kHostClass)};
  if (const std::size_t at = rest.rfind('@'); at != std::string_view::npos) {
    name.realm = rest.substr(at + 1);
    if (name.realm.empty()) return name;
    rest = rest.substr(0, at);
  }
  if (const std::size_t slash = rest.find('/'); slash != std::string_view::npos) {
    name.service_class = rest.substr(0, slash);
    split_service(rest.substr(slash + 1), name);
    return name;
  }
  const bool is_account = rest.ends_with('$') && rest.find('.') == std::string_view::npos;
  name.host = is_account ? rest.substr(0, rest.size() - 1) : rest;
  name.is_user = !is_account && !name.realm.empty();
  return name;
}

std::string principal_name(const Principal& principal) {
  switch (principal.kind) {
    case PrincipalKind::kMachine: return std::string(kHostClass) + "/" + principal.host;
    case PrincipalKind::kUser: return principal.account + "@" + principal.realm;
  }
  return {};
}

bool same_target_name(std::string_view expected_name, std::string_view presented_name, bool raw) {
  if (raw) return expected_name == presented_name;  // C-122
  const TargetName a = parse_target_name(expected_name);
  const TargetName b = parse_target_name(presented_name);
  if (a.host.empty() || b.host.empty()) return false;
  if (a.is_user != b.is_user || a.service_class != b.service_class || a.suffix != b.suffix) return false;
  if (a.is_user) return a.host == b.host && a.realm == b.realm;
  return hosts_agree(a, b) && realms_agree(a, b);  // C-121
}

}  // namespace ssx::identity
