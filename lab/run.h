// lab/run.h: runs a scenario under either driver.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "lab/records.h"
#include "lab/scenario.h"
#include "model/base/expected.h"

namespace ssx::lab {

struct RunOptions {
  std::optional<std::uint64_t> seed;  // instead of the scenario's
  bool log_keys = false;              // records hold the keys, for a capture
  std::string program_path;           // real driver: the ssx program, started once per host
};

/// Under virtual time, in this process. @errors a sentence: a knob has no such value, …
expected<Records, std::string> run_virtual(Scenario scenario, const RunOptions& options);

/// Under real time, one process per host over UDP on 127.0.0.1. @errors a sentence: an address in use, a host process
/// died, …
expected<Records, std::string> run_real(Scenario scenario, const RunOptions& options);

/// Writes the wire as pcapng to `path` and the keys beside it, to the folder `path`.keys. @errors a sentence with the
/// path
expected<void, std::string> write_capture(const std::string& path, const Records& records);

}  // namespace ssx::lab
