// api/src/real_driver.h: blocking programs under real time: a call waits on a condition until its host has answered.
#pragma once

#include <memory>
#include <string>

#include "api/src/driver.h"
#include "net/real_host.h"

namespace ssx::api {

/// One host of this process and the threads that call it.
class RealDriver final : public Driver {
 public:
  /// @errors as net::RealHost::start. `observer` must outlive the driver.
  static expected<std::unique_ptr<RealDriver>, std::string> start(host::HostConfig config, net::RealOptions options,
                                                                  sim::Observer& observer);
  ~RealDriver() override;

  /// Ends every waiting call with kInterrupted and lets no other begin.
  void stop();
  /// Wakes the threads in wait_until(): a condition may have changed.
  void notify();

  CallOutcome call(const std::string& host, host::Call call) override;
  Instant now() override;
  void sleep_until(Instant at) override;
  bool wait_until(const std::function<bool()>& ready, const std::string& what) override;
  const host::HostConfig& host_config(const std::string& host) override;
  void with_host(const std::string& host, const std::function<void(host::Host&)>& action) override;

 private:
  struct State;
  explicit RealDriver(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace ssx::api
