#include "model/wfp/context_checks.h"

#include <algorithm>
#include <set>

namespace ssx::wfp {
namespace {

using Checked = expected<void, FwpError>;

Checked refuse(FwpError error) { return unexpected(error); }

/// Who negotiates with a policy: the columns of 5.3.4.
enum class Module : std::uint8_t { kIke, kAuthip, kIkev2 };

Module module_of(ProviderContextType type) {
  switch (type) {
    case ProviderContextType::kIkeQmTransport:
    case ProviderContextType::kIkeMm: return Module::kIke;
    case ProviderContextType::kIkev2Mm:
    case ProviderContextType::kIkev2QmTransport: return Module::kIkev2;
    default: return Module::kAuthip;
  }
}

/// The table of 5.3.4; AuthIP's main and extended mode know the same methods.
bool knows(Module module, AuthMethod method) {
  switch (method) {
    case AuthMethod::kPresharedKey:
    case AuthMethod::kCertificate:
    case AuthMethod::kCertificateEcdsaP256:
    case AuthMethod::kCertificateEcdsaP384: return module != Module::kAuthip;
    case AuthMethod::kKerberos: return module != Module::kIkev2;
    case AuthMethod::kIpv6Cga: return module == Module::kIke;
    case AuthMethod::kEap: return module == Module::kIkev2;
    case AuthMethod::kAnonymous:
    case AuthMethod::kSsl:
    case AuthMethod::kSslEcdsaP256:
    case AuthMethod::kSslEcdsaP384:
    case AuthMethod::kNtlmV2:
    case AuthMethod::kReserved: return module == Module::kAuthip;
  }
  return false;
}

Checked check_methods(const std::vector<AuthenticationMethod>& methods, Module module) {
  if (methods.empty()) return refuse(FwpError::kZeroLengthArray);
  std::set<AuthMethod> seen;
  for (const AuthenticationMethod& method : methods) {
    if (method.type > AuthMethod::kReserved) return refuse(FwpError::kInvalidEnumerator);
    if (!knows(module, method.type)) return refuse(FwpError::kIncompatibleAuthMethod);
    if (method.type == AuthMethod::kIpv6Cga) return refuse(FwpError::kNotSupported);  // 1.6: CGA is never enabled
    if (!seen.insert(method.type).second) return refuse(FwpError::kDuplicateAuthMethod);
  }
  return {};
}

Checked check_impersonation(ImpersonationType type) {
  return type > ImpersonationType::kSocketPrincipal ? refuse(FwpError::kInvalidEnumerator) : Checked{};
}

Checked check_main_mode_proposal(const MainModeProposal& proposal, Module module) {
  if (proposal.cipher > IkeCipher::kAesGcm256 || proposal.integrity > IkeIntegrity::kSha384 ||
      proposal.dh_group > IkeDhGroup::kGroup24) {
    return refuse(FwpError::kInvalidEnumerator);
  }
  if (proposal.dh_group == IkeDhGroup::kNone && module != Module::kAuthip) {
    return refuse(FwpError::kIncompatibleDhGroup);
  }
  return {};
}

Checked check_main_mode(const MainModePolicy& policy, Module module) {
  constexpr std::uint32_t kKnownFlags =
      kIkeDisableDiagnostics | kIkeNoMachineLuidVerify | kIkeNoImpersonationLuidVerify | kIkeEnableOptionalDh;
  if ((policy.flags & ~kKnownFlags) != 0) return refuse(FwpError::kInvalidFlags);
  if (auto checked = check_methods(policy.methods, module); !checked) return checked;
  if (auto checked = check_impersonation(policy.initiator_impersonation); !checked) return checked;
  if (policy.proposals.empty()) return refuse(FwpError::kZeroLengthArray);
  for (const MainModeProposal& proposal : policy.proposals) {
    if (auto checked = check_main_mode_proposal(proposal, module); !checked) return checked;
  }
  return {};
}

/// The valid pairs of 5.2.
bool is_auth_pair(AuthType type, AuthConfig config) {
  return type <= AuthType::kAes256 && static_cast<std::uint32_t>(type) == static_cast<std::uint32_t>(config);
}

bool is_cipher_pair(CipherType type, CipherConfig config) {
  switch (type) {
    case CipherType::kNone: return false;
    case CipherType::kDes: return config == CipherConfig::kCbcDes;
    case CipherType::k3Des: return config == CipherConfig::kCbc3Des;
    case CipherType::kAes128: return config == CipherConfig::kCbcAes128 || config == CipherConfig::kGcmAes128;
    case CipherType::kAes192: return config == CipherConfig::kCbcAes192 || config == CipherConfig::kGcmAes192;
    case CipherType::kAes256: return config == CipherConfig::kCbcAes256 || config == CipherConfig::kGcmAes256;
  }
  return false;
}

/// A GCM cipher needs the GCM integrity transform of its key size beside it.
bool integrity_fits(const QuickModeTransform& transform) {
  switch (transform.cipher_config) {
    case CipherConfig::kGcmAes128: return transform.auth_config == AuthConfig::kGcmAes128;
    case CipherConfig::kGcmAes192: return transform.auth_config == AuthConfig::kGcmAes192;
    case CipherConfig::kGcmAes256: return transform.auth_config == AuthConfig::kGcmAes256;
    default: return true;
  }
}

Checked check_transform(const QuickModeTransform& transform) {
  const TransformType type = transform.type;
  if (type < TransformType::kAh || type > TransformType::kEspAuthFw) return refuse(FwpError::kInvalidEnumerator);
  const bool has_integrity = type != TransformType::kEspCipher;
  const bool has_cipher = type == TransformType::kEspCipher || type == TransformType::kEspAuthAndCipher;
  if (has_integrity && !is_auth_pair(transform.auth, transform.auth_config)) {
    return refuse(FwpError::kInvalidAuthTransform);
  }
  if (has_cipher && !is_cipher_pair(transform.cipher, transform.cipher_config)) {
    return refuse(FwpError::kInvalidCipherTransform);
  }
  // A transform without encryption has no cipher member: what is left in it would be read as encryption.
  if (!has_cipher && transform.cipher != CipherType::kNone) return refuse(FwpError::kInvalidCipherTransform);
  const bool fits = type == TransformType::kEspAuthAndCipher
                        ? integrity_fits(transform)
                        : !has_cipher || transform.cipher_config < CipherConfig::kGcmAes128;
  return fits ? Checked{} : refuse(FwpError::kIncompatibleCipherTransform);
}

/// One transform, or AH and ESP (5.3.3).
Checked check_combination(const std::vector<QuickModeTransform>& transforms) {
  if (transforms.empty()) return refuse(FwpError::kZeroLengthArray);
  if (transforms.size() > 2) return refuse(FwpError::kInvalidTransformCombination);
  const auto ah = std::ranges::count(transforms, TransformType::kAh, &QuickModeTransform::type);
  if (transforms.size() == 2 && ah != 1) return refuse(FwpError::kInvalidTransformCombination);
  return {};
}

Checked check_quick_mode_proposal(const QuickModeProposal& proposal) {
  if (proposal.lifetime.seconds == 0 || proposal.lifetime.kilobytes == 0 || proposal.lifetime.packets == 0) {
    return refuse(FwpError::kInvalidInterval);
  }
  if (auto checked = check_combination(proposal.transforms); !checked) return checked;
  for (const QuickModeTransform& transform : proposal.transforms) {
    if (auto checked = check_transform(transform); !checked) return checked;
  }
  return proposal.pfs_group > PfsGroup::k24 ? refuse(FwpError::kInvalidEnumerator) : Checked{};
}

Checked check_extended_mode(const std::optional<ExtendedModePolicy>& policy, Module module) {
  if (!policy) return {};
  if (module != Module::kAuthip) return refuse(FwpError::kEmNotSupported);
  if (auto checked = check_methods(policy->methods, module); !checked) return checked;
  return check_impersonation(policy->initiator_impersonation);
}

/// Flags of a transport policy; those of the scope "tunnel" are undefined here (5.3.3).
constexpr std::uint32_t kTransportFlags = kPolicyNdSecure | kPolicyNdBoundary | kPolicyNatAllowPeerBehindNat |
                                          kPolicyNatAllowGeneral | kPolicyDontNegotiateSecondLifetime |
                                          kPolicyDontNegotiateByteLifetime | 0x2000U | 0x4000U;  // KEY_MANAGER_ALLOW_*

Checked check_quick_mode(const QuickModePolicy& policy, Module module) {
  if ((policy.flags & ~kTransportFlags) != 0) return refuse(FwpError::kInvalidFlags);
  if (policy.proposals.empty()) return refuse(FwpError::kZeroLengthArray);
  for (const QuickModeProposal& proposal : policy.proposals) {
    if (auto checked = check_quick_mode_proposal(proposal); !checked) return checked;
  }
  return check_extended_mode(policy.extended_mode, module);
}

Checked check_keying(const KeyingPolicy& policy) {
  if ((policy.flags & ~kKeyingTerminatingMatch) != 0) return refuse(FwpError::kInvalidFlags);
  if (policy.modules.empty()) return refuse(FwpError::kZeroLengthArray);
  const std::set<Guid> distinct(policy.modules.begin(), policy.modules.end());
  return distinct.size() == policy.modules.size() ? Checked{} : refuse(FwpError::kDuplicateKeymod);
}

Checked check_options(const ClassifyOptions& options) {
  if (options.options.empty()) return refuse(FwpError::kZeroLengthArray);
  for (const ClassifyOption& option : options.options) {
    if (option.type > ClassifyOptionType::kLocalOnlyMapping) return refuse(FwpError::kInvalidEnumerator);
    const bool wants_key = option.type == ClassifyOptionType::kSecureSocketAuthipMmPolicyKey ||
                           option.type == ClassifyOptionType::kSecureSocketAuthipQmPolicyKey;
    if (wants_key != std::holds_alternative<Guid>(option.value)) return refuse(FwpError::kTypeMismatch);
  }
  return {};
}

}  // namespace

expected<void, FwpError> check_provider_context(const ProviderContext& context) {
  if ((context.flags & ~kContextPersistent) != 0) return refuse(FwpError::kInvalidFlags);
  const Module module = module_of(context.type);
  switch (context.type) {
    case ProviderContextType::kIkeMm:
    case ProviderContextType::kAuthipMm:
    case ProviderContextType::kIkev2Mm: {
      const auto policy = context.main_mode();
      return policy == nullptr ? refuse(FwpError::kNullPointer) : check_main_mode(*policy, module);
    }
    case ProviderContextType::kIkeQmTransport:
    case ProviderContextType::kAuthipQmTransport:
    case ProviderContextType::kIkev2QmTransport: {
      const auto policy = context.quick_mode();
      return policy == nullptr ? refuse(FwpError::kNullPointer) : check_quick_mode(*policy, module);
    }
    case ProviderContextType::kKeying: {
      const auto* policy = std::get_if<KeyingPolicy>(&context.content);
      return policy == nullptr ? refuse(FwpError::kNullPointer) : check_keying(*policy);
    }
    case ProviderContextType::kClassifyOptions: {
      const auto* options = std::get_if<ClassifyOptions>(&context.content);
      return options == nullptr ? refuse(FwpError::kNullPointer) : check_options(*options);
    }
    case ProviderContextType::kGeneral:
      return std::holds_alternative<OctetVector>(context.content) ? Checked{} : refuse(FwpError::kNullPointer);
    case ProviderContextType::kIkeQmTunnel:  // tunnel mode and DoS protection are not modelled
    case ProviderContextType::kAuthipQmTunnel:
    case ProviderContextType::kIkev2QmTunnel:
    case ProviderContextType::kDosp: return refuse(FwpError::kNotSupported);
  }
  return refuse(FwpError::kInvalidEnumerator);
}

}  // namespace ssx::wfp
