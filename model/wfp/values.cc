#include "model/wfp/values.h"

#include <algorithm>
#include <cassert>

#include "model/base/overloaded.h"

namespace ssx::wfp {
namespace {

bool is_v4_address_field(Field field) { return field == Field::kIpLocalAddress || field == Field::kIpRemoteAddress; }

template <class Number>
std::string number_text(Field field, Number value) {
  if (field == Field::kIpProtocol) return to_string(static_cast<IpProtocol>(value));
  return std::to_string(value);
}

}  // namespace

bool TokenSids::contains(std::string_view sid) const { return std::ranges::find(sids, sid) != sids.end(); }

void FieldValues::set(Field field, const FieldValue& value) {
  assert(field != Field::kUnknown);
  std::uint8_t& slot = slot_[static_cast<std::size_t>(field)];
  if (slot == 0) {
    assert(count_ < kCapacity);
    slot = static_cast<std::uint8_t>(++count_);
  }
  const auto* token = std::get_if<const TokenSids*>(&value);
  const bool no_token = token != nullptr && *token == nullptr;
  values_[slot - 1U] = no_token ? FieldValue(Empty{}) : value;
}

void FieldValues::set_address(Field field, const IpAddress& address) {
  if (address.is_v4()) {
    set(field, address.v4_host_order());
  } else {
    set(field, address.v6_octets());
  }
}

void FieldValues::add_flags(std::uint32_t bits) {
  const auto* present = std::get_if<std::uint32_t>(&get(Field::kFlags));
  set(Field::kFlags, bits | (present == nullptr ? 0U : *present));
}

const FieldValue& FieldValues::get(Field field) const {
  static constexpr FieldValue kEmptyValue{};
  assert(field != Field::kUnknown);
  const std::uint8_t slot = slot_[static_cast<std::size_t>(field)];
  return slot == 0 ? kEmptyValue : values_[slot - 1U];
}

std::string describe(Field field, const FieldValue& value) {
  return std::visit(
      Overloaded{
          [](Empty) -> std::string { return "unknown"; },
          [](AnyValue) -> std::string { return "any"; },
          [&](std::uint8_t number) { return number_text(field, number); },
          [&](std::uint16_t number) { return number_text(field, number); },
          [&](std::uint32_t number) {
            return is_v4_address_field(field) ? to_string(IpAddress::v4(number)) : number_text(field, number);
          },
          [&](std::uint64_t number) { return number_text(field, number); },
          [](const ByteArray16& octets) { return to_string(IpAddress::v6(octets)); },
          [](Octets octets) { return "0x" + to_hex(octets); },
          [](std::string_view sid) { return std::string(sid); },
          [](const TokenSids* token) { return "token of " + (token->sids.empty() ? "nobody" : token->sids.front()); },
      },
      value);
}

std::uint8_t address_type(const IpAddress& address) {
  if (address.is_any()) return kAddressTypeUnspecified;
  if (address.is_multicast()) return kAddressTypeMulticast;
  if (address.is_broadcast()) return kAddressTypeBroadcast;
  return kAddressTypeUnicast;
}

}  // namespace ssx::wfp
