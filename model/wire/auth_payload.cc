#include "model/wire/auth_payload.h"

#include <cassert>

namespace ssx::wire {
namespace {

constexpr std::size_t kEntryOctets = 4;  // method, flags

}  // namespace

std::string to_string(AuthMethod method) {
  switch (method) {
    case AuthMethod::kKerberos: return "Kerberos";
    case AuthMethod::kAnonymous: return "anonymous";
    case AuthMethod::kTls: return "TLS";
    case AuthMethod::kNtlm: return "NTLM";
  }
  return std::to_string(static_cast<unsigned>(method));
}

expected<AuthPayload, PayloadErrorKind> parse_auth(Octets body) {
  // authip.md 1.10, D-23: count = (length - 4) / 4; empty lists are malformed.
  if (body.empty() || body.size() % kEntryOctets != 0) return unexpected(PayloadErrorKind::kMalformed);
  AuthPayload payload;
  for (ByteReader in{body}; in.remaining() > 0;) {
    payload.methods.push_back(static_cast<AuthMethod>(in.u16()));
    in.skip(2);  // flags: sent as 0, ignored on receipt
  }
  return payload;
}

void emit_body(OctetVector& out, const AuthPayload& payload) {
  assert(!payload.methods.empty());
  ByteWriter writer{out};
  for (const AuthMethod method : payload.methods) {
    writer.u16(static_cast<std::uint16_t>(method));
    writer.u16(0);
  }
}

}  // namespace ssx::wire
