#include <algorithm>

#include "model/authip/gss_context.h"
#include "model/authip/gss_rounds.h"
#include "model/authip/status.h"

namespace ssx::authip {
namespace {

/// Anonymous as a mechanism: one zero-byte token each way, no secret, no peer (D-39).
class AnonymousContext final : public identity::GssContext {
 public:
  expected<identity::GssStep, identity::GssFailure> step(Octets token, Instant, RandomSource&) override {
    if (!token.empty()) return unexpected(identity::GssFailure{kStatusAuthFail, "anonymous token with octets"});
    return identity::GssStep{{}, true};
  }
  crypto::SecretOctets session_key() const override { return {}; }
  std::optional<identity::Principal> peer() const override { return std::nullopt; }
  std::unique_ptr<GssContext> clone() const override { return std::make_unique<AnonymousContext>(*this); }
};

/// IKEEXT_KERBEROS_AUTHENTICATION flag: answers Kerberos but never starts it.
constexpr std::uint32_t kDisableInitiatorTokenGeneration = 0x1;

}  // namespace

std::optional<std::uint16_t> wire_method(wfp::AuthMethod method) {
  switch (method) {
    case wfp::AuthMethod::kKerberos: return kMethodKerberos;
    case wfp::AuthMethod::kAnonymous: return kMethodAnonymous;
    case wfp::AuthMethod::kSsl:
    case wfp::AuthMethod::kSslEcdsaP256:
    case wfp::AuthMethod::kSslEcdsaP384: return kMethodTls;
    case wfp::AuthMethod::kNtlmV2: return kMethodNtlm;
    case wfp::AuthMethod::kPresharedKey:
    case wfp::AuthMethod::kCertificate:
    case wfp::AuthMethod::kIpv6Cga:
    case wfp::AuthMethod::kCertificateEcdsaP256:
    case wfp::AuthMethod::kCertificateEcdsaP384:
    case wfp::AuthMethod::kEap:
    case wfp::AuthMethod::kReserved: return std::nullopt;
  }
  return std::nullopt;
}

wfp::AuthMethod policy_method(std::uint16_t wire_method) { return static_cast<wfp::AuthMethod>(wire_method); }

std::string method_name(std::uint16_t wire_method) {
  switch (wire_method) {
    case kMethodKerberos: return "Kerberos";
    case kMethodAnonymous: return "anonymous";
    case kMethodTls: return "TLS";
    case kMethodNtlm: return "NTLM";
    default: return "method " + std::to_string(wire_method);
  }
}

bool needs_diffie_hellman(std::uint16_t wire_method) {
  return wire_method == kMethodAnonymous || wire_method == kMethodNtlm;
}

std::vector<AuthOption> options_of(const std::vector<wfp::AuthenticationMethod>& methods, bool extended_mode) {
  std::vector<AuthOption> options;
  for (const wfp::AuthenticationMethod& entry : methods) {
    const std::optional<std::uint16_t> method = wire_method(entry.type);
    if (!method || (extended_mode && *method == kMethodAnonymous)) continue;
    options.push_back({*method, entry.flags});
  }
  return options;
}

std::optional<std::vector<AuthOption>> subsequence(const std::vector<AuthOption>& offered,
                                                   const std::vector<std::uint16_t>& accepted) {
  std::vector<AuthOption> result;
  auto position = offered.begin();
  for (const std::uint16_t method : accepted) {
    position = std::find_if(position, offered.end(), [&](const AuthOption& option) { return option.method == method; });
    if (position == offered.end()) return std::nullopt;
    result.push_back(*position++);
  }
  if (result.empty()) return std::nullopt;
  return result;
}

std::vector<std::uint16_t> acceptable_methods(const std::vector<std::uint16_t>& offered,
                                              const std::vector<AuthOption>& own,
                                              const identity::CredentialStore& credentials) {
  std::vector<std::uint16_t> result;
  for (const std::uint16_t method : offered) {
    if (std::ranges::find(own, method, &AuthOption::method) == own.end()) continue;
    const identity::GssMechanism* mechanism = credentials.find(method);
    if (method == kMethodAnonymous || (mechanism != nullptr && mechanism->can_accept())) result.push_back(method);
  }
  return result;
}

GssContextResult initiator_context(const AuthOption& option, const identity::GssInitiatorRequest& request,
                                   const identity::CredentialStore& credentials) {
  if (option.method == kMethodAnonymous)
    return std::unique_ptr<identity::GssContext>(std::make_unique<AnonymousContext>());
  if (option.method == kMethodKerberos && (option.flags & kDisableInitiatorTokenGeneration) != 0) {
    return unexpected(
        identity::GssFailure{kStatusAuthFail, "the policy lets this host answer Kerberos but not start it"});
  }
  const identity::GssMechanism* mechanism = credentials.find(option.method);
  if (mechanism == nullptr) {
    const std::uint32_t status = option.method == kMethodTls ? kStatusNoCert : kStatusAuthFail;
    return unexpected(identity::GssFailure{status, "no " + method_name(option.method) + " credential on this host"});
  }
  return mechanism->initiate(request);
}

GssContextResult responder_context(std::uint16_t method, const identity::CredentialStore& credentials) {
  if (method == kMethodAnonymous) return std::unique_ptr<identity::GssContext>(std::make_unique<AnonymousContext>());
  const identity::GssMechanism* mechanism = credentials.find(method);
  if (mechanism == nullptr) {
    return unexpected(identity::GssFailure{kStatusAuthFail, "no " + method_name(method) + " credential on this host"});
  }
  return mechanism->accept();
}

}  // namespace ssx::authip
