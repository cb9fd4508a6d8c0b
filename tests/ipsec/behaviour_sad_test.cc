// The SA database between two ends: numbers, replay, lifetimes, which pair is used.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "crypto/seeded_random.h"
#include "model/ipsec/sad.h"
#include "model/tcpip/ip_output.h"
#include "support/conformance.h"

namespace ssx::ipsec {
namespace {

using std::chrono::seconds;

const IpAddress kA = IpAddress::v4(0x0A000001);
const IpAddress kB = IpAddress::v4(0x0A000002);
constexpr std::size_t kIpv4Header = 20;

SaKeys keys(IpProtocol protocol, std::uint32_t spi, crypto::CipherAlgorithm cipher = crypto::CipherAlgorithm::kNull) {
  SaKeys out;
  out.protocol = protocol;
  out.spi = Spi{spi};
  out.cipher = cipher;
  out.cipher_key = crypto::SecretOctets(OctetVector(crypto::key_octets(cipher), std::byte{0x31}));
  const auto octet = static_cast<std::byte>(spi);
  out.integrity_key = crypto::SecretOctets(OctetVector(crypto::key_octets(out.integrity), octet));
  return out;
}

/// A pair of A for UDP to port 53 of B. `number` makes its SPIs.
SaPair pair_of(std::uint32_t number, crypto::CipherAlgorithm cipher = crypto::CipherAlgorithm::kNull) {
  SaPair pair;
  pair.quick_mode = QmSaId{number};
  pair.selector = {IpProtocol::kUdp, {kA, 0}, {kB, 53}};
  pair.inbound = {keys(IpProtocol::kEsp, 1000 + number, cipher)};
  pair.outbound = {keys(IpProtocol::kEsp, 2000 + number, cipher)};
  pair.idle_timeout_seconds = 300;
  pair.lifetime = {3600, 1000, 0};
  return pair;
}
SaPair with_ah(SaPair pair) {
  const std::uint32_t number = pair.quick_mode.value;
  pair.inbound.push_back(keys(IpProtocol::kAh, 3000 + number));
  pair.outbound.push_back(keys(IpProtocol::kAh, 4000 + number));
  return pair;
}
/// The same as B has it.
SaPair mirrored(SaPair pair) {
  std::swap(pair.inbound, pair.outbound);
  std::swap(pair.selector.local, pair.selector.remote);
  return pair;
}

struct Ends : ::testing::Test {
  void install(const SaPair& pair, Instant at = {}) {
    context = a.install_inbound(pair, at);
    a.install_outbound(pair, at);
    b.install_inbound(mirrored(pair), at);
    b.install_outbound(mirrored(pair), at);
  }
  OctetVector datagram(std::uint16_t to = 53, std::size_t octets = 20) {
    const OctetVector payload(octets, std::byte{0x61});
    return ip.message({5000, to, payload}, kA, kB);
  }
  OctetVector sealed(Instant at = {}, std::size_t octets = 20) {
    OctetVector out;
    EXPECT_TRUE(a.protect(context, datagram(53, octets), random, at, out));
    return out;
  }
  std::optional<DropReason> opened(Octets packet, Instant at = {}) {
    const auto arrival = b.unprotect(packet, at, clear);
    return arrival ? std::nullopt : std::optional(arrival.error());
  }
  static std::uint32_t number_of(const OctetVector& packet) {
    return load_u32(Octets(packet).subspan(kIpv4Header + 4));
  }

