// tests/crypto/packets.h: datagrams and transforms that several tests build.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "crypto/hash.h"
#include "crypto/sa_transform.h"

namespace ssx::crypto {

inline constexpr Spi kTestSpi{0x11223344};
inline const OctetVector kTestIntegrityKey = hex("0102030405060708090a0b0c0d0e0f1011121314");

inline SaTransformParameters test_parameters(IpProtocol protocol, CipherAlgorithm cipher = CipherAlgorithm::kNull) {
  SaTransformParameters out;
  out.protocol = protocol;
  out.spi = kTestSpi;
  out.cipher = cipher;
  out.cipher_key = SecretOctets(OctetVector(key_octets(cipher), std::byte{0x31}));
  out.integrity_key = SecretOctets(kTestIntegrityKey);
  return out;
}

inline SaTransformParameters tunnel_parameters(IpProtocol protocol, const char* source, const char* destination) {
  SaTransformParameters out = test_parameters(protocol);
  out.mode = IpsecMode::kTunnel;
  out.tunnel_source = *parse_address(source);
  out.tunnel_destination = *parse_address(destination);
  return out;
}

/// What seal() makes, with an IV of 42…; the buffer was full of a5.
inline OctetVector sealed_by(SaTransform& transform, Octets datagram) {
  OctetVector out(transform.sealed_octets_max(datagram.size()), std::byte{0xa5});
  const OctetVector iv(iv_octets(transform.parameters().cipher), std::byte{0x42});
  const auto written = transform.seal(datagram, SequenceNumber{1}, iv, out);
  EXPECT_TRUE(written.has_value()) << to_string(written.error());
  out.resize(written.has_value() ? *written : 0);
  return out;
}

inline expected<OctetVector, PacketError> opened_by(SaTransform& transform, Octets datagram) {
  OctetVector out(datagram.size(), std::byte{0xa5});
  const auto written = transform.open(datagram, out);
  if (!written) return unexpected(written.error());
  out.resize(*written);
  return out;
}

/// "ok", or the sentence of the error.
inline std::string outcome(const expected<OctetVector, PacketError>& result) {
  return result ? "ok" : std::string(to_string(result.error()));
}

/// Sets the length fields and the IPv4 checksum that a datagram of this size has.
inline OctetVector with_lengths(OctetVector datagram) {
  const MutableOctets view(datagram);
  if ((datagram[0] >> 4) == std::byte{6}) {
    store_u16(view.subspan(4), static_cast<std::uint16_t>(datagram.size() - 40));
    return datagram;
  }
  store_u16(view.subspan(2), static_cast<std::uint16_t>(datagram.size()));
  store_u16(view.subspan(10), 0);
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < (std::to_integer<std::size_t>(datagram[0]) & 0xF) * 4; i += 2) {
    sum += load_u16(Octets(datagram).subspan(i));
  }
  while (sum > 0xFFFF) sum = (sum & 0xFFFF) + (sum >> 16);
  store_u16(view.subspan(10), static_cast<std::uint16_t>(~sum));
  return datagram;
}

/// IPv4 10.0.0.1 -> 10.0.0.2 with these octets behind the header.
inline OctetVector v4_datagram(std::uint8_t protocol, Octets payload) {
  OctetVector out = hex("4500000012340000400000000a0000010a000002");
  out[9] = static_cast<std::byte>(protocol);
  append(out, payload);
  return with_lengths(std::move(out));
}

/// IPv6 fd00::1 -> fd00::2 with these octets behind the fixed header.
inline OctetVector v6_datagram(std::uint8_t next_header, Octets payload) {
  OctetVector out = hex("6000000000000040fd000000000000000000000000000001fd000000000000000000000000000002");
  out[6] = static_cast<std::byte>(next_header);
  append(out, payload);
  return with_lengths(std::move(out));
}

/// An authentic ESP-NULL packet around any text, however wrong its trailer is.
inline OctetVector esp_null_around(Octets text) {
  OctetVector esp = hex("1122334400000001");
  append(esp, text);
  const Digest icv = hmac(HashAlgorithm::kSha1, kTestIntegrityKey, {esp});
  append(esp, icv.view().first(12));
  return v4_datagram(50, esp);
}

}  // namespace ssx::crypto
