#include "api/src/real_driver.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

namespace ssx::api {

struct RealDriver::State final : sim::Observer {
  State(host::HostConfig config_, sim::Observer& watcher_) : watcher(watcher_), config(std::move(config_)) {}

  sim::Observer& watcher;
  host::HostConfig config;
  std::unique_ptr<net::RealHost> host;
  std::mutex mutex;
  std::condition_variable changed;
  std::map<CallId, std::optional<CallOutcome>> calls;  // made and not yet taken away by their callers
  std::uint64_t next_call = 1;
  bool stopped = false;

  void on_completed(const std::string& name, const host::Completed& completed) override {
    {
      const std::lock_guard lock(mutex);
      const auto call = calls.find(completed.id);
      if (call != calls.end()) call->second = completed.result;
      changed.notify_all();
    }
    watcher.on_completed(name, completed);
  }
  void on_trace(const std::string& name, const host::TraceRecord& record) override { watcher.on_trace(name, record); }
  void on_keys(const std::string& name, const host::KeysLogged& keys, Instant at) override {
    watcher.on_keys(name, keys, at);
  }
  void on_wire(const std::string& name, Octets datagram, Instant at, sim::WireFate fate) override {
    watcher.on_wire(name, datagram, at, fate);
  }
};

RealDriver::RealDriver(std::unique_ptr<State> state) : state_(std::move(state)) {}

RealDriver::~RealDriver() {
  stop();
  state_->host->stop();
}

expected<std::unique_ptr<RealDriver>, std::string> RealDriver::start(host::HostConfig config, net::RealOptions options,
                                                                     sim::Observer& observer) {
  auto state = std::make_unique<State>(config, observer);
  auto host = net::RealHost::start(std::move(config), std::move(options), *state);
  if (!host) return unexpected(host.error());
  state->host = std::move(*host);
  return expected<std::unique_ptr<RealDriver>, std::string>(
      std::unique_ptr<RealDriver>(new RealDriver(std::move(state))));
}

void RealDriver::stop() {
  const std::lock_guard lock(state_->mutex);
  state_->stopped = true;
  state_->changed.notify_all();
}

void RealDriver::notify() {
  const std::lock_guard lock(state_->mutex);
  state_->changed.notify_all();
}

CallOutcome RealDriver::call(const std::string&, host::Call call) {
  CallId id;
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->stopped) return unexpected(host::SocketError::kInterrupted);
    id = CallId{state_->next_call++};
    state_->calls.emplace(id, std::nullopt);
  }
  call.id = id;
  state_->host->call(std::move(call));
  std::unique_lock lock(state_->mutex);
  state_->changed.wait(lock, [&] { return state_->stopped || state_->calls.at(id).has_value(); });
  const std::optional<CallOutcome> outcome = std::move(state_->calls.at(id));
  state_->calls.erase(id);
  if (!outcome) return unexpected(host::SocketError::kInterrupted);
  return *outcome;
}

Instant RealDriver::now() { return state_->host->now(); }

void RealDriver::sleep_until(Instant at) {
  std::unique_lock lock(state_->mutex);
  while (!state_->stopped) {
    const Duration left = at - now();
    if (left <= Duration{0}) return;
    state_->changed.wait_for(lock, state_->host->real_span(left));
  }
}

bool RealDriver::wait_until(const std::function<bool()>& ready, const std::string&) {
  std::unique_lock lock(state_->mutex);
  state_->changed.wait(lock, [&] { return state_->stopped || ready(); });
  return ready();
}

const host::HostConfig& RealDriver::host_config(const std::string&) { return state_->config; }

void RealDriver::with_host(const std::string&, const std::function<void(host::Host&)>& action) {
  state_->host->with_host(action);
}

}  // namespace ssx::api
