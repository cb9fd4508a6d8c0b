// Bind conflicts: the whole table of api-contract.md 1.9, with secured sockets as exclusive ones.
#include <gtest/gtest.h>

#include <algorithm>

#include "support/conformance.h"
#include "two_hosts.h"

namespace ssx::api {
namespace {

enum class Kind { kNone, kReuse, kExclusive, kSecured };

SOCKET socket_of(Kind kind, int family, int type) {
  const SOCKET made = socket(family, type, 0);
  const DWORD on = 1;
  const int option = kind == Kind::kReuse ? SO_REUSEADDR : SO_EXCLUSIVEADDRUSE;
  if (kind == Kind::kReuse || kind == Kind::kExclusive) {
    EXPECT_EQ(setsockopt(made, SOL_SOCKET, option, reinterpret_cast<const char*>(&on), sizeof on), 0);
  }
  if (kind == Kind::kSecured) {
    EXPECT_EQ(secure(made), 0);
  }
  return made;
}

int bind_to(SOCKET socket, int family, bool wildcard) {
  const Address address = wildcard ? any_address(family) : client_address(family, kPort);
  return bind(socket, address.get(), address.size());
}

// Rows: first bind; columns: second bind; both none, reuse, exclusive, each wildcard then specific.
constexpr const char* kTable[] = {"UoAoUo", "oUoAUU", "UoooUo", "oUooUU", "UAAAUA", "oUoAUU"};

std::uint32_t table_code(Kind first, bool first_wild, Kind second, bool second_wild) {
  const auto index = [](Kind kind, bool wild) {
    return std::min(static_cast<std::size_t>(kind), std::size_t{2}) * 2 + (wild ? 0 : 1);
  };
  const char outcome = kTable[index(first, first_wild)][index(second, second_wild)];
  return outcome == 'U' ? WSAEADDRINUSE : outcome == 'A' ? WSAEACCES : 0;
}

TEST(BindTable, C254EveryPairOfBindsConflictsAsTheTableSays) {
  CONFORMANCE("C-254", "C-255", "C-256", "C-257", "C-258");
  TwoHosts hosts;
  hosts.run_alone([] {
    constexpr Kind kinds[] = {Kind::kNone, Kind::kReuse, Kind::kExclusive, Kind::kSecured};
    for (const int family : {AF_INET, AF_INET6}) {
      for (const int type : {SOCK_STREAM, SOCK_DGRAM}) {
        for (int pair = 0; pair < 64; ++pair) {
          const Kind first = kinds[pair & 3];
          const Kind second = kinds[(pair >> 2) & 3];
          const bool first_wild = (pair & 16) != 0;
          const bool second_wild = (pair & 32) != 0;
          const SOCKET holder = socket_of(first, family, type);
          EXPECT_EQ(bind_to(holder, family, first_wild), 0);
          const SOCKET comer = socket_of(second, family, type);
          EXPECT_EQ(code_of(bind_to(comer, family, second_wild)), table_code(first, first_wild, second, second_wild))
              << "family " << family << " type " << type << " pair " << pair;
          EXPECT_EQ(closesocket(comer), 0);
          EXPECT_EQ(closesocket(holder), 0);
        }
      }
    }
  });
}

TEST(BindTable, DifferentProtocolsFamiliesAndPortsDoNotConflict) {
  TwoHosts hosts;
  hosts.run_alone([] {
    EXPECT_EQ(bind_to(socket_of(Kind::kSecured, AF_INET, SOCK_STREAM), AF_INET, true), 0);
    EXPECT_EQ(bind_to(socket_of(Kind::kSecured, AF_INET, SOCK_DGRAM), AF_INET, true), 0);
    EXPECT_EQ(bind_to(socket_of(Kind::kSecured, AF_INET6, SOCK_STREAM), AF_INET6, true), 0);
    const Address other = any_address(AF_INET, kPort + 1);
    EXPECT_EQ(bind(socket_of(Kind::kSecured, AF_INET, SOCK_STREAM), other.get(), other.size()), 0);
  });
}

TEST(BindTable, AFailedBindLeavesTheSocketFreeForAnother) {
  TwoHosts hosts;
  hosts.run_alone([] {
    const SOCKET holder = socket_of(Kind::kSecured, AF_INET, SOCK_STREAM);
    EXPECT_EQ(bind_to(holder, AF_INET, true), 0);
    const SOCKET comer = socket_of(Kind::kNone, AF_INET, SOCK_STREAM);
    EXPECT_EQ(code_of(bind_to(comer, AF_INET, true)), std::uint32_t{WSAEADDRINUSE});
    EXPECT_EQ(code_of(secure(comer)), 0U);  // still fresh
    EXPECT_EQ(closesocket(holder), 0);
    EXPECT_EQ(bind_to(comer, AF_INET, true), 0);
  });
}

TEST(BindTable, C207AcceptedSocketsInheritExclusivity) {
  CONFORMANCE("C-207");
  TwoHosts hosts;
  hosts.run(
      [] {
        const SOCKET listening = WSASocketW(AF_INET, SOCK_STREAM, IPPROTO_TCP, nullptr, 0, 0);
        EXPECT_EQ(secure(listening), 0);
        const Address here = any_address(AF_INET);
        EXPECT_EQ(bind(listening, here.get(), here.size()), 0);
        EXPECT_EQ(listen(listening, 1), 0);
        const SOCKET accepted = accept(listening, nullptr, nullptr);
        DWORD value = 0;
        int length = sizeof value;
        EXPECT_EQ(getsockopt(accepted, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, reinterpret_cast<char*>(&value), &length), 0);
        EXPECT_EQ(value, 1U);
        EXPECT_FALSE(current_process()->handles().find_as<SocketEntry>(accepted)->overlapped);
      },
      [] {
        const SOCKET socket = stream_socket();
        EXPECT_EQ(secure(socket), 0);
        EXPECT_EQ(connect_to(socket, server_address(AF_INET)), 0);
      });
}

}  // namespace
}  // namespace ssx::api
