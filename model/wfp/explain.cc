#include "model/wfp/explain.h"

#include <algorithm>
#include <utility>

namespace ssx::wfp {
namespace {

std::string verdict_text(const ActionResult& result) {
  const std::string word = result.verdict == Verdict::kPermit ? "permit" : "block";
  return (result.hard ? "hard " : "soft ") + word;
}

std::string outcome_text(const ClassifyOutcome& outcome) {
  const std::string word = outcome.permitted() ? "permit" : "block";
  if (outcome.vetoed) return word + " (veto)";
  return outcome.hard ? word + " (hard)" : word;
}

bool has_result(std::span<const SublayerResult> results, Verdict verdict) {
  return std::ranges::any_of(results,
                             [verdict](const SublayerResult& entry) { return entry.result.verdict == verdict; });
}

/// The statement that this outcome is an instance of.
std::string rule_text(const Engine& engine, const ClassifyOutcome& outcome, std::span<const SublayerResult> results) {
  if (!outcome.filter) return "wfp-model.md 2.1 W-111";
  if (outcome.vetoed) return "wfp-model.md 2.6 W-108";
  const Filter& filter = *engine.filter(*outcome.filter);
  const bool asks = names_callout(filter.action.type);
  if (asks && engine.implementation(filter.action.callout) == nullptr) {
    return outcome.permitted() ? "wfp-model.md 2.5 W-113" : "wfp-model.md 2.5 W-112";
  }
  if (outcome.permitted() && has_result(results, Verdict::kBlock)) {
    return outcome.hard ? "wfp-model.md 2.6 W-107" : "wfp-model.md 2.6 W-106";
  }
  if (!outcome.permitted() && has_result(results, Verdict::kPermit)) {
    return asks ? "wfp-model.md 2.6 override table" : "wfp-model.md 2.6 W-104";
  }
  return "wfp-model.md 2.1 W-102";
}

/// Why a filter that matched, and had its say, did not decide in the end.
std::string overruled(const SublayerResult& entry, const ClassifyOutcome& outcome) {
  const bool agreed = entry.result.verdict == outcome.action;
  return "its " + verdict_text(entry.result) + (agreed ? " agrees with" : " gives way to") + " filter " +
         std::to_string(outcome.filter->value);
}

/// The filters of one sublayer that did not decide.
void add_sublayer(const SublayerFilters& group, const SublayerResult& result, const FieldValues& values,
                  const ClassifyOutcome& outcome, std::vector<NearMiss>& misses) {
  bool decided = false;
  for (const Filter* filter : group.filters) {
    if (filter == result.filter) {
      decided = true;
      if (filter->id != *outcome.filter) add_near_miss(misses, *filter, overruled(result, outcome));
    } else if (!matches(filter->conditions, values)) {
      add_mismatch(misses, *filter, values);
    } else if (filter->disabled()) {
      add_near_miss(misses, *filter, "it is disabled");
    } else if (decided) {
      const std::string winner = std::to_string(result.filter->id.value);
      add_near_miss(misses, *filter, "filter " + winner + " of its sublayer comes first (W-102)");
    } else {
      add_near_miss(misses, *filter, "its callout left the decision to the next filter (W-115)");
    }
  }
}

}  // namespace

void add_near_miss(std::vector<NearMiss>& misses, const Filter& filter, std::string why) {
  if (misses.size() < kNearMissesMax) misses.push_back({describe(filter), std::move(why)});
}

void add_mismatch(std::vector<NearMiss>& misses, const Filter& filter, const FieldValues& values) {
  if (misses.size() >= kNearMissesMax) return;
  Mismatch mismatch = explain_mismatch(filter.conditions, values);
  if (mismatch.failed_fields == 1) misses.push_back({describe(filter), std::move(mismatch.why)});
}

void record_classification(const Engine& engine, LayerId layer, const FieldValues& values,
                           const ClassifyOutcome& outcome, std::span<const SublayerResult> results,
                           DecisionRecorder& recorder) {
  Decision decision;
  decision.phase = std::string(layer_name(layer));
  decision.subject = recorder.subject;
  decision.outcome = outcome_text(outcome);
  if (outcome.filter) decision.object = describe(*engine.filter(*outcome.filter));
  decision.rule = rule_text(engine, outcome, results);
  const std::span<const SublayerFilters> groups = engine.filters_at(layer);
  for (std::size_t i = 0; i < groups.size(); ++i) add_sublayer(groups[i], results[i], values, outcome, decision.beaten);
  recorder.decisions.push_back(std::move(decision));
}

}  // namespace ssx::wfp
