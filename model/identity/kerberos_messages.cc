#include "model/identity/kerberos_messages.h"

#include <cassert>

#include "model/identity/domain.h"

namespace ssx::identity {
namespace {

void put_counted(ByteWriter& out, Octets octets) {
  assert(octets.size() <= 0xFFFF);
  out.u16(static_cast<std::uint16_t>(octets.size()));
  out.octets(octets);
}
void put_text(ByteWriter& out, const std::string& text) { put_counted(out, as_octets(text)); }
Octets take_counted(ByteReader& in) { return in.take(in.u16()); }
std::string take_text(ByteReader& in) { return to_text(take_counted(in)); }

/// An instant is its nanoseconds since the epoch in two's complement: a clock that is slow may stand before the epoch.
void put_instant(ByteWriter& out, Instant instant) { out.u64(static_cast<std::uint64_t>(instant.since_epoch.count())); }
Instant take_instant(ByteReader& in) { return {Duration{static_cast<std::int64_t>(in.u64())}}; }

void put_key(ByteWriter& out, const crypto::SecretOctets& key) {
  assert(key.size() == kKerberosKeyOctets);
  out.octets(key.view());
}
crypto::SecretOctets take_key(ByteReader& in) { return crypto::SecretOctets(in.take(kKerberosKeyOctets)); }

bool at_end(const ByteReader& in) { return in.ok() && in.remaining() == 0; }

void put_principal(ByteWriter& out, const Principal& principal) {
  assert(principal.groups.size() <= 0xFFFF);
  out.u8(static_cast<std::uint8_t>(principal.kind));
  put_text(out, principal.account);
  put_text(out, principal.realm);
  put_text(out, principal.host);
  put_text(out, principal.sid.text);
  out.u16(static_cast<std::uint16_t>(principal.groups.size()));
  for (const Sid& group : principal.groups) put_text(out, group.text);
}

std::optional<Principal> take_principal(ByteReader& in) {
  Principal principal;
  const std::uint8_t kind = in.u8();
  if (kind > static_cast<std::uint8_t>(PrincipalKind::kUser)) return std::nullopt;
  principal.kind = static_cast<PrincipalKind>(kind);
  principal.account = take_text(in);
  principal.realm = take_text(in);
  principal.host = take_text(in);
  principal.sid.text = take_text(in);
  const std::size_t groups = in.u16();
  for (std::size_t i = 0; i < groups && in.ok(); ++i) principal.groups.push_back({take_text(in)});
  return principal;
}

void put_service_name(ByteWriter& out, const ServiceName& service) {
  put_text(out, service.realm);
  put_text(out, service.name);
}

}  // namespace

std::optional<ApRequest> parse_ap_request(Octets body) {
  ByteReader in{body};
  if (in.u8() != kKerberosBodyVersion) return std::nullopt;
  ApRequest request;
  request.options = in.u32();
  request.service.realm = take_text(in);
  request.service.name = take_text(in);
  request.ticket = to_vector(take_counted(in));
  request.authenticator = to_vector(take_counted(in));
  if (!at_end(in)) return std::nullopt;
  return request;
}

OctetVector authenticated_part(const ApRequest& request) {
  OctetVector octets;
  ByteWriter out{octets};
  out.u8(kKerberosBodyVersion);
  out.u32(request.options);
  put_service_name(out, request.service);
  put_counted(out, request.ticket);
  return octets;
}

OctetVector emit_ap_request(const ApRequest& request) {
  OctetVector octets = authenticated_part(request);
  ByteWriter out{octets};
  put_counted(out, request.authenticator);
  return octets;
}

OctetVector emit_service_name(const ServiceName& service) {
  OctetVector octets;
  ByteWriter out{octets};
  put_service_name(out, service);
  return octets;
}

std::optional<Ticket> parse_ticket(Octets plaintext) {
  ByteReader in{plaintext};
  std::optional<Principal> client = take_principal(in);
  if (!client) return std::nullopt;
  Ticket ticket{.client = std::move(*client)};
  ticket.start = take_instant(in);
  ticket.end = take_instant(in);
  ticket.session_key = take_key(in);
  if (!at_end(in)) return std::nullopt;
  return ticket;
}

OctetVector emit_ticket(const Ticket& ticket) {
  OctetVector octets;
  ByteWriter out{octets};
  put_principal(out, ticket.client);
  put_instant(out, ticket.start);
  put_instant(out, ticket.end);
  put_key(out, ticket.session_key);
  return octets;
}

std::optional<Authenticator> parse_authenticator(Octets plaintext) {
  ByteReader in{plaintext};
  Authenticator authenticator;
  authenticator.client_name = take_text(in);
  authenticator.time = take_instant(in);
  authenticator.sequence_number = in.u32();
  authenticator.context_flags = in.u32();
  authenticator.subkey = take_key(in);
  if (!at_end(in)) return std::nullopt;
  return authenticator;
}

OctetVector emit_authenticator(const Authenticator& authenticator) {
  OctetVector octets;
  ByteWriter out{octets};
  put_text(out, authenticator.client_name);
  put_instant(out, authenticator.time);
  out.u32(authenticator.sequence_number);
  out.u32(authenticator.context_flags);
  put_key(out, authenticator.subkey);
  return octets;
}

std::optional<Octets> parse_ap_reply(Octets body) {
  ByteReader in{body};
  if (in.u8() != kKerberosBodyVersion) return std::nullopt;
  const Octets sealed = take_counted(in);
  if (!at_end(in)) return std::nullopt;
  return sealed;
}

OctetVector emit_ap_reply(Octets sealed_part) {
  OctetVector octets;
  ByteWriter out{octets};
  out.u8(kKerberosBodyVersion);
  put_counted(out, sealed_part);
  return octets;
}

std::optional<ApReplyPart> parse_ap_reply_part(Octets plaintext) {
  ByteReader in{plaintext};
  ApReplyPart part;
  part.time = take_instant(in);
  part.sequence_number = in.u32();
  part.subkey = take_key(in);
  if (!at_end(in)) return std::nullopt;
  return part;
}

OctetVector emit_ap_reply_part(const ApReplyPart& part) {
  OctetVector octets;
  ByteWriter out{octets};
  put_instant(out, part.time);
  out.u32(part.sequence_number);
  put_key(out, part.subkey);
  return octets;
}

}  // namespace ssx::identity
