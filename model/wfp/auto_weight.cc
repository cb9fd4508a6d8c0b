#include "model/wfp/auto_weight.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cmath>
#include <vector>

#include "model/wfp/objects.h"

namespace ssx::wfp {
namespace {

struct KnownBits {
  Field field;
  WeightBits bits;
};
// Observed positions (2.3). The widths of single positions are taken as one bit.
constexpr std::array kKnownConnect{
    KnownBits{Field::kAleUserId, {37, 1}},
    KnownBits{Field::kAleAppId, {38, 1}},
    KnownBits{Field::kIpRemotePort, {39, 3}},
    KnownBits{Field::kIpProtocol, {47, 3}},
};
constexpr std::array kKnownListen{
    KnownBits{Field::kAleSioFirewallSystemPort, {1, 1}},
    KnownBits{Field::kFlags, {5, 1}},
    KnownBits{Field::kAleUserId, {6, 1}},
    KnownBits{Field::kAleAppId, {7, 1}},
    KnownBits{Field::kIpLocalPort, {8, 22}},
    KnownBits{Field::kIpLocalInterface, {31, 1}},
};

std::span<const KnownBits> known_bits(LayerId layer) {
  switch (layer) {
    case LayerId::kAleAuthConnectV4:
    case LayerId::kAleAuthConnectV6: return kKnownConnect;
    case LayerId::kAleAuthListenV4:
    case LayerId::kAleAuthListenV6: return kKnownListen;
    default: return {};
  }
}

/// P-6 asks for more than 60 bits at the layers with many fields: there, interfaces and profiles (level 1), and then
/// address types (level 2), shrink to one bit. Addresses, ports and flags keep theirs.
int wanted_width(const LayerField& field, int level) {
  if (field.kind == FieldKind::kIpAddress) return 6;
  if (field.kind == FieldKind::kFlags) return 1;
  switch (field.type) {
    case DataType::kUint8: return level >= 2 && field.field != Field::kIpProtocol ? 1 : 3;
    case DataType::kUint16: return 3;
    case DataType::kUint32: return level >= 1 ? 1 : 4;
    case DataType::kUint64: return level >= 1 ? 1 : 6;
    default: return 1;
  }
}

constexpr std::uint64_t ones(int width) { return (std::uint64_t{1} << width) - 1; }

/// The lowest `width` free bits in a row; nothing if there are none below bit 60.
std::optional<int> free_position(std::uint64_t taken, int width) {
  for (int position = 0; position + width <= kAutoWeightBits; ++position) {
    if ((taken & (ones(width) << position)) == 0) return position;
  }
  return std::nullopt;
}

struct PlacedField {
  Field field;
  WeightBits bits;
};

/// Allocates every field of the layer, in order, around the known ones; nothing if they do not fit at this level.
std::optional<std::vector<PlacedField>> place_fields(LayerId layer, int level) {
  std::vector<PlacedField> placed;
  std::uint64_t taken = 0;
  for (const KnownBits& known : known_bits(layer)) {
    placed.push_back({known.field, known.bits});
    taken |= ones(known.bits.width) << known.bits.position;
  }
  for (const LayerField& field : layer_fields(layer)) {
    if (std::ranges::find(known_bits(layer), field.field, &KnownBits::field) != known_bits(layer).end()) continue;
    const int width = wanted_width(field, level);
    const std::optional<int> position = free_position(taken, width);
    if (!position) return std::nullopt;
    placed.push_back({field.field, {*position, width}});
    taken |= ones(width) << *position;
  }
  return placed;
}

std::vector<PlacedField> layer_map(LayerId layer) {
  for (const int level : {0, 1}) {
    if (auto placed = place_fields(layer, level)) return *std::move(placed);
  }
  auto placed = place_fields(layer, 2);
  assert(placed.has_value());  // every layer's list fits at the last level
  return *std::move(placed);
}

template <class Number>
requires std::is_unsigned_v<Number>
double span_between(Number low, Number high) { return static_cast<double>(high) - static_cast<double>(low) + 1.0; }

double span_between(const ByteArray16& low, const ByteArray16& high) {
  double size = 1.0;
  for (std::size_t i = 0; i < low.size(); ++i) {
    const int difference = std::to_integer<int>(high[i]) - std::to_integer<int>(low[i]);
    size += std::ldexp(difference, static_cast<int>(8 * (15 - i)));
  }
  return size;
}

/// Blobs have no count; bounds of two types were refused.
template <class Low, class High>
double span_between(const Low&, const High&) {
  return 1.0;
}

double span_of(const Range& range) {
  return std::visit([](const auto& low, const auto& high) { return span_between(low, high); }, range.low, range.high);
}

/// How many values EQUAL to this one are.
double values_equal_to(const ConditionValue& value) {
  if (const auto* range = std::get_if<Range>(&value)) return span_of(*range);
  if (const auto* v4 = std::get_if<V4AddressMask>(&value)) return std::exp2(32 - std::popcount(v4->mask));
  if (const auto* v6 = std::get_if<V6AddressMask>(&value)) return std::exp2(128 - v6->prefix_length);
  return 1.0;
}

/// The condition's number as a count from zero; 0 for values that are no numbers.
double as_number(const ConditionValue& value) {
  if (const auto* u8 = std::get_if<std::uint8_t>(&value)) return *u8;
  if (const auto* u16 = std::get_if<std::uint16_t>(&value)) return *u16;
  if (const auto* u32 = std::get_if<std::uint32_t>(&value)) return *u32;
  if (const auto* u64 = std::get_if<std::uint64_t>(&value)) return static_cast<double>(*u64);
  return 0.0;
}

/// How many of the 2^value_bits values one condition admits, at least 1.
double admitted_values(const Condition& condition, double all) {
  const double number = as_number(condition.value);
  switch (condition.match) {
    case MatchType::kNotEqual: return std::max(1.0, all - values_equal_to(condition.value));
    case MatchType::kGreater: return std::max(1.0, all - number - 1.0);
    case MatchType::kGreaterOrEqual: return std::max(1.0, all - number);
    case MatchType::kLess: return std::max(1.0, number);
    case MatchType::kLessOrEqual: return number + 1.0;
    default: return values_equal_to(condition.value);
  }
}

int bits_of(DataType type) {
  switch (type) {
    case DataType::kUint8: return 8;
    case DataType::kUint16: return 16;
    case DataType::kUint32: return 32;
    case DataType::kUint64: return 64;
    case DataType::kByteArray16: return 128;
    default: return 1;
  }
}

}  // namespace

WeightBits weight_bits(LayerId layer, Field field) {
  const std::vector<PlacedField> map = layer_map(layer);
  const auto found = std::ranges::find(map, field, &PlacedField::field);
  return found == map.end() ? WeightBits{} : found->bits;
}

std::uint64_t weight_share(std::span<const Condition> run, int value_bits, int width) {
  const double all = std::exp2(value_bits);
  double admitted = 0;
  for (const Condition& condition : run) admitted += admitted_values(condition, all);
  const double exact = static_cast<double>(ones(width));
  const double share = exact * (1.0 - std::log2(std::min(admitted, all)) / value_bits);
  return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::llround(share)));
}

std::uint64_t auto_weight(LayerId layer, std::span<const Condition> conditions) {
  const std::vector<PlacedField> map = layer_map(layer);
  std::uint64_t weight = 0;
  while (!conditions.empty()) {
    const Field field = conditions.front().field;
    std::size_t length = 1;
    while (length < conditions.size() && conditions[length].field == field) ++length;
    const auto placed = std::ranges::find(map, field, &PlacedField::field);
    if (placed != map.end()) {
      const LayerField* entry = layer_field(layer, field);
      const WeightBits bits = placed->bits;
      weight |= weight_share(conditions.first(length), bits_of(entry->type), bits.width) << bits.position;
    }
    conditions = conditions.subspan(length);
  }
  return weight;
}

}  // namespace ssx::wfp
