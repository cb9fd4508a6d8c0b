// Payloads, proposals and the protection of messages as values. authip.md 8.2, 8.3, 8.6, 8.10.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "crypto/key_derivation.h"
#include "known_peer.h"
#include "model/authip/diffie_hellman.h"
#include "model/authip/main_mode_sa.h"
#include "model/authip/notify_queue.h"
#include "model/authip/payload_rules.h"
#include "model/authip/receive_window.h"
#include "model/authip/requester.h"
#include "support/conformance.h"

namespace ssx::authip::testing_support {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// The status that one payload of that body is refused with; 0 if it is read.
std::uint32_t refused(std::uint8_t type, const OctetVector& body) {
  PayloadChain chain{type, {}};
  emit_payload(0, body, chain.octets);
  const auto read = read_payloads(chain);
  return read ? 0 : read.error().status;
}

TEST(Payloads, A063A065AuthBodies) {
  CONFORMANCE("A-063", "A-064", "A-065");
  EXPECT_EQ(refused(payload_type::kAuth, hex("00020000 00030000")), 0U);
  EXPECT_EQ(refused(payload_type::kAuth, hex("00020000 0003")), 13889U);
  EXPECT_EQ(refused(payload_type::kAuth, {}), 13889U);
  PayloadChain chain{payload_type::kAuth, {}};
  emit_payload(0, hex("0002ffff"), chain.octets);
  EXPECT_EQ(read_payloads(chain)->methods, std::vector<std::uint16_t>{2});
  EXPECT_EQ(to_hex(PayloadBuilder{}.auth({2}).finish().octets), "0000000800020000");
}

TEST(Payloads, A066A067GssIdIsUtf16WithoutTerminator) {
  CONFORMANCE("A-066", "A-067");
  EXPECT_EQ(refused(payload_type::kGssId, hex("680061")), 13843U);
  EXPECT_EQ(refused(payload_type::kGssId, {}), 13843U);
  EXPECT_EQ(refused(payload_type::kGssId, hex("68000000")), 13843U);
  EXPECT_EQ(refused(payload_type::kGssId, hex("00d8")), 13843U);  // half a pair
  EXPECT_EQ(to_hex(PayloadBuilder{}.gss_id("ho").finish().octets), "0000000868006f00");
  for (const std::string name : {"host/server", "h\xC3\xB6st", "\xF0\x9F\x98\x80"}) {
    EXPECT_EQ(utf8_from_utf16le(utf16le_from_utf8(name)), name);
  }
  EXPECT_EQ(to_hex(utf16le_from_utf8("\xF0\x9F\x98\x80")), "3dd800de");
}

TEST(Payloads, A068AShortGssPayloadIsInvalid) {
  CONFORMANCE("A-068");
  EXPECT_EQ(refused(payload_type::kGssApi, hex("00000000")), 13843U);
  EXPECT_EQ(refused(payload_type::kGssApi, hex("0000000010")), 0U);
}

TEST(Payloads, A070A071NotifyForm) {
  CONFORMANCE("A-070", "A-071");
  EXPECT_EQ(refused(payload_type::kNotify, hex("00000002 0100 9c54 00000000")), 13862U);
  PayloadChain chain{payload_type::kNotify, {}};
  emit_payload(0, hex("00000001 0104 9c54 000035e9"), chain.octets);  // 4 would be an SPI size in IKEv1
  const auto read = read_payloads(chain);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->notifies.front().flags, 4);
  EXPECT_EQ(to_hex(read->notifies.front().data), "000035e9");
}

TEST(Payloads, A074A075NonceLengths) {
  CONFORMANCE("A-074", "A-075");
  EXPECT_EQ(refused(payload_type::kNonce, OctetVector(7)), 13839U);
  EXPECT_EQ(refused(payload_type::kNonce, OctetVector(8)), 0U);
  EXPECT_EQ(refused(payload_type::kNonce, OctetVector(256)), 0U);
  EXPECT_EQ(refused(payload_type::kNonce, OctetVector(257)), 13839U);
}

