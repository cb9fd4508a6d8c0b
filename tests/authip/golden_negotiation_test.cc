// The known negotiation of authip.md 3.7, octet for octet, between two engines with scripted randomness.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/conformance.h"
#include "testbed.h"

namespace ssx::authip::testing_support {
namespace {

using ::testing::ElementsAre;

/// RFC 5903 8.1: the private values i and r.
const char* const kPrivateI = "c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433";
const char* const kPrivateR = "c6ef9c5d78ae012a011164acb397ce2088685d8f06bf9be0b283ab46476bee53";

class KnownNegotiation : public ::testing::Test {
 protected:
  KnownNegotiation() : ladder_(config(), i_random_, r_random_) {
    i_random_.add(0x01, 8);   // cookie
    i_random_.add(0x20, 32);  // Ni
    i_random_.add(hex(kPrivateI));
    i_random_.add(hex("11223344"));
    i_random_.add(0x60, 32);  // Ni(qm)
    for (const int iv : {0xb0, 0xd0, 0xf0, 0x10, 0x30}) i_random_.add(static_cast<std::uint8_t>(iv), 16);
    r_random_.add(0x11, 8);   // cookie
    r_random_.add(0x40, 32);  // Nr
    r_random_.add(0x80, 32);  // Nr(qm)
    r_random_.add(hex(kPrivateR));
    r_random_.add(hex("55667788"));
    for (const int iv : {0xc0, 0xe0, 0x00, 0x20, 0x40}) r_random_.add(static_cast<std::uint8_t>(iv), 16);
    ladder_.acquire();
    ladder_.settle();
  }
  static Config config() {
    Config known;
    known.log_keys = true;
    return known;
  }
  /// Everything that was sent, in the order of the wire.
  std::vector<std::pair<std::string, OctetVector>> wire() const {
    std::vector<std::pair<std::string, OctetVector>> messages;
    const auto i = ladder_.a.all<SendDatagram>();
    const auto r = ladder_.z.all<SendDatagram>();
    for (std::size_t k = 0; k < i.size() || k < r.size(); ++k) {
      if (k < i.size()) messages.emplace_back(i[k].name, i[k].octets);
      if (k < r.size()) messages.emplace_back(r[k].name, r[k].octets);
    }
    return messages;
  }

