#include <algorithm>
#include <set>

#include "api/src/process.h"
#include "api/src/virtual_driver.h"
#include "lab/expectations.h"
#include "lab/host_builder.h"
#include "lab/program_runner.h"
#include "lab/recorder.h"
#include "lab/run.h"

namespace ssx::lab {
namespace {

/// Programs take turns: no locking is needed.
class LocalSignals final : public SignalBoard {
 public:
  void raise(const std::string& name) override { raised_.insert(name); }
  bool is_raised(const std::string& name) const override { return raised_.contains(name); }

 private:
  std::set<std::string> raised_;
};

void set_links(const Scenario& scenario, sim::World& world) {
  for (const LinkSpec& link : scenario.links) {
    if (link.from.empty()) {
      world.set_default_faults(link.faults);
    } else {
      world.set_faults(link.from, link.to, link.faults);
    }
  }
}

}  // namespace

expected<Records, std::string> run_virtual(Scenario scenario, const RunOptions& options) {
  scenario.seed = options.seed.value_or(scenario.seed);
  auto configs = build_hosts(scenario, options.log_keys);
  if (!configs) return unexpected(configs.error());
  Recorder recorder;
  api::VirtualDriver driver(scenario.seed, recorder);
  for (std::size_t i = 0; i < configs->size(); ++i) {
    auto added = add_policies(scenario.hosts[i], driver.world().add_host(std::move((*configs)[i])));
    if (!added) return unexpected(added.error());
  }
  set_links(scenario, driver.world());

  LocalSignals signals;
  std::vector<std::unique_ptr<api::Process>> processes;
  std::size_t running = scenario.programs.size();
  for (const Program& program : scenario.programs) {
    processes.push_back(std::make_unique<api::Process>(driver, program.host));
    api::Process& process = *processes.back();
    driver.add_program(program.name, [&] {
      run_program(program, process, signals, [&](StepRecord step) { recorder.add_step(std::move(step)); });
      if (--running != 0) return;
      for (const HostSpec& host : scenario.hosts) recorder.add_state(host.name, driver.world().host(host.name));
    });
  }
  constexpr Duration kSettle = std::chrono::seconds(5);  // FINs and deletes still under way
  const api::RunOutcome outcome = driver.run(kSettle, scenario.time_limit);
  Records records = recorder.take();
  records.stuck = outcome.waiting;
  records.expectations = judge(scenario, records);
  return records;
}

}  // namespace ssx::lab
