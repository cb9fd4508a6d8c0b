// model/wfp/arbitration.h: how results of several sublayers combine. Source: wfp-model.md 2.6.
#pragma once

#include <cstdint>

namespace ssx::wfp {

enum class Verdict : std::uint8_t { kNone, kPermit, kBlock };

/// The result of one sublayer, or of all sublayers so far. A hard one leaves no right to those below.
struct ActionResult {
  Verdict verdict = Verdict::kNone;
  bool hard = false;
  bool from_callout = false;
  friend bool operator==(const ActionResult&, const ActionResult&) = default;
};

struct Combination {
  ActionResult result;
  bool changed = false;  // `next` took over
  bool vetoed = false;   // a callout's block went over a hard permit
};

/// The override table: `current` comes from the sublayers above, `next` from the one below.
/// @source wfp-model.md 2.6.  @conformance W-104 to W-108
Combination combine(const ActionResult& current, const ActionResult& next);

}  // namespace ssx::wfp