  ScriptedRandom i_random_;
  ScriptedRandom r_random_;
  Ladder ladder_;
};

TEST_F(KnownNegotiation, A231EveryMessageIsReproducedOctetForOctet) {
  CONFORMANCE("A-231", "A-087", "A-141", "A-142", "A-233", "A-255", "A-280", "A-032", "A-034", "A-035", "A-160",
              "A-161", "A-125", "C-239");
  const auto expected_messages = read_messages("negotiation.txt");
  const auto sent = wire();
  ASSERT_EQ(sent.size(), 12U);
  ASSERT_EQ(expected_messages.size(), sent.size());
  for (std::size_t i = 0; i < sent.size(); ++i) {
    EXPECT_EQ(sent[i].first, expected_messages[i].first);
    EXPECT_EQ(to_hex(sent[i].second), to_hex(expected_messages[i].second)) << sent[i].first;
  }
  EXPECT_TRUE(i_random_.used_up());
  EXPECT_TRUE(r_random_.used_up());
}

TEST_F(KnownNegotiation, A222A223QuickModeKeysWithExtendedModeAreTheKnownOnes) {
  CONFORMANCE("A-221", "A-222");
  const auto i_in = ladder_.a.last<InstallInboundSa>();
  const auto i_out = ladder_.a.last<InstallOutboundSa>();
  ASSERT_TRUE(i_in && i_out);
  EXPECT_EQ(i_in->pair.inbound.at(0).spi, Spi{0x11223344});
  EXPECT_EQ(to_hex(i_in->pair.inbound.at(0).integrity_key.view()), "5c03af48dc35a67337da98d77de1e93e112939fa");
  EXPECT_EQ(to_hex(i_out->pair.outbound.at(0).integrity_key.view()), "3376cac0a0c1bf2e05433c86ca6cebeb85d8fa60");
  EXPECT_TRUE(i_in->pair.inbound.at(0).cipher_key.empty());
  const auto r_in = ladder_.z.last<InstallInboundSa>();
  ASSERT_TRUE(r_in);
  EXPECT_EQ(r_in->pair.inbound.at(0).spi, Spi{0x55667788});
  EXPECT_EQ(r_in->pair.inbound.at(0).integrity_key, i_out->pair.outbound.at(0).integrity_key);
  EXPECT_EQ(r_in->pair.outbound.at(0).integrity_key, i_in->pair.inbound.at(0).integrity_key);
}

TEST_F(KnownNegotiation, C168BothEndsReportTheKnownQmSaId) {
  CONFORMANCE("C-168");
  EXPECT_EQ(ladder_.a.last<InstallInboundSa>()->pair.quick_mode, QmSaId{0x173CD0F5});
  EXPECT_EQ(ladder_.z.last<InstallInboundSa>()->pair.quick_mode, QmSaId{0x173CD0F5});
}

TEST_F(KnownNegotiation, C237TheMainModeIsAes128Sha1Ecp256Anonymous) {
  CONFORMANCE("C-237", "C-240");
  const auto established = ladder_.a.last<MainModeEstablished>();
  ASSERT_TRUE(established);
  EXPECT_EQ(established->details.proposal.cipher, wfp::IkeCipher::kAes128);
  EXPECT_EQ(established->details.proposal.integrity, wfp::IkeIntegrity::kSha1);
  EXPECT_EQ(established->details.proposal.dh_group, wfp::IkeDhGroup::kEcp256);
  EXPECT_EQ(established->details.main_mode_method, wfp::AuthMethod::kAnonymous);
  EXPECT_EQ(established->details.extended_mode_method, wfp::AuthMethod::kKerberos);
  EXPECT_EQ(established->details.proposal.lifetime_seconds_max, 7200U);
  const ipsec::SaPair pair = ladder_.a.last<InstallOutboundSa>()->pair;
  EXPECT_EQ(pair.inbound.at(0).cipher, crypto::CipherAlgorithm::kNull);
  EXPECT_EQ(pair.inbound.at(0).integrity, crypto::IntegrityAlgorithm::kHmacSha1_96);
  EXPECT_EQ(pair.inbound.at(0).protocol, IpProtocol::kEsp);
}

TEST_F(KnownNegotiation, PairIsFilledCompletely) {
  const ipsec::SaPair pair = ladder_.a.last<InstallOutboundSa>()->pair;
  EXPECT_EQ(pair.role, ipsec::SaRole::kInitiator);
  EXPECT_EQ(pair.message_id, MessageId{0});
  EXPECT_EQ(pair.lifetime.seconds, 3600U);
  EXPECT_EQ(pair.lifetime.kilobytes, 57671680U);
  EXPECT_EQ(pair.idle_timeout_seconds, 300U);
  EXPECT_EQ(pair.nd_allow_clear_timeout_seconds, 10U);
  EXPECT_EQ(pair.flags, ipsec::kBundleNdBoundary | ipsec::kBundleNdPeerBoundary |
                            ipsec::kBundleAllowNullTargetNameMatch | ipsec::kBundlePeerSupportsGuaranteeEncryption);
  EXPECT_EQ(pair.peer_name, "host/server.example.test");
  ASSERT_EQ(pair.peer_tokens.size(), 1U);
  EXPECT_EQ(pair.peer_tokens[0].mode, identity::TokenMode::kExtended);
  EXPECT_EQ(pair.peer_tokens[0].type, identity::TokenType::kMachine);
  EXPECT_EQ(pair.quick_mode_filter, FilterId{8});
  EXPECT_FALSE(pair.lookup_context.is_zero());
  EXPECT_TRUE(ladder_.a.last<NegotiationSucceeded>());
  EXPECT_FALSE(ladder_.a.last<NegotiationFailed>());
}

TEST_F(KnownNegotiation, KeyLogHasTheKnownCipherKeyOnBothSides) {
  const auto log = ladder_.a.last<KeyLog>();
  ASSERT_TRUE(log);
  EXPECT_EQ(to_hex(log->initiator_cookie), "0102030405060708");
  EXPECT_EQ(to_hex(log->cipher_key.view()), "25e701448fb6cc5b97d2d2daaec41792");
  EXPECT_EQ(ladder_.z.last<KeyLog>()->cipher_key, log->cipher_key);
}

TEST_F(KnownNegotiation, A162A163A164SasAreInstalledAroundTheFinalExtendedModeExchange) {
  CONFORMANCE("A-162", "A-163", "A-164", "A-158");
  const auto kinds = [](const Peer& peer) {
    std::vector<std::string> order;
    for (const Recorded& entry : peer.record) {
      if (const auto* sent = std::get_if<SendDatagram>(&entry.effect)) order.push_back(sent->name);
      if (std::holds_alternative<InstallInboundSa>(entry.effect)) order.emplace_back("in");
      if (std::holds_alternative<InstallOutboundSa>(entry.effect)) order.emplace_back("out");
    }
    return order;
  };
  EXPECT_THAT(kinds(ladder_.a), ElementsAre("MM#1", "QM#5", "QM#7", "EM#1", "EM#3", "in", "EM#5", "out"));
  EXPECT_THAT(kinds(ladder_.z), ElementsAre("MM#2", "QM#6", "QM#8", "EM#2", "EM#4", "in", "out", "EM#6"));
}

}  // namespace
}  // namespace ssx::authip::testing_support
