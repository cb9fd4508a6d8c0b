// api/src/virtual_driver.h: blocking programs under virtual time. Program threads take turns, one at a time and in a
// fixed order; the clock moves only when every one of them waits. Same seed, same programs: same run.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "api/src/driver.h"
#include "model/sim/world.h"

namespace ssx::api {

/// Why run() ended.
struct RunOutcome {
  bool finished = true;              // every program returned
  std::vector<std::string> waiting;  // otherwise: who waits for what, though nothing can happen any more
};

/// A World and the threads of the programs that use it.
class VirtualDriver final : public Driver {
 public:
  /// `observer` sees all that the world does; it must outlive the driver.
  VirtualDriver(std::uint64_t seed, sim::Observer& observer);
  ~VirtualDriver() override;

  /// Set-up, before run().
  sim::World& world();
  /// Adds a program: `body` will run on a thread of its own when run() is called, first come first served.
  void add_program(std::string name, std::function<void()> body);

  /// Runs all programs to their end, then the world until `settle` of virtual time has passed (packets still under way,
  /// FINs, deletes). When no program can go on and no event is left, the waiting calls end with kInterrupted and the
  /// outcome says so. `time_limit`: virtual time after which the same happens.
  RunOutcome run(Duration settle, Duration time_limit);

  CallOutcome call(const std::string& host, host::Call call) override;
  Instant now() override;
  void sleep_until(Instant at) override;
  bool wait_until(const std::function<bool()>& ready, const std::string& what) override;
  const host::HostConfig& host_config(const std::string& host) override;
  void with_host(const std::string& host, const std::function<void(host::Host&)>& action) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ssx::api
