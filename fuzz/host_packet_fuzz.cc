// Arbitrary datagrams into a host that has a secured listener and an established SA. The input is a series of
// datagrams, each behind two octets of length and one of treatment: as it is, or behind a correct IPv4 header of its
// protocol.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/base/octets.h"
#include "model/identity/domain.h"
#include "model/identity/kerberos.h"
#include "model/identity/tls.h"
#include "model/sim/world.h"

namespace ssx {
namespace {

const IpAddress kClient = IpAddress::v4(0x0A000001);
const IpAddress kServer = IpAddress::v4(0x0A000002);
constexpr std::uint16_t kPort = 27015;

struct Answers final : sim::Observer {
  std::optional<host::CallResult> last;
  void on_completed(const std::string&, const host::Completed& completed) override {
    last = completed.result ? std::optional(*completed.result) : std::nullopt;
  }
  void on_trace(const std::string&, const host::TraceRecord&) override {}
  void on_keys(const std::string&, const host::KeysLogged&, Instant) override {}
  void on_wire(const std::string&, Octets, Instant, sim::WireFate) override {}
};

void require(bool holds) {
  if (!holds) std::abort();
}

struct SecuredPair {
  SecuredPair() : world(1, answers) {
    identity::DomainBuilder builder("EXAMPLE.TEST");
    require(builder.add_machine("client.example.test").has_value());
    require(builder.add_machine("server.example.test").has_value());
    const auto domain = builder.build();
    add("client", kClient, domain);
    add("server", kServer, domain);
    const SocketId listener = secured("server");
    call("server", listener, host::Bind{{kServer, kPort}});
    call("server", listener, host::Listen{});
    call("client", secured("client"), host::Connect{{kServer, kPort}});
    require(answers.last.has_value() && world.host("server").sa_pairs().size() == 1);
  }
  void add(const std::string& name, const IpAddress& address, const std::shared_ptr<const identity::Domain>& domain) {
    host::HostConfig config;
    config.name = name;
    config.addresses = {address};
    config.credentials = identity::domain_credentials(domain, *domain->find_machine(name + ".example.test"));
    config.credentials.mechanisms[identity::kTlsMethod] = identity::make_tls_without_certificate();
    world.add_host(std::move(config));
  }
  void call(const std::string& host, SocketId socket, host::CallBody body) {
    answers.last.reset();
    host::Call call;
    call.socket = socket;
    call.body = std::move(body);
    world.call(host, std::move(call));
    while (!answers.last && world.now() < Instant{std::chrono::seconds(10)} && world.advance()) {
    }
  }
  SocketId secured(const std::string& host) {
    call(host, {}, host::CreateSocket{});
    const SocketId socket = std::get<SocketId>(*answers.last);
    call(host, socket, host::SetSecurity{});
    return socket;
  }

  Answers answers;
  sim::World world;
};

OctetVector framed(std::byte protocol, Octets payload) {
  OctetVector out(20 + payload.size());
  const MutableOctets header(out);
  out[0] = std::byte{0x45};
  store_u16(header.subspan(2), static_cast<std::uint16_t>(out.size()));
  out[8] = std::byte{64};
  out[9] = protocol;
  store_u32(header.subspan(12), kClient.v4_host_order());
  store_u32(header.subspan(16), kServer.v4_host_order());
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < 20; i += 2) sum += load_u16(Octets(out).subspan(i));
  while (sum > 0xFFFF) sum = (sum & 0xFFFF) + (sum >> 16);
  store_u16(header.subspan(10), static_cast<std::uint16_t>(~sum));
  std::ranges::copy(payload, out.begin() + 20);
  return out;
}

}  // namespace
}  // namespace ssx

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ssx;
  SecuredPair pair;
  host::Host& server = pair.world.host("server");
  Octets input = std::as_bytes(std::span(data, size));
  while (input.size() >= 3) {
    const std::size_t octets = std::min<std::size_t>(load_u16(input), input.size() - 3);
    const std::byte treatment = input[2];
    const Octets datagram = input.subspan(3, octets);
    input = input.subspan(3 + octets);
    std::vector<host::HostEffect> effects;
    const bool as_it_is = treatment == std::byte{0};
    server.step(host::PacketArrived{as_it_is ? to_vector(datagram) : framed(treatment, datagram)}, pair.world.now(),
                effects);
    require(server.is_consistent());
  }
  return 0;
}
