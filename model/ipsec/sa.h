// model/ipsec/sa.h: security associations as values: what a keying module negotiated and the SAD holds.
// Source: RFC 4301 4.4, IPSEC_SA_BUNDLE (api-contract.md 3.9), authip.md 3.3, 5.1.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "crypto/algorithms.h"
#include "crypto/sa_transform.h"
#include "crypto/secret.h"
#include "model/base/address.h"
#include "model/base/guid.h"
#include "model/base/strong.h"
#include "model/identity/principal.h"
#include "model/wfp/ipsec_policy.h"

namespace ssx::ipsec {

/// Which traffic an SA pair carries, from this host's point of view. Protocol kAny and port 0 match everything.
struct TrafficSelector {
  IpProtocol protocol = IpProtocol::kAny;
  TransportAddress local;
  TransportAddress remote;

  bool matches(const FiveTuple& packet) const;
  friend bool operator==(const TrafficSelector&, const TrafficSelector&) = default;
};
std::string to_string(const TrafficSelector& selector);

enum class SaRole : std::uint8_t { kInitiator, kResponder };  // IKEEXT_SA_ROLE

/// One SA of one direction: IPSEC_SA0 with its keys.
struct SaKeys {
  IpProtocol protocol = IpProtocol::kEsp;
  Spi spi;
  crypto::CipherAlgorithm cipher = crypto::CipherAlgorithm::kNull;
  crypto::IntegrityAlgorithm integrity = crypto::IntegrityAlgorithm::kHmacSha1_96;
  crypto::SecretOctets cipher_key;
  crypto::SecretOctets integrity_key;
};

/// IPSEC_SA_BUNDLE_FLAG_* (wfp-model.md 5.3.5), those the model sets.
inline constexpr std::uint32_t kBundleNdSecure = 0x1;
inline constexpr std::uint32_t kBundleNdBoundary = 0x2;
inline constexpr std::uint32_t kBundleGuaranteeEncryption = 0x8;
inline constexpr std::uint32_t kBundleAllowNullTargetNameMatch = 0x200;
inline constexpr std::uint32_t kBundleNdPeerBoundary = 0x1000;
inline constexpr std::uint32_t kBundlePeerSupportsGuaranteeEncryption = 0x4000;

/// An inbound and an outbound SA that one quick mode made. Known on this host by the SPI of its first inbound SA.
struct SaPair {
  SaRole role = SaRole::kInitiator;
  MmSaId main_mode;
  QmSaId quick_mode;  // equal on both ends (api-contract.md 3.7)
  MessageId message_id;
  TrafficSelector selector;
  crypto::IpsecMode mode = crypto::IpsecMode::kTransport;
  std::vector<SaKeys> inbound;   // one, or ESP and AH in this order (wfp-model.md W-199)
  std::vector<SaKeys> outbound;  // the same shape
  wfp::SaLifetime lifetime;      // the effective one: the smaller of both sides (authip.md D-42)
  std::uint32_t idle_timeout_seconds = 0;
  std::uint32_t nd_allow_clear_timeout_seconds = 0;
  std::uint32_t flags = 0;
  Guid main_mode_policy;  // provider context keys of the policies used
  Guid quick_mode_policy;
  FilterId quick_mode_filter;  // filter at IPSEC that led to the policy (qmFilterId)
  Guid lookup_context;         // SaLookupContext
  std::vector<identity::AccessToken> peer_tokens;
  std::string target_name;                               // the name this pair was asked for with, empty if none
  std::string peer_name;                                 // the peer's authenticated principal name, empty if anonymous
  std::optional<identity::Principal> impersonated_user;  // the local user whose credentials made it

  Spi id() const { return inbound.front().spi; }
  bool encrypts() const;  // some SA has a cipher
};

/// Datapath drop reasons with their Win32 codes, ERROR_IPSEC_* (authip.md 2.17, 7.4).
enum class DropReason : std::uint16_t {
  kBadSpi = 13910,
  kLifetimeExpired = 13911,
  kWrongSa = 13912,
  kReplay = 13913,
  kInvalidPacket = 13914,
  kIntegrity = 13915,
  kClearText = 13916,
};
std::string to_string(DropReason reason);

}  // namespace ssx::ipsec
