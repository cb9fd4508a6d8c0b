// Published vectors beyond docs/spec/authip.md 7.9, NAT-D hashes (K5), and what the primitives refuse.
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>

#include "crypto/cipher.h"
#include "crypto/dh.h"
#include "crypto/hash.h"
#include "crypto/key_derivation.h"
#include "crypto/seeded_random.h"
#include "support/conformance.h"

namespace ssx::crypto {
namespace {

std::string encrypted(CipherAlgorithm algorithm, const char* key, const char* iv, Octets plain) {
  CbcCipher cipher(algorithm, hex(key));
  OctetVector out(plain.size());
  cipher.encrypt(hex(iv), plain, out);
  return to_hex(out);
}

TEST(CipherTest, DesOfFips81AppendixC) {
  EXPECT_EQ(
      encrypted(CipherAlgorithm::kDes, "0123456789abcdef", "1234567890abcdef", as_octets("Now is the time for all ")),
      "e5c7cdde872bf27c43e934008c389c0f683788499a7c05f6");
}

TEST(CipherTest, LongerAesKeysOfSp80038a) {
  const OctetVector plain = hex("6bc1bee22e409f96e93d7e117393172a");
  const char* const iv = "000102030405060708090a0b0c0d0e0f";
  EXPECT_EQ(encrypted(CipherAlgorithm::kAes192, "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b", iv, plain),
            "4f021db243bc633d7178183a9fa071e8");
  EXPECT_EQ(encrypted(CipherAlgorithm::kAes256, "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4", iv,
                      plain),
            "f58c4c04d6e5f1ba779eabfb5f7bfbd6");
}

TEST(CipherTest, ATextInTwoPartsIsOneText) {
  SeededRandom random(3, "cipher");
  for (const CipherAlgorithm algorithm :
       {CipherAlgorithm::kNull, CipherAlgorithm::kTripleDes, CipherAlgorithm::kAes128}) {
    CbcCipher cipher(algorithm, random.octets(key_octets(algorithm)));
    const OctetVector iv = random.octets(iv_octets(algorithm));
    const OctetVector text = random.octets(96);
    OctetVector whole(96);
    cipher.encrypt(iv, text, whole);
    for (std::size_t split = 0; split <= 96; split += 16) {
      OctetVector parts(96);
      cipher.encrypt(iv, Octets(text).first(split), Octets(text).subspan(split), parts);
      EXPECT_EQ(to_hex(parts), to_hex(whole)) << split;
    }
  }
}

TEST(HmacTest, Md5OfRfc2202AndSha384OfRfc4231) {
  EXPECT_EQ(to_hex(hmac(HashAlgorithm::kMd5, OctetVector(16, std::byte{0x0b}), {as_octets("Hi There")}).view()),
            "9294727a3638bb1c13f48ef8158bfc9d");
  EXPECT_EQ(to_hex(hmac(HashAlgorithm::kSha384, OctetVector(20, std::byte{0x0b}), {as_octets("Hi There")}).view()),
            "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6");
  // RFC 4231 4.7: a key longer than the block.
  EXPECT_EQ(to_hex(hmac(HashAlgorithm::kSha384, OctetVector(131, std::byte{0xaa}),
                        {as_octets("Test Using Larger Than Block-Size Key - Hash Key First")})
                       .view()),
            "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c60c2ef6ab4030fe8296248df163f44952");
}

TEST(HmacTest, CopiesOfAKeyAreIndependentAndAlike) {
  const OctetVector text = hex("00112233");
  const std::array<Octets, 1> parts{Octets(text)};
  HmacKey key(HashAlgorithm::kSha1, hex("0b0b"));
  HmacKey copy = key;
  HmacKey assigned(HashAlgorithm::kSha256, hex("aa"));
  assigned = key;
  HmacKey moved = std::move(key);
  std::array<std::byte, 20> wanted{};
  copy.tag(parts, wanted);
  for (HmacKey* other : {&moved, &assigned, &copy}) {
    std::array<std::byte, 20> got{};
    other->tag(parts, got);
    EXPECT_EQ(to_hex(got), to_hex(wanted));
  }
  EXPECT_EQ(to_hex(wanted), to_hex(hmac(HashAlgorithm::kSha1, hex("0b0b"), {text}).view()));
}

TEST(HashTest, K5NatDiscovery) {
  const OctetVector cookie_i = hex("0102030405060708");
  const OctetVector cookie_r = hex("1112131415161718");
  const OctetVector endpoint = hex("7f000001 01f4");
  EXPECT_EQ(to_hex(hash(HashAlgorithm::kSha256, {cookie_i, OctetVector(8), endpoint}).view()),
            "95f5cd365e3a9597006d0ab5f64b5ade8f65734dd47a7696397a9c8f21016c36");
  EXPECT_EQ(to_hex(hash(HashAlgorithm::kSha1, {cookie_i, cookie_r, endpoint}).view()),
            "3f523a32734b3e9b6670594b75fdb8795e2fc209");
}

/// The derivation written out: A-KDF over OtherInfo put together by hand.
std::string skeyid_by_hand(const char* crypto_id) {
  const OctetVector info = concatenate(
      {hex(crypto_id), hex("0102030405060708"), hex("1112131415161718"), hex("2021"), hex("4041"), hex("c0c1")});
  return to_hex(a_kdf(HashAlgorithm::kSha1, hex("55"), info, 20).view());
}

TEST(KdfTest, A218TheCryptoIdOfEveryCipherA219TheLengthOfSkeyidE) {
  CONFORMANCE("A-218", "A-219", "A-220");
  const OctetVector z = hex("55");
  const OctetVector cookie_i = hex("0102030405060708");
  const OctetVector cookie_r = hex("1112131415161718");
  for (const auto& [cipher, crypto_id] :
       {std::pair{CipherAlgorithm::kDes, "0001"}, std::pair{CipherAlgorithm::kTripleDes, "0005"},
        std::pair{CipherAlgorithm::kAes128, "0007"}, std::pair{CipherAlgorithm::kAes192, "0007"},
        std::pair{CipherAlgorithm::kAes256, "0007"}}) {
    const KdfContext context{HashAlgorithm::kSha1, cipher, z, cookie_i, cookie_r};
    const MainModeKeys keys = derive_main_mode_keys(context, hex("2021"), hex("4041"), hex("c0c1"));
    EXPECT_EQ(to_hex(keys.skeyid.view()), skeyid_by_hand(crypto_id)) << to_string(cipher);
    EXPECT_EQ(keys.skeyid_e.size(), std::max<std::size_t>(20, key_octets(cipher)));
    EXPECT_EQ(keys.cipher_key.size(), key_octets(cipher));
    const bool is_des = cipher == CipherAlgorithm::kDes || cipher == CipherAlgorithm::kTripleDes;
    OctetVector odd = to_vector(keys.cipher_key.view());
    set_odd_parity(odd);
    if (is_des) {
      EXPECT_EQ(keys.cipher_key, SecretOctets(odd));
    } else {
      EXPECT_EQ(keys.cipher_key, keys.skeyid_e.first(key_octets(cipher)));
    }
  }
}

TEST(CipherTest, EveryKindOfWeakKeyIsFound) {
  // K1 = K2 and K2 = K3 (D-58), also when only parity bits differ; K1 = K3 is ordinary two-key 3DES.
  EXPECT_TRUE(is_weak_des_key(hex("0123456789abcdef 1032547698badcfe 1133547698badcfe")));
  EXPECT_TRUE(is_weak_des_key(hex("0123456789abcdef 0022446688aaccee 1032547698badcfe")));
  EXPECT_FALSE(is_weak_des_key(hex("0123456789abcdef 1032547698badcfe 0123456789abcdef")));
  EXPECT_TRUE(is_weak_des_key(hex("0123456789abcdef 1032547698badcfe fefefefefefefefe")));
}

// ---- Diffie-Hellman ----

TEST(DhTest, Rfc5903Section82Ecp384) {
  const auto i = DhKeyPair::from_private(
      DhGroup::kEcp384,
      hex("099f3c7034d4a2c699884d73a375a67f7624ef7c6b3c0f160647b67414dce655e35b538041e649ee3faef896783ab194"));
  const auto r = DhKeyPair::from_private(
      DhGroup::kEcp384,
      hex("41cb0779b4bdb85d47846725fbec3c9430fab46cc8dc5060855cc9bda0aa2942e0308312916b8ed2960e4bd55a7448fc"));
  EXPECT_EQ(to_hex(Octets(i->public_value()).first(48)),
            "667842d7d180ac2cde6f74f37551f55755c7645c20ef73e31634fe72b4c55ee6de3ac808acb4bdb4c88732aee95f41aa");
  EXPECT_EQ(to_hex(i->shared_secret(r->public_value()).value().view()),
            "11187331c279962d93d604243fd592cb9d0a926f422e47187521287e7156c5c4d603135569b9e9d09cf5d4a270f59746");
}

/// p of group 2 (RFC 2409 6.2).
OctetVector prime_1024() {
  return hex(
      "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404ddef9519b3cd3a431b"
      "302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7edee386bfb5a899fa5ae9f24117c4b1fe6"
      "49286651ece65381ffffffffffffffff");
}

TEST(DhTest, A082TheLastUsableModpValueIsPMinus2) {
  CONFORMANCE("A-082");
  const DhKeyPair pair = DhKeyPair::from_private(DhGroup::kModp1024, hex("03")).value();
  OctetVector value = prime_1024();
  value.back() = std::byte{0xfe};
  EXPECT_EQ(pair.shared_secret(value).error(), DhError::kNotInGroup);
  value.back() = std::byte{0xfd};
  // (p - 2)^3 = p - 8.
  OctetVector wanted = prime_1024();
  wanted.back() = std::byte{0xf7};
  EXPECT_EQ(to_hex(pair.shared_secret(value).value().view()), to_hex(wanted));
}

TEST(DhTest, TheGeneratorOfEveryModpGroupIs2AndValuesArePadded) {
  for (const DhGroup group : {DhGroup::kModp768, DhGroup::kModp1024, DhGroup::kModp2048}) {
    OctetVector wanted(public_value_octets(group));
    wanted.back() = std::byte{32};
    EXPECT_EQ(to_hex(DhKeyPair::from_private(group, hex("05"))->public_value()), to_hex(wanted));
  }
}

TEST(DhTest, A081AnEcpCoordinateThatIsNotBelowTheFieldPrimeIsRefused) {
  CONFORMANCE("A-081");
  SeededRandom random(11, "dh");
  const DhKeyPair pair = DhKeyPair::generate(DhGroup::kEcp256, random);
  // (0, y) is a point of the curve; (p, y) is the same one, written in a way that RFC 5903 7 does not allow.
  const OctetVector y = hex("66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4");
  EXPECT_TRUE(pair.shared_secret(concatenate({OctetVector(32), y})).has_value());
  const OctetVector p = hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
  EXPECT_EQ(pair.shared_secret(concatenate({p, y})).error(), DhError::kNotInGroup);
}

TEST(DhTest, PublicValuesOfAnotherLengthAreRefused) {
  for (const DhGroup group :
       {DhGroup::kModp768, DhGroup::kModp1024, DhGroup::kModp2048, DhGroup::kEcp256, DhGroup::kEcp384}) {
    SeededRandom random(5, "dh");
    const DhKeyPair pair = DhKeyPair::generate(group, random);
    const OctetVector& own = pair.public_value();
    EXPECT_EQ(pair.shared_secret({}).error(), DhError::kBadLength);
    EXPECT_EQ(pair.shared_secret(Octets(own).first(own.size() - 1)).error(), DhError::kBadLength);
    EXPECT_EQ(pair.shared_secret(concatenate({own, hex("00")})).error(), DhError::kBadLength);
  }
}

TEST(DhTest, PrivateValuesOutOfRangeAreRefused) {
  const OctetVector order = hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");  // of P-256
  EXPECT_EQ(DhKeyPair::from_private(DhGroup::kEcp256, order).error(), DhError::kBadPrivate);
  EXPECT_EQ(DhKeyPair::from_private(DhGroup::kEcp256, OctetVector(32)).error(), DhError::kBadPrivate);
  EXPECT_EQ(DhKeyPair::from_private(DhGroup::kModp1024, OctetVector(32)).error(), DhError::kBadPrivate);
  EXPECT_EQ(DhKeyPair::from_private(DhGroup::kModp1024, prime_1024()).error(), DhError::kBadPrivate);
}

/// Gives out prepared draws and keeps the sizes that were asked for.
class ScriptedRandom final : public RandomSource {
 public:
  explicit ScriptedRandom(std::deque<OctetVector> draws) : draws_(std::move(draws)) {}
  void fill(MutableOctets out) override {
    sizes.push_back(out.size());
    ASSERT_FALSE(draws_.empty());
    ASSERT_EQ(draws_.front().size(), out.size());
    std::ranges::copy(draws_.front(), out.begin());
    draws_.pop_front();
  }
  std::vector<std::size_t> sizes;

