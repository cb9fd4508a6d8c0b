// AuthIP datagrams from anybody: raw octets at a responder and at an initiator that waits for #2 or #6, and payload
// chains sealed with the right keys, which reach what lies behind the integrity check. The first octet chooses.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>

#include "crypto/dh.h"
#include "crypto/seeded_random.h"
#include "model/authip/engine.h"
#include "model/authip/main_mode_sa.h"
#include "model/authip/message_protection.h"
#include "model/identity/kerberos.h"

namespace ssx::authip {
namespace {

const TransportAddress kA{IpAddress::v4(0x0A000001), 500};
const TransportAddress kZ{IpAddress::v4(0x0A000002), 500};

void check(bool holds) {
  if (!holds) std::abort();
}

struct OnePolicy final : PolicySource {
  MainModeChoice mm{guid("b25ea800-0d02-46ed-92bd-7fa84bb73e9d"), FilterId{1},
                    std::make_shared<wfp::MainModePolicy>(wfp::default_main_mode_policy())};
  QuickModeChoice qm{guid("84242b99-3626-4af0-8ab9-4b6a1d9ff5a6"), FilterId{2},
                     std::make_shared<wfp::QuickModePolicy>(wfp::default_quick_mode_policy()), false};
  std::optional<MainModeChoice> main_mode(const IpAddress&, const IpAddress&) const override { return mm; }
  std::optional<QuickModeChoice> quick_mode(const ipsec::TrafficSelector&) const override { return qm; }
  bool spi_in_use(Spi) const override { return false; }
};

/// Remembers what was drawn: the private value is in it.
struct RecordingRandom final : RandomSource {
  explicit RecordingRandom(const char* name) : stream(1, name) {}
  crypto::SeededRandom stream;
  OctetVector drawn;
  void fill(MutableOctets out) override {
    stream.fill(out);
    append(drawn, out);
  }
};

struct Host {
  Host(const char* name, const identity::Principal& self, const std::shared_ptr<const identity::Domain>& domain)
      : random(name),
        credentials(identity::domain_credentials(domain, self)),
        engine({}, {policy, credentials, random}) {}
  OnePolicy policy;
  RecordingRandom random;
  identity::CredentialStore credentials;
  Engine engine;
  OctetVector last;  // datagram it sent

  void give(const Event& event, Instant now) {
    for (const Effect& effect : engine.step(event, now)) {
      if (const auto* sent = std::get_if<SendDatagram>(&effect)) last = sent->octets;
    }
    check(engine.is_consistent());
  }
};

/// A and Z of one domain, up to a message of their negotiation.
struct Negotiation {
  Negotiation() {
    identity::DomainBuilder builder("EXAMPLE.TEST");
    const identity::Principal client = builder.add_machine("client.example.test").value();
    const identity::Principal server = builder.add_machine("server.example.test").value();
    const auto domain = builder.build();
    a = std::make_unique<Host>("A", client, domain);
    z = std::make_unique<Host>("Z", server, domain);
    Acquire acquire{
        NegotiationId{1}, {IpProtocol::kTcp, {kA.address, 0}, {kZ.address, 80}}, a->policy.mm, a->policy.qm, {}, {}};
    a->give(acquire, now);
    first = a->last;
  }
  void exchange(int messages) {  // #2, #5, #6, …
    for (int i = 0; i < messages; ++i) {
      if (i % 2 == 0) {
        z->give(DatagramReceived{kZ, kA, a->last}, now);
        if (i == 0) second = z->last;
      } else {
        a->give(DatagramReceived{kA, kZ, z->last}, now);
      }
    }
  }
  /// The keys that both have after #2.
  ProtectionKeys keys() const {
    const PayloadChain one = clear_chain(*read_frame(first));
    const PayloadChain two = clear_chain(*read_frame(second));
    const PayloadSet answer = *read_payloads(two);
    MainModeTerms terms;
    terms.suite = {7, 128, 2, 19};
    terms.initiator_cookie = read_frame(second)->header.initiator_cookie;
    terms.responder_cookie = read_frame(second)->header.responder_cookie;
    const auto own = crypto::DhKeyPair::from_private(crypto::DhGroup::kEcp256, Octets(a->random.drawn).subspan(40, 32));
    terms.z = *own->shared_secret(*answer.key_exchange);
    terms.ni = read_payloads(one)->nonces[0];
    terms.nr = answer.nonces[0];
    const ChainLink chain = second_main_mode_link(two.octets, first_main_mode_link(one.octets));
    return (*derive_main_mode_sa(std::move(terms), {}, chain, Config{}))->protection;
  }
  std::unique_ptr<Host> a;
  std::unique_ptr<Host> z;
  OctetVector first;
  OctetVector second;
  Instant now{std::chrono::hours(24)};
};

/// Some messages into the negotiation, a sealed message of the fuzzer's making for either end.
void sealed(Octets input, int messages, bool to_responder) {
  if (input.size() < 3) return;
  Negotiation negotiation;
  negotiation.exchange(messages);
  MessageHeader header = read_frame(negotiation.second)->header;
  header.exchange = static_cast<ExchangeType>(243 + (std::to_integer<unsigned>(input[0]) & 3U));
  header.message_id = MessageId{std::to_integer<std::uint32_t>(input[0]) >> 6};
  header.sequence = std::to_integer<std::uint32_t>(input[1]) & 3U;
  const PayloadChain chain{std::to_integer<std::uint8_t>(input[2]), to_vector(input.subspan(3))};
  const OctetVector datagram = write_sealed(header, OctetVector(16), chain, negotiation.keys());
  Host& host = to_responder ? *negotiation.z : *negotiation.a;
  host.give(DatagramReceived{to_responder ? kZ : kA, to_responder ? kA : kZ, datagram}, negotiation.now);
  host.give(TimerFired{}, negotiation.now + std::chrono::seconds(100));
}

void raw(Octets input, int messages, bool to_responder) {
  Negotiation negotiation;
  negotiation.exchange(messages);
  Host& host = to_responder ? *negotiation.z : *negotiation.a;
  OctetVector datagram = to_vector(input);
  if (datagram.size() >= 28) ByteWriter(datagram).patch_u32(24, static_cast<std::uint32_t>(datagram.size()));
  host.give(DatagramReceived{to_responder ? kZ : kA, to_responder ? kA : kZ, datagram}, negotiation.now);
  if (datagram.size() >= 28 && messages > 0) {  // the same with the cookies that are known
    std::copy_n(negotiation.second.begin(), 16, datagram.begin());
    host.give(DatagramReceived{to_responder ? kZ : kA, to_responder ? kA : kZ, datagram}, negotiation.now);
  }
  host.give(TimerFired{}, negotiation.now + std::chrono::seconds(100));
}

}  // namespace
}  // namespace ssx::authip

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || size > 2000) return 0;
  const ssx::Octets input = std::as_bytes(std::span(data, size)).subspan(1);
  switch (data[0] % 8) {
    case 0: ssx::authip::raw(input, 0, true); break;   // a responder that knows nobody
    case 1: ssx::authip::raw(input, 0, false); break;  // an initiator that waits for #2
    case 2: ssx::authip::raw(input, 2, false); break;  // … for #6
    case 3: ssx::authip::raw(input, 1, true); break;   // a responder that waits for #5
    case 4: ssx::authip::sealed(input, 1, true); break;
    case 5: ssx::authip::sealed(input, 2, false); break;
    case 6: ssx::authip::sealed(input, 6, true); break;    // extended mode
    default: ssx::authip::sealed(input, 12, true); break;  // after the end
  }
  return 0;
}
