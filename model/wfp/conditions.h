// model/wfp/conditions.h: filter conditions: what they may say, and whether they match. Source: wfp-model.md 3.4.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "model/base/expected.h"
#include "model/base/octets.h"
#include "model/wfp/error.h"
#include "model/wfp/fields.h"
#include "model/wfp/layers.h"
#include "model/wfp/values.h"

namespace ssx::wfp {

/// FWP_MATCH_TYPE.
enum class MatchType : std::uint32_t {
  kEqual = 0,
  kGreater = 1,
  kLess = 2,
  kGreaterOrEqual = 3,
  kLessOrEqual = 4,
  kRange = 5,
  kFlagsAllSet = 6,
  kFlagsAnySet = 7,
  kFlagsNoneSet = 8,
  kEqualCaseInsensitive = 9,
  kNotEqual = 10,
  kPrefix = 11,
  kNotPrefix = 12,
};

/// FWP_V4_ADDR_AND_MASK, both in host order.
struct V4AddressMask {
  std::uint32_t address = 0;
  std::uint32_t mask = 0;
  friend constexpr auto operator<=>(const V4AddressMask&, const V4AddressMask&) = default;
};
/// FWP_V6_ADDR_AND_MASK: octets in network order.
struct V6AddressMask {
  ByteArray16 address{};
  std::uint8_t prefix_length = 0;  // bits
  friend constexpr auto operator<=>(const V6AddressMask&, const V6AddressMask&) = default;
};
/// A bound of a range; sortable types only.
using RangeBound =
    std::variant<Empty, std::uint8_t, std::uint16_t, std::uint32_t, std::uint64_t, ByteArray16, OctetVector>;
/// FWP_RANGE0: both ends belong to it.
struct Range {
  RangeBound low;
  RangeBound high;
  friend bool operator==(const Range&, const Range&) = default;
};
/// A SID in text form.
struct SidValue {
  std::string text;
  friend auto operator<=>(const SidValue&, const SidValue&) = default;
};
/// The access check of a condition: who is granted FWP_ACTRL_MATCH_FILTER. Only allow entries.
struct SecurityDescriptor {
  std::vector<std::string> allowed_sids;
  bool grants(const TokenSids& token) const;
  friend bool operator==(const SecurityDescriptor&, const SecurityDescriptor&) = default;
};
/// A value of a type that no modelled field has: it can be passed in, and is always a type mismatch.
struct UnusableValue {
  DataType type = DataType::kEmpty;
  friend auto operator<=>(const UnusableValue&, const UnusableValue&) = default;
};

/// FWP_CONDITION_VALUE0. Integers, ports and IPv4 addresses in host order (W-138).
using ConditionValue =
    std::variant<Empty, std::uint8_t, std::uint16_t, std::uint32_t, std::uint64_t, ByteArray16, OctetVector, SidValue,
                 SecurityDescriptor, V4AddressMask, V6AddressMask, Range, UnusableValue>;
DataType data_type(const ConditionValue& value);

/// FWPM_FILTER_CONDITION0.
struct Condition {
  Field field = Field::kUnknown;
  MatchType match = MatchType::kEqual;
  ConditionValue value;
  friend bool operator==(const Condition&, const Condition&) = default;
};

/// "IP_REMOTE_PORT = 27015"
std::string describe(const Condition& condition);

/// Conditions that filters are built from.
Condition equal(Field field, ConditionValue value);
/// EQUAL to one address: u32 or sixteen octets by its version.
Condition address_equals(Field field, const IpAddress& address);
/// EQUAL to a prefix; `prefix_length` at most 32 or 128.
Condition address_in(Field field, const IpAddress& network, std::uint8_t prefix_length);
Condition in_range(Field field, RangeBound low, RangeBound high);

/// The engine's compatibility level (knob wfp_compat).
enum class Compatibility : std::uint8_t { kWin7, kVista };

/// Step 10 of adding a filter: every condition in its order, then repetitions.
/// @errors kConditionNotFound, kInvalidEnumerator (match type), kMatchTypeMismatch, kTypeMismatch, kInvalidNetMask,
///   kInvalidRange, kDuplicateCondition.
/// @source wfp-model.md 1.6, 3.4.  @conformance W-134 to W-137, W-141, W-143, W-144, W-151
expected<void, FwpError> check_conditions(LayerId layer, std::span<const Condition> conditions,
                                          Compatibility compatibility);

/// Whether one condition holds.
bool matches(const Condition& condition, const FieldValue& value);
/// Whether all fields' conditions hold: AND over fields, OR over adjacent conditions on one field (W-132, W-133).
bool matches(std::span<const Condition> conditions, const FieldValues& values);

/// What keeps a set of conditions from matching.
struct Mismatch {
  std::size_t failed_fields = 0;  // runs of conditions that do not hold
  std::string why;                // the first of them in words: "IP_REMOTE_PORT is 27016, not = 27015"; empty if none
};
Mismatch explain_mismatch(std::span<const Condition> conditions, const FieldValues& values);

}  // namespace ssx::wfp
