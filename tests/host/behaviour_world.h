// tests/host/behaviour_world.h: a world of a client (10.0.0.1) and a server (10.0.0.2), both of one domain, with calls
// that run virtual time until they are answered, and a record of everything that happened.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/host/host.h"
#include "model/identity/domain.h"
#include "model/identity/kerberos.h"
#include "model/identity/tls.h"
#include "model/ipsec/sad.h"
#include "model/sim/world.h"

namespace ssx::host::behaviour {

using std::chrono::seconds;
using Outcome = expected<CallResult, SocketError>;

struct WireRecord {
  std::string host;
  OctetVector datagram;
  Instant at;
  sim::WireFate fate;
};
struct TraceEntry {
  std::string host;
  TraceRecord record;
};

class Recorder final : public sim::Observer {
 public:
  void on_completed(const std::string&, const Completed& completed) override {
    ++answers[completed.id];
    outcomes.insert_or_assign(completed.id, completed.result);
  }
  void on_trace(const std::string& host, const TraceRecord& record) override { trace.push_back({host, record}); }
  void on_keys(const std::string&, const KeysLogged&, Instant) override {}
  void on_wire(const std::string& host, Octets datagram, Instant at, sim::WireFate fate) override {
    wire.push_back({host, to_vector(datagram), at, fate});
  }

  std::map<CallId, Outcome> outcomes;
  std::map<CallId, int> answers;
  std::vector<TraceEntry> trace;
  std::vector<WireRecord> wire;
};

inline const IpAddress kClientAddress = IpAddress::v4(0x0A000001);
inline const IpAddress kServerAddress = IpAddress::v4(0x0A000002);
inline const IpAddress kSilentAddress = IpAddress::v4(0x0A000063);  // nobody has it
inline constexpr std::uint16_t kPort = 27015;
inline const TransportAddress kService{kServerAddress, kPort};

inline std::shared_ptr<const identity::Domain> test_domain() {
  identity::DomainBuilder builder("EXAMPLE.TEST");
  EXPECT_TRUE(builder.add_machine("client.example.test"));
  EXPECT_TRUE(builder.add_machine("server.example.test"));
  return builder.build();
}

inline HostConfig host_config(const std::string& name, const IpAddress& address,
                              const std::shared_ptr<const identity::Domain>& domain) {
  HostConfig config;
  config.name = name;
  config.addresses = {address};
  config.credentials = identity::domain_credentials(domain, *domain->find_machine(name + ".example.test"));
  config.credentials.mechanisms[identity::kTlsMethod] = identity::make_tls_without_certificate();
  config.trace = true;
  return config;
}

struct WorldSetup {
  std::uint64_t seed = 1;
  bool server_ipsec = true;
  ale::Behaviour client_behaviour;
  bool trace = true;
};

/// Two hosts and the calls of their programs.
class TwoHosts {
 public:
  explicit TwoHosts(const WorldSetup& setup = {}) : world(setup.seed, recorder) {
    const auto domain = test_domain();
    HostConfig client = host_config("client", kClientAddress, domain);
    client.behaviour = setup.client_behaviour;
    client.trace = setup.trace;
    HostConfig server = host_config("server", kServerAddress, domain);
    server.ipsec = setup.server_ipsec;
    server.trace = setup.trace;
    world.add_host(std::move(client));
    world.add_host(std::move(server));
  }

  /// Begins a call; its answer may come later.
  CallId begin(const std::string& host, SocketId socket, CallBody body, bool may_block = true) {
    Call call;
    call.id = CallId{next_call_++};
    call.socket = socket;
    call.body = std::move(body);
    call.may_block = may_block;
    const CallId id = call.id;
    world.call(host, std::move(call));
    return id;
  }
  bool is_answered(CallId id) const { return recorder.outcomes.contains(id); }
  /// Runs until the call is answered or the world stands still; nothing happens after `patience`.
  std::optional<Outcome> finish(CallId id, Duration patience = seconds(200)) {
    const Instant end = world.now() + patience;
    while (!is_answered(id)) {
      const auto next = world.next_event();
      if (!next || *next > end) return std::nullopt;
      advance();
    }
    return recorder.outcomes.at(id);
  }
  Outcome call(const std::string& host, SocketId socket, CallBody body, bool may_block = true) {
    const auto outcome = finish(begin(host, socket, std::move(body), may_block));
    EXPECT_TRUE(outcome) << "the call is never answered";
    return outcome ? *outcome : Outcome(unexpected(SocketError::kInterrupted));
  }
  void advance() {
    world.advance();
    ASSERT_TRUE(world.host("client").is_consistent());
    ASSERT_TRUE(world.host("server").is_consistent());
  }
  void run_for(Duration span) {
    const Instant end = world.now() + span;
    world.wake_at(end);
    while (world.now() < end) advance();
  }

