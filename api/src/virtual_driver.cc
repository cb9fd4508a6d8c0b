#include "api/src/virtual_driver.h"

#include <cassert>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

namespace ssx::api {
namespace {

constexpr std::size_t kNobody = static_cast<std::size_t>(-1);

/// One program and what it waits for. Touched only by whoever has the turn.
struct Program {
  std::string name;
  std::function<void()> body;
  std::thread thread;
  std::condition_variable turn_came;
  bool done = false;
  // While it waits, exactly one of these three.
  std::optional<CallId> call;
  std::optional<Instant> asleep_until;
  std::function<bool()> ready;
  std::string waits_for;
  std::optional<CallOutcome> outcome;
};

thread_local std::size_t this_program = kNobody;

}  // namespace

/// The turn is a token under `mutex`: `turn` is the program that runs, or kNobody when the conductor (the thread in
/// run()) does. Everything else here is touched only by the holder of the turn.
struct VirtualDriver::State final : sim::Observer {
  State(std::uint64_t seed, sim::Observer& watcher_) : watcher(watcher_), world(seed, *this) {}

  sim::Observer& watcher;
  sim::World world;
  std::vector<std::unique_ptr<Program>> programs;
  std::deque<std::size_t> runnable;
  std::map<CallId, std::size_t> callers;
  std::uint64_t next_call = 1;
  bool stopped = false;  // every wait ends at once

  std::mutex mutex;
  std::condition_variable turn_returned;
  std::size_t turn = kNobody;

  void on_completed(const std::string& host, const host::Completed& completed) override {
    const auto caller = callers.find(completed.id);
    if (caller != callers.end()) {
      Program& program = *programs[caller->second];
      program.outcome = completed.result;
      if (program.call == completed.id) make_runnable(caller->second);
      callers.erase(caller);
    }
    watcher.on_completed(host, completed);
  }
  void on_trace(const std::string& host, const host::TraceRecord& record) override { watcher.on_trace(host, record); }
  void on_keys(const std::string& host, const host::KeysLogged& keys, Instant at) override {
    watcher.on_keys(host, keys, at);
  }
  void on_wire(const std::string& host, Octets datagram, Instant at, sim::WireFate fate) override {
    watcher.on_wire(host, datagram, at, fate);
  }

  void make_runnable(std::size_t index) {
    Program& program = *programs[index];
    program.call.reset();
    program.asleep_until.reset();
    program.ready = nullptr;
    runnable.push_back(index);
  }

  /// Called by a program: gives the turn back and waits until it comes again.
  void give_up_turn() {
    Program& program = *programs[this_program];
    std::unique_lock lock(mutex);
    turn = kNobody;
    turn_returned.notify_one();
    program.turn_came.wait(lock, [this] { return turn == this_program; });
  }

  /// Called by the conductor: lets one program run until it waits or ends.
  void give_turn_to(std::size_t index) {
    std::unique_lock lock(mutex);
    turn = index;
    programs[index]->turn_came.notify_one();
    turn_returned.wait(lock, [this] { return turn == kNobody; });
  }

  void run_body(std::size_t index) {
    this_program = index;
    Program& program = *programs[index];
    {
      std::unique_lock lock(mutex);
      program.turn_came.wait(lock, [this, index] { return turn == index; });
    }
    program.body();
    program.done = true;
    const std::lock_guard lock(mutex);
    turn = kNobody;
    turn_returned.notify_one();
  }

  bool waits(const Program& program) const { return program.call || program.asleep_until || program.ready; }

  /// Programs whose time or condition has come, in the order of the programs.
  void wake_ready() {
    for (std::size_t i = 0; i < programs.size(); ++i) {
      const Program& program = *programs[i];
      if (program.asleep_until && *program.asleep_until <= world.now()) make_runnable(i);
      if (program.ready && program.ready()) make_runnable(i);
    }
  }

