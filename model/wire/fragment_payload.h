// model/wire/fragment_payload.h: Fragment payload, the sole payload of its message. Source: IKEE 2.2.3, authip.md 1.17,
// D-27.
//   |        Fragment ID            | Fragment no.  |     Flags     |
//   |   a part of the complete original message ...                 |
#pragma once

#include <cstdint>

#include "model/base/expected.h"
#include "model/base/octets.h"
#include "model/wire/payload_error.h"

namespace ssx::wire {

inline constexpr std::uint8_t kFragmentFlagLast = 0x01;

struct FragmentPayload {
  std::uint16_t id = 0;
  std::uint8_t number = 1;  // from 1
  bool last = false;
  Octets data;  // BORROWED

  friend bool operator==(const FragmentPayload& a, const FragmentPayload& b) {
    return a.id == b.id && a.number == b.number && a.last == b.last && equal(a.data, b.data);
  }
};

/// @param body  borrowed by the result
/// @errors kMalformed: fewer than 4 octets, or number 0
expected<FragmentPayload, PayloadErrorKind> parse_fragment(Octets body);
/// Appends the body.
void emit_body(OctetVector& out, const FragmentPayload& payload);

}  // namespace ssx::wire
