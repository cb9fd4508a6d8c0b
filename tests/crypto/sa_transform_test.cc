// ESP and AH on whole datagrams: the packets of docs/spec/authip.md 7.10 and the rules of 7.2 to 7.8.
#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "crypto/replay_window.h"
#include "crypto/sa_transform.h"
#include "support/conformance.h"

namespace ssx::crypto {
namespace {

const OctetVector kPlainV4 = hex("4500002612340000401154910a0000010a000002138813890012f6886175746869702d6b6174");
const char* const kAesIv = "d0d1d2d3d4d5d6d7d8d9dadbdcdddedf";
const char* const kDesIv = "e0e1e2e3e4e5e6e7";
constexpr Spi kSpi{0x11223344};

SaTransformParameters parameters(IpProtocol protocol, CipherAlgorithm cipher = CipherAlgorithm::kNull) {
  SaTransformParameters out;
  out.protocol = protocol;
  out.spi = kSpi;
  out.cipher = cipher;
  out.integrity_key = SecretOctets{hex("0102030405060708090a0b0c0d0e0f1011121314")};
  if (cipher == CipherAlgorithm::kAes128) out.cipher_key = SecretOctets{hex("303132333435363738393a3b3c3d3e3f")};
  if (cipher == CipherAlgorithm::kTripleDes) {
    out.cipher_key = SecretOctets{hex("515152525454575758585b5b5d5d5e5e6161626264646767")};
  }
  return out;
}

OctetVector sealed(SaTransform& transform, Octets datagram, const char* iv, std::uint32_t sequence = 1) {
  OctetVector out(transform.sealed_octets_max(datagram.size()), std::byte{0xa5});
  const auto written = transform.seal(datagram, SequenceNumber{sequence}, hex(iv), out);
  EXPECT_TRUE(written.has_value());
  out.resize(written.has_value() ? *written : 0);
  return out;
}

expected<OctetVector, PacketError> opened(SaTransform& transform, Octets datagram) {
  OctetVector out(datagram.size(), std::byte{0xa5});
  const auto written = transform.open(datagram, out);
  if (!written) return unexpected(written.error());
  out.resize(*written);
  return out;
}

void check_both_ways(SaTransformParameters given, Octets plain, const char* iv, const char* protected_packet) {
  SaTransform transform(std::move(given));
  EXPECT_EQ(to_hex(sealed(transform, plain, iv)), protected_packet);
  const auto back = opened(transform, hex(protected_packet));
  ASSERT_TRUE(back.has_value()) << to_string(back.error());
  EXPECT_EQ(to_hex(*back), to_hex(plain));
}

/// The IPv6 original of P7 and P8 is what AH carries behind its header.
OctetVector plain_v6() {
  return hex(
      "6000000000121140fd000000000000000000000000000001fd000000000000000000000000000002138813890012108761757468"
      "69702d6b6174");
}

TEST(EspTest, A301TransportPacketsP1P2P3) {
  CONFORMANCE("A-301", "A-305");
  check_both_ways(parameters(IpProtocol::kEsp), kPlainV4, "",
                  "4500003c123400004032545a0a0000010a0000021122334400000001138813890012f6886175746869702d6b61740011d76b"
                  "564eaec1907c269d8abe");
  check_both_ways(parameters(IpProtocol::kEsp, CipherAlgorithm::kAes128), kPlainV4, kAesIv,
                  "45000058123400004032543e0a0000010a0000021122334400000001d0d1d2d3d4d5d6d7d8d9dadbdcdddedf980f6c818d2a"
                  "0cba90d382ad9a1d"
                  "a30942a4cd84895345014fd9548026364d1e2453580f7ee9436b6d4c90c7");
  check_both_ways(parameters(IpProtocol::kEsp, CipherAlgorithm::kTripleDes), kPlainV4, kDesIv,
                  "45000048123400004032544e0a0000010a0000021122334400000001e0e1e2e3e4e5e6e74af1404d4855c846e7292a349fa7"
                  "7c37375a6808025a"
                  "cf36ef35d86e332f32fc46b468b2");
}

TEST(EspTest, A315TunnelPacketP4) {
  CONFORMANCE("A-315");
  auto tunnel = parameters(IpProtocol::kEsp);
  tunnel.mode = IpsecMode::kTunnel;
  tunnel.tunnel_source = *parse_address("10.0.0.1");
  tunnel.tunnel_destination = *parse_address("10.0.0.2");
  check_both_ways(std::move(tunnel), kPlainV4, "",
                  "4500005012340000403254460a0000010a00000211223344000000014500002612340000401154910a0000010a0000021388"
                  "13890012f6886175"
                  "746869702d6b6174000415ccf7f2923de61fa811f127");
}

TEST(EspTest, A329UdpEncapsulatedPacketP5) {
  CONFORMANCE("A-329");
  SaTransform transform(parameters(IpProtocol::kEsp));
  EXPECT_EQ(to_hex(encapsulate_in_udp(sealed(transform, kPlainV4, ""), 4500, 4500)),
            "4500004412340000401154730a0000010a00000211941194003000001122334400000001138813890012f6886175746869702d6b61"
            "740011d76b564eae"
            "c1907c269d8abe");
}

TEST(AhTest, A316PacketsP6P7) {
  CONFORMANCE("A-316", "A-320");
  check_both_ways(parameters(IpProtocol::kAh), kPlainV4, "",
                  "4500003e12340000403354570a0000010a000002110400001122334400000001cb263bfdae17707bbbbc68b4138813890012"
                  "f6886175746869702d"
                  "6b6174");
  check_both_ways(parameters(IpProtocol::kAh), plain_v6(), "",
                  "60000000002a3340fd000000000000000000000000000001fd00000000000000000000000000000211040000112233440000"
                  "000161d29c32832ad5"
                  "fc78b26c7013881389001210876175746869702d6b6174");
}

TEST(EspTest, P8OverIpv6) {
  check_both_ways(parameters(IpProtocol::kEsp), plain_v6(), "",
                  "6000000000283240fd000000000000000000000000000001fd00000000000000000000000000000211223344000000011388"
                  "1389001210876175746869"
                  "702d6b61740011c49dd2a97c7072c9326d3a92");
}

class EveryTransform : public testing::TestWithParam<std::pair<IpProtocol, CipherAlgorithm>> {
 protected:
  SaTransform make() { return SaTransform(parameters(GetParam().first, GetParam().second)); }
  const char* iv() {
    return GetParam().second == CipherAlgorithm::kAes128      ? kAesIv
           : GetParam().second == CipherAlgorithm::kTripleDes ? kDesIv
                                                              : "";
  }
};

TEST_P(EveryTransform, EverySizeComesBack) {
  SaTransform transform = make();
  for (std::size_t payload = 8; payload < 80; ++payload) {
    OctetVector datagram = hex("4500000012344000401100000a0000010a000002");
    for (std::size_t i = 0; i < payload; ++i) datagram.push_back(static_cast<std::byte>(i));
    store_u16(MutableOctets(datagram).subspan(2), static_cast<std::uint16_t>(datagram.size()));
    const OctetVector packet = sealed(transform, datagram, iv());
    const auto back = opened(transform, packet);
    ASSERT_TRUE(back.has_value()) << payload << to_string(back.error());
    store_u16(MutableOctets(datagram).subspan(10), load_u16(Octets(*back).subspan(10)));  // the checksum is made anew
    EXPECT_EQ(to_hex(*back), to_hex(datagram));
  }
}

TEST_P(EveryTransform, AFlippedBitInTheProtectedPartFailsTheIcv) {
  SaTransform transform = make();
  const OctetVector packet = sealed(transform, kPlainV4, iv());
  for (std::size_t octet = 28; octet < packet.size(); ++octet) {  // behind SPI and sequence number
    OctetVector damaged = packet;
    damaged[octet] ^= std::byte{0x10};
    const auto result = opened(transform, damaged);
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error(), PacketError::kIcvMismatch) << octet;
  }
}

TEST_P(EveryTransform, EveryTruncationIsAnErrorNotACrash) {
  SaTransform transform = make();
  const OctetVector packet = sealed(transform, kPlainV4, iv());
  for (std::size_t size = 0; size < packet.size(); ++size) {
    EXPECT_FALSE(opened(transform, Octets(packet).first(size)).has_value()) << size;
    // Cut with a header that agrees: the ICV, or the length rules, find it out.
    if (size < 20) continue;
    OctetVector shorter(packet.begin(), packet.begin() + static_cast<std::ptrdiff_t>(size));
    store_u16(MutableOctets(shorter).subspan(2), static_cast<std::uint16_t>(size));
    EXPECT_FALSE(opened(transform, shorter).has_value()) << size;
  }
}

TEST_P(EveryTransform, A310FragmentsAreRefused) {
  CONFORMANCE("A-310");
  SaTransform transform = make();
  OctetVector packet = sealed(transform, kPlainV4, iv());
  packet[6] = std::byte{0x20};  // more fragments
  EXPECT_EQ(opened(transform, packet).error(), PacketError::kFragment);
  packet[6] = std::byte{0};
  packet[7] = std::byte{1};  // offset 8
  EXPECT_EQ(opened(transform, packet).error(), PacketError::kFragment);
}

TEST_P(EveryTransform, ABufferThatIsTooSmallIsRefusedAndNotTouched) {
  SaTransform transform = make();
  const OctetVector packet = sealed(transform, kPlainV4, iv());
  OctetVector small(packet.size() - 1, std::byte{0xa5});
  EXPECT_EQ(transform.seal(kPlainV4, SequenceNumber{1}, hex(iv()), small).error(), PacketError::kBufferTooSmall);
  EXPECT_EQ(small, OctetVector(packet.size() - 1, std::byte{0xa5}));
}

INSTANTIATE_TEST_SUITE_P(Transforms, EveryTransform,
                         testing::Values(std::pair{IpProtocol::kEsp, CipherAlgorithm::kNull},
                                         std::pair{IpProtocol::kEsp, CipherAlgorithm::kAes128},
                                         std::pair{IpProtocol::kEsp, CipherAlgorithm::kTripleDes},
                                         std::pair{IpProtocol::kAh, CipherAlgorithm::kNull}));

TEST(EspTest, A306WrongPaddingIsRefusedAfterTheIcv) {
  CONFORMANCE("A-306");
  SaTransform transform(parameters(IpProtocol::kEsp));
  // 17 octets of UDP need one octet of padding; give it another value and a fresh ICV.
  OctetVector datagram = kPlainV4;
  datagram.pop_back();
  store_u16(MutableOctets(datagram).subspan(2), static_cast<std::uint16_t>(datagram.size()));
  OctetVector packet = sealed(transform, datagram, "");
  const std::size_t icv_at = packet.size() - 12;
  ASSERT_EQ(packet[icv_at - 3], std::byte{1});
  packet[icv_at - 3] = std::byte{9};
  const Digest icv = hmac(HashAlgorithm::kSha1, hex("0102030405060708090a0b0c0d0e0f1011121314"),
                          {Octets(packet).subspan(20, icv_at - 20)});
  std::copy_n(icv.view().begin(), 12, packet.begin() + static_cast<std::ptrdiff_t>(icv_at));
  EXPECT_EQ(opened(transform, packet).error(), PacketError::kBadPadding);
}

TEST(EspTest, A308NextHeader59IsADummy) {
  CONFORMANCE("A-308");
  SaTransform transform(parameters(IpProtocol::kEsp));
  OctetVector datagram = kPlainV4;
  datagram[9] = std::byte{59};
  EXPECT_EQ(opened(transform, sealed(transform, datagram, "")).error(), PacketError::kDummy);
}

TEST(AhTest, A317MutableIpv4FieldsDoNotMatterA318OthersDo) {
  CONFORMANCE("A-317", "A-318");
  SaTransform transform(parameters(IpProtocol::kAh));
  const OctetVector packet = sealed(transform, kPlainV4, "");
  const auto with = [&](std::size_t octet) {
    OctetVector changed = packet;
    changed[octet] ^= std::byte{0x40};
    return opened(transform, changed).has_value();
  };
  for (const std::size_t octet : {1U, 6U, 8U, 10U, 11U}) EXPECT_TRUE(with(octet)) << octet;  // TOS, DF, TTL, checksum
  for (const std::size_t octet : {4U, 5U, 12U, 15U, 16U, 19U}) EXPECT_FALSE(with(octet)) << octet;
}

TEST(AhTest, A319MutableIpv6Fields) {
  CONFORMANCE("A-319");
  SaTransform transform(parameters(IpProtocol::kAh));
  const OctetVector packet = sealed(transform, plain_v6(), "");
  const auto with = [&](std::size_t octet, std::byte bits) {
    OctetVector changed = packet;
    changed[octet] ^= bits;
    return opened(transform, changed).has_value();
  };
  EXPECT_TRUE(with(0, std::byte{0x0f}));  // traffic class
  EXPECT_TRUE(with(1, std::byte{0xff}));  // traffic class, flow label
  EXPECT_TRUE(with(3, std::byte{0xff}));  // flow label
  EXPECT_TRUE(with(7, std::byte{0xff}));  // hop limit
  EXPECT_FALSE(with(9, std::byte{1}));    // source
  EXPECT_FALSE(with(25, std::byte{1}));   // destination
}

TEST(AhTest, A320Sha256PayloadLength) {
  CONFORMANCE("A-320");
  auto given = parameters(IpProtocol::kAh);
  given.integrity = IntegrityAlgorithm::kHmacSha256_128;
  given.integrity_key = SecretOctets{OctetVector(32, std::byte{7})};
  SaTransform transform(std::move(given));
  const OctetVector v4 = sealed(transform, kPlainV4, "");
  const OctetVector v6 = sealed(transform, plain_v6(), "");
  EXPECT_EQ(v4[21], std::byte{5});
  EXPECT_EQ(v6[41], std::byte{6});
  EXPECT_EQ(to_hex(*opened(transform, v6)), to_hex(plain_v6()));
}

TEST(AhTest, A321OptionsAndA322Reserved) {
  CONFORMANCE("A-321", "A-322");
  SaTransform transform(parameters(IpProtocol::kAh));
  // IHL 9: record route (type 7, 7 octets), no-op, router alert (148, 4 octets), end of list and padding.
  OctetVector datagram =
      hex("49000000123400004011000000000000000000000707040a0a0a0a01940400000000000013881389000800 00");
  store_u32(MutableOctets(datagram).subspan(12), 0x0a000001);
  store_u32(MutableOctets(datagram).subspan(16), 0x0a000002);
  store_u16(MutableOctets(datagram).subspan(2), static_cast<std::uint16_t>(datagram.size()));
  const OctetVector packet = sealed(transform, datagram, "");
  OctetVector rerouted = packet;
  rerouted[25] ^= std::byte{0xff};  // inside record route
  EXPECT_TRUE(opened(transform, rerouted).has_value());
  OctetVector alert = packet;
  alert[31] ^= std::byte{1};  // inside router alert
  EXPECT_FALSE(opened(transform, alert).has_value());
  OctetVector reserved = packet;
  reserved[36 + 2] ^= std::byte{1};
  EXPECT_FALSE(opened(transform, reserved).has_value());
}

TEST(EspTest, Ipv6ExtensionHeadersStayInFront) {
  SaTransform transform(parameters(IpProtocol::kEsp, CipherAlgorithm::kAes128));
  // A hop-by-hop header with PadN in front of UDP.
  OctetVector datagram = plain_v6();
  const OctetVector hop_by_hop = hex("1100010400000000");
  datagram.insert(datagram.begin() + 40, hop_by_hop.begin(), hop_by_hop.end());
  datagram[6] = std::byte{0};
  store_u16(MutableOctets(datagram).subspan(4), static_cast<std::uint16_t>(datagram.size() - 40));
  const OctetVector packet = sealed(transform, datagram, kAesIv);
  EXPECT_EQ(packet[6], std::byte{0});
  EXPECT_EQ(packet[40], std::byte{50});
  EXPECT_EQ(load_u32(Octets(packet).subspan(48)), kSpi.value);
  EXPECT_EQ(to_hex(*opened(transform, packet)), to_hex(datagram));
}

TEST(EspTest, FindsTheHeaderWithoutAKey) {
  const auto found =
      find_ipsec_header(hex("4500003e12340000403354570a0000010a000002110400001122334400000001cb263bfdae17707bbbbc68b413"
                            "8813890012f6886175746869702d6b6174"));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->protocol, IpProtocol::kAh);
  EXPECT_EQ(found->spi, kSpi);
  EXPECT_EQ(found->sequence_number, SequenceNumber{1});
  EXPECT_EQ(find_ipsec_header(kPlainV4).error(), PacketError::kNoSuchHeader);
}

