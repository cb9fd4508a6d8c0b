// model/wire/quick_mode_proposal.h: what a quick-mode proposal says, read from and written as attributes. Source: RFC
// 2407 4.4 and 4.5, authip.md 1.12, D-17, D-18.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/base/strong.h"
#include "model/wire/sa_payload.h"

namespace ssx::wire {

namespace quick_mode_attribute {
inline constexpr std::uint16_t kLifeType = 1;
inline constexpr std::uint16_t kLifeDuration = 2;
inline constexpr std::uint16_t kGroup = 3;
inline constexpr std::uint16_t kEncapsulation = 4;
inline constexpr std::uint16_t kAuthentication = 5;
inline constexpr std::uint16_t kKeyLength = 6;
}  // namespace quick_mode_attribute

/// Transform ids, RFC 2407 4.4.3 and 4.4.4.
inline constexpr std::uint8_t kEspDes = 2;
inline constexpr std::uint8_t kEsp3Des = 3;
inline constexpr std::uint8_t kEspNull = 11;
inline constexpr std::uint8_t kEspAes = 12;
inline constexpr std::uint8_t kAhMd5 = 2;
inline constexpr std::uint8_t kAhSha = 3;
inline constexpr std::uint8_t kAhSha256 = 5;

/// Encapsulation modes, authip.md 1.12.
inline constexpr std::uint16_t kEncapsulationTunnel = 1;
inline constexpr std::uint16_t kEncapsulationTransport = 2;
inline constexpr std::uint16_t kEncapsulationUdpTunnel = 3;
inline constexpr std::uint16_t kEncapsulationUdpTransport = 4;
inline constexpr std::uint16_t kEncapsulationAuthFirewallEsp = 62000;
inline constexpr std::uint16_t kEncapsulationAuthFirewallUdpEsp = 62001;

/// One proposal with one transform. Numbers are those of the wire; nothing means the attribute is not there.
struct QuickModeProposal {
  std::uint8_t number = 1;
  std::uint8_t protocol = kProtocolEsp;  // or kProtocolAh
  Spi spi;
  std::uint8_t transform_number = 1;
  std::uint8_t transform_id = kEspAes;
  std::optional<std::uint32_t> life_seconds;
  std::optional<std::uint32_t> life_kilobytes;
  std::optional<std::uint16_t> group;  // with PFS
  std::optional<std::uint16_t> encapsulation;
  std::optional<std::uint16_t> authentication;   // 1 HMAC-MD5, 2 HMAC-SHA, 5 HMAC-SHA-256
  std::optional<std::uint16_t> key_length_bits;  // AES only
  std::vector<Attribute> others;                 // unknown ones, second ones and unreadable values, in their order

  friend bool operator==(const QuickModeProposal&, const QuickModeProposal&) = default;
};
/// "1 ESP spi 11223344 id 12 3600 s 57671680 KB encapsulation 2 auth 2 128 bits"
std::string to_string(const QuickModeProposal& proposal);

/// @param transform  one of `proposal`'s
/// @return nothing if the SPI does not have 4 octets (13831 for the peer)
std::optional<QuickModeProposal> read_quick_mode_proposal(const Proposal& proposal, const Transform& transform);
/// Emission order: seconds pair, kilobyte pair, 3, 4, 5, 6, then `others`; durations as 4-octet TLV (D-17).
Proposal to_proposal(const QuickModeProposal& proposal);
/// The SA of #5 and #6: every entry a proposal of its own. AH + ESP is two entries with one number (D-18).
SaPayload quick_mode_sa(const std::vector<QuickModeProposal>& proposals);

}  // namespace ssx::wire
