// crypto/algorithms.h: the algorithms by their field names, with their sizes in octets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ssx::crypto {

enum class HashAlgorithm : std::uint8_t { kMd5, kSha1, kSha256, kSha384 };
/// Block ciphers in CBC mode; kNull protects nothing (RFC 2410).
enum class CipherAlgorithm : std::uint8_t { kNull, kDes, kTripleDes, kAes128, kAes192, kAes256 };
/// Integrity transforms of ESP and AH: HMAC cut to 12 octets, SHA-256 to 16 (RFC 2403, 2404, 4868 2.3).
enum class IntegrityAlgorithm : std::uint8_t { kHmacMd5_96, kHmacSha1_96, kHmacSha256_128 };
/// Diffie-Hellman groups by their IANA number; kNone: no exchange.
enum class DhGroup : std::uint8_t {
  kNone = 0,
  kModp768 = 1,
  kModp1024 = 2,
  kModp2048 = 14,
  kEcp256 = 19,
  kEcp384 = 20
};

std::size_t digest_octets(HashAlgorithm algorithm);    // 16, 20, 32, 48
std::size_t key_octets(CipherAlgorithm algorithm);     // 0, 8, 24, 16, 24, 32
std::size_t block_octets(CipherAlgorithm algorithm);   // 1 for kNull, 8, 8, 16; also the size of the IV, 0 for kNull
std::size_t iv_octets(CipherAlgorithm algorithm);      // 0, 8, 8, 16, 16, 16
std::size_t key_octets(IntegrityAlgorithm algorithm);  // 16, 20, 32
std::size_t icv_octets(IntegrityAlgorithm algorithm);  // 12, 12, 16
HashAlgorithm hash_of(IntegrityAlgorithm algorithm);
/// 96, 128, 256 octets for MODP; 64, 96 for ECP (x | y, RFC 5903 7).
std::size_t public_value_octets(DhGroup group);

std::string_view to_string(HashAlgorithm algorithm);       // "SHA-1"
std::string_view to_string(CipherAlgorithm algorithm);     // "AES-128"
std::string_view to_string(IntegrityAlgorithm algorithm);  // "HMAC-SHA1-96"
std::string_view to_string(DhGroup group);                 // "ECP-256"

}  // namespace ssx::crypto
