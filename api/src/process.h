// api/src/process.h: what Windows keeps per process and per thread behind the C functions: handles, the start-up count,
// the last error, the thread's impersonation token.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "api/src/driver.h"
#include "api/src/handle_table.h"
#include "model/identity/principal.h"

namespace ssx::api {

/// One simulated process: a program on a host. Thread-safe.
class Process {
 public:
  /// `driver` must outlive the process.
  Process(Driver& driver, std::string host);

  Driver& driver() { return driver_; }
  const std::string& host() const { return host_; }
  HandleTable& handles() { return handles_; }

  /// WSAStartup and WSACleanup are counted.
  void start_up();
  bool clean_up();  // false: not started
  bool started() const;

 private:
  Driver& driver_;
  std::string host_;
  HandleTable handles_;
  struct Counter;
  std::shared_ptr<Counter> counter_;
};

/// The calling thread's view. A thread belongs to the process it was bound to, else to the default process, if any.
void bind_thread(Process* process);
void set_default_process(Process* process);
Process* current_process();

/// GetLastError's slot of the calling thread; shared with WSAGetLastError.
std::uint32_t last_error();
void set_last_error(std::uint32_t code);

/// The token the calling thread impersonates with, if it does (WSAImpersonateSocketPeer).
const identity::AccessToken* thread_token();
void set_thread_token(std::shared_ptr<const identity::AccessToken> token);

}  // namespace ssx::api
