// Which operation is classified at which ALE layer. Source: wfp-model.md 4.2, 4.3.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/behaviour_world.h"
#include "model/wfp/conditions.h"
#include "support/conformance.h"

namespace ssx::host::behaviour {
namespace {

using ::testing::ElementsAre;
using wfp::LayerId;

constexpr auto kAssignment = LayerId::kAleResourceAssignmentV4;
constexpr auto kListen = LayerId::kAleAuthListenV4;
constexpr auto kConnect = LayerId::kAleAuthConnectV4;
constexpr auto kAccept = LayerId::kAleAuthRecvAcceptV4;
constexpr auto kEstablished = LayerId::kAleFlowEstablishedV4;

TEST(AleOrder, W152ABindIsClassifiedAtResourceAssignment) {
  CONFORMANCE("W-152", "W-155");
  TwoHosts hosts;
  const SocketId s = hosts.socket("server");
  ASSERT_TRUE(hosts.call("server", s, Bind{{IpAddress::any(IpVersion::kV4), kPort}}));
  const auto classified = hosts.events<Classified>("server");
  ASSERT_EQ(classified.size(), 1U);
  EXPECT_EQ(classified[0].layer, kAssignment);
  EXPECT_EQ(classified[0].flags & (wfp::kFlagIsWildcardBind | wfp::kFlagIsImplicitBind), 0U);
  EXPECT_TRUE(classified[0].tuple.local.address.is_any());
  EXPECT_EQ(classified[0].tuple.local.port, kPort);
}

TEST(AleOrder, W154BindToPortZeroIsAWildcardBindWithTheChosenPort) {
  CONFORMANCE("W-154");
  TwoHosts hosts;
  const SocketId s = hosts.socket("server");
  ASSERT_TRUE(hosts.call("server", s, Bind{{kServerAddress, 0}}));
  const auto classified = hosts.events<Classified>("server");
  ASSERT_EQ(classified.size(), 1U);
  EXPECT_EQ(classified[0].flags & wfp::kFlagIsWildcardBind, wfp::kFlagIsWildcardBind);
  EXPECT_EQ(classified[0].tuple.local, std::get<TransportAddress>(*hosts.call("server", s, GetSocketName{})));
  EXPECT_GE(classified[0].tuple.local.port, 49152);
}

TEST(AleOrder, C234AConnectionPassesItsLayersInOrderOnBothHosts) {
  CONFORMANCE("C-234", "W-153", "W-156", "W-158");
  for (const bool is_secured : {false, true}) {
    TwoHosts hosts;
    const SocketId listener = hosts.listening(is_secured ? hosts.secured("server") : hosts.socket("server"));
    hosts.connected(is_secured ? hosts.secured("client") : hosts.socket("client"), listener);
    EXPECT_THAT(hosts.ale_layers("client", IpProtocol::kTcp), ElementsAre(kAssignment, kConnect, kEstablished))
        << is_secured;
    EXPECT_THAT(hosts.ale_layers("server", IpProtocol::kTcp), ElementsAre(kAssignment, kListen, kAccept, kEstablished))
        << is_secured;
    const auto implicit = hosts.events<Classified>("client").front();
    EXPECT_EQ(implicit.flags & wfp::kFlagIsImplicitBind, wfp::kFlagIsImplicitBind);
  }
}

TEST(AleOrder, W157AcceptIsAuthorisedBeforeTheRequestIsAnswered) {
  CONFORMANCE("W-157");
  TwoHosts hosts;
  hosts.listening(hosts.socket("server"));
  hosts.begin("client", hosts.socket("client"), Connect{kService});
  while (hosts.ale_layers("server", IpProtocol::kTcp).size() < 3) {
    ASSERT_EQ(hosts.clear_packets("server"), 0U);
    hosts.advance();
  }
  EXPECT_EQ(hosts.ale_layers("server", IpProtocol::kTcp).back(), kAccept);
  // The SYN of a blocked request gets no answer at all.
  TwoHosts blocked;
  wfp::Filter filter;
  filter.display.name = "no connections";
  filter.layer = kAccept;
  filter.action.type = wfp::ActionType::kBlock;
  ASSERT_TRUE(blocked.world.host("server").policy().add(filter));
  blocked.listening(blocked.socket("server"));
  const Outcome connected = blocked.call("client", blocked.socket("client"), Connect{kService});
  ASSERT_FALSE(connected);
  EXPECT_EQ(connected.error(), SocketError::kTimedOut);
  EXPECT_EQ(blocked.clear_packets("server"), 0U);
}

TEST(AleOrder, W159ABlockAtFlowEstablishedHasNoEffect) {
  CONFORMANCE("W-159");
  TwoHosts hosts;
  wfp::Filter filter;
  filter.display.name = "too late";
  filter.layer = kEstablished;
  filter.action.type = wfp::ActionType::kBlock;
  ASSERT_TRUE(hosts.world.host("client").policy().add(filter));
  const SocketId listener = hosts.listening(hosts.socket("server"));
  const auto [client, server] = hosts.connected(hosts.socket("client"), listener);
  hosts.send("client", client, "still there");
  EXPECT_EQ(hosts.receive("server", server, 11), "still there");
}

struct Datagrams : ::testing::Test {
  SocketId bound(std::uint16_t port) {
    const SocketId s = hosts.socket("server", SocketType::kDatagram);
    EXPECT_TRUE(hosts.call("server", s, Bind{{kServerAddress, port}}));
    return s;
  }
  void send(const std::string& host, SocketId s, const TransportAddress& to) {
    EXPECT_TRUE(hosts.call(host, s, SendTo{to, TwoHosts::octets_of("x")}));
  }
  TransportAddress receive(const std::string& host, SocketId s) {
    const Outcome received = hosts.call(host, s, ReceiveFrom{10, false});
    EXPECT_TRUE(received);
    return received ? std::get<Received>(*received).from : TransportAddress{};
  }
  TwoHosts hosts;
};

TEST_F(Datagrams, W160OnlyTheFirstDatagramToAPeerIsClassified) {
  CONFORMANCE("W-160", "W-161", "W-162", "C-234");
  const SocketId one = bound(1000);
  bound(1001);
  const SocketId client = hosts.socket("client", SocketType::kDatagram);
  send("client", client, {kServerAddress, 1000});
  const TransportAddress from = receive("server", one);
  EXPECT_THAT(hosts.ale_layers("client", IpProtocol::kUdp), ElementsAre(kAssignment, kConnect, kEstablished));
  EXPECT_THAT(hosts.ale_layers("server", IpProtocol::kUdp),
              ElementsAre(kAssignment, kAssignment, kAccept, kEstablished));
  send("client", client, {kServerAddress, 1000});
  receive("server", one);
  EXPECT_EQ(hosts.ale_layers("client", IpProtocol::kUdp).size(), 3U);
  EXPECT_EQ(hosts.ale_layers("server", IpProtocol::kUdp).size(), 4U);
  // W-162: the answer belongs to the flow.
  send("server", one, from);
  receive("client", client);
  EXPECT_EQ(hosts.ale_layers("client", IpProtocol::kUdp).size(), 3U);
  EXPECT_EQ(hosts.ale_layers("server", IpProtocol::kUdp).size(), 4U);
  // W-161.
  send("client", client, {kServerAddress, 1001});
  EXPECT_THAT(hosts.ale_layers("client", IpProtocol::kUdp),
              ElementsAre(kAssignment, kConnect, kEstablished, kConnect, kEstablished));
}

TEST_F(Datagrams, W163AnIdleFlowIsClassifiedAgainAfterSixtySeconds) {
  CONFORMANCE("W-163");
  bound(1000);
  const SocketId client = hosts.socket("client", SocketType::kDatagram);
  send("client", client, {kServerAddress, 1000});
  hosts.run_for(seconds(59));
  send("client", client, {kServerAddress, 1000});  // begins the 60 s again
  hosts.run_for(seconds(59));
  send("client", client, {kServerAddress, 1000});
  EXPECT_EQ(hosts.ale_layers("client", IpProtocol::kUdp).size(), 3U);
  hosts.run_for(seconds(61));
  send("client", client, {kServerAddress, 1000});
  EXPECT_EQ(hosts.ale_layers("client", IpProtocol::kUdp).size(), 5U);
}

TEST_F(Datagrams, W164ClosingTheSocketRemovesItsFlows) {
  CONFORMANCE("W-164");
  const SocketId one = bound(1000);
  const SocketId client = hosts.socket("client", SocketType::kDatagram);
  ASSERT_TRUE(hosts.call("client", client, Bind{{kClientAddress, 2000}}));
  send("client", client, {kServerAddress, 1000});
  receive("server", one);
  ASSERT_TRUE(hosts.call("client", client, Close{}));
  const SocketId again = hosts.socket("client", SocketType::kDatagram);
  ASSERT_TRUE(hosts.call("client", again, Bind{{kClientAddress, 2000}}));
  const std::size_t before = hosts.ale_layers("client", IpProtocol::kUdp).size();
  send("server", one, {kClientAddress, 2000});
  receive("client", again);
  const auto layers = hosts.ale_layers("client", IpProtocol::kUdp);
  ASSERT_EQ(layers.size(), before + 2);
  EXPECT_EQ(layers[before], kAccept);
}

}  // namespace
}  // namespace ssx::host::behaviour
