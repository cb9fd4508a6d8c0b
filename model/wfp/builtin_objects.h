// model/wfp/builtin_objects.h: sublayers and callouts that exist from the start. Source: wfp-model.md 2.2, 2.7.
#pragma once

#include <cstdint>
#include <span>

#include "model/wfp/guids.h"
#include "model/wfp/layers.h"

namespace ssx::wfp {

struct BuiltinSublayer {
  Guid key;
  std::uint16_t weight = 0;
};
struct BuiltinCallout {
  Guid key;
  LayerId layer = LayerId::kUnknown;
  std::uint32_t id = 0;  // 0: not observed, the engine numbers it
  bool uses_provider_context = false;
};

std::span<const BuiltinSublayer> builtin_sublayers();
std::span<const BuiltinCallout> builtin_callouts();

/// Which contexts a filter with this built-in callout may have.
struct CalloutContextRule {
  bool takes_raw = true;       // a filter without provider context is allowed
  std::uint64_t raw_bits = 0;  // the raw contexts defined for it (2.8)
  bool takes_options = false;  // a classify-options context
  bool takes_tunnel = false;   // a tunnel policy
  bool takes_dosp = false;
};
/// The rule of a built-in callout; null for any other.
const CalloutContextRule* callout_context_rule(const Guid& callout);

}  // namespace ssx::wfp
