// Kerberos rounds that succeed: A asks, Z answers, both hold the same secret and know each other.
#include "model/identity/kerberos.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "crypto/hash.h"
#include "model/identity/gss_token.h"
#include "support/conformance.h"
#include "testbed.h"

namespace ssx::identity {
namespace {

/// A, Z and the two tokens of one round.
struct Round {
  std::unique_ptr<GssContext> a;
  std::unique_ptr<GssContext> z;
  OctetVector request;
  OctetVector reply;
};

Round run(const Realm& realm, std::uint64_t seed, const GssInitiatorRequest& request = to_server()) {
  crypto::SeededRandom a_random(seed, "a");
  crypto::SeededRandom z_random(seed, "z");
  Round round;
  round.a = initiate(*make_kerberos(realm.domain, realm.client), request);
  round.z = make_kerberos(realm.domain, realm.server)->accept().value();
  // A asks.
  const GssStep first = round.a->step({}, kNow, a_random).value();
  EXPECT_FALSE(first.complete);
  round.request = first.token;
  // Z is complete with its answer.
  const GssStep second = round.z->step(round.request, kNow + 1s, z_random).value();
  EXPECT_TRUE(second.complete);
  round.reply = second.token;
  // A is complete and has nothing to say.
  const GssStep third = round.a->step(round.reply, kNow + 2s, a_random).value();
  EXPECT_TRUE(third.complete);
  EXPECT_TRUE(third.token.empty());
  return round;
}

std::string sha256(Octets octets) { return to_hex(crypto::hash(crypto::HashAlgorithm::kSha256, {octets}).view()); }

TEST(KerberosTest, BothSidesHoldTheSame32Octets) {
  const Realm realm;
  const Round round = run(realm, 1);
  EXPECT_EQ(round.a->session_key().size(), 32U);
  EXPECT_TRUE(round.a->session_key() == round.z->session_key());
  const Round another = run(realm, 2);
  EXPECT_FALSE(round.a->session_key() == another.a->session_key());
}

TEST(KerberosTest, EachSideKnowsTheOthersMachine) {
  const Realm realm;
  const Round round = run(realm, 1);
  EXPECT_EQ(round.a->peer(), realm.server);
  EXPECT_EQ(round.z->peer(), realm.client);
}

TEST(KerberosTest, AsAUserTheAcceptorKnowsTheUserWithItsGroups) {
  const Realm realm;
  GssInitiatorRequest request = to_server();
  request.as_user = true;
  request.user = realm.alice;
  request.user->groups.clear();  // the domain's record counts
  const Round round = run(realm, 1, request);
  EXPECT_EQ(round.a->peer(), realm.server);
  EXPECT_EQ(round.z->peer(), realm.alice);
}

TEST(KerberosTest, TheUserIsNotUsedWhenTheMachineAuthenticates) {
  const Realm realm;
  GssInitiatorRequest request = to_server();
  request.user = realm.alice;
  EXPECT_EQ(run(realm, 1, request).z->peer(), realm.client);
}

TEST(KerberosTest, EveryFormOfTheTargetNameReachesTheServer) {
  const Realm realm;
  for (const char* name : {"server$", "host/SERVER", "server.example.test", "server$@EXAMPLE.TEST"}) {
    EXPECT_EQ(run(realm, 1, {.target_name = name}).a->peer(), realm.server) << name;
  }
}

TEST(KerberosTest, BeforeCompletionThereIsNeitherSecretNorPeer) {
  const Realm realm;
  crypto::SeededRandom random(1, "a");
  const auto a = initiate(*make_kerberos(realm.domain, realm.client));
  ASSERT_TRUE(a->step({}, kNow, random));
  EXPECT_TRUE(a->session_key().empty());
  EXPECT_EQ(a->peer(), std::nullopt);
  const auto z = make_kerberos(realm.domain, realm.server)->accept().value();
  EXPECT_TRUE(z->session_key().empty());
  EXPECT_EQ(z->peer(), std::nullopt);
  EXPECT_TRUE(z->replay_mark().empty());
}

TEST(KerberosTest, A129TheTokensAreKerberosTokensWithoutSpnego) {
  CONFORMANCE("A-129");
  const Realm realm;
  const Round round = run(realm, 1);
  // RFC 2743 3.1: 60, the length, then the mechanism: 1.2.840.113554.1.2.2, not SPNEGO's 1.3.6.1.5.5.2; then TOK_ID.
  for (const OctetVector& token : {round.request, round.reply}) {
    const std::size_t length_octets = token[1] == std::byte{0x82} ? 3 : token[1] == std::byte{0x81} ? 2 : 1;
    EXPECT_EQ(token[0], std::byte{0x60});
    EXPECT_EQ(to_hex(Octets(token).subspan(1 + length_octets, 11)), "06092a864886f712010202");
    EXPECT_EQ(to_hex(Octets(token).subspan(12 + length_octets, 2)), token == round.reply ? "0200" : "0100");
  }
}

TEST(KerberosTest, A128ContextsAreRequestedWithTheMutualFlagAndTheAcceptorProvesItself) {
  CONFORMANCE("A-128");
  const Realm realm;
  const Round round = run(realm, 1);
  const auto frame = parse_kerberos_frame(round.request);
  ASSERT_TRUE(frame);
  const auto request = parse_ap_request(frame->body);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->options, 0x20000000U);  // mutual-required, RFC 4120 5.5.1
  EXPECT_FALSE(round.reply.empty());
}

TEST(KerberosTest, ACloneGoesItsOwnWay) {
  const Realm realm;
  crypto::SeededRandom random(1, "a");
  const auto a = initiate(*make_kerberos(realm.domain, realm.client));
  const GssStep first = a->step({}, kNow, random).value();
  const auto copy = a->clone();
  const GssStep second = answer(realm, first.token).value();
  ASSERT_TRUE(a->step(second.token, kNow, random));
  EXPECT_TRUE(copy->session_key().empty());
  ASSERT_TRUE(copy->step(second.token, kNow, random));
  EXPECT_TRUE(copy->session_key() == a->session_key());
}

TEST(KerberosTest, TheSameSeedGivesTheSameOctetsWithEveryCompiler) {
  const Realm realm;
  const Round round = run(realm, 1);
  EXPECT_EQ(sha256(round.request), "07b36a833c2b3ca6751ac132546b3a765ae3ca779244e840f6021cbbf5bb2fcc");
  EXPECT_EQ(sha256(round.reply), "e1723cbfbac06f94d37e42fd675fe3c0ef0149dab038a0ca4f09d1151acc3dbd");
  EXPECT_EQ(to_hex(round.a->session_key().view()), "3fbf714ac1c8191bf3e4e1ce6bdcfa16a5cb81351bafcf18a0bbdaf008403952");
}

/// The octets of the n-th ```hex block of a document; '#' starts a comment.
OctetVector hex_block(const std::string& path, int index) {
  std::ifstream file(path);
  std::string line;
  std::string digits;
  int block = -1;
  bool inside = false;
  while (std::getline(file, line)) {
    if (line.starts_with("```")) {
      inside = line == "```hex";
      if (inside) ++block;
    } else if (inside && block == index) {
      digits += line.substr(0, line.find('#')) + " ";
    }
  }
  return from_hex(digits).value_or(OctetVector{});
}

TEST(KerberosTest, TheDocumentsWorkedExampleIsThisRound) {
  const std::string document = std::string(SSX_SOURCE_DIR) + "/docs/kerberos-stand-in.md";
  const Round round = run(Realm(), 1);
  EXPECT_EQ(to_hex(hex_block(document, 0)), to_hex(round.request));
  EXPECT_EQ(to_hex(hex_block(document, 1)), to_hex(round.reply));
}

}  // namespace
}  // namespace ssx::identity
