// crypto/cipher.h: CBC encryption with a context that is set up once per key.
#pragma once

#include <memory>

#include "crypto/algorithms.h"
#include "crypto/secret.h"
#include "model/base/octets.h"

namespace ssx::crypto {

/// One key of one cipher in CBC mode, both directions. encrypt() and decrypt() do not allocate. One thread at a time.
/// Buffers may be the same (in place) or must not overlap.
class CbcCipher {
 public:
  /// `key` has exactly key_octets(algorithm) octets; kNull takes an empty key and copies.
  CbcCipher(CipherAlgorithm algorithm, Octets key);
  CbcCipher(CbcCipher&&) noexcept;
  CbcCipher& operator=(CbcCipher&&) noexcept;
  ~CbcCipher();

  /// `in` is a whole number of blocks, `out` as long; `iv` has iv_octets(algorithm) octets.
  void encrypt(Octets iv, Octets in, MutableOctets out);
  void decrypt(Octets iv, Octets in, MutableOctets out);
  /// Encrypts `in` and `tail` as one text. Both are whole numbers of blocks; `out` is as long as both together.
  void encrypt(Octets iv, Octets in, Octets tail, MutableOctets out);

  CipherAlgorithm algorithm() const { return algorithm_; }

 private:
  struct Contexts;
  CipherAlgorithm algorithm_;
  std::unique_ptr<Contexts> contexts_;
};

/// Gives every octet odd parity by flipping its lowest bit where needed (DES and 3DES keys, authip.md 3.2).
void set_odd_parity(MutableOctets key);
/// True for a weak or semi-weak DES key in any part, or a 3DES key with K1 = K2 or K2 = K3 (authip.md D-58).
bool is_weak_des_key(Octets key);

}  // namespace ssx::crypto
