// model/wfp/classify.h: classification of a packet or flow at one layer. Source: wfp-model.md 2.1, 2.4–2.6.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/base/decision.h"
#include "model/base/strong.h"
#include "model/wfp/arbitration.h"
#include "model/wfp/callout.h"
#include "model/wfp/engine.h"
#include "model/wfp/layers.h"
#include "model/wfp/values.h"

namespace ssx::wfp {

/// What a classification came to.
struct ClassifyOutcome {
  Verdict action = Verdict::kPermit;  // kPermit or kBlock
  bool hard = false;
  bool vetoed = false;             // event: audit 5153 and CLASSIFY_DROP with the veto flag (W-109)
  std::optional<FilterId> filter;  // the filter whose result stands; nothing decided: empty, and permitted (W-111)

  bool permitted() const { return action == Verdict::kPermit; }
  friend bool operator==(const ClassifyOutcome&, const ClassifyOutcome&) = default;
};

/// Collects the reasons, if somebody asks for them. Costs allocations: leave it out on the per-packet path.
struct DecisionRecorder {
  std::string subject;  // copied into each decision
  std::vector<Decision> decisions;
};

/// Filters that were close are told up to this number per decision.
inline constexpr std::size_t kNearMissesMax = 16;

/// Runs the filters of `layer` over `values`. Every sublayer is visited, also after a block (P-4). Allocates nothing
/// when `recorder` is null and the callouts do not.
/// @param metadata  what callouts see and where they leave their wishes; right_is_clear is overwritten
ClassifyOutcome classify(const Engine& engine, LayerId layer, const FieldValues& values, ClassifyMetadata& metadata,
                         DecisionRecorder* recorder = nullptr);

}  // namespace ssx::wfp
