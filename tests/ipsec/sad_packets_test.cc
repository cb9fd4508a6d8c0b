// The per-packet path of the SA database: authip.md 7.3 and 7.4, step by step and in this order.
#include <gtest/gtest.h>

#include "ipsec/testbed.h"
#include "support/conformance.h"

namespace ssx::ipsec {
namespace {

std::uint32_t sequence_number_of(Octets esp_datagram) { return load_u32(esp_datagram.subspan(24)); }

constexpr std::uint16_t code(DropReason reason) { return static_cast<std::uint16_t>(reason); }

TEST(SadPackets, WhatAProtectsZOpensForEverySuite) {
  for (const Suite suite : {Suite::kEspNull, Suite::kEspAes, Suite::kAh, Suite::kEspAesAndAh}) {
    TwoHosts hosts;
    const SaContextId context = hosts.install(pair_of_a(suite));
    const OctetVector datagram = a_to_z("hello");
    for (int i = 0; i < 3; ++i) {
      const OctetVector wire = hosts.sealed(context, datagram);
      EXPECT_NE(wire, datagram);
      OctetVector opened;
      const auto arrival = hosts.z.unprotect(wire, kStart, opened);
      ASSERT_TRUE(arrival && *arrival) << static_cast<int>(suite);
      EXPECT_EQ(opened, datagram);
      EXPECT_EQ((*arrival)->encrypted, suite == Suite::kEspAes || suite == Suite::kEspAesAndAh);
      EXPECT_FALSE((*arrival)->guarantee_encryption);
      EXPECT_EQ((*arrival)->context, hosts.z.find_by_spi(pair_of_a(suite).outbound.front().spi));
    }
  }
}

TEST(SadPackets, ThePairsMarkComesWithThePacket) {
  TwoHosts hosts;
  SaPair pair = pair_of_a(Suite::kEspAes);
  pair.flags = kBundleGuaranteeEncryption;
  const OctetVector wire = hosts.sealed(hosts.install(pair), a_to_z("x"));
  const auto arrival = hosts.z.unprotect(wire, kStart, hosts.opened);
  ASSERT_TRUE(arrival && *arrival);
  EXPECT_TRUE((*arrival)->guarantee_encryption);
}

TEST(SadPackets, W199EspIsInsideAndAhOutside) {
  CONFORMANCE("W-199");
  TwoHosts hosts;
  const OctetVector wire = hosts.sealed(hosts.install(pair_of_a(Suite::kEspAesAndAh)), a_to_z("x"));
  EXPECT_EQ(wire[9], std::byte{51});   // protocol: AH
  EXPECT_EQ(wire[20], std::byte{50});  // AH's next header: ESP
  EXPECT_EQ(load_u32(Octets(wire).subspan(24)), 0x1101U);
  EXPECT_EQ(load_u32(Octets(wire).subspan(44)), 0x1100U);
}

TEST(SadPackets, A304TheFirstPacketHasNumberOneAndEachTheNext) {
  CONFORMANCE("A-304");
  TwoHosts hosts;
  const SaContextId context = hosts.install(pair_of_a(Suite::kEspAes));
  for (std::uint32_t number = 1; number < 5; ++number) {
    EXPECT_EQ(sequence_number_of(hosts.sealed(context, a_to_z("same"))), number);
  }
}

TEST(SadPackets, A312EqualPacketsHaveDifferentIvs) {
  CONFORMANCE("A-312");
  TwoHosts hosts;
  const SaContextId context = hosts.install(pair_of_a(Suite::kEspAes));
  const OctetVector first = hosts.sealed(context, a_to_z("same"));
  const OctetVector second = hosts.sealed(context, a_to_z("same"));
  EXPECT_FALSE(equal(Octets(first).subspan(28, 16), Octets(second).subspan(28, 16)));
}

TEST(SadPackets, A311NoNumberIsUsedTwiceOrWrapped) {
  CONFORMANCE("A-311");
  EXPECT_EQ(SadConfig{}.sequence_last.value, 0xFFFFFFFFU);
  TwoHosts hosts(SadConfig{.sequence_last = SequenceNumber{3}});
  const SaContextId context = hosts.install(pair_of_a(Suite::kEspNull));
  for (std::uint32_t number = 1; number <= 3; ++number) {
    EXPECT_EQ(sequence_number_of(hosts.sealed(context, a_to_z("x"))), number);
  }
  for (int i = 0; i < 3; ++i) {
    OctetVector out;
    const auto refused = hosts.a.protect(context, a_to_z("x"), hosts.random, kStart, out);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), DropReason::kLifetimeExpired);
  }
  EXPECT_EQ(hosts.a.statistics().protected_outbound, 3U);
}

