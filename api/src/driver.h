// api/src/driver.h: how a program's thread reaches its host. Two implementations: virtual time, where threads take
// turns, and real time, where blocking calls block.
#pragma once

#include <functional>
#include <string>

#include "model/base/expected.h"
#include "model/base/time.h"
#include "model/host/calls.h"
#include "model/host/host.h"

namespace ssx::api {

using CallOutcome = expected<host::CallResult, host::SocketError>;

/// Carries calls to hosts and waits for their answers. Called on program threads.
class Driver {
 public:
  virtual ~Driver() = default;

  /// Hands the call to `host` and waits until it is answered. Call::id is set by the driver.
  virtual CallOutcome call(const std::string& host, host::Call call) = 0;
  /// Modelled time.
  virtual Instant now() = 0;
  /// Waits until modelled time has come to `at`.
  virtual void sleep_until(Instant at) = 0;
  /// Waits until `ready()` is true. It is asked again whenever another program has run; it must not block.
  /// @return false if the run was stopped first; `what` says then, in the outcome, what was waited for
  virtual bool wait_until(const std::function<bool()>& ready, const std::string& what) = 0;
  /// What the host was configured with: knobs of the edge.
  virtual const host::HostConfig& host_config(const std::string& host) = 0;
  /// Runs `action` on the host between two events: policy changes, enumeration.
  virtual void with_host(const std::string& host, const std::function<void(host::Host&)>& action) = 0;
};

}  // namespace ssx::api
