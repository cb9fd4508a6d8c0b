// WSASetSocketSecurity: what the settings may say, when the call may come, and what it does to the socket.
#include <gtest/gtest.h>

#include <cstddef>

#include "api/src/security_buffers.h"
#include "support/conformance.h"
#include "two_hosts.h"

namespace ssx::api {
namespace {

constexpr int kFamilies[] = {AF_INET, AF_INET6};

SOCKET_SECURITY_SETTINGS_IPSEC ipsec_settings(SOCKET_SECURITY_PROTOCOL protocol = SOCKET_SECURITY_PROTOCOL_IPSEC) {
  SOCKET_SECURITY_SETTINGS_IPSEC settings{};
  settings.SecurityProtocol = protocol;
  return settings;
}

/// The call on a fresh stream socket with `length` octets of a larger buffer that begins with `settings`.
template <class Settings>
std::uint32_t set_code(const Settings& settings, ULONG length = sizeof(Settings)) {
  alignas(8) unsigned char buffer[512] = {};
  std::memcpy(buffer, &settings, sizeof settings);
  const SOCKET fresh = stream_socket();
  const std::uint32_t code = code_of(
      WSASetSocketSecurity(fresh, reinterpret_cast<SOCKET_SECURITY_SETTINGS*>(buffer), length, nullptr, nullptr));
  EXPECT_EQ(closesocket(fresh), 0);
  return code;
}

std::uint32_t option_of(SOCKET socket, int name) {
  std::uint32_t value = 77;
  int length = sizeof value;
  EXPECT_EQ(getsockopt(socket, SOL_SOCKET, name, reinterpret_cast<char*>(&value), &length), 0);
  return value;
}

int set_option(SOCKET socket, int name, std::uint32_t value) {
  return setsockopt(socket, SOL_SOCKET, name, reinterpret_cast<const char*>(&value), sizeof value);
}

TEST(Settings, C050AFreshSocketOfEitherKindAndFamilyTakesTheDefaults) {
  CONFORMANCE("C-034", "C-035", "C-050", "C-051");
  TwoHosts hosts;
  hosts.run_alone([] {
    for (const int family : kFamilies) {
      for (const int protocol : {0, 1}) {
        EXPECT_EQ(code_of(secure(socket(family, SOCK_STREAM, protocol == 0 ? 0 : IPPROTO_TCP))), 0U);
        EXPECT_EQ(code_of(secure(socket(family, SOCK_DGRAM, protocol == 0 ? 0 : IPPROTO_UDP))), 0U);
      }
    }
  });
}

TEST(Settings, C053TheGenericStructureIsJudgedByItsProtocolFlagsAndLength) {
  CONFORMANCE("C-052", "C-053", "C-054", "C-055", "C-057", "C-058", "C-072", "C-074");
  TwoHosts hosts;
  hosts.run_alone([] {
    struct Case {
      std::int32_t protocol;
      ULONG flags;
      ULONG length;
      std::uint32_t code;
    };
    const Case cases[] = {
        {0, 0, 8, 0},
        {0, SOCKET_SETTINGS_GUARANTEE_ENCRYPTION, 8, 0},
        {0, SOCKET_SETTINGS_ALLOW_INSECURE, 8, 0},
        {0, SOCKET_SETTINGS_GUARANTEE_ENCRYPTION | SOCKET_SETTINGS_ALLOW_INSECURE, 8, 0},
        {0, 0, 0, WSAEMSGSIZE},
        {0, 0, 1, WSAEMSGSIZE},
        {0, 0, 7, WSAEMSGSIZE},
        {0, 0, 9, 0},
        {0, 0, 83, 0},
        {0, 4, 8, WSAEINVAL},
        {0, 0x80000000U, 8, WSAEINVAL},
        {1, 0, 8, WSAEMSGSIZE},
        {2, 0, 8, WSAEMSGSIZE},
        {3, 0, 8, WSAEINVAL},
        {4, 0, 8, WSAEINVAL},
        {0x7FFFFFFF, 0, 8, WSAEINVAL},
        {-1, 0, 8, WSAEINVAL},
        {3, 0, 88, WSAEINVAL},
    };
    for (const Case& one : cases) {
      const std::uint32_t settings[] = {static_cast<std::uint32_t>(one.protocol), one.flags};
      EXPECT_EQ(set_code(settings, one.length), one.code) << one.protocol << " " << one.flags << " " << one.length;
    }
  });
}

TEST(Settings, C056NullWithALengthIsRefused) {
  CONFORMANCE("C-056");
  TwoHosts hosts;
  hosts.run_alone([] {
    for (const ULONG length : {1U, 8U, 88U}) {
      EXPECT_EQ(code_of(WSASetSocketSecurity(stream_socket(), nullptr, length, nullptr, nullptr)),
                std::uint32_t{WSAEINVAL});
    }
  });
}

TEST(Settings, C059TheIpsecStructureNeedsItsWholeSize) {
  CONFORMANCE("C-059", "C-060", "C-061", "C-067");
  TwoHosts hosts;
  hosts.run_alone([] {
    EXPECT_EQ(set_code(ipsec_settings(SOCKET_SECURITY_PROTOCOL_IPSEC)), 0U);
    EXPECT_EQ(set_code(ipsec_settings(SOCKET_SECURITY_PROTOCOL_IPSEC2)), 0U);
    for (const ULONG length : {9U, 83U, 84U, 85U, 86U, 87U}) {
      EXPECT_EQ(set_code(ipsec_settings(), length), std::uint32_t{WSAEMSGSIZE}) << length;
    }
  });
}

TEST(Settings, C062StringLengthsMustFitAndBeEven) {
  CONFORMANCE("C-062", "C-063", "C-064", "C-065");
  TwoHosts hosts;
  hosts.run_alone([] {
    struct Case {
      ULONG user, domain, password, length;
      std::uint32_t code;
    };
    const Case cases[] = {
        {2, 2, 2, 94, 0},
        {2, 2, 2, 90, 0},  // the strings begin at 84, inside the structure's padding
        {2, 2, 2, 89, WSAEMSGSIZE},
        {100, 0, 0, 88, WSAEMSGSIZE},
        {0, 0, 6, 88, WSAEMSGSIZE},
        {1, 0, 0, 100, WSAEINVAL},
        {0, 3, 0, 100, WSAEINVAL},
        {1, 1, 2, 100, WSAEINVAL},
        {0xFFFFFFFE, 2, 0, 100, WSAEMSGSIZE},
        {0xFFFFFFFE, 0xFFFFFFFE, 0xFFFFFFFE, 100, WSAEMSGSIZE},
        {0x80000000, 0x80000000, 0, 100, WSAEMSGSIZE},
    };
    for (const Case& one : cases) {
      SOCKET_SECURITY_SETTINGS_IPSEC settings = ipsec_settings();
      settings.UserNameStringLen = one.user;
      settings.DomainNameStringLen = one.domain;
      settings.PasswordStringLen = one.password;
      EXPECT_EQ(set_code(settings, one.length), one.code)
          << one.user << " " << one.domain << " " << one.password << " " << one.length;
    }
  });
}

TEST(Settings, C063TheStringsAreSplitAsUserDomainPassword) {
  CONFORMANCE("C-063");
  alignas(8) unsigned char buffer[88 + 2 * 9] = {};
  SOCKET_SECURITY_SETTINGS_IPSEC settings = ipsec_settings();
  settings.UserNameStringLen = 10;
  settings.DomainNameStringLen = 2;
  settings.PasswordStringLen = 6;
  std::memcpy(buffer, &settings, sizeof settings);
  const std::string text = "aliceDpwd";
  for (std::size_t i = 0; i < text.size(); ++i)
    buffer[offsetof(SOCKET_SECURITY_SETTINGS_IPSEC, AllStrings) + 2 * i] = static_cast<unsigned char>(text[i]);
  const auto read = read_settings(buffer, sizeof buffer, ale::Behaviour{});
  ASSERT_TRUE(read);
  EXPECT_EQ(read->credentials, (ale::ExplicitCredentials{"alice", "D", "pwd"}));
}

TEST(Settings, C066AnIpsecStructureLabelledDefaultIsRefusedUnlessTheKnobIgnoresIt) {
  CONFORMANCE("C-066");
  TwoHosts strict;
  strict.run_alone([] {
    EXPECT_EQ(set_code(ipsec_settings(SOCKET_SECURITY_PROTOCOL_DEFAULT), 84), std::uint32_t{WSAEINVAL});
    EXPECT_EQ(set_code(ipsec_settings(SOCKET_SECURITY_PROTOCOL_DEFAULT), 88), std::uint32_t{WSAEINVAL});
  });
  HostSetup lenient;
  ASSERT_TRUE(lenient.behaviour.set("ipsec_struct_as_default", "ignore"));
  TwoHosts hosts(lenient);
  hosts.run_alone([] {
    SOCKET_SECURITY_SETTINGS_IPSEC settings = ipsec_settings(SOCKET_SECURITY_PROTOCOL_DEFAULT);
    settings.IpsecFlags = 0x80000000U;  // not read in the 8-byte form
    EXPECT_EQ(set_code(settings), 0U);
  });
}

TEST(Settings, C070IpsecContentsAreChecked) {
  CONFORMANCE("C-070", "C-072", "C-073", "C-075");
  TwoHosts hosts;
  hosts.run_alone([] {
    const auto broken = [](auto change) {
      SOCKET_SECURITY_SETTINGS_IPSEC settings = ipsec_settings();
      change(settings);
      return set_code(settings);
    };
    EXPECT_EQ(broken([](auto& s) { s.IpsecFlags = 0xF; }), 0U);
    EXPECT_EQ(broken([](auto& s) { s.IpsecFlags = 0x10; }), std::uint32_t{WSAEINVAL});
    EXPECT_EQ(broken([](auto& s) { s.SecurityFlags = 0x8; }), std::uint32_t{WSAEINVAL});
    EXPECT_EQ(broken([](auto& s) { s.AuthipMMPolicyKey.Data1 = 1; }), std::uint32_t{WSAEINVAL});
    EXPECT_EQ(broken([](auto& s) { s.AuthipQMPolicyKey.Data4[7] = 1; }), std::uint32_t{WSAEINVAL});
    EXPECT_EQ(broken([](auto& s) { s.Reserved.Data2 = 1; }), std::uint32_t{WSAEINVAL});
    EXPECT_EQ(broken([](auto& s) { s.Reserved2 = std::uint64_t{1} << 63; }), std::uint32_t{WSAEINVAL});
  });
}

TEST(Settings, C074TheKnobRefusesConflictingFlags) {
  CONFORMANCE("C-074");
  HostSetup setup;
  ASSERT_TRUE(setup.behaviour.set("conflicting_flags", "reject"));
  TwoHosts hosts(setup);
  hosts.run_alone([] { EXPECT_EQ(code_of(secure(stream_socket(), 3)), std::uint32_t{WSAEINVAL}); });
}

TEST(Settings, C076TooLateAfterBindListenOrSend) {
  CONFORMANCE("C-036", "C-076", "C-077", "C-078", "C-079", "C-085");
  TwoHosts hosts;
  hosts.run_alone([] {
    for (const int family : kFamilies) {
      for (const std::uint16_t port : {std::uint16_t{0}, std::uint16_t{5000}}) {
        for (const SOCKET bound : {stream_socket(family), datagram_socket(family)}) {
          const Address here = any_address(family, port);
          EXPECT_EQ(bind(bound, here.get(), here.size()), 0);
          EXPECT_EQ(code_of(secure(bound)), std::uint32_t{WSAEINVAL});
          EXPECT_EQ(closesocket(bound), 0);
        }
      }
      const SOCKET listening = listener(family);
      EXPECT_EQ(code_of(secure(listening)), std::uint32_t{WSAEINVAL});
      const SOCKET sent = datagram_socket(family);
      EXPECT_EQ(send_text_to(sent, "x", server_address(family)), 1);
      EXPECT_EQ(code_of(secure(sent)), std::uint32_t{WSAEINVAL});
    }
  });
}

TEST(Settings, C080ConnectedSocketsSayThatTheyAreConnected) {
  CONFORMANCE("C-080", "C-081", "C-082", "C-112", "C-113", "C-114");
  TwoHosts hosts;
  const auto refused = [](SOCKET socket) {
    EXPECT_EQ(code_of(secure(socket)), std::uint32_t{WSAEISCONN});
    EXPECT_EQ(code_of(set_name(socket, TargetNameBuffer("host/x").for_peer(server_address(AF_INET)))),
              std::uint32_t{WSAEISCONN});
  };
  hosts.run(
      [&] {
        const SOCKET accepted = accept(listener(AF_INET), nullptr, nullptr);
        refused(accepted);
        EXPECT_EQ(receive_text(accepted), "");
      },
      [&] {
        const SOCKET connected = stream_socket();
        EXPECT_EQ(connect_to(connected, server_address(AF_INET)), 0);
        refused(connected);
        closesocket(connected);
        const SOCKET datagram = datagram_socket();
        EXPECT_EQ(connect_to(datagram, server_address(AF_INET)), 0);
        refused(datagram);
      });
}

TEST(Settings, C083WhileConnectingAndAfterAFailedConnect) {
  CONFORMANCE("C-083", "C-084");
  TwoHosts hosts;
  hosts.run_alone([&] {
    const SOCKET socket = stream_socket();
    u_long on = 1;
    EXPECT_EQ(ioctlsocket(socket, FIONBIO, &on), 0);
    EXPECT_EQ(code_of(connect_to(socket, server_address(AF_INET))), std::uint32_t{WSAEWOULDBLOCK});
    EXPECT_EQ(code_of(secure(socket)), std::uint32_t{WSAEISCONN});
    EXPECT_EQ(code_of(set_name(socket, TargetNameBuffer("host/x"))), std::uint32_t{WSAEISCONN});
    const SOCKET refused = stream_socket();
    EXPECT_EQ(code_of(connect_to(refused, server_address(AF_INET))), std::uint32_t{WSAECONNREFUSED});
    EXPECT_EQ(code_of(secure(refused)), std::uint32_t{WSAEINVAL});
    EXPECT_EQ(code_of(set_name(refused, TargetNameBuffer("host/x"))), 0U);
  });
}

TEST(Settings, C086OnceOnlyAndAFailedCallDoesNotCount) {
  CONFORMANCE("C-086", "C-087", "C-093", "C-250");
  TwoHosts hosts;
  hosts.run_alone([] {
    for (const bool first_by_ioctl : {false, true}) {
      const SOCKET socket = stream_socket();
      EXPECT_EQ(code_of(secure(socket, 0x100)), std::uint32_t{WSAEINVAL});
      EXPECT_EQ(option_of(socket, SO_EXCLUSIVEADDRUSE), 0U);
      DWORD bytes = 0;
      const auto by_ioctl = [&] {
        return WSAIoctl(socket, SIO_SET_SECURITY, nullptr, 0, nullptr, 0, &bytes, nullptr, nullptr);
      };
      EXPECT_EQ(code_of(first_by_ioctl ? by_ioctl() : secure(socket)), 0U);
      EXPECT_EQ(code_of(secure(socket)), std::uint32_t{WSAEINVAL});
      EXPECT_EQ(code_of(by_ioctl()), std::uint32_t{WSAEINVAL});
    }
  });
}

TEST(Settings, C088ASecuredSocketUsesItsAddressExclusively) {
  CONFORMANCE("C-088", "C-089", "C-091");
  TwoHosts hosts;
  hosts.run_alone([] {
    const SOCKET plain = stream_socket();
    EXPECT_EQ(option_of(plain, SO_EXCLUSIVEADDRUSE), 0U);
    EXPECT_EQ(code_of(secure(plain)), 0U);
    EXPECT_NE(option_of(plain, SO_EXCLUSIVEADDRUSE), 0U);
    EXPECT_EQ(code_of(set_option(plain, SO_REUSEADDR, 1)), std::uint32_t{WSAEINVAL});
    EXPECT_EQ(option_of(plain, SO_REUSEADDR), 0U);
    EXPECT_NE(option_of(plain, SO_EXCLUSIVEADDRUSE), 0U);
    const SOCKET exclusive = stream_socket();
    EXPECT_EQ(set_option(exclusive, SO_EXCLUSIVEADDRUSE, 1), 0);
    EXPECT_EQ(code_of(secure(exclusive)), 0U);
  });
}

TEST(Settings, C090ASharedAddressRefusesSecurityAndStaysAsItWas) {
  CONFORMANCE("C-090", "C-093");
  TwoHosts hosts;
  hosts.run_alone([] {
    const SOCKET shared = stream_socket();
    EXPECT_EQ(set_option(shared, SO_REUSEADDR, 1), 0);
    EXPECT_EQ(code_of(secure(shared)), std::uint32_t{WSAEINVAL});
    EXPECT_EQ(option_of(shared, SO_EXCLUSIVEADDRUSE), 0U);
    EXPECT_EQ(option_of(shared, SO_REUSEADDR), 1U);
    EXPECT_EQ(set_option(shared, SO_REUSEADDR, 0), 0);
    EXPECT_EQ(code_of(secure(shared)), 0U);  // the refused call did not count
  });
}

TEST(Settings, C092BindAndListenWorkAsUsualOnASecuredSocket) {
  CONFORMANCE("C-092");
  TwoHosts hosts;
  hosts.run_alone([] {
    const SOCKET socket = stream_socket();
    EXPECT_EQ(secure(socket), 0);
    EXPECT_EQ(code_of(listen(socket, 1)), std::uint32_t{WSAEINVAL});
    const Address foreign(AF_INET, "10.0.0.9", kPort);
    EXPECT_EQ(code_of(bind(socket, foreign.get(), foreign.size())), std::uint32_t{WSAEADDRNOTAVAIL});
    const Address here = any_address(AF_INET);
    EXPECT_EQ(bind(socket, here.get(), here.size()), 0);
    EXPECT_EQ(code_of(bind(socket, here.get(), here.size())), std::uint32_t{WSAEINVAL});
    EXPECT_EQ(listen(socket, 1), 0);
  });
}

TEST(Settings, C048TheBufferMayChangeAfterTheCall) {
  CONFORMANCE("C-048");
  TwoHosts hosts;
  hosts.run(
      [] { EXPECT_EQ(query(accept(listener(AF_INET, [](SOCKET s) { secure(s); }), nullptr, nullptr)).Flags, 3U); },
      [] {
        SOCKET_SECURITY_SETTINGS settings{SOCKET_SECURITY_PROTOCOL_DEFAULT, SOCKET_SETTINGS_GUARANTEE_ENCRYPTION};
        const SOCKET socket = stream_socket();
        EXPECT_EQ(WSASetSocketSecurity(socket, &settings, sizeof settings, nullptr, nullptr), 0);
        settings.SecurityFlags = SOCKET_SETTINGS_ALLOW_INSECURE;
        EXPECT_EQ(connect_to(socket, server_address(AF_INET)), 0);
        EXPECT_EQ(query(socket).Flags, 3U);
      });
}

}  // namespace
}  // namespace ssx::api