  void stop() {
    stopped = true;
    for (std::size_t i = 0; i < programs.size(); ++i) {
      if (waits(*programs[i])) make_runnable(i);
    }
  }

  bool all_done() const {
    for (const auto& program : programs) {
      if (!program->done) return false;
    }
    return true;
  }
};

VirtualDriver::VirtualDriver(std::uint64_t seed, sim::Observer& observer)
    : state_(std::make_unique<State>(seed, observer)) {}

VirtualDriver::~VirtualDriver() = default;

sim::World& VirtualDriver::world() { return state_->world; }

void VirtualDriver::add_program(std::string name, std::function<void()> body) {
  auto program = std::make_unique<Program>();
  program->name = std::move(name);
  program->body = std::move(body);
  state_->programs.push_back(std::move(program));
}

RunOutcome VirtualDriver::run(Duration settle, Duration time_limit) {
  State& state = *state_;
  RunOutcome outcome;
  const Instant limit = state.world.now() + time_limit;
  for (std::size_t i = 0; i < state.programs.size(); ++i) {
    state.runnable.push_back(i);
    state.programs[i]->thread = std::thread([&state, i] { state.run_body(i); });
  }
  while (!state.all_done()) {
    if (!state.runnable.empty()) {
      const std::size_t next = state.runnable.front();
      state.runnable.pop_front();
      state.give_turn_to(next);
      continue;
    }
    state.wake_ready();
    if (!state.runnable.empty()) continue;
    const auto next_event = state.world.next_event();
    if (next_event && *next_event <= limit) {
      state.world.advance();
      continue;
    }
    assert(!state.stopped);  // a stopped wait ends at once, so nobody can wait any more
    outcome.finished = false;
    for (const auto& program : state.programs) {
      if (!program->done) outcome.waiting.push_back(program->name + " waits for " + program->waits_for);
    }
    state.stop();
  }
  for (const auto& program : state.programs) program->thread.join();
  state.programs.clear();
  const Instant end = state.world.now() + settle;
  while (const auto next_event = state.world.next_event()) {
    if (*next_event > end) break;
    state.world.advance();
  }
  return outcome;
}

CallOutcome VirtualDriver::call(const std::string& host, host::Call call) {
  State& state = *state_;
  assert(this_program != kNobody);
  Program& program = *state.programs[this_program];
  if (state.stopped) return unexpected(host::SocketError::kInterrupted);
  call.id = CallId{state.next_call++};
  const CallId id = call.id;
  program.outcome.reset();
  state.callers.emplace(id, this_program);
  const std::string what = std::string(host::name_of(call.body));
  state.world.call(host, std::move(call));
  if (!program.outcome) {
    program.call = id;
    program.waits_for = what;
    state.give_up_turn();
  }
  if (!program.outcome) {  // stopped
    state.callers.erase(id);
    return unexpected(host::SocketError::kInterrupted);
  }
  return *std::exchange(program.outcome, std::nullopt);
}

Instant VirtualDriver::now() { return state_->world.now(); }

void VirtualDriver::sleep_until(Instant at) {
  State& state = *state_;
  if (state.stopped || at <= state.world.now()) return;
  Program& program = *state.programs[this_program];
  program.asleep_until = at;
  program.waits_for = "the clock";
  state.world.wake_at(at);
  state.give_up_turn();
}

bool VirtualDriver::wait_until(const std::function<bool()>& ready, const std::string& what) {
  State& state = *state_;
  if (ready()) return true;
  if (state.stopped) return false;
  Program& program = *state.programs[this_program];
  program.ready = ready;
  program.waits_for = what;
  state.give_up_turn();
  return ready();
}

const host::HostConfig& VirtualDriver::host_config(const std::string& host) {
  return state_->world.host(host).config();
}

void VirtualDriver::with_host(const std::string& host, const std::function<void(host::Host&)>& action) {
  action(state_->world.host(host));
}

}  // namespace ssx::api
