#include "model/wfp/conditions.h"

#include <algorithm>
#include <cassert>
#include <string_view>
#include <utility>

#include "model/base/overloaded.h"

namespace ssx::wfp {
namespace {

/// Less, equal or greater by the match type.
bool holds(MatchType match, std::strong_ordering order) {
  switch (match) {
    case MatchType::kEqual: return order == 0;
    case MatchType::kNotEqual: return order != 0;
    case MatchType::kGreater: return order > 0;
    case MatchType::kLess: return order < 0;
    case MatchType::kGreaterOrEqual: return order >= 0;
    case MatchType::kLessOrEqual: return order <= 0;
    default: return false;
  }
}

bool flags_hold(MatchType match, std::uint64_t value, std::uint64_t bits) {
  switch (match) {
    case MatchType::kFlagsAllSet: return (value & bits) == bits;
    case MatchType::kFlagsAnySet: return (value & bits) != 0;
    case MatchType::kFlagsNoneSet: return (value & bits) == 0;
    default: return false;
  }
}

constexpr bool compares_flags(MatchType match) {
  return match == MatchType::kFlagsAllSet || match == MatchType::kFlagsAnySet || match == MatchType::kFlagsNoneSet;
}

/// Octets as memcmp orders them; of two where one begins the other, the shorter is less.
std::strong_ordering order_of(Octets a, Octets b) {
  return std::lexicographical_compare_three_way(a.begin(), a.end(), b.begin(), b.end());
}

bool ends_with(Octets value, Octets tail) {
  return value.size() >= tail.size() && ssx::equal(value.last(tail.size()), tail);
}

bool blob_matches(MatchType match, Octets value, Octets wanted) {
  // 3.4: despite their names these two compare the end (W-147).
  if (match == MatchType::kPrefix) return ends_with(value, wanted);
  if (match == MatchType::kNotPrefix) return !ends_with(value, wanted);
  return holds(match, order_of(value, wanted));
}

template <class Number>
bool number_matches(MatchType match, Number value, Number wanted) {
  return compares_flags(match) ? flags_hold(match, value, wanted) : holds(match, value <=> wanted);
}

/// The first `prefix_length` bits of both are the same.
bool same_prefix(const ByteArray16& a, const ByteArray16& b, std::uint8_t prefix_length) {
  const std::size_t whole = prefix_length / 8U;
  if (!std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(whole), b.begin())) return false;
  const unsigned rest = prefix_length % 8U;
  if (rest == 0) return true;
  const std::byte mask = static_cast<std::byte>(0xFF00U >> rest);
  return (a[whole] & mask) == (b[whole] & mask);
}

/// A value compared with a condition of the same type; everything else does not match.
struct Matcher {
  MatchType match;

  template <class Number>
  requires std::is_unsigned_v<Number>
  bool operator()(Number value, Number wanted) const { return number_matches(match, value, wanted); }
  bool operator()(std::uint32_t value, const V4AddressMask& wanted) const {
    const bool inside = (value & wanted.mask) == (wanted.address & wanted.mask);
    return inside == (match == MatchType::kEqual);
  }
  bool operator()(const ByteArray16& value, const ByteArray16& wanted) const {
    return holds(match, order_of(value, wanted));
  }
  bool operator()(const ByteArray16& value, const V6AddressMask& wanted) const {
    return same_prefix(value, wanted.address, wanted.prefix_length) == (match == MatchType::kEqual);
  }
  bool operator()(Octets value, const OctetVector& wanted) const { return blob_matches(match, value, wanted); }
  bool operator()(std::string_view value, const SidValue& wanted) const {
    return match == MatchType::kEqual && value == wanted.text;
  }
  bool operator()(const TokenSids* value, const SecurityDescriptor& wanted) const { return wanted.grants(*value); }
  // RANGE: both ends belong to it (W-142).
  template <class Value>
  bool operator()(const Value& value, const Range& range) const {
    return std::visit([&](const auto& low, const auto& high) { return Matcher::inside(value, low, high); }, range.low,
                      range.high);
  }
  // 3.4 rule 5: EMPTY equals EMPTY, and every other comparison with it is false (W-146).
  bool operator()(Empty, Empty) const { return match == MatchType::kEqual; }
  bool operator()(Empty, const Range&) const { return false; }
  template <class Value, class Wanted>
  bool operator()(const Value&, const Wanted&) const {
    return false;
  }

