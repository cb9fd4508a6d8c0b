#include "crypto/key_derivation.h"

#include <algorithm>
#include <array>

#include "crypto/cipher.h"

namespace ssx::crypto {
namespace {

/// The RFC 2409 Appendix A number of the MM cipher, 7 for AES of any key size (RFC 3602 5.1), as two octets.
std::array<std::byte, 2> crypto_id(CipherAlgorithm cipher) {
  std::array<std::byte, 2> id{};
  switch (cipher) {
    case CipherAlgorithm::kNull: break;
    case CipherAlgorithm::kDes: id[1] = std::byte{1}; break;
    case CipherAlgorithm::kTripleDes: id[1] = std::byte{5}; break;
    case CipherAlgorithm::kAes128:
    case CipherAlgorithm::kAes192:
    case CipherAlgorithm::kAes256: id[1] = std::byte{7}; break;
  }
  return id;
}

/// OtherInfo = AlgorithmID | PartyUInfo | PartyVInfo | pub | priv, without length prefixes (authip.md 3.1).
SecretOctets derive(const KdfContext& context, Octets z, std::initializer_list<Octets> public_and_private,
                    std::size_t octets) {
  std::size_t size = 2 + context.initiator_cookie.size() + context.responder_cookie.size();
  for (const Octets part : public_and_private) size += part.size();
  OctetVector info;
  info.reserve(size);  // growing would leave copies of secrets behind
  append(info, crypto_id(context.cipher));
  append(info, context.initiator_cookie);
  append(info, context.responder_cookie);
  for (const Octets part : public_and_private) append(info, part);
  SecretOctets key = a_kdf(context.hash, z, info, octets);
  wipe(info);
  return key;
}

}  // namespace

SecretOctets a_kdf(HashAlgorithm hash_algorithm, Octets z, Octets other_info, std::size_t octets) {
  SecretOctets out(octets);
  std::array<std::byte, 4> counter{};
  std::size_t made = 0;
  for (std::uint32_t i = 1; made < octets; ++i) {
    store_u32(counter, i);
    Digest block = hash(hash_algorithm, {counter, z, other_info});
    const std::size_t count = std::min(block.size(), octets - made);
    std::ranges::copy(block.view().first(count), out.mutable_view().begin() + static_cast<std::ptrdiff_t>(made));
    wipe(block.mutable_view());
    made += count;
  }
  return out;
}

MainModeKeys derive_main_mode_keys(const KdfContext& context, Octets ni, Octets nr, Octets gss_secret) {
  constexpr std::array<std::byte, 3> kSuffix{std::byte{0}, std::byte{1}, std::byte{2}};
  const Octets suffix(kSuffix);
  const std::size_t hash_size = digest_octets(context.hash);
  MainModeKeys keys;
  keys.skeyid = derive(context, context.z, {ni, nr, gss_secret}, hash_size);
  keys.skeyid_d = derive(context, context.z, {ni, nr, suffix.subspan(0, 1), keys.skeyid.view()}, hash_size);
  keys.skeyid_a =
      derive(context, context.z, {ni, nr, suffix.subspan(1, 1), keys.skeyid_d.view(), keys.skeyid.view()}, hash_size);
  keys.skeyid_e = derive(context, context.z, {ni, nr, suffix.subspan(2, 1), keys.skeyid_a.view(), keys.skeyid.view()},
                         std::max(hash_size, key_octets(context.cipher)));
  keys.cipher_key = keys.skeyid_e.first(key_octets(context.cipher));
  if (context.cipher == CipherAlgorithm::kDes || context.cipher == CipherAlgorithm::kTripleDes) {
    set_odd_parity(keys.cipher_key.mutable_view());
  }
  return keys;
}

SecretOctets derive_skeyid_em(const KdfContext& context, Octets ni, Octets nr, Octets gss_secret_em) {
  return derive(context, context.z, {ni, nr, gss_secret_em}, digest_octets(context.hash));
}

SecretOctets derive_ipsec_key(const KdfContext& context, Octets z_qm, MessageId message_id, Spi spi, Octets ni_qm,
                              Octets nr_qm, const SecretOctets& skeyid_d, Octets em, std::size_t octets) {
  std::array<std::byte, 4> id{};
  std::array<std::byte, 4> index{};
  store_u32(id, message_id.value);
  store_u32(index, spi.value);
  return derive(context, z_qm, {id, index, ni_qm, nr_qm, skeyid_d.view(), em}, octets);
}

Digest auth_proof(HashAlgorithm hash_algorithm, const SecretOctets& skeyid, Octets chain, std::byte suffix) {
  return hmac(hash_algorithm, skeyid.view(), {chain, Octets(&suffix, 1)});
}

Digest extended_auth_proof(HashAlgorithm hash_algorithm, const SecretOctets& skeyid_em, Octets chain, Octets auth) {
  return hmac(hash_algorithm, skeyid_em.view(), {chain, auth});
}

}  // namespace ssx::crypto
