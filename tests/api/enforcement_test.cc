// What a program sees of enforcement: whom it can talk to, with which error it cannot, and what is on the wire.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "model/wfp/engine.h"
#include "model/wfp/ipsec_policy.h"
#include "support/conformance.h"
#include "two_hosts.h"

namespace ssx::api {
namespace {

constexpr Guid kPolicyKey{1, 2, 3, {4, 5, 6, 7, 8, 9, 10, 11}};
constexpr std::uint32_t kNotSecured = 0xFFFF;  // a socket on which WSASetSocketSecurity is not called

struct Outcome {
  std::uint32_t connect = 0;
  std::uint32_t client_flags = kNotSecured;
  std::uint32_t server_flags = kNotSecured;
  std::uint32_t negotiation_error = 0;  // of the client, if it could be asked
  Duration took{0};
  std::string received = "nothing";
};

struct Ends {
  std::uint32_t client = 0;  // SecurityFlags, or kNotSecured
  std::uint32_t server = 0;
  std::uint32_t client_ipsec_flags = 0;
};

void prepare(SOCKET socket, std::uint32_t flags, std::uint32_t ipsec_flags = 0, bool with_policy = false) {
  if (flags == kNotSecured) return;
  SOCKET_SECURITY_SETTINGS_IPSEC settings{};
  settings.SecurityProtocol = SOCKET_SECURITY_PROTOCOL_IPSEC;
  settings.SecurityFlags = flags;
  settings.IpsecFlags = ipsec_flags;
  if (with_policy) {
    settings.AuthipQMPolicyKey = GUID{kPolicyKey.data1, kPolicyKey.data2, kPolicyKey.data3, {4, 5, 6, 7, 8, 9, 10, 11}};
  }
  EXPECT_EQ(code_of(WSASetSocketSecurity(socket, reinterpret_cast<SOCKET_SECURITY_SETTINGS*>(&settings),
                                         sizeof settings, nullptr, nullptr)),
            0U);
}

/// One connection on which the client sends "plain words"; a server that gets none waits until the end of the run.
Outcome connect_once(TwoHosts& hosts, const Ends& ends, int family = AF_INET, bool server_policy = false) {
  Outcome outcome;
  hosts.add_program("server", hosts.server(), [&] {
    const SOCKET accepted =
        accept(listener(family, [&](SOCKET s) { prepare(s, ends.server, 0, server_policy); }), nullptr, nullptr);
    if (accepted == INVALID_SOCKET) return;
    outcome.received = receive_text(accepted);
    outcome.server_flags = query(accepted).Flags;
    hosts.signal("received");
    receive_text(accepted);
  });
  hosts.add_program("client", hosts.client(), [&] {
    const SOCKET socket = stream_socket(family);
    prepare(socket, ends.client, ends.client_ipsec_flags);
    const Instant begin = hosts.driver().now();
    outcome.connect = code_of(connect_to(socket, server_address(family)));
    outcome.took = hosts.driver().now() - begin;
    if (outcome.connect != 0) {
      if (outcome.connect == WSAETIMEDOUT && ends.client != kNotSecured)
        outcome.negotiation_error = query2(socket).NegotiationWinerr;
      return;
    }
    EXPECT_EQ(send_text(socket, "plain words"), 11);
    hosts.await("received");
    outcome.client_flags = query(socket).Flags;
    closesocket(socket);
  });
  hosts.run_programs();
  return outcome;
}

TEST(Enforcement, C208ASecuredConnectionIsReadableToNobodyElse) {
  CONFORMANCE("C-208", "C-217", "C-233");
  for (const int family : {AF_INET, AF_INET6}) {
    TwoHosts integrity;
    const Outcome first = connect_once(integrity, {}, family);
    EXPECT_EQ(first.connect, 0U);
    EXPECT_EQ(first.received, "plain words");
    EXPECT_EQ(first.client_flags, 1U);
    EXPECT_EQ(first.server_flags, 1U);
    TwoHosts encrypted;
    const Outcome second = connect_once(encrypted, {SOCKET_SETTINGS_GUARANTEE_ENCRYPTION, 0}, family);
    EXPECT_EQ(second.received, "plain words");
    EXPECT_EQ(second.client_flags, 3U);
    EXPECT_FALSE(encrypted.log().wire_contains("plain words"));
    EXPECT_TRUE(integrity.log().wire_contains("plain words"));  // authenticated, not hidden: the search does find text
  }
}

TEST(Enforcement, C208NoTcpPacketLeavesInTheClear) {
  CONFORMANCE("C-208");
  TwoHosts hosts;
  EXPECT_EQ(connect_once(hosts, {}).connect, 0U);
  std::set<int> protocols;
  for (const OctetVector& datagram : hosts.log().wire) protocols.insert(std::to_integer<int>(datagram[9]));
  EXPECT_EQ(protocols, (std::set<int>{17, 50}));  // keying and ESP
}

TEST(Enforcement, C209ASecuredClientDoesNotReachAPlainServer) {
  CONFORMANCE("C-209");
  TwoHosts hosts({}, {.ipsec = false});
  const Outcome outcome = connect_once(hosts, {0, kNotSecured});
  EXPECT_EQ(outcome.connect, std::uint32_t{WSAETIMEDOUT});
  EXPECT_GE(outcome.took, Duration(21s));
  EXPECT_LE(outcome.took, Duration(31s));
  EXPECT_EQ(outcome.received, "nothing");
  EXPECT_NE(outcome.negotiation_error, 0U);
}

TEST(Enforcement, C209TheKnobChoosesTheError) {
  CONFORMANCE("C-209");
  HostSetup client;
  ASSERT_TRUE(client.behaviour.set("connect_security_failure_error", "WSAEACCES"));
  TwoHosts hosts(client, {.ipsec = false});
  EXPECT_EQ(connect_once(hosts, {0, kNotSecured}).connect, std::uint32_t{WSAEACCES});
}

TEST(Enforcement, C210APlainClientIsNotAcceptedByASecuredServer) {
  CONFORMANCE("C-210");
  for (const bool client_has_ipsec : {false, true}) {
    TwoHosts hosts({.ipsec = client_has_ipsec}, {});
    const Outcome outcome = connect_once(hosts, {kNotSecured, 0});
    EXPECT_EQ(outcome.connect, std::uint32_t{WSAETIMEDOUT});
    EXPECT_EQ(outcome.received, "nothing");
    EXPECT_EQ(outcome.server_flags, kNotSecured);
  }
}

TEST(Enforcement, C211AllowInsecureFallsBackAndIsSecuredWhereItCan) {
  CONFORMANCE("C-211", "C-212", "C-213");
  TwoHosts plain_server({}, {.ipsec = false});
  const Outcome to_plain = connect_once(plain_server, {SOCKET_SETTINGS_ALLOW_INSECURE, kNotSecured});
  EXPECT_EQ(to_plain.connect, 0U);
  EXPECT_EQ(to_plain.client_flags, 0U);
  EXPECT_EQ(to_plain.received, "plain words");
  TwoHosts secure_server;
  const Outcome to_secure = connect_once(secure_server, {SOCKET_SETTINGS_ALLOW_INSECURE, 0});
  EXPECT_EQ(to_secure.connect, 0U);
  EXPECT_EQ(to_secure.client_flags, 1U);
  EXPECT_EQ(to_secure.server_flags, 1U);
  TwoHosts plain_client({.ipsec = false}, {});
  const Outcome from_plain = connect_once(plain_client, {kNotSecured, SOCKET_SETTINGS_ALLOW_INSECURE});
  EXPECT_EQ(from_plain.connect, 0U);
  EXPECT_EQ(from_plain.server_flags, 0U);
  EXPECT_EQ(from_plain.received, "plain words");
}

wfp::ProviderContext quick_mode_context(wfp::QuickModePolicy policy) {
  wfp::ProviderContext context;
  context.key = kPolicyKey;
  context.display.name = "test policy";
  context.type = wfp::ProviderContextType::kAuthipQmTransport;
  context.content = std::make_shared<const wfp::QuickModePolicy>(std::move(policy));
  return context;
}

/// The default policy with only its AH proposal, and each method once: a program's policy may not name one twice.
wfp::QuickModePolicy ah_only() {
  wfp::QuickModePolicy policy = wfp::default_quick_mode_policy();
  policy.extended_mode->methods.pop_back();
  std::erase_if(policy.proposals, [](const wfp::QuickModeProposal& proposal) {
    return proposal.transforms.front().type != wfp::TransformType::kAh;
  });
  return policy;
}

TEST(Enforcement, C215EncryptionThatThePeerCannotDoGivesNoConnection) {
  CONFORMANCE("C-215");
  TwoHosts hosts;
  ASSERT_TRUE(hosts.driver().world().host("server").policy().add(quick_mode_context(ah_only())));
  const Outcome outcome = connect_once(hosts, {SOCKET_SETTINGS_GUARANTEE_ENCRYPTION, 0}, AF_INET, true);
  EXPECT_EQ(outcome.connect, std::uint32_t{WSAETIMEDOUT});
  EXPECT_EQ(outcome.negotiation_error, 13868U);
  EXPECT_EQ(outcome.received, "nothing");
  for (const OctetVector& datagram : hosts.log().wire) EXPECT_EQ(std::to_integer<int>(datagram[9]), 17);
}

TEST(Enforcement, C068AProgramsQuickModePolicyGovernsItsSocket) {
  CONFORMANCE("C-068");
  TwoHosts hosts;
  ASSERT_TRUE(hosts.driver().world().host("server").policy().add(quick_mode_context(ah_only())));
  const Outcome outcome = connect_once(hosts, {}, AF_INET, true);
  EXPECT_EQ(outcome.connect, 0U);
  EXPECT_EQ(outcome.client_flags, 1U);
  const bool has_ah =
      std::ranges::any_of(hosts.log().wire, [](const OctetVector& d) { return std::to_integer<int>(d[9]) == 51; });
  EXPECT_TRUE(has_ah);
}

TEST(Enforcement, C071AKeyOfTheWrongTypeIsRefused) {
  CONFORMANCE("C-071");
  TwoHosts hosts;
  ASSERT_TRUE(hosts.driver().world().host("client").policy().add(quick_mode_context(ah_only())));
  hosts.run_alone([] {
    SOCKET_SECURITY_SETTINGS_IPSEC settings{};
    settings.SecurityProtocol = SOCKET_SECURITY_PROTOCOL_IPSEC;
    settings.AuthipMMPolicyKey = GUID{kPolicyKey.data1, kPolicyKey.data2, kPolicyKey.data3, {4, 5, 6, 7, 8, 9, 10, 11}};
    const auto* generic = reinterpret_cast<SOCKET_SECURITY_SETTINGS*>(&settings);
    const SOCKET socket = stream_socket();
    EXPECT_EQ(code_of(WSASetSocketSecurity(socket, generic, sizeof settings, nullptr, nullptr)),
              std::uint32_t{WSAEINVAL});
    std::swap(settings.AuthipMMPolicyKey, settings.AuthipQMPolicyKey);
    EXPECT_EQ(code_of(WSASetSocketSecurity(socket, generic, sizeof settings, nullptr, nullptr)), 0U);
  });
}

TEST(Enforcement, C151AUserWhoProvesItselfIsTheApplicationIdentity) {
  CONFORMANCE("C-151", "C-162", "C-184", "C-224");
  HostSetup client;
  client.user = "alice";
  TwoHosts hosts(client);
  wfp::QuickModePolicy policy = wfp::default_quick_mode_policy();
  policy.extended_mode =
      wfp::ExtendedModePolicy{{{wfp::AuthMethod::kKerberos, 0, {}}}, wfp::ImpersonationType::kSocketPrincipal};
  for (const char* name : {"client", "server"})
    ASSERT_TRUE(hosts.driver().world().host(name).policy().add(quick_mode_context(policy)));
  hosts.run(
      [] {
        const SOCKET accepted = accept(listener(AF_INET, [](SOCKET s) { prepare(s, 0, 0, true); }), nullptr, nullptr);
        const auto info = query(accepted, plain_template(TOKEN_QUERY));
        EXPECT_EQ(info.Flags, 1U | SOCKET_INFO_CONNECTION_IMPERSONATED);
        EXPECT_EQ(account_of(info.PeerApplicationAccessTokenHandle), "alice");
        EXPECT_EQ(code_of(WSAImpersonateSocketPeer(accepted, nullptr, 0)), 0U);
        EXPECT_EQ(impersonated_account(), "alice");
        EXPECT_EQ(WSARevertImpersonation(), 0);
        EXPECT_EQ(receive_text(accepted), "");
      },
      [] {
        const SOCKET socket = stream_socket();
        prepare(socket, 0, 0, true);
        EXPECT_EQ(code_of(connect_to(socket, server_address(AF_INET))), 0U);
        closesocket(socket);
      });
}

TEST(Enforcement, C222WithoutCredentialsTheDefaultPolicyFails) {
  CONFORMANCE("C-222");
  for (const bool client_has : {false, true}) {
    TwoHosts hosts({.domain_member = client_has}, {.domain_member = !client_has});
    const Outcome outcome = connect_once(hosts, {});
    EXPECT_EQ(outcome.connect, std::uint32_t{WSAETIMEDOUT});
    EXPECT_NE(outcome.negotiation_error, 0U);
    EXPECT_EQ(outcome.received, "nothing");
    EXPECT_FALSE(hosts.log().wire_contains("plain words"));
  }
}

TEST(Enforcement, C227SkippingTheFiltersWithoutAnyPolicyIsRefusedAtOnce) {
  CONFORMANCE("C-227");
  TwoHosts stream;
  const Outcome outcome = connect_once(stream, {0, 0, SOCKET_SETTINGS_IPSEC_SKIP_FILTER_INSTANTIATION});
  EXPECT_EQ(outcome.connect, std::uint32_t{WSAEACCES});
  EXPECT_EQ(outcome.took, Duration{0});
  EXPECT_TRUE(stream.log().wire.empty());
  TwoHosts datagram;
  datagram.run_alone([] {
    const SOCKET socket = datagram_socket();
    prepare(socket, 0, SOCKET_SETTINGS_IPSEC_SKIP_FILTER_INSTANTIATION);
    EXPECT_EQ(code_of(send_text_to(socket, "x", server_address(AF_INET))), std::uint32_t{WSAEACCES});
  });
  EXPECT_TRUE(datagram.log().wire.empty());
  TwoHosts open;
  const Outcome clear = connect_once(
      open, {SOCKET_SETTINGS_ALLOW_INSECURE, kNotSecured, SOCKET_SETTINGS_IPSEC_SKIP_FILTER_INSTANTIATION});
  EXPECT_EQ(clear.connect, 0U);
  EXPECT_EQ(clear.client_flags, 0U);
}

/// What a server socket receives within two minutes when the client socket sends one datagram.
std::string datagram_once(TwoHosts& hosts, std::uint32_t client_flags, std::uint32_t server_flags) {
  std::string received;
  hosts.run(
      [&] {
        const SOCKET socket = datagram_socket();
        prepare(socket, server_flags);
        const Address here = any_address(AF_INET);
        EXPECT_EQ(bind(socket, here.get(), here.size()), 0);
        const DWORD milliseconds = 120'000;
        EXPECT_EQ(setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, reinterpret_cast<const char*>(&milliseconds),
                             sizeof milliseconds),
                  0);
        received = receive_text(socket);
      },
      [&] {
        const SOCKET socket = datagram_socket();
        prepare(socket, client_flags);
        EXPECT_EQ(send_text_to(socket, "plain words", server_address(AF_INET)), 11);
        hosts.sleep(60s);
      });
  return received;
}

TEST(Enforcement, C220DatagramsAreDeliveredOnlyAsBothSocketsDemand) {
  CONFORMANCE("C-220", "C-221");
  TwoHosts both;
  EXPECT_EQ(datagram_once(both, 0, 0), "plain words");
  TwoHosts plain_server({}, {.ipsec = false});
  EXPECT_EQ(datagram_once(plain_server, 0, kNotSecured), "error 10060");
  EXPECT_FALSE(plain_server.log().wire_contains("plain words"));
  TwoHosts plain_client({.ipsec = false}, {});
  EXPECT_EQ(datagram_once(plain_client, kNotSecured, 0), "error 10060");
  EXPECT_TRUE(plain_client.log().wire_contains("plain words"));  // it did arrive, in the clear
}

}  // namespace
}  // namespace ssx::api
