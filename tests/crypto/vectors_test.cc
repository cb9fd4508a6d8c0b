// Published vectors of docs/spec/authip.md 7.9 and the key known answers of 3.5 and 3.6.
#include <gtest/gtest.h>

#include <numeric>

#include "crypto/cipher.h"
#include "crypto/dh.h"
#include "crypto/hash.h"
#include "crypto/key_derivation.h"
#include "crypto/seeded_random.h"
#include "support/conformance.h"

namespace ssx::crypto {
namespace {

OctetVector run_of(unsigned first, std::size_t count) {
  OctetVector out(count);
  for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<std::byte>(first + i);
  return out;
}
OctetVector repeated(unsigned value, std::size_t count) { return OctetVector(count, static_cast<std::byte>(value)); }
std::string hex_of(const Digest& digest) { return to_hex(digest.view()); }
std::string hex_of(const SecretOctets& secret) { return to_hex(secret.view()); }

struct CbcCase {
  CipherAlgorithm cipher;
  const char* key;
  const char* iv;
  OctetVector plain;
  const char* encrypted;
};

void check(const CbcCase& vector) {
  CbcCipher cipher(vector.cipher, hex(vector.key));
  OctetVector out(vector.plain.size());
  for (int again = 0; again < 2; ++again) {  // a context may be used again
    cipher.encrypt(hex(vector.iv), vector.plain, out);
    EXPECT_EQ(to_hex(out), vector.encrypted);
  }
  cipher.decrypt(hex(vector.iv), out, out);  // in place
  EXPECT_EQ(to_hex(out), to_hex(vector.plain));
}

TEST(CipherTest, Rfc3602Section4Cbc) {
  CONFORMANCE("A-302");
  check({CipherAlgorithm::kAes128, "06a9214036b8a15b512e03d534120006", "3dafba429d9eb430b422da802c9fac41",
         to_vector(as_octets("Single block msg")), "e353779c1079aeb82708942dbe77181a"});
  check({CipherAlgorithm::kAes128, "c286696d887c9aa0611bbb3e2025a45a", "562e17996d093d28ddb3ba695a2e6f58",
         run_of(0, 32), "d296cd94c2cccf8a3a863028b5e1dc0a7586602d253cfff91b8266bea6d61ab1"});
  check({CipherAlgorithm::kAes128, "6c3ea0477630ce21a2ce334aa746c2cd", "c782dc4c098c66cbd9cd27d825682c81",
         to_vector(as_octets("This is a 48-byte message (exactly 3 AES blocks)")),
         "d0a02b3836451753d493665d33f0e8862dea54cdb293abc7506939276772f8d5021c19216bad525c8579695d83ba2684"});
  check({CipherAlgorithm::kAes128, "56e47a38c5598974bc46903dba290349", "8ce82eefbea0da3c44699ed7db51b7d9",
         run_of(0xa0, 64),
         "c30e32ffedc0774e6aff6af0869f71aa0f3af07a9a31a9c684db207eb0ef8e4e35907aa632c3ffdf868bb7b29d3d46ad83ce9f9a102ee"
         "99d49a53e8"
         "7f4c3da55"});
}

TEST(CipherTest, Rfc3602Section4EspPackets) {
  CONFORMANCE("A-302");
  // Cases 5 and 6 transport, 7 and 8 tunnel: the encrypted parts with their padded plaintexts.
  check({CipherAlgorithm::kAes128, "90d382b410eeba7ad938c46cec1a82bf", "e96e8c08ab465763fd098d45dd3ff893",
         hex("08000ebda70a00008e9c083db95b070008090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2"
             "c2d2e2f30"
             "313233343536370102030405060708090a0b0c0d0e0e01"),
         "f663c25d325c18c6a9453e194e120849a4870b66cc6b9965330013b4898dc856a4699e523a55db080b59ec3a8e4b7e52775b07d1db34e"
         "d9c538ab50"
         "c551b874aa269add047ad2d5913ac19b7cfbad4a6"});
  check({CipherAlgorithm::kAes128, "90d382b410eeba7ad938c46cec1a82bf", "69d08df7d203329db093fc4924e5bd80",
         hex("0800b5e8a80a0500a69c083d0b660e0077777777777777777777777701020201"),
         "f51995881ec4e0c4488987ce742e8109689bb379d2d750c0d915dca346a89f75"});
  check({CipherAlgorithm::kAes128, "0123456789abcdef0123456789abcdef", "f4e765244f6407adf13dc1380f673f37",
         hex("45000054090400004001f988c0a87b03c0a87bc808009f76a90a0100b49c083d02a2040008090a0b0c0d0e0f10111213141516171"
             "8191a1b1c"
             "1d1e1f202122232425262728292a2b2c2d2e2f30313233343536370102030405060708090a0a04"),
         "773b5241a4c449225e4f3ce5ed611b0c237ca96cf74a93013c1b0ea1a0cf70f8e4ecaec78ac53aad7a0f022b859243c647752e94a8593"
         "52b8a4d4d2"
         "decd136e5c177f132ad3fbfb2201ac9904c74ee0a109e0ca1e4dfe9d5a100b842f1c22f0d"});
  check({CipherAlgorithm::kAes128, "0123456789abcdef0123456789abcdef", "85d47224b5f3dd5d2101d4ea8dffab22",
         hex("45000044090c00004001f990c0a87b03c0a87bc80800d63caa0a0200c69c083da3de0300fffffffffffffffffffffffffffffffff"
             "fffffffff"
             "ffffffffffffffffffffff0102030405060708090a0a04"),
         "15b92683819596a8047232cc00f7048fe45318e11f8a0f62ede3c3fc61203bb50f980a08c9843fd3a1b06d5c07ff9639b7eb7dfb3512e"
         "5de435e720"
         "7ed971ef3d2726d9b5ef6affc6d17a0decbb13892"});
}

TEST(CipherTest, NistVectors) {
  check({CipherAlgorithm::kAes128, "2b7e151628aed2a6abf7158809cf4f3c", "000102030405060708090a0b0c0d0e0f",
         hex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445d"
             "f4f9b17ad"
             "2b417be66c3710"),
         "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b273bed6b8e3c1743b7116e69e222295163ff1caa1681fa"
         "c09120eca3"
         "07586e1a7"});
  check({CipherAlgorithm::kTripleDes, "627f460e08104a1043cd265d5840eaf1313edf97df2a8a8c", "8e29f75ea77e5475",
         hex("326a494cd33fe756"), "b22b8d66de970692"});
  // SP 800-67 Appendix B is ECB: each block alone, with a zero IV.
  const char* key = "0123456789abcdef23456789abcdef01456789abcdef0123";
  const char* zero_iv = "0000000000000000";
  check({CipherAlgorithm::kTripleDes, key, zero_iv, to_vector(as_octets("The qufc")), "a826fd8ce53b855f"});
  check({CipherAlgorithm::kTripleDes, key, zero_iv, to_vector(as_octets("k brown ")), "cce21c8112256fe6"});
  check({CipherAlgorithm::kTripleDes, key, zero_iv, to_vector(as_octets("fox jump")), "68d5c05dd9b6b900"});
}

TEST(HmacTest, Rfc2202Sha1) {
  CONFORMANCE("A-303");
  const auto mac = [](Octets key, Octets data) { return hex_of(hmac(HashAlgorithm::kSha1, key, {data})); };
  EXPECT_EQ(mac(repeated(0x0b, 20), as_octets("Hi There")), "b617318655057264e28bc0b6fb378c8ef146be00");
  EXPECT_EQ(mac(as_octets("Jefe"), as_octets("what do ya want for nothing?")),
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  EXPECT_EQ(mac(repeated(0xaa, 20), repeated(0xdd, 50)), "125d7342b9ac11cd91a39af48aa17b4f63f175d3");
  EXPECT_EQ(mac(run_of(1, 25), repeated(0xcd, 50)), "4c9007f4026250c6bc8414f9bf50c86c2d7235da");
  EXPECT_EQ(mac(repeated(0x0c, 20), as_octets("Test With Truncation")), "4c1a03424b55e07fe7f27be1d58bb9324a9a5a04");
  EXPECT_EQ(mac(repeated(0xaa, 80), as_octets("Test Using Larger Than Block-Size Key - Hash Key First")),
            "aa4ae5e15272d00e95705637ce8a3b55ed402112");
  EXPECT_EQ(
      mac(repeated(0xaa, 80), as_octets("Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data")),
      "e8e99d0f45237d786d6bbaa7965c7808bbff1a91");
}

TEST(HmacTest, Rfc4231Sha256) {
  EXPECT_EQ(hex_of(hmac(HashAlgorithm::kSha256, repeated(0x0b, 20), {as_octets("Hi There")})),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hex_of(hmac(HashAlgorithm::kSha256, as_octets("Jefe"), {as_octets("what do ya want for nothing?")})),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(HmacTest, KeptKeyGivesTheSameTagOverPartsAndAgain) {
  HmacKey key(HashAlgorithm::kSha1, repeated(0x0c, 20));
  HmacKey copy = key;
  const std::array<Octets, 2> parts{as_octets("Test With "), as_octets("Truncation")};
  for (HmacKey* used : {&key, &copy, &key}) {
    OctetVector tag(12);
    used->tag(parts, tag);
    EXPECT_EQ(to_hex(tag), "4c1a03424b55e07fe7f27be1");
  }
}

TEST(KdfTest, A216ReproducesRfc7518AppendixC) {
  CONFORMANCE("A-216");
  EXPECT_EQ(
      hex_of(a_kdf(HashAlgorithm::kSha256, hex("9e56d91d817135d372834283bf84269cfb316ea3da806a48f6daa7798cfe90c4"),
                   hex("000000074131323847434d00000005416c69636500000003426f6200000080"), 16)),
      "56aa8deaf8236d205c2228cd71a7101a");
}

const OctetVector kCookieI = hex("0102030405060708");
const OctetVector kCookieR = hex("1112131415161718");
const OctetVector kZ = hex("d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de");
const OctetVector kNi = run_of(0x20, 32);
const OctetVector kNr = run_of(0x40, 32);
const OctetVector kNiQm = run_of(0x60, 32);
const OctetVector kNrQm = run_of(0x80, 32);

TEST(KdfTest, A215K1AnonymousAesEcp) {
  CONFORMANCE("A-215", "A-218", "A-219", "A-221", "A-222", "A-223");
  const KdfContext context{HashAlgorithm::kSha1, CipherAlgorithm::kAes128, kZ, kCookieI, kCookieR};
  const MainModeKeys keys = derive_main_mode_keys(context, kNi, kNr, {});
  EXPECT_EQ(hex_of(keys.skeyid), "0d9d0ba9ea8ccc8c0c2eafcddd44cfecb9858962");
  EXPECT_EQ(hex_of(keys.skeyid_d), "ddb01b3cd0fef7c1a803ffc159a8366ac1df2e33");
  EXPECT_EQ(hex_of(keys.skeyid_a), "399e79b8f6c0737c3f1e8f87926115946e0b603a");
  EXPECT_EQ(hex_of(keys.skeyid_e), "25e701448fb6cc5b97d2d2daaec41792a6a9a107");
  EXPECT_EQ(hex_of(keys.cipher_key), "25e701448fb6cc5b97d2d2daaec41792");
  const SecretOctets em = derive_skeyid_em(context, kNi, kNr, run_of(0xa0, 32));
  EXPECT_EQ(hex_of(em), "52ed466220caae9e5921758fc23112497681a652");
  const auto key = [&](std::uint32_t spi, Octets p) {
    return hex_of(derive_ipsec_key(context, {}, MessageId{0}, Spi{spi}, kNiQm, kNrQm, keys.skeyid_d, p, 36));
  };
  EXPECT_EQ(key(0x11223344, {}), "b32af0526ee2f4fbfd890dab1999f9a197000f0470a3ec1f9acd619e0540df8b7b497222");
  EXPECT_EQ(key(0x55667788, {}), "e81d44740857120781a7e2f62a06a3a093717c0168911823c97c5fbf785646e05dfb94d2");
  EXPECT_EQ(key(0x11223344, concatenate({kNi, kNr, em.view()})),
            "5c03af48dc35a67337da98d77de1e93e112939fa30298fc355a2864d9ba33952c0763089");
}

TEST(KdfTest, A215K2TripleDesWithoutDh) {
  CONFORMANCE("A-215", "A-217", "A-220");
  const KdfContext context{HashAlgorithm::kSha1, CipherAlgorithm::kTripleDes, {}, kCookieI, kCookieR};
  const MainModeKeys keys = derive_main_mode_keys(context, kNi, kNr, run_of(0xc0, 32));
  EXPECT_EQ(hex_of(keys.skeyid), "74fec9a0faa01ac1ff9acfa88bf645ed41daf7a5");
  EXPECT_EQ(hex_of(keys.skeyid_d), "fee1823a7373b3ac32334b4905737347aacd75d0");
  EXPECT_EQ(hex_of(keys.skeyid_a), "e6157c40e5235744523535e736500a5d7c2728f3");
  EXPECT_EQ(hex_of(keys.skeyid_e), "517c5c9696d46f01dd001fee8da6ac755d1d7dfd6e409847");
  EXPECT_EQ(hex_of(keys.cipher_key), "517c5d9797d56e01dc011fef8ca7ad755d1c7cfd6e409846");
}

TEST(KdfTest, A215K3Sha256) {
  CONFORMANCE("A-215");
  const KdfContext context{HashAlgorithm::kSha256, CipherAlgorithm::kAes128, kZ, kCookieI, kCookieR};
  const MainModeKeys keys = derive_main_mode_keys(context, kNi, kNr, {});
  EXPECT_EQ(hex_of(keys.skeyid), "b4d4fd45dbf5901528864cc1166b625cbc8e7b273c135f0cca4b87c9e3be5d82");
  EXPECT_EQ(hex_of(keys.skeyid_d), "0c3e6e8dedbd7e83a6ad8e0c87edecaeb0f79b7bf12c7b72af6f9ea5dac5125a");
  EXPECT_EQ(hex_of(keys.skeyid_a), "418b4daf098290ad40dcffdd9816ac1f468ba8af55beee5f1a4f000329e79d8d");
  EXPECT_EQ(hex_of(keys.skeyid_e), "8c7db7c831edac2269ec83b735e98d599ea2616c092d64d6825517740587873a");
}

TEST(KdfTest, K4ProofsOverChains) {
  CONFORMANCE("A-224", "A-225", "A-226", "A-230");
  const auto stand_in = [](int n) { return "payload-bytes-of-message-" + std::to_string(n); };
  const SecretOctets skeyid{hex("0d9d0ba9ea8ccc8c0c2eafcddd44cfecb9858962")};
  const SecretOctets skeyid_em{hex("52ed466220caae9e5921758fc23112497681a652")};
  const Digest c1 = hash(HashAlgorithm::kSha256, {as_octets(stand_in(1))});
  const Digest c2 = hash(HashAlgorithm::kSha256, {as_octets(stand_in(2)), c1.view()});
  EXPECT_EQ(hex_of(c2), "a798abaf734474fe13099141fb5cf7946addd7859eba809c44e84876a0f71661");
  EXPECT_EQ(hex_of(auth_proof(HashAlgorithm::kSha1, skeyid, c2.view(), std::byte{1})),
            "60fa79ee149b021572cf87160e934f8f00d32edc");
  EXPECT_EQ(hex_of(auth_proof(HashAlgorithm::kSha1, skeyid, c2.view(), std::byte{2})),
            "d40dae2262490a5f191aadb18ffaa37bb3220a0c");
  const Digest c3 = hash(HashAlgorithm::kSha1, {as_octets(stand_in(3)), c2.view()});
  const Digest c4 = hash(HashAlgorithm::kSha1, {as_octets(stand_in(4)), c3.view()});
  EXPECT_EQ(hex_of(c4), "7a5859849782f502b7a8b5390ef8da85881025fd");
  const Digest auth1 = auth_proof(HashAlgorithm::kSha1, skeyid, c4.view(), std::byte{1});
  const Digest auth2 = auth_proof(HashAlgorithm::kSha1, skeyid, c4.view(), std::byte{2});
  EXPECT_EQ(hex_of(auth1), "5cf1c15a31fe54fabf41961653de951118c47fdb");
  EXPECT_EQ(hex_of(auth2), "6a37708ae2af41bfe4dd68192242c2c211a35fe3");
  Digest x = hash(HashAlgorithm::kSha1, {as_octets(stand_in(7))});
  for (int n = 8; n <= 12; ++n) x = hash(HashAlgorithm::kSha1, {as_octets(stand_in(n)), x.view()});
  EXPECT_EQ(hex_of(x), "eff18e822bbc888ca38e7d4aceae0d11871ec966");
  EXPECT_EQ(hex_of(extended_auth_proof(HashAlgorithm::kSha1, skeyid_em, x.view(), auth1.view())),
            "b1426bc47d153c8c74083766fef0316a38ff92ab");
  EXPECT_EQ(hex_of(extended_auth_proof(HashAlgorithm::kSha1, skeyid_em, x.view(), auth2.view())),
            "6400041c2c2b0e02425b992ebc891a69413ecb57");
}

TEST(CipherTest, A232WeakKeysAreFound) {
  EXPECT_TRUE(is_weak_des_key(hex("0101010101010101")));
  EXPECT_TRUE(is_weak_des_key(hex("0000000000000000")));  // the same key, parity bits apart
  EXPECT_TRUE(is_weak_des_key(hex("01fe01fe01fe01fe")));  // semi-weak
  EXPECT_TRUE(is_weak_des_key(hex("0123456789abcdef0123456789abcdeffedcba9876543210")));
  EXPECT_FALSE(is_weak_des_key(hex("0123456789abcdef23456789abcdef01456789abcdef0123")));
}

TEST(DhTest, Rfc5903Section81) {
  const auto i = DhKeyPair::from_private(DhGroup::kEcp256,
                                         hex("c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433"));
  const auto r = DhKeyPair::from_private(DhGroup::kEcp256,
                                         hex("c6ef9c5d78ae012a011164acb397ce2088685d8f06bf9be0b283ab46476bee53"));
  EXPECT_EQ(to_hex(i->public_value()),
            "dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c37725811805271a0461cdb8252d61f1c456fa3e59ab1f45b33ac"
            "cf5f58389e0577"
            "b8990bb3");
  EXPECT_EQ(to_hex(r->public_value()),
            "d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf6356fbf3ca366cc23e8157854c13c58d6aac23f046ad"
            "a30f8353e74f33"
            "039872ab");
  EXPECT_EQ(hex_of(*i->shared_secret(r->public_value())), to_hex(kZ));
  EXPECT_EQ(hex_of(*r->shared_secret(i->public_value())), to_hex(kZ));
}

class DhGroupTest : public testing::TestWithParam<DhGroup> {};

TEST_P(DhGroupTest, BothEndsAgreeAndBadValuesAreRefused) {
  CONFORMANCE("A-081", "A-082");
  SeededRandom random(7, "dh");
  const DhKeyPair a = DhKeyPair::generate(GetParam(), random);
  const DhKeyPair z = DhKeyPair::generate(GetParam(), random);
  ASSERT_EQ(a.public_value().size(), public_value_octets(GetParam()));
  EXPECT_EQ(*a.shared_secret(z.public_value()), *z.shared_secret(a.public_value()));
  EXPECT_NE(a.public_value(), z.public_value());

  OctetVector value(public_value_octets(GetParam()));
  EXPECT_EQ(a.shared_secret(value).error(), DhError::kNotInGroup);  // 0, or the point (0, 0)
  value.back() = std::byte{1};
  EXPECT_EQ(a.shared_secret(value).error(), DhError::kNotInGroup);  // 1, or a point beside the curve
  value.assign(value.size(), std::byte{0xff});
  EXPECT_EQ(a.shared_secret(value).error(), DhError::kNotInGroup);  // larger than p
  value.pop_back();
  EXPECT_EQ(a.shared_secret(value).error(), DhError::kBadLength);
}
INSTANTIATE_TEST_SUITE_P(Groups, DhGroupTest,
                         testing::Values(DhGroup::kModp768, DhGroup::kModp1024, DhGroup::kModp2048, DhGroup::kEcp256,
                                         DhGroup::kEcp384));

TEST(DhTest, A082PrimeMinusOneIsRefused) {
  CONFORMANCE("A-082");
  SeededRandom random(7, "dh");
  const DhKeyPair pair = DhKeyPair::generate(DhGroup::kModp1024, random);
  OctetVector last =
      hex("ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404ddef9519b3cd3a"
          "431b302b0a6df25f1437"
          "4fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7edee386bfb5a899fa5ae9f24117c4b1fe649286651ece6"
          "5381ffffffffffffffff");
  EXPECT_EQ(pair.shared_secret(last).error(), DhError::kNotInGroup);  // p itself
  last.back() = std::byte{0xfe};
  EXPECT_EQ(pair.shared_secret(last).error(), DhError::kNotInGroup);  // p - 1
}

TEST(SeededRandomTest, SameSeedAndNameSameStream) {
  SeededRandom a(1, "host client");
  SeededRandom same(1, "host client");
  SeededRandom other_name(1, "host server");
  SeededRandom other_seed(2, "host client");
  const OctetVector stream = a.octets(3000);  // crosses the pieces it is made in
  EXPECT_EQ(same.octets(3000), stream);
  EXPECT_NE(other_name.octets(3000), stream);
  EXPECT_NE(other_seed.octets(3000), stream);
}

TEST(SeededRandomTest, DrawsOfAnySizeContinueTheStream) {
  SeededRandom whole(9, "x");
  SeededRandom parts(9, "x");
  const OctetVector expected = whole.octets(100);
  OctetVector got = parts.octets(1);
  append(got, parts.octets(58));
  append(got, parts.octets(41));
  EXPECT_EQ(got, expected);
}

TEST(SecretTest, ComparesContentsAndSlices) {
  const SecretOctets a{hex("00112233")};
  EXPECT_EQ(a, SecretOctets{hex("00112233")});
  EXPECT_FALSE(a == SecretOctets{hex("00112234")});
  EXPECT_FALSE(a == SecretOctets{hex("001122")});
  EXPECT_EQ(a.slice(1, 2), SecretOctets{hex("1122")});
}

}  // namespace
}  // namespace ssx::crypto
