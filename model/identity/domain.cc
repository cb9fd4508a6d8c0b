#include "model/identity/domain.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "crypto/hash.h"
#include "model/identity/key_derivation.h"
#include "model/identity/target_name.h"

namespace ssx::identity {
namespace {

constexpr auto kHash = crypto::HashAlgorithm::kSha256;
constexpr std::size_t kNameOctetsMax = 255;     // RFC 1035 2.3.4
constexpr std::size_t kSidTextOctetsMax = 186;  // 15 sub-authorities of 10 digits
constexpr std::uint32_t kFirstRid = 1000;       // below: well-known accounts and groups of a domain
constexpr std::uint32_t kDomainUsersRid = 513;
constexpr std::uint32_t kDomainComputersRid = 515;

/// A name part that can stand in every form of a name without being read as something else.
bool is_name(std::string_view text) {
  if (text.empty() || text.size() > kNameOctetsMax) return false;
  return std::ranges::all_of(text, [](char c) {
    return static_cast<unsigned char>(c) > ' ' && c != '\x7f' &&
           std::string_view("@/\\:$\"[];|=,+*?<>").find(c) == std::string_view::npos;
  });
}

/// Labels of letters that are not empty: "server.example.test" or "server".
bool is_host_name(std::string_view text) {
  return is_name(text) && text.front() != '.' && text.back() != '.' && text.find("..") == std::string_view::npos &&
         first_label(text).find_first_not_of("0123456789.") != std::string_view::npos;
}

bool is_sid(std::string_view text) {
  if (!text.starts_with("S-1-") || text.size() > kSidTextOctetsMax || text.back() == '-') return false;
  const std::string_view numbers = text.substr(4);
  return numbers.front() != '-' && numbers.find("--") == std::string_view::npos &&
         numbers.find_first_not_of("0123456789-") == std::string_view::npos;
}

Sid with_rid(const Sid& domain, std::uint32_t rid) { return {domain.text + "-" + std::to_string(rid)}; }

/// S-1-5-21 and three sub-authorities that the name determines.
Sid sid_of_name(std::string_view label, std::string_view name) {
  const crypto::Digest digest = crypto::hash(kHash, {as_octets(label), as_octets(name)});
  ByteReader numbers{digest.view()};
  Sid sid{"S-1-5-21"};
  for (int i = 0; i < 3; ++i) sid = with_rid(sid, numbers.u32());
  return sid;
}

/// RFC 3962 4: the salt is the realm and the principal's name.
crypto::SecretOctets user_key(const std::string& realm, std::string_view name, std::string_view password) {
  return pbkdf2(kHash, as_octets(password), as_octets(realm + std::string(name)), kStringToKeyIterations,
                kKerberosKeyOctets);
}

std::string machine_account(std::string_view host) { return to_upper(first_label(host)) + "$"; }

}  // namespace

bool is_realm_name(std::string_view text) { return is_host_name(text); }

std::string_view to_string(DomainError error) {
  switch (error) {
    case DomainError::kBadName: return "the name is empty, too long or has a character that a name cannot have";
    case DomainError::kBadGroup: return "neither a group of this domain nor a SID";
    case DomainError::kDuplicate: return "the domain has an account or group of that name";
    case DomainError::kTooManyGroups: return "a token cannot hold that many groups";
  }
  return "";
}

const Principal* Domain::find_machine(std::string_view name) const {
  const TargetName target = parse_target_name(name);
  if (target.is_user || target.service_class != "host" || !target.suffix.empty()) return nullptr;
  if (!target.realm.empty() && to_upper(target.realm) != realm_) return nullptr;
  const std::string_view label = first_label(target.host);
  const auto found = accounts_.find(std::string(label) + "$");
  if (found == accounts_.end()) return nullptr;
  const Principal& principal = found->second.principal;
  return label == target.host || target.host == principal.host ? &principal : nullptr;
}

const Principal* Domain::find_user(std::string_view name) const {
  std::string_view user = name;
  if (const std::size_t backslash = user.find('\\'); backslash != std::string_view::npos) {
    const std::string domain = to_upper(user.substr(0, backslash));
    if (domain != first_label(realm_) && domain != realm_) return nullptr;
    user = user.substr(backslash + 1);
  } else if (const std::size_t at = user.rfind('@'); at != std::string_view::npos) {
    if (to_upper(user.substr(at + 1)) != realm_) return nullptr;
    user = user.substr(0, at);
  }
  const auto found = accounts_.find(to_lower(user));
  if (found == accounts_.end() || found->second.principal.kind != PrincipalKind::kUser) return nullptr;
  return &found->second.principal;
}

const Domain::Account* Domain::account(const Principal& principal) const {
  const auto found = accounts_.find(to_lower(principal.account));
  if (found == accounts_.end()) return nullptr;
  const Principal& own = found->second.principal;
  return own.kind == principal.kind && own.realm == principal.realm && own.sid == principal.sid ? &found->second
                                                                                                : nullptr;
}

const Principal* Domain::find(const Principal& principal) const {
  const Account* found = account(principal);
  return found == nullptr ? nullptr : &found->principal;
}

const crypto::SecretOctets* Domain::key_of(const Principal& principal) const {
  const Account* found = account(principal);
  return found == nullptr ? nullptr : &found->key;
}

std::optional<Principal> Domain::log_on(std::string_view user, std::string_view password) const {
  const Principal* principal = find_user(user);
  if (principal == nullptr) return std::nullopt;
  if (!(user_key(realm_, principal->account, password) == *key_of(*principal))) return std::nullopt;
  return *principal;
}

DomainBuilder::DomainBuilder(std::string_view realm, std::string_view secret)
    : machine_secret_(crypto::hash(kHash, {as_octets("ssx machine keys"), as_octets(secret)}).view()),
      next_rid_(kFirstRid) {
  assert(is_realm_name(realm));
  domain_.realm_ = to_upper(realm);
  domain_.sid_ = sid_of_name("ssx domain SID", domain_.realm_);
}

Sid DomainBuilder::next_sid() { return with_rid(domain_.sid_, next_rid_++); }

expected<Principal, DomainError> DomainBuilder::add_machine(std::string_view fqdn) {
  if (!is_host_name(fqdn)) return unexpected(DomainError::kBadName);
  const std::string account = machine_account(fqdn);
  if (domain_.accounts_.contains(to_lower(account))) return unexpected(DomainError::kDuplicate);
  Principal machine{PrincipalKind::kMachine, account, domain_.realm_, to_lower(fqdn), next_sid(), {}};
  machine.groups = {with_rid(domain_.sid_, kDomainComputersRid)};
  const crypto::Digest key =
      crypto::hmac(kHash, machine_secret_.view(), {as_octets(domain_.realm_ + "/" + machine.host)});
  domain_.accounts_.emplace(to_lower(account), Domain::Account{machine, crypto::SecretOctets(key.view())});
  return machine;
}

expected<Sid, DomainError> DomainBuilder::add_group(std::string_view name) {
  if (name.empty() || name.size() > kNameOctetsMax) return unexpected(DomainError::kBadName);
  if (groups_.contains(to_lower(name))) return unexpected(DomainError::kDuplicate);
  return groups_.emplace(to_lower(name), next_sid()).first->second;
}

expected<Principal, DomainError> DomainBuilder::add_user(std::string_view name, std::string_view password,
                                                         const std::vector<std::string>& groups) {
  if (!is_name(name)) return unexpected(DomainError::kBadName);
  if (domain_.accounts_.contains(to_lower(name))) return unexpected(DomainError::kDuplicate);
  if (groups.size() >= kGroupsMax) return unexpected(DomainError::kTooManyGroups);
  std::vector<Sid> group_sids{with_rid(domain_.sid_, kDomainUsersRid)};
  for (const std::string& group : groups) {
    const auto known = groups_.find(to_lower(group));
    if (known == groups_.end() && !is_sid(group)) return unexpected(DomainError::kBadGroup);
    group_sids.push_back(known != groups_.end() ? known->second : Sid{group});
  }
  Principal user{PrincipalKind::kUser, std::string(name), domain_.realm_, {}, next_sid(), std::move(group_sids)};
  domain_.accounts_.emplace(to_lower(name), Domain::Account{user, user_key(domain_.realm_, name, password)});
  return user;
}

std::shared_ptr<const Domain> DomainBuilder::build() const { return std::make_shared<const Domain>(domain_); }

expected<Principal, DomainError> workgroup_machine(std::string_view fqdn) {
  if (!is_host_name(fqdn)) return unexpected(DomainError::kBadName);
  const std::string host = to_lower(fqdn);
  return Principal{PrincipalKind::kMachine, machine_account(fqdn), {}, host, sid_of_name("ssx machine SID", host), {}};
}

}  // namespace ssx::identity