TEST(Payloads, A077SituationAndDoi) {
  CONFORMANCE("A-077");
  const std::string proposal =
      "0000002c 01010001 00000024 01010000 80010007 800e0080 80020002 80040013 800b0001 000c0004 00001c20";
  EXPECT_EQ(refused(payload_type::kSa, hex("00000001 00000001" + proposal)), 0U);
  EXPECT_EQ(refused(payload_type::kSa, hex("00000001 00000002" + proposal)), 13863U);
  EXPECT_EQ(refused(payload_type::kSa, hex("00000002 00000001" + proposal)), 13862U);
  EXPECT_EQ(refused(payload_type::kSa, hex("00000001 00000001")), 13830U);
}

TEST(Payloads, EveryPrefixOfAnSaIsRefusedAndItsEmissionIsTheSame) {
  const KnownPeer peer(ipsec::SaRole::kResponder);
  const RawSa sa = *read_payloads(peer.plain("QM#5"))->sa;
  const OctetVector body = emit_sa(sa);
  SaError error{};
  ASSERT_TRUE(parse_sa(body, error));
  EXPECT_EQ(*parse_sa(body, error), sa);
  for (std::size_t length = 0; length < body.size(); ++length) {
    EXPECT_FALSE(parse_sa(Octets(body).first(length), error)) << length;
  }
}

TEST(Payloads, ASecondSingularPayloadIsInvalid) {
  for (const std::uint8_t type : {payload_type::kKeyExchange, payload_type::kHash}) {
    PayloadChain chain{type, {}};
    emit_payload(type, OctetVector(20), chain.octets);
    emit_payload(0, OctetVector(20), chain.octets);
    EXPECT_EQ(read_payloads(chain).error().status, 13843U);
  }
}

TEST(Payloads, DictatedKeysAreInvalidAndTheirWeightIsIgnored) {
  EXPECT_EQ(refused(payload_type::kKeyDictation, OctetVector(40)), 13843U);
  EXPECT_EQ(refused(payload_type::kKeyDictationWeight, OctetVector(4)), 0U);
}

/// An SA with one main-mode transform of these attributes.
std::vector<OfferedTransform> main_mode_offer(std::vector<RawAttribute> attributes) {
  return *read_main_mode_sa({1, 1, {{1, 1, {}, {{1, 1, std::move(attributes)}}}}});
}
std::vector<RawAttribute> default_attributes() {
  return {basic_attribute(1, 7), basic_attribute(14, 128), basic_attribute(2, 2), basic_attribute(4, 19)};
}

TEST(Proposals, A078UnknownAttributesDoNotAbort) {
  CONFORMANCE("A-078");
  auto attributes = default_attributes();
  attributes.push_back(basic_attribute(0x4321, 1));
  EXPECT_TRUE(main_mode_offer(attributes).front().suite);
  attributes.push_back(basic_attribute(3, 99));  // ignored
  EXPECT_TRUE(main_mode_offer(attributes).front().suite);
  attributes.push_back(basic_attribute(13, 1));  // a prf of its own changes the meaning of the hash
  EXPECT_FALSE(main_mode_offer(attributes).front().suite);
}

TEST(Proposals, A079LifetimesInBothForms) {
  CONFORMANCE("A-079");
  auto attributes = default_attributes();
  attributes.push_back(basic_attribute(11, 1));
  attributes.push_back(basic_attribute(12, 7200));
  EXPECT_EQ(main_mode_offer(attributes).front().lifetime_seconds, 7200U);
  attributes.back() = long_attribute(12, 72000);
  EXPECT_EQ(main_mode_offer(attributes).front().lifetime_seconds, 72000U);
  attributes[4] = basic_attribute(11, 2);  // kilobytes
  EXPECT_FALSE(main_mode_offer(attributes).front().lifetime_seconds);
}

