// net/real_host.h: the real driver: one host, one thread, one UDP socket on 127.0.0.1 that stands for its link. It
// decides nothing: receive or call -> event -> step -> effects -> set one timer.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "model/base/address.h"
#include "model/base/expected.h"
#include "model/base/time.h"
#include "model/host/host.h"
#include "model/sim/link.h"
#include "model/sim/observer.h"

namespace ssx::net {

/// Where the hosts of a lab are: simulated address -> name and UDP port on 127.0.0.1.
struct WirePeer {
  std::string name;
  std::uint16_t port = 0;
  sim::LinkFaults faults;  // from this host to that one
};
using WireMap = std::map<IpAddress, WirePeer>;

struct RealOptions {
  std::uint64_t seed = 1;
  double speed = 1.0;                  // modelled seconds per real second
  std::int64_t epoch_nanoseconds = 0;  // the steady clock's value at modelled time 0; 0: now
  std::uint16_t port = 0;              // this host's own UDP port; 0: any
  WireMap peers;
};

/// Runs one host in real time on a thread of its own. Public functions may be called from any thread but that one.
class RealHost {
 public:
  /// `observer` must outlive the object; it is called on the host's thread.
  /// @errors a sentence: the port is in use, …
  static expected<std::unique_ptr<RealHost>, std::string> start(host::HostConfig config, RealOptions options,
                                                                sim::Observer& observer);
  ~RealHost();
  RealHost(RealHost&&) = delete;

  /// Hands a call to the host; the answer comes through the observer.
  void call(host::Call call);
  /// Runs `action` on the host's thread between two events and waits for it.
  void with_host(const std::function<void(host::Host&)>& action);
  Instant now() const;
  /// The real time that `span` of modelled time takes.
  Duration real_span(Duration span) const;
  std::uint16_t port() const;
  /// Stops the thread; nothing is sent or observed any more.
  void stop();

 private:
  struct State;
  explicit RealHost(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace ssx::net
