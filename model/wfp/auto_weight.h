// model/wfp/auto_weight.h: the weight of a filter that asks for none. Source: wfp-model.md 2.3 (P-5, P-6).
#pragma once

#include <cstdint>
#include <span>

#include "model/wfp/conditions.h"
#include "model/wfp/layers.h"

namespace ssx::wfp {

/// Where a field's share of the weight lies: `width` bits from bit `position` upwards; width 0: it has none.
struct WeightBits {
  int position = 0;
  int width = 0;
  friend constexpr auto operator<=>(const WeightBits&, const WeightBits&) = default;
};
/// The field's place in the layer's map. Places do not overlap and lie below bit 60.
WeightBits weight_bits(LayerId layer, Field field);

/// What `run`, the conditions on one field of `value_bits` bits, contributes to a share of `width` bits (P-5 rule 3 and
/// 4).
std::uint64_t weight_share(std::span<const Condition> run, int value_bits, int width);

/// The weight, below 2^60: 0 without conditions, higher for more, and for more specific, conditions.
/// @param conditions  checked by check_conditions
std::uint64_t auto_weight(LayerId layer, std::span<const Condition> conditions);

}  // namespace ssx::wfp