TEST(Proposals, A157OnlyTransportModeIsSelected) {
  CONFORMANCE("A-157");
  const auto offered = [](std::uint16_t encapsulation) {
    const RawTransform transform{
        1, 12, {basic_attribute(4, encapsulation), basic_attribute(5, 2), basic_attribute(6, 128)}};
    return read_quick_mode_sa({1, 1, {{1, 3, hex("11223344"), {transform}}}})->front().meaning;
  };
  EXPECT_TRUE(offered(2).suites);
  EXPECT_FALSE(offered(1).suites);
  EXPECT_THAT(offered(62000).words, HasSubstr("62000"));
}

TEST(Proposals, PerfectForwardSecrecyIsNotSelected) {
  const RawTransform transform{
      1, 12, {basic_attribute(3, 2), basic_attribute(4, 2), basic_attribute(5, 2), basic_attribute(6, 128)}};
  EXPECT_FALSE(read_quick_mode_sa({1, 1, {{1, 3, hex("11223344"), {transform}}}})->front().meaning.suites);
  wfp::QuickModePolicy policy = wfp::default_quick_mode_policy();
  for (wfp::QuickModeProposal& proposal : policy.proposals) proposal.pfs_group = wfp::PfsGroup::k2;
  EXPECT_TRUE(quick_mode_list(policy, false).entries.empty());
}

TEST(Proposals, D16GroupsAreRunsAndEachIsTriedOnce) {
  wfp::MainModePolicy policy = wfp::default_main_mode_policy();
  policy.proposals.push_back(policy.proposals[0]);
  policy.proposals[2].integrity = wfp::IkeIntegrity::kSha256;
  const auto runs = group_runs(main_mode_list(policy, false));
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[0].size(), 1U);  // the third proposal is not consecutive
  EXPECT_EQ(runs[0][0].suite.group, 19);
  EXPECT_EQ(runs[1][0].suite.group, 2);
}

TEST(Proposals, WhatAuthIpDoesNotHaveIsLeftOutWithAReason) {
  wfp::MainModePolicy policy = wfp::default_main_mode_policy();
  policy.proposals[0].cipher = wfp::IkeCipher::kAesGcm128;
  policy.proposals[1].dh_group = wfp::IkeDhGroup::kGroup24;
  const MainModeList list = main_mode_list(policy, false);
  EXPECT_TRUE(list.entries.empty());
  EXPECT_EQ(list.left_out.size(), 2U);
  policy = wfp::default_main_mode_policy();
  policy.proposals[0].dh_group = wfp::IkeDhGroup::kNone;
  EXPECT_EQ(main_mode_list(policy, false).entries.size(), 1U);  // U-02: a method needs Diffie-Hellman
}

TEST(Proposals, TheReasonNamesTheAttributeThatDiffers) {
  const MainModeSuite own{7, 128, 2, 19};
  EXPECT_EQ(difference(own, {7, 256, 2, 19}, false), "cipher AES-256 is not AES-128");
  EXPECT_EQ(difference(own, {7, 128, 4, 19}, false), "hash SHA-256 is not SHA-1");
  EXPECT_EQ(difference(own, {7, 128, 2, 2}, false), "group 2 is not group 19");
  EXPECT_EQ(difference(own, {7, 128, 2, 2}, true), "");  // ENABLE_OPTIONAL_DH
  EXPECT_EQ(difference(own, {7, 128, 2, 0}, true), "");
  EXPECT_NE(difference(own, {7, 128, 2, 25}, true), "");
}

