#include "api/src/process.h"

#include <atomic>

namespace ssx::api {
namespace {

struct ThreadState {
  Process* process = nullptr;
  std::uint32_t last_error = 0;
  std::shared_ptr<const identity::AccessToken> token;
};

thread_local ThreadState thread_state;
std::atomic<Process*> default_process{nullptr};

}  // namespace

struct Process::Counter {
  std::atomic<int> started{0};
};

Process::Process(Driver& driver, std::string host)
    : driver_(driver), host_(std::move(host)), counter_(std::make_shared<Counter>()) {}

void Process::start_up() { ++counter_->started; }

bool Process::clean_up() {
  int count = counter_->started.load();
  while (count > 0) {
    if (counter_->started.compare_exchange_weak(count, count - 1)) return true;
  }
  return false;
}

bool Process::started() const { return counter_->started.load() > 0; }

void bind_thread(Process* process) { thread_state.process = process; }

void set_default_process(Process* process) { default_process = process; }

Process* current_process() { return thread_state.process != nullptr ? thread_state.process : default_process.load(); }

std::uint32_t last_error() { return thread_state.last_error; }

void set_last_error(std::uint32_t code) { thread_state.last_error = code; }

const identity::AccessToken* thread_token() { return thread_state.token.get(); }

void set_thread_token(std::shared_ptr<const identity::AccessToken> token) { thread_state.token = std::move(token); }

}  // namespace ssx::api