TEST(SadPackets, ARefusedDatagramUsesNoNumber) {
  TwoHosts hosts;
  const SaContextId context = hosts.install(pair_of_a(Suite::kEspNull));
  OctetVector out;
  const auto refused = hosts.a.protect(context, hex("4500"), hosts.random, kStart, out);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), DropReason::kInvalidPacket);
  EXPECT_EQ(sequence_number_of(hosts.sealed(context, a_to_z("x"))), 1U);
}

TEST(SadPackets, A309AnUnknownSpiIsDropped) {
  CONFORMANCE("A-309");
  TwoHosts hosts;
  const OctetVector wire = hosts.sealed(hosts.install(pair_of_a(Suite::kEspAes)), a_to_z("x"));
  OctetVector other = wire;
  store_u32(MutableOctets(other).subspan(20), 0x7777);
  EXPECT_EQ(hosts.open_at_z(other), 13910);
  // The protocol and the destination belong to the look-up as well (7.4 step 2).
  OctetVector as_ah = wire;
  as_ah[9] = std::byte{51};
  store_u32(MutableOctets(as_ah).subspan(24), 0x1100);
  EXPECT_EQ(hosts.open_at_z(as_ah), 13910);
  OctetVector elsewhere = wire;
  elsewhere[19] = std::byte{3};
  EXPECT_EQ(hosts.open_at_z(elsewhere), 13910);
  EXPECT_EQ(hosts.z.statistics().invalid_spis_inbound, 3U);
  EXPECT_EQ(hosts.open_at_z(wire), kArrived);
}

TEST(SadPackets, A310AFragmentIsDropped) {
  CONFORMANCE("A-310");
  TwoHosts hosts;
  const OctetVector wire = hosts.sealed(hosts.install(pair_of_a(Suite::kEspAes)), a_to_z("x"));
  for (const auto& [at, value] : {std::pair{6, 0x20}, std::pair{7, 0x01}}) {  // more fragments; an offset
    OctetVector fragment = wire;
    fragment[static_cast<std::size_t>(at)] = static_cast<std::byte>(value);
    EXPECT_EQ(hosts.open_at_z(fragment), 13914);
  }
  EXPECT_EQ(hosts.z.statistics().invalid_inbound, 2U);
}

TEST(SadPackets, ATooShortOrUnevenPacketIsInvalidEvenIfItsNumberWasSeen) {
  TwoHosts hosts;
  const SaPair pair = pair_of_a(Suite::kEspAes);
  const OctetVector wire = hosts.sealed(hosts.install(pair), a_to_z("x"));
  ASSERT_EQ(hosts.open_at_z(wire), kArrived);
  const auto cut = [&](std::size_t octets) {
    OctetVector shorter(wire.begin(), wire.begin() + static_cast<std::ptrdiff_t>(octets));
    store_u16(MutableOctets(shorter).subspan(2), static_cast<std::uint16_t>(octets));
    return shorter;
  };
  // Header 8, IV 16, trailer 2, ICV 12 behind 20 octets of IP.
  EXPECT_EQ(hosts.open_at_z(cut(57)), 13914);
  EXPECT_EQ(hosts.open_at_z(cut(59)), 13914);                                         // long enough, but no whole block
  EXPECT_EQ(hosts.open_at_z(cut(20 + 8 + 16 + 16 + 12)), code(DropReason::kReplay));  // step 4 comes next
}