TEST(Methods, A127A240WhatTravelsOfAMethodList) {
  CONFORMANCE("A-127", "A-240");
  const std::vector<wfp::AuthenticationMethod> methods{{wfp::AuthMethod::kAnonymous, 0, {}},
                                                       {wfp::AuthMethod::kPresharedKey, 0, {}},
                                                       {wfp::AuthMethod::kSslEcdsaP256, 0, {}},
                                                       {wfp::AuthMethod::kKerberos, 0, {}}};
  EXPECT_THAT(options_of(methods, true), ElementsAre(AuthOption{4, 0}, AuthOption{2, 0}));
  EXPECT_THAT(options_of(methods, false), ElementsAre(AuthOption{3, 0}, AuthOption{4, 0}, AuthOption{2, 0}));
}

TEST(Proposals, D42LimitsOfZeroAreNoLimits) {
  EXPECT_EQ(smaller_limit(0, 5), 5U);
  EXPECT_EQ(smaller_limit(5, 0), 5U);
  EXPECT_EQ(smaller_limit(7, 5), 5U);
}

TEST(DiffieHellman, A080A082PublicValues) {
  CONFORMANCE("A-080", "A-082");
  crypto::SeededRandom random(1, "dh");
  const crypto::DhKeyPair own = crypto::DhKeyPair::generate(crypto::DhGroup::kModp1024, random);
  const auto status = [&](const OctetVector& value) {
    const auto secret = diffie_hellman_secret(own, value);
    return secret ? 0U : secret.error().status;
  };
  OctetVector value(128);
  EXPECT_EQ(status(value), 13822U);  // 0
  value.back() = std::byte{1};
  EXPECT_EQ(status(value), 13822U);  // 1
  value.back() = std::byte{2};
  EXPECT_EQ(status(value), 0U);
  value.pop_back();
  EXPECT_EQ(status(value), 13833U);
  EXPECT_EQ(check_public_length(crypto::DhGroup::kModp1024, value)->status, 13833U);
}

TEST(Protection, A036ToA040IcvLengths) {
  CONFORMANCE("A-036", "A-037", "A-038", "A-039", "A-040");
  const auto octets = [](crypto::HashAlgorithm hash, std::uint32_t own, std::optional<std::uint32_t> peer) {
    PeerCapabilities capabilities;
    capabilities.nt5_version = peer;
    return message_icv_octets(hash, own, capabilities);
  };
  using crypto::HashAlgorithm;
  EXPECT_EQ(octets(HashAlgorithm::kSha1, 9, 9), 12U);
  EXPECT_EQ(octets(HashAlgorithm::kSha256, 9, 9), 16U);
  EXPECT_EQ(octets(HashAlgorithm::kSha256, 8, 9), 16U);
  EXPECT_EQ(octets(HashAlgorithm::kSha256, 9, 8), 16U);
  EXPECT_EQ(octets(HashAlgorithm::kSha256, 9, std::nullopt), 16U);
  EXPECT_EQ(octets(HashAlgorithm::kSha384, 9, 9), 24U);
  for (const std::uint32_t old : {5U, 6U, 7U}) {
    EXPECT_EQ(octets(HashAlgorithm::kSha256, 9, old), 12U);
    EXPECT_EQ(octets(HashAlgorithm::kSha256, old, 9), 12U);
  }
}

TEST(Protection, A028A033SealedMessagesOfEverySizeOpenAgain) {
  CONFORMANCE("A-028", "A-030", "A-032", "A-033");
  ProtectionKeys des = KnownPeer::keys();
  des.cipher = crypto::CipherAlgorithm::kTripleDes;
  des.cipher_key = crypto::SecretOctets(Octets(hex("517c5d9797d56e01dc011fef8ca7ad755d1c7cfd6e409846")));
  for (const ProtectionKeys& keys : {KnownPeer::keys(), des}) {
    const std::size_t block = crypto::block_octets(keys.cipher);
    for (std::size_t size = 0; size < 40; ++size) {
      PayloadChain chain{payload_type::kHash, {}};
      emit_payload(0, OctetVector(size, std::byte{7}), chain.octets);
      const OctetVector iv(block, std::byte{3});
      const OctetVector sealed = write_sealed({}, iv, chain, keys);
      const auto frame = read_frame(sealed);
      ASSERT_TRUE(frame);
      EXPECT_EQ(load_u16(Octets(sealed).subspan(30)), 8 + block);
      EXPECT_EQ((frame->body.size() - 12) % block, 0U);
      const auto opened = open_frame(*frame, keys);
      ASSERT_TRUE(opened);
      EXPECT_EQ(opened->octets, chain.octets);
      EXPECT_EQ(opened->first_type, chain.first_type);
    }
  }
}

