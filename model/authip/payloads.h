// model/authip/payloads.h: the payloads of one AuthIP message as values, checked for form, and the building of a
// payload chain. Source: authip.md 1.6 to 1.14, 1.18, D-37.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/authip/gss_rounds.h"
#include "model/authip/isakmp_codec.h"
#include "model/authip/proposals.h"
#include "model/base/expected.h"

namespace ssx::authip {

using Cookie = std::array<std::byte, 8>;

/// B(n): payloads with their generic headers, in plaintext, and the type of the first one.
struct PayloadChain {
  std::uint8_t first_type = 0;
  OctetVector octets;
};

/// Why a message is invalid (authip.md 2.15 rows 2 to 4): the status that is told to the peer, and words.
struct Invalid {
  std::uint32_t status = 0;
  std::string words;
};

/// Notify message types of AuthIP (authip.md 1.11).
inline constexpr std::uint16_t kNotifyNoProposalChosen = 14;
inline constexpr std::uint16_t kNotifyExchangeInfo = 0x9C45;
inline constexpr std::uint16_t kNotifyStatus = 0x9C54;
inline constexpr std::uint16_t kNotifyDosCookie = 0x9C55;
inline constexpr std::uint16_t kNotifyAck = 0x9C56;
inline constexpr std::uint16_t kNotifyQmSynchronize = 0x9C57;
inline constexpr std::uint16_t kNotifyAcquire = 0x9C58;
inline constexpr std::uint8_t kNotifyReliable = 0x01;
inline constexpr std::uint8_t kProtocolMainMode = 1;   // Protocol-ID: about MM or EM
inline constexpr std::uint8_t kProtocolQuickMode = 2;  // about a QM
inline constexpr std::uint32_t kInfoBoundary = 0x1;    // EXCHANGE_INFO flags
inline constexpr std::uint32_t kInfoGuaranteeEncryption = 0x2;

struct NotifyContent {
  std::uint8_t protocol = 0;
  std::uint8_t flags = 0;
  std::uint16_t type = 0;
  OctetVector data;
};
struct IdContent {
  IpProtocol protocol = IpProtocol::kAny;
  TransportAddress endpoint;
  friend bool operator==(const IdContent&, const IdContent&) = default;
};

/// The payloads of one message. Borrows nothing.
struct PayloadSet {
  std::vector<std::uint8_t> types;  // in order, unknown ones included
  std::optional<RawSa> sa;
  std::optional<std::vector<std::uint16_t>> methods;
  std::vector<OctetVector> nonces;
  std::optional<OctetVector> key_exchange;
  std::vector<IdContent> ids;
  std::optional<OctetVector> hash;
  std::vector<NotifyContent> notifies;
  std::vector<OctetVector> vendor_ids;
  std::vector<OctetVector> nat_d;
  std::optional<GssMessage> gss;
  std::optional<std::string> gss_id;

  /// The first EXCHANGE_INFO's flags, 0 without one.
  std::uint32_t exchange_info() const;
  const NotifyContent* find_notify(std::uint16_t type) const;
};
/// Reads a chain. @errors the status of authip.md 2.17 for the first payload that is malformed or must not be here at
/// all.
expected<PayloadSet, Invalid> read_payloads(const PayloadChain& chain);

/// GSS_ID's encoding (authip.md 1.9). Nothing for an unpaired surrogate.
std::optional<std::string> utf8_from_utf16le(Octets octets);
OctetVector utf16le_from_utf8(std::string_view text);

/// An offered main-mode transform: what it means, and itself to be sent back unchanged.
struct OfferedTransform {
  std::optional<MainModeSuite> suite;  // nothing: unknown transform id or an attribute that changes a known field
  std::optional<std::uint32_t> lifetime_seconds;
  RawTransform raw;
};
expected<std::vector<OfferedTransform>, Invalid> read_main_mode_sa(const RawSa& sa);

/// The proposals of a quick mode under one number.
struct OfferedProposal {
  OfferedAlternative meaning;
  std::optional<std::uint32_t> lifetime_seconds;  // nothing: not stated
  std::optional<std::uint32_t> lifetime_kilobytes;
  std::vector<Spi> spis;         // the sender's, in the order of the suites
  std::vector<RawProposal> raw;  // each with the one transform that counts
  bool single_transform = true;  // one transform in every Proposal payload (D-11)
};
expected<std::vector<OfferedProposal>, Invalid> read_quick_mode_sa(const RawSa& sa);

/// Appends payloads and chains their headers.
class PayloadBuilder {
 public:
  PayloadBuilder& main_mode_sa(const std::vector<MainModeEntry>& entries);
  PayloadBuilder& main_mode_answer(const OfferedTransform& chosen);
  /// One Proposal payload per suite; all alternatives share `spis`: [0] for AH where both are present, else the only
  /// one.
  PayloadBuilder& quick_mode_sa(const std::vector<QuickModeEntry>& entries, const std::vector<Spi>& spis,
                                std::uint32_t policy_flags);
  PayloadBuilder& quick_mode_answer(const OfferedProposal& chosen, const std::vector<Spi>& spis);
  PayloadBuilder& auth(const std::vector<std::uint16_t>& methods);
  PayloadBuilder& nonce(Octets value);
  PayloadBuilder& key_exchange(Octets value);
  PayloadBuilder& hash(Octets value);
  PayloadBuilder& id(const IdContent& value);
  PayloadBuilder& vendor_id(Octets value);
  PayloadBuilder& nat_d(Octets value);
  PayloadBuilder& gss(const GssMessage& value);
  PayloadBuilder& gss_id(const std::string& name);
  PayloadBuilder& notify(const NotifyContent& value);
  PayloadChain finish() const;

 private:
  struct Part {
    std::uint8_t type;
    OctetVector body;
  };
  PayloadBuilder& add(std::uint8_t type, OctetVector body);
  std::vector<Part> parts_;
};

}  // namespace ssx::authip
