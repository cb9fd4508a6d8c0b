// ESP: whole packets of RFC 3602, padding of every length, limits, batches. docs/spec/authip.md 7.2, 7.4, 7.9.
#include <gtest/gtest.h>

#include "crypto/packets.h"
#include "support/conformance.h"

namespace ssx::crypto {
namespace {

const OctetVector kUdp = hex("1388138900100000 0102030405060708");

struct Rfc3602Packet {
  IpsecMode mode;
  const char* key;
  const char* header;  // outer; its length has no ICV
  std::uint32_t spi;
  std::uint32_t sequence_number;
  const char* iv;
  const char* padded;
  const char* encrypted;
};
// RFC 3602 section 4, cases 5 to 8.
const std::array<Rfc3602Packet, 4> kRfc3602{{
    {IpsecMode::kTransport, "90d382b410eeba7ad938c46cec1a82bf", "4500007c08f200004032f9a5c0a87b03c0a87b64", 0x4321, 1,
     "e96e8c08ab465763fd098d45dd3ff893",
     "08000ebda70a00008e9c083db95b070008090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f"
     "30313233343536370102030405060708090a0b0c0d0e0e01",
     "f663c25d325c18c6a9453e194e120849a4870b66cc6b9965330013b4898dc856a4699e523a55db080b59ec3a8e4b7e52775b07d1db34ed9c"
     "538ab50c551b874aa269add047ad2d5913ac19b7cfbad4a6"},
    {IpsecMode::kTransport, "90d382b410eeba7ad938c46cec1a82bf", "4500004c08fe00004032f9c9c0a87b03c0a87b64", 0x4321, 8,
     "69d08df7d203329db093fc4924e5bd80", "0800b5e8a80a0500a69c083d0b660e0077777777777777777777777701020201",
     "f51995881ec4e0c4488987ce742e8109689bb379d2d750c0d915dca346a89f75"},
    {IpsecMode::kTunnel, "0123456789abcdef0123456789abcdef", "4500008c090500004032f91ec0a87b03c0a87bc8", 0x8765, 2,
     "f4e765244f6407adf13dc1380f673f37",
     "45000054090400004001f988c0a87b03c0a87bc808009f76a90a0100b49c083d02a2040008090a0b0c0d0e0f101112131415161718191a1b"
     "1c1d1e1f202122232425262728292a2b2c2d2e2f30313233343536370102030405060708090a0a04",
     "773b5241a4c449225e4f3ce5ed611b0c237ca96cf74a93013c1b0ea1a0cf70f8e4ecaec78ac53aad7a0f022b859243c647752e94a859352b"
     "8a4d4d2decd136e5c177f132ad3fbfb2201ac9904c74ee0a109e0ca1e4dfe9d5a100b842f1c22f0d"},
    {IpsecMode::kTunnel, "0123456789abcdef0123456789abcdef", "4500007c090d00004032f926c0a87b03c0a87bc8", 0x8765, 5,
     "85d47224b5f3dd5d2101d4ea8dffab22",
     "45000044090c00004001f990c0a87b03c0a87bc80800d63caa0a0200c69c083da3de0300ffffffffffffffffffffffffffffffffffffffff"
     "ffffffffffffffffffffffff0102030405060708090a0a04",
     "15b92683819596a8047232cc00f7048fe45318e11f8a0f62ede3c3fc61203bb50f980a08c9843fd3a1b06d5c07ff9639b7eb7dfb3512e5de"
     "435e7207ed971ef3d2726d9b5ef6affc6d17a0decbb13892"},
}};

TEST(EspTest, A302WholePacketsOfRfc3602SealAndOpen) {
  CONFORMANCE("A-302");
  for (const Rfc3602Packet& vector : kRfc3602) {
    SaTransformParameters given;
    given.mode = vector.mode;
    given.spi = Spi{vector.spi};
    given.cipher = CipherAlgorithm::kAes128;
    given.cipher_key = SecretOctets(hex(vector.key));
    given.integrity_key = SecretOctets(kTestIntegrityKey);
    const OctetVector header = hex(vector.header);
    given.tunnel_source = *IpAddress::from_octets(Octets(header).subspan(12, 4));
    given.tunnel_destination = *IpAddress::from_octets(Octets(header).subspan(16, 4));
    SaTransform transform(std::move(given));

    const OctetVector padded = hex(vector.padded);
    const std::size_t padding = std::to_integer<std::size_t>(padded[padded.size() - 2]);
    const Octets payload = Octets(padded).first(padded.size() - 2 - padding);
    OctetVector plain = to_vector(payload);
    if (vector.mode == IpsecMode::kTransport) {
      plain = header;
      plain[9] = padded.back();
      append(plain, payload);
      plain = with_lengths(std::move(plain));
    }
    OctetVector packet(transform.sealed_octets_max(plain.size()));
    packet.resize(transform.seal(plain, SequenceNumber{vector.sequence_number}, hex(vector.iv), packet).value());

    // The packets of the RFC have no ICV; everything behind the IP header and in front of ours is the same.
    OctetVector esp(8);
    store_u32(esp, vector.spi);
    store_u32(MutableOctets(esp).subspan(4), vector.sequence_number);
    append(esp, hex(vector.iv));
    append(esp, hex(vector.encrypted));
    EXPECT_EQ(to_hex(Octets(packet).subspan(20, packet.size() - 32)), to_hex(esp));
    EXPECT_EQ(20 + esp.size(), load_u16(Octets(header).subspan(2)));
    EXPECT_EQ(to_hex(opened_by(transform, packet).value()), to_hex(plain));
  }
}

TEST(EspTest, A305EveryPayloadIsPaddedToTheBlockWithOneTwoThree) {
  CONFORMANCE("A-305", "A-314");
  SaTransform transform(test_parameters(IpProtocol::kEsp));
  for (std::size_t size = 0; size < 40; ++size) {
    OctetVector payload(size);
    for (std::size_t i = 0; i < size; ++i) payload[i] = static_cast<std::byte>(0xc0 + i);
    const OctetVector packet = sealed_by(transform, v4_datagram(17, payload));
    OctetVector text = payload;
    for (std::byte pad{1}; (text.size() + 2) % 4 != 0; pad = static_cast<std::byte>(std::to_integer<int>(pad) + 1)) {
      text.push_back(pad);
    }
    text.push_back(static_cast<std::byte>(text.size() - size));
    text.push_back(std::byte{17});
    // The ICV starts on a 4-octet boundary, and the upper layer is as it was, checksum and all.
    EXPECT_EQ(packet.size(), 20 + 8 + text.size() + 12);
    EXPECT_EQ(packet.size() % 4, 0U);
    EXPECT_EQ(to_hex(Octets(packet).subspan(28, text.size())), to_hex(text));
  }
}

TEST(EspTest, PaddingUpTo255IsAcceptedAndALongerOneThanTheTextIsNot) {
  SaTransform transform(test_parameters(IpProtocol::kEsp));
  OctetVector text = kUdp;
  for (unsigned i = 1; i <= 255; ++i) text.push_back(static_cast<std::byte>(i));
  append(text, hex("ff11"));
  EXPECT_EQ(to_hex(opened_by(transform, esp_null_around(text)).value()), to_hex(v4_datagram(17, kUdp)));
  EXPECT_EQ(outcome(opened_by(transform, esp_null_around(hex("01 02 03 03 11")))), "ok");
  EXPECT_EQ(outcome(opened_by(transform, esp_null_around(hex("01 02 03 04 11")))), to_string(PacketError::kBadPadding));
  EXPECT_EQ(outcome(opened_by(transform, esp_null_around(hex("01 02 04 03 11")))), to_string(PacketError::kBadPadding));
}

TEST(EspTest, AnAuthenticPacketThatIsTooShortOrNotWholeBlocksIsRefused) {
  SaTransform null(test_parameters(IpProtocol::kEsp));
  EXPECT_EQ(opened_by(null, esp_null_around(hex("11"))).error(), PacketError::kTruncated);
  EXPECT_EQ(opened_by(null, v4_datagram(50, hex("11223344"))).error(), PacketError::kTruncated);
  SaTransform aes(test_parameters(IpProtocol::kEsp, CipherAlgorithm::kAes128));
  EXPECT_EQ(opened_by(aes, esp_null_around(OctetVector(17))).error(),
            PacketError::kTruncated);  // one octet behind the IV
  EXPECT_EQ(opened_by(aes, esp_null_around(OctetVector(40))).error(), PacketError::kNotBlocks);
}

TEST(EspTest, APacketOfAnotherSaIsNotTouched) {
  SaTransform transform(test_parameters(IpProtocol::kEsp));
  auto other_parameters = test_parameters(IpProtocol::kEsp);
  other_parameters.spi = Spi{0x55667788};
  SaTransform other(std::move(other_parameters));
  SaTransform ah(test_parameters(IpProtocol::kAh));
  const OctetVector packet = sealed_by(transform, v4_datagram(17, kUdp));
  EXPECT_EQ(opened_by(other, packet).error(), PacketError::kNoSuchHeader);
  EXPECT_EQ(opened_by(ah, packet).error(), PacketError::kNoSuchHeader);
  EXPECT_EQ(opened_by(ah, v4_datagram(17, kUdp)).error(), PacketError::kNoSuchHeader);
}

TEST(EspTest, ADatagramThatWouldOutgrowItsLengthFieldIsRefused) {
  SaTransform transform(test_parameters(IpProtocol::kEsp, CipherAlgorithm::kAes128));
  const OctetVector iv(16);
  OctetVector out(70'000);
  // 20 + 8 + 16 + 65472 + 12: the last size that fits, and one block more.
  OctetVector datagram = v4_datagram(17, OctetVector(65'470));
  EXPECT_EQ(transform.seal(datagram, SequenceNumber{1}, iv, out), (expected<std::size_t, PacketError>(65'528)));
  EXPECT_EQ(outcome(opened_by(transform, Octets(out).first(65'528))), "ok");
  datagram = v4_datagram(17, OctetVector(65'471));
  EXPECT_EQ(transform.seal(datagram, SequenceNumber{1}, iv, out).error(), PacketError::kTooLong);
}

TEST(EspTest, OctetsBehindTheDatagramAreNotPartOfIt) {
  for (const IpProtocol protocol : {IpProtocol::kEsp, IpProtocol::kAh}) {
    SaTransform transform(test_parameters(protocol));
    const OctetVector datagram = v4_datagram(17, kUdp);
    OctetVector longer = datagram;
    append(longer, hex("cccccc"));
    OctetVector packet = sealed_by(transform, longer);
    EXPECT_EQ(to_hex(packet), to_hex(sealed_by(transform, datagram)));
    append(packet, hex("cccccc"));
    EXPECT_EQ(to_hex(opened_by(transform, packet).value()), to_hex(datagram));
  }
}

TEST(EspTest, ABatchMakesTheSamePacketsAndReportsEachError) {
  SaTransform transform(test_parameters(IpProtocol::kEsp, CipherAlgorithm::kAes128));
  const OctetVector iv(16, std::byte{0x42});
  const OctetVector good = v4_datagram(17, kUdp);
  OctetVector fragment = good;
  fragment[6] = std::byte{0x20};
  std::array<OctetVector, 3> out{OctetVector(200), OctetVector(200), OctetVector(200)};
  std::array<SealJob, 3> jobs{SealJob{good, SequenceNumber{1}, iv, out[0]},
                              SealJob{fragment, SequenceNumber{2}, iv, out[1]},
                              SealJob{good, SequenceNumber{3}, iv, out[2]}};
  transform.seal(jobs);
  EXPECT_EQ(jobs[1].written.error(), PacketError::kFragment);
  for (const std::size_t i : {0U, 2U}) {
    OctetVector single(200);
    const auto size = transform.seal(good, jobs[i].sequence_number, iv, single);
    EXPECT_EQ(jobs[i].written, size);
    EXPECT_EQ(to_hex(out[i]), to_hex(single));
  }
}

TEST(EspTest, SealedOctetsMaxIsReachedAndNeverExceeded) {
  for (const CipherAlgorithm cipher :
       {CipherAlgorithm::kNull, CipherAlgorithm::kDes, CipherAlgorithm::kTripleDes, CipherAlgorithm::kAes256}) {
    SaTransform transform(test_parameters(IpProtocol::kEsp, cipher));
    bool reached = false;
    for (std::size_t size = 0; size < 40; ++size) {
      const OctetVector datagram = v4_datagram(17, OctetVector(size));
      const std::size_t sealed = sealed_by(transform, datagram).size();
      EXPECT_LE(sealed, transform.sealed_octets_max(datagram.size()));
      reached = reached || sealed == transform.sealed_octets_max(datagram.size());
    }
    EXPECT_TRUE(reached) << to_string(cipher);
  }
}

TEST(UdpEncapsulationTest, Ipv6HasAChecksum) {
  SaTransform transform(test_parameters(IpProtocol::kEsp));
  const OctetVector packet = encapsulate_in_udp(sealed_by(transform, v6_datagram(17, kUdp)), 4500, 4501);
  EXPECT_EQ(to_hex(Octets(packet).subspan(40, 4)), "11941195");
  EXPECT_EQ(load_u16(Octets(packet).subspan(4)), packet.size() - 40);
  EXPECT_EQ(load_u16(Octets(packet).subspan(44)), packet.size() - 40);
  // RFC 8200 8.1: pseudo-header and datagram add up to ones.
  std::uint32_t sum = static_cast<std::uint32_t>(packet.size() - 40) + 17;
  for (std::size_t i = 8; i + 1 < packet.size(); i += 2) sum += load_u16(Octets(packet).subspan(i));
  while (sum > 0xFFFF) sum = (sum & 0xFFFF) + (sum >> 16);
  EXPECT_EQ(sum, 0xFFFFU);
}

}  // namespace
}  // namespace ssx::crypto
