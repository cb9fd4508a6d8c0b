// Secured sockets between two hosts: requirements, filters, failures, life of SAs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "host/behaviour_world.h"
#include "model/tcpip/ip_output.h"
#include "model/wfp/guids.h"
#include "support/conformance.h"

namespace ssx::host::behaviour {
namespace {

using ::testing::SizeIs;

std::size_t socket_filters(const Host& host) {
  const auto filters = host.policy().filters();
  return static_cast<std::size_t>(std::ranges::count_if(
      filters, [](const wfp::Filter* filter) { return filter->sublayer == wfp::kSublayerSecureSocket; }));
}

std::vector<NetEvent> failure_events(const TwoHosts& hosts, const std::string& host) {
  std::vector<NetEvent> failures;
  for (const NetEvent& event : hosts.events<NetEvent>(host)) {
    if (event.kind != NetEvent::Kind::kIkeextMmFailure && event.kind != NetEvent::Kind::kIkeextQmFailure &&
        event.kind != NetEvent::Kind::kIkeextEmFailure) {
      continue;
    }
    failures.push_back(event);
  }
  return failures;
}

std::uint32_t query_flags(TwoHosts& hosts, const std::string& host, SocketId socket) {
  const Outcome report = hosts.call(host, socket, QuerySecurity{});
  return report ? std::get<ale::SecurityReport>(*report).flags : 0xFFFFFFFF;
}

// --- requirements
// -------------------------------------------------------------------------------------------------------

TEST(Secured, NothingButKeyingIsEverClearBetweenSecuredSockets) {
  for (const std::uint32_t flags : {0U, ale::kGuaranteeEncryption, ale::kGuaranteeEncryption | ale::kAllowInsecure}) {
    TwoHosts hosts;
    const SocketId listener = hosts.listening(hosts.secured("server", with_flags(flags)));
    const auto [client, server] = hosts.connected(hosts.secured("client", with_flags(flags)), listener);
    hosts.send("client", client, "question");
    EXPECT_EQ(hosts.receive("server", server, 8), "question");
    hosts.send("server", server, "answer");
    EXPECT_EQ(hosts.receive("client", client, 6), "answer");
    EXPECT_EQ(hosts.clear_packets("client"), 0U) << flags;
    EXPECT_EQ(hosts.clear_packets("server"), 0U) << flags;
    const std::uint32_t wanted = ale::kConnectionSecured | ((flags & 1U) != 0 ? ale::kConnectionEncrypted : 0U);
    EXPECT_EQ(query_flags(hosts, "client", client) & 3U, wanted) << flags;
    EXPECT_EQ(query_flags(hosts, "server", server) & 3U, wanted) << flags;
  }
}

TEST(Secured, C209AClientFailsAfterThirtySecondsWhenTheHostIsSilent) {
  CONFORMANCE("C-209", "A-262");
  TwoHosts hosts;
  const SocketId client = hosts.secured("client");
  const Instant began = hosts.world.now();
  const Outcome connected = hosts.call("client", client, Connect{{kSilentAddress, kPort}});
  ASSERT_FALSE(connected);
  EXPECT_EQ(connected.error(), SocketError::kSecurityFailed);
  EXPECT_EQ(hosts.world.now() - began, seconds(30));
  EXPECT_EQ(hosts.clear_packets("client"), 0U);
}

TEST(Secured, C209AHostWithoutIpsecNeverAcceptsASecureClient) {
  CONFORMANCE("C-209", "A-262");
  WorldSetup setup;
  setup.server_ipsec = false;
  TwoHosts hosts(setup);
  const SocketId listener = hosts.listening(hosts.socket("server"));
  const CallId accepting = hosts.begin("server", listener, Accept{});
  const Outcome connected = hosts.call("client", hosts.secured("client"), Connect{kService});
  ASSERT_FALSE(connected);
  EXPECT_EQ(connected.error(), SocketError::kSecurityFailed);
  hosts.run_for(seconds(60));
  EXPECT_FALSE(hosts.is_answered(accepting));
  EXPECT_EQ(hosts.clear_packets("client"), 0U);
}

TEST(Secured, A263AnOpenClientTalksInClearToAHostWithoutIpsec) {
  CONFORMANCE("A-263", "W-258");
  WorldSetup setup;
  setup.server_ipsec = false;
  TwoHosts hosts(setup);
  const SocketId listener = hosts.listening(hosts.socket("server"));
  const auto [client, server] = hosts.connected(hosts.secured("client", with_flags(ale::kAllowInsecure)), listener);
  hosts.send("client", client, "clear");
  EXPECT_EQ(hosts.receive("server", server, 5), "clear");
  EXPECT_EQ(query_flags(hosts, "client", client) & 3U, 0U);
  hosts.run_for(seconds(60));
  EXPECT_THAT(failure_events(hosts, "client"), SizeIs(1));
}

TEST(Secured, AnOpenClientUnderNegotiateFirstWaitsTenSecondsAndNoLonger) {
  WorldSetup setup;
  setup.server_ipsec = false;
  setup.client_behaviour.allow_insecure_mode = ale::AllowInsecureMode::kNegotiateFirst;
  TwoHosts hosts(setup);
  hosts.listening(hosts.socket("server"));
  const Instant began = hosts.world.now();
  ASSERT_TRUE(hosts.call("client", hosts.secured("client", with_flags(ale::kAllowInsecure)), Connect{kService}));
  EXPECT_GE(hosts.world.now() - began, seconds(10));
  EXPECT_LT(hosts.world.now() - began, seconds(11));
}

TEST(Secured, ANegotiationLongerThanTheTimeoutOfTcpStillConnects) {
  TwoHosts hosts;
  const SocketId listener = hosts.listening(hosts.secured("server"));
  sim::LinkFaults slow;
  slow.delay = std::chrono::milliseconds(1900);  // each exchange takes 3.8 s, TCP gives up after 21 s
  hosts.world.set_default_faults(slow);
  const Instant began = hosts.world.now();
  const CallId connecting = hosts.begin("client", hosts.secured("client"), Connect{kService});
  while (hosts.events<SaInstalled>("client").size() < 2 && hosts.world.next_event()) hosts.advance();
  EXPECT_GT(hosts.world.now() - began, seconds(21));
  hosts.world.set_default_faults({});
  const auto connected = hosts.finish(connecting, seconds(60));
  ASSERT_TRUE(connected) << "the call is never answered";
  EXPECT_TRUE(*connected);
  EXPECT_TRUE(hosts.call("server", listener, Accept{}));
  EXPECT_EQ(hosts.clear_packets("client"), 0U);
}

TEST(Secured, AnOpenConnectionIsUpgradedAndNeverGoesBack) {
  CONFORMANCE("C-214", "A-247", "A-267");
  TwoHosts hosts;
  const SocketId listener = hosts.listening(hosts.secured("server", with_flags(ale::kAllowInsecure)));
  const auto [client, server] = hosts.connected(hosts.secured("client", with_flags(ale::kAllowInsecure)), listener);
  hosts.run_for(seconds(5));
  hosts.send("client", client, "one");
  EXPECT_EQ(hosts.receive("server", server, 3), "one");
  hosts.send("server", server, "two");
  EXPECT_EQ(hosts.receive("client", client, 3), "two");
  EXPECT_EQ(query_flags(hosts, "client", client) & 1U, 1U);
  EXPECT_EQ(query_flags(hosts, "server", server) & 1U, 1U);
  const std::size_t before_client = hosts.clear_packets("client");
  const std::size_t before_server = hosts.clear_packets("server");
  for (int i = 0; i < 5; ++i) {
    hosts.run_for(seconds(1000));  // idle ends, rekeys, main modes end
    hosts.send("client", client, "more");
    EXPECT_EQ(hosts.receive("server", server, 4), "more");
  }
  EXPECT_EQ(hosts.clear_packets("client"), before_client);
  EXPECT_EQ(hosts.clear_packets("server"), before_server);
}

TEST(Secured, AClearSegmentIntoASecuredConnectionIsDropped) {
  CONFORMANCE("A-249", "C-214");
  TwoHosts hosts;
  const SocketId listener = hosts.listening(hosts.secured("server"));
  const auto [client, server] = hosts.connected(hosts.secured("client"), listener);
  const auto local = std::get<TransportAddress>(*hosts.call("client", client, GetSocketName{}));
  tcpip::IpOutput forger;
  for (const bool rst : {true, false}) {
    tcpip::SegmentHeader header;
    header.source_port = local.port;
    header.destination_port = kPort;
    header.flags.rst = rst;
    header.flags.ack = true;
    std::vector<HostEffect> effects;
    hosts.world.host("server").step(PacketArrived{forger.segment(header, {}, kClientAddress, kServerAddress)},
                                    hosts.world.now(), effects);
    bool is_dropped = false;
    for (const HostEffect& effect : effects) {
      EXPECT_FALSE(std::holds_alternative<SendPacket>(effect));
      const auto* traced = std::get_if<Traced>(&effect);
      const auto* dropped = traced != nullptr ? std::get_if<PacketDropped>(&traced->record.event) : nullptr;
      is_dropped |= dropped != nullptr && dropped->status == 13916;
    }
    EXPECT_TRUE(is_dropped);
  }
  hosts.send("client", client, "alive");
  EXPECT_EQ(hosts.receive("server", server, 5), "alive");
}

// --- filters and policies
// -----------------------------------------------------------------------------------------------

TEST(Filters, W235TheyAreInTheSublayerOfSecureSockets) {
  CONFORMANCE("W-235");
  TwoHosts hosts;
  const wfp::Engine& policy = hosts.world.host("server").policy();
  // The first main-mode filter brings the keying module's exemptions: they are no socket's.
  const SocketId first = hosts.secured("server");
  ASSERT_TRUE(hosts.call("server", first, Bind{{kServerAddress, 1}}));
  const std::size_t before = policy.filters().size();
  const std::size_t in_sublayer = socket_filters(hosts.world.host("server"));
  EXPECT_GT(in_sublayer, 0U);
  hosts.listening(hosts.secured("server"));
  EXPECT_GT(policy.filters().size(), before);
  EXPECT_EQ(policy.filters().size() - before, socket_filters(hosts.world.host("server")) - in_sublayer);
}

TEST(Filters, W236SkipAddsNoneAndW238RequiresAPolicy) {
  CONFORMANCE("W-236", "W-238");
  TwoHosts hosts;
  const auto before = hosts.world.host("client").policy().filters().size();
  for (const auto type : {SocketType::kStream, SocketType::kDatagram}) {
    const SocketId client = hosts.secured("client", with_flags(0, ale::kSkipFilterInstantiation), type);
    const Instant began = hosts.world.now();
    const Outcome outcome = type == SocketType::kStream ? hosts.call("client", client, Connect{kService})
                                                        : hosts.call("client", client, SendTo{kService, {}});
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error(), SocketError::kNoSecurityPolicy);
    EXPECT_EQ(hosts.world.now(), began);
    EXPECT_EQ(hosts.world.host("client").policy().filters().size(), before);
  }
  EXPECT_TRUE(hosts.recorder.wire.empty());
  const auto failures = failure_events(hosts, "client");
  ASSERT_EQ(failures.size(), 2U);
  for (const NetEvent& failure : failures) {
    EXPECT_EQ(failure.kind, NetEvent::Kind::kIkeextMmFailure);
    EXPECT_EQ(failure.status, 13850U);
  }
}

TEST(Filters, W252TheyGoWithTheSocketOnceItsDataIsSent) {
  CONFORMANCE("W-252", "C-228");
  TwoHosts hosts;
  const SocketId listener = hosts.listening(hosts.secured("server"));
  const auto [client, server] = hosts.connected(hosts.secured("client"), listener);
  const std::string text(50'000, 'x');
  hosts.send("client", client, text);
  ASSERT_TRUE(hosts.call("client", client, Close{}));
  EXPECT_GT(socket_filters(hosts.world.host("client")), 0U);  // most of it is still here
  EXPECT_EQ(hosts.receive("server", server, text.size()), text);
  ASSERT_TRUE(hosts.call("server", server, Close{}));
  ASSERT_TRUE(hosts.call("server", listener, Close{}));
  hosts.run_for(seconds(300));
  EXPECT_EQ(socket_filters(hosts.world.host("client")), 0U);
  EXPECT_EQ(socket_filters(hosts.world.host("server")), 0U);
  EXPECT_EQ(hosts.clear_packets("client"), 0U);
  EXPECT_EQ(hosts.clear_packets("server"), 0U);
}

TEST(Filters, W253APolicyInUseCannotBeDeleted) {
  CONFORMANCE("W-253");
  TwoHosts hosts;
  wfp::Engine& policy = hosts.world.host("client").policy();
  wfp::ProviderContext context = *policy.provider_context(wfp::kContextSecureSocketAuthip);
  context.key = {};
  context.flags = 0;
  context.provider.reset();
  wfp::MainModePolicy own = *context.main_mode();
  own.methods = {{wfp::AuthMethod::kKerberos, 0, {}}};
  context.content = std::make_shared<const wfp::MainModePolicy>(own);
  const auto key = policy.add(context);
  ASSERT_TRUE(key) << to_string(key.error());
  ale::SecuritySettings settings;
  settings.main_mode_policy = *key;
  const SocketId client = hosts.secured("client", settings);
  const auto held = policy.delete_provider_context(*key);
  ASSERT_FALSE(held);
  EXPECT_EQ(held.error(), wfp::FwpError::kInUse);
  ASSERT_TRUE(hosts.call("client", client, Close{}));
  EXPECT_TRUE(policy.delete_provider_context(*key));
}

TEST(Filters, W254SettingsAreMadeOnce) {
  CONFORMANCE("W-254", "C-086");
  TwoHosts hosts;
  const SocketId client = hosts.secured("client", with_flags(ale::kAllowInsecure));
  const Outcome again = hosts.call("client", client, SetSecurity{});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error(), SocketError::kSecuritySetTwice);
}

TEST(Filters, W255ASecuredSocketIsExclusive) {
  CONFORMANCE("W-255");
  TwoHosts hosts;
  const SocketId s = hosts.secured("server");
  EXPECT_EQ(std::get<std::uint32_t>(*hosts.call("server", s, GetOption{SocketOption::kExclusiveAddressUse})), 1U);
  hosts.listening(s);
  const SocketId other = hosts.socket("server");
  ASSERT_TRUE(hosts.call("server", other, SetOption{SocketOption::kReuseAddress, 1}));
  const Outcome bound = hosts.call("server", other, Bind{{kServerAddress, kPort}});
  ASSERT_FALSE(bound);
  EXPECT_EQ(bound.error(), SocketError::kAccessDenied);
}

// --- failures
// -----------------------------------------------------------------------------------------------------------

TEST(Failures, W257EveryAttemptHasExactlyOneEvent) {
  CONFORMANCE("W-257");
  TwoHosts hosts;
  for (std::size_t attempt = 1; attempt <= 3; ++attempt) {
    ASSERT_FALSE(hosts.call("client", hosts.secured("client"), Connect{{kSilentAddress, kPort}}));
    hosts.run_for(seconds(60));
    EXPECT_THAT(failure_events(hosts, "client"), SizeIs(attempt));
  }
  const SocketId datagrams = hosts.secured("client", {}, SocketType::kDatagram);
  ASSERT_TRUE(hosts.call("client", datagrams, SendTo{{kSilentAddress, kPort}, TwoHosts::octets_of("x")}));
  hosts.run_for(seconds(60));
  EXPECT_THAT(failure_events(hosts, "client"), SizeIs(4));
}

TEST(Failures, AWrongTargetNameFailsTheConnectAndSendsNothingInClear) {
  for (const std::uint32_t flags : {0U, ale::kAllowInsecure}) {
    TwoHosts hosts;
    const SocketId listener = hosts.listening(hosts.secured("server"));
    const SocketId client = hosts.secured("client", with_flags(flags));
    ASSERT_TRUE(hosts.call("client", client, SetPeerTargetName{{}, "host/other.example.test"}));
    static_cast<void>(listener);
    const Outcome connected = hosts.call("client", client, Connect{kService});
    EXPECT_FALSE(connected) << flags;
    EXPECT_THAT(failure_events(hosts, "client"), SizeIs(1));
  }
}

// --- the life of SAs
// ----------------------------------------------------------------------------------------------------

std::size_t main_modes_begun(const TwoHosts& hosts) {
  return hosts.events<authip::MainModeEstablished>("client").size();
}
std::size_t pairs_made(const TwoHosts& hosts) {
  const auto installed = hosts.events<SaInstalled>("client");
  return static_cast<std::size_t>(
      std::ranges::count_if(installed, [](const SaInstalled& one) { return one.outbound; }));
}

TEST(SaLife, C229ASecondSocketUsesTheFirstOnesPair) {
  CONFORMANCE("C-229");
  TwoHosts hosts;
  const SocketId listener = hosts.listening(hosts.secured("server"));
  const auto [client, server] = hosts.connected(hosts.secured("client"), listener);
  ASSERT_TRUE(hosts.call("client", client, Close{}));
  ASSERT_TRUE(hosts.call("server", server, Close{}));
  hosts.run_for(seconds(100));
  EXPECT_THAT(hosts.world.host("client").sa_pairs(), SizeIs(1));
  hosts.connected(hosts.secured("client"), listener);
  EXPECT_EQ(pairs_made(hosts), 1U);
  EXPECT_EQ(main_modes_begun(hosts), 1U);
  // Another guarantee is another pair, under the same main mode.
  hosts.connected(hosts.secured("client", with_flags(ale::kGuaranteeEncryption)), listener);
  EXPECT_EQ(pairs_made(hosts), 2U);
}

TEST(SaLife, C229AnIdlePairIsGoneAfter300Seconds) {
  CONFORMANCE("C-229", "A-210");
  TwoHosts hosts;
  const SocketId listener = hosts.listening(hosts.secured("server"));
  const auto [client, server] = hosts.connected(hosts.secured("client"), listener);
  ASSERT_TRUE(hosts.call("client", client, Close{}));
  ASSERT_TRUE(hosts.call("server", server, Close{}));
  hosts.run_for(seconds(295));
  EXPECT_THAT(hosts.world.host("client").sa_pairs(), SizeIs(1));
  hosts.run_for(seconds(10));
  EXPECT_THAT(hosts.world.host("client").sa_pairs(), SizeIs(0));
  EXPECT_THAT(hosts.world.host("server").sa_pairs(), SizeIs(0));
}

TEST(SaLife, C230APairWithoutANameIsNotReusedForASocketWithOne) {
  CONFORMANCE("C-230");
  TwoHosts hosts;
  const SocketId listener = hosts.listening(hosts.secured("server"));
  hosts.connected(hosts.secured("client"), listener);
  const SocketId named = hosts.secured("client");
  ASSERT_TRUE(hosts.call("client", named, SetPeerTargetName{{}, "host/server.example.test"}));
  hosts.connected(named, listener);
  EXPECT_EQ(pairs_made(hosts), 2U);
  EXPECT_EQ(hosts.clear_packets("client"), 0U);
}

TEST(SaLife, C231RekeyAt3600SecondsAndAFreshMainModeAfter7200) {
  CONFORMANCE("C-231", "A-202", "A-204");
  TwoHosts hosts;
  const SocketId listener = hosts.listening(hosts.secured("server"));
  const auto [client, server] = hosts.connected(hosts.secured("client"), listener);
  const auto talk_until = [&, c = client, s = server](Duration end) {
    while (hosts.world.now() < Instant{end}) {
      hosts.send("client", c, "tick");
      EXPECT_EQ(hosts.receive("server", s, 4), "tick");
      const Duration rest = end - hosts.world.now().since_epoch;
      hosts.run_for(std::min<Duration>(rest, seconds(200)));
    }
  };
  talk_until(seconds(3599));
  EXPECT_EQ(pairs_made(hosts), 1U);
  hosts.run_for(seconds(5));  // no packet is needed
  // D-29: when both ends ask at once both negotiations run.
  EXPECT_GE(pairs_made(hosts), 2U);
  EXPECT_LE(pairs_made(hosts), 3U);
  EXPECT_EQ(main_modes_begun(hosts), 1U);
  EXPECT_THAT(hosts.world.host("client").sa_pairs(), SizeIs(pairs_made(hosts)));
  hosts.run_for(seconds(60));
  ASSERT_THAT(hosts.world.host("client").sa_pairs(), SizeIs(1));
  ASSERT_THAT(hosts.world.host("server").sa_pairs(), SizeIs(1));
  EXPECT_EQ(hosts.world.host("client").sa_pairs()[0].quick_mode, hosts.world.host("server").sa_pairs()[0].quick_mode);
  talk_until(seconds(7190));
  ASSERT_THAT(hosts.world.host("client").main_modes(), SizeIs(1));
  const MmSaId first_main_mode = hosts.world.host("client").main_modes()[0].id;
  EXPECT_EQ(main_modes_begun(hosts), 1U);
  // The main mode goes at 7200 s, and the next rekey, 3600 s after the last, needs a fresh one.
  talk_until(seconds(7290));
  const auto gone = hosts.events<authip::MainModeDeleted>("client");
  EXPECT_TRUE(std::ranges::any_of(gone, [&](const authip::MainModeDeleted& one) { return one.id == first_main_mode; }));
  EXPECT_GE(main_modes_begun(hosts), 2U);
  EXPECT_EQ(hosts.clear_packets("client"), 0U);
  EXPECT_EQ(hosts.clear_packets("server"), 0U);
}

}  // namespace
}  // namespace ssx::host::behaviour
