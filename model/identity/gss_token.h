// model/identity/gss_token.h: the frame of a Kerberos context token. Source: RFC 2743 3.1, RFC 1964 1.1, RFC 4121 4.1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "model/base/octets.h"

namespace ssx::identity {

//   |  0x60  |  DER length (1 to 3)  |  06 09 2a 86 48 86 f7 12 01 02 02  |  TOK_ID (2)  |  body …

/// Windows' default MaxTokenSize: no Kerberos token is larger.
inline constexpr std::size_t kKerberosTokenOctetsMax = 48'000;

/// TOK_ID of RFC 1964 1.1; other values are no Kerberos context token.
enum class KerberosTokenId : std::uint16_t { kApReq = 0x0100, kApRep = 0x0200 };

struct KerberosFrame {
  KerberosTokenId id = KerberosTokenId::kApReq;
  Octets body;  // borrowed from the token
};

/// Reads the frame of a whole token. Total: nothing on another mechanism's OID (SPNEGO's too), a length that is not the
/// rest of the token or not in its shortest form, an unknown TOK_ID, or a token that is too large.
std::optional<KerberosFrame> parse_kerberos_frame(Octets token);

/// Puts the frame around `body`, of at most kKerberosTokenOctetsMax octets less the frame's 17.
OctetVector emit_kerberos_frame(KerberosTokenId id, Octets body);
inline constexpr std::size_t kKerberosFrameOctetsMax = 17;

}  // namespace ssx::identity
