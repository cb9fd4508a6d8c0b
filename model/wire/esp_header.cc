#include "model/wire/esp_header.h"

#include "model/wire/buffer_writer.h"

namespace ssx::wire {

std::string to_string(const EspHeader& header) {
  OctetVector spi;
  ByteWriter(spi).u32(header.spi.value);
  return "spi " + to_hex(spi) + " seq " + std::to_string(header.sequence_number.value);
}

expected<EspHeader, WireError> parse_esp_header(Octets packet) {
  ByteReader in{packet};
  EspHeader header;
  header.spi = Spi{in.u32()};
  header.sequence_number = SequenceNumber{in.u32()};
  if (!in.ok()) return unexpected(WireError::kTruncated);
  return header;
}

std::size_t emit_esp_header(MutableOctets out, const EspHeader& header) {
  BufferWriter writer{out};
  writer.u32(header.spi.value);
  writer.u32(header.sequence_number.value);
  return writer.position();
}

}  // namespace ssx::wire
