#include "testbed.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace ssx::authip::testing_support {
namespace {

struct FakeInitiator final : identity::GssContext {
  explicit FakeInitiator(const FakeMechanism& its) : mechanism(its) {}
  const FakeMechanism& mechanism;
  int steps = 0;
  expected<identity::GssStep, identity::GssFailure> step(Octets token, Instant, RandomSource&) override {
    if (++steps == 1) {
      if (mechanism.first_token_fails != 0)
        return unexpected(identity::GssFailure{mechanism.first_token_fails, "scripted"});
      return identity::GssStep{to_vector(as_octets("initiator-token-1")), false};
    }
    if (mechanism.initiator_processing_fails != 0) {
      return unexpected(identity::GssFailure{mechanism.initiator_processing_fails, "scripted"});
    }
    const std::string expected_token = "responder-token-" + std::to_string(steps - 1);
    if (to_text(token) != expected_token) return unexpected(identity::GssFailure{13801, "another token"});
    const bool last_token = steps == mechanism.rounds;
    if (last_token && mechanism.last_answer_is_empty) {
      return identity::GssStep{to_vector(as_octets("initiator-token-" + std::to_string(steps))), true};
    }
    if (steps - 1 == mechanism.rounds) return identity::GssStep{{}, true};
    return identity::GssStep{to_vector(as_octets("initiator-token-" + std::to_string(steps))), false};
  }
  crypto::SecretOctets session_key() const override { return crypto::SecretOctets(Octets(mechanism.secret)); }
  std::optional<identity::Principal> peer() const override { return mechanism.acceptor; }
  std::unique_ptr<GssContext> clone() const override { return std::make_unique<FakeInitiator>(*this); }
};

struct FakeAcceptor final : identity::GssContext {
  explicit FakeAcceptor(const FakeMechanism& its) : mechanism(its) {}
  const FakeMechanism& mechanism;
  int steps = 0;
  expected<identity::GssStep, identity::GssFailure> step(Octets token, Instant, RandomSource&) override {
    ++steps;
    if (mechanism.answer_fails != 0) return unexpected(identity::GssFailure{mechanism.answer_fails, "scripted"});
    if (to_text(token) != "initiator-token-" + std::to_string(steps)) {
      return unexpected(identity::GssFailure{13801, "another token"});
    }
    const bool complete = steps == mechanism.rounds;
    if (complete && mechanism.last_answer_is_empty) return identity::GssStep{{}, true};
    return identity::GssStep{to_vector(as_octets("responder-token-" + std::to_string(steps))), complete};
  }
  crypto::SecretOctets session_key() const override { return crypto::SecretOctets(Octets(mechanism.secret)); }
  std::optional<identity::Principal> peer() const override { return mechanism.initiator; }
  std::unique_ptr<GssContext> clone() const override { return std::make_unique<FakeAcceptor>(*this); }
};

OctetVector consecutive(std::uint8_t first, std::size_t count) {
  OctetVector octets;
  for (std::size_t i = 0; i < count; ++i) octets.push_back(static_cast<std::byte>(first + i));
  return octets;
}

}  // namespace

void ScriptedRandom::add(std::uint8_t first, std::size_t count) { append(script_, consecutive(first, count)); }

void ScriptedRandom::fill(MutableOctets out) {
  if (position_ + out.size() > script_.size()) {
    ADD_FAILURE() << "drew " << out.size() << " octets more than the script has";
    std::fill(out.begin(), out.end(), std::byte{0x77});
    return;
  }
  std::copy_n(script_.begin() + static_cast<std::ptrdiff_t>(position_), out.size(), out.begin());
  position_ += out.size();
}

expected<std::unique_ptr<identity::GssContext>, identity::GssFailure> FakeMechanism::initiate(
    const identity::GssInitiatorRequest& request) const {
  requests.push_back(request);
  if (!can_initiate) return unexpected(identity::GssFailure{13806, "no credential"});
  return std::unique_ptr<identity::GssContext>(std::make_unique<FakeInitiator>(*this));
}
expected<std::unique_ptr<identity::GssContext>, identity::GssFailure> FakeMechanism::accept() const {
  return std::unique_ptr<identity::GssContext>(std::make_unique<FakeAcceptor>(*this));
}

