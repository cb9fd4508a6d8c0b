// lab/wire_monitor.h: an independent reader of the wire. It shares no code with the senders: own parsing, own rules.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/base/octets.h"

namespace ssx::lab {

/// What one datagram shows to somebody who listens on the link.
struct SeenPacket {
  enum class Kind { kClearTransport, kKeying, kEsp, kAh, kOther };
  Kind kind = Kind::kOther;
  std::string source;  // addresses as lower-case hexadecimal digits
  std::string destination;
  std::uint8_t protocol =
      0;  // of the transport header in clear (6, 17), else of the first header that is no IP extension
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  std::uint32_t spi = 0;
  Octets payload;  // clear transport payload, or everything behind the ESP header; BORROWED
};

/// Reads a datagram; nothing if it is no IPv4 or IPv6 datagram.
std::optional<SeenPacket> see(Octets datagram);

/// A clear TCP or UDP payload, other than keying (UDP ports 500 and 4500 with a keying message).
bool carries_clear_payload(const SeenPacket& packet);

/// True if `needle` stands somewhere in `haystack`. Needles shorter than four octets are found everywhere: never found
/// here.
bool contains(Octets haystack, Octets needle);

}  // namespace ssx::lab
