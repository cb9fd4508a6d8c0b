// tests/ipsec/testbed.h: two hosts A (10.0.0.1) and Z (10.0.0.2), the pairs between them and the packets they send.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crypto/hash.h"
#include "crypto/sa_transform.h"
#include "crypto/seeded_random.h"
#include "model/ipsec/sad.h"

namespace ssx::ipsec {

using namespace std::chrono_literals;  // NOLINT: a test's clock

inline const IpAddress kA = IpAddress::v4(0x0A000001);
inline const IpAddress kZ = IpAddress::v4(0x0A000002);
inline constexpr Instant kStart{std::chrono::seconds(1000)};

inline SaKeys keys_of(IpProtocol protocol, crypto::CipherAlgorithm cipher, std::uint32_t spi) {
  SaKeys keys;
  keys.protocol = protocol;
  keys.spi = Spi{spi};
  keys.cipher = cipher;
  keys.cipher_key =
      crypto::SecretOctets(OctetVector(crypto::key_octets(cipher), static_cast<std::byte>(0x31 + spi % 64)));
  keys.integrity_key = crypto::SecretOctets(OctetVector(20, static_cast<std::byte>(spi)));
  return keys;
}

enum class Suite { kEspNull, kEspAes, kAh, kEspAesAndAh };

/// A's half of the pair `number`: inbound SPIs from number * 0x1000, Z's from number * 0x1000 + 0x100.
inline SaPair pair_of_a(Suite suite, std::uint32_t number = 1) {
  const auto sas = [&](std::uint32_t spi) {
    const auto cipher = suite == Suite::kEspAes || suite == Suite::kEspAesAndAh ? crypto::CipherAlgorithm::kAes128
                                                                                : crypto::CipherAlgorithm::kNull;
    std::vector<SaKeys> all;
    if (suite != Suite::kAh) all.push_back(keys_of(IpProtocol::kEsp, cipher, spi));
    if (suite == Suite::kAh || suite == Suite::kEspAesAndAh) {
      all.push_back(keys_of(IpProtocol::kAh, crypto::CipherAlgorithm::kNull, spi + 1));
    }
    return all;
  };
  SaPair pair;
  pair.quick_mode = QmSaId{number};
  pair.selector = {IpProtocol::kUdp, {kA, 0}, {kZ, 5001}};
  pair.inbound = sas(number * 0x1000);
  pair.outbound = sas(number * 0x1000 + 0x100);
  return pair;
}
inline SaPair as_seen_by_peer(SaPair pair) {
  std::swap(pair.inbound, pair.outbound);
  std::swap(pair.selector.local, pair.selector.remote);
  return pair;
}

/// An IPv4 UDP datagram with correct lengths and header checksum.
inline OctetVector udp_datagram(const IpAddress& source, std::uint16_t source_port, const IpAddress& destination,
                                std::uint16_t destination_port, std::string_view text) {
  OctetVector out = hex("450000000000000040110000");
  append(out, source.octets());
  append(out, destination.octets());
  OctetVector udp(8);
  store_u16(udp, source_port);
  store_u16(MutableOctets(udp).subspan(2), destination_port);
  store_u16(MutableOctets(udp).subspan(4), static_cast<std::uint16_t>(8 + text.size()));
  append(out, udp);
  append(out, as_octets(text));
  store_u16(MutableOctets(out).subspan(2), static_cast<std::uint16_t>(out.size()));
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < 20; i += 2) sum += load_u16(Octets(out).subspan(i));
  while (sum > 0xFFFF) sum = (sum & 0xFFFF) + (sum >> 16);
  store_u16(MutableOctets(out).subspan(10), static_cast<std::uint16_t>(~sum));
  return out;
}
inline OctetVector a_to_z(std::string_view text) { return udp_datagram(kA, 5000, kZ, 5001, text); }
inline OctetVector z_to_a(std::string_view text) { return udp_datagram(kZ, 5001, kA, 5000, text); }

inline constexpr std::uint16_t kDummy = 0;  // unprotect(): nothing arrived, nothing is wrong
inline constexpr std::uint16_t kArrived = 1;

/// Two hosts that share pairs.
struct TwoHosts {
  explicit TwoHosts(const SadConfig& config = {}) : a(config), z(config) {}

  SaContextId install(const SaPair& pair, Instant now = kStart) {
    const SaContextId id = a.install_inbound(pair, now);
    a.install_outbound(pair, now);
    const SaPair peers = as_seen_by_peer(pair);
    z.install_inbound(peers, now);
    z.install_outbound(peers, now);
    return id;
  }
  /// What A puts on the wire for a datagram.
  OctetVector sealed(SaContextId context, Octets datagram, Instant now = kStart) {
    OctetVector out;
    const auto result = a.protect(context, datagram, random, now, out);
    EXPECT_TRUE(result) << to_string(result.error());
    return out;
  }
  /// kArrived, kDummy, or the code of the reason.
  std::uint16_t open_at_z(Octets datagram, Instant now = kStart) {
    const auto result = z.unprotect(datagram, now, opened);
    if (!result) return static_cast<std::uint16_t>(result.error());
    return *result ? kArrived : kDummy;
  }

  Sad a;
  Sad z;
  crypto::SeededRandom random{1, "ipsec tests"};
  OctetVector opened;
};

/// A's outbound SA outside the database: packets with any sequence number, and broken ones.
struct Forge {
  explicit Forge(const SaKeys& keys) : spi(keys.spi), integrity_key(keys.integrity_key) {
    crypto::SaTransformParameters parameters;
    parameters.protocol = keys.protocol;
    parameters.spi = keys.spi;
    parameters.cipher = keys.cipher;
    parameters.cipher_key = keys.cipher_key;
    parameters.integrity_key = keys.integrity_key;
    transform.emplace(std::move(parameters));
  }

  OctetVector packet(std::uint32_t sequence_number, Octets datagram) {
    OctetVector out(transform->sealed_octets_max(datagram.size()));
    const OctetVector iv(crypto::iv_octets(transform->parameters().cipher), std::byte{0x42});
    const auto written = transform->seal(datagram, SequenceNumber{sequence_number}, iv, out);
    EXPECT_TRUE(written);
    out.resize(written.value());
    return out;
  }
  /// An authentic ESP-NULL packet from A to Z around any text, however wrong its trailer is.
  OctetVector esp_null(std::uint32_t sequence_number, Octets text) const {
    OctetVector esp(8);
    store_u32(esp, spi.value);
    store_u32(MutableOctets(esp).subspan(4), sequence_number);
    append(esp, text);
    const crypto::Digest icv = crypto::hmac(crypto::HashAlgorithm::kSha1, integrity_key.view(), {esp});
    append(esp, icv.view().first(12));
    OctetVector out = udp_datagram(kA, 0, kZ, 0, "");
    out.resize(20);
    out[9] = std::byte{50};
    append(out, esp);
    store_u16(MutableOctets(out).subspan(2), static_cast<std::uint16_t>(out.size()));
    return out;
  }

  Spi spi;
  crypto::SecretOctets integrity_key;
  std::optional<crypto::SaTransform> transform;
};

}  // namespace ssx::ipsec