identity::Principal machine(const std::string& fqdn) {
  identity::Principal principal;
  principal.host = fqdn;
  principal.account = fqdn.substr(0, fqdn.find('.')) + "$";
  principal.realm = "EXAMPLE.TEST";
  principal.sid.text = "S-1-5-21-1-2-3-1000";
  return principal;
}

identity::Principal user(const std::string& account) {
  identity::Principal principal;
  principal.kind = identity::PrincipalKind::kUser;
  principal.account = account;
  principal.realm = "EXAMPLE.TEST";
  principal.sid.text = "S-1-5-21-1-2-3-1100";
  return principal;
}

std::shared_ptr<FakeMechanism> known_mechanism() {
  auto mechanism = std::make_shared<FakeMechanism>();
  mechanism->secret = consecutive(0xa0, 32);
  mechanism->acceptor = machine("server.example.test");
  mechanism->initiator = machine("client.example.test");
  return mechanism;
}

MainModeChoice main_mode_choice(wfp::MainModePolicy policy) {
  return {guid("b25ea800-0d02-46ed-92bd-7fa84bb73e9d"), FilterId{7},
          std::make_shared<wfp::MainModePolicy>(std::move(policy))};
}
QuickModeChoice quick_mode_choice(wfp::QuickModePolicy policy) {
  return {guid("84242b99-3626-4af0-8ab9-4b6a1d9ff5a6"), FilterId{8},
          std::make_shared<wfp::QuickModePolicy>(std::move(policy)), false};
}

wfp::MainModePolicy kerberos_main_mode() {
  wfp::MainModePolicy policy = wfp::default_main_mode_policy();
  policy.methods = {{wfp::AuthMethod::kKerberos, 0, {}}};
  return policy;
}

wfp::QuickModePolicy without_extended_mode(wfp::QuickModePolicy policy) {
  policy.extended_mode.reset();
  return policy;
}

wfp::QuickModePolicy fast_quick_mode() {
  wfp::QuickModePolicy policy = without_extended_mode(wfp::default_quick_mode_policy());
  wfp::QuickModeProposal chosen;
  for (const wfp::QuickModeProposal& proposal : policy.proposals) {
    if (proposal.transforms.front().cipher == wfp::CipherType::kAes128) chosen = proposal;
  }
  policy.proposals = {chosen};
  return policy;
}

Peer::Peer(const std::string& host_name, IpAddress host_address, const Config& configuration, RandomSource& source)
    : name(host_name), address(host_address), config(configuration), random(source) {
  policies.mm = main_mode_choice(wfp::default_main_mode_policy());
  policies.qm = quick_mode_choice(wfp::default_quick_mode_policy());
  credentials.gss_id = "host/" + host_name;
  credentials.mechanisms[2] = known_mechanism();
}

void Peer::make_engine() { engine = std::make_unique<Engine>(config, Environment{policies, credentials, random}); }

std::vector<std::string> Peer::sent() const {
  std::vector<std::string> names;
  for (const SendDatagram& datagram : all<SendDatagram>()) names.push_back(datagram.name);
  return names;
}

std::vector<OctetVector> Peer::datagrams(const std::string& message) const {
  std::vector<OctetVector> found;
  for (const SendDatagram& datagram : all<SendDatagram>()) {
    if (datagram.name == message) found.push_back(datagram.octets);
  }
  return found;
}

std::vector<double> Peer::times(const std::string& message) const {
  std::vector<double> found;
  for (const Recorded& entry : record) {
    const auto* datagram = std::get_if<SendDatagram>(&entry.effect);
    if (datagram == nullptr || datagram->name != message) continue;
    found.push_back(std::chrono::duration<double>(entry.at.since_epoch).count());
  }
  return found;
}

bool Peer::dropped_with(const std::string& rule_part) const {
  for (const Dropped& dropped : all<Dropped>()) {
    if (dropped.rule.find(rule_part) != std::string::npos || dropped.reason.find(rule_part) != std::string::npos)
      return true;
  }
  return false;
}

TransportAddress a_end() { return {IpAddress::v4(0x0A000001), 500}; }
TransportAddress z_end() { return {IpAddress::v4(0x0A000002), 500}; }

