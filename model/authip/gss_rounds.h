// model/authip/gss_rounds.h: the authentication retry machines of the initiator and the responder, used by main mode
// (#3, #4) and extended mode (E3, E4). Source: authip.md 1.8, 2.5, 2.8, D-23, D-24, D-32, D-39.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/authip/engine.h"
#include "model/identity/gss.h"
#include "model/identity/replay_cache.h"

namespace ssx::authip {

/// GSS-API payload flags (authip.md 1.8).
inline constexpr std::uint8_t kGssNewExchange = 0x01;
inline constexpr std::uint8_t kGssImpersonationActive = 0x02;
inline constexpr std::uint8_t kGssRetryCurrent = 0x04;
inline constexpr std::uint8_t kGssExplicitCredentials = 0x08;
inline constexpr std::uint8_t kGssResponderComplete = 0x10;

/// D-24: the throttle of the retry machines.
inline constexpr int kAuthenticationAttemptsMax = 16;
inline constexpr int kRoundTripsPerAttemptMax = 8;

/// The fields of a GSS-API payload.
struct GssMessage {
  std::uint32_t status = 0;
  std::uint8_t flags = 0;
  OctetVector token;
  friend bool operator==(const GssMessage&, const GssMessage&) = default;
};

/// AuthIP's method numbers (authip.md 1.10).
inline constexpr std::uint16_t kMethodKerberos = 2;
inline constexpr std::uint16_t kMethodAnonymous = 3;
inline constexpr std::uint16_t kMethodTls = 4;
inline constexpr std::uint16_t kMethodNtlm = 5;
/// The wire number of a policy's method; nothing for those that only IKE has. SSL with ECDSA is TLS on the wire (D-59).
std::optional<std::uint16_t> wire_method(wfp::AuthMethod method);
wfp::AuthMethod policy_method(std::uint16_t wire_method);
/// "Kerberos", "anonymous", …
std::string method_name(std::uint16_t wire_method);
/// Methods that give no secret of their own need Diffie-Hellman in main mode (authip.md 2.3 step 2).
bool needs_diffie_hellman(std::uint16_t wire_method);

/// One entry of a method list: an option of the retry machine.
struct AuthOption {
  std::uint16_t method = 0;
  std::uint32_t flags = 0;  // the policy entry's own flags
  friend bool operator==(const AuthOption&, const AuthOption&) = default;
};
/// The AuthIP methods of a policy's list, in its order. Extended mode never lists anonymous.
std::vector<AuthOption> options_of(const std::vector<wfp::AuthenticationMethod>& methods, bool extended_mode);
/// D-23: the entries of `offered` that `accepted` names, if it is a non-empty ordered subsequence.
std::optional<std::vector<AuthOption>> subsequence(const std::vector<AuthOption>& offered,
                                                   const std::vector<std::uint16_t>& accepted);
/// D-23: what a responder answers: the offered methods that its policy has and that it holds a credential for.
std::vector<std::uint16_t> acceptable_methods(const std::vector<std::uint16_t>& offered,
                                              const std::vector<AuthOption>& own,
                                              const identity::CredentialStore& credentials);

/// What a successful attempt leaves behind.
struct Authenticated {
  std::uint16_t method = 0;
  crypto::SecretOctets secret;              // GSSsecret (D-26)
  std::optional<identity::Principal> peer;  // as proven; nothing where the method proves no peer to this side
  bool impersonation = false;               // the initiator acted as a user
};

namespace gss_initiator {

struct Plan {
  std::vector<AuthOption> options;
  identity::GssInitiatorRequest request;
  std::string phase;  // "MM" or "EM", for decisions
};
/// The first token could not be built; its failure was reported, the answer is awaited.
struct LocalFirstFailure {
  Plan plan;
  std::size_t option = 0;
  int attempts = 0;
};
/// Own processing failed and the next option cannot start either: the failure was reported, the answer is awaited.
struct LocalFailure {
  Plan plan;
  std::size_t option = 0;
  int attempts = 0;
};
struct Started {
  Plan plan;
  std::size_t option = 0;
  int attempts = 0;
  std::unique_ptr<identity::GssContext> context;
  bool complete = false;  // own context is complete, the responder's answer to the last token is awaited
  int round_trips = 1;
};
struct Done {
  Authenticated result;
};
struct Failed {
  std::uint32_t status = 0;
  std::string words;
};
using State = std::variant<LocalFirstFailure, LocalFailure, Started, Done, Failed>;

struct Step {
  State next;
  std::optional<GssMessage> send;
  std::vector<Decision> decisions;
};
/// Starts with the first option.
Step begin(Plan plan, Instant now, const identity::CredentialStore& credentials, RandomSource& random);
/// The responder's GSS-API payload. Done and Failed ignore it.
Step received(State state, const GssMessage& answer, Instant now, const identity::CredentialStore& credentials,
              RandomSource& random);

}  // namespace gss_initiator

namespace gss_responder {

struct Plan {
  std::vector<std::uint16_t> methods;  // as answered in #2 or E2
  std::string phase;
};
/// Between attempts. `used`: the option at `option` has had its attempt.
struct Waiting {
  Plan plan;
  std::size_t option = 0;
  bool used = false;
  int attempts = 0;
};
struct Started {
  Plan plan;
  std::size_t option = 0;
  int attempts = 0;
  std::unique_ptr<identity::GssContext> context;
  int round_trips = 1;
};
/// The own context is complete. The initiator may still find fault with it and go on to the next option.
struct Complete {
  Plan plan;
  std::size_t option = 0;
  int attempts = 0;
  Authenticated result;
};
struct Failed {
  std::uint32_t status = 0;
  std::string words;
};
using State = std::variant<Waiting, Started, Complete, Failed>;

struct Step {
  State next;
  std::optional<GssMessage> send;
  std::vector<Decision> decisions;
};
/// `replays` remembers the tokens that were accepted: one that comes again fails its attempt (RFC 4120 3.2.3).
Step received(State state, const GssMessage& request, Instant now, const identity::CredentialStore& credentials,
              identity::ReplayCache& replays, RandomSource& random);

}  // namespace gss_responder
}  // namespace ssx::authip
