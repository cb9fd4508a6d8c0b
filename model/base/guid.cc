#include "model/base/guid.h"

#include "model/base/octets.h"

namespace ssx {

std::string to_string(const Guid& guid) {
  OctetVector octets;
  ByteWriter writer{octets};
  writer.u32(guid.data1);
  writer.u16(guid.data2);
  writer.u16(guid.data3);
  for (const std::uint8_t octet : guid.data4) writer.u8(octet);
  std::string text = to_hex(octets);
  for (const std::size_t dash : {8U, 13U, 18U, 23U}) text.insert(dash, 1, '-');
  return text;
}

}  // namespace ssx
