#include "model/identity/gss_token.h"

#include <array>
#include <cassert>

namespace ssx::identity {
namespace {

constexpr std::uint8_t kApplicationConstructed = 0x60;  // [APPLICATION 0] IMPLICIT SEQUENCE, RFC 2743 3.1
constexpr std::array<std::uint8_t, 11> kKerberosOid{0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x02};

void put_der_length(ByteWriter& out, std::size_t length) {
  assert(length <= 0xFFFF);
  if (length > 0xFF) {
    out.u8(0x82);
    out.u16(static_cast<std::uint16_t>(length));
  } else {
    if (length > 0x7F) out.u8(0x81);
    out.u8(static_cast<std::uint8_t>(length));
  }
}

/// X.690 10.1: the shortest form that holds the length; nothing longer than two octets is needed here.
std::optional<std::size_t> take_der_length(ByteReader& in) {
  const std::uint8_t first = in.u8();
  if (first < 0x80) return first;
  const std::size_t length = first == 0x81 ? in.u8() : first == 0x82 ? in.u16() : 0;
  const std::size_t shortest_of_this_form = first == 0x81 ? 0x80 : 0x100;
  if (!in.ok() || length < shortest_of_this_form) return std::nullopt;
  return length;
}

}  // namespace

std::optional<KerberosFrame> parse_kerberos_frame(Octets token) {
  if (token.size() > kKerberosTokenOctetsMax) return std::nullopt;
  ByteReader in{token};
  if (in.u8() != kApplicationConstructed) return std::nullopt;
  const std::optional<std::size_t> length = take_der_length(in);
  if (!length || *length != in.remaining()) return std::nullopt;
  if (!equal(in.take(kKerberosOid.size()), std::as_bytes(std::span(kKerberosOid)))) return std::nullopt;
  const auto id = static_cast<KerberosTokenId>(in.u16());
  if (!in.ok() || (id != KerberosTokenId::kApReq && id != KerberosTokenId::kApRep)) return std::nullopt;
  return KerberosFrame{id, in.take_rest()};
}

OctetVector emit_kerberos_frame(KerberosTokenId id, Octets body) {
  assert(body.size() + kKerberosFrameOctetsMax <= kKerberosTokenOctetsMax);
  OctetVector token;
  ByteWriter out{token};
  out.u8(kApplicationConstructed);
  put_der_length(out, kKerberosOid.size() + sizeof(std::uint16_t) + body.size());
  out.octets(std::as_bytes(std::span(kKerberosOid)));
  out.u16(static_cast<std::uint16_t>(id));
  out.octets(body);
  return token;
}

}  // namespace ssx::identity