Ladder::Ladder(const Config& config, std::uint64_t seed)
    : own_a(std::make_unique<crypto::SeededRandom>(seed, "A")),
      own_z(std::make_unique<crypto::SeededRandom>(seed, "Z")),
      a("client.example.test", a_end().address, config, *own_a),
      z("server.example.test", z_end().address, config, *own_z) {}

Ladder::Ladder(const Config& config, RandomSource& a_random, RandomSource& z_random)
    : a("client.example.test", a_end().address, config, a_random),
      z("server.example.test", z_end().address, config, z_random) {}

void Ladder::lose(const std::string& message, int count) {
  auto left = std::make_shared<int>(count);
  network = [message, left](Datagram datagram) -> std::vector<Datagram> {
    if (datagram.name == message && *left > 0) {
      --*left;
      return {};
    }
    return {std::move(datagram)};
  };
}

void Ladder::mangle(const std::string& message, std::function<void(OctetVector&)> change) {
  auto done = std::make_shared<bool>(false);
  network = [message, change, done](Datagram datagram) -> std::vector<Datagram> {
    if (datagram.name == message && !*done) {
      *done = true;
      change(datagram.octets);
    }
    return {std::move(datagram)};
  };
}

Acquire Ladder::acquire_event(std::uint16_t port, TargetNames target) {
  Acquire event;
  event.id = NegotiationId{++last_id_};
  event.selector = {IpProtocol::kTcp, {a.address, 0}, {z.address, port}};
  event.main_mode = *a.policies.mm;
  event.quick_mode = *a.policies.qm;
  event.target = std::move(target);
  return event;
}

NegotiationId Ladder::acquire() { return acquire(27015); }
NegotiationId Ladder::acquire(std::uint16_t port, TargetNames target) {
  const Acquire event = acquire_event(port, std::move(target));
  give(a, event);
  return event.id;
}

void Ladder::give(Peer& peer, const Event& event) {
  if (!a.engine) a.make_engine();
  if (!z.engine) z.make_engine();
  collect(peer, peer.engine->step(event, now));
}

void Ladder::inject(Peer& to, const TransportAddress& from, OctetVector octets) {
  give(to, DatagramReceived{{to.address, 500}, from, std::move(octets)});
}

void Ladder::collect(Peer& peer, std::vector<Effect> effects) {
  EXPECT_TRUE(peer.engine->is_consistent()) << peer.name;
  for (Effect& effect : effects) {
    if (const auto* datagram = std::get_if<SendDatagram>(&effect)) {
      under_way.push_back({datagram->local, datagram->remote, datagram->octets, datagram->name});
    }
    if (const auto* pair = std::get_if<InstallInboundSa>(&effect)) {
      for (const ipsec::SaKeys& sa : pair->pair.inbound) peer.policies.used.insert(sa.spi);
    }
    peer.record.push_back({now, std::move(effect)});
  }
}

void Ladder::deliver(const Datagram& datagram) {
  Peer& to = datagram.to.address == a.address ? a : z;
  give(to, DatagramReceived{datagram.to, datagram.from, datagram.octets});
}

void Ladder::settle() {
  while (!under_way.empty()) {
    Datagram datagram = std::move(under_way.front());
    under_way.erase(under_way.begin());
    if (!network) {
      deliver(datagram);
      continue;
    }
    for (const Datagram& arriving : network(std::move(datagram))) deliver(arriving);
  }
}

void Ladder::run_until(Duration end) {
  const Instant last{end};
  settle();
  while (true) {
    std::optional<Instant> next = a.engine->next_deadline();
    const std::optional<Instant> other = z.engine->next_deadline();
    if (other && (!next || *other < *next)) next = other;
    if (!next || *next > last) break;
    now = std::max(now, *next);
    give(a, TimerFired{});
    give(z, TimerFired{});
    settle();
  }
  now = std::max(now, last);
}

std::vector<std::pair<std::string, OctetVector>> read_messages(const std::string& file) {
  std::vector<std::pair<std::string, OctetVector>> messages;
  std::ifstream in(std::string(SSX_SOURCE_DIR) + "/tests/authip/golden/" + file);
  std::string line;
  while (std::getline(in, line)) {
    if (line.empty() || line.front() == '#') continue;
    if (line.starts_with("message ")) {
      messages.emplace_back(line.substr(8), OctetVector{});
    } else {
      append(messages.back().second, hex(line));
    }
  }
  return messages;
}

}  // namespace ssx::authip::testing_support
