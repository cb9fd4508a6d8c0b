// model/identity/domain.h: the simulated Kerberos realm: its accounts, their SIDs and long-term keys. Source: authip.md
// D-46.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/secret.h"
#include "model/base/expected.h"
#include "model/identity/principal.h"

namespace ssx::identity {

/// Octets of every long-term key and session key of the simulated realm (D-26).
inline constexpr std::size_t kKerberosKeyOctets = 32;
/// RFC 3962 4: the default count of the string-to-key function.
inline constexpr std::uint32_t kStringToKeyIterations = 4096;
/// Windows' access tokens hold at most this many groups.
inline constexpr std::size_t kGroupsMax = 1015;

/// The accounts of one realm, which plays its key distribution centre too: every host of the realm holds the same
/// object. Immutable.
class Domain {
 public:
  /// "EXAMPLE.TEST"
  const std::string& realm() const { return realm_; }
  /// "S-1-5-21-…", the prefix of every account's SID.
  const Sid& sid() const { return sid_; }

  /// A machine by any of its names (C-121): host/fqdn, host/short, fqdn, short, short$, each also with @REALM. Null if
  /// none.
  const Principal* find_machine(std::string_view name) const;
  /// A user as "alice", "alice@EXAMPLE.TEST" or "EXAMPLE\alice", case-insensitive. Null if there is none.
  const Principal* find_user(std::string_view name) const;
  /// The same account, by kind, account name and SID; its groups come from here. Null if it is not of this realm.
  const Principal* find(const Principal& principal) const;
  /// A user who knows the password (explicit credentials, authip.md 4.4).
  std::optional<Principal> log_on(std::string_view user, std::string_view password) const;

  /// The long-term key of an account of this realm, kKerberosKeyOctets octets; a host may ask for its own. Null if
  /// none.
  const crypto::SecretOctets* key_of(const Principal& principal) const;

 private:
  friend class DomainBuilder;
  struct Account {
    Principal principal;
    crypto::SecretOctets key;
  };
  const Account* account(const Principal& principal) const;

  std::string realm_;
  Sid sid_;
  std::map<std::string, Account> accounts_;  // by account name in lower case: "server$", "alice"
};

enum class DomainError : std::uint8_t {
  kBadName,        // empty, longer than a DNS name, or with a character that a name cannot have
  kBadGroup,       // neither a group of this domain nor a SID in its text form
  kDuplicate,      // the domain has that account or group: a machine's is its first label with "$"
  kTooManyGroups,  // more than kGroupsMax
};
std::string_view to_string(DomainError error);

/// Whether a realm can have this name: labels as in a DNS name.
bool is_realm_name(std::string_view text);

/// Collects accounts; SIDs are the realm's hash and relative identifiers in the order of the calls, so the same calls
/// give the same domain everywhere.
class DomainBuilder {
 public:
  /// @param realm   is_realm_name(realm); any case, kept in upper case
  /// @param secret  enters the keys of the machines: two realms of one name and different secrets share no key
  explicit DomainBuilder(std::string_view realm, std::string_view secret = {});

  /// A member computer, also a member of Domain Computers.
  /// @param fqdn  "server.example.test", any case; kept in lower case
  expected<Principal, DomainError> add_machine(std::string_view fqdn);
  /// A domain group that users added later may name.
  expected<Sid, DomainError> add_group(std::string_view name);
  /// A user, also a member of Domain Users. The key is PBKDF2 over password, realm and name.
  /// @param groups  names given to add_group, or SIDs
  expected<Principal, DomainError> add_user(std::string_view name, std::string_view password,
                                            const std::vector<std::string>& groups = {});

  /// The finished domain; the builder keeps its accounts and may go on.
  std::shared_ptr<const Domain> build() const;

 private:
  Sid next_sid();

  Domain domain_;
  crypto::SecretOctets machine_secret_;
  std::map<std::string, Sid> groups_;  // by name in lower case
  std::uint32_t next_rid_;
};

/// A computer that is in no domain: its realm is empty, its SID made from its name.
expected<Principal, DomainError> workgroup_machine(std::string_view fqdn);

}  // namespace ssx::identity
