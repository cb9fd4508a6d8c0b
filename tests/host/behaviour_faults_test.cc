// Two hosts over bad links: they stay consistent, deliver what they deliver unchanged, and do the same for the same
// seed. And hosts that are fed with octets that nobody sent.
#include <gtest/gtest.h>

#include "crypto/seeded_random.h"
#include "host/behaviour_world.h"

namespace ssx::host::behaviour {
namespace {

sim::LinkFaults bad_link() {
  sim::LinkFaults faults;
  faults.loss_per_million = 80'000;
  faults.duplicate_per_million = 80'000;
  faults.reorder_per_million = 80'000;
  faults.corrupt_per_million = 80'000;
  faults.jitter = std::chrono::milliseconds(4);
  return faults;
}

struct RunResult {
  std::vector<WireRecord> wire;
  bool is_connected = false;
};

/// A secured connection with traffic both ways over bad links. Outcomes may be failures; lies may not.
RunResult run(std::uint64_t seed, std::uint32_t flags) {
  TwoHosts hosts(WorldSetup{.seed = seed});
  const SocketId listener = hosts.listening(hosts.secured("server", with_flags(flags)));
  hosts.world.set_default_faults(bad_link());
  const SocketId client = hosts.secured("client", with_flags(flags));
  const CallId accepting = hosts.begin("server", listener, Accept{});
  const Outcome connected = hosts.call("client", client, Connect{kService});
  RunResult result;
  result.is_connected = connected.has_value();
  if (connected) {
    const std::string text(3000, 'q');
    hosts.begin("client", client, Send{TwoHosts::octets_of(text), 0});
    const auto accepted = hosts.finish(accepting, seconds(60));
    if (accepted && *accepted) {
      const CallId receiving =
          hosts.begin("server", std::get<Accepted>(**accepted).socket, Receive{text.size(), false, true});
      const auto received = hosts.finish(receiving, seconds(120));
      if (received && *received) {
        const std::string got = TwoHosts::text_of(std::get<Received>(**received).octets);
        EXPECT_EQ(got, text.substr(0, got.size())) << seed;
      }
    }
  }
  EXPECT_TRUE(hosts.call("client", client, Close{}));
  EXPECT_TRUE(hosts.call("server", listener, Close{}));
  hosts.run_for(seconds(100));
  if ((flags & ale::kAllowInsecure) == 0) {
    EXPECT_EQ(hosts.clear_packets("client"), 0U) << seed;
    EXPECT_EQ(hosts.clear_packets("server"), 0U) << seed;
  }
  for (const auto& [id, count] : hosts.recorder.answers) EXPECT_EQ(count, 1) << seed;
  result.wire = std::move(hosts.recorder.wire);
  return result;
}

TEST(BadLinks, AHundredSeedsStayConsistentAndTellTheTruth) {
  int connected = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const std::uint32_t flags[] = {0, ale::kGuaranteeEncryption, ale::kAllowInsecure};
    connected += run(seed, flags[seed % 3]).is_connected ? 1 : 0;
  }
  EXPECT_GT(connected, 90);
}

TEST(BadLinks, TheSameSeedGivesTheSameOctetsAtTheSameTimes) {
  const RunResult one = run(5, 0);
  const RunResult two = run(5, 0);
  ASSERT_EQ(one.wire.size(), two.wire.size());
  for (std::size_t i = 0; i < one.wire.size(); ++i) {
    ASSERT_EQ(one.wire[i].host, two.wire[i].host) << i;
    ASSERT_EQ(one.wire[i].datagram, two.wire[i].datagram) << i;
    ASSERT_EQ(one.wire[i].at, two.wire[i].at) << i;
    ASSERT_EQ(one.wire[i].fate, two.wire[i].fate) << i;
  }
  const RunResult other = run(6, 0);
  ASSERT_FALSE(other.wire.empty());
  EXPECT_NE(one.wire[0].datagram, other.wire[0].datagram);
}

/// Feeds the server and leaves what it would send unsent.
void feed(TwoHosts& hosts, OctetVector octets) {
  std::vector<HostEffect> effects;
  hosts.world.host("server").step(PacketArrived{std::move(octets)}, hosts.world.now(), effects);
  ASSERT_TRUE(hosts.world.host("server").is_consistent());
  for (const HostEffect& effect : effects) ASSERT_FALSE(std::holds_alternative<Completed>(effect));
}

/// An IPv4 header that a host takes, in front of `payload`.
OctetVector framed(std::uint8_t protocol, const OctetVector& payload) {
  OctetVector out(20 + payload.size());
  out[0] = std::byte{0x45};
  store_u16(MutableOctets(out).subspan(2), static_cast<std::uint16_t>(out.size()));
  out[8] = std::byte{64};
  out[9] = static_cast<std::byte>(protocol);
  store_u32(MutableOctets(out).subspan(12), kClientAddress.v4_host_order());
  store_u32(MutableOctets(out).subspan(16), kServerAddress.v4_host_order());
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < 20; i += 2) sum += load_u16(Octets(out).subspan(i));
  while (sum > 0xFFFF) sum = (sum & 0xFFFF) + (sum >> 16);
  store_u16(MutableOctets(out).subspan(10), static_cast<std::uint16_t>(~sum));
  std::copy(payload.begin(), payload.end(), out.begin() + 20);
  return out;
}