TEST(ReplayWindowTest, A323A324A325Edges) {
  CONFORMANCE("A-323", "A-325");
  ReplayWindow window(64);
  EXPECT_FALSE(window.check(SequenceNumber{0}));
  window.update(SequenceNumber{100});
  EXPECT_FALSE(window.check(SequenceNumber{100}));
  EXPECT_TRUE(window.check(SequenceNumber{37}));
  window.update(SequenceNumber{37});
  EXPECT_FALSE(window.check(SequenceNumber{37}));
  EXPECT_FALSE(window.check(SequenceNumber{36}));
}

TEST(ReplayWindowTest, A326AJumpClearsTheBitmapButForTheNewNumber) {
  CONFORMANCE("A-326");
  ReplayWindow window(64);
  for (std::uint32_t n = 1; n <= 64; ++n) window.update(SequenceNumber{n});
  window.update(SequenceNumber{1000});
  for (std::uint32_t n = 937; n < 1000; ++n) EXPECT_TRUE(window.check(SequenceNumber{n})) << n;
  EXPECT_FALSE(window.check(SequenceNumber{1000}));
  EXPECT_FALSE(window.check(SequenceNumber{936}));
}

/// authip.md 7.5 word by word, with a 64-bit bitmap.
struct LiteralWindow {
  std::uint32_t top = 0;
  std::uint64_t bits = 0;
  bool check(std::uint32_t s) const {
    if (s == 0) return false;
    if (s > top) return true;
    if (top - s >= 64) return false;
    return (bits >> (top - s) & 1) == 0;
  }
  void update(std::uint32_t s) {
    if (s > top) {
      const std::uint32_t d = s - top;
      bits = d >= 64 ? 1 : (bits << d) | 1;
      top = s;
    } else {
      bits |= std::uint64_t{1} << (top - s);
    }
  }
};

TEST(ReplayWindowTest, AgreesWithTheSpecificationWordByWord) {
  ReplayWindow window(64);
  LiteralWindow literal;
  std::uint32_t state = 12345;
  for (int i = 0; i < 200'000; ++i) {
    state = state * 1664525U + 1013904223U;
    const std::uint32_t around = literal.top > 80 ? literal.top - 80 : 0;
    const std::uint32_t number = around + (state >> 16) % ((state & 0xff) == 0 ? 400U : 90U);
    ASSERT_EQ(window.check(SequenceNumber{number}), literal.check(number)) << number << " top " << literal.top;
    if (!literal.check(number)) continue;
    window.update(SequenceNumber{number});
    literal.update(number);
  }
}

}  // namespace
}  // namespace ssx::crypto
