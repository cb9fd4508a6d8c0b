#include <algorithm>
#include <cassert>
#include <utility>

#include "model/base/overloaded.h"
#include "model/wfp/conditions.h"

namespace ssx::wfp {
namespace {

constexpr bool is_unsigned(DataType type) { return type >= DataType::kUint8 && type <= DataType::kUint64; }
constexpr bool is_token(DataType type) {
  return type == DataType::kTokenInformation || type == DataType::kTokenAccessInformation;
}
/// 3.4: integers, sixteen-octet arrays, blobs and strings; SIDs, tokens and floating-point numbers are not.
constexpr bool is_sortable(DataType type) {
  return (type >= DataType::kUint8 && type <= DataType::kInt64) || type == DataType::kByteArray16 ||
         type == DataType::kByteBlob || type == DataType::kUnicodeString || type == DataType::kByteArray6;
}

/// The table of match types in 3.4.
bool is_legal(MatchType match, DataType field_type) {
  switch (match) {
    case MatchType::kEqual: return true;
    case MatchType::kGreater:
    case MatchType::kLess:
    case MatchType::kGreaterOrEqual:
    case MatchType::kLessOrEqual:
    case MatchType::kRange:
    case MatchType::kNotEqual: return is_sortable(field_type);
    case MatchType::kFlagsAllSet:
    case MatchType::kFlagsAnySet:
    case MatchType::kFlagsNoneSet: return is_unsigned(field_type);
    case MatchType::kEqualCaseInsensitive: return field_type == DataType::kUnicodeString;
    case MatchType::kPrefix:
    case MatchType::kNotPrefix: return field_type == DataType::kByteBlob || field_type == DataType::kUnicodeString;
  }
  return false;
}

DataType bound_type(const RangeBound& bound) {
  return std::visit(Overloaded{
                        [](Empty) { return DataType::kEmpty; },
                        [](std::uint8_t) { return DataType::kUint8; },
                        [](std::uint16_t) { return DataType::kUint16; },
                        [](std::uint32_t) { return DataType::kUint32; },
                        [](std::uint64_t) { return DataType::kUint64; },
                        [](const ByteArray16&) { return DataType::kByteArray16; },
                        [](const OctetVector&) { return DataType::kByteBlob; },
                    },
                    bound);
}

expected<void, FwpError> check_range(const Range& range, DataType field_type) {
  if (bound_type(range.low) != bound_type(range.high)) return unexpected(FwpError::kTypeMismatch);
  if (bound_type(range.low) != field_type) return unexpected(FwpError::kTypeMismatch);
  if (range.low > range.high) return unexpected(FwpError::kInvalidRange);
  return {};
}

/// A mask in host order without gaps: ones, then zeros.
constexpr bool is_contiguous(std::uint32_t mask) { return (~mask & (~mask + 1U)) == 0; }

/// Masks stand for a value of an address field, and only to be (un)equal to it.
expected<void, FwpError> check_mask(const Condition& condition, const LayerField& field, DataType address_type) {
  if (field.kind != FieldKind::kIpAddress || field.type != address_type) return unexpected(FwpError::kTypeMismatch);
  if (condition.match != MatchType::kEqual && condition.match != MatchType::kNotEqual) {
    return unexpected(FwpError::kMatchTypeMismatch);
  }
  const auto* v4 = std::get_if<V4AddressMask>(&condition.value);
  if (v4 != nullptr && !is_contiguous(v4->mask)) return unexpected(FwpError::kInvalidNetMask);
  const auto* v6 = std::get_if<V6AddressMask>(&condition.value);
  if (v6 != nullptr && v6->prefix_length > 128) return unexpected(FwpError::kInvalidNetMask);
  return {};
}

/// 3.4 rule 3: types agree exactly, but for the exceptions named there.
expected<void, FwpError> check_value(const Condition& condition, const LayerField& field) {
  const DataType type = data_type(condition.value);
  if ((condition.match == MatchType::kRange) != (type == DataType::kRange)) return unexpected(FwpError::kTypeMismatch);
  switch (type) {
    case DataType::kRange: return check_range(std::get<Range>(condition.value), field.type);
    case DataType::kV4AddressMask: return check_mask(condition, field, DataType::kUint32);
    case DataType::kV6AddressMask: return check_mask(condition, field, DataType::kByteArray16);
    case DataType::kSecurityDescriptor:
      if (is_token(field.type)) return {};
      return unexpected(FwpError::kTypeMismatch);
    case DataType::kEmpty:  // rule 5: EMPTY may be asked for, but only by EQUAL
      if (condition.match == MatchType::kEqual) return {};
      return unexpected(FwpError::kTypeMismatch);
    default:
      if (type == field.type) return {};
      return unexpected(FwpError::kTypeMismatch);
  }
}

expected<void, FwpError> check_condition(LayerId layer, const Condition& condition) {
  if (condition.field == Field::kUnknown) return unexpected(FwpError::kConditionNotFound);
  if (condition.match > MatchType::kNotPrefix) return unexpected(FwpError::kInvalidEnumerator);
  if (layer_fields(layer).empty()) return {};  // 0.3: a layer that exists for imports only
  const LayerField* field = layer_field(layer, condition.field);
  if (field == nullptr) return unexpected(FwpError::kConditionNotFound);
  if (!is_legal(condition.match, field->type)) return unexpected(FwpError::kMatchTypeMismatch);
  return check_value(condition, *field);
}

/// P-8: a field may be repeated in one run of conditions only; in Vista mode not at all.
bool repeats(std::span<const Condition> conditions, std::size_t index, Compatibility compatibility) {
  const Field field = conditions[index].field;
  if (index == 0) return false;
  if (compatibility == Compatibility::kWin7 && conditions[index - 1].field == field) return false;
  const std::span<const Condition> earlier = conditions.first(index);
  return std::ranges::find(earlier, field, &Condition::field) != earlier.end();
}

}  // namespace

DataType data_type(const ConditionValue& value) {
  return std::visit(Overloaded{
                        [](Empty) { return DataType::kEmpty; },
                        [](std::uint8_t) { return DataType::kUint8; },
                        [](std::uint16_t) { return DataType::kUint16; },
                        [](std::uint32_t) { return DataType::kUint32; },
                        [](std::uint64_t) { return DataType::kUint64; },
                        [](const ByteArray16&) { return DataType::kByteArray16; },
                        [](const OctetVector&) { return DataType::kByteBlob; },
                        [](const SidValue&) { return DataType::kSid; },
                        [](const SecurityDescriptor&) { return DataType::kSecurityDescriptor; },
                        [](const V4AddressMask&) { return DataType::kV4AddressMask; },
                        [](const V6AddressMask&) { return DataType::kV6AddressMask; },
                        [](const Range&) { return DataType::kRange; },
                        [](const UnusableValue& unusable) { return unusable.type; },
                    },
                    value);
}

expected<void, FwpError> check_conditions(LayerId layer, std::span<const Condition> conditions,
                                          Compatibility compatibility) {
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    if (auto checked = check_condition(layer, conditions[i]); !checked) return checked;
    if (repeats(conditions, i, compatibility)) return unexpected(FwpError::kDuplicateCondition);
  }
  return {};
}

}  // namespace ssx::wfp
