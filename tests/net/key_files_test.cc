// The key tables in the very form that Wireshark's "uat" files have.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "net/key_files.h"

namespace ssx::net {
namespace {

using ::testing::StartsWith;

host::EspSaKeys sa(crypto::CipherAlgorithm cipher, std::string_view cipher_key) {
  host::EspSaKeys keys;
  keys.source = *parse_address("192.0.2.1");
  keys.destination = *parse_address("192.0.2.2");
  keys.keys.protocol = IpProtocol::kEsp;
  keys.keys.spi = Spi{0x2001};
  keys.keys.cipher = cipher;
  keys.keys.cipher_key = crypto::SecretOctets{hex(cipher_key)};
  keys.keys.integrity_key = crypto::SecretOctets{hex("101112131415161718191a1b1c1d1e1f20212223")};
  return keys;
}

const std::string kSha1 = "\"HMAC-SHA-1-96 [RFC2404]\",\"0x101112131415161718191a1b1c1d1e1f20212223\"\n";

TEST(KeyFiles, AesLine) {
  EXPECT_EQ(esp_sa_line(sa(crypto::CipherAlgorithm::kAes128, "000102030405060708090a0b0c0d0e0f")),
            "\"IPv4\",\"192.0.2.1\",\"192.0.2.2\",\"0x00002001\",\"AES-CBC "
            "[RFC3602]\",\"0x000102030405060708090a0b0c0d0e0f\"," +
                kSha1);
}

TEST(KeyFiles, TripleDesLine) {
  const std::string key = "000102030405060708090a0b0c0d0e0f1011121314151617";
  EXPECT_EQ(
      esp_sa_line(sa(crypto::CipherAlgorithm::kTripleDes, key)),
      "\"IPv4\",\"192.0.2.1\",\"192.0.2.2\",\"0x00002001\",\"TripleDES-CBC [RFC2451]\",\"0x" + key + "\"," + kSha1);
}

TEST(KeyFiles, NullLineHasAnEmptyKey) {
  EXPECT_EQ(esp_sa_line(sa(crypto::CipherAlgorithm::kNull, "")),
            "\"IPv4\",\"192.0.2.1\",\"192.0.2.2\",\"0x00002001\",\"NULL\",\"\"," + kSha1);
}

TEST(KeyFiles, IPv6Line) {
  host::EspSaKeys keys = sa(crypto::CipherAlgorithm::kNull, "");
  keys.source = *parse_address("2001:db8::1");
  keys.destination = *parse_address("2001:db8::2");
  EXPECT_THAT(esp_sa_line(keys), StartsWith("\"IPv6\",\"2001:db8::1\",\"2001:db8::2\",\"0x00002001\","));
}

TEST(KeyFiles, AhHasALineOfItsOwnTable) {
  host::EspSaKeys keys = sa(crypto::CipherAlgorithm::kNull, "");
  keys.keys.protocol = IpProtocol::kAh;
  EXPECT_EQ(esp_sa_line(keys), "");
  EXPECT_EQ(ah_sa_line(keys), "\"IPv4\",\"192.0.2.1\",\"192.0.2.2\",\"0x00002001\"," + kSha1);
  keys.keys.protocol = IpProtocol::kEsp;
  EXPECT_EQ(ah_sa_line(keys), "");
}

TEST(KeyFiles, IkeLineHasNoQuotes) {
  EXPECT_EQ(ikev1_decryption_line({hex("312224f308f918c6"), crypto::SecretOctets{hex("a375137b")}}),
            "312224f308f918c6,a375137b\n");
}

std::string contents(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

TEST(KeyFiles, AFolderHoldsEveryTableAndEachMainModeOnce) {
  const std::filesystem::path folder = std::filesystem::path(::testing::TempDir()) / "key-files" / "folder";
  std::filesystem::remove_all(folder);
  host::EspSaKeys ah = sa(crypto::CipherAlgorithm::kNull, "");
  ah.keys.protocol = IpProtocol::kAh;
  const std::vector<host::KeysLogged> keys{
      {sa(crypto::CipherAlgorithm::kNull, "")},
      {ah},
      {authip::KeyLog{hex("312224f308f918c6"), crypto::SecretOctets{hex("a375137b")}}},
      {authip::KeyLog{hex("312224f308f918c6"), crypto::SecretOctets{hex("a375137b")}}}};
  ASSERT_TRUE(write_key_folder(folder.string(), keys).has_value());
  EXPECT_EQ(contents(folder / "esp_sa"), esp_sa_line(std::get<host::EspSaKeys>(keys[0].keys)));
  EXPECT_EQ(contents(folder / "ah_sa"), ah_sa_line(ah));
  EXPECT_EQ(contents(folder / "ikev1_decryption_table"), "312224f308f918c6,a375137b\n");
  EXPECT_EQ(contents(folder / "preferences"),
            "esp.enable_encryption_decode: TRUE\nesp.enable_authentication_check: TRUE\nip.check_checksum: TRUE\n"
            "tcp.check_checksum: TRUE\nudp.check_checksum: TRUE\n");
}

TEST(KeyFiles, ALaterRunReplacesTheTables) {
  const std::string folder = ::testing::TempDir() + "key-files-again";
  ASSERT_TRUE(write_key_folder(folder, {{sa(crypto::CipherAlgorithm::kNull, "")}}).has_value());
  ASSERT_TRUE(write_key_folder(folder, {}).has_value());
  EXPECT_EQ(contents(std::filesystem::path(folder) / "esp_sa"), "");
}

TEST(KeyFiles, AFolderThatCannotBeMadeIsNamed) {
  const std::string file = ::testing::TempDir() + "a-file-and-no-folder";
  std::ofstream(file) << "x";
  const auto written = write_key_folder(file + "/keys", {});
  ASSERT_FALSE(written.has_value());
  EXPECT_THAT(written.error(), StartsWith("cannot make the key folder " + file + "/keys: "));
}

}  // namespace
}  // namespace ssx::net