TEST(StrangePackets, RandomOctetsNeitherCrashNorAnswerACall) {
  TwoHosts hosts;
  const SocketId listener = hosts.listening(hosts.secured("server"));
  const auto [client, server] = hosts.connected(hosts.secured("client"), listener);
  crypto::SeededRandom random(1, "strange");
  for (int i = 0; i < 3000; ++i) feed(hosts, random.octets(random.below(120)));
  for (int i = 0; i < 3000; ++i) {
    const std::uint8_t protocols[] = {0, 1, 6, 17, 50, 51, 59};
    const std::uint8_t protocol = protocols[random.below(7)];
    const std::uint64_t octets = random.below(120);
    OctetVector payload = random.octets(octets);
    if (protocol == 50 && payload.size() >= 4) {
      store_u32(payload, hosts.world.host("server").sa_pairs()[0].id().value);  // its own SPI
    }
    if (protocol == 17 && payload.size() >= 8) {  // the keying module's port, no checksum
      store_u16(MutableOctets(payload).subspan(2), 500);
      store_u16(MutableOctets(payload).subspan(4), static_cast<std::uint16_t>(payload.size()));
      store_u16(MutableOctets(payload).subspan(6), 0);
    }
    feed(hosts, framed(protocol, payload));
  }
  hosts.send("client", client, "alive");
  EXPECT_EQ(hosts.receive("server", server, 5), "alive");
}

TEST(StrangePackets, EveryRealPacketWithEveryOctetDamagedIsSurvived) {
  TwoHosts hosts;
  const SocketId listener = hosts.listening(hosts.secured("server"));
  const auto [client, server] = hosts.connected(hosts.secured("client"), listener);
  hosts.send("client", client, "x");
  EXPECT_EQ(hosts.receive("server", server, 1), "x");
  const std::vector<WireRecord> wire = hosts.recorder.wire;
  for (const WireRecord& record : wire) {
    if (record.host != "client") continue;
    for (std::size_t at = 0; at < record.datagram.size(); at += 3) {
      OctetVector damaged = record.datagram;
      damaged[at] ^= std::byte{0xFF};
      feed(hosts, damaged);
      damaged.resize(at);
      feed(hosts, damaged);
    }
  }
  hosts.send("client", client, "alive");
  EXPECT_EQ(hosts.receive("server", server, 5), "alive");
}

}  // namespace
}  // namespace ssx::host::behaviour
