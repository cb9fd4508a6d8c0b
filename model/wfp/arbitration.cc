#include "model/wfp/arbitration.h"

namespace ssx::wfp {
namespace {

/// Same verdict twice: the result is hard if either is; the higher sublayer's stays unless the lower one hardens it.
Combination agree(const ActionResult& current, const ActionResult& next) {
  if (current.hard || !next.hard) return {current, false, false};
  return {next, true, false};
}

}  // namespace

Combination combine(const ActionResult& current, const ActionResult& next) {
  if (next.verdict == Verdict::kNone) return {current, false, false};
  if (current.verdict == Verdict::kNone) return {next, true, false};
  if (current.verdict == next.verdict) return agree(current, next);
  if (!current.hard) return {next, true, false};  // the right was left: the lower sublayer decides
  if (current.verdict == Verdict::kBlock) return {current, false, false};
  // A hard permit. Only callouts see the right, so only a callout's block can go over it (veto).
  if (!next.from_callout) return {current, false, false};
  return {{Verdict::kBlock, true, true}, true, true};
}

}  // namespace ssx::wfp
