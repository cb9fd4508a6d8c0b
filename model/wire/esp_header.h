// model/wire/esp_header.h: the clear part of an ESP packet. Source: RFC 4303 section 2, authip.md 7.2.
//   |               Security Parameters Index (SPI)                 |
//   |                      Sequence Number                          |
//   |                IV, payload data, padding, ICV: crypto's       |
#pragma once

#include <string>

#include "model/base/expected.h"
#include "model/base/octets.h"
#include "model/base/strong.h"
#include "model/wire/wire_error.h"

namespace ssx::wire {

inline constexpr std::size_t kEspHeaderOctets = 8;

struct EspHeader {
  Spi spi;
  SequenceNumber sequence_number;

  friend bool operator==(const EspHeader&, const EspHeader&) = default;
};
/// "spi 11223344 seq 1"
std::string to_string(const EspHeader& header);

/// Reads the first 8 octets. Whether the SPI names an SA and the number is fresh is for the SA database to say.
/// @errors kTruncated: fewer than 8 octets.
expected<EspHeader, WireError> parse_esp_header(Octets packet);
/// @return the octets written, kEspHeaderOctets
std::size_t emit_esp_header(MutableOctets out, const EspHeader& header);

}  // namespace ssx::wire
