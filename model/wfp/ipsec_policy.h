// model/wfp/ipsec_policy.h: the contents of IPsec provider contexts: main-, quick- and extended-mode policies as
// values. Source: wfp-model.md 5 (IKEEXT_POLICY, IPSEC_TRANSPORT_POLICY, IKEEXT_EM_POLICY). Enumerators have the SDK's
// values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ssx::wfp {

/// IKEEXT_AUTHENTICATION_METHOD_TYPE; the AuthIP wire numbers are the same (authip.md 1.10).
enum class AuthMethod : std::uint32_t {
  kPresharedKey = 0,
  kCertificate = 1,
  kKerberos = 2,
  kAnonymous = 3,
  kSsl = 4,
  kNtlmV2 = 5,
  kIpv6Cga = 6,
  kCertificateEcdsaP256 = 7,
  kCertificateEcdsaP384 = 8,
  kSslEcdsaP256 = 9,
  kSslEcdsaP384 = 10,
  kEap = 11,
  kReserved = 12,
};

enum class ImpersonationType : std::uint32_t {
  kNone = 0,
  kSocketPrincipal = 1
};  // IKEEXT_AUTHENTICATION_IMPERSONATION_TYPE
enum class IkeCipher : std::uint32_t {
  kDes = 0,
  k3Des = 1,
  kAes128 = 2,
  kAes192 = 3,
  kAes256 = 4,
  kAesGcm128 = 5,
  kAesGcm256 = 6
};
enum class IkeIntegrity : std::uint32_t { kMd5 = 0, kSha1 = 1, kSha256 = 2, kSha384 = 3 };
enum class IkeDhGroup : std::uint32_t {
  kNone = 0,
  kGroup1 = 1,
  kGroup2 = 2,
  kGroup14 = 3,
  kEcp256 = 4,
  kEcp384 = 5,
  kGroup24 = 6
};
enum class TransformType : std::uint32_t {
  kAh = 1,
  kEspAuth = 2,
  kEspCipher = 3,
  kEspAuthAndCipher = 4,
  kEspAuthFw = 5
};
enum class AuthType : std::uint32_t { kMd5 = 0, kSha1 = 1, kSha256 = 2, kAes128 = 3, kAes192 = 4, kAes256 = 5 };
enum class AuthConfig : std::uint8_t {
  kHmacMd5_96 = 0,
  kHmacSha1_96 = 1,
  kHmacSha256_128 = 2,
  kGcmAes128 = 3,
  kGcmAes192 = 4,
  kGcmAes256 = 5
};
enum class CipherType : std::uint32_t { kNone = 0, kDes = 1, k3Des = 2, kAes128 = 3, kAes192 = 4, kAes256 = 5 };
enum class CipherConfig : std::uint8_t {
  kNone = 0,
  kCbcDes = 1,
  kCbc3Des = 2,
  kCbcAes128 = 3,
  kCbcAes192 = 4,
  kCbcAes256 = 5,
  kGcmAes128 = 6,
  kGcmAes192 = 7,
  kGcmAes256 = 8,
};
enum class PfsGroup : std::uint32_t {
  kNone = 0,
  k1 = 1,
  k2 = 2,
  k2048 = 3,
  kEcp256 = 4,
  kEcp384 = 5,
  kMm = 6,
  k24 = 7
};

/// One entry of an ordered method list. `flags` are those of the method's own structure (wfp-model.md 5.3.4).
struct AuthenticationMethod {
  AuthMethod type = AuthMethod::kAnonymous;
  std::uint32_t flags = 0;
  std::vector<std::string>
      roots;  // certificate methods: distinguished names; empty is "Null-Root-Config" (authip.md 4.1)
  friend bool operator==(const AuthenticationMethod&, const AuthenticationMethod&) = default;
};

/// IKEEXT_PROPOSAL0.
struct MainModeProposal {
  IkeCipher cipher = IkeCipher::kAes128;
  IkeIntegrity integrity = IkeIntegrity::kSha1;
  std::uint32_t lifetime_seconds_max = 0;
  IkeDhGroup dh_group = IkeDhGroup::kNone;
  std::uint32_t quick_mode_limit = 0;  // 0: unlimited
  friend bool operator==(const MainModeProposal&, const MainModeProposal&) = default;
};

