#include "model/wfp/classify.h"

#include <algorithm>
#include <span>

#include "model/wfp/explain.h"

namespace ssx::wfp {
namespace {

constexpr ActionResult kUndecided{};

/// 2.5: the implementation is missing. The filter then stands for itself, not for a callout.
ActionResult unregistered(const Filter& filter) {
  if (filter.action.type == ActionType::kCalloutInspection) return kUndecided;  // W-114
  // W-113: as a soft permit. W-112: as a filter that blocks.
  if ((filter.flags & kFilterPermitIfCalloutUnregistered) != 0) return {Verdict::kPermit, false, false};
  return {Verdict::kBlock, true, false};
}

ActionResult ask_callout(const Engine& engine, const Filter& filter, const FieldValues& values,
                         ClassifyMetadata& metadata) {
  const Callout* callout = engine.implementation(filter.action.callout);
  if (callout == nullptr) return unregistered(filter);
  const CalloutResult answer = callout->classify(values, filter, metadata);
  // 2.4: inspection never decides. W-115: after CONTINUE the next filter is evaluated.
  const bool inspects = filter.action.type == ActionType::kCalloutInspection;
  if (inspects || answer.action == CalloutAction::kContinue) return kUndecided;
  // 2.6: soft unless the right is cleared, by the callout or by the filter's flag (P-7).
  const bool hard = answer.clears_right || (filter.flags & kFilterClearActionRight) != 0;
  return {answer.action == CalloutAction::kPermit ? Verdict::kPermit : Verdict::kBlock, hard, true};
}

ActionResult evaluate(const Engine& engine, const Filter& filter, const FieldValues& values,
                      ClassifyMetadata& metadata) {
  switch (filter.action.type) {
    case ActionType::kBlock: return {Verdict::kBlock, true, false};  // W-105: hard by default
    case ActionType::kPermit: return {Verdict::kPermit, (filter.flags & kFilterClearActionRight) != 0, false};
    default: return ask_callout(engine, filter, values, metadata);
  }
}

/// W-102: the first filter, by weight, that matches and decides. A linear scan: the place for an index.
SublayerResult classify_sublayer(const Engine& engine, std::span<const Filter* const> filters,
                                 const FieldValues& values, ClassifyMetadata& metadata) {
  for (const Filter* filter : filters) {
    if (filter->disabled() || !matches(filter->conditions, values)) continue;
    const ActionResult result = evaluate(engine, *filter, values, metadata);
    if (result.verdict != Verdict::kNone) return {result, filter};
  }
  return {};
}

}  // namespace

ClassifyOutcome classify(const Engine& engine, LayerId layer, const FieldValues& values, ClassifyMetadata& metadata,
                         DecisionRecorder* recorder) {
  ActionResult current;
  ClassifyOutcome outcome;
  std::vector<SublayerResult> results;  // stays empty, and unallocated, without a recorder
  for (const SublayerFilters& group : engine.filters_at(layer)) {
    metadata.right_is_clear = current.hard;
    const SublayerResult result = classify_sublayer(engine, group.filters, values, metadata);
    const Combination combined = combine(current, result.result);
    if (combined.changed) outcome.filter = result.filter->id;
    outcome.vetoed = outcome.vetoed || combined.vetoed;
    current = combined.result;
    if (recorder != nullptr) results.push_back(result);
  }
  if (current.verdict != Verdict::kNone) outcome.action = current.verdict;
  outcome.hard = current.hard;
  if (recorder != nullptr) record_classification(engine, layer, values, outcome, results, *recorder);
  return outcome;
}

}  // namespace ssx::wfp
