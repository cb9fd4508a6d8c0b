// lab/scenario_parser.h: reads a scenario file (YAML). The keys are those of docs/scenario.schema.json.
#pragma once

#include <string>

#include "lab/scenario.h"
#include "model/base/expected.h"

namespace ssx::lab {

/// @errors one sentence: file, line, column and what was expected
expected<Scenario, std::string> load_scenario(const std::string& path);

}  // namespace ssx::lab
