// The frame, the sealed envelope and the bodies of the Kerberos stand-in.
#include <gtest/gtest.h>

#include "crypto/cipher.h"
#include "crypto/hash.h"
#include "model/identity/gss_token.h"
#include "model/identity/kerberos_messages.h"
#include "model/identity/sealing.h"
#include "testbed.h"

namespace ssx::identity {
namespace {

constexpr const char* kOid = "06092a864886f712010202";

TEST(KerberosFrameTest, KnownOctets) {
  const OctetVector token =
      hex("60 0f"                             // RFC 2743 3.1: tag and length
          "06 09 2a 86 48 86 f7 12 01 02 02"  // 1.2.840.113554.1.2.2
          "01 00"                             // RFC 1964 1.1.1: TOK_ID
          "ab cd");
  const auto frame = parse_kerberos_frame(token);
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->id, KerberosTokenId::kApReq);
  EXPECT_EQ(to_hex(frame->body), "abcd");
  EXPECT_EQ(to_hex(emit_kerberos_frame(KerberosTokenId::kApReq, hex("ab cd"))), to_hex(token));
}

TEST(KerberosFrameTest, EveryLengthFormRoundTrips) {
  for (const std::size_t size : {0U, 114U, 115U, 242U, 243U, 244U, 47'983U}) {
    const OctetVector body(size, std::byte{0xa5});
    const OctetVector token = emit_kerberos_frame(KerberosTokenId::kApRep, body);
    EXPECT_LE(token.size(), kKerberosTokenOctetsMax);
    const auto frame = parse_kerberos_frame(token);
    ASSERT_TRUE(frame) << size;
    EXPECT_EQ(frame->id, KerberosTokenId::kApRep);
    EXPECT_TRUE(equal(frame->body, body)) << size;
  }
}

TEST(KerberosFrameTest, OtherFramesAreRefused) {
  const std::string oid = kOid;
  EXPECT_FALSE(parse_kerberos_frame(hex("61 0d" + oid + "0100")));      // another tag
  EXPECT_FALSE(parse_kerberos_frame(hex("60 0c" + oid + "0100")));      // a length too small
  EXPECT_FALSE(parse_kerberos_frame(hex("60 0e" + oid + "0100")));      // a length too large
  EXPECT_FALSE(parse_kerberos_frame(hex("60 810d" + oid + "0100")));    // not the shortest form
  EXPECT_FALSE(parse_kerberos_frame(hex("60 82000d" + oid + "0100")));  // not the shortest form
  EXPECT_FALSE(parse_kerberos_frame(hex("60 80" + oid + "0100")));      // indefinite
  EXPECT_FALSE(parse_kerberos_frame(hex("60 8300000d" + oid + "0100")));
  EXPECT_FALSE(
      parse_kerberos_frame(hex("60 0d" + oid + "0300")));  // RFC 1964 1.1.3: an error token is no context token
  EXPECT_FALSE(parse_kerberos_frame(hex("60 0a 06062b0601050502 0100")));  // SPNEGO
  EXPECT_TRUE(parse_kerberos_frame(hex("60 0d" + oid + "0100")));
}

TEST(KerberosFrameTest, ATokenAboveTheLimitIsRefused) {
  OctetVector token = hex("60 82 bb7d" + std::string(kOid) + "0100");
  token.resize(kKerberosTokenOctetsMax + 1);
  EXPECT_FALSE(parse_kerberos_frame(token));
  token.pop_back();
  token[3] = std::byte{0x7c};
  EXPECT_TRUE(parse_kerberos_frame(token));
}

TEST(SealingTest, WhatIsSealedOpensWithTheSameKeyUsageAndAssociatedOctets) {
  crypto::SeededRandom random(1, "seal");
  const crypto::SecretOctets key(random.octets(32));
  const crypto::SecretOctets other_key(random.octets(32));
  for (std::size_t size = 0; size <= 33; ++size) {
    const OctetVector text = random.octets(size);
    const OctetVector sealed = seal(key, KeyUsage::kTicket, hex("0102"), text, random);
    EXPECT_LE(sealed.size(), size + kSealOverheadMax);
    const auto opened = open(key, KeyUsage::kTicket, hex("0102"), sealed);
    ASSERT_TRUE(opened) << size;
    EXPECT_EQ(to_hex(opened->view()), to_hex(text));
    EXPECT_FALSE(open(other_key, KeyUsage::kTicket, hex("0102"), sealed));
    EXPECT_FALSE(open(key, KeyUsage::kApRepPart, hex("0102"), sealed));
    EXPECT_FALSE(open(key, KeyUsage::kTicket, hex("0103"), sealed));
  }
}

TEST(SealingTest, ThePlaintextIsNotInTheEnvelope) {
  crypto::SeededRandom random(1, "seal");
  const crypto::SecretOctets key(random.octets(32));
  const std::string secret(64, 'S');
  EXPECT_EQ(to_text(seal(key, KeyUsage::kTicket, {}, as_octets(secret), random)).find("SSSS"), std::string::npos);
}

TEST(SealingTest, EveryPrefixIsRefused) {
  crypto::SeededRandom random(1, "seal");
  const crypto::SecretOctets key(random.octets(32));
  const OctetVector sealed = seal(key, KeyUsage::kTicket, {}, random.octets(40), random);
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_FALSE(open(key, KeyUsage::kTicket, {}, Octets(sealed).first(size))) << size;
  }
}

/// The envelope made from its description (docs/kerberos-stand-in.md), around blocks with any padding.
OctetVector seal_by_hand(const crypto::SecretOctets& key, const OctetVector& blocks) {
  constexpr auto kSha256 = crypto::HashAlgorithm::kSha256;
  const crypto::Digest encryption = crypto::hmac(kSha256, key.view(), {hex("00000002 aa")});
  const crypto::Digest integrity = crypto::hmac(kSha256, key.view(), {hex("00000002 55")});
  OctetVector sealed(16, std::byte{0x77});
  sealed.resize(16 + blocks.size());
  crypto::CbcCipher(crypto::CipherAlgorithm::kAes128, encryption.view().first(16))
      .encrypt(Octets(sealed).first(16), blocks, MutableOctets(sealed).subspan(16));
  append(sealed, crypto::hmac(kSha256, integrity.view(), {hex("00000002 00000002 0102"), sealed}).view().first(16));
  return sealed;
}

TEST(SealingTest, OpensWhatTheDescriptionGivesAndRefusesPaddingThatCannotBe) {
  const crypto::SecretOctets key(OctetVector(32, std::byte{0x42}));
  const auto opened = [&](std::byte padding) {
    OctetVector blocks(32, std::byte{0x99});
    blocks.back() = padding;
    return open(key, KeyUsage::kTicket, hex("0102"), seal_by_hand(key, blocks));
  };
  ASSERT_TRUE(opened(std::byte{16}));
  EXPECT_EQ(opened(std::byte{16})->size(), 16U);
  EXPECT_EQ(opened(std::byte{1})->size(), 31U);
  EXPECT_FALSE(opened(std::byte{0}));
  EXPECT_FALSE(opened(std::byte{17}));
  EXPECT_FALSE(opened(std::byte{255}));
}

Ticket sample_ticket() {
  return {Realm().alice, kNow, kNow + 10h, crypto::SecretOctets(OctetVector(32, std::byte{0x11}))};
}

/// A whole message parses; no prefix of it and nothing longer does.
template <class Parse>
void expect_exact(const OctetVector& octets, const Parse& parse) {
  EXPECT_TRUE(parse(octets).has_value());
  for (std::size_t size = 0; size < octets.size(); ++size)
    EXPECT_FALSE(parse(Octets(octets).first(size)).has_value()) << size;
  OctetVector longer = octets;
  longer.push_back(std::byte{0});
  EXPECT_FALSE(parse(longer).has_value());
}

TEST(KerberosMessagesTest, ATicketRoundTrips) {
  EXPECT_EQ(parse_ticket(emit_ticket(sample_ticket())), sample_ticket());
  expect_exact(emit_ticket(sample_ticket()), parse_ticket);
}

TEST(KerberosMessagesTest, ATicketOfAnUnknownKindOfPrincipalIsRefused) {
  OctetVector octets = emit_ticket(sample_ticket());
  octets[0] = std::byte{2};
  EXPECT_FALSE(parse_ticket(octets));
}

TEST(KerberosMessagesTest, AnAuthenticatorRoundTripsAlsoBeforeTheEpoch) {
  const Authenticator authenticator{"host/client.example.test", Instant{-1h}, 0x01020304, kGssMutualFlag,
                                    crypto::SecretOctets(OctetVector(32, std::byte{0x22}))};
  EXPECT_EQ(parse_authenticator(emit_authenticator(authenticator)), authenticator);
  expect_exact(emit_authenticator(authenticator), parse_authenticator);
}

TEST(KerberosMessagesTest, AReplyPartIsItsFieldsInOrder) {
  const ApReplyPart part{Instant{1s}, 0x01020304, crypto::SecretOctets(OctetVector(32, std::byte{0x33}))};
  const OctetVector octets = emit_ap_reply_part(part);
  EXPECT_EQ(to_hex(octets),
            "000000003b9aca00"  // 1 s in nanoseconds
            "01020304"          // sequence number
            "3333333333333333333333333333333333333333333333333333333333333333");
  EXPECT_EQ(parse_ap_reply_part(octets), part);
  expect_exact(octets, parse_ap_reply_part);
}

TEST(KerberosMessagesTest, ARequestIsItsFieldsInOrder) {
  const ApRequest request{kApOptionMutualRequired, {"R", "host/s"}, hex("aabb"), hex("cc")};
  const OctetVector octets = emit_ap_request(request);
  EXPECT_EQ(to_hex(octets),
            "01"        // version
            "20000000"  // mutual-required
            "0001"
            "52"  // realm
            "0006"
            "686f73742f73"  // service name
            "0002"
            "aabb"  // ticket
            "0001"
            "cc");  // authenticator
  EXPECT_EQ(parse_ap_request(octets), request);
  expect_exact(octets, parse_ap_request);
}

TEST(KerberosMessagesTest, AnotherVersionIsRefused) {
  OctetVector request = emit_ap_request({0, {"R", "host/s"}, hex("aabb"), hex("cc")});
  request[0] = std::byte{2};
  EXPECT_FALSE(parse_ap_request(request));
  OctetVector reply = emit_ap_reply(hex("aabb"));
  EXPECT_EQ(to_hex(reply), "010002aabb");
  expect_exact(reply, parse_ap_reply);
  reply[0] = std::byte{0};
  EXPECT_FALSE(parse_ap_reply(reply));
}

}  // namespace
}  // namespace ssx::identity
