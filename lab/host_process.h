// lab/host_process.h: one host of a run in real time, in a process of its own, steered by its parent.
#pragma once

#include <string>

namespace ssx::lab {

/// Runs the host `name` of the scenario file until the parent at the other end of `control` has had its records.
/// @return the exit code: 0, or 2 if the host could not be started (the parent is told why)
int run_host_process(const std::string& file, const std::string& name, int control);

}  // namespace ssx::lab
