#include "model/wfp/ipsec_policy.h"

#include <algorithm>
#include <utility>

namespace ssx::wfp {
namespace {

constexpr std::uint32_t kTwoHours = 7200;
constexpr SaLifetime kDocumentedLifetime{3600, 57'671'680, 0x7FFFFFFF};  // "55GB" is 55 * 1024 * 1024 kilobytes
constexpr SaLifetime kObservedLifetime{3600, 56'320, 2'147'483'647};

AuthenticationMethod method(AuthMethod type) { return {type, 0, {}}; }

QuickModeTransform integrity_only(TransformType type) { return {type, AuthType::kSha1, AuthConfig::kHmacSha1_96}; }

QuickModeTransform encrypting(CipherType cipher, CipherConfig config) {
  return {TransformType::kEspAuthAndCipher, AuthType::kSha1, AuthConfig::kHmacSha1_96, cipher, config};
}

/// The four proposals of api-contract.md 4.2, each one transform, no PFS.
std::vector<QuickModeProposal> proposals(const SaLifetime& lifetime) {
  return {
      {lifetime, {integrity_only(TransformType::kEspAuth)}, PfsGroup::kNone},
      {lifetime, {encrypting(CipherType::kAes128, CipherConfig::kCbcAes128)}, PfsGroup::kNone},
      {lifetime, {encrypting(CipherType::k3Des, CipherConfig::kCbc3Des)}, PfsGroup::kNone},
      {lifetime, {integrity_only(TransformType::kAh)}, PfsGroup::kNone},
  };
}

QuickModePolicy quick_mode(const SaLifetime& lifetime, ExtendedModePolicy extended_mode) {
  QuickModePolicy policy;
  policy.proposals = proposals(lifetime);
  policy.flags = kPolicyNdBoundary;
  policy.nd_allow_clear_timeout_seconds = 10;
  policy.idle_timeout_seconds = 300;
  policy.idle_timeout_failover_seconds = 60;
  policy.extended_mode = std::move(extended_mode);
  return policy;
}

}  // namespace

bool QuickModeProposal::encrypts() const {
  return std::ranges::any_of(transforms,
                             [](const QuickModeTransform& transform) { return transform.cipher != CipherType::kNone; });
}

MainModePolicy default_main_mode_policy() {
  MainModePolicy policy;
  policy.methods = {method(AuthMethod::kAnonymous)};
  policy.proposals = {
      {IkeCipher::kAes128, IkeIntegrity::kSha1, kTwoHours, IkeDhGroup::kEcp256, 0},
      {IkeCipher::k3Des, IkeIntegrity::kSha1, kTwoHours, IkeDhGroup::kGroup2, 0},
  };
  return policy;
}

QuickModePolicy default_quick_mode_policy() {
  // U-12: the page names SSL twice, and the built-in list keeps it.
  return quick_mode(
      kDocumentedLifetime,
      {{method(AuthMethod::kSsl), method(AuthMethod::kKerberos), method(AuthMethod::kSsl)}, ImpersonationType::kNone});
}

QuickModePolicy default2_quick_mode_policy() { return without_integrity_only(default_quick_mode_policy()); }

QuickModePolicy without_integrity_only(QuickModePolicy policy) {
  std::erase_if(policy.proposals, [](const QuickModeProposal& proposal) { return !proposal.encrypts(); });
  return policy;
}

MainModePolicy observed_main_mode_policy() { return default_main_mode_policy(); }

QuickModePolicy observed_quick_mode_policy() {
  return quick_mode(kObservedLifetime,
                    {{method(AuthMethod::kKerberos), method(AuthMethod::kSsl)}, ImpersonationType::kSocketPrincipal});
}

}  // namespace ssx::wfp
