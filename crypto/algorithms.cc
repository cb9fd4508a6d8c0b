#include "crypto/algorithms.h"

namespace ssx::crypto {

std::size_t digest_octets(HashAlgorithm algorithm) {
  switch (algorithm) {
    case HashAlgorithm::kMd5: return 16;
    case HashAlgorithm::kSha1: return 20;
    case HashAlgorithm::kSha256: return 32;
    case HashAlgorithm::kSha384: return 48;
  }
  return 0;
}

std::size_t key_octets(CipherAlgorithm algorithm) {
  switch (algorithm) {
    case CipherAlgorithm::kNull: return 0;
    case CipherAlgorithm::kDes: return 8;
    case CipherAlgorithm::kTripleDes: return 24;
    case CipherAlgorithm::kAes128: return 16;
    case CipherAlgorithm::kAes192: return 24;
    case CipherAlgorithm::kAes256: return 32;
  }
  return 0;
}

std::size_t block_octets(CipherAlgorithm algorithm) {
  switch (algorithm) {
    case CipherAlgorithm::kNull: return 1;
    case CipherAlgorithm::kDes:
    case CipherAlgorithm::kTripleDes: return 8;
    case CipherAlgorithm::kAes128:
    case CipherAlgorithm::kAes192:
    case CipherAlgorithm::kAes256: return 16;
  }
  return 1;
}

std::size_t iv_octets(CipherAlgorithm algorithm) {
  return algorithm == CipherAlgorithm::kNull ? 0 : block_octets(algorithm);
}

std::size_t key_octets(IntegrityAlgorithm algorithm) { return digest_octets(hash_of(algorithm)); }

std::size_t icv_octets(IntegrityAlgorithm algorithm) {
  return algorithm == IntegrityAlgorithm::kHmacSha256_128 ? 16 : 12;
}

HashAlgorithm hash_of(IntegrityAlgorithm algorithm) {
  switch (algorithm) {
    case IntegrityAlgorithm::kHmacMd5_96: return HashAlgorithm::kMd5;
    case IntegrityAlgorithm::kHmacSha1_96: return HashAlgorithm::kSha1;
    case IntegrityAlgorithm::kHmacSha256_128: return HashAlgorithm::kSha256;
  }
  return HashAlgorithm::kSha1;
}

std::size_t public_value_octets(DhGroup group) {
  switch (group) {
    case DhGroup::kNone: return 0;
    case DhGroup::kModp768: return 96;
    case DhGroup::kModp1024: return 128;
    case DhGroup::kModp2048: return 256;
    case DhGroup::kEcp256: return 64;
    case DhGroup::kEcp384: return 96;
  }
  return 0;
}

std::string_view to_string(HashAlgorithm algorithm) {
  switch (algorithm) {
    case HashAlgorithm::kMd5: return "MD5";
    case HashAlgorithm::kSha1: return "SHA-1";
    case HashAlgorithm::kSha256: return "SHA-256";
    case HashAlgorithm::kSha384: return "SHA-384";
  }
  return "unknown";
}

std::string_view to_string(CipherAlgorithm algorithm) {
  switch (algorithm) {
    case CipherAlgorithm::kNull: return "NULL";
    case CipherAlgorithm::kDes: return "DES";
    case CipherAlgorithm::kTripleDes: return "3DES";
    case CipherAlgorithm::kAes128: return "AES-128";
    case CipherAlgorithm::kAes192: return "AES-192";
    case CipherAlgorithm::kAes256: return "AES-256";
  }
  return "unknown";
}

std::string_view to_string(IntegrityAlgorithm algorithm) {
  switch (algorithm) {
    case IntegrityAlgorithm::kHmacMd5_96: return "HMAC-MD5-96";
    case IntegrityAlgorithm::kHmacSha1_96: return "HMAC-SHA1-96";
    case IntegrityAlgorithm::kHmacSha256_128: return "HMAC-SHA256-128";
  }
  return "unknown";
}

std::string_view to_string(DhGroup group) {
  switch (group) {
    case DhGroup::kNone: return "none";
    case DhGroup::kModp768: return "MODP-768";
    case DhGroup::kModp1024: return "MODP-1024";
    case DhGroup::kModp2048: return "MODP-2048";
    case DhGroup::kEcp256: return "ECP-256";
    case DhGroup::kEcp384: return "ECP-384";
  }
  return "unknown";
}

}  // namespace ssx::crypto
