#include "lab/host_process.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "api/src/process.h"
#include "api/src/real_driver.h"
#include "lab/control_channel.h"
#include "lab/host_builder.h"
#include "lab/program_runner.h"
#include "lab/recorder.h"
#include "lab/records_json.h"
#include "lab/scenario_parser.h"

namespace ssx::lab {
namespace {

/// Signals travel through the parent: what one process raises, every process sees.
class SharedSignals final : public SignalBoard {
 public:
  explicit SharedSignals(ControlChannel& parent) : parent_(parent) {}

  void raise(const std::string& name) override { parent_.send("signal", name); }
  bool is_raised(const std::string& name) const override {
    const std::lock_guard lock(mutex_);
    return raised_.contains(name);
  }
  void mark(const std::string& name) {
    const std::lock_guard lock(mutex_);
    raised_.insert(name);
  }

 private:
  ControlChannel& parent_;
  mutable std::mutex mutex_;
  std::set<std::string> raised_;
};

/// What the parent decided for the whole run.
struct StartOrder {
  net::RealOptions options;
  bool log_keys = false;
};

net::WireMap wire_map(const Scenario& scenario, const std::string& own, const nlohmann::json& ports) {
  net::WireMap map;
  for (const HostSpec& host : scenario.hosts) {
    net::WirePeer peer{host.name, ports.at(host.name).get<std::uint16_t>(), {}};
    for (const LinkSpec& link : scenario.links) {
      if (link.from.empty() || (link.from == own && link.to == host.name)) peer.faults = link.faults;
    }
    for (const IpAddress& address : host.addresses) map.emplace(address, peer);
  }
  return map;
}

StartOrder read_order(const std::string& text, const Scenario& scenario, const std::string& own) {
  const nlohmann::json in = nlohmann::json::parse(text);
  StartOrder order;
  order.options.seed = in.at("seed").get<std::uint64_t>();
  order.options.speed = in.at("speed").get<double>();
  order.options.epoch_nanoseconds = in.at("epoch").get<std::int64_t>();
  order.options.port = in.at("ports").at(own).get<std::uint16_t>();
  order.options.peers = wire_map(scenario, own, in.at("ports"));
  order.log_keys = in.at("log_keys").get<bool>();
  return order;
}

/// The host, its programs and the conversation with the parent.
class HostRun {
 public:
  HostRun(const Scenario& scenario, const HostSpec& spec, ControlChannel& parent)
      : scenario_(scenario), spec_(spec), parent_(parent), signals_(parent) {}

  int run() {
    const auto start = parent_.receive();
    if (!start || start->verb != "start") return 2;
    if (const std::string complaint = start_host(start->text); !complaint.empty()) {
      parent_.send("error", complaint);
      return 2;
    }
    parent_.send("ready", spec_.name);
    const auto go = parent_.receive();
    if (!go || go->verb != "go") return 2;
    std::vector<std::thread> threads = start_programs();
    listen_to_parent();
    for (std::thread& thread : threads) thread.join();
    driver_.reset();  // nothing is observed any more
    parent_.send("records", to_json_line(recorder_.take()));
    return 0;
  }

 private:
  std::string start_host(const std::string& order_text) {
    const StartOrder order = read_order(order_text, scenario_, spec_.name);
    auto configs = build_hosts(scenario_, order.log_keys);
    if (!configs) return configs.error();
    const auto own = std::ranges::find(*configs, spec_.name, &host::HostConfig::name);
    auto driver = api::RealDriver::start(std::move(*own), order.options, recorder_);
    if (!driver) return driver.error();
    driver_ = std::move(*driver);
    std::string complaint;
    driver_->with_host(spec_.name, [&](host::Host& host) {
      if (const auto added = add_policies(spec_, host); !added) complaint = added.error();
    });
    return complaint;
  }

  std::vector<std::thread> start_programs() {
    std::vector<std::thread> threads;
    const auto is_mine = [this](const Program& program) { return program.host == spec_.name; };
    running_ = static_cast<int>(std::ranges::count_if(scenario_.programs, is_mine));
    if (running_ == 0) parent_.send("done", spec_.name);
    for (const Program& program : scenario_.programs) {
      if (!is_mine(program)) continue;
      processes_.push_back(std::make_unique<api::Process>(*driver_, program.host));
      threads.emplace_back([this, &program, process = processes_.back().get()] {
        run_program(program, *process, signals_, [this](StepRecord step) { recorder_.add_step(std::move(step)); });
        if (--running_ == 0) parent_.send("done", spec_.name);
      });
    }
    return threads;
  }

  /// Until the parent says "finish" (all programs everywhere have ended), "stop" (time is over), or is gone.
  void listen_to_parent() {
    while (const auto message = parent_.receive()) {
      if (message->verb == "signal") {
        signals_.mark(message->text);
        driver_->notify();
      } else if (message->verb == "finish") {
        driver_->with_host(spec_.name, [this](host::Host& host) { recorder_.add_state(spec_.name, host); });
        return;
      } else {
        break;
      }
    }
    driver_->stop();
  }

  const Scenario& scenario_;
  const HostSpec& spec_;
  ControlChannel& parent_;
  SharedSignals signals_;
  Recorder recorder_;
  std::unique_ptr<api::RealDriver> driver_;
  std::vector<std::unique_ptr<api::Process>> processes_;
  std::atomic<int> running_{0};
};

}  // namespace

int run_host_process(const std::string& file, const std::string& name, int control) {
  ControlChannel parent(control);
  const auto scenario = load_scenario(file);
  const HostSpec* spec = scenario ? scenario->find_host(name) : nullptr;
  if (spec == nullptr) {
    parent.send("error", scenario ? "no host '" + name + "' in " + file : scenario.error());
    return 2;
  }
  return HostRun(*scenario, *spec, parent).run();
}

}  // namespace ssx::lab
