// model/wire/wire_error.h: why octets are not the header that they should be.
#pragma once

#include <cstdint>
#include <string_view>

namespace ssx::wire {

enum class WireError : std::uint8_t {
  kTruncated,    // ends before the length that it states, or inside a fixed header
  kBadLength,    // states a length that its own fixed part does not fit in
  kBadVersion,   // the version field names another protocol
  kBadChecksum,  // damaged on the way
  kNoChecksum,   // UDP over IPv6 without a checksum (RFC 8200 8.1)
  kBadOption,    // an option whose length cannot be
  kBadOrder,     // an extension header in a place where it is not allowed (RFC 8200 4.1)
};

/// One sentence for people.
std::string_view to_string(WireError error);

}  // namespace ssx::wire
