// lab/program_runner.h: runs one program of a scenario on the calling thread, through the C functions that any program
// would call.
#pragma once

#include <functional>
#include <string>

#include "api/src/process.h"
#include "lab/records.h"
#include "lab/scenario.h"

namespace ssx::lab {

/// Signals between programs: raised once, seen by all. Thread-safe.
class SignalBoard {
 public:
  virtual ~SignalBoard() = default;
  virtual void raise(const std::string& name) = 0;
  virtual bool is_raised(const std::string& name) const = 0;
};

/// Runs the steps in order; after a step that did not go as the scenario wants, the program ends.
/// @param process   the process the calling thread belongs to while the program runs.
/// @param finished  told of each step as it ends.
void run_program(const Program& program, api::Process& process, SignalBoard& signals,
                 const std::function<void(StepRecord)>& finished);

}  // namespace ssx::lab
