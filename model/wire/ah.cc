#include "model/wire/ah.h"

#include <cassert>

#include "model/wire/buffer_writer.h"

namespace ssx::wire {

std::string to_string(const AhHeader& header) {
  OctetVector spi;
  ByteWriter(spi).u32(header.spi.value);
  return "next " + to_string(header.next_header) + " spi " + to_hex(spi) + " seq " +
         std::to_string(header.sequence_number.value) + ", ICV of " + std::to_string(header.icv.size()) + " octets";
}

expected<AhHeader, WireError> parse_ah(Octets packet) {
  ByteReader in{packet};
  AhHeader header;
  header.next_header = static_cast<IpProtocol>(in.u8());
  const std::size_t header_octets = (std::size_t{in.u8()} + 2) * 4;
  in.skip(2);  // RESERVED: zero when sent, not looked at when received (2.3)
  header.spi = Spi{in.u32()};
  header.sequence_number = SequenceNumber{in.u32()};
  if (!in.ok()) return unexpected(WireError::kTruncated);
  if (header_octets < kAhFixedOctets) return unexpected(WireError::kBadLength);
  header.icv = in.take(header_octets - kAhFixedOctets);
  if (!in.ok()) return unexpected(WireError::kTruncated);
  return header;
}

std::size_t emit_ah(MutableOctets out, const AhHeader& header) {
  assert(header.icv.size() % 4 == 0);  // else Payload Len cannot state it
  assert(header.icv.size() <= kAhIcvOctetsMax);
  BufferWriter writer{out};
  writer.u8(static_cast<std::uint8_t>(header.next_header));
  writer.u8(static_cast<std::uint8_t>(header.octets() / 4 - 2));
  writer.zeros(2);
  writer.u32(header.spi.value);
  writer.u32(header.sequence_number.value);
  writer.octets(header.icv);
  return writer.position();
}

}  // namespace ssx::wire
