// lab/step_parser.h: one step of a program from its YAML form: a map whose key is the call's name.
#pragma once

#include <map>
#include <string>

#include "lab/scenario.h"
#include "lab/yaml_reader.h"
#include "model/base/guid.h"

namespace ssx::lab {

/// Names that steps may use: the policies of the program's host.
struct StepContext {
  std::map<std::string, Guid> policies;
};

/// @throws BadInput
Step parse_step(const Value& value, const StepContext& context);

}  // namespace ssx::lab
