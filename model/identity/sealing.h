// model/identity/sealing.h: encryption with integrity for tickets, authenticators and replies. Source: RFC 3961 5.3 and
// RFC 8009 5 for the shape: a key per usage and purpose, a random IV, the MAC over the ciphertext.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "crypto/secret.h"
#include "model/base/octets.h"
#include "model/base/random.h"

namespace ssx::identity {

/// RFC 4120 7.5.1.
enum class KeyUsage : std::uint32_t { kTicket = 2, kApReqAuthenticator = 11, kApRepPart = 12 };

inline constexpr std::size_t kSealIvOctets = 16;
inline constexpr std::size_t kSealTagOctets = 16;
/// What sealing adds at most: IV, one block of padding, tag.
inline constexpr std::size_t kSealOverheadMax = kSealIvOctets + 16 + kSealTagOctets;

/// IV | AES-128-CBC of `plaintext` with RFC 5652 6.3 padding | first 16 octets of HMAC-SHA-256 over usage, length of
/// `associated` (4 octets), `associated`, IV and ciphertext. Draws the IV from `random`.
OctetVector seal(const crypto::SecretOctets& key, KeyUsage usage, Octets associated, Octets plaintext,
                 RandomSource& random);

/// The plaintext, or nothing unless the tag (compared in constant time) was made with the same key, usage and
/// `associated`.
std::optional<crypto::SecretOctets> open(const crypto::SecretOctets& key, KeyUsage usage, Octets associated,
                                         Octets sealed);

}  // namespace ssx::identity
