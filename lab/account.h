// lab/account.h: what people read after a run: calls, negotiation, decisions, SAs, verdict.
#pragma once

#include <string>

#include "lab/records.h"
#include "lab/scenario.h"

namespace ssx::lab {

struct AccountOptions {
  bool trace = false;  // every decision and classification too
};

/// The account of a run as text, in order of time.
std::string account(const Scenario& scenario, const Records& records, const AccountOptions& options);

/// The same as JSON (docs/run-output.md): steps, lines, wire, SAs, events, expectations, verdict. Times in seconds.
std::string json_report(const Scenario& scenario, const Records& records);

}  // namespace ssx::lab