  crypto::SeededRandom random{1, "sad"};
  tcpip::IpOutput ip;
  Sad a{64}, b{64};
  SaContextId context;
  OctetVector clear;
};

TEST_F(Ends, A304NumbersBeginWithOneAndCount) {
  CONFORMANCE("A-304");
  install(pair_of(1));
  for (std::uint32_t number = 1; number < 5; ++number) EXPECT_EQ(number_of(sealed()), number);
}

TEST_F(Ends, APacketComesBackAsItWas) {
  for (const bool ah : {false, true}) {
    for (const auto cipher : {crypto::CipherAlgorithm::kNull, crypto::CipherAlgorithm::kAes128}) {
      Sad sender(64), receiver(64);
      const SaPair pair = ah ? with_ah(pair_of(1, cipher)) : pair_of(1, cipher);
      const SaContextId id = sender.install_inbound(pair, {});
      sender.install_outbound(pair, {});
      receiver.install_inbound(mirrored(pair), {});
      const OctetVector sent = datagram();
      OctetVector wire, back;
      ASSERT_TRUE(sender.protect(id, sent, random, {}, wire));
      const auto arrival = receiver.unprotect(wire, {}, back);
      ASSERT_TRUE(arrival && *arrival);
      EXPECT_EQ((*arrival)->encrypted, cipher != crypto::CipherAlgorithm::kNull);
      EXPECT_EQ(back, sent);
    }
  }
}

TEST_F(Ends, W199EspIsInsideAh) {
  CONFORMANCE("W-199");
  install(with_ah(pair_of(1)));
  const OctetVector packet = sealed();
  EXPECT_EQ(std::to_integer<int>(packet[9]), 51);
  EXPECT_EQ(std::to_integer<int>(packet[kIpv4Header]), 50);
  EXPECT_EQ(opened(packet), std::nullopt);
}

TEST_F(Ends, A307AForgedPacketIsDroppedAndDoesNotMoveTheWindow) {
  CONFORMANCE("A-307", "A-327");
  install(pair_of(1));
  for (int i = 0; i < 5; ++i) ASSERT_EQ(opened(sealed()), std::nullopt);
  const OctetVector sixth = sealed();
  OctetVector forged = sixth;
  store_u32(MutableOctets(forged).subspan(kIpv4Header + 4), 100'000);
  EXPECT_EQ(opened(forged), DropReason::kIntegrity);
  EXPECT_EQ(opened(sixth), std::nullopt);
}

TEST_F(Ends, EveryFlippedBitIsNoticed) {
  install(pair_of(1));
  const OctetVector packet = sealed();
  for (std::size_t bit = kIpv4Header * 8; bit < packet.size() * 8; ++bit) {
    OctetVector damaged = packet;
    damaged[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
    ASSERT_NE(opened(damaged), std::nullopt) << bit;
  }
  EXPECT_EQ(opened(packet), std::nullopt);
}

TEST_F(Ends, A309AnUnknownSpiIs13910) {
  CONFORMANCE("A-309");
  install(pair_of(1));
  OctetVector packet = sealed();
  store_u32(MutableOctets(packet).subspan(kIpv4Header), 0x7777);
  EXPECT_EQ(opened(packet), DropReason::kBadSpi);
  EXPECT_EQ(static_cast<int>(DropReason::kBadSpi), 13910);
}

TEST_F(Ends, A311NoNumberIsUsedTwice) {
  CONFORMANCE("A-311");
  a = Sad(SadConfig{.sequence_last = SequenceNumber{20}});
  install(pair_of(1));
  for (std::uint32_t number = 1; number <= 20; ++number) ASSERT_EQ(number_of(sealed()), number);
  OctetVector out;
  for (int i = 0; i < 3; ++i) {
    const auto refused = a.protect(context, datagram(), random, {}, out);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), DropReason::kLifetimeExpired);
  }
}

TEST_F(Ends, A312EqualPacketsHaveDifferentIvs) {
  CONFORMANCE("A-312");
  install(pair_of(1, crypto::CipherAlgorithm::kAes128));
  const OctetVector one = sealed(), two = sealed();
  const auto iv = [](const OctetVector& packet) { return to_vector(Octets(packet).subspan(kIpv4Header + 8, 16)); };
  EXPECT_NE(iv(one), iv(two));
}

TEST_F(Ends, A313TrafficOutsideTheSelectorIs13912) {
  CONFORMANCE("A-313");
  install(pair_of(1));
  OctetVector out;
  ASSERT_TRUE(a.protect(context, datagram(54), random, {}, out));
  EXPECT_EQ(opened(out), DropReason::kWrongSa);
  EXPECT_EQ(static_cast<int>(DropReason::kWrongSa), 13912);
}

TEST_F(Ends, A323NumberZeroIsDropped) {
  CONFORMANCE("A-323");
  install(pair_of(1));
  OctetVector packet = sealed();
  store_u32(MutableOctets(packet).subspan(kIpv4Header + 4), 0);
  EXPECT_EQ(opened(packet), DropReason::kReplay);
}

TEST_F(Ends, A324TheSamePacketTwiceIs13913) {
  CONFORMANCE("A-324");
  install(pair_of(1));
  const OctetVector packet = sealed();
  EXPECT_EQ(opened(packet), std::nullopt);
  EXPECT_EQ(opened(packet), DropReason::kReplay);
  EXPECT_EQ(static_cast<int>(DropReason::kReplay), 13913);
  EXPECT_EQ(b.statistics().replayed_inbound, 1U);
}

TEST_F(Ends, TheWindowIs64Wide) {
  install(pair_of(1));
  std::vector<OctetVector> packets;
  for (int i = 0; i < 66; ++i) packets.push_back(sealed());
  EXPECT_EQ(opened(packets[65]), std::nullopt);        // number 66
  EXPECT_EQ(opened(packets[1]), DropReason::kReplay);  // 2: left of the window
  EXPECT_EQ(opened(packets[2]), std::nullopt);         // 3: its last place
}

TEST_F(Ends, A328TheWindowsOfEspAndAhAreIndependent) {
  CONFORMANCE("A-328");
  const SaPair both = with_ah(pair_of(1));
  install(both);
  const OctetVector first = sealed();
  ASSERT_EQ(opened(first), std::nullopt);
  // The same ESP packet under a fresh AH number: only ESP's window can tell.
  crypto::SaTransformParameters ah;
  ah.protocol = IpProtocol::kAh;
  ah.spi = both.outbound[1].spi;
  ah.integrity_key = both.outbound[1].integrity_key;
  crypto::SaTransform transform(std::move(ah));
  OctetVector inner(first.size());
  const auto opened_octets = transform.open(first, inner);
  ASSERT_TRUE(opened_octets);
  inner.resize(*opened_octets);
  OctetVector again(transform.sealed_octets_max(inner.size()));
  const auto written = transform.seal(inner, SequenceNumber{2}, {}, again);
  ASSERT_TRUE(written);
  again.resize(*written);
  EXPECT_EQ(opened(again), DropReason::kReplay);
  // AH's window has moved to 2 and ESP's has not: 3 is fresh for both, 2 is AH's no more.
  EXPECT_EQ(opened(sealed()), DropReason::kReplay);
  EXPECT_EQ(opened(sealed()), std::nullopt);
}

// --- which pair
// ---------------------------------------------------------------------------------------------------------

const FiveTuple kTraffic{IpProtocol::kUdp, {kA, 5000}, {kB, 53}};

TEST(Choice, TheNewestPairWithAnOutboundHalfIsUsed) {
  Sad sad(64);
  const SaContextId first = sad.install_inbound(pair_of(1), {});
  EXPECT_EQ(sad.find_outbound({kTraffic}), std::nullopt);
  sad.install_outbound(pair_of(1), {});
  EXPECT_EQ(sad.find_outbound({kTraffic}), first);
  const SaContextId second = sad.install_inbound(pair_of(2), {});
  EXPECT_EQ(sad.find_outbound({kTraffic}), first);
  sad.install_outbound(pair_of(2), {});
  EXPECT_EQ(sad.find_outbound({kTraffic}), second);
  sad.remove(pair_of(2).id());
  EXPECT_EQ(sad.find_outbound({kTraffic}), first);
}

TEST(Choice, A259TheMarkMustBeTheSame) {
  CONFORMANCE("A-259");
  Sad sad(64);
  SaPair marked = pair_of(2, crypto::CipherAlgorithm::kAes128);
  marked.flags = kBundleGuaranteeEncryption;
  const SaContextId plain_id = sad.install_inbound(pair_of(1, crypto::CipherAlgorithm::kAes128), {});
  sad.install_outbound(pair_of(1, crypto::CipherAlgorithm::kAes128), {});
  OutboundQuery query{kTraffic};
  query.guarantee_encryption = true;
  EXPECT_EQ(sad.find_outbound(query), std::nullopt);
  const SaContextId marked_id = sad.install_inbound(marked, {});
  sad.install_outbound(marked, {});
  EXPECT_EQ(sad.find_outbound(query), marked_id);
  query.guarantee_encryption = false;
  EXPECT_EQ(sad.find_outbound(query), plain_id);
}

TEST(Choice, C230ThePeerCanBeRefused) {
  CONFORMANCE("C-230");
  Sad sad(64);
  sad.install_inbound(pair_of(1), {});
  sad.install_outbound(pair_of(1), {});
  OutboundQuery query{kTraffic};
  query.accepts_peer = [](const SaPair& pair) { return !pair.target_name.empty(); };
  EXPECT_EQ(sad.find_outbound(query), std::nullopt);
}

// --- lifetimes
// ----------------------------------------------------------------------------------------------------------

std::vector<SadEvent> run_until(Sad& sad, Duration end) {
  std::vector<SadEvent> all;
  while (const auto next = sad.next_deadline()) {
    if (*next > Instant{end}) break;
    for (SadEvent& event : sad.advance(*next)) all.push_back(std::move(event));
    const auto again = sad.next_deadline();
    EXPECT_TRUE(!again || *again > *next) << "time stands still";
    if (again && *again <= *next) break;
  }
  return all;
}

TEST_F(Ends, A210AnIdlePairGoesAfter300Seconds) {
  CONFORMANCE("A-210");
  install(pair_of(1));
  sealed(Instant{seconds(100)});
  EXPECT_TRUE(run_until(a, seconds(399)).empty());
  const auto events = run_until(a, seconds(401));
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(std::get<PairRemoved>(events[0]).status, 13808U);
  EXPECT_EQ(a.find_by_spi(pair_of(1).id()), std::nullopt);
}

TEST_F(Ends, A202SecondsLeadToARekeyOnceAndA204ToTheEnd60SecondsLater) {
  CONFORMANCE("A-202", "A-204");
  SaPair pair = pair_of(1);
  pair.idle_timeout_seconds = 0;
  install(pair);
  EXPECT_TRUE(run_until(a, seconds(3599)).empty());
  auto events = run_until(a, seconds(3600));
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(std::get<LifetimeReached>(events[0]).inbound_spi, pair.id());
  EXPECT_TRUE(run_until(a, seconds(3659)).empty());
  sealed(Instant{seconds(3659)});  // it still works
  events = run_until(a, seconds(3660));
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(std::get<PairRemoved>(events[0]).status, 13895U);
  EXPECT_EQ(a.next_deadline(), std::nullopt);
}

TEST_F(Ends, A203KilobytesLeadToARekeyOnce) {
  CONFORMANCE("A-203");
  SaPair pair = pair_of(1);
  pair.lifetime = {0, 2, 0};
  install(pair);
  sealed({}, 1000);
  EXPECT_TRUE(run_until(a, seconds(1)).empty());
  sealed({}, 1100);
  const auto events = run_until(a, seconds(1));
  ASSERT_EQ(events.size(), 1U);
  EXPECT_TRUE(std::holds_alternative<LifetimeReached>(events[0]));
  sealed({}, 1024);
  EXPECT_TRUE(run_until(a, seconds(2)).empty());
}

}  // namespace
}  // namespace ssx::ipsec