TEST(SadPackets, A307AWrongIcvIsDroppedAndDoesNotMoveTheWindow) {
  CONFORMANCE("A-307");
  TwoHosts hosts;
  const OctetVector wire = hosts.sealed(hosts.install(pair_of_a(Suite::kEspAes)), a_to_z("x"));
  for (const std::size_t at : {std::size_t{24}, std::size_t{30}, wire.size() - 1}) {
    OctetVector damaged = wire;
    damaged[at] ^= std::byte{1};
    EXPECT_EQ(hosts.open_at_z(damaged), 13915) << at;
  }
  EXPECT_EQ(hosts.z.statistics().integrity_failures_inbound, 3U);
  EXPECT_EQ(hosts.open_at_z(wire), kArrived);
}

TEST(SadPackets, A306WrongPaddingIsDroppedAfterTheWindowMoved) {
  CONFORMANCE("A-306");
  TwoHosts hosts;
  const SaPair pair = pair_of_a(Suite::kEspNull);
  hosts.install(pair);
  const Forge forge(pair.outbound.front());
  // A UDP header, padding 1, 3 instead of 1, 2, pad length 2, next header 17.
  const OctetVector wrong = forge.esp_null(7, hex("1388138900080000 0103 02 11"));
  EXPECT_EQ(hosts.open_at_z(wrong), 13914);
  EXPECT_EQ(hosts.open_at_z(wrong), 13913);
  EXPECT_EQ(hosts.open_at_z(forge.esp_null(8, hex("1388138900080000 0102 ff 11"))), 13914);  // longer than the data
  EXPECT_EQ(hosts.open_at_z(forge.esp_null(9, hex("1388138900080000 0102 02 11"))), kArrived);
}

TEST(SadPackets, A308ADummyPacketIsDroppedSilentlyAndCounted) {
  CONFORMANCE("A-308");
  TwoHosts hosts;
  const SaPair pair = pair_of_a(Suite::kEspNull);
  hosts.install(pair);
  const Forge forge(pair.outbound.front());
  const OctetVector dummy = forge.esp_null(1, hex("00000000 0102 02 3b"));
  EXPECT_EQ(hosts.open_at_z(dummy), kDummy);
  EXPECT_EQ(hosts.z.statistics().opened_inbound, 1U);
  EXPECT_EQ(hosts.z.contexts().front().packets, 1U);
  EXPECT_EQ(hosts.open_at_z(dummy), 13913);
}

TEST(SadPackets, A313InnerSelectorsMustFit) {
  CONFORMANCE("A-313");
  TwoHosts hosts;
  const SaPair pair = pair_of_a(Suite::kEspAes);  // UDP to port 5001 of Z
  hosts.install(pair);
  Forge forge(pair.outbound.front());
  EXPECT_EQ(hosts.open_at_z(forge.packet(1, udp_datagram(kA, 9, kZ, 5002, "x"))), 13912);
  OctetVector tcp = a_to_z("this is no TCP, but says so");
  tcp[9] = std::byte{6};
  EXPECT_EQ(hosts.open_at_z(forge.packet(2, tcp)), 13912);
  EXPECT_EQ(hosts.open_at_z(forge.packet(3, udp_datagram(IpAddress::v4(0x0A000009), 9, kZ, 5001, "x"))), 13912);
  EXPECT_EQ(hosts.open_at_z(forge.packet(4, udp_datagram(kA, 9, kZ, 5001, "x"))), kArrived);
  EXPECT_EQ(hosts.z.statistics().wrong_sa_inbound, 3U);
}

