#include "model/identity/sealing.h"

#include <array>

#include "crypto/cipher.h"
#include "crypto/hash.h"

namespace ssx::identity {
namespace {

constexpr auto kHash = crypto::HashAlgorithm::kSha256;
constexpr auto kCipher = crypto::CipherAlgorithm::kAes128;
constexpr std::size_t kBlockOctets = 16;
// RFC 3961 5.3: the octet behind the usage number says what the derived key is for.
constexpr std::byte kForEncryption{0xAA};
constexpr std::byte kForIntegrity{0x55};

crypto::Digest derive(const crypto::SecretOctets& key, KeyUsage usage, std::byte purpose) {
  std::array<std::byte, 5> label{};
  store_u32(label, static_cast<std::uint32_t>(usage));
  label[4] = purpose;
  return crypto::hmac(kHash, key.view(), {label});
}

crypto::CbcCipher cipher_for(const crypto::SecretOctets& key, KeyUsage usage) {
  crypto::Digest derived = derive(key, usage, kForEncryption);
  crypto::CbcCipher cipher(kCipher, derived.view().first(crypto::key_octets(kCipher)));
  crypto::wipe(derived.mutable_view());
  return cipher;
}

crypto::Digest tag_of(const crypto::SecretOctets& key, KeyUsage usage, Octets associated, Octets iv_and_ciphertext) {
  crypto::Digest derived = derive(key, usage, kForIntegrity);
  std::array<std::byte, 8> head{};
  store_u32(head, static_cast<std::uint32_t>(usage));
  store_u32(MutableOctets(head).subspan(4), static_cast<std::uint32_t>(associated.size()));
  crypto::Digest tag = crypto::hmac(kHash, derived.view(), {head, associated, iv_and_ciphertext});
  crypto::wipe(derived.mutable_view());
  return tag;
}

}  // namespace

OctetVector seal(const crypto::SecretOctets& key, KeyUsage usage, Octets associated, Octets plaintext,
                 RandomSource& random) {
  const std::size_t padding = kBlockOctets - plaintext.size() % kBlockOctets;
  OctetVector sealed = random.octets(kSealIvOctets);
  sealed.reserve(plaintext.size() + kSealOverheadMax);  // no copy of the plaintext is left behind by growth
  append(sealed, plaintext);
  sealed.insert(sealed.end(), padding, static_cast<std::byte>(padding));
  const MutableOctets text = MutableOctets(sealed).subspan(kSealIvOctets);
  cipher_for(key, usage).encrypt(Octets(sealed).first(kSealIvOctets), text, text);
  const crypto::Digest tag = tag_of(key, usage, associated, sealed);
  append(sealed, tag.view().first(kSealTagOctets));
  return sealed;
}

std::optional<crypto::SecretOctets> open(const crypto::SecretOctets& key, KeyUsage usage, Octets associated,
                                         Octets sealed) {
  if (sealed.size() < kSealIvOctets + kBlockOctets + kSealTagOctets || sealed.size() % kBlockOctets != 0)
    return std::nullopt;
  const Octets covered = sealed.first(sealed.size() - kSealTagOctets);
  const crypto::Digest tag = tag_of(key, usage, associated, covered);
  if (!crypto::constant_time_equal(tag.view().first(kSealTagOctets), sealed.last(kSealTagOctets))) return std::nullopt;
  const Octets ciphertext = covered.subspan(kSealIvOctets);
  crypto::SecretOctets text(ciphertext.size());
  cipher_for(key, usage).decrypt(covered.first(kSealIvOctets), ciphertext, text.mutable_view());
  // The tag was good, so the padding is the sealer's own; a key holder who pads badly is refused like anybody else.
  const auto padding = std::to_integer<std::size_t>(text.view().back());
  if (padding == 0 || padding > kBlockOctets) return std::nullopt;
  return text.first(text.size() - padding);
}

}  // namespace ssx::identity
