// WSASetSocketPeerTargetName and WSADeleteSocketPeerTargetName: buffers, states, and whom a socket then talks to.
#include <gtest/gtest.h>

#include "support/conformance.h"
#include "two_hosts.h"

namespace ssx::api {
namespace {

/// How connecting with `name` ends, when both ends are secured and the server is server.example.test.
std::uint32_t connect_code(const std::function<void(SOCKET)>& name_it, std::uint32_t flags = 0,
                           std::uint32_t ipsec_flags = 0) {
  TwoHosts hosts;
  std::uint32_t code = 0;
  hosts.add_program("server", hosts.server(), [] {
    const SOCKET accepted = accept(listener(AF_INET, [](SOCKET s) { secure(s); }), nullptr, nullptr);
    if (accepted != INVALID_SOCKET) receive_text(accepted);
  });
  hosts.add_program("client", hosts.client(), [&] {
    const SOCKET socket = stream_socket();
    SOCKET_SECURITY_SETTINGS_IPSEC settings{};
    settings.SecurityProtocol = SOCKET_SECURITY_PROTOCOL_IPSEC;
    settings.SecurityFlags = flags;
    settings.IpsecFlags = ipsec_flags;
    EXPECT_EQ(WSASetSocketSecurity(socket, reinterpret_cast<SOCKET_SECURITY_SETTINGS*>(&settings), sizeof settings,
                                   nullptr, nullptr),
              0);
    name_it(socket);
    code = code_of(connect_to(socket, server_address(AF_INET)));
    if (code == 0) send_text(socket, "plain words");
    closesocket(socket);
  });
  hosts.run_programs();
  EXPECT_FALSE(code != 0 && hosts.log().wire_contains("plain words"));
  return code;
}

std::uint32_t connect_code(const std::string& name, std::uint32_t flags = 0, std::uint32_t ipsec_flags = 0) {
  return connect_code([&](SOCKET socket) { EXPECT_EQ(code_of(set_name(socket, TargetNameBuffer(name))), 0U); }, flags,
                      ipsec_flags);
}

TEST(TargetName, C094TheBufferIsChecked) {
  CONFORMANCE("C-094", "C-095", "C-096", "C-101", "C-102");
  TwoHosts hosts;
  hosts.run_alone([] {
    const SOCKET socket = stream_socket();
    EXPECT_EQ(code_of(WSASetSocketPeerTargetName(socket, nullptr, 0, nullptr, nullptr)), std::uint32_t{WSAEFAULT});
    EXPECT_EQ(code_of(WSASetSocketPeerTargetName(socket, nullptr, 200, nullptr, nullptr)), std::uint32_t{WSAEFAULT});
    TargetNameBuffer name("host/server");
    for (const ULONG length : {0U, 8U, 139U, 140U, 143U, 140U + 21U}) {
      EXPECT_EQ(code_of(WSASetSocketPeerTargetName(socket, name.get(), length, nullptr, nullptr)),
                std::uint32_t{WSAEMSGSIZE})
          << length;
    }
    EXPECT_EQ(code_of(WSASetSocketPeerTargetName(socket, name.get(), 140 + 22, nullptr, nullptr)), 0U);
    for (const auto& [protocol, code] :
         {std::pair<std::int32_t, long>{0, 0L}, {1, 0L}, {2, 0L}, {3, WSAEINVAL}, {-1, WSAEINVAL}}) {
      TargetNameBuffer labelled("host/server");
      std::memcpy(labelled.get(), &protocol, sizeof protocol);
      EXPECT_EQ(code_of(set_name(socket, labelled)), static_cast<std::uint32_t>(code)) << protocol;
    }
    TargetNameBuffer empty("host/server");
    empty.get()->PeerTargetNameStringLen = 0;
    EXPECT_EQ(code_of(set_name(socket, empty)), std::uint32_t{WSAEINVAL});
    TargetNameBuffer huge("host/server");
    huge.get()->PeerTargetNameStringLen = 0xFFFFFFFE;
    EXPECT_EQ(code_of(set_name(socket, huge)), std::uint32_t{WSAEMSGSIZE});
  });
}

TEST(TargetName, C097LengthsInOctetsAndInCharactersAreBothRead) {
  CONFORMANCE("C-097", "C-098", "C-099", "C-119");
  const std::string name = "host/server.example.test";  // 24 characters
  EXPECT_EQ(connect_code(name), 0U);
  for (const std::string& one : {name, std::string("server.example.test")}) {  // 24 and 19
    EXPECT_EQ(connect_code([&](SOCKET s) { EXPECT_EQ(code_of(set_name(s, TargetNameBuffer(one, true))), 0U); }), 0U)
        << one;
  }
  // Only a front of the name being stored would make this match.
  EXPECT_NE(connect_code([](SOCKET s) { EXPECT_EQ(set_name(s, TargetNameBuffer("serverXXXXXX", true)), 0); }), 0U);
}

TEST(TargetName, C100InBytesModeAnOddLengthIsRefused) {
  CONFORMANCE("C-100");
  HostSetup setup;
  ASSERT_TRUE(setup.behaviour.set("peer_name_len", "bytes"));
  TwoHosts hosts(setup);
  hosts.run_alone([] {
    EXPECT_EQ(code_of(set_name(stream_socket(), TargetNameBuffer("server.example.test", true))),
              std::uint32_t{WSAEINVAL});
    EXPECT_EQ(code_of(set_name(stream_socket(), TargetNameBuffer("server.example.test"))), 0U);
  });
}

TEST(TargetName, C103DatagramSocketsNameAPeer) {
  CONFORMANCE("C-103", "C-104", "C-105", "C-106", "C-110", "C-111");
  TwoHosts hosts;
  hosts.run_alone([] {
    const SOCKET socket = datagram_socket();
    EXPECT_EQ(code_of(set_name(socket, TargetNameBuffer("host/x"))), std::uint32_t{WSAEINVAL});
    EXPECT_EQ(code_of(set_name(socket, TargetNameBuffer("host/x").for_peer(any_address(AF_INET, 0)))),
              std::uint32_t{WSAEINVAL});
    EXPECT_EQ(code_of(set_name(socket, TargetNameBuffer("host/x").for_peer(server_address(AF_INET)))), 0U);
    EXPECT_EQ(code_of(set_name(socket, TargetNameBuffer("host/x").for_peer(server_address(AF_INET, 0)))), 0U);
    for (const SOCKET one : {socket, stream_socket()}) {
      EXPECT_EQ(code_of(set_name(one, TargetNameBuffer("host/x").for_peer(server_address(AF_INET6)))),
                std::uint32_t{WSAEAFNOSUPPORT});
      TargetNameBuffer strange("host/x");
      strange.get()->PeerAddress.ss_family = 17;
      EXPECT_EQ(code_of(set_name(one, strange)), std::uint32_t{WSAEAFNOSUPPORT});
    }
  });
}

TEST(TargetName, C115ItMayComeBeforeAfterOrWithoutSecurityAndAfterBind) {
  CONFORMANCE("C-109", "C-115", "C-116", "C-117");
  TwoHosts hosts;
  hosts.run_alone([] {
    const SOCKET before = stream_socket();
    EXPECT_EQ(code_of(set_name(before, TargetNameBuffer("host/x"))), 0U);
    EXPECT_EQ(code_of(secure(before)), 0U);
    EXPECT_EQ(code_of(set_name(before, TargetNameBuffer("host/y"))), 0U);
    EXPECT_EQ(code_of(set_name(stream_socket(), TargetNameBuffer("host/x").for_peer(server_address(AF_INET)))), 0U);
    EXPECT_EQ(code_of(set_name(listener(AF_INET), TargetNameBuffer("host/x"))), 0U);
  });
}

TEST(TargetName, C121FormsOfOneNameAreEquivalent) {
  CONFORMANCE("C-119", "C-121");
  for (const char* name : {"host/server.example.test", "host/server", "server.example.test", "server", "server$",
                           "HOST/SERVER.Example.TEST"}) {
    EXPECT_EQ(connect_code(name), 0U) << name;
  }
}

TEST(TargetName, C120AnotherPrincipalIsRefusedAlsoWithAllowInsecure) {
  CONFORMANCE("C-120");
  EXPECT_EQ(connect_code("host/client.example.test"), std::uint32_t{WSAETIMEDOUT});
  EXPECT_NE(connect_code("host/client.example.test", SOCKET_SETTINGS_ALLOW_INSECURE), 0U);
}

TEST(TargetName, C122RawNamesAreComparedAsTheyAre) {
  CONFORMANCE("C-122");
  EXPECT_EQ(connect_code("host/server.example.test", 0, SOCKET_SETTINGS_IPSEC_PEER_NAME_IS_RAW_FORMAT), 0U);
  EXPECT_NE(connect_code("HOST/server.example.test", 0, SOCKET_SETTINGS_IPSEC_PEER_NAME_IS_RAW_FORMAT), 0U);
}

TEST(TargetName, C118TheLastNameBeforeConnectCounts) {
  CONFORMANCE("C-109", "C-118", "C-132", "C-133");
  const auto names = [](std::vector<const char*> list) {
    return [list](SOCKET socket) {
      // A stream's PeerAddress is not compared with the address it connects to.
      for (const char* name : list)
        EXPECT_EQ(set_name(socket, TargetNameBuffer(name).for_peer(client_address(AF_INET, 1))), 0);
    };
  };
  EXPECT_EQ(connect_code(names({"wrong", "server"})), 0U);
  EXPECT_NE(connect_code(names({"server", "wrong"})), 0U);
  const Address any = any_address(AF_INET, 0);
  const auto forget = [&](SOCKET s) {
    EXPECT_EQ(code_of(WSADeleteSocketPeerTargetName(s, any.get(), 16, nullptr, nullptr)), 0U);
  };
  EXPECT_EQ(connect_code([&](SOCKET s) { names({"wrong"})(s), forget(s); }), 0U);
  EXPECT_NE(connect_code([&](SOCKET s) { names({"server"})(s), forget(s), names({"wrong"})(s); }), 0U);
}

TEST(TargetName, C117AListenersNameChoosesItsPeers) {
  CONFORMANCE("C-117");
  for (const bool right : {true, false}) {
    TwoHosts hosts;
    std::string got = "nothing";
    std::uint32_t code = 0;
    hosts.add_program("server", hosts.server(), [&] {
      const auto prepare = [&](SOCKET s) {
        EXPECT_EQ(secure(s), 0);
        EXPECT_EQ(code_of(set_name(s, TargetNameBuffer(right ? "client" : "other"))), 0U);
      };
      const SOCKET accepted = accept(listener(AF_INET, prepare), nullptr, nullptr);
      if (accepted != INVALID_SOCKET) got = receive_text(accepted);
    });
    hosts.add_program("client", hosts.client(), [&] {
      const SOCKET socket = stream_socket();
      EXPECT_EQ(secure(socket), 0);
      code = code_of(connect_to(socket, server_address(AF_INET)));
      if (code == 0) send_text(socket, "words");
    });
    EXPECT_EQ(hosts.run_programs().finished, right);
    EXPECT_EQ(code == 0, right);
    EXPECT_EQ(got, right ? "words" : "nothing");
  }
}

// --- datagrams, and deleting
// -----------------------------------------------------------------------------------------------

/// What a secured server receives from a secured client that prepares its socket with `name_it`.
std::string datagram_after(const std::function<void(SOCKET)>& name_it) {
  TwoHosts hosts;
  std::string got = "nothing";
  hosts.run(
      [&] {
        const SOCKET socket = datagram_socket();
        EXPECT_EQ(secure(socket), 0);
        const Address here = any_address(AF_INET);
        EXPECT_EQ(bind(socket, here.get(), here.size()), 0);
        const DWORD milliseconds = 120'000;
        EXPECT_EQ(setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, reinterpret_cast<const char*>(&milliseconds),
                             sizeof milliseconds),
                  0);
        got = receive_text(socket);
      },
      [&] {
        const SOCKET socket = datagram_socket();
        EXPECT_EQ(secure(socket), 0);
        name_it(socket);
        EXPECT_EQ(send_text_to(socket, "hello", server_address(AF_INET)), 5);
        hosts.sleep(60s);
      });
  return got;
}

void name_peer(SOCKET socket, const char* name, const Address& peer) {
  EXPECT_EQ(code_of(set_name(socket, TargetNameBuffer(name).for_peer(peer))), 0U);
}

std::uint32_t forget_code(SOCKET socket, const Address& peer) {
  return code_of(WSADeleteSocketPeerTargetName(socket, peer.get(), static_cast<ULONG>(peer.size()), nullptr, nullptr));
}

TEST(TargetName, C124DatagramsGoOnlyToThePrincipalNamedForTheirAddress) {
  CONFORMANCE("C-106", "C-107", "C-108", "C-124");
  const Address peer = server_address(AF_INET);
  const Address every_port = server_address(AF_INET, 0);
  const Address elsewhere(AF_INET, "10.0.0.77", kPort);
  EXPECT_EQ(datagram_after([&](SOCKET s) { name_peer(s, "server", peer); }), "hello");
  EXPECT_EQ(datagram_after([&](SOCKET s) { name_peer(s, "client", peer); }), "error 10060");
  EXPECT_EQ(datagram_after([&](SOCKET s) { name_peer(s, "client", every_port); }), "error 10060");
  EXPECT_EQ(datagram_after([&](SOCKET s) { name_peer(s, "client", every_port), name_peer(s, "server", peer); }),
            "hello");
  EXPECT_EQ(datagram_after([&](SOCKET s) { name_peer(s, "client", peer), name_peer(s, "server", peer); }), "hello");
  EXPECT_EQ(datagram_after([&](SOCKET s) { name_peer(s, "server", peer), name_peer(s, "client", elsewhere); }),
            "hello");
}

TEST(TargetName, C128DeletingANameTakesItsDemandAway) {
  CONFORMANCE("C-128", "C-129", "C-132");
  const Address peer = server_address(AF_INET);
  const Address elsewhere(AF_INET, "10.0.0.77", kPort);
  EXPECT_EQ(datagram_after([&](SOCKET s) { name_peer(s, "client", peer), forget_code(s, peer); }), "hello");
  EXPECT_EQ(datagram_after([&](SOCKET s) { name_peer(s, "client", peer), forget_code(s, elsewhere); }), "error 10060");
  EXPECT_EQ(datagram_after([&](SOCKET s) { forget_code(s, peer), name_peer(s, "client", peer); }), "error 10060");
}

TEST(TargetName, C125DeleteChecksItsAddress) {
  CONFORMANCE("C-125", "C-126", "C-127", "C-130", "C-135");
  TwoHosts hosts;
  hosts.run_alone([] {
    for (const bool connected : {false, true}) {
      const SOCKET socket = datagram_socket();
      EXPECT_EQ(connected ? connect_to(socket, server_address(AF_INET)) : 0, 0);
      const Address v4 = server_address(AF_INET);
      const Address v6 = server_address(AF_INET6);
      const auto code = [&](const sockaddr* address, ULONG length) {
        return code_of(WSADeleteSocketPeerTargetName(socket, address, length, nullptr, nullptr));
      };
      EXPECT_EQ(code(nullptr, 16), std::uint32_t{WSAEFAULT});
      for (const ULONG length : {0U, 1U, 2U, 15U})
        EXPECT_EQ(code(v4.get(), length), std::uint32_t{WSAEMSGSIZE}) << length;
      EXPECT_EQ(code(v6.get(), 27), std::uint32_t{WSAEMSGSIZE});
      EXPECT_EQ(code(v6.get(), 28), std::uint32_t{WSAEAFNOSUPPORT});
      const sockaddr strange{17, {}};
      EXPECT_EQ(code(&strange, 16), std::uint32_t{WSAEAFNOSUPPORT});
      EXPECT_EQ(code(v4.get(), 16), 0U);  // never set
    }
  });
}

TEST(TargetName, C130TheKnobRefusesToDeleteWhatIsNotThere) {
  CONFORMANCE("C-130");
  HostSetup setup;
  ASSERT_TRUE(setup.behaviour.set("delete_missing_name", "einval"));
  TwoHosts hosts(setup);
  hosts.run_alone([] {
    const SOCKET socket = datagram_socket();
    EXPECT_EQ(forget_code(socket, server_address(AF_INET)), std::uint32_t{WSAEINVAL});
    name_peer(socket, "host/x", server_address(AF_INET));
    EXPECT_EQ(forget_code(socket, server_address(AF_INET)), 0U);
    EXPECT_EQ(forget_code(socket, server_address(AF_INET)), std::uint32_t{WSAEINVAL});
  });
}

TEST(TargetName, C131DeletingLeavesTheConnectionAndItsProtectionAlone) {
  CONFORMANCE("C-131", "C-134");
  TwoHosts hosts;
  hosts.run(
      [] {
        const SOCKET accepted = accept(listener(AF_INET, [](SOCKET s) { secure(s); }), nullptr, nullptr);
        EXPECT_EQ(receive_text(accepted), "words");
      },
      [] {
        const SOCKET socket = stream_socket();
        EXPECT_EQ(secure(socket), 0);
        EXPECT_EQ(set_name(socket, TargetNameBuffer("server")), 0);
        EXPECT_EQ(connect_to(socket, server_address(AF_INET)), 0);
        EXPECT_EQ(forget_code(socket, server_address(AF_INET)), 0U);
        EXPECT_EQ(query(socket).Flags, 1U);
        EXPECT_EQ(send_text(socket, "words"), 5);
      });
}

}  // namespace
}  // namespace ssx::api