TEST(SadPackets, ABundleTakesNeitherHalfAlone) {
  TwoHosts hosts;
  const SaPair pair = pair_of_a(Suite::kEspAesAndAh);
  hosts.install(pair);
  Forge esp(pair.outbound[0]);
  Forge ah(pair.outbound[1]);
  EXPECT_EQ(hosts.open_at_z(esp.packet(1, a_to_z("x"))), 13912);
  EXPECT_EQ(hosts.open_at_z(ah.packet(1, a_to_z("x"))), 13912);
  EXPECT_EQ(hosts.open_at_z(ah.packet(2, ah.packet(3, a_to_z("x")))), 13912);
  EXPECT_EQ(hosts.open_at_z(ah.packet(4, esp.packet(1, a_to_z("x")))), kArrived);
}

TEST(SadPackets, A323NumberZeroIsDropped) {
  CONFORMANCE("A-323");
  TwoHosts hosts;
  const SaPair pair = pair_of_a(Suite::kEspAes);
  hosts.install(pair);
  EXPECT_EQ(hosts.open_at_z(Forge(pair.outbound.front()).packet(0, a_to_z("x"))), 13913);
}

TEST(SadPackets, A324TheSameNumberTwiceIsAReplay) {
  CONFORMANCE("A-324");
  TwoHosts hosts;
  const OctetVector wire = hosts.sealed(hosts.install(pair_of_a(Suite::kEspAes)), a_to_z("x"));
  EXPECT_EQ(hosts.open_at_z(wire), kArrived);
  EXPECT_EQ(hosts.open_at_z(wire), 13913);
  EXPECT_EQ(hosts.z.statistics().replayed_inbound, 1U);
  EXPECT_EQ(hosts.z.statistics().opened_inbound, 1U);
}

TEST(SadPackets, A325TheWindowHas64Numbers) {
  CONFORMANCE("A-325");
  TwoHosts hosts;
  const SaPair pair = pair_of_a(Suite::kEspAes);
  hosts.install(pair);
  Forge forge(pair.outbound.front());
  EXPECT_EQ(hosts.open_at_z(forge.packet(100, a_to_z("x"))), kArrived);
  EXPECT_EQ(hosts.open_at_z(forge.packet(36, a_to_z("x"))), 13913);
  EXPECT_EQ(hosts.open_at_z(forge.packet(37, a_to_z("x"))), kArrived);
  EXPECT_EQ(hosts.open_at_z(forge.packet(37, a_to_z("x"))), 13913);
}

TEST(SadPackets, A326ALongJumpForgetsOldNumbersOnly) {
  CONFORMANCE("A-326");
  TwoHosts hosts;
  const SaPair pair = pair_of_a(Suite::kEspAes);
  hosts.install(pair);
  Forge forge(pair.outbound.front());
  EXPECT_EQ(hosts.open_at_z(forge.packet(40, a_to_z("x"))), kArrived);
  EXPECT_EQ(hosts.open_at_z(forge.packet(1000, a_to_z("x"))), kArrived);
  EXPECT_EQ(hosts.open_at_z(forge.packet(1000, a_to_z("x"))), 13913);
  for (std::uint32_t number = 1000 - 63; number < 1000; ++number) {
    EXPECT_EQ(hosts.open_at_z(forge.packet(number, a_to_z("x"))), kArrived) << number;
  }
}

TEST(SadPackets, A327AForgedHighNumberDoesNotMoveTheWindow) {
  CONFORMANCE("A-327");
  TwoHosts hosts;
  const OctetVector wire = hosts.sealed(hosts.install(pair_of_a(Suite::kEspAes)), a_to_z("x"));
  OctetVector forged = wire;
  store_u32(MutableOctets(forged).subspan(24), 0xFFFFFFF0);
  EXPECT_EQ(hosts.open_at_z(forged), 13915);
  EXPECT_EQ(hosts.open_at_z(wire), kArrived);
}

