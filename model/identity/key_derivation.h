// model/identity/key_derivation.h: long-term keys from passwords. Source: RFC 8018 5.2, RFC 3962 4.
#pragma once

#include <cstdint>

#include "crypto/algorithms.h"
#include "crypto/secret.h"
#include "model/base/octets.h"

namespace ssx::identity {

/// PBKDF2 with HMAC (RFC 8018 5.2).
/// @param iterations  at least 1
crypto::SecretOctets pbkdf2(crypto::HashAlgorithm hash, Octets password, Octets salt, std::uint32_t iterations,
                            std::size_t octets);

}  // namespace ssx::identity
