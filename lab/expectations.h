// lab/expectations.h: holds what a run left behind against what the scenario expects.
#pragma once

#include <vector>

#include "lab/records.h"
#include "lab/scenario.h"

namespace ssx::lab {

/// One record for each expectation of the scenario, in its order.
std::vector<ExpectationRecord> judge(const Scenario& scenario, const Records& records);

}  // namespace ssx::lab