TEST(SadPackets, A328EspAndAhWindowsAreIndependent) {
  CONFORMANCE("A-328");
  TwoHosts hosts;
  const SaPair pair = pair_of_a(Suite::kEspAesAndAh);
  hosts.install(pair);
  Forge esp(pair.outbound[0]);
  Forge ah(pair.outbound[1]);
  EXPECT_EQ(hosts.open_at_z(ah.packet(500, esp.packet(1, a_to_z("x")))), kArrived);
  EXPECT_EQ(hosts.open_at_z(ah.packet(501, esp.packet(2, a_to_z("x")))), kArrived);  // 2 is far left of AH's window
  EXPECT_EQ(hosts.open_at_z(ah.packet(502, esp.packet(2, a_to_z("x")))), 13913);     // ESP's own
  EXPECT_EQ(hosts.open_at_z(ah.packet(502, esp.packet(3, a_to_z("x")))), 13913);     // AH's own: 502 was authentic
}

using SadDeathTest = ::testing::Test;

TEST(SadDeathTest, A331NoSaIsGivenAReservedSpi) {
  CONFORMANCE("A-331");
  Sad sad{SadConfig{}};
  for (const std::uint32_t spi : {0U, 1U, 255U}) {
    SaPair pair = pair_of_a(Suite::kEspNull);
    pair.inbound.front().spi = Spi{spi};
    EXPECT_DEATH(sad.install_inbound(pair, kStart), "kSpiFirst");
  }
  SaPair pair = pair_of_a(Suite::kEspNull);
  pair.inbound.front().spi = Spi{256};
  sad.install_inbound(pair, kStart);
  EXPECT_TRUE(sad.spi_in_use(Spi{256}));
}

TEST(SadDeathTest, TheOutboundHalfNeverStartsAgain) {
  Sad sad{SadConfig{}};
  const SaPair pair = pair_of_a(Suite::kEspNull);
  EXPECT_DEATH(sad.install_outbound(pair, kStart), "");
  sad.install_inbound(pair, kStart);
  sad.install_outbound(pair, kStart);
  EXPECT_DEATH(sad.install_outbound(pair, kStart), "outbound.empty");
}

TEST(SadPackets, ATunnelBetweenTheHostsCarriesWholeDatagrams) {
  TwoHosts hosts;
  SaPair pair = pair_of_a(Suite::kEspAes);
  pair.mode = crypto::IpsecMode::kTunnel;
  const SaContextId context = hosts.install(pair);
  const OctetVector datagram = a_to_z("inner");
  EXPECT_EQ(hosts.open_at_z(hosts.sealed(context, datagram)), kArrived);
  EXPECT_EQ(tuple_of(hosts.opened, true), tuple_of(datagram, true));
  EXPECT_EQ(hosts.a.contexts().front().octets, datagram.size());
}

TEST(TupleOf, ReadsPortsBehindExtensionHeadersAndNothingElse) {
  const OctetVector v4 = a_to_z("x");
  EXPECT_EQ(tuple_of(v4, false), (FiveTuple{IpProtocol::kUdp, {kA, 5000}, {kZ, 5001}}));
  EXPECT_EQ(tuple_of(v4, true), (FiveTuple{IpProtocol::kUdp, {kZ, 5001}, {kA, 5000}}));
  OctetVector icmp = v4;
  icmp[9] = std::byte{1};
  EXPECT_EQ(tuple_of(icmp, false), (FiveTuple{IpProtocol::kIcmp, {kA, 0}, {kZ, 0}}));
  // IPv6, hop-by-hop (8 octets), destination options (16 octets), UDP 1 -> 2.
  const OctetVector v6 =
      hex("6000000000200040 fd000000000000000000000000000001 fd000000000000000000000000000002"
          "3c00010400000000 1101010c000000000000000000000000 0001000200080000");
  const auto tuple = tuple_of(v6, false);
  ASSERT_TRUE(tuple);
  EXPECT_EQ(to_string(*tuple), "udp [fd00::1]:1 -> [fd00::2]:2");
  EXPECT_EQ(upper_offset_of(v6), 64U);
  for (std::size_t octets = 0; octets < 68; ++octets) EXPECT_FALSE(tuple_of(Octets(v6).first(octets), false)) << octets;
  for (std::size_t octets = 0; octets < 24; ++octets) EXPECT_FALSE(tuple_of(Octets(v4).first(octets), false)) << octets;
}

}  // namespace
}  // namespace ssx::ipsec
