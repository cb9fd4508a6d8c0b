// model/wire/sa_payload.h: Security Association payload with proposals, transforms and data attributes. Source: RFC
// 2408 3.3 to 3.6, RFC 2407 4.2 and 4.6.1, authip.md 1.12.
//   SA:        | NP | 0 | len | DOI = 1 (4) | Situation = 1 (4) | proposals...
//   Proposal:  | NP 2/0 | 0 | len | number | protocol | SPI size | # transforms | SPI | transforms...
//   Transform: | NP 3/0 | 0 | len | number | transform id | 0 0 | attributes...
//   Attribute: | 1 | 15-bit type | 16-bit value |              (TV, "basic")
//              | 0 | 15-bit type | 16-bit length | value ... | (TLV)
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/base/expected.h"
#include "model/base/octets.h"
#include "model/wire/payload_error.h"

namespace ssx::wire {

inline constexpr std::uint32_t kDoiIpsec = 1;
inline constexpr std::uint32_t kSituationIdentityOnly = 1;
/// Protocol ids of proposals, RFC 2407 4.4.1.
inline constexpr std::uint8_t kProtocolIsakmp = 1;
inline constexpr std::uint8_t kProtocolAh = 2;
inline constexpr std::uint8_t kProtocolEsp = 3;

struct Attribute {
  std::uint16_t type = 0;  // 15 bits
  bool basic = false;      // TV: the value has exactly 2 octets
  OctetVector value;

  /// The value as a number, whichever form it has; nothing if it is empty or longer than 4 octets.
  std::optional<std::uint32_t> number() const;
  friend bool operator==(const Attribute&, const Attribute&) = default;
};
Attribute basic_attribute(std::uint16_t type, std::uint16_t value);
/// A TLV of 4 octets, the form of durations (D-17).
Attribute long_attribute(std::uint16_t type, std::uint32_t value);
/// "12=7200"
std::string to_string(const Attribute& attribute);

struct Transform {
  std::uint8_t number = 1;
  std::uint8_t id = 0;
  std::vector<Attribute> attributes;

  friend bool operator==(const Transform&, const Transform&) = default;
};

struct Proposal {
  std::uint8_t number = 1;
  std::uint8_t protocol = kProtocolIsakmp;
  OctetVector spi;                    // at most 255 octets
  std::vector<Transform> transforms;  // at most 255

  friend bool operator==(const Proposal&, const Proposal&) = default;
};

/// DOI and situation are 1 in every SA payload that can be read or written.
struct SaPayload {
  std::vector<Proposal> proposals;  // at least one

  friend bool operator==(const SaPayload&, const SaPayload&) = default;
};

/// Reads the body of an SA payload. Total: every input gives a value or an error.
/// @param body  without the generic header
/// @param offset  of the payload in its chain, for errors
/// @errors kMalformed with type SA, Proposal or Transform: that part does not end as it states, or holds no part; a
///         proposal counts other than its transforms. kUnknownDoi, kInvalidSituation.
/// @conformance
expected<SaPayload, PayloadError> parse_sa(Octets body, std::size_t offset = 0);
/// Appends the body.
void emit_body(OctetVector& out, const SaPayload& sa);

}  // namespace ssx::wire
