// WSAImpersonateSocketPeer and WSARevertImpersonation: whose token, on which thread, for how long.
#include <gtest/gtest.h>

#include "support/conformance.h"
#include "two_hosts.h"

namespace ssx::api {
namespace {

void secured(SOCKET socket) { EXPECT_EQ(secure(socket), 0); }

std::uint32_t impersonate(SOCKET socket) { return code_of(WSAImpersonateSocketPeer(socket, nullptr, 0)); }

/// A secured connection; the server checks while it is open, then the client.
void with_connection(
    TwoHosts& hosts, const std::function<void(SOCKET)>& check_server,
    const std::function<void(SOCKET)>& check_client = [](SOCKET) {}) {
  hosts.run(
      [&] {
        const SOCKET accepted = accept(listener(AF_INET, secured), nullptr, nullptr);
        ASSERT_NE(accepted, INVALID_SOCKET);
        check_server(accepted);
        hosts.signal("server done");
        EXPECT_EQ(receive_text(accepted), "");
      },
      [&] {
        const SOCKET socket = stream_socket();
        secured(socket);
        EXPECT_EQ(connect_to(socket, server_address(AF_INET)), 0);
        hosts.await("server done");
        check_client(socket);
        EXPECT_EQ(closesocket(socket), 0);
      });
}

TEST(Impersonation, C181TheThreadBecomesThePeersComputer) {
  CONFORMANCE("C-181", "C-182", "C-185", "C-193", "C-195", "C-200", "C-201", "C-202");
  TwoHosts hosts;
  const auto check = [](const std::string& peer, SOCKET socket) {
    EXPECT_EQ(WSARevertImpersonation(), 0);  // nothing to revert
    EXPECT_EQ(impersonated_account(), "none");
    EXPECT_EQ(impersonate(socket), 0U);
    EXPECT_EQ(impersonated_account(), peer);
    const sockaddr nonsense{999, {1, 2, 3}};
    EXPECT_EQ(code_of(WSAImpersonateSocketPeer(socket, &nonsense, 3)), 0U);
    EXPECT_EQ(impersonated_account(), peer);
    EXPECT_EQ(WSARevertImpersonation(), 0);
    EXPECT_EQ(impersonated_account(), "none");
    EXPECT_EQ(WSARevertImpersonation(), 0);
  };
  with_connection(
      hosts, [&](SOCKET s) { check("CLIENT$", s); }, [&](SOCKET s) { check("SERVER$", s); });
}

TEST(Impersonation, C192OnlyTheCallingThreadImpersonates) {
  CONFORMANCE("C-192");
  TwoHosts hosts;
  hosts.add_program("bystander", hosts.server(), [&] {
    hosts.await("impersonating");
    EXPECT_EQ(impersonated_account(), "none");
    EXPECT_EQ(WSARevertImpersonation(), 0);  // touches no other thread
    hosts.signal("seen");
  });
  with_connection(hosts, [&](SOCKET socket) {
    EXPECT_EQ(impersonate(socket), 0U);
    hosts.signal("impersonating");
    hosts.await("seen");
    EXPECT_EQ(impersonated_account(), "CLIENT$");
  });
}

TEST(Impersonation, C199ItOutlivesTheSocketAndEndsWithRevert) {
  CONFORMANCE("C-199", "C-200");
  TwoHosts hosts;
  hosts.run(
      [] {
        const SOCKET accepted = accept(listener(AF_INET, secured), nullptr, nullptr);
        EXPECT_EQ(impersonate(accepted), 0U);
        EXPECT_EQ(closesocket(accepted), 0);
        EXPECT_EQ(impersonated_account(), "CLIENT$");
        EXPECT_EQ(WSARevertImpersonation(), 0);
        EXPECT_EQ(impersonated_account(), "none");
      },
      [] {
        const SOCKET socket = stream_socket();
        secured(socket);
        EXPECT_EQ(connect_to(socket, server_address(AF_INET)), 0);
        EXPECT_EQ(receive_text(socket), "");
      });
}

TEST(Impersonation, C186AFailureLeavesTheThreadsTokenAlone) {
  CONFORMANCE("C-186", "C-187");
  TwoHosts hosts;
  with_connection(hosts, [&](SOCKET socket) {
    EXPECT_EQ(impersonate(socket), 0U);
    EXPECT_EQ(impersonate(stream_socket()), std::uint32_t{WSAENOTCONN});
    const Address nobody = client_address(AF_INET, 9);
    EXPECT_EQ(code_of(WSAImpersonateSocketPeer(datagram_socket(), nobody.get(), 16)), std::uint32_t{WSAEACCES});
    EXPECT_EQ(impersonate(INVALID_SOCKET), std::uint32_t{WSAENOTSOCK});
    EXPECT_EQ(impersonated_account(), "CLIENT$");
  });
}

TEST(Impersonation, C188DatagramSocketsNeedThePeersAddress) {
  CONFORMANCE("C-188", "C-189", "C-190");
  TwoHosts hosts;
  hosts.run_alone([] {
    const SOCKET socket = datagram_socket();
    const Address v4 = server_address(AF_INET);
    const Address v6 = server_address(AF_INET6);
    EXPECT_EQ(impersonate(socket), std::uint32_t{WSAEFAULT});
    EXPECT_EQ(code_of(WSAImpersonateSocketPeer(socket, v4.get(), 15)), std::uint32_t{WSAEMSGSIZE});
    EXPECT_EQ(code_of(WSAImpersonateSocketPeer(socket, v4.get(), 1)), std::uint32_t{WSAEMSGSIZE});
    EXPECT_EQ(code_of(WSAImpersonateSocketPeer(socket, v6.get(), 28)), std::uint32_t{WSAEAFNOSUPPORT});
    EXPECT_EQ(code_of(WSAImpersonateSocketPeer(socket, v4.get(), 16)), std::uint32_t{WSAEACCES});
  });
}

TEST(Impersonation, C196NonBlockingSocketsAreRefusedAndOverlappedOnesByTheKnob) {
  CONFORMANCE("C-196", "C-197");
  for (const auto& [knob, overlapped, non_blocking] :
       {std::tuple{"nonblocking", 0L, WSAEINVAL}, {"strict", WSAEINVAL, WSAEINVAL}, {"off", 0L, 0L}}) {
    HostSetup server;
    ASSERT_TRUE(server.behaviour.set("impersonate_socket_check", knob));
    TwoHosts hosts({}, server);
    with_connection(hosts, [first = overlapped, second = non_blocking](SOCKET socket) {
      EXPECT_EQ(impersonate(socket), static_cast<std::uint32_t>(first));
      u_long on = 1;
      EXPECT_EQ(ioctlsocket(socket, FIONBIO, &on), 0);
      EXPECT_EQ(impersonate(socket), static_cast<std::uint32_t>(second));
      u_long off = 0;
      EXPECT_EQ(ioctlsocket(socket, FIONBIO, &off), 0);
    });
  }
}

TEST(Impersonation, C194TheSecondPeerReplacesTheFirst) {
  CONFORMANCE("C-193", "C-194");
  TwoHosts hosts;
  // Two hosts have one peer each: the first peer's token is put there as the first call would.
  with_connection(hosts, [](SOCKET socket) {
    identity::AccessToken other;
    other.principal.account = "OTHER$";
    set_thread_token(std::make_shared<const identity::AccessToken>(other));
    EXPECT_EQ(impersonate(socket), 0U);
    EXPECT_EQ(impersonated_account(), "CLIENT$");
    EXPECT_EQ(WSARevertImpersonation(), 0);
    EXPECT_EQ(impersonated_account(), "none");
  });
}

}  // namespace
}  // namespace ssx::api
