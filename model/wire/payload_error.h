// model/wire/payload_error.h: why a payload chain is not well formed, and the status a peer is told. Source: authip.md
// 1.18 step 8, 2.17.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/wire/isakmp_header.h"

namespace ssx::wire {

enum class PayloadErrorKind : std::uint8_t {
  kBadGenericLength,  // below 4, or leaves the octets that the chain has
  kTrailingOctets,    // the chain ends before its octets do
  kMalformed,         // the body is not what the type says
  kNotAllowed,        // a type that no AuthIP message may hold inside (D-36, D-37)
  kUnknownDoi,        // DOI other than 1
  kInvalidSituation,  // situation other than 1
  kUnsupportedId,     // an ID type that is neither address, subnet nor range
};
/// One sentence for people.
std::string_view to_string(PayloadErrorKind kind);

struct PayloadError {
  PayloadErrorKind kind = PayloadErrorKind::kMalformed;
  PayloadType type = PayloadType::kNone;  // the payload at fault; Proposal and Transform for those inside an SA
  std::size_t offset = 0;                 // of that payload's generic header, from the start of the chain

  friend bool operator==(const PayloadError&, const PayloadError&) = default;
};
/// "Nonce payload at 148: the body is not what the type says"
std::string to_string(const PayloadError& error);

/// The Windows error that NOTIFY_STATUS carries for it.
/// @source authip.md 2.17, D-34  @conformance
std::uint32_t status_code(const PayloadError& error);

}  // namespace ssx::wire
