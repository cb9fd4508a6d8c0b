// The low-level digest functions are deprecated in OpenSSL 3, but only they let a state be saved and copied as a plain
// value: re-initialising an EVP_MAC costs more than hashing a small packet.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto/hash.h"

#include <openssl/crypto.h>
#include <openssl/md5.h>
#include <openssl/sha.h>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>
#include <variant>

#include "crypto/secret.h"

namespace ssx::crypto {
namespace {

struct Md5 {
  MD5_CTX state;
  static constexpr std::size_t kBlock = 64;
  static constexpr std::size_t kDigest = 16;
  Md5() { MD5_Init(&state); }
  void update(Octets octets) { MD5_Update(&state, octets.data(), octets.size()); }
  void finish(unsigned char* out) { MD5_Final(out, &state); }
};
struct Sha1 {
  SHA_CTX state;
  static constexpr std::size_t kBlock = 64;
  static constexpr std::size_t kDigest = 20;
  Sha1() { SHA1_Init(&state); }
  void update(Octets octets) { SHA1_Update(&state, octets.data(), octets.size()); }
  void finish(unsigned char* out) { SHA1_Final(out, &state); }
};
struct Sha256 {
  SHA256_CTX state;
  static constexpr std::size_t kBlock = 64;
  static constexpr std::size_t kDigest = 32;
  Sha256() { SHA256_Init(&state); }
  void update(Octets octets) { SHA256_Update(&state, octets.data(), octets.size()); }
  void finish(unsigned char* out) { SHA256_Final(out, &state); }
};
struct Sha384 {
  SHA512_CTX state;
  static constexpr std::size_t kBlock = 128;
  static constexpr std::size_t kDigest = 48;
  Sha384() { SHA384_Init(&state); }
  void update(Octets octets) { SHA384_Update(&state, octets.data(), octets.size()); }
  void finish(unsigned char* out) { SHA384_Final(out, &state); }
};
using AnyHash = std::variant<Md5, Sha1, Sha256, Sha384>;

AnyHash start(HashAlgorithm algorithm) {
  switch (algorithm) {
    case HashAlgorithm::kMd5: return Md5{};
    case HashAlgorithm::kSha1: return Sha1{};
    case HashAlgorithm::kSha256: return Sha256{};
    case HashAlgorithm::kSha384: return Sha384{};
  }
  return Sha1{};
}

unsigned char* raw(MutableOctets octets) { return reinterpret_cast<unsigned char*>(octets.data()); }

/// A hash that has absorbed the key padded with `pad` (RFC 2104 2).
template <class Hash>
Hash keyed(Octets key, unsigned char pad) {
  std::array<std::byte, Hash::kBlock> block{};
  if (key.size() > Hash::kBlock) {
    Hash shortened;
    shortened.update(key);
    shortened.finish(raw(block));
  } else {
    std::ranges::copy(key, block.begin());
  }
  for (std::byte& octet : block) octet ^= std::byte{pad};
  Hash hash;
  hash.update(block);
  wipe(block);
  return hash;
}

}  // namespace

bool operator==(const Digest& a, const Digest& b) { return constant_time_equal(a.view(), b.view()); }

Digest hash(HashAlgorithm algorithm, std::initializer_list<Octets> parts) {
  Digest digest(digest_octets(algorithm));
  AnyHash any = start(algorithm);
  std::visit(
      [&](auto& hash) {
        for (const Octets part : parts) hash.update(part);
        hash.finish(raw(digest.mutable_view()));
      },
      any);
  return digest;
}

Digest hmac(HashAlgorithm algorithm, Octets key, std::initializer_list<Octets> parts) {
  Digest digest(digest_octets(algorithm));
  HmacKey hmac_key(algorithm, key);
  hmac_key.tag(std::span(parts.begin(), parts.size()), digest.mutable_view());
  return digest;
}

struct HmacKey::States {
  AnyHash inner;
  AnyHash outer;
};

HmacKey::HmacKey(HashAlgorithm algorithm, Octets key) {
  AnyHash shape = start(algorithm);
  states_ = std::visit(
      [&](const auto& hash) {
        using Hash = std::decay_t<decltype(hash)>;
        return std::make_unique<States>(States{keyed<Hash>(key, 0x36), keyed<Hash>(key, 0x5C)});
      },
      shape);
}

HmacKey::HmacKey(const HmacKey& other) : states_(std::make_unique<States>(*other.states_)) {}
HmacKey::HmacKey(HmacKey&&) noexcept = default;
HmacKey& HmacKey::operator=(const HmacKey& other) {
  if (this != &other) *this = HmacKey(other);
  return *this;
}
HmacKey& HmacKey::operator=(HmacKey&& other) noexcept {
  std::swap(states_, other.states_);
  return *this;
}

HmacKey::~HmacKey() {
  if (states_) OPENSSL_cleanse(states_.get(), sizeof *states_);  // both states are plain data
}

void HmacKey::tag(std::span<const Octets> parts, MutableOctets out) {
  std::visit(
      [&](const auto& inner_start) {
        using Hash = std::decay_t<decltype(inner_start)>;
        assert(out.size() <= Hash::kDigest);
        std::array<std::byte, Hash::kDigest> digest{};
        Hash inner = inner_start;
        for (const Octets part : parts) inner.update(part);
        inner.finish(raw(digest));
        Hash outer = std::get<Hash>(states_->outer);
        outer.update(digest);
        outer.finish(raw(digest));
        std::memcpy(out.data(), digest.data(), out.size());
      },
      states_->inner);
}

}  // namespace ssx::crypto