TEST(Keys, A217A219A220MessageKeysOf3DesWithoutDiffieHellman) {
  CONFORMANCE("A-217", "A-219", "A-220");
  MainModeTerms terms;
  terms.suite = {5, 0, 2, 0};
  for (std::size_t i = 0; i < 8; ++i) {
    terms.initiator_cookie[i] = static_cast<std::byte>(i + 1);
    terms.responder_cookie[i] = static_cast<std::byte>(i + 0x11);
  }
  const auto run = [](int first, std::size_t count) {
    OctetVector octets;
    for (std::size_t i = 0; i < count; ++i)
      octets.push_back(static_cast<std::byte>(static_cast<std::size_t>(first) + i));
    return octets;
  };
  terms.ni = run(0x20, 32);
  terms.nr = run(0x40, 32);
  Authenticated kerberos{2, crypto::SecretOctets(Octets(run(0xc0, 32))), std::nullopt, false};
  const auto sa = derive_main_mode_sa(terms, kerberos, {}, Config{});
  ASSERT_TRUE(sa);
  // K2 of authip.md 3.6.
  EXPECT_EQ(to_hex((*sa)->protection.cipher_key.view()), "517c5d9797d56e01dc011fef8ca7ad755d1c7cfd6e409846");
  EXPECT_EQ(to_hex((*sa)->keys.skeyid_e.view()), "517c5c9696d46f01dd001fee8da6ac755d1d7dfd6e409847");
}

TEST(Transcript, A225A226TheFirstTwoLinksAreSha256AndTheOthersTheNegotiatedHash) {
  CONFORMANCE("A-225", "A-226", "A-224");
  const auto payloads = [](int n) { return "payload-bytes-of-message-" + std::to_string(n); };
  const ChainLink c2 = second_main_mode_link(as_octets(payloads(2)), first_main_mode_link(as_octets(payloads(1))));
  EXPECT_EQ(to_hex(c2), "a798abaf734474fe13099141fb5cf7946addd7859eba809c44e84876a0f71661");
  ChainLink c4 = next_link(crypto::HashAlgorithm::kSha1, as_octets(payloads(3)), c2);
  c4 = next_link(crypto::HashAlgorithm::kSha1, as_octets(payloads(4)), c4);
  EXPECT_EQ(to_hex(c4), "7a5859849782f502b7a8b5390ef8da85881025fd");
  ChainLink x;
  for (int n = 7; n <= 12; ++n) x = next_link(crypto::HashAlgorithm::kSha1, as_octets(payloads(n)), x);
  EXPECT_EQ(to_hex(x), "eff18e822bbc888ca38e7d4aceae0d11871ec966");
  const crypto::SecretOctets skeyid(Octets(hex("0d9d0ba9ea8ccc8c0c2eafcddd44cfecb9858962")));
  EXPECT_EQ(to_hex(crypto::auth_proof(crypto::HashAlgorithm::kSha1, skeyid, c2, std::byte{1}).view()),
            "60fa79ee149b021572cf87160e934f8f00d32edc");
  EXPECT_EQ(to_hex(crypto::auth_proof(crypto::HashAlgorithm::kSha1, skeyid, c2, std::byte{2}).view()),
            "d40dae2262490a5f191aadb18ffaa37bb3220a0c");
}

