#define OPENSSL_SUPPRESS_DEPRECATED  // DES_is_weak_key: the list of FIPS 74 is not offered elsewhere
#include "crypto/cipher.h"

#include <openssl/des.h>
#include <openssl/evp.h>

#include <bit>
#include <cassert>
#include <cstring>

namespace ssx::crypto {
namespace {

const EVP_CIPHER* evp_cipher(CipherAlgorithm algorithm) {
  switch (algorithm) {
    case CipherAlgorithm::kNull: return nullptr;
    case CipherAlgorithm::kDes: return EVP_des_ede3_cbc();  // DES is EDE with one key three times (ANSI X9.52)
    case CipherAlgorithm::kTripleDes: return EVP_des_ede3_cbc();
    case CipherAlgorithm::kAes128: return EVP_aes_128_cbc();
    case CipherAlgorithm::kAes192: return EVP_aes_192_cbc();
    case CipherAlgorithm::kAes256: return EVP_aes_256_cbc();
  }
  return nullptr;
}

/// DES as 3DES with its key three times: single DES is not in OpenSSL's default provider.
SecretOctets evp_key(CipherAlgorithm algorithm, Octets key) {
  if (algorithm != CipherAlgorithm::kDes) return SecretOctets(key);
  SecretOctets triple(24);
  for (std::size_t i = 0; i < 3; ++i) std::memcpy(triple.mutable_view().data() + 8 * i, key.data(), 8);
  return triple;
}

const unsigned char* raw(Octets octets) { return reinterpret_cast<const unsigned char*>(octets.data()); }
unsigned char* raw(MutableOctets octets) { return reinterpret_cast<unsigned char*>(octets.data()); }

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

Context make_context(CipherAlgorithm algorithm, const SecretOctets& key, int encrypt) {
  Context context(EVP_CIPHER_CTX_new());
  [[maybe_unused]] const int ok =
      EVP_CipherInit_ex2(context.get(), evp_cipher(algorithm), raw(key.view()), nullptr, encrypt, nullptr);
  assert(ok == 1);
  EVP_CIPHER_CTX_set_padding(context.get(), 0);
  return context;
}

/// Only the IV is new: the key schedule stays.
void start(EVP_CIPHER_CTX* context, Octets iv) {
  [[maybe_unused]] const int ok = EVP_CipherInit_ex2(context, nullptr, nullptr, raw(iv), -1, nullptr);
  assert(ok == 1);
}

void run(EVP_CIPHER_CTX* context, Octets in, MutableOctets out) {
  if (in.empty()) return;
  int written = 0;
  [[maybe_unused]] const int ok = EVP_CipherUpdate(context, raw(out), &written, raw(in), static_cast<int>(in.size()));
  assert(ok == 1 && static_cast<std::size_t>(written) == in.size());
}

void copy(Octets in, MutableOctets out) {
  if (!in.empty()) std::memmove(out.data(), in.data(), in.size());
}

}  // namespace

struct CbcCipher::Contexts {
  Context encrypt;
  Context decrypt;
};

CbcCipher::CbcCipher(CipherAlgorithm algorithm, Octets key) : algorithm_(algorithm) {
  assert(key.size() == key_octets(algorithm));
  if (algorithm == CipherAlgorithm::kNull) return;
  const SecretOctets used = evp_key(algorithm, key);
  contexts_ = std::make_unique<Contexts>(Contexts{make_context(algorithm, used, 1), make_context(algorithm, used, 0)});
}

CbcCipher::CbcCipher(CbcCipher&&) noexcept = default;
CbcCipher& CbcCipher::operator=(CbcCipher&&) noexcept = default;
CbcCipher::~CbcCipher() = default;

void CbcCipher::encrypt(Octets iv, Octets in, MutableOctets out) { encrypt(iv, in, Octets{}, out); }

void CbcCipher::encrypt(Octets iv, Octets in, Octets tail, MutableOctets out) {
  assert(iv.size() == iv_octets(algorithm_));
  assert(in.size() % block_octets(algorithm_) == 0 && tail.size() % block_octets(algorithm_) == 0);
  assert(out.size() >= in.size() + tail.size());
  if (!contexts_) {
    copy(in, out);
    copy(tail, out.subspan(in.size()));
    return;
  }
  start(contexts_->encrypt.get(), iv);
  run(contexts_->encrypt.get(), in, out);
  run(contexts_->encrypt.get(), tail, out.subspan(in.size()));
}

void CbcCipher::decrypt(Octets iv, Octets in, MutableOctets out) {
  assert(iv.size() == iv_octets(algorithm_));
  assert(in.size() % block_octets(algorithm_) == 0);
  assert(out.size() >= in.size());
  if (!contexts_) {
    copy(in, out);
    return;
  }
  start(contexts_->decrypt.get(), iv);
  run(contexts_->decrypt.get(), in, out);
}

void set_odd_parity(MutableOctets key) {
  for (std::byte& octet : key) {
    if (std::popcount(std::to_integer<unsigned>(octet)) % 2 == 0) octet ^= std::byte{1};
  }
}

bool is_weak_des_key(Octets key) {
  assert(key.size() % 8 == 0 && !key.empty());
  SecretOctets odd(key);
  set_odd_parity(odd.mutable_view());
  for (std::size_t part = 0; part < odd.size(); part += 8) {
    DES_cblock block;
    std::memcpy(block, odd.view().data() + part, sizeof block);
    if (DES_is_weak_key(&block) != 0) return true;
    // D-58: K1 = K2 or K2 = K3 makes 3DES single DES.
    if (part != 0 && constant_time_equal(odd.view().subspan(part, 8), odd.view().subspan(part - 8, 8))) return true;
  }
  return false;
}

}  // namespace ssx::crypto
