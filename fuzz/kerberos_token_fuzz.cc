// Kerberos tokens from anybody: raw octets at every parser and at both sides, and octets sealed with the right keys,
// which reach the parsers behind the tags. The first octet chooses.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "crypto/seeded_random.h"
#include "model/identity/gss_token.h"
#include "model/identity/kerberos.h"
#include "model/identity/kerberos_messages.h"
#include "model/identity/sealing.h"

namespace ssx::identity {
namespace {

constexpr Instant kNow{std::chrono::hours(24)};

struct World {
  World() {
    DomainBuilder builder("EXAMPLE.TEST");
    client = builder.add_machine("client.example.test").value();
    server = builder.add_machine("server.example.test").value();
    domain = builder.build();
  }
  Principal client;
  Principal server;
  std::shared_ptr<const Domain> domain;
};

const World& world() {
  static const World kWorld;
  return kWorld;
}

void require(bool condition) {
  if (!condition) std::abort();
}

/// What a parser takes it gives back as the same octets.
template <class Parse, class Emit>
void round_trip(Octets octets, const Parse& parse, const Emit& emit) {
  if (const auto value = parse(octets)) require(equal(emit(*value), octets));
}

void parse_everything(Octets octets) {
  round_trip(octets, parse_kerberos_frame, [](const KerberosFrame& f) { return emit_kerberos_frame(f.id, f.body); });
  round_trip(octets, parse_ap_request, emit_ap_request);
  round_trip(octets, parse_ticket, emit_ticket);
  round_trip(octets, parse_authenticator, emit_authenticator);
  round_trip(octets, parse_ap_reply, emit_ap_reply);
  round_trip(octets, parse_ap_reply_part, emit_ap_reply_part);
}

void ask_server(Octets token) {
  crypto::SeededRandom random(1, "z");
  const auto context = make_kerberos(world().domain, world().server)->accept().value();
  const auto step = context->step(token, kNow, random);
  require(step.has_value() == !context->session_key().empty());
}

/// A context of the client that waits for the reply, and its request.
std::unique_ptr<GssContext> waiting_client(OctetVector& request) {
  crypto::SeededRandom random(1, "a");
  auto context = make_kerberos(world().domain, world().client)->initiate({.target_name = "server"}).value();
  request = context->step({}, kNow, random).value().token;
  return context;
}

void answer_client(Octets token) {
  crypto::SeededRandom random(2, "a");
  OctetVector request;
  const auto context = waiting_client(request);
  const auto step = context->step(token, kNow, random);
  require(step.has_value() == !context->session_key().empty());
}

/// A request whose ticket, or whose authenticator under a good ticket, is `plaintext`.
OctetVector sealed_request(Octets plaintext, bool as_ticket) {
  crypto::SeededRandom random(3, "forger");
  const crypto::SecretOctets session_key(random.octets(kKerberosKeyOctets));
  ApRequest request{.options = kApOptionMutualRequired, .service = {"EXAMPLE.TEST", "host/server.example.test"}};
  const Ticket good{world().client, kNow, kNow + std::chrono::hours(1), session_key};
  const OctetVector ticket = as_ticket ? to_vector(plaintext) : emit_ticket(good);
  request.ticket = seal(*world().domain->key_of(world().server), KeyUsage::kTicket, emit_service_name(request.service),
                        ticket, random);
  request.authenticator =
      seal(session_key, KeyUsage::kApReqAuthenticator, authenticated_part(request), plaintext, random);
  return emit_kerberos_frame(KerberosTokenId::kApReq, emit_ap_request(request));
}

/// A reply by the server itself, with `plaintext` as its part.
void answer_client_sealed(Octets plaintext) {
  crypto::SeededRandom random(4, "z");
  OctetVector request_token;
  const auto context = waiting_client(request_token);
  const ApRequest request = parse_ap_request(parse_kerberos_frame(request_token)->body).value();
  const auto opened = open(*world().domain->key_of(world().server), KeyUsage::kTicket,
                           emit_service_name(request.service), request.ticket);
  const Ticket ticket = parse_ticket(opened.value().view()).value();
  const OctetVector part = seal(ticket.session_key, KeyUsage::kApRepPart, {}, plaintext, random);
  (void)context->step(emit_kerberos_frame(KerberosTokenId::kApRep, emit_ap_reply(part)), kNow, random);
}

}  // namespace
}  // namespace ssx::identity

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ssx::identity;
  if (size == 0 || size > 16'000) return 0;
  const ssx::Octets octets = std::as_bytes(std::span(data + 1, size - 1));
  switch (data[0] % 6) {
    case 0: parse_everything(octets); break;
    case 1: ask_server(octets); break;
    case 2: answer_client(octets); break;
    case 3: ask_server(sealed_request(octets, true)); break;
    case 4: ask_server(sealed_request(octets, false)); break;
    case 5: answer_client_sealed(octets); break;
  }
  return 0;
}