TEST(NotifyQueueTest, A177A178A179OneReliableNotifyAtATime) {
  CONFORMANCE("A-177", "A-178", "A-179");
  const auto chain = [](std::uint8_t tag) { return PayloadChain{tag, OctetVector(1)}; };
  notify_queue::Step step = notify_queue::step(notify_queue::Idle{}, notify_queue::Post{chain(1), true});
  ASSERT_TRUE(step.transmit);
  EXPECT_EQ(step.transmit->payloads.first_type, 1);
  step = notify_queue::step(std::move(step.next), notify_queue::Post{chain(2), true});
  EXPECT_FALSE(step.transmit);
  step = notify_queue::step(std::move(step.next), notify_queue::Post{chain(3), true});
  EXPECT_FALSE(step.transmit);
  step = notify_queue::step(std::move(step.next), notify_queue::Post{chain(9), false});
  ASSERT_TRUE(step.transmit);
  EXPECT_EQ(step.transmit->payloads.first_type, 9);
  step = notify_queue::step(std::move(step.next), notify_queue::Acknowledged{});
  ASSERT_TRUE(step.transmit);
  EXPECT_EQ(step.transmit->payloads.first_type, 2);
  step = notify_queue::step(std::move(step.next), notify_queue::GaveUp{});
  ASSERT_TRUE(step.transmit);
  EXPECT_EQ(step.transmit->payloads.first_type, 3);
  step = notify_queue::step(std::move(step.next), notify_queue::Acknowledged{});
  EXPECT_FALSE(step.transmit);
  EXPECT_TRUE(std::holds_alternative<notify_queue::Idle>(step.next));
}

TEST(RequesterTest, AnEarlyTimerIsHarmlessAndAnAnswerEndsTheSeries) {
  const Instant start{seconds(100)};
  requester::Step step = requester::step(
      requester::Idle{}, requester::Send{hex("aa"), "X", requester::series(Profile::kWin7, false, 0)}, start);
  EXPECT_THAT(step.effects, ElementsAre(requester::Effect{requester::Transmit{hex("aa"), "X"}}));
  EXPECT_EQ(requester::next_deadline(step.next), start + seconds(2));
  step = requester::step(std::move(step.next), requester::TimerFired{}, start + seconds(1));
  EXPECT_TRUE(step.effects.empty());
  step = requester::step(std::move(step.next), requester::TimerFired{}, start + seconds(2));
  EXPECT_THAT(step.effects, ElementsAre(requester::Effect{requester::Transmit{hex("aa"), "X"}}));
  EXPECT_EQ(requester::next_deadline(step.next), start + seconds(6));
  step = requester::step(std::move(step.next), requester::Answered{}, start + seconds(3));
  EXPECT_FALSE(requester::next_deadline(step.next));
}

TEST(ReceiveWindowTest, RepeatsAreKnownByMessageId) {
  OrderedWindow window;
  EXPECT_EQ(window.judge(MessageId{7}, 1), SequenceVerdict::kOutOfTurn);
  EXPECT_EQ(window.judge(MessageId{7}, 0), SequenceVerdict::kNew);
  window.accept(MessageId{7}, 0, hex("01"));
  window.answered(MessageId{7}, hex("02"), "A");
  window.accept(MessageId{8}, 1, hex("03"));
  EXPECT_EQ(window.judge(MessageId{7}, 0), SequenceVerdict::kRepeat);
  EXPECT_EQ(window.judge(MessageId{8}, 0), SequenceVerdict::kOutOfTurn);
  EXPECT_EQ(window.find(MessageId{7})->response, hex("02"));
  NotifyWindow notifies;
  notifies.accept(MessageId{1}, 3, hex("01"));
  EXPECT_EQ(notifies.judge(3), SequenceVerdict::kRepeat);
  EXPECT_EQ(notifies.judge(1), SequenceVerdict::kNew);
  EXPECT_EQ(notifies.judge(0xffffffff), SequenceVerdict::kOutOfTurn);
}

}  // namespace
}  // namespace ssx::authip::testing_support
