// The per-packet path allocates nothing: every operator new and every allocation of OpenSSL is counted.
#include <gtest/gtest.h>
#include <openssl/crypto.h>

#include <array>
#include <new>

#include "crypto/counted_allocations.h"
#include "crypto/hash.h"
#include "crypto/sa_transform.h"

namespace ssx::crypto {
namespace {

SaTransformParameters parameters(IpProtocol protocol, CipherAlgorithm cipher, IpsecMode mode) {
  SaTransformParameters out;
  out.protocol = protocol;
  out.mode = mode;
  out.spi = Spi{0x1000};
  out.cipher = cipher;
  out.cipher_key = SecretOctets(OctetVector(key_octets(cipher), std::byte{0x31}));
  out.integrity_key = SecretOctets(OctetVector(20, std::byte{2}));
  out.tunnel_source = *parse_address("192.0.2.1");
  out.tunnel_destination = *parse_address("192.0.2.2");
  return out;
}

TEST(AllocationTest, TheCounterSeesTheProgramAndTheLibrary) {
  ASSERT_TRUE(library_allocations_are_counted());
  std::size_t before = allocations_so_far();
  ::operator delete(::operator new(100));  // a call, not a new-expression: the compiler may not leave it out
  EXPECT_GT(allocations_so_far(), before);
  before = allocations_so_far();
  OPENSSL_free(OPENSSL_malloc(10));
  EXPECT_GT(allocations_so_far(), before);
}

TEST(AllocationTest, SealAndOpenAllocateNothing) {
  OctetVector datagram(1400);
  datagram[0] = std::byte{0x45};
  store_u16(MutableOctets(datagram).subspan(2), 1400);
  datagram[9] = std::byte{17};
  const OctetVector iv(16, std::byte{0x77});
  for (const IpsecMode mode : {IpsecMode::kTransport, IpsecMode::kTunnel}) {
    for (const auto& [protocol, cipher] :
         {std::pair{IpProtocol::kEsp, CipherAlgorithm::kAes128},
          std::pair{IpProtocol::kEsp, CipherAlgorithm::kTripleDes}, std::pair{IpProtocol::kEsp, CipherAlgorithm::kNull},
          std::pair{IpProtocol::kAh, CipherAlgorithm::kNull}}) {
      SaTransform transform(parameters(protocol, cipher, mode));
      OctetVector sealed(transform.sealed_octets_max(datagram.size()));
      OctetVector opened(sealed.size());
      std::array<SealJob, 2> jobs{SealJob{datagram, SequenceNumber{2}, Octets(iv).first(iv_octets(cipher)), sealed},
                                  SealJob{datagram, SequenceNumber{3}, Octets(iv).first(iv_octets(cipher)), sealed}};
      const std::size_t before = allocations_so_far();
      const auto written = transform.seal(datagram, SequenceNumber{1}, Octets(iv).first(iv_octets(cipher)), sealed);
      transform.seal(jobs);
      const auto back = transform.open(Octets(sealed).first(written.value()), opened);
      const std::size_t made = allocations_so_far() - before;
      EXPECT_EQ(made, 0U) << to_string(cipher);
      EXPECT_EQ(back, (expected<std::size_t, PacketError>(datagram.size())));
    }
  }
}

TEST(AllocationTest, AKeptHmacKeyAllocatesNothing) {
  for (const HashAlgorithm algorithm :
       {HashAlgorithm::kMd5, HashAlgorithm::kSha1, HashAlgorithm::kSha256, HashAlgorithm::kSha384}) {
    const OctetVector text(300);
    HmacKey key(algorithm, text);
    std::array<std::byte, 12> tag{};
    const std::array<Octets, 2> parts{Octets(text), Octets(text)};
    const std::size_t before = allocations_so_far();
    key.tag(parts, tag);
    const std::size_t made = allocations_so_far() - before;
    EXPECT_EQ(made, 0U) << to_string(algorithm);
  }
}

}  // namespace
}  // namespace ssx::crypto
