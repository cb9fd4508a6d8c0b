// model/wire/notify_payload.h: Notify payload in AuthIP's form. Source: AIPS 2.2.3.5, authip.md 1.11. In IKEv1 the
// octet of the flags is the SPI size; this is the form of exchange types 243 to 246 only.
//   |                DOI = 1 (IPSEC)                                |
//   | Protocol-ID   | Flags         |     Notify message type       |
//   |  Notification data (no SPI field)                             |
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/base/expected.h"
#include "model/base/octets.h"
#include "model/wire/isakmp_header.h"
#include "model/wire/payload_error.h"

namespace ssx::wire {

/// Any other number is possible in a payload that was read; it is ignored (D-37).
enum class NotifyType : std::uint16_t {
  kNoProposalChosen = 14,
  kExchangeInfo = 0x9C45,
  kStatus = 0x9C54,
  kDosCookie = 0x9C55,
  kAck = 0x9C56,
  kQmSynchronize = 0x9C57,
  kAcquire = 0x9C58,
};
/// "NOTIFY_ACK", or the number
std::string to_string(NotifyType type);

inline constexpr std::uint8_t kNotifyAboutMainMode = 1;   // Protocol-ID: MM or EM
inline constexpr std::uint8_t kNotifyAboutQuickMode = 2;  // QM
inline constexpr std::uint8_t kNotifyReliable = 0x01;     // the only flag
/// EXCHANGE_INFO's and NOTIFY_ACQUIRE's flags.
inline constexpr std::uint32_t kInfoNdBoundary = 0x1;
inline constexpr std::uint32_t kInfoGuaranteeEncryption = 0x2;

struct NotifyPayload {
  std::uint8_t protocol = kNotifyAboutMainMode;
  std::uint8_t flags = 0;  // kNotifyReliable or 0
  NotifyType type = NotifyType::kStatus;
  OctetVector data;

  friend bool operator==(const NotifyPayload&, const NotifyPayload&) = default;
};
/// "NOTIFY_STATUS about MM, reliable, data 000035ec"
std::string to_string(const NotifyPayload& payload);

/// The number of data octets that a type has; nothing if it is unknown.
std::optional<std::size_t> notify_data_octets(NotifyType type);

/// Unknown flag bits are left out.
/// @errors kMalformed: fewer than 8 octets, or a known type with data of another length. kUnknownDoi: DOI other than 1.
/// @conformance
expected<NotifyPayload, PayloadErrorKind> parse_notify(Octets body);
/// Appends the body. Data as long as the type has it.
void emit_body(OctetVector& out, const NotifyPayload& payload);

/// Data of NOTIFY_ACQUIRE.
struct AcquireData {
  std::uint32_t encapsulation_mode = 0;
  std::uint32_t flags = 0;

  friend bool operator==(const AcquireData&, const AcquireData&) = default;
};
NotifyPayload notify_acquire(std::uint8_t protocol, std::uint8_t flags, const AcquireData& data);
/// Nothing if it is no NOTIFY_ACQUIRE.
std::optional<AcquireData> acquire_data(const NotifyPayload& payload);

/// A payload whose data are one 32-bit number: EXCHANGE_INFO, NOTIFY_STATUS, NOTIFY_ACK.
NotifyPayload notify_number(NotifyType type, std::uint8_t protocol, std::uint8_t flags, std::uint32_t number);
/// Nothing if the data do not have 4 octets.
std::optional<std::uint32_t> number_of(const NotifyPayload& payload);

/// Nothing if it is no NOTIFY_DOS_COOKIE.
std::optional<Cookie> dos_cookie_of(const NotifyPayload& payload);

}  // namespace ssx::wire
