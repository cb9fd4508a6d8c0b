// What an engine does with messages of an authentic peer that are wrong, out of turn or odd. authip.md 8.1 to 8.8.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "known_peer.h"
#include "model/authip/payload_rules.h"
#include "model/authip/session.h"
#include "support/conformance.h"

namespace ssx::authip::testing_support {
namespace {

using ipsec::SaRole;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// A payload chain with one octet changed.
PayloadChain flipped(PayloadChain chain, std::size_t at) {
  chain.octets.at(at) ^= std::byte{1};
  return chain;
}
/// The chain with a payload in front of it.
PayloadChain with_front(std::uint8_t type, const OctetVector& body, const PayloadChain& chain) {
  OctetVector octets;
  ByteWriter out(octets);
  out.u8(chain.first_type);
  out.u8(0);
  out.u16(static_cast<std::uint16_t>(4 + body.size()));
  out.octets(body);
  append(octets, chain.octets);
  return {type, octets};
}
/// NOTIFY_STATUS of the engine's last datagram.
std::uint32_t last_status(const KnownPeer& peer) {
  const PayloadSet payloads = peer.last_payloads();
  const NotifyContent* status = payloads.find_notify(kNotifyStatus);
  return status == nullptr ? 0 : load_u32(status->data);
}

// --- the responder
// --------------------------------------------------------------------------------------------------------

TEST(WrongMessage, A139WrongAuth1IsToldAndTheMainModeGoes) {
  CONFORMANCE("A-139", "A-176");
  KnownPeer peer(SaRole::kResponder);
  peer.play_until("QM#5");
  peer.say_instead("QM#5", flipped(peer.plain("QM#5"), 4));
  EXPECT_THAT(peer.heard(), ElementsAre("NOTIFY"));
  EXPECT_EQ(last_status(peer), 13801U);
  EXPECT_EQ(peer.last_header().exchange, ExchangeType::kNotify);
  EXPECT_THAT(peer.engine().engine->main_modes(), IsEmpty());
  peer.say(peer.message("QM#5"));
  EXPECT_THAT(peer.heard(), IsEmpty());  // too late
}

TEST(WrongMessage, A165WrongAuth3RemovesEverything) {
  CONFORMANCE("A-165", "A-230");
  KnownPeer peer(SaRole::kResponder);
  peer.play_until("EM#5");
  peer.say_instead("EM#5", flipped(peer.plain("EM#5"), 10));
  EXPECT_THAT(peer.heard(), ElementsAre("NOTIFY"));
  EXPECT_EQ(last_status(peer), 13801U);
  EXPECT_THAT(peer.engine().all<InstallInboundSa>(), IsEmpty());
  EXPECT_THAT(peer.engine().engine->main_modes(), IsEmpty());
}

TEST(WrongMessage, A167ExtendedModeBeforeQuickModeTearsDown) {
  CONFORMANCE("A-167");
  KnownPeer peer(SaRole::kResponder);
  peer.play_until("QM#5");
  peer.say(peer.message("EM#1"));
  EXPECT_THAT(peer.heard(), ElementsAre("NOTIFY"));
  EXPECT_EQ(last_status(peer), 13804U);
  EXPECT_THAT(peer.engine().engine->main_modes(), IsEmpty());
}

TEST(WrongMessage, A168FinalHashBeforeTheGssExchangeTearsDown) {
  CONFORMANCE("A-168");
  KnownPeer peer(SaRole::kResponder);
  peer.play_until("EM#3");
  MessageHeader header = peer.header("EM#5");
  header.sequence = 1;
  peer.say_sealed(header, peer.plain("EM#5"));
  EXPECT_THAT(peer.heard(), ElementsAre("NOTIFY"));
  EXPECT_EQ(last_status(peer), 13804U);
}

TEST(WrongMessage, A132GssMessageAfterTheEndTearsDown) {
  CONFORMANCE("A-132");
  KnownPeer peer(SaRole::kResponder);
  peer.play_all();
  ASSERT_EQ(peer.engine().engine->main_modes().size(), 1U);
  MessageHeader header = peer.header("EM#3");
  header.sequence = 3;
  peer.say_sealed(header, peer.plain("EM#3"));
  EXPECT_THAT(peer.heard(), ElementsAre("NOTIFY"));
  EXPECT_EQ(last_status(peer), 13804U);
  EXPECT_THAT(peer.engine().engine->main_modes(), IsEmpty());
  EXPECT_TRUE(peer.engine().last<MainModeDeleted>());
}

TEST(WrongMessage, A151SynchronizeWithMoreIsInvalid) {
  CONFORMANCE("A-151", "A-152");
  KnownPeer peer(SaRole::kResponder);
  peer.play_until("QM#7");
  EXPECT_TRUE(peer.plain("QM#7").octets == hex("0000000c0000000102009c57"));
  peer.say_instead("QM#7", with_front(payload_type::kNonce, OctetVector(32), peer.plain("QM#7")));
  EXPECT_THAT(peer.heard(), ElementsAre("NOTIFY"));
  EXPECT_EQ(last_status(peer), 13843U);
  EXPECT_THAT(peer.engine().all<InstallInboundSa>(), IsEmpty());
}

TEST(WrongMessage, A062ACertificatePayloadMakesAMessageInvalid) {
  CONFORMANCE("A-062");
  KnownPeer peer(SaRole::kResponder);
  peer.play_until("QM#5");
  peer.say_instead("QM#5", with_front(6, OctetVector(20), peer.plain("QM#5")));
  EXPECT_EQ(last_status(peer), 13843U);
}

TEST(WrongMessage, A043A044TheEFlagIsTakenSeriously) {
  CONFORMANCE("A-043", "A-044", "A-045", "A-023", "A-024");
  KnownPeer responder(SaRole::kResponder);
  responder.play_until("QM#5");
  OctetVector clear = write_clear(responder.header("QM#5"), false, responder.plain("QM#5"));
  clear[19] = std::byte{0};
  responder.say(clear);
  EXPECT_TRUE(responder.engine().dropped_with("A-043"));
  responder.say(responder.message("QM#5"));  // nothing was changed by it
  EXPECT_THAT(responder.heard(), ElementsAre("QM#6"));

  KnownPeer initiator(SaRole::kInitiator);
  initiator.play_until("MM#2");
  OctetVector sealed = initiator.message("MM#2");
  sealed[19] = std::byte{1};
  initiator.say(sealed);  // E with the contents of a clear message: the Crypto length alone may pass
  EXPECT_THAT(initiator.heard(), IsEmpty());
  EXPECT_TRUE(initiator.engine().dropped_with("A-045"));
  OctetVector other = initiator.message("MM#2");
  other[16] = std::byte{1};  // SA first
  initiator.say(other);
  EXPECT_TRUE(initiator.engine().dropped_with("A-023"));
  PayloadChain twice = with_front(payload_type::kCrypto, OctetVector(4), initiator.plain("MM#2"));
  KnownPeer fresh(SaRole::kInitiator);
  fresh.play_until("MM#2");
  fresh.say_instead("MM#2", twice);
  EXPECT_EQ(fresh.engine().last<NegotiationFailed>()->status, 13843U);
}

TEST(WrongMessage, A026A046OddFirstMessagesAreProcessed) {
  CONFORMANCE("A-026", "A-046", "A-019", "A-004", "A-003", "A-059");
  const auto answered = [](const std::function<void(OctetVector&)>& change) {
    KnownPeer peer(SaRole::kResponder);
    OctetVector first = peer.message("MM#1");
    change(first);
    peer.say(first);
    return peer.heard() == std::vector<std::string>{"MM#2"};
  };
  EXPECT_TRUE(answered([](OctetVector&) {}));
  EXPECT_TRUE(answered([](OctetVector& m) { m[17] = std::byte{0x15}; }));  // minor version 5
  EXPECT_TRUE(answered([](OctetVector& m) { m[19] = std::byte{1}; }));     // E set, contents clear
  EXPECT_TRUE(answered([](OctetVector& m) { m[23] = std::byte{9}; }));     // Message ID
  EXPECT_TRUE(answered([](OctetVector& m) { m[37] = std::byte{0xff}; }));  // RESERVED of a generic header
  EXPECT_TRUE(answered([](OctetVector& m) {                                // Crypto length 16: 8 octets are skipped
    m.insert(m.begin() + 36, 8, std::byte{0x5a});
    m[31] = std::byte{16};
    m[26] = std::byte{static_cast<std::uint8_t>((m.size() >> 8) & 0xff)};
    m[27] = std::byte{static_cast<std::uint8_t>(m.size() & 0xff)};
  }));
}

TEST(WrongMessage, A001FirstMessagesThatAreDroppedWithoutReply) {
  CONFORMANCE("A-001", "A-002", "A-005", "A-006", "A-008", "A-027", "A-057", "A-058");
  const auto dropped_by = [](const std::function<void(OctetVector&)>& change) {
    KnownPeer peer(SaRole::kResponder);
    OctetVector first = peer.message("MM#1");
    change(first);
    peer.say(first);
    EXPECT_THAT(peer.heard(), IsEmpty());
    const auto drops = peer.engine().all<Dropped>();
    EXPECT_EQ(drops.size(), 1U);
    EXPECT_EQ(peer.engine().record.size(), 1U);
    return drops.empty() ? std::string{} : drops[0].rule;
  };
  EXPECT_EQ(dropped_by([](OctetVector& m) { m.resize(27); }), "authip.md 1.18 A-001");
  EXPECT_EQ(dropped_by([](OctetVector& m) { m.pop_back(); }), "authip.md 1.18 A-002");
  EXPECT_EQ(dropped_by([](OctetVector& m) { m[27] ^= std::byte{1}; }), "authip.md 1.18 A-002");
  EXPECT_EQ(dropped_by([](OctetVector& m) { m[17] = std::byte{0x00}; }), "authip.md 1.18 A-005 A-006");
  EXPECT_EQ(dropped_by([](OctetVector& m) { m[17] = std::byte{0x20}; }), "authip.md 1.18 A-005 A-006");
  EXPECT_EQ(dropped_by([](OctetVector& m) { m[18] = std::byte{247}; }), "authip.md 1.3 A-008");
  EXPECT_EQ(dropped_by([](OctetVector& m) { m[31] = std::byte{12}; }), "authip.md 1.18 step 5 A-027");
  EXPECT_EQ(dropped_by([](OctetVector& m) { m[39] = std::byte{3}; }), "authip.md 1.18 step 8 A-057");
  EXPECT_EQ(dropped_by([](OctetVector& m) { m[38] = std::byte{0x7f}; }), "authip.md 1.18 step 8 A-057");
  EXPECT_EQ(dropped_by([](OctetVector& m) { m[16] = std::byte{0x84}; }), "authip.md 1.17");  // a fragment
}

TEST(WrongMessage, A257OtherBitsOfExchangeInfoAreIgnored) {
  CONFORMANCE("A-257");
  KnownPeer peer(SaRole::kResponder);
  peer.play_until("QM#5");
  PayloadChain fifth = peer.plain("QM#5");
  fifth.octets[fifth.octets.size() - 4] = std::byte{0xff};  // flags 0xff0000f1 instead of 1
  fifth.octets.back() = std::byte{0xf1};
  peer.say_instead("QM#5", fifth);
  EXPECT_THAT(peer.heard(), ElementsAre("QM#6"));
}

TEST(WrongMessage, A254WithoutTheVendorIdNoExchangeInfoIsSent) {
  CONFORMANCE("A-254", "A-060");
  Ladder ladder;
  ladder.network = [](Datagram datagram) -> std::vector<Datagram> { return {std::move(datagram)}; };
  KnownPeer peer(SaRole::kInitiator);
  peer.play_until("MM#2");
  PayloadChain second = peer.plain("MM#2");
  const std::size_t at = to_hex(second.octets).find("fb1de3cdf341b7ea16b7e5be0855f120") / 2;
  second.octets[at] ^= std::byte{1};  // an unknown vendor ID now
  peer.say_instead("MM#2", second);
  ASSERT_THAT(peer.heard(), ElementsAre("QM#5"));
  EXPECT_EQ(peer.engine().datagrams("QM#5").front().size(), 400U - 16U);  // EXCHANGE_INFO has 16 octets
}

// --- the initiator
// --------------------------------------------------------------------------------------------------------

TEST(WrongMessage, A140WrongAuth2IsToldReliablyAndTheStateGoes) {
  CONFORMANCE("A-140", "A-180");
  KnownPeer peer(SaRole::kInitiator);
  peer.play_until("QM#6");
  peer.say_instead("QM#6", flipped(peer.plain("QM#6"), 4));
  EXPECT_THAT(peer.heard(), ElementsAre("NOTIFY"));
  EXPECT_EQ(last_status(peer), 13801U);
  EXPECT_EQ(peer.last_payloads().notifies.front().flags, kNotifyReliable);
  EXPECT_EQ(peer.engine().last<NegotiationFailed>()->status, 13801U);
  EXPECT_EQ(peer.engine().last<NegotiationFailed>()->point, FailurePoint::kMe);
  // not acknowledged, it is repeated after 2, 6, 14 and 30 s and given up at 62 s.
  peer.ladder.network = [](Datagram) { return std::vector<Datagram>{}; };
  peer.ladder.give(peer.ladder.z, TimerFired{});
  peer.ladder.run_until(seconds(61));
  EXPECT_THAT(peer.engine().times("NOTIFY"), ElementsAre(0, 2, 6, 14, 30));
  EXPECT_TRUE(peer.engine().engine->next_deadline());
  peer.ladder.run_until(seconds(63));
  EXPECT_FALSE(peer.engine().engine->next_deadline());
}

TEST(WrongMessage, A166WrongAuth4RemovesEverything) {
  CONFORMANCE("A-166");
  KnownPeer peer(SaRole::kInitiator);
  peer.play_until("EM#6");
  ASSERT_EQ(peer.engine().all<InstallInboundSa>().size(), 1U);
  peer.say_instead("EM#6", flipped(peer.plain("EM#6"), 4));
  EXPECT_EQ(last_status(peer), 13801U);
  EXPECT_EQ(peer.engine().all<DeleteSa>().size(), 1U);
  EXPECT_THAT(peer.engine().all<InstallOutboundSa>(), IsEmpty());
  EXPECT_THAT(peer.engine().engine->main_modes(), IsEmpty());
}

TEST(WrongMessage, A099A102SecondMessagesThatFailTheNegotiation) {
  CONFORMANCE("A-099", "A-100", "A-101", "A-102", "A-063", "A-065", "A-066", "A-074", "A-080", "A-081");
  const auto status = [](const std::function<void(PayloadBuilder&, PayloadSet&)>& build) {
    KnownPeer peer(SaRole::kInitiator);
    peer.play_until("MM#2");
    PayloadSet second = *read_payloads(peer.plain("MM#2"));
    PayloadBuilder payloads;
    build(payloads, second);
    peer.say_instead("MM#2", payloads.finish());
    EXPECT_THAT(peer.engine().engine->main_modes(), IsEmpty());
    const auto failed = peer.engine().last<NegotiationFailed>();
    return failed ? failed->status : 0;
  };
  const auto transform = [](PayloadSet& s) { return read_main_mode_sa(*s.sa)->front(); };
  const auto rest = [](PayloadBuilder& b, PayloadSet& s) -> PayloadBuilder& {
    return b.nonce(s.nonces[0]).nonce(s.nonces[1]).gss_id("host/server.example.test");
  };
  // no GSS_ID.
  EXPECT_EQ(
      status([&](PayloadBuilder& b, PayloadSet& s) {
        b.main_mode_answer(transform(s)).auth({3}).nonce(s.nonces[0]).nonce(s.nonces[1]).key_exchange(*s.key_exchange);
      }),
      13843U);
  // no KE.
  EXPECT_EQ(status([&](PayloadBuilder& b, PayloadSet& s) { rest(b.main_mode_answer(transform(s)).auth({3}), s); }),
            13833U);
  // a transform that was not offered.
  EXPECT_EQ(status([&](PayloadBuilder& b, PayloadSet& s) {
              OfferedTransform other = transform(s);
              other.raw.attributes.at(2).value = hex("0004");  // SHA-256
              rest(b.main_mode_answer(other).auth({3}), s).key_exchange(*s.key_exchange);
            }),
            13868U);
  // a method that was not listed.
  EXPECT_EQ(status([&](PayloadBuilder& b, PayloadSet& s) {
              rest(b.main_mode_answer(transform(s)).auth({2}), s).key_exchange(*s.key_exchange);
            }),
            13889U);
  // no method at all.
  EXPECT_EQ(status([&](PayloadBuilder& b, PayloadSet& s) {
              rest(b.main_mode_answer(transform(s)).auth({}), s).key_exchange(*s.key_exchange);
            }),
            13889U);
  // a nonce of 7 octets.
  EXPECT_EQ(status([&](PayloadBuilder& b, PayloadSet& s) {
              b.main_mode_answer(transform(s)).auth({3}).nonce(OctetVector(7)).nonce(s.nonces[1]);
              b.gss_id("host/server").key_exchange(*s.key_exchange);
            }),
            13839U);
  // KE one octet short. A-081: not a point of the curve.
  EXPECT_EQ(status([&](PayloadBuilder& b, PayloadSet& s) {
              s.key_exchange->pop_back();
              rest(b.main_mode_answer(transform(s)).auth({3}), s).key_exchange(*s.key_exchange);
            }),
            13833U);
  EXPECT_EQ(status([&](PayloadBuilder& b, PayloadSet& s) {
              s.key_exchange->back() ^= std::byte{1};
              rest(b.main_mode_answer(transform(s)).auth({3}), s).key_exchange(*s.key_exchange);
            }),
            13822U);
}

TEST(WrongMessage, A061AnUnknownPayloadOf200IsIgnoredAndOneBelow128IsNot) {
  CONFORMANCE("A-061");
  KnownPeer lenient(SaRole::kResponder);
  lenient.say_instead("MM#1", with_front(200, OctetVector(12), lenient.plain("MM#1")));
  EXPECT_THAT(lenient.heard(), ElementsAre("MM#2"));
  KnownPeer strict(SaRole::kResponder);
  strict.say_instead("MM#1", with_front(99, OctetVector(12), strict.plain("MM#1")));
  EXPECT_THAT(strict.heard(), ElementsAre("NOTIFY"));
  EXPECT_EQ(last_status(strict), 13843U);
}

TEST(WrongMessage, A110ZeroOctetGssInTheFirstMessageIsAnsweredWithOne) {
  CONFORMANCE("A-110", "A-096", "A-069");
  KnownPeer peer(SaRole::kResponder);
  PayloadChain first = peer.plain("MM#1");
  OctetVector gss(5);
  gss[4] = std::byte{0xE1};  // NEW and unknown bits
  peer.say_instead("MM#1", with_front(payload_type::kGssApi, gss, first));
  ASSERT_THAT(peer.heard(), ElementsAre("MM#2"));
  const PayloadSet second = peer.last_payloads();
  ASSERT_TRUE(second.gss);
  EXPECT_TRUE(second.gss->token.empty());
  EXPECT_EQ(second.gss->flags, kGssResponderComplete);
  EXPECT_FALSE(second.gss_id);
}

TEST(WrongMessage, A094A095A097A098TheSecondMessageHasItsPayloads) {
  CONFORMANCE("A-083", "A-084", "A-089", "A-091", "A-094", "A-095", "A-097", "A-098", "A-067", "A-076", "A-279");
  KnownPeer peer(SaRole::kResponder);
  const PayloadSet first = *read_payloads(peer.plain("MM#1"));
  EXPECT_EQ(first.methods, std::vector<std::uint16_t>{3});
  EXPECT_FALSE(first.gss);
  EXPECT_TRUE(first.key_exchange);
  EXPECT_GE(first.vendor_ids.size(), 1U);
  PayloadBuilder again;  // the same offer with more methods: unknown, Kerberos, anonymous
  again.main_mode_answer(read_main_mode_sa(*first.sa)->front()).auth({77, 2, 3}).nonce(first.nonces[0]);
  again.key_exchange(*first.key_exchange);
  peer.ladder.z.policies.mm = [] {
    wfp::MainModePolicy both = wfp::default_main_mode_policy();
    both.methods.push_back({wfp::AuthMethod::kKerberos, 0, {}});
    return main_mode_choice(both);
  }();
  peer.say_instead("MM#1", again.finish());
  ASSERT_THAT(peer.heard(), ElementsAre("MM#2"));
  const PayloadSet second = peer.last_payloads();
  EXPECT_EQ(second.methods, (std::vector<std::uint16_t>{2, 3}));  // the initiator's order
  ASSERT_EQ(second.nonces.size(), 2U);
  EXPECT_EQ(second.nonces[0][0], std::byte{0x40});
  EXPECT_EQ(second.nonces[1][0], std::byte{0x80});
  EXPECT_EQ(second.gss_id, "host/server.example.test");
  EXPECT_TRUE(second.key_exchange);
}

/// Chains of the known negotiation with some octets changed, sealed with the right keys: what lies behind the integrity
/// check meets arbitrary contents.
TEST(WrongMessage, ChangedContentsNeverBreakTheInvariants) {
  crypto::SeededRandom random(11, "mutations");
  for (const std::string name :
       {"MM#1", "MM#2", "QM#5", "QM#6", "QM#7", "QM#8", "EM#1", "EM#2", "EM#3", "EM#4", "EM#5", "EM#6"}) {
    const bool from_initiator = (name.back() - '0') % 2 == 1;
    for (int i = 0; i < 40; ++i) {
      KnownPeer peer(from_initiator ? SaRole::kResponder : SaRole::kInitiator);
      peer.play_until(name);
      PayloadChain chain = peer.plain(name);
      const std::uint64_t changes = 1 + random.below(3);
      for (std::uint64_t k = 0; k < changes; ++k) {
        const std::uint64_t at = random.below(chain.octets.size());
        chain.octets[at] = static_cast<std::byte>(random.below(256));
      }
      peer.say_instead(name, chain);  // the harness checks is_consistent()
      peer.ladder.give(peer.engine(), TimerFired{});
    }
  }
}

// --- notifies
// -------------------------------------------------------------------------------------------------------------

PayloadChain reliable_status(std::uint32_t status, std::uint8_t protocol = kProtocolMainMode) {
  return status_notify(protocol, true, status);
}

TEST(Notify, A172A173AReliableNotifyIsAcknowledgedWithItsNumber) {
  CONFORMANCE("A-172", "A-173", "A-174", "A-072");
  KnownPeer peer(SaRole::kResponder);
  peer.play_all();
  peer.say_notify(5, PayloadBuilder{}.notify({kProtocolMainMode, 0x81, 0x1234, {}}).finish(), 77);
  ASSERT_THAT(peer.heard(), ElementsAre("NOTIFY"));
  const PayloadSet ack = peer.last_payloads();
  EXPECT_EQ(ack.notifies.front().type, kNotifyAck);
  EXPECT_EQ(ack.notifies.front().flags, 0);
  EXPECT_EQ(load_u32(ack.notifies.front().data), 5U);
  EXPECT_EQ(peer.last_header().message_id, MessageId{77});
  EXPECT_EQ(peer.last_header().sequence, 5U);
  peer.say_notify(6, PayloadBuilder{}.notify({kProtocolMainMode, 0x80, 0x1234, {}}).finish());
  EXPECT_THAT(peer.heard(), IsEmpty());
  peer.say_notify(5, PayloadBuilder{}.notify({kProtocolMainMode, 0x81, 0x1234, {}}).finish(), 77);
  EXPECT_THAT(peer.heard(), ElementsAre("NOTIFY"));  // the same acknowledgement again
}

TEST(Notify, A073UnknownTypesAreIgnored) {
  CONFORMANCE("A-073");
  KnownPeer peer(SaRole::kResponder);
  peer.play_all();
  const std::size_t before = peer.engine().record.size();
  peer.say_notify(0, PayloadBuilder{}.notify({kProtocolMainMode, 0, 0x7777, {}}).finish());
  EXPECT_EQ(peer.engine().record.size(), before);
}

TEST(Notify, A182A183A184ADeleteRetiresTheMainModeUntilItsLastPairGoes) {
  CONFORMANCE("A-182", "A-183", "A-184");
  KnownPeer peer(SaRole::kResponder);
  peer.play_all();
  peer.say_notify(0, reliable_status(13807));
  EXPECT_THAT(peer.heard(), ElementsAre("NOTIFY"));
  EXPECT_EQ(peer.engine().engine->main_modes().size(), 1U);
  EXPECT_THAT(peer.engine().all<DeleteSa>(), IsEmpty());
  MessageHeader later = peer.header("QM#7");
  later.message_id = MessageId{0x0badcafe};
  later.sequence = 1;
  peer.say_sealed(later, peer.plain("QM#5"));
  EXPECT_THAT(peer.heard(), ElementsAre("NOTIFY"));
  EXPECT_EQ(last_status(peer), 13894U);
  peer.ladder.give(peer.engine(), SaRemoved{Spi{0x55667788}, 13808});
  EXPECT_THAT(peer.engine().engine->main_modes(), IsEmpty());
  EXPECT_EQ(peer.engine().last<MainModeDeleted>()->status, 13807U);
}

TEST(Notify, A193AClearStatusForAnEstablishedMainModeIsIgnored) {
  CONFORMANCE("A-193");
  KnownPeer peer(SaRole::kInitiator);
  peer.play_all();
  MessageHeader header = peer.header("QM#5");
  header.exchange = ExchangeType::kNotify;
  header.message_id = MessageId{5};
  peer.say(write_clear(header, false, status_notify(kProtocolMainMode, false, 13801)));
  EXPECT_TRUE(peer.engine().dropped_with("A-193"));
  EXPECT_EQ(peer.engine().engine->main_modes().size(), 1U);
}

TEST(Notify, A188A189AcquireWithoutItsTwoIdsIsDroppedWithoutReply) {
  CONFORMANCE("A-188", "A-189");
  KnownPeer peer(SaRole::kResponder);
  peer.play_all();
  NotifyContent acquire{kProtocolQuickMode, kNotifyReliable, kNotifyAcquire, OctetVector(8)};
  const IdContent id{IpProtocol::kTcp, {a_end().address, 80}};
  peer.say_notify(0, PayloadBuilder{}.notify(acquire).finish());
  peer.say_notify(0, PayloadBuilder{}.notify(acquire).id(id).finish());
  const NotifyContent between{kProtocolQuickMode, 0, 0x1234, {}};
  peer.say_notify(0, PayloadBuilder{}.notify(acquire).notify(between).id(id).id(id).finish());
  EXPECT_THAT(peer.heard(), IsEmpty());
  EXPECT_EQ(peer.engine().all<Dropped>().size(), 3U);
}

TEST(Notify, A191A192A195AcquireStartsOneNegotiationForTheIds) {
  CONFORMANCE("A-191", "A-192", "A-195");
  KnownPeer peer(SaRole::kResponder);
  peer.play_all();
  NotifyContent acquire{kProtocolQuickMode, kNotifyReliable, kNotifyAcquire, hex("0000000200000002")};
  const IdContent theirs{IpProtocol::kTcp, {a_end().address, 0}};
  const IdContent ours{IpProtocol::kTcp, {z_end().address, 80}};
  const PayloadChain payloads = PayloadBuilder{}.notify(acquire).id(theirs).id(ours).finish();
  peer.say_notify(0, payloads);
  EXPECT_THAT(peer.heard(), ElementsAre("NOTIFY", "QM#5"));
  const PayloadSet offer = peer.last_payloads();
  EXPECT_EQ(offer.exchange_info(), kInfoBoundary | kInfoGuaranteeEncryption);
  EXPECT_EQ(offer.ids.at(0), ours);
  EXPECT_EQ(offer.ids.at(1), theirs);
  peer.say_notify(1, payloads);
  EXPECT_THAT(peer.heard(), ElementsAre("NOTIFY"));
}

TEST(Notify, AnIdlePairIsDeletedAtThePeerToo) {
  Ladder ladder;
  ladder.acquire();
  ladder.settle();
  ladder.give(ladder.a, SaRemoved{ladder.a.last<InstallInboundSa>()->pair.id(), 13808});
  ladder.settle();
  ASSERT_EQ(ladder.z.all<DeleteSa>().size(), 1U);
  EXPECT_EQ(ladder.z.all<DeleteSa>()[0].status, 13808U);
  EXPECT_THAT(ladder.a.all<DeleteSa>(), IsEmpty());  // the SAD has removed it already
}

TEST(Notify, CancelGivesUpWhatNobodyWaitsFor) {
  Ladder ladder;
  const NegotiationId id = ladder.acquire();
  ladder.under_way.clear();
  ladder.give(ladder.a, CancelAcquire{id});
  ladder.under_way.clear();
  EXPECT_FALSE(ladder.a.engine->next_deadline());
  EXPECT_THAT(ladder.a.all<NegotiationFailed>(), IsEmpty());
}

TEST(Notify, K6TheSynchronisationMessageOfALaterQuickModeIsTheKnownOne) {
  MessageHeader header;
  header.exchange = ExchangeType::kQuickMode;
  header.message_id = MessageId{0x0badcafe};
  for (std::size_t i = 0; i < 8; ++i) {
    header.initiator_cookie[i] = static_cast<std::byte>(i + 1);
    header.responder_cookie[i] = static_cast<std::byte>(i + 0x11);
  }
  const PayloadChain synchronize = PayloadBuilder{}.notify({kProtocolQuickMode, 0, kNotifyQmSynchronize, {}}).finish();
  const OctetVector sealed =
      write_sealed(header, hex("b0b1b2b3b4b5b6b7b8b9babbbcbdbebf"), synchronize, KnownPeer::keys());
  EXPECT_EQ(
      to_hex(sealed),
      "010203040506070811121314151617188510f4010badcafe000000500000001800000000b0b1b2b3b4b5b6b7b8b9babbbcbdbebf67623"
      "86c9fb8deb601efb5bfb92bb61d9b13e02b0e67fa1be90f86e5");
}

}  // namespace
}  // namespace ssx::authip::testing_support
