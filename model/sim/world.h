// model/sim/world.h: the virtual driver: many hosts in one process, joined by links, under a virtual clock.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/base/random.h"
#include "model/base/time.h"
#include "model/host/host.h"
#include "model/sim/link.h"
#include "model/sim/observer.h"

namespace ssx::sim {

/// Makes the random source of a stream ("host client", "link client server") from the world's seed.
using RandomFactory = std::unique_ptr<RandomSource> (*)(std::uint64_t seed, std::string_view name);

/// AES-CTR streams (crypto/seeded_random.h).
std::unique_ptr<RandomSource> make_seeded_random(std::uint64_t seed, std::string_view name);

/// Hosts, links and the event queue. Deterministic: events at the same instant run in the order in which they were
/// queued. One thread at a time.
class World {
 public:
  /// `observer` must outlive the world.
  World(std::uint64_t seed, Observer& observer, RandomFactory random = make_seeded_random);
  ~World();
  World(World&&) = delete;
  World& operator=(World&&) = delete;

  /// Names and addresses must be new (assert): the lab checks them before.
  host::Host& add_host(host::HostConfig config);
  host::Host& host(const std::string& name);
  std::vector<std::string> host_names() const;

  /// Faults of both directions between two hosts; the default applies to pairs that were not set.
  void set_default_faults(const LinkFaults& faults);
  void set_faults(const std::string& from, const std::string& to, const LinkFaults& faults);

  /// Hands a call to its host at the present instant; the answer comes through the observer, at once or later.
  void call(const std::string& host, host::Call call);
  /// Asks to be woken (advance() returns) at `at` though nothing else happens: sleeping programs.
  void wake_at(Instant at);
  /// Runs the next event (a packet's arrival, a host's deadline, a wake-up), moving the clock to it. False: nothing is
  /// left.
  bool advance();
  /// When the next event is; nothing if none is pending.
  std::optional<Instant> next_event() const;
  Instant now() const { return now_; }

 private:
  struct Node;
  struct Arrival {
    std::size_t node;
    OctetVector datagram;
  };
  using QueueKey = std::pair<Instant, std::uint64_t>;  // ties: order of queueing

  void perform(std::size_t node, std::vector<host::HostEffect>& effects);
  void transmit(std::size_t from, OctetVector datagram);
  void step(std::size_t node, host::HostEvent event);
  std::optional<std::size_t> node_by_address(const IpAddress& address) const;
  const LinkFaults& faults(std::size_t from, std::size_t to) const;
  std::optional<std::pair<Instant, std::size_t>> next_timer() const;

  std::uint64_t seed_;
  Observer& observer_;
  RandomFactory random_factory_;
  Instant now_;
  std::uint64_t sequence_ = 0;
  std::vector<std::unique_ptr<Node>> nodes_;
  std::map<std::string, std::size_t> by_name_;
  std::map<IpAddress, std::size_t> by_address_;
  std::map<QueueKey, Arrival> arrivals_;
  std::map<QueueKey, bool> wakes_;
  LinkFaults default_faults_;
  std::map<std::pair<std::size_t, std::size_t>, LinkFaults> faults_;
  std::map<std::pair<std::size_t, std::size_t>, std::unique_ptr<RandomSource>> link_random_;
};

}  // namespace ssx::sim
