#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "cli/verbs.h"
#include "lab/account.h"
#include "lab/run.h"
#include "lab/scenario_parser.h"

namespace ssx::cli {
namespace {

constexpr int kPass = 0;
constexpr int kFail = 1;
constexpr int kBadInput = 2;

int complain(const std::string& sentence) {
  fmt::print(stderr, "ssx: {}\n", sentence);
  return kBadInput;
}

/// Several files with one --capture: each gets a number before the ending.
std::string capture_path(const RunArguments& arguments, std::size_t index) {
  if (arguments.files.size() == 1) return arguments.capture;
  const auto dot = arguments.capture.rfind(".pcapng");
  const std::string stem = arguments.capture.substr(0, dot);
  return fmt::format("{}-{}.pcapng", stem, index + 1);
}

int run_file(const RunArguments& arguments, std::size_t index) {
  auto scenario = lab::load_scenario(arguments.files[index]);
  if (!scenario) return complain(scenario.error());
  if (arguments.seed) scenario->seed = *arguments.seed;
  const lab::RunOptions options{arguments.seed, !arguments.capture.empty(), arguments.program_path};
  const auto records = arguments.real ? lab::run_real(*scenario, options) : lab::run_virtual(*scenario, options);
  if (!records) return complain(records.error());
  if (!arguments.capture.empty()) {
    const auto written = lab::write_capture(capture_path(arguments, index), *records);
    if (!written) return complain(written.error());
  }
  if (arguments.json) {
    fmt::print("{}", lab::json_report(*scenario, *records));
  } else if (arguments.quiet) {
    fmt::print("{} {}\n", records->passed() ? "PASS" : "FAIL", scenario->path);
  } else {
    fmt::print("{}", lab::account(*scenario, *records, {arguments.trace}));
  }
  std::fflush(stdout);
  return records->passed() ? kPass : kFail;
}

}  // namespace

int run(const RunArguments& arguments) {
  int worst = kPass;
  for (std::size_t i = 0; i < arguments.files.size(); ++i) worst = std::max(worst, run_file(arguments, i));
  return worst;
}

int check(const std::vector<std::string>& files) {
  int worst = kPass;
  for (const std::string& file : files) {
    const auto scenario = lab::load_scenario(file);
    if (!scenario) {
      worst = complain(scenario.error());
    } else {
      fmt::print("{}: well formed\n", file);
    }
  }
  return worst;
}

}  // namespace ssx::cli
