// crypto/key_derivation.h: AuthIP's key derivation and proofs. Source: authip.md 3, [MS-AIPS] 3.1.7.4.
#pragma once

#include <cstdint>

#include "crypto/algorithms.h"
#include "crypto/hash.h"
#include "crypto/secret.h"
#include "model/base/octets.h"
#include "model/base/strong.h"

namespace ssx::crypto {

/// The concatenation KDF of SP 800-56A: K(i) = H(i as 4 octets from 1 | Z | OtherInfo), cut to `octets`.
SecretOctets a_kdf(HashAlgorithm hash, Octets z, Octets other_info, std::size_t octets);

/// What every derivation of one negotiation shares. All views are borrowed for the call.
struct KdfContext {
  HashAlgorithm hash = HashAlgorithm::kSha1;          // the negotiated MM hash
  CipherAlgorithm cipher = CipherAlgorithm::kAes128;  // the negotiated MM cipher; gives the 2-octet Crypto-ID
  Octets z;                                           // g^xy, empty without DH
  Octets initiator_cookie;                            // 8 octets
  Octets responder_cookie;                            // 8 octets
};

/// SKEYID and its children (authip.md 3.2).
struct MainModeKeys {
  SecretOctets skeyid;
  SecretOctets skeyid_d;
  SecretOctets skeyid_a;
  SecretOctets skeyid_e;  // max(hash length, cipher key length) octets
  /// The first octets of SKEYID_e; DES and 3DES with odd parity.
  SecretOctets cipher_key;
};
MainModeKeys derive_main_mode_keys(const KdfContext& context, Octets ni, Octets nr, Octets gss_secret);
SecretOctets derive_skeyid_em(const KdfContext& context, Octets ni, Octets nr, Octets gss_secret_em);

/// authip.md 3.3. `z_qm` is the PFS secret or empty; `em` is Ni | Nr | SKEYID_em if extended mode took place under this
/// main mode, else empty. Encryption key first, then authentication key (D-07).
SecretOctets derive_ipsec_key(const KdfContext& context, Octets z_qm, MessageId message_id, Spi spi, Octets ni_qm,
                              Octets nr_qm, const SecretOctets& skeyid_d, Octets em, std::size_t octets);

/// prf(key, chain | suffix): Auth1 has suffix 0x01, Auth2 0x02 (authip.md 3.4).
Digest auth_proof(HashAlgorithm hash, const SecretOctets& skeyid, Octets chain, std::byte suffix);
/// Auth3 and Auth4: prf(SKEYID_em, chain | Auth1 or Auth2).
Digest extended_auth_proof(HashAlgorithm hash, const SecretOctets& skeyid_em, Octets chain, Octets auth);

}  // namespace ssx::crypto
