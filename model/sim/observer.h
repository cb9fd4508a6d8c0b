// model/sim/observer.h: who watches a run: the same interface under virtual and under real time.
#pragma once

#include <cstddef>
#include <string>

#include "model/base/octets.h"
#include "model/base/time.h"
#include "model/host/host.h"

namespace ssx::sim {

/// What became of a datagram that a host put on the wire.
enum class WireFate : std::uint8_t { kSent, kLost, kCorrupted, kNoSuchHost };

/// Called by a driver while it performs effects, on the driver's thread. Views are borrowed for the call.
class Observer {
 public:
  virtual ~Observer() = default;
  /// A call of a program was answered.
  virtual void on_completed(const std::string& host, const host::Completed& completed) = 0;
  virtual void on_trace(const std::string& host, const host::TraceRecord& record) = 0;
  virtual void on_keys(const std::string& host, const host::KeysLogged& keys, Instant at) = 0;
  /// A datagram left `host`, as it left, before the link did anything to it.
  virtual void on_wire(const std::string& host, Octets datagram, Instant at, WireFate fate) = 0;
};

}  // namespace ssx::sim
