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

/// A request that everything was found good in.
struct VerifiedRequest {
  Ticket ticket;
  Authenticator authenticator;
  OctetVector replay_mark;
};

expected<ApRequest, KerberosError> read_request(Octets token) {
  const std::optional<KerberosFrame> frame = parse_kerberos_frame(token);
  if (!frame || frame->id != KerberosTokenId::kApReq) return unexpected(KerberosError::kMalformedToken);
  std::optional<ApRequest> request = parse_ap_request(frame->body);
  if (!request) return unexpected(KerberosError::kMalformedToken);
  return std::move(*request);
}

expected<Ticket, KerberosError> open_ticket(const KerberosHost& host, const ApRequest& request) {
  if (request.service.realm != host.self.realm) return unexpected(KerberosError::kWrongRealm);
  if (request.service.name != principal_name(host.self)) return unexpected(KerberosError::kWrongService);
  const crypto::SecretOctets* key = host.domain->key_of(host.self);
  assert(key != nullptr);  // the mechanism looked it up in the same immutable domain
  const auto plaintext = open(*key, KeyUsage::kTicket, emit_service_name(request.service), request.ticket);
  if (!plaintext) return unexpected(KerberosError::kWrongKey);
  std::optional<Ticket> ticket = parse_ticket(plaintext->view());
  if (!ticket) return unexpected(KerberosError::kMalformedToken);
  return std::move(*ticket);
}

expected<Authenticator, KerberosError> open_authenticator(const Ticket& ticket, const ApRequest& request) {
  const auto plaintext =
      open(ticket.session_key, KeyUsage::kApReqAuthenticator, authenticated_part(request), request.authenticator);
  if (!plaintext) return unexpected(KerberosError::kAuthenticatorKey);
  std::optional<Authenticator> authenticator = parse_authenticator(plaintext->view());
  if (!authenticator) return unexpected(KerberosError::kMalformedToken);
  return std::move(*authenticator);
}

/// RFC 4120 3.2.3: the names, then the authenticator's time, then the ticket's times; the skew is allowed for in each.
/// Only our own clock is added to: the times of a hostile request may be any.
std::optional<KerberosError> objection(const KerberosHost& host, const ApRequest& request, const Ticket& ticket,
                                       const Authenticator& authenticator, Instant now) {
  const Instant latest = host.clock(now) + host.options.clock_skew_max;
  const Instant earliest = host.clock(now) - host.options.clock_skew_max;
  if (authenticator.client_name != principal_name(ticket.client)) return KerberosError::kNamesDiffer;
  if (authenticator.time < earliest || authenticator.time > latest) return KerberosError::kClockSkew;
  if (ticket.start > latest) return KerberosError::kTicketNotYetValid;
  if (ticket.end < earliest) return KerberosError::kTicketExpired;
  // authip.md 1.8: mutual always for Kerberos.
  const bool option = (request.options & kApOptionMutualRequired) != 0;
  const bool flag = (authenticator.context_flags & kGssMutualFlag) != 0;
  if (!option || !flag) return KerberosError::kNotMutual;
  return std::nullopt;
}

expected<VerifiedRequest, KerberosError> verify(const KerberosHost& host, Octets token, Instant now) {
  expected<ApRequest, KerberosError> request = read_request(token);
  if (!request) return unexpected(request.error());
  expected<Ticket, KerberosError> ticket = open_ticket(host, *request);
  if (!ticket) return unexpected(ticket.error());
  expected<Authenticator, KerberosError> authenticator = open_authenticator(*ticket, *request);
  if (!authenticator) return unexpected(authenticator.error());
  if (const auto error = objection(host, *request, *ticket, *authenticator, now)) return unexpected(*error);
  const crypto::Digest mark = crypto::hash(crypto::HashAlgorithm::kSha256, {request->authenticator});
  return VerifiedRequest{std::move(*ticket), std::move(*authenticator), to_vector(mark.view())};
}

/// RFC 4120 3.2.4. Draws: sequence number, IV.
OctetVector make_reply(const VerifiedRequest& request, const crypto::SecretOctets& subkey, RandomSource& random) {
  const std::uint32_t sequence_number = random.u32();
  OctetVector plaintext = emit_ap_reply_part({request.authenticator.time, sequence_number, subkey});
  const OctetVector sealed = seal(request.ticket.session_key, KeyUsage::kApRepPart, {}, plaintext, random);
  crypto::wipe(plaintext);
  return emit_kerberos_frame(KerberosTokenId::kApRep, emit_ap_reply(sealed));
}

}  // namespace

/// Draws: subkey, then what make_reply draws; nothing where the request is refused.
GssStepResult KerberosAcceptor::step(Octets token, Instant now, RandomSource& random) {
  if (!std::holds_alternative<Fresh>(state_)) return unexpected(failure(KerberosError::kOutOfTurn));
  expected<VerifiedRequest, KerberosError> request = verify(host_, token, now);
  if (!request) {
    state_ = Failed{};
    return unexpected(failure(request.error()));
  }
  crypto::SecretOctets subkey(kKerberosKeyOctets);
  random.fill(subkey.mutable_view());
  GssStep answer{make_reply(*request, subkey, random), true};
  state_ = Complete{kerberos_context_key(request->ticket.session_key, request->authenticator.subkey, subkey),
                    std::move(request->ticket.client), std::move(request->replay_mark)};
  return answer;
}

crypto::SecretOctets KerberosAcceptor::session_key() const {
  const auto* complete = std::get_if<Complete>(&state_);
  return complete == nullptr ? crypto::SecretOctets() : complete->context_key;
}

std::optional<Principal> KerberosAcceptor::peer() const {
  const auto* complete = std::get_if<Complete>(&state_);
  if (complete == nullptr) return std::nullopt;
  return complete->client;
}

OctetVector KerberosAcceptor::replay_mark() const {
  const auto* complete = std::get_if<Complete>(&state_);
  return complete == nullptr ? OctetVector() : complete->replay_mark;
}

}  // namespace ssx::identity
