// Which pair carries a packet, and what an enumeration shows.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ipsec/testbed.h"
#include "support/conformance.h"

namespace ssx::ipsec {
namespace {

const FiveTuple kPacket{IpProtocol::kUdp, {kA, 5000}, {kZ, 5001}};

SaContextId install(Sad& sad, const SaPair& pair) {
  const SaContextId id = sad.install_inbound(pair, kStart);
  sad.install_outbound(pair, kStart);
  return id;
}
OutboundQuery query(const FiveTuple& packet = kPacket) {
  OutboundQuery out;
  out.packet = packet;
  return out;
}

TEST(SadLookup, SelectorsMatchByProtocolAddressAndPortWhere0IsAny) {
  Sad sad{SadConfig{}};
  const SaContextId id = install(sad, pair_of_a(Suite::kEspNull));  // UDP, any local port, remote port 5001
  EXPECT_EQ(sad.find_outbound(query()), id);
  EXPECT_EQ(sad.find_outbound(query({IpProtocol::kUdp, {kA, 1}, {kZ, 5001}})), id);
  EXPECT_EQ(sad.find_outbound(query({IpProtocol::kUdp, {kA, 5000}, {kZ, 5002}})), std::nullopt);
  EXPECT_EQ(sad.find_outbound(query({IpProtocol::kTcp, {kA, 5000}, {kZ, 5001}})), std::nullopt);
  EXPECT_EQ(sad.find_outbound(query({IpProtocol::kUdp, {kZ, 5000}, {kZ, 5001}})), std::nullopt);
  EXPECT_EQ(sad.find_outbound(query({IpProtocol::kUdp, {kA, 5000}, {kA, 5001}})), std::nullopt);
  SaPair every = pair_of_a(Suite::kEspNull, 2);
  every.selector.protocol = IpProtocol::kAny;
  every.selector.remote.port = 0;
  const SaContextId all = install(sad, every);
  EXPECT_EQ(sad.find_outbound(query({IpProtocol::kTcp, {kA, 1}, {kZ, 2}})), all);
}

TEST(SadLookup, APairServesOutputOnlyWhenItsOutboundHalfIsThere) {
  Sad sad{SadConfig{}};
  const SaPair pair = pair_of_a(Suite::kEspNull);
  const SaContextId id = sad.install_inbound(pair, kStart);
  EXPECT_EQ(sad.find_outbound(query()), std::nullopt);
  EXPECT_EQ(sad.find_for_traffic(kPacket), id);
  crypto::SeededRandom random(1, "x");
  OctetVector out;
  EXPECT_FALSE(sad.protect(id, a_to_z("x"), random, kStart, out));
  sad.install_outbound(pair, kStart + 1s);
  EXPECT_EQ(sad.find_outbound(query()), id);
  EXPECT_EQ(sad.installed_at(id), kStart);
}

TEST(SadLookup, TheNewestInstalledPairIsUsedWhicheverWasBegunFirst) {
  Sad sad{SadConfig{}};
  const SaPair first = pair_of_a(Suite::kEspNull, 1);
  const SaPair second = pair_of_a(Suite::kEspNull, 2);
  const SaContextId one = sad.install_inbound(first, kStart);
  const SaContextId two = install(sad, second);
  EXPECT_EQ(sad.find_outbound(query()), two);
  sad.install_outbound(first, kStart);
  EXPECT_EQ(sad.find_outbound(query()), one);
  EXPECT_EQ(sad.remove(first.id()), QmSaId{1});
  EXPECT_EQ(sad.find_outbound(query()), two);
}

TEST(SadLookup, A259TheMarkMustBeEqualBothWays) {
  CONFORMANCE("A-259");
  Sad sad{SadConfig{}};
  SaPair marked = pair_of_a(Suite::kEspAes, 1);
  marked.flags = kBundleGuaranteeEncryption;
  OutboundQuery guaranteed = query();
  guaranteed.guarantee_encryption = true;
  guaranteed.requires_encryption = true;
  const SaContextId one = install(sad, marked);
  EXPECT_EQ(sad.find_outbound(query()), std::nullopt);
  EXPECT_EQ(sad.find_outbound(guaranteed), one);
  const SaContextId two = install(sad, pair_of_a(Suite::kEspAes, 2));  // it encrypts as well, but has no mark
  EXPECT_EQ(sad.find_outbound(query()), two);
  EXPECT_EQ(sad.find_outbound(guaranteed), one);
  // Also while the only one that fits is being replaced.
  sad.remove(marked.id());
  EXPECT_EQ(sad.find_outbound(guaranteed), std::nullopt);
}

TEST(SadLookup, AFlowThatRequiresEncryptionTakesNoIntegrityOnlyPair) {
  Sad sad{SadConfig{}};
  install(sad, pair_of_a(Suite::kEspNull, 1));
  install(sad, pair_of_a(Suite::kAh, 2));
  SaPair marked_but_plain = pair_of_a(Suite::kEspNull, 3);
  marked_but_plain.flags = kBundleGuaranteeEncryption;
  install(sad, marked_but_plain);
  OutboundQuery encrypted = query();
  encrypted.requires_encryption = true;
  EXPECT_EQ(sad.find_outbound(encrypted), std::nullopt);
  encrypted.guarantee_encryption = true;
  EXPECT_EQ(sad.find_outbound(encrypted), std::nullopt);
  encrypted.guarantee_encryption = false;
  const SaContextId both = install(sad, pair_of_a(Suite::kEspAesAndAh, 4));
  EXPECT_EQ(sad.find_outbound(encrypted), both);
}

TEST(SadLookup, C230APairIsUsedOnlyIfThePeersNameIsAccepted) {
  Sad sad{SadConfig{}};
  SaPair named = pair_of_a(Suite::kEspNull, 1);
  named.peer_name = "host/z";
  const SaContextId one = install(sad, named);
  const SaContextId two = install(sad, pair_of_a(Suite::kEspNull, 2));
  OutboundQuery wants = query();
  EXPECT_EQ(sad.find_outbound(wants), two);
  wants.accepts_peer = [](const SaPair& pair) { return pair.peer_name == "host/z"; };
  EXPECT_EQ(sad.find_outbound(wants), one);
  wants.accepts_peer = [](const SaPair&) { return false; };
  EXPECT_EQ(sad.find_outbound(wants), std::nullopt);
}

TEST(SadLookup, CredentialsOfAUserServeThatUserOnly) {
  Sad sad{SadConfig{}};
  SaPair alices = pair_of_a(Suite::kEspNull, 1);
  alices.impersonated_user = identity::Principal{.kind = identity::PrincipalKind::kUser, .account = "alice"};
  const SaContextId one = install(sad, alices);
  OutboundQuery wants = query();
  wants.user = "alice";
  EXPECT_EQ(sad.find_outbound(wants), one);
  wants.user = "bob";
  EXPECT_EQ(sad.find_outbound(wants), std::nullopt);
  wants.user = "";  // the computer's own
  EXPECT_EQ(sad.find_outbound(wants), std::nullopt);
  const SaContextId two = install(sad, pair_of_a(Suite::kEspNull, 2));
  EXPECT_EQ(sad.find_outbound(wants), two);
  wants.user = std::nullopt;
  EXPECT_EQ(sad.find_outbound(wants), two);
}

TEST(SadLookup, ARemovedPairIsGoneFromEveryIndex) {
  Sad sad{SadConfig{}};
  const SaPair pair = pair_of_a(Suite::kEspAesAndAh);
  const SaContextId id = install(sad, pair);
  EXPECT_TRUE(sad.spi_in_use(Spi{0x1000}) && sad.spi_in_use(Spi{0x1001}));
  EXPECT_EQ(sad.remove(Spi{0x1001}), QmSaId{1});
  EXPECT_FALSE(sad.spi_in_use(Spi{0x1000}) || sad.spi_in_use(Spi{0x1001}));
  EXPECT_EQ(sad.pair(id), nullptr);
  EXPECT_EQ(sad.installed_at(id), std::nullopt);
  EXPECT_EQ(sad.find_outbound(query()), std::nullopt);
  EXPECT_EQ(sad.find_for_traffic(kPacket), std::nullopt);
  EXPECT_EQ(sad.next_deadline(), std::nullopt);
  EXPECT_EQ(sad.remove(Spi{0x1000}), std::nullopt);
  EXPECT_TRUE(sad.pairs().empty());
  // Its SPIs may be given again, its context id never.
  EXPECT_NE(install(sad, pair), id);
}

TEST(SadLookup, W200StatisticsFollowTheEvents) {
  CONFORMANCE("W-200");
  Sad sad{SadConfig{}};
  for (std::uint32_t number = 1; number <= 3; ++number) install(sad, pair_of_a(Suite::kEspNull, number));
  sad.remove(Spi{0x2000});
  EXPECT_EQ(sad.statistics().active, 2U);
  EXPECT_EQ(sad.statistics().added, 3U);
  EXPECT_EQ(sad.statistics().deleted, 1U);
  EXPECT_EQ(sad.contexts().size(), 2U);
  EXPECT_EQ(sad.pairs().size(), 2U);
}

TEST(SadLookup, AnEnumerationShowsUseAndState) {
  TwoHosts hosts;
  const SaContextId id = hosts.install(pair_of_a(Suite::kEspAes));
  const OctetVector wire = hosts.sealed(id, a_to_z("12345"), kStart + 2s);
  ASSERT_EQ(hosts.open_at_z(wire, kStart + 3s), kArrived);
  const auto at_a = hosts.a.contexts();
  ASSERT_EQ(at_a.size(), 1U);
  EXPECT_EQ(at_a.front().id, id);
  EXPECT_EQ(at_a.front().pair, hosts.a.pair(id));
  EXPECT_EQ(at_a.front().installed, kStart);
  EXPECT_EQ(at_a.front().last_used, kStart + 2s);
  EXPECT_TRUE(at_a.front().outbound_installed);
  EXPECT_EQ(at_a.front().octets, 13U);  // D-45: the UDP message, without IP and ESP
  EXPECT_EQ(at_a.front().packets, 1U);
  EXPECT_EQ(hosts.z.contexts().front().octets, 13U);
  EXPECT_EQ(hosts.z.contexts().front().last_used, kStart + 3s);
}

}  // namespace
}  // namespace ssx::ipsec
