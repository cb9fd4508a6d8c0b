#include <cassert>
#include <utility>

#include "crypto/hash.h"
#include "model/base/overloaded.h"
#include "model/identity/gss_token.h"
#include "model/identity/kerberos_contexts.h"
#include "model/identity/kerberos_messages.h"
#include "model/identity/sealing.h"

namespace ssx::identity {
namespace {

/// Leaves room in a token for everything that is not the ticket: names of at most 255 octets and the authenticator.
constexpr std::size_t kTicketOctetsMax = kKerberosTokenOctetsMax - 2'048;

crypto::SecretOctets draw_key(RandomSource& random) {
  crypto::SecretOctets key(kKerberosKeyOctets);
  random.fill(key.mutable_view());
  return key;
}

/// Emits and wipes: the plaintext lives in no buffer longer than needed.
OctetVector seal_and_wipe(const crypto::SecretOctets& key, KeyUsage usage, Octets associated, OctetVector plaintext,
                          RandomSource& random) {
  OctetVector sealed = seal(key, usage, associated, plaintext, random);
  crypto::wipe(plaintext);
  return sealed;
}

}  // namespace

crypto::SecretOctets kerberos_context_key(const crypto::SecretOctets& session_key,
                                          const crypto::SecretOctets& initiator_subkey,
                                          const crypto::SecretOctets& acceptor_subkey) {
  crypto::Digest digest = crypto::hmac(crypto::HashAlgorithm::kSha256, session_key.view(),
                                       {as_octets("ssx context key"), initiator_subkey.view(), acceptor_subkey.view()});
  crypto::SecretOctets key(digest.view());
  crypto::wipe(digest.mutable_view());
  return key;
}

GssStepResult KerberosInitiator::step(Octets token, Instant now, RandomSource& random) {
  return std::visit(
      Overloaded{
          [&](const Fresh&) { return token.empty() ? send_request(now, random) : fail(KerberosError::kOutOfTurn); },
          [&](const RequestSent& sent) { return read_reply(RequestSent(sent), token); },
          [&](const Complete&) -> GssStepResult { return unexpected(failure(KerberosError::kOutOfTurn)); },
          [&](const Failed&) -> GssStepResult { return unexpected(failure(KerberosError::kOutOfTurn)); },
      },
      std::as_const(state_));
}

GssStepResult KerberosInitiator::fail(KerberosError error) {
  state_ = Failed{};
  return unexpected(failure(error));
}

/// The exchange with the key distribution centre and RFC 4120 3.2.2. Draws: session key, ticket IV, subkey, sequence
/// number, authenticator IV.
GssStepResult KerberosInitiator::send_request(Instant now, RandomSource& random) {
  const crypto::SecretOctets* service_key = host_.domain->key_of(service_);
  assert(service_key != nullptr);  // the mechanism looked it up in the same immutable domain
  RequestSent sent{draw_key(random), {}, host_.clock(now)};
  ApRequest request{.options = kApOptionMutualRequired, .service = {service_.realm, principal_name(service_)}};
  OctetVector ticket = emit_ticket({client_, now, now + host_.options.ticket_lifetime, sent.session_key});
  if (ticket.size() > kTicketOctetsMax) return fail(KerberosError::kTokenTooLarge);
  request.ticket =
      seal_and_wipe(*service_key, KeyUsage::kTicket, emit_service_name(request.service), std::move(ticket), random);

  sent.subkey = draw_key(random);
  const std::uint32_t sequence_number = random.u32();
  OctetVector authenticator = emit_authenticator(
      {principal_name(client_), sent.time, sequence_number, kGssMutualFlag | kGssConfidentialityFlag, sent.subkey});
  request.authenticator = seal_and_wipe(sent.session_key, KeyUsage::kApReqAuthenticator, authenticated_part(request),
                                        std::move(authenticator), random);
  state_ = std::move(sent);
  return GssStep{emit_kerberos_frame(KerberosTokenId::kApReq, emit_ap_request(request)), false};
}

/// RFC 4120 3.2.5.
GssStepResult KerberosInitiator::read_reply(const RequestSent& sent, Octets token) {
  const std::optional<KerberosFrame> frame = parse_kerberos_frame(token);
  if (!frame || frame->id != KerberosTokenId::kApRep) return fail(KerberosError::kMalformedToken);
  const std::optional<Octets> sealed = parse_ap_reply(frame->body);
  if (!sealed) return fail(KerberosError::kMalformedToken);
  const auto plaintext = open(sent.session_key, KeyUsage::kApRepPart, {}, *sealed);
  if (!plaintext) return fail(KerberosError::kWrongReplyKey);
  const std::optional<ApReplyPart> part = parse_ap_reply_part(plaintext->view());
  if (!part) return fail(KerberosError::kMalformedToken);
  // RFC 4120 3.2.5: the time must be the one of the authenticator, else the reply is to another request.
  if (part->time != sent.time) return fail(KerberosError::kReplyMismatch);
  state_ = Complete{kerberos_context_key(sent.session_key, sent.subkey, part->subkey)};
  return GssStep{{}, true};
}

crypto::SecretOctets KerberosInitiator::session_key() const {
  const auto* complete = std::get_if<Complete>(&state_);
  return complete == nullptr ? crypto::SecretOctets() : complete->context_key;
}

/// Who could read the ticket and answer is the service it was made for.
std::optional<Principal> KerberosInitiator::peer() const {
  if (!std::holds_alternative<Complete>(state_)) return std::nullopt;
  return service_;
}

}  // namespace ssx::identity
