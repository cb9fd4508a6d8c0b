// bench/main.cc: runs every benchmark; at the end, the ratio of each pair "<name>/ours" and "<name>/direct".
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

/// The ordinary table, and behind it the ratios. Of the repetitions of a benchmark the fastest counts: on a shared
/// machine everything slower is somebody else's work.
class RatioReporter final : public benchmark::ConsoleReporter {
 public:
  RatioReporter() : ConsoleReporter(OO_None) {}

  void ReportRuns(const std::vector<Run>& runs) override {
    std::vector<Run> shown;
    std::ranges::copy_if(runs, std::back_inserter(shown), [](const Run& run) {
      return run.error_occurred || run.repetitions <= 1 || run.aggregate_name == "median";
    });
    if (!shown.empty()) ConsoleReporter::ReportRuns(shown);
    for (const Run& run : runs) {
      if (run.run_type != Run::RT_Iteration || run.error_occurred || run.iterations == 0) continue;
      const double seconds = run.cpu_accumulated_time / static_cast<double>(run.iterations);
      const auto [at, is_new] = seconds_.try_emplace(run.run_name.function_name, seconds);
      if (!is_new) at->second = std::min(at->second, seconds);
    }
  }

  /// Prints one line a pair and returns how many pairs were complete.
  std::size_t print_ratios() const {
    std::size_t pairs = 0;
    for (const auto& [name, direct] : seconds_) {
      const std::optional<std::string> base = without_suffix(name, "/direct");
      const auto ours = base ? seconds_.find(*base + "/ours") : seconds_.end();
      if (ours == seconds_.end()) continue;
      if (pairs++ == 0) std::printf("\n%-32s %12s %12s %14s\n", "pair", "ours ns", "direct ns", "ours/direct");
      std::printf("%-32s %12.1f %12.1f %14.3f\n", base->c_str(), ours->second * 1e9, direct * 1e9,
                  direct / ours->second);
    }
    return pairs;
  }

 private:
  static std::optional<std::string> without_suffix(std::string_view name, std::string_view suffix) {
    if (!name.ends_with(suffix)) return std::nullopt;
    return std::string(name.substr(0, name.size() - suffix.size()));
  }

  std::map<std::string, double> seconds_;  // processor time of one iteration
};

}  // namespace

int main(int argc, char** argv) {
  // Pairs are run in turns, so that a slow minute of the machine meets both; a flag of the caller comes later and wins.
  std::vector<std::string> defaults{"--benchmark_repetitions=5", "--benchmark_enable_random_interleaving=true",
                                    "--benchmark_min_time=0.05"};
  std::vector<char*> arguments{argv[0]};
  for (std::string& flag : defaults) arguments.push_back(flag.data());
  arguments.insert(arguments.end(), argv + 1, argv + argc);
  int count = static_cast<int>(arguments.size());
  arguments.push_back(nullptr);
  benchmark::Initialize(&count, arguments.data());
  if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) return 2;
  RatioReporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  reporter.print_ratios();
  benchmark::Shutdown();
  return 0;
}