/// IKEEXT_POLICY_FLAG_* (wfp-model.md 5.3.1).
inline constexpr std::uint32_t kIkeDisableDiagnostics = 0x1;
inline constexpr std::uint32_t kIkeNoMachineLuidVerify = 0x2;
inline constexpr std::uint32_t kIkeNoImpersonationLuidVerify = 0x4;
inline constexpr std::uint32_t kIkeEnableOptionalDh = 0x8;

/// IKEEXT_POLICY: who may be at the other end of a main mode, and how it is protected. Both lists are in order of
/// preference.
struct MainModePolicy {
  std::vector<AuthenticationMethod> methods;
  ImpersonationType initiator_impersonation = ImpersonationType::kNone;
  std::vector<MainModeProposal> proposals;
  std::uint32_t flags = 0;
  std::uint32_t dynamic_filters_max = 0;
  std::uint32_t retransmit_duration_seconds = 0;  // 0: the profile's series
  friend bool operator==(const MainModePolicy&, const MainModePolicy&) = default;
};

/// IKEEXT_EM_POLICY: the second authentication.
struct ExtendedModePolicy {
  std::vector<AuthenticationMethod> methods;
  ImpersonationType initiator_impersonation = ImpersonationType::kNone;
  friend bool operator==(const ExtendedModePolicy&, const ExtendedModePolicy&) = default;
};

/// IPSEC_SA_LIFETIME0. One kilobyte is 1024 octets.
struct SaLifetime {
  std::uint32_t seconds = 0;
  std::uint32_t kilobytes = 0;
  std::uint32_t packets = 0;
  friend bool operator==(const SaLifetime&, const SaLifetime&) = default;
};

/// IPSEC_SA_TRANSFORM0. Without a cipher `cipher` is kNone.
struct QuickModeTransform {
  TransformType type = TransformType::kEspAuth;
  AuthType auth = AuthType::kSha1;
  AuthConfig auth_config = AuthConfig::kHmacSha1_96;
  CipherType cipher = CipherType::kNone;
  CipherConfig cipher_config = CipherConfig::kNone;
  friend bool operator==(const QuickModeTransform&, const QuickModeTransform&) = default;
};

/// IPSEC_PROPOSAL0: one transform, or AH and ESP.
struct QuickModeProposal {
  SaLifetime lifetime;
  std::vector<QuickModeTransform> transforms;
  PfsGroup pfs_group = PfsGroup::kNone;
  bool encrypts() const;  // some transform has a cipher
  friend bool operator==(const QuickModeProposal&, const QuickModeProposal&) = default;
};

/// IPSEC_POLICY_FLAG_* (wfp-model.md 5.3.3).
inline constexpr std::uint32_t kPolicyNdSecure = 0x2;
inline constexpr std::uint32_t kPolicyNdBoundary = 0x4;
inline constexpr std::uint32_t kPolicyNatAllowPeerBehindNat = 0x10;
inline constexpr std::uint32_t kPolicyNatAllowGeneral = 0x20;
inline constexpr std::uint32_t kPolicyDontNegotiateSecondLifetime = 0x40;
inline constexpr std::uint32_t kPolicyDontNegotiateByteLifetime = 0x80;

/// IPSEC_TRANSPORT_POLICY: how traffic is protected.
struct QuickModePolicy {
  std::vector<QuickModeProposal> proposals;
  std::uint32_t flags = 0;
  std::uint32_t nd_allow_clear_timeout_seconds = 0;
  std::uint32_t idle_timeout_seconds = 0;
  std::uint32_t idle_timeout_failover_seconds = 0;
  std::optional<ExtendedModePolicy> extended_mode;
  friend bool operator==(const QuickModePolicy&, const QuickModePolicy&) = default;
};

/// The two built-in secure-socket policies (wfp-model.md 7.2, api-contract.md 4), exactly as documented.
MainModePolicy default_main_mode_policy();
QuickModePolicy default_quick_mode_policy();
/// SOCKET_DEFAULT2_QM_POLICY: the default without the proposals that do not encrypt (wfp-model.md P-19).
QuickModePolicy default2_quick_mode_policy();
/// The policy with only the proposals that encrypt: P-19 for either default policy.
QuickModePolicy without_integrity_only(QuickModePolicy policy);
/// The policies as observed in a dump (knob default_policy = observed, wfp-model.md P-18).
MainModePolicy observed_main_mode_policy();
QuickModePolicy observed_quick_mode_policy();

}  // namespace ssx::wfp