 private:
  std::deque<OctetVector> draws_;
};

TEST(DhTest, ADrawOutOfRangeIsRepeated) {
  OctetVector one(32);
  one.back() = std::byte{1};
  ScriptedRandom random({OctetVector(32, std::byte{0xff}), OctetVector(32), one});
  const DhKeyPair pair = DhKeyPair::generate(DhGroup::kEcp256, random);
  EXPECT_EQ(random.sizes, (std::vector<std::size_t>{32, 32, 32}));
  EXPECT_EQ(pair.public_value(), DhKeyPair::from_private(DhGroup::kEcp256, one)->public_value());
}

TEST(DhTest, AModpExponentIsOneDrawOf32Octets) {
  ScriptedRandom random({OctetVector(32, std::byte{0xff})});
  const DhKeyPair pair = DhKeyPair::generate(DhGroup::kModp2048, random);
  EXPECT_EQ(random.sizes, std::vector<std::size_t>{32});
  EXPECT_EQ(pair.public_value(),
            DhKeyPair::from_private(DhGroup::kModp2048, OctetVector(32, std::byte{0xff}))->public_value());
}

TEST(DhTest, SecretsAgreeForManyRandomPairs) {
  SeededRandom random(2024, "dh pairs");
  for (const DhGroup group :
       {DhGroup::kModp768, DhGroup::kModp1024, DhGroup::kModp2048, DhGroup::kEcp256, DhGroup::kEcp384}) {
    for (int round = 0; round < 8; ++round) {
      const DhKeyPair a = DhKeyPair::generate(group, random);
      const DhKeyPair z = DhKeyPair::generate(group, random);
      const DhKeyPair copy = a;
      const auto secret = z.shared_secret(a.public_value());
      ASSERT_TRUE(secret.has_value());
      EXPECT_EQ(copy.shared_secret(z.public_value()).value(), *secret);
      EXPECT_EQ(secret->size(), group == DhGroup::kEcp256   ? 32U
                                : group == DhGroup::kEcp384 ? 48U
                                                            : a.public_value().size());
    }
  }
}

// ---- the seeded stream ----

TEST(SeededRandomTest, TheStreamIsPinned) {
  // AES-128-CTR of zeros; SHA-256("ssx random stream" | seed as 8 octets | name) gives key and first counter block.
  SeededRandom random(1, "host client");
  EXPECT_EQ(to_hex(random.octets(32)), "cf209ca6e55eb36c3445761ecc6e653c3c5305e03b0ffb6ab0912f2549c60e95");
}

}  // namespace
}  // namespace ssx::crypto
