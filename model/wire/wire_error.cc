#include "model/wire/wire_error.h"

namespace ssx::wire {

std::string_view to_string(WireError error) {
  switch (error) {
    case WireError::kTruncated: return "the octets end before the length that they state";
    case WireError::kBadLength: return "a length field states less than its own header has";
    case WireError::kBadVersion: return "the version field names another protocol";
    case WireError::kBadChecksum: return "the checksum does not fit the octets";
    case WireError::kNoChecksum: return "UDP over IPv6 has no checksum";
    case WireError::kBadOption: return "an option has a length that cannot be";
    case WireError::kBadOrder: return "an extension header stands where it is not allowed";
  }
  return "unknown wire error";
}

}  // namespace ssx::wire
