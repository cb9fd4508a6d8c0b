// What all the calls have in common: which sockets they take, where errors go, control codes, closing.
#include <gtest/gtest.h>

#include "support/conformance.h"
#include "two_hosts.h"

namespace ssx::api {
namespace {

struct SocketCall {
  const char* name;
  std::function<int(SOCKET)> call;
};

/// The five functions that take a socket, each with arguments that a fresh datagram socket would be content with.
std::vector<SocketCall> socket_calls() {
  return {
      {"set security", [](SOCKET s) { return secure(s); }},
      {"set name", [](SOCKET s) { return set_name(s, TargetNameBuffer("host/x").for_peer(server_address(AF_INET))); }},
      {"delete name",
       [](SOCKET s) {
         const Address peer = server_address(AF_INET);
         return WSADeleteSocketPeerTargetName(s, peer.get(), 16, nullptr, nullptr);
       }},
      {"query",
       [](SOCKET s) {
         const auto question = template_for(server_address(AF_INET));
         SOCKET_SECURITY_QUERY_INFO info{};
         ULONG length = sizeof info;
         return WSAQuerySocketSecurity(s, &question, sizeof question, &info, &length, nullptr, nullptr);
       }},
      {"impersonate", [](SOCKET s) {
         const Address peer = server_address(AF_INET);
         return WSAImpersonateSocketPeer(s, peer.get(), 16);
       }}};
}

TEST(Common, C026NothingWorksBeforeStartUpExceptRevert) {
  CONFORMANCE("C-026");
  TwoHosts hosts;
  hosts.add_program(
      "p", hosts.client(),
      [] {
        for (const SocketCall& one : socket_calls()) {
          EXPECT_EQ(code_of(one.call(INVALID_SOCKET)), std::uint32_t{WSANOTINITIALISED}) << one.name;
        }
        EXPECT_EQ(WSARevertImpersonation(), 0);
        EXPECT_EQ(socket(AF_INET, SOCK_STREAM, 0), INVALID_SOCKET);
        EXPECT_EQ(WSAGetLastError(), WSANOTINITIALISED);
      },
      false);
  EXPECT_TRUE(hosts.run_programs().finished);
}

TEST(Common, StartUpIsCounted) {
  TwoHosts hosts;
  hosts.add_program(
      "p", hosts.client(),
      [] {
        WSADATA data;
        EXPECT_EQ(WSAStartup(MAKEWORD(2, 2), &data), 0);
        EXPECT_EQ(data.wVersion, MAKEWORD(2, 2));
        EXPECT_EQ(WSAStartup(MAKEWORD(2, 2), &data), 0);
        EXPECT_EQ(WSACleanup(), 0);
        EXPECT_NE(socket(AF_INET, SOCK_STREAM, 0), INVALID_SOCKET);
        EXPECT_EQ(WSACleanup(), 0);
        EXPECT_EQ(code_of(WSACleanup()), std::uint32_t{WSANOTINITIALISED});
      },
      false);
  EXPECT_TRUE(hosts.run_programs().finished);
}

TEST(Common, C027InvalidClosedAndForeignHandlesAreNoSockets) {
  CONFORMANCE("C-027", "C-028", "C-029");
  TwoHosts hosts;
  hosts.run_alone([] {
    const SOCKET closed = datagram_socket();
    EXPECT_EQ(closesocket(closed), 0);
    EXPECT_EQ(code_of(closesocket(closed)), std::uint32_t{WSAENOTSOCK});
    const SOCKET token = current_process()->handles().add(TokenEntry{});
    for (const SocketCall& one : socket_calls()) {
      for (const SOCKET bad : {INVALID_SOCKET, SOCKET{0}, closed, token}) {
        EXPECT_EQ(code_of(one.call(bad)), std::uint32_t{WSAENOTSOCK}) << one.name << " " << bad;
      }
    }
    EXPECT_EQ(code_of(closesocket(token)), std::uint32_t{WSAENOTSOCK});
  });
}

TEST(Common, C028AHandleOfAnotherProcessIsNoSocketHere) {
  CONFORMANCE("C-028");
  TwoHosts hosts;
  SOCKET foreign = INVALID_SOCKET;
  hosts.run([&] { foreign = datagram_socket(); },
            [&] {
              for (const SocketCall& one : socket_calls()) {
                EXPECT_EQ(code_of(one.call(foreign)), std::uint32_t{WSAENOTSOCK}) << one.name;
              }
            });
}

TEST(Common, C037TheErrorSlotIsTheThreads) {
  CONFORMANCE("C-036", "C-037");
  TwoHosts hosts;
  hosts.add_program("one", hosts.client(), [&] {
    WSASetLastError(1234);
    hosts.signal("set");
    hosts.await("failed");
    EXPECT_EQ(WSAGetLastError(), 1234);
    EXPECT_EQ(GetLastError(), 1234U);
  });
  hosts.add_program("other", hosts.client(), [&] {
    hosts.await("set");
    EXPECT_EQ(code_of(secure(INVALID_SOCKET)), std::uint32_t{WSAENOTSOCK});
    hosts.signal("failed");
  });
  EXPECT_TRUE(hosts.run_programs().finished);
}

TEST(Common, C038SuccessLeavesTheLastErrorAlone) {
  CONFORMANCE("C-038", "C-172");
  TwoHosts hosts;
  hosts.run_alone([] {
    for (const SocketCall& one : socket_calls()) {
      if (std::string_view(one.name) == "impersonate") continue;
      const SOCKET socket = datagram_socket();
      SetLastError(4321);
      EXPECT_EQ(one.call(socket), 0) << one.name;
      EXPECT_EQ(GetLastError(), 4321U) << one.name;
    }
    SetLastError(4321);
    EXPECT_EQ(WSARevertImpersonation(), 0);
    EXPECT_EQ(GetLastError(), 4321U);
  });
}

TEST(Common, C040WithoutOverlappedTheCallIsDoneWhenItReturns) {
  CONFORMANCE("C-039", "C-040", "C-046");
  TwoHosts hosts;
  hosts.run_alone([] {
    for (const DWORD flags : {DWORD{0}, DWORD{WSA_FLAG_OVERLAPPED}}) {
      const SOCKET socket = WSASocketW(AF_INET, SOCK_STREAM, IPPROTO_TCP, nullptr, 0, flags);
      ASSERT_NE(socket, INVALID_SOCKET);
      static int completions = 0;
      OVERLAPPED overlapped{};
      const auto routine = [](DWORD, DWORD, LPWSAOVERLAPPED, DWORD) { ++completions; };
      const bool synchronous = flags != 0;
      EXPECT_EQ(code_of(WSASetSocketSecurity(socket, nullptr, 7, &overlapped, routine)), std::uint32_t{WSAEINVAL});
      EXPECT_EQ(WSASetSocketSecurity(socket, nullptr, 0, synchronous ? nullptr : &overlapped,
                                     synchronous ? nullptr : +routine),
                0);
      EXPECT_EQ(code_of(secure(socket)), std::uint32_t{WSAEINVAL});  // it took effect
      EXPECT_EQ(completions, 0);
    }
  });
}

TEST(Common, C049OfConcurrentSetSecurityCallsOneSucceeds) {
  CONFORMANCE("C-049");
  TwoHosts hosts;
  SOCKET shared = INVALID_SOCKET;
  int successes = 0;
  for (const char* name : {"a", "b", "c"}) {
    hosts.add_program(name, hosts.client(), [&] {
      if (shared == INVALID_SOCKET) shared = stream_socket();
      const std::uint32_t code = code_of(secure(shared));
      EXPECT_TRUE(code == 0 || code == WSAEINVAL);
      successes += code == 0 ? 1 : 0;
    });
  }
  EXPECT_TRUE(hosts.run_programs().finished);
  EXPECT_EQ(successes, 1);
}

TEST(Common, ClosingASocketEndsTheCallThatWaitsOnIt) {
  TwoHosts hosts;
  SOCKET shared = INVALID_SOCKET;
  hosts.add_program("waits", hosts.client(), [&] {
    shared = listener(AF_INET);
    hosts.signal("listening");
    EXPECT_EQ(accept(shared, nullptr, nullptr), INVALID_SOCKET);
    EXPECT_EQ(WSAGetLastError(), WSAEINTR);
    EXPECT_EQ(code_of(closesocket(shared)), std::uint32_t{WSAENOTSOCK});
  });
  hosts.add_program("closes", hosts.client(), [&] {
    hosts.await("listening");
    EXPECT_EQ(closesocket(shared), 0);
  });
  EXPECT_TRUE(hosts.run_programs().finished);
  EXPECT_EQ(hosts.client().handles().size(), 0U);
}

TEST(Common, OtherFamiliesAndTypesHaveNoSockets) {
  TwoHosts hosts;
  hosts.run_alone([] {
    EXPECT_EQ(socket(AF_UNIX, SOCK_STREAM, 0), INVALID_SOCKET);
    EXPECT_EQ(WSAGetLastError(), WSAEAFNOSUPPORT);
    EXPECT_EQ(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP), INVALID_SOCKET);
    EXPECT_EQ(WSAGetLastError(), WSAESOCKTNOSUPPORT);
    EXPECT_EQ(socket(AF_INET, SOCK_STREAM, IPPROTO_UDP), INVALID_SOCKET);
    EXPECT_EQ(WSAGetLastError(), WSAEPROTOTYPE);
  });
}

TEST(Common, AddressTextsAreReadAndWritten) {
  for (const auto& [family, text] : {std::pair{AF_INET, "10.0.0.2"}, {AF_INET6, "fd00::2"}}) {
    unsigned char octets[16] = {};
    char back[INET6_ADDRSTRLEN];
    const std::size_t needed = std::strlen(text) + 1;
    EXPECT_EQ(inet_pton(family, text, octets), 1);
    EXPECT_EQ(octets[family == AF_INET ? 3 : 15], 2);
    EXPECT_STREQ(inet_ntop(family, octets, back, needed), text);
    EXPECT_EQ(inet_ntop(family, octets, back, needed - 1), nullptr);
    EXPECT_EQ(GetLastError(), 87U);
    EXPECT_EQ(inet_pton(family == AF_INET ? AF_INET6 : AF_INET, text, octets), 0);
    EXPECT_EQ(inet_pton(family, "10.0.0", octets), 0);
    EXPECT_EQ(inet_pton(family, nullptr, octets), SOCKET_ERROR);
    EXPECT_EQ(GetLastError(), std::uint32_t{WSAEFAULT});
  }
  EXPECT_EQ(inet_pton(AF_UNIX, "10.0.0.2", nullptr), SOCKET_ERROR);
  EXPECT_EQ(GetLastError(), std::uint32_t{WSAEAFNOSUPPORT});
}

// --- control codes
// -------------------------------------------------------------------------------------------------------

int control(SOCKET socket, DWORD code, void* in, DWORD in_size, void* out, DWORD out_size, DWORD* bytes) {
  return WSAIoctl(socket, code, in, in_size, out, out_size, bytes, nullptr, nullptr);
}

TEST(ControlCodes, C246SetSecurityEqualsItsFunction) {
  CONFORMANCE("C-246", "C-247", "C-251");
  TwoHosts hosts;
  hosts.run_alone([] {
    SOCKET_SECURITY_SETTINGS settings{SOCKET_SECURITY_PROTOCOL_DEFAULT, SOCKET_SETTINGS_GUARANTEE_ENCRYPTION};
    DWORD bytes = 99;
    const SOCKET socket = stream_socket();
    EXPECT_EQ(code_of(control(socket, SIO_SET_SECURITY, &settings, 8, nullptr, 0, nullptr)), std::uint32_t{WSAEFAULT});
    EXPECT_EQ(code_of(control(socket, SIO_SET_SECURITY, &settings, 7, nullptr, 0, &bytes)), std::uint32_t{WSAEMSGSIZE});
    EXPECT_EQ(code_of(control(socket, SIO_SET_SECURITY, nullptr, 8, nullptr, 0, &bytes)), std::uint32_t{WSAEINVAL});
    EXPECT_EQ(code_of(control(socket, SIO_SET_SECURITY, &settings, 8, nullptr, 0, &bytes)), 0U);
    EXPECT_EQ(bytes, 0U);
    EXPECT_EQ(code_of(control(stream_socket(), SIO_SET_SECURITY, nullptr, 0, nullptr, 0, &bytes)), 0U);
    EXPECT_EQ(code_of(control(INVALID_SOCKET, SIO_SET_SECURITY, nullptr, 0, nullptr, 0, &bytes)),
              std::uint32_t{WSAENOTSOCK});
  });
}

TEST(ControlCodes, C248NamesEqualTheirFunctions) {
  CONFORMANCE("C-248", "C-251");
  TwoHosts hosts;
  hosts.run_alone([] {
    const SOCKET socket = datagram_socket();
    Address peer = server_address(AF_INET);
    TargetNameBuffer name("host/server");
    DWORD bytes = 99;
    EXPECT_EQ(code_of(control(socket, SIO_SET_PEER_TARGET_NAME, name.get(), name.size(), nullptr, 0, &bytes)),
              std::uint32_t{WSAEINVAL});
    name.for_peer(peer);
    EXPECT_EQ(code_of(control(socket, SIO_SET_PEER_TARGET_NAME, name.get(), name.size(), nullptr, 0, nullptr)),
              std::uint32_t{WSAEFAULT});
    EXPECT_EQ(code_of(control(socket, SIO_SET_PEER_TARGET_NAME, name.get(), name.size(), nullptr, 0, &bytes)), 0U);
    EXPECT_EQ(bytes, 0U);
    bytes = 99;
    auto* address = const_cast<sockaddr*>(peer.get());
    EXPECT_EQ(code_of(control(socket, SIO_DELETE_PEER_TARGET_NAME, address, 15, nullptr, 0, &bytes)),
              std::uint32_t{WSAEMSGSIZE});
    EXPECT_EQ(code_of(control(socket, SIO_DELETE_PEER_TARGET_NAME, nullptr, 16, nullptr, 0, &bytes)),
              std::uint32_t{WSAEFAULT});
    EXPECT_EQ(code_of(control(socket, SIO_DELETE_PEER_TARGET_NAME, address, 16, nullptr, 0, &bytes)), 0U);
    EXPECT_EQ(bytes, 0U);
  });
}

TEST(ControlCodes, C249QueryGivesItsSizeInTheByteCount) {
  CONFORMANCE("C-249", "C-251");
  TwoHosts hosts;
  hosts.run_alone([] {
    const SOCKET socket = datagram_socket();
    auto question = template_for(server_address(AF_INET));
    SOCKET_SECURITY_QUERY_INFO info[2]{};
    DWORD bytes = 99;
    EXPECT_EQ(code_of(control(socket, SIO_QUERY_SECURITY, &question, 144, info, sizeof info, nullptr)),
              std::uint32_t{WSAEFAULT});
    EXPECT_EQ(code_of(control(socket, SIO_QUERY_SECURITY, &question, 144, info, sizeof info, &bytes)), 0U);
    EXPECT_EQ(bytes, 24U);
    EXPECT_EQ(info[0].SecurityProtocol, SOCKET_SECURITY_PROTOCOL_IPSEC);
    EXPECT_EQ(code_of(control(socket, SIO_QUERY_SECURITY, &question, 144, info, 23, &bytes)),
              std::uint32_t{WSAEMSGSIZE});
    EXPECT_EQ(bytes, 24U);
    EXPECT_EQ(code_of(control(socket, SIO_QUERY_SECURITY, &question, 143, info, 48, &bytes)),
              std::uint32_t{WSAEMSGSIZE});
    EXPECT_EQ(bytes, 0U);  // not a size that was asked for
  });
}

TEST(ControlCodes, C252TheAleEndpointHandleNeedsEightOctets) {
  CONFORMANCE("C-252");
  TwoHosts hosts;
  hosts.run_alone([] {
    const SOCKET socket = stream_socket();
    UINT64 id = 0;
    DWORD bytes = 0;
    EXPECT_EQ(code_of(control(socket, SIO_QUERY_WFP_ALE_ENDPOINT_HANDLE, nullptr, 0, &id, 7, &bytes)),
              std::uint32_t{WSAEINVAL});
    EXPECT_EQ(code_of(control(socket, SIO_QUERY_WFP_ALE_ENDPOINT_HANDLE, nullptr, 0, nullptr, 8, &bytes)),
              std::uint32_t{WSAEINVAL});
    EXPECT_EQ(code_of(control(socket, SIO_QUERY_WFP_ALE_ENDPOINT_HANDLE, nullptr, 0, &id, 8, &bytes)), 0U);
    EXPECT_EQ(bytes, 8U);
    EXPECT_NE(id, 0U);
    UINT64 other = 0;
    EXPECT_EQ(control(stream_socket(), SIO_QUERY_WFP_ALE_ENDPOINT_HANDLE, nullptr, 0, &other, 8, &bytes), 0);
    EXPECT_NE(other, id);
  });
}

TEST(ControlCodes, C253RedirectRecordsAreNotSupported) {
  CONFORMANCE("C-253");
  TwoHosts hosts;
  hosts.run_alone([] {
    DWORD bytes = 0;
    for (const DWORD code : {SIO_QUERY_WFP_CONNECTION_REDIRECT_RECORDS, SIO_QUERY_WFP_CONNECTION_REDIRECT_CONTEXT,
                             SIO_SET_WFP_CONNECTION_REDIRECT_RECORDS}) {
      EXPECT_EQ(code_of(control(stream_socket(), code, nullptr, 0, nullptr, 0, &bytes)), std::uint32_t{WSAEOPNOTSUPP});
    }
  });
}

}  // namespace
}  // namespace ssx::api
