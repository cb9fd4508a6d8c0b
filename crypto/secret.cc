#include "crypto/secret.h"

#include <openssl/crypto.h>

#include <cassert>
#include <utility>

namespace ssx::crypto {

void wipe(MutableOctets octets) noexcept {
  if (!octets.empty()) OPENSSL_cleanse(octets.data(), octets.size());
}

bool constant_time_equal(Octets a, Octets b) {
  return a.size() == b.size() && (a.empty() || CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0);
}

SecretOctets::SecretOctets(Octets octets) : octets_(to_vector(octets)) {}

SecretOctets::SecretOctets(std::size_t zeros) : octets_(zeros) {}

SecretOctets::SecretOctets(const SecretOctets& other) = default;

SecretOctets::SecretOctets(SecretOctets&& other) noexcept : octets_(std::exchange(other.octets_, {})) {}

SecretOctets& SecretOctets::operator=(const SecretOctets& other) {
  if (this != &other) {
    wipe();
    octets_ = other.octets_;
  }
  return *this;
}

SecretOctets& SecretOctets::operator=(SecretOctets&& other) noexcept {
  if (this != &other) {
    wipe();
    octets_ = std::exchange(other.octets_, {});
  }
  return *this;
}

SecretOctets::~SecretOctets() { wipe(); }

SecretOctets SecretOctets::first(std::size_t count) const { return slice(0, count); }

SecretOctets SecretOctets::slice(std::size_t offset, std::size_t count) const {
  assert(offset <= octets_.size() && count <= octets_.size() - offset);
  return SecretOctets(Octets(octets_).subspan(offset, count));
}

bool operator==(const SecretOctets& a, const SecretOctets& b) { return constant_time_equal(a.octets_, b.octets_); }

void SecretOctets::wipe() noexcept { crypto::wipe(octets_); }

}  // namespace ssx::crypto