  SocketId socket(const std::string& host, SocketType type = SocketType::kStream) {
    return std::get<SocketId>(*call(host, {}, CreateSocket{IpVersion::kV4, type}));
  }
  SocketId secured(const std::string& host, ale::SecuritySettings settings = {},
                   SocketType type = SocketType::kStream) {
    const SocketId id = socket(host, type);
    EXPECT_TRUE(call(host, id, SetSecurity{std::move(settings)}));
    return id;
  }
  SocketId listening(SocketId id) {
    EXPECT_TRUE(call("server", id, Bind{{IpAddress::any(IpVersion::kV4), kPort}}));
    EXPECT_TRUE(call("server", id, Listen{}));
    return id;
  }
  /// A connected pair: {the client's socket, the accepted one}.
  std::pair<SocketId, SocketId> connected(SocketId client, SocketId listener) {
    EXPECT_TRUE(call("client", client, Connect{kService}));
    const Outcome accepted = call("server", listener, Accept{});
    EXPECT_TRUE(accepted);
    return {client, accepted ? std::get<Accepted>(*accepted).socket : SocketId{}};
  }
  void send(const std::string& host, SocketId id, const std::string& text) {
    const Outcome sent = call(host, id, Send{octets_of(text), 0});
    ASSERT_TRUE(sent);
    EXPECT_EQ(std::get<std::size_t>(*sent), text.size());
  }
  std::string receive(const std::string& host, SocketId id, std::size_t count) {
    const Outcome received = call(host, id, Receive{count, false, true});
    EXPECT_TRUE(received) << to_string(received.error());
    return received ? text_of(std::get<Received>(*received).octets) : "";
  }

  static OctetVector octets_of(const std::string& text) {
    OctetVector out;
    for (const char c : text) out.push_back(static_cast<std::byte>(c));
    return out;
  }
  static std::string text_of(Octets octets) {
    std::string out;
    for (const std::byte octet : octets) out.push_back(static_cast<char>(octet));
    return out;
  }

  template <class T>
  std::vector<T> events(const std::string& host) const {
    std::vector<T> found;
    for (const TraceEntry& entry : recorder.trace) {
      if (entry.host != host) continue;
      if (const T* event = std::get_if<T>(&entry.record.event)) found.push_back(*event);
    }
    return found;
  }
  /// The ALE layers of the host's classifications for a protocol, in order.
  std::vector<wfp::LayerId> ale_layers(const std::string& host, IpProtocol protocol) const {
    std::vector<wfp::LayerId> layers;
    for (const Classified& classified : events<Classified>(host)) {
      if (classified.tuple.protocol == protocol) layers.push_back(classified.layer);
    }
    return layers;
  }
  /// Datagrams of a host on the wire that are clear TCP, or UDP to another port than 500.
  std::size_t clear_packets(const std::string& host) const {
    std::size_t count = 0;
    for (const WireRecord& record : recorder.wire) {
      if (record.host != host) continue;
      const auto tuple = ipsec::tuple_of(record.datagram, false);
      if (!tuple) continue;
      if (tuple->protocol == IpProtocol::kTcp || (tuple->protocol == IpProtocol::kUdp && tuple->remote.port != 500))
        ++count;
    }
    return count;
  }

  Recorder recorder;
  sim::World world;

 private:
  std::uint64_t next_call_ = 1;
};

inline ale::SecuritySettings with_flags(std::uint32_t security_flags, std::uint32_t ipsec_flags = 0) {
  ale::SecuritySettings settings;
  settings.security_flags = security_flags;
  settings.ipsec_flags = ipsec_flags;
  return settings;
}

}  // namespace ssx::host::behaviour
