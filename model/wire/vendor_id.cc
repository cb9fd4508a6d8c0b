#include "model/wire/vendor_id.h"

#include <algorithm>
#include <cassert>

namespace ssx::wire {
namespace {

constexpr std::size_t kNumberOctets = 4;

const VendorIdEntry& entry_of(VendorId id) {
  const auto found = std::ranges::find(kVendorIds, id, &VendorIdEntry::id);
  assert(found != kVendorIds.end());
  return *found;
}

/// The table's entry that these octets are, its number included.
const VendorIdEntry* find_entry(Octets octets) {
  if (octets.size() < kVendorIdFixedOctets) return nullptr;
  const auto found = std::ranges::find_if(kVendorIds, [octets](const VendorIdEntry& entry) {
    return equal(std::as_bytes(std::span(entry.octets)), octets.first(kVendorIdFixedOctets));
  });
  if (found == kVendorIds.end()) return nullptr;
  const std::size_t size = kVendorIdFixedOctets + (found->has_number ? kNumberOctets : 0);
  return octets.size() == size ? &*found : nullptr;
}

}  // namespace

std::optional<KnownVendorId> recognise(const VendorIdPayload& payload) {
  const VendorIdEntry* entry = find_entry(payload.octets);
  if (entry == nullptr) return std::nullopt;
  const std::uint32_t number = entry->has_number ? load_u32(Octets(payload.octets).last(kNumberOctets)) : 0;
  return KnownVendorId{entry->id, number};
}

VendorIdPayload vendor_id(VendorId id, std::uint32_t number) {
  const VendorIdEntry& entry = entry_of(id);
  assert(entry.has_number || number == 0);
  VendorIdPayload payload;
  ByteWriter writer{payload.octets};
  writer.octets(std::as_bytes(std::span(entry.octets)));
  if (entry.has_number) writer.u32(number);
  return payload;
}

std::string to_string(const VendorIdPayload& payload) {
  const std::optional<KnownVendorId> known = recognise(payload);
  if (!known) return to_hex(payload.octets);
  const VendorIdEntry& entry = entry_of(known->id);
  const std::string name(entry.name);
  return entry.has_number ? name + " " + std::to_string(known->number) : name;
}

expected<VendorIdPayload, PayloadErrorKind> parse_vendor_id(Octets body) {
  if (body.empty()) return unexpected(PayloadErrorKind::kMalformed);
  return VendorIdPayload{to_vector(body)};
}

void emit_body(OctetVector& out, const VendorIdPayload& payload) {
  assert(!payload.octets.empty());
  append(out, payload.octets);
}

}  // namespace ssx::wire
