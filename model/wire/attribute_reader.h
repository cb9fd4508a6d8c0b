// model/wire/attribute_reader.h: taking attributes of a transform into the fields of a typed view. Source:
// authip.md 1.12, D-17, D-23.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>

#include "model/wire/sa_payload.h"

namespace ssx::wire {

/// Sets `field` to the attribute's number, whether TV or TLV.
/// @return false if the field is already set, or the number does not fit: the attribute then stays for the machine to
/// judge
template <class Integer>
bool take_number(std::optional<Integer>& field, const Attribute& attribute) {
  const std::optional<std::uint32_t> number = attribute.number();
  if (field || !number || *number > std::numeric_limits<Integer>::max()) return false;
  field = static_cast<Integer>(*number);
  return true;
}

/// Appends a TV attribute if there is a value.
inline void put_number(std::vector<Attribute>& out, std::uint16_t type, const std::optional<std::uint16_t>& value) {
  if (value) out.push_back(basic_attribute(type, *value));
}

}  // namespace ssx::wire
