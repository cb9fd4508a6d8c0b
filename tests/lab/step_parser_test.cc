// Every call of a scenario file becomes the step that it describes.
#include <gtest/gtest.h>

#include "lab/scenario_files.h"

namespace ssx::lab {
namespace {

using testing::parse;
using testing::parse_one;
using testing::with_steps;

const TransportAddress kPeer{IpAddress::v4(0x0A000002), 27015};
const Guid kKey = *parse_guid("b25ea800-0d02-46ed-92bd-7fa84bb73e9d");
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(StepParser, SocketIsAnIpv4StreamUnlessItSaysOtherwise) {
  const auto plain = parse_one<SocketStep>("    - socket: {as: s}\n");
  EXPECT_EQ(plain.as, "s");
  EXPECT_FALSE(plain.v6);
  EXPECT_EQ(plain.type, host::SocketType::kStream);
  const auto other = parse_one<SocketStep>("    - socket: {as: t, family: AF_INET6, type: SOCK_DGRAM}\n");
  EXPECT_TRUE(other.v6);
  EXPECT_EQ(other.type, host::SocketType::kDatagram);
}

TEST(StepParser, BindConnectAndListenNameSocketAndAddress) {
  const auto bind = parse_one<BindStep>("    - bind: {socket: s, address: \"[fd00::2]:65535\"}\n");
  EXPECT_EQ(bind.socket, "s");
  EXPECT_EQ(bind.address, (TransportAddress{*parse_address("fd00::2"), 65535}));
  const auto connect = parse_one<ConnectStep>("    - connect: {socket: s, to: \"10.0.0.2:27015\"}\n");
  EXPECT_EQ(connect.socket, "s");
  EXPECT_EQ(connect.peer, kPeer);
  EXPECT_EQ(parse_one<ListenStep>("    - listen: {socket: s}\n").backlog, 5);
  EXPECT_EQ(parse_one<ListenStep>("    - listen: {socket: s, backlog: 1000}\n").backlog, 1000);
}

TEST(StepParser, AcceptMayHaveANameAndATime) {
  const auto plain = parse_one<AcceptStep>("    - accept: {socket: s}\n");
  EXPECT_EQ(plain.as, "");
  EXPECT_EQ(plain.within, std::nullopt);
  const auto timed = parse_one<AcceptStep>("    - accept: {socket: s, as: c, within: 1.5 s}\n");
  EXPECT_EQ(timed.as, "c");
  EXPECT_EQ(timed.within, Duration(milliseconds(1500)));
}

TEST(StepParser, SendTakesTextHexadecimalDigitsOrARepetition) {
  EXPECT_EQ(to_text(parse_one<SendStep>("    - send: {socket: s, data: \"a b\"}\n").data), "a b");
  EXPECT_EQ(parse_one<SendStep>("    - send: {socket: s, data: {hex: \"00 ff\"}}\n").data, hex("00ff"));
  EXPECT_EQ(to_text(parse_one<SendStep>("    - send: {socket: s, data: {repeat: ab, times: 3}}\n").data), "ababab");
  const auto datagram = parse_one<SendStep>("    - sendto: {socket: s, to: \"10.0.0.2:27015\", data: x}\n");
  EXPECT_EQ(datagram.to, kPeer);
}

TEST(StepParser, ReceiveSaysWhatMustCome) {
  const auto text = parse_one<ReceiveStep>("    - recv: {socket: s, expect: hello, timeout: 20 ms}\n");
  EXPECT_EQ(to_text(*text.expected), "hello");
  EXPECT_EQ(text.timeout, Duration(milliseconds(20)));
  EXPECT_FALSE(text.datagram);
  EXPECT_EQ(parse_one<ReceiveStep>("    - recv: {socket: s, octets: 4096}\n").octets, 4096U);
  EXPECT_TRUE(parse_one<ReceiveStep>("    - recv: {socket: s, end: yes}\n").end_of_stream);
  const auto datagram =
      parse_one<ReceiveStep>("    - recvfrom: {socket: s, from: \"10.0.0.2:27015\", sender_as: peer}\n");
  EXPECT_TRUE(datagram.datagram);
  EXPECT_EQ(datagram.from, kPeer);
  EXPECT_EQ(datagram.sender_as, "peer");
}

TEST(StepParser, ShutdownAndCloseNameTheirSocket) {
  EXPECT_EQ(parse_one<ShutdownStep>("    - shutdown: {socket: s, how: SD_RECEIVE}\n").how, 0);
  EXPECT_EQ(parse_one<ShutdownStep>("    - shutdown: {socket: s, how: SD_SEND}\n").how, 1);
  EXPECT_EQ(parse_one<ShutdownStep>("    - shutdown: {socket: s, how: SD_BOTH}\n").how, 2);
  EXPECT_EQ(parse_one<CloseStep>("    - closesocket: {socket: s}\n").socket, "s");
}

TEST(StepParser, NullSettingsAreNoStructure) {
  const auto step = parse_one<SetSecurityStep>("    - WSASetSocketSecurity: {socket: s, settings: NULL}\n");
  EXPECT_TRUE(step.null_settings);
}

TEST(StepParser, SettingsAreTheMembersOfTheStructure) {
  const auto step = parse_one<SetSecurityStep>(
      "    - WSASetSocketSecurity: {socket: s, settings: {SecurityProtocol: IPSEC, SecurityFlags: "
      "[GUARANTEE_ENCRYPTION, "
      "ALLOW_INSECURE], IpsecFlags: PEER_NAME_IS_RAW_FORMAT, AuthipMMPolicyKey: 00000001-0002-0003-0405-060708090a0b, "
      "AuthipQMPolicyKey: mine}}\n");
  EXPECT_FALSE(step.null_settings);
  EXPECT_EQ(step.protocol, 1U);
  EXPECT_TRUE(step.ipsec_structure);
  EXPECT_EQ(step.security_flags, 3U);
  EXPECT_EQ(step.ipsec_flags, 8U);
  EXPECT_EQ(step.main_mode_policy, *parse_guid("00000001-0002-0003-0405-060708090a0b"));
  EXPECT_EQ(step.quick_mode_policy, kKey) << "a policy of the host is known by its name";
}

TEST(StepParser, ADefaultProtocolMeansTheShortStructure) {
  const auto step =
      parse_one<SetSecurityStep>("    - WSASetSocketSecurity: {socket: s, settings: {SecurityFlags: 0x80}}\n");
  EXPECT_FALSE(step.null_settings);
  EXPECT_FALSE(step.ipsec_structure);
  EXPECT_EQ(step.security_flags, 0x80U) << "a number may hold bits without a name";
}

TEST(StepParser, APeerIsAnAddressOrARememberedName) {
  const auto set = parse_one<SetPeerNameStep>(
      "    - WSASetSocketPeerTargetName: {socket: s, peer: \"10.0.0.2:27015\", name: host/a}\n");
  EXPECT_EQ(set.peer, PeerName(kPeer));
  EXPECT_EQ(set.name, "host/a");
  EXPECT_EQ(parse_one<SetPeerNameStep>("    - WSASetSocketPeerTargetName: {socket: s, name: host/a}\n").peer,
            std::nullopt);
  const auto remove =
      parse_one<DeletePeerNameStep>("    - WSADeleteSocketPeerTargetName: {socket: s, peer: somebody}\n");
  EXPECT_EQ(remove.peer, PeerName("somebody"));
}

TEST(StepParser, AQueryExpectsOnlyWhatItNames) {
  const auto plain = parse_one<QueryStep>("    - WSAQuerySocketSecurity: {socket: s}\n");
  EXPECT_EQ(plain.flags, std::nullopt);
  EXPECT_EQ(plain.machine, std::nullopt);
  EXPECT_EQ(plain.negotiation_error, std::nullopt);
  const auto full = parse_one<QueryStep>(
      "    - WSAQuerySocketSecurity: {socket: s, peer: client, flags: [SECURED, ENCRYPTED], machine: host/a, "
      "application: none, "
      "negotiation_error: ERROR_IPSEC_IKE_AUTH_FAIL, within: 1 min}\n");
  EXPECT_EQ(full.peer, PeerName("client"));
  EXPECT_EQ(full.flags, 3U);
  EXPECT_EQ(full.machine, "host/a");
  EXPECT_EQ(full.application, "") << "none: no token";
  EXPECT_EQ(full.negotiation_error, 13801U);
  EXPECT_EQ(full.within, Duration(seconds(60)));
  EXPECT_EQ(parse_one<QueryStep>("    - WSAQuerySocketSecurity: {socket: s, flags: 0}\n").flags, 0U);
}

TEST(StepParser, ImpersonationNamesWhomTheThreadBecomes) {
  const auto step = parse_one<ImpersonateStep>(
      "    - WSAImpersonateSocketPeer: {socket: s, peer: \"10.0.0.2:27015\", account: host/a}\n");
  EXPECT_EQ(step.peer, PeerName(kPeer));
  EXPECT_EQ(step.account, "host/a");
  parse_one<RevertStep>("    - WSARevertImpersonation: {}\n");
}

TEST(StepParser, OptionsAreNamedAsInWinsock) {
  const auto set = parse_one<OptionStep>("    - setsockopt: {socket: s, option: SO_EXCLUSIVEADDRUSE, value: 1}\n");
  EXPECT_EQ(set.name, ~4);
  EXPECT_EQ(set.value, 1U);
  EXPECT_FALSE(set.get);
  const auto get = parse_one<OptionStep>("    - getsockopt: {socket: s, option: SO_RCVTIMEO, expect: 0x1f4}\n");
  EXPECT_EQ(get.name, 0x1006);
  EXPECT_EQ(get.value, 500U);
  EXPECT_TRUE(get.get);
}

TEST(StepParser, StepsOfTheLabAreSleepSignalAndWait) {
  EXPECT_EQ(parse_one<SleepStep>("    - sleep: 2 h\n").span, Duration(std::chrono::hours(2)));
  EXPECT_EQ(parse_one<SignalStep>("    - signal: ready\n").name, "ready");
  EXPECT_EQ(parse_one<WaitStep>("    - wait: ready\n").name, "ready");
}

TEST(StepParser, AStepKnowsItsPlaceItsWordsAndItsOutcome) {
  const Scenario scenario =
      parse(with_steps("    - connect: {socket: s, to: \"10.0.0.2:27015\"}\n      fails: WSAETIMEDOUT\n"));
  const Step& step = scenario.programs.at(0).steps.at(0);
  EXPECT_EQ(to_string(step.position), scenario.path + ":7:7");
  EXPECT_EQ(step.text, "connect s 10.0.0.2:27015");
  EXPECT_TRUE(step.outcome.fails);
  EXPECT_EQ(step.outcome.error, 10060U);
}

}  // namespace
}  // namespace ssx::lab
