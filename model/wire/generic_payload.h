// model/wire/generic_payload.h: the generic payload header and chains of it. Source: RFC 2408 3.2, authip.md 1.6, 1.18
// step 8.
//   | Next payload  |  RESERVED 0   |  Payload length (with these 4)|
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/base/expected.h"
#include "model/base/octets.h"
#include "model/wire/payload_error.h"

namespace ssx::wire {

inline constexpr std::size_t kGenericHeaderOctets = 4;
inline constexpr std::size_t kPayloadBodyOctetsMax = 0xFFFF - kGenericHeaderOctets;

/// One payload of a chain; its octets are BORROWED.
struct RawPayload {
  PayloadType type = PayloadType::kNone;
  Octets body;             // without the generic header
  Octets whole;            // with it
  std::size_t offset = 0;  // of the generic header, from the start of the chain
};

/// Walks a chain to its end, which must be the end of `octets`. Judges lengths only, no type.
/// @param first_type  as the header or trailer before the chain names it; kNone goes with no octets only
/// @errors kBadGenericLength, kTrailingOctets
/// @conformance
expected<std::vector<RawPayload>, PayloadError> walk_chain(PayloadType first_type, Octets octets);

/// Appends payloads to a buffer and sets each Next payload and length when it is known.
class ChainWriter {
 public:
  /// @param out  must outlive the writer; what it holds already stays in front of the chain
  explicit ChainWriter(OctetVector& out) : out_(out) {}

  /// Starts the next payload; append its body to the buffer, then call finish().
  void start(PayloadType type);
  void finish();
  /// start, body, finish
  void append(PayloadType type, Octets body);

  /// What the header before the chain must name; kNone for an empty chain.
  PayloadType first_type() const { return first_type_; }

 private:
  OctetVector& out_;
  PayloadType first_type_ = PayloadType::kNone;
  std::optional<std::size_t> last_;  // position of the generic header last started
};

}  // namespace ssx::wire
