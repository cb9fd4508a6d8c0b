// model/wire/isakmp_header.h: the fixed header of an ISAKMP message, as AuthIP uses it. Source: RFC 2408 3.1, authip.md
// 1.2 to 1.6.
//   |                       Initiator cookie (8)                    |
//   |                       Responder cookie (8)                    |
//   | Next payload  | Major | Minor | Exchange type |     Flags     |
//   |                          Message ID                           |
//   |            Length (header and everything after it)            |
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "model/base/octets.h"
#include "model/base/strong.h"

namespace ssx::wire {

inline constexpr std::size_t kIsakmpHeaderOctets = 28;
inline constexpr std::size_t kIsakmpLengthOffset = 24;  // counts as zero in the ICV (authip.md 1.7)
inline constexpr std::uint8_t kIsakmpVersion = 0x10;    // the only one that is sent
inline constexpr std::uint8_t kIsakmpFlagEncrypted = 0x01;

using Cookie = std::array<std::byte, 8>;

/// Exchange types, authip.md 1.3. Any other value of the octet is possible in a header that was read.
enum class ExchangeType : std::uint8_t {
  kIkeMainMode = 2,  // RFC 2408: identity protection
  kIkeAggressiveMode = 4,
  kIkeInformational = 5,
  kIkeQuickMode = 32,
  kMainMode = 0xF3,
  kQuickMode = 0xF4,
  kExtendedMode = 0xF5,
  kNotify = 0xF6,
};
bool is_authip(ExchangeType type);
/// True for the types that the IKEv1 module takes over: 2, 4, 5, 32.
bool is_ike(ExchangeType type);
/// "MM", "QM", "EM", "Notify", or the number
std::string to_string(ExchangeType type);

/// Payload types, authip.md 1.6. Any other value of the octet is possible in a chain that was read.
enum class PayloadType : std::uint8_t {
  kNone = 0x00,
  kSa = 0x01,
  kProposal = 0x02,
  kTransform = 0x03,
  kKeyExchange = 0x04,
  kId = 0x05,
  kCertificate = 0x06,
  kCertificateRequest = 0x07,
  kHash = 0x08,
  kSignature = 0x09,
  kNonce = 0x0A,
  kNotify = 0x0B,
  kDelete = 0x0C,
  kVendorId = 0x0D,
  kNatD = 0x14,
  kNatOa = 0x15,
  kGssApi = 0x81,
  kNatDDraft = 0x82,
  kNatOaDraft = 0x83,
  kFragment = 0x84,
  kCrypto = 0x85,
  kGssId = 0x86,
  kAuth = 0x87,
  kKeyDictation = 0x88,
  kKeyDictationWeight = 0x89,
};
/// "SA", "KE", "Crypto", or the number
std::string to_string(PayloadType type);

struct IsakmpHeader {
  Cookie initiator_cookie{};
  Cookie responder_cookie{};
  PayloadType next_payload = PayloadType::kCrypto;
  std::uint8_t version = kIsakmpVersion;
  ExchangeType exchange_type = ExchangeType::kMainMode;
  std::uint8_t flags = 0;
  MessageId message_id;
  std::uint32_t length = 0;

  unsigned major_version() const { return version >> 4; }
  bool is_encrypted() const { return (flags & kIsakmpFlagEncrypted) != 0; }
  friend bool operator==(const IsakmpHeader&, const IsakmpHeader&) = default;
};
/// "MM 0102030405060708/1112131415161718 id 00000000, 404 octets"
std::string to_string(const IsakmpHeader& header);

/// Reads the first 28 octets; nothing if there are fewer. Judges no field: that is parse_frame's.
std::optional<IsakmpHeader> parse_isakmp_header(Octets message);
/// Appends the 28 octets, `length` as it stands in the struct.
void emit_isakmp_header(OctetVector& out, const IsakmpHeader& header);

}  // namespace ssx::wire
