#include "crypto/seeded_random.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cassert>

#include "crypto/hash.h"
#include "crypto/secret.h"

namespace ssx::crypto {

/// AES-128-CTR over zeros, made in pieces.
struct SeededRandom::State {
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  std::array<std::byte, 1024> piece{};
  std::size_t used = piece.size();

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    EVP_CIPHER_CTX_free(context);
    wipe(piece);
  }

  void refill() {
    piece.fill(std::byte{0});
    auto* octets = reinterpret_cast<unsigned char*>(piece.data());
    int written = 0;
    [[maybe_unused]] const int ok =
        EVP_EncryptUpdate(context, octets, &written, octets, static_cast<int>(piece.size()));
    assert(ok == 1);
    used = 0;
  }
};

SeededRandom::SeededRandom(std::uint64_t seed, std::string_view name) : state_(std::make_unique<State>()) {
  std::array<std::byte, 8> seed_octets{};
  store_u32(seed_octets, static_cast<std::uint32_t>(seed >> 32));
  store_u32(MutableOctets(seed_octets).subspan(4), static_cast<std::uint32_t>(seed));
  const Digest digest = hash(HashAlgorithm::kSha256, {as_octets("ssx random stream"), seed_octets, as_octets(name)});
  const auto* key = reinterpret_cast<const unsigned char*>(digest.view().data());
  [[maybe_unused]] const int ok = EVP_EncryptInit_ex2(state_->context, EVP_aes_128_ctr(), key, key + 16, nullptr);
  assert(ok == 1);
}

SeededRandom::~SeededRandom() = default;
SeededRandom::SeededRandom(SeededRandom&&) noexcept = default;
SeededRandom& SeededRandom::operator=(SeededRandom&&) noexcept = default;

void SeededRandom::fill(MutableOctets out) {
  while (!out.empty()) {
    if (state_->used == state_->piece.size()) state_->refill();
    const std::size_t count = std::min(out.size(), state_->piece.size() - state_->used);
    std::copy_n(state_->piece.begin() + static_cast<std::ptrdiff_t>(state_->used), count, out.begin());
    state_->used += count;
    out = out.subspan(count);
  }
}

}  // namespace ssx::crypto
