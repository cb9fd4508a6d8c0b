// model/wfp/explain.h: decisions of this folder in words. Source: wfp-model.md 2, 7.1; design: every decision explains
// itself.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "model/base/decision.h"
#include "model/wfp/classify.h"

namespace ssx::wfp {

/// What one sublayer came to, and through which filter; no filter: nothing there decided.
struct SublayerResult {
  ActionResult result;
  const Filter* filter = nullptr;
};

/// Adds the decision of one classification.
/// @param results  one entry for each sublayer of engine.filters_at(layer), in its order
void record_classification(const Engine& engine, LayerId layer, const FieldValues& values,
                           const ClassifyOutcome& outcome, std::span<const SublayerResult> results,
                           DecisionRecorder& recorder);

/// Appends a near miss unless there are enough.
void add_near_miss(std::vector<NearMiss>& misses, const Filter& filter, std::string why);
/// Appends the filter if exactly one of its fields keeps it from matching.
void add_mismatch(std::vector<NearMiss>& misses, const Filter& filter, const FieldValues& values);

}  // namespace ssx::wfp