  template <class Number>
  requires std::is_unsigned_v<Number>
  static bool inside(Number value, Number low, Number high) { return low <= value && value <= high; }
  static bool inside(const ByteArray16& value, const ByteArray16& low, const ByteArray16& high) {
    return order_of(low, value) <= 0 && order_of(value, high) <= 0;
  }
  static bool inside(Octets value, const OctetVector& low, const OctetVector& high) {
    return order_of(low, value) <= 0 && order_of(value, high) <= 0;
  }
  template <class Value, class Low, class High>
  static bool inside(const Value&, const Low&, const High&) {
    return false;
  }
};

std::string_view operator_text(MatchType match) {
  switch (match) {
    case MatchType::kEqual: return "=";
    case MatchType::kGreater: return ">";
    case MatchType::kLess: return "<";
    case MatchType::kGreaterOrEqual: return ">=";
    case MatchType::kLessOrEqual: return "<=";
    case MatchType::kRange: return "in";
    case MatchType::kFlagsAllSet: return "has all of";
    case MatchType::kFlagsAnySet: return "has any of";
    case MatchType::kFlagsNoneSet: return "has none of";
    case MatchType::kEqualCaseInsensitive: return "= (any case)";
    case MatchType::kNotEqual: return "!=";
    case MatchType::kPrefix: return "ends with";
    case MatchType::kNotPrefix: return "does not end with";
  }
  return "?";
}

std::string bound_text(Field field, const RangeBound& bound) {
  return std::visit(Overloaded{
                        [&](const OctetVector& octets) { return describe(field, FieldValue(Octets(octets))); },
                        [&](const auto& scalar) { return describe(field, FieldValue(scalar)); },
                    },
                    bound);
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

std::string value_text(Field field, const ConditionValue& value) {
  return std::visit(
      Overloaded{
          [&](const OctetVector& octets) { return describe(field, FieldValue(Octets(octets))); },
          [](const SidValue& sid) { return sid.text; },
          [](const SecurityDescriptor& descriptor) { return "one of {" + joined(descriptor.allowed_sids) + "}"; },
          [](const V4AddressMask& mask) {
            return to_string(IpAddress::v4(mask.address)) + "/" + to_string(IpAddress::v4(mask.mask));
          },
          [](const V6AddressMask& mask) {
            return to_string(IpAddress::v6(mask.address)) + "/" + std::to_string(mask.prefix_length);
          },
          [&](const Range& range) { return bound_text(field, range.low) + ".." + bound_text(field, range.high); },
          [](const UnusableValue&) { return std::string("a value of another type"); },
          [&](const auto& scalar) { return describe(field, FieldValue(scalar)); },
      },
      value);
}

/// The conditions on the field that `conditions` begins with.
std::span<const Condition> first_run(std::span<const Condition> conditions) {
  std::size_t length = 1;
  while (length < conditions.size() && conditions[length].field == conditions.front().field) ++length;
  return conditions.first(length);
}

bool any_matches(std::span<const Condition> run, const FieldValue& value) {
  return std::ranges::any_of(run, [&](const Condition& condition) { return matches(condition, value); });
}

std::string why_not(std::span<const Condition> run, const FieldValue& value) {
  const Field field = run.front().field;
  std::string wanted;
  for (const Condition& condition : run) {
    wanted += wanted.empty() ? "" : " or ";
    wanted += std::string(operator_text(condition.match)) + " " + value_text(field, condition.value);
  }
  return std::string(field_name(field)) + " is " + describe(field, value) + ", not " + wanted;
}

}  // namespace

bool SecurityDescriptor::grants(const TokenSids& token) const {
  return std::ranges::any_of(allowed_sids, [&](const std::string& sid) { return token.contains(sid); });
}

std::string describe(const Condition& condition) {
  return std::string(field_name(condition.field)) + " " + std::string(operator_text(condition.match)) + " " +
         value_text(condition.field, condition.value);
}

Condition equal(Field field, ConditionValue value) { return {field, MatchType::kEqual, std::move(value)}; }

Condition address_equals(Field field, const IpAddress& address) {
  if (address.is_v4()) return equal(field, address.v4_host_order());
  return equal(field, address.v6_octets());
}

Condition address_in(Field field, const IpAddress& network, std::uint8_t prefix_length) {
  if (!network.is_v4()) return equal(field, V6AddressMask{network.v6_octets(), prefix_length});
  assert(prefix_length <= 32);
  const std::uint32_t mask = prefix_length == 0 ? 0U : ~std::uint32_t{0} << (32 - prefix_length);
  return equal(field, V4AddressMask{network.v4_host_order(), mask});
}

Condition in_range(Field field, RangeBound low, RangeBound high) {
  return {field, MatchType::kRange, Range{std::move(low), std::move(high)}};
}

bool matches(const Condition& condition, const FieldValue& value) {
  if (std::holds_alternative<AnyValue>(value)) return true;  // U-18
  return std::visit(Matcher{condition.match}, value, condition.value);
}

bool matches(std::span<const Condition> conditions, const FieldValues& values) {
  while (!conditions.empty()) {
    const std::span<const Condition> run = first_run(conditions);
    if (!any_matches(run, values.get(run.front().field))) return false;
    conditions = conditions.subspan(run.size());
  }
  return true;
}

Mismatch explain_mismatch(std::span<const Condition> conditions, const FieldValues& values) {
  Mismatch mismatch;
  while (!conditions.empty()) {
    const std::span<const Condition> run = first_run(conditions);
    const FieldValue& value = values.get(run.front().field);
    if (!any_matches(run, value)) {
      if (mismatch.failed_fields == 0) mismatch.why = why_not(run, value);
      ++mismatch.failed_fields;
    }
    conditions = conditions.subspan(run.size());
  }
  return mismatch;
}

}  // namespace ssx::wfp
