#include "net/key_files.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "model/base/overloaded.h"

namespace ssx::net {
namespace {

std::string in_quotes(std::string_view text) { return '"' + std::string(text) + '"'; }

std::string hex_key(const crypto::SecretOctets& key) { return key.empty() ? "" : "0x" + to_hex(key.view()); }

std::string_view esp_cipher_name(crypto::CipherAlgorithm cipher) {
  switch (cipher) {
    case crypto::CipherAlgorithm::kNull: return "NULL";
    case crypto::CipherAlgorithm::kDes: return "DES-CBC [RFC2405]";
    case crypto::CipherAlgorithm::kTripleDes: return "TripleDES-CBC [RFC2451]";
    case crypto::CipherAlgorithm::kAes128:
    case crypto::CipherAlgorithm::kAes192:
    case crypto::CipherAlgorithm::kAes256: return "AES-CBC [RFC3602]";
  }
  return "NULL";
}

std::string_view integrity_name(crypto::IntegrityAlgorithm integrity) {
  switch (integrity) {
    case crypto::IntegrityAlgorithm::kHmacMd5_96: return "HMAC-MD5-96 [RFC2403]";
    case crypto::IntegrityAlgorithm::kHmacSha1_96: return "HMAC-SHA-1-96 [RFC2404]";
    case crypto::IntegrityAlgorithm::kHmacSha256_128: return "HMAC-SHA-256-128 [RFC4868]";
  }
  return "NULL";
}

std::string hex_spi(Spi spi) {
  std::array<std::byte, 4> octets{};
  store_u32(octets, spi.value);
  return "0x" + to_hex(octets);
}

/// "IPv4","192.0.2.1","192.0.2.2","0x00002001"
std::string ends_and_spi(const host::EspSaKeys& sa) {
  return in_quotes(sa.source.is_v4() ? "IPv4" : "IPv6") + ',' + in_quotes(to_string(sa.source)) + ',' +
         in_quotes(to_string(sa.destination)) + ',' + in_quotes(hex_spi(sa.keys.spi));
}

/// "HMAC-SHA-1-96 [RFC2404]","0x…"
std::string integrity_and_key(const host::EspSaKeys& sa) {
  return in_quotes(integrity_name(sa.keys.integrity)) + ',' + in_quotes(hex_key(sa.keys.integrity_key));
}

expected<void, std::string> write_text(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.flush();
  if (!file) return unexpected("cannot write the key file " + path.string() + ": " + std::strerror(errno));
  return {};
}

constexpr std::string_view kPreferences =
    "esp.enable_encryption_decode: TRUE\n"
    "esp.enable_authentication_check: TRUE\n"
    "ip.check_checksum: TRUE\n"
    "tcp.check_checksum: TRUE\n"
    "udp.check_checksum: TRUE\n";

}  // namespace

std::string esp_sa_line(const host::EspSaKeys& sa) {
  if (sa.keys.protocol != IpProtocol::kEsp) return "";
  return ends_and_spi(sa) + ',' + in_quotes(esp_cipher_name(sa.keys.cipher)) + ',' +
         in_quotes(hex_key(sa.keys.cipher_key)) + ',' + integrity_and_key(sa) + '\n';
}

std::string ah_sa_line(const host::EspSaKeys& sa) {
  if (sa.keys.protocol != IpProtocol::kAh) return "";
  return ends_and_spi(sa) + ',' + integrity_and_key(sa) + '\n';
}

std::string ikev1_decryption_line(const authip::KeyLog& keys) {
  return to_hex(keys.initiator_cookie) + ',' + to_hex(keys.cipher_key.view()) + '\n';
}

expected<void, std::string> write_key_folder(const std::string& folder, const std::vector<host::KeysLogged>& keys) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return unexpected("cannot make the key folder " + folder + ": " + error.message());
  std::string esp;
  std::string ah;
  std::string isakmp;
  for (const host::KeysLogged& logged : keys) {
    std::visit(Overloaded{
                   [&](const host::EspSaKeys& sa) {
                     esp += esp_sa_line(sa);
                     ah += ah_sa_line(sa);
                   },
                   [&](const authip::KeyLog& log) {
                     const std::string line = ikev1_decryption_line(log);
                     if (isakmp.find(line) == std::string::npos) isakmp += line;  // both ends log their main mode
                   },
               },
               logged.keys);
  }
  const std::filesystem::path base{folder};
  if (auto written = write_text(base / "esp_sa", esp); !written) return written;
  if (auto written = write_text(base / "ah_sa", ah); !written) return written;
  if (auto written = write_text(base / "ikev1_decryption_table", isakmp); !written) return written;
  return write_text(base / "preferences", std::string(kPreferences));
}

}  // namespace ssx::net
