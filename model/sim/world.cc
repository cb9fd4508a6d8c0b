#include "model/sim/world.h"

#include <algorithm>
#include <cassert>

#include "crypto/seeded_random.h"
#include "model/base/overloaded.h"
#include "model/sim/destination.h"

namespace ssx::sim {

struct World::Node {
  std::string name;
  std::unique_ptr<RandomSource> random;
  std::unique_ptr<host::Host> host;
};

std::unique_ptr<RandomSource> make_seeded_random(std::uint64_t seed, std::string_view name) {
  return std::make_unique<crypto::SeededRandom>(seed, name);
}

World::World(std::uint64_t seed, Observer& observer, RandomFactory random)
    : seed_(seed), observer_(observer), random_factory_(random) {}

World::~World() = default;

host::Host& World::add_host(host::HostConfig config) {
  assert(!by_name_.contains(config.name));
  auto node = std::make_unique<Node>();
  node->name = config.name;
  node->random = random_factory_(seed_, "host " + config.name);
  for (const IpAddress& address : config.addresses) {
    const bool is_new = by_address_.emplace(address, nodes_.size()).second;
    assert(is_new);
    static_cast<void>(is_new);
  }
  by_name_.emplace(config.name, nodes_.size());
  node->host = std::make_unique<host::Host>(std::move(config), *node->random);
  nodes_.push_back(std::move(node));
  return *nodes_.back()->host;
}

host::Host& World::host(const std::string& name) { return *nodes_[by_name_.at(name)]->host; }

std::vector<std::string> World::host_names() const {
  std::vector<std::string> names;
  for (const auto& node : nodes_) names.push_back(node->name);
  return names;
}

void World::set_default_faults(const LinkFaults& faults) { default_faults_ = faults; }

void World::set_faults(const std::string& from, const std::string& to, const LinkFaults& faults) {
  faults_[{by_name_.at(from), by_name_.at(to)}] = faults;
}

void World::call(const std::string& host, host::Call call) { step(by_name_.at(host), host::CallMade{std::move(call)}); }

void World::wake_at(Instant at) { wakes_.emplace(QueueKey{std::max(at, now_), sequence_++}, true); }

std::optional<std::pair<Instant, std::size_t>> World::next_timer() const {
  std::optional<std::pair<Instant, std::size_t>> next;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const auto deadline = nodes_[i]->host->next_deadline();
    if (deadline && (!next || *deadline < next->first)) next = {*deadline, i};
  }
  return next;
}

std::optional<Instant> World::next_event() const {
  std::optional<Instant> next;
  const auto consider = [&next](Instant at) {
    if (!next || at < *next) next = at;
  };
  if (!arrivals_.empty()) consider(arrivals_.begin()->first.first);
  if (!wakes_.empty()) consider(wakes_.begin()->first.first);
  if (const auto timer = next_timer()) consider(timer->first);
  return next;
}

bool World::advance() {
  const auto at = next_event();
  if (!at) return false;
  now_ = std::max(now_, *at);
  // At one instant packets come first, then wake-ups, then timers: a packet that arrives with a deadline beats it.
  if (!arrivals_.empty() && arrivals_.begin()->first.first <= now_) {
    Arrival arrival = std::move(arrivals_.begin()->second);
    arrivals_.erase(arrivals_.begin());
    step(arrival.node, host::PacketArrived{std::move(arrival.datagram)});
    return true;
  }
  if (!wakes_.empty() && wakes_.begin()->first.first <= now_) {
    wakes_.erase(wakes_.begin());
    return true;
  }
  step(next_timer()->second, host::TimerFired{});
  return true;
}

void World::step(std::size_t node, host::HostEvent event) {
  std::vector<host::HostEffect> effects;
  nodes_[node]->host->step(std::move(event), now_, effects);
  perform(node, effects);
}

void World::perform(std::size_t node, std::vector<host::HostEffect>& effects) {
  const std::string& name = nodes_[node]->name;
  for (host::HostEffect& effect : effects) {
    std::visit(Overloaded{
                   [&](host::SendPacket& packet) { transmit(node, std::move(packet.datagram)); },
                   [&](host::Completed& completed) { observer_.on_completed(name, completed); },
                   [&](host::Traced& traced) { observer_.on_trace(name, traced.record); },
                   [&](host::KeysLogged& keys) { observer_.on_keys(name, keys, now_); },
               },
               effect);
  }
}

const LinkFaults& World::faults(std::size_t from, std::size_t to) const {
  const auto found = faults_.find({from, to});
  return found == faults_.end() ? default_faults_ : found->second;
}

std::optional<std::size_t> World::node_by_address(const IpAddress& address) const {
  const auto found = by_address_.find(address);
  if (found == by_address_.end()) return std::nullopt;
  return found->second;
}

void World::transmit(std::size_t from, OctetVector datagram) {
  const auto destination = destination_of(datagram);
  const auto to = destination ? node_by_address(*destination) : std::nullopt;
  if (!to) {
    observer_.on_wire(nodes_[from]->name, datagram, now_, WireFate::kNoSuchHost);
    return;
  }
  auto& random = link_random_[{from, *to}];
  if (!random) random = random_factory_(seed_, "link " + nodes_[from]->name + " " + nodes_[*to]->name);
  std::vector<Delivery> deliveries = carry(datagram, faults(from, *to), *random);
  WireFate fate = deliveries.empty() ? WireFate::kLost : WireFate::kSent;
  for (const Delivery& delivery : deliveries) {
    if (delivery.corrupted) fate = WireFate::kCorrupted;
  }
  observer_.on_wire(nodes_[from]->name, datagram, now_, fate);
  for (Delivery& delivery : deliveries) {
    arrivals_.emplace(QueueKey{now_ + delivery.after, sequence_++}, Arrival{*to, std::move(delivery.datagram)});
  }
}

}  // namespace ssx::sim
