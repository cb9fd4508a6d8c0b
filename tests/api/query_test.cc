// WSAQuerySocketSecurity: sizes, templates, states and what it reports.
#include <gtest/gtest.h>

#include "support/conformance.h"
#include "two_hosts.h"

namespace ssx::api {
namespace {

constexpr std::uint32_t kSecured = SOCKET_INFO_CONNECTION_SECURED;
constexpr std::uint32_t kEncrypted = SOCKET_INFO_CONNECTION_SECURED | SOCKET_INFO_CONNECTION_ENCRYPTED;

void secured(SOCKET socket) { EXPECT_EQ(code_of(secure(socket)), 0U); }

/// Both ends of one connection, while both sockets are open: `prepare` before bind and connect, `check` on each end.
void with_connection(TwoHosts& hosts, const std::function<void(SOCKET)>& prepare,
                     const std::function<void(SOCKET)>& check_server, const std::function<void(SOCKET)>& check_client) {
  hosts.run(
      [&] {
        const SOCKET accepted = accept(listener(AF_INET, prepare), nullptr, nullptr);
        ASSERT_NE(accepted, INVALID_SOCKET);
        check_server(accepted);
        hosts.await("client done");
        EXPECT_EQ(closesocket(accepted), 0);
      },
      [&] {
        const SOCKET socket = stream_socket();
        if (prepare) prepare(socket);
        EXPECT_EQ(code_of(connect_to(socket, server_address(AF_INET))), 0U);
        check_client(socket);
        hosts.signal("client done");
        EXPECT_EQ(receive_text(socket), "");
      });
}

/// A query with every argument as given; the structure-typed pointers hide which template it is.
std::uint32_t raw_query(SOCKET socket, const void* question, ULONG question_length, void* info, ULONG* length) {
  return code_of(WSAQuerySocketSecurity(socket, static_cast<const SOCKET_SECURITY_QUERY_TEMPLATE*>(question),
                                        question_length, static_cast<SOCKET_SECURITY_QUERY_INFO*>(info), length,
                                        nullptr, nullptr));
}

SOCKET_SECURITY_QUERY_TEMPLATE_IPSEC2 second_template() {
  SOCKET_SECURITY_QUERY_TEMPLATE_IPSEC2 question{};
  question.SecurityProtocol = SOCKET_SECURITY_PROTOCOL_IPSEC2;
  return question;
}

TEST(Query, C136ArgumentsAreCheckedBeforeTheState) {
  CONFORMANCE("C-136", "C-137", "C-138", "C-141", "C-142", "C-143", "C-144", "C-180");
  TwoHosts hosts;
  hosts.run_alone([] {
    const SOCKET socket = stream_socket();  // not connected: what is reported comes before WSAENOTCONN
    const auto plain = plain_template();
    const auto second = second_template();
    unsigned char info[64] = {0xAA, 0xAA};
    struct Case {
      const void* question;
      ULONG question_length;
      void* info;
      ULONG length;
      std::uint32_t code;
      ULONG length_after;
    };
    const Case cases[] = {
        {nullptr, 0, nullptr, 0, WSAEFAULT, 24},     {nullptr, 0, info, 23, WSAEMSGSIZE, 24},
        {nullptr, 8, info, 64, WSAEFAULT, 64},       {&plain, 144, nullptr, 0, WSAEMSGSIZE, 24},
        {&plain, 144, nullptr, 64, WSAEMSGSIZE, 24}, {&plain, 144, info, 23, WSAEMSGSIZE, 24},
        {&plain, 143, info, 64, WSAEMSGSIZE, 64},    {&plain, 0, info, 64, WSAEMSGSIZE, 64},
        {&second, 152, nullptr, 0, WSAEMSGSIZE, 64}, {&second, 152, info, 24, WSAEMSGSIZE, 64},
        {&second, 152, info, 63, WSAEMSGSIZE, 64},   {&second, 151, info, 64, WSAEMSGSIZE, 64},
        {&second, 144, info, 64, WSAEMSGSIZE, 64},   {&plain, 144, info, 24, WSAENOTCONN, 24},
        {&second, 152, info, 64, WSAENOTCONN, 64},
    };
    for (const Case& one : cases) {
      ULONG length = one.length;
      EXPECT_EQ(raw_query(socket, one.question, one.question_length, one.info, &length), one.code)
          << one.question_length << " " << one.length;
      EXPECT_EQ(length, one.length_after) << one.question_length << " " << one.length;
    }
    EXPECT_EQ(info[0], 0xAA);
    EXPECT_EQ(raw_query(socket, &plain, 144, info, nullptr), std::uint32_t{WSAEFAULT});
    EXPECT_EQ(raw_query(datagram_socket(), &plain, 144, info, nullptr), std::uint32_t{WSAEFAULT});
    for (const std::int32_t protocol : {3, 4, 0x7FFFFFFF, -1}) {
      SOCKET_SECURITY_QUERY_TEMPLATE question{};
      std::memcpy(&question, &protocol, sizeof protocol);
      ULONG length = 64;
      EXPECT_EQ(raw_query(socket, &question, 144, info, &length), std::uint32_t{WSAEINVAL}) << protocol;
    }
  });
}

TEST(Query, C139DatagramSocketsNeedATemplateWithAPeer) {
  CONFORMANCE("C-139", "C-140", "C-170", "C-171", "C-172");
  TwoHosts hosts;
  hosts.run_alone([] {
    for (const bool connected : {false, true}) {
      const SOCKET socket = datagram_socket();
      EXPECT_EQ(connected ? connect_to(socket, server_address(AF_INET)) : 0, 0);
      unsigned char info[64];
      ULONG length = 0;
      auto question = template_for(server_address(AF_INET));
      EXPECT_EQ(raw_query(socket, &question, 144, nullptr, &length), std::uint32_t{WSAEMSGSIZE});
      EXPECT_EQ(length, 24U);
      length = 64;
      EXPECT_EQ(raw_query(socket, nullptr, 0, info, &length), std::uint32_t{WSAEMSGSIZE});
      EXPECT_EQ(raw_query(socket, nullptr, 144, info, &length), std::uint32_t{WSAEMSGSIZE});
      EXPECT_EQ(raw_query(socket, &question, 143, info, &length), std::uint32_t{WSAEMSGSIZE});
      const auto none = plain_template();
      EXPECT_EQ(raw_query(socket, &none, 144, info, &length), std::uint32_t{WSAEAFNOSUPPORT});
      const auto other_family = template_for(server_address(AF_INET6));
      EXPECT_EQ(raw_query(socket, &other_family, 144, info, &length), std::uint32_t{WSAEAFNOSUPPORT});
      const auto nobody = template_for(any_address(AF_INET, 0));
      EXPECT_EQ(raw_query(socket, &nobody, 144, info, &length), std::uint32_t{WSAEINVAL});
      EXPECT_EQ(query(socket, question).Flags, 0U);
    }
  });
}

TEST(Query, C137TheKnobChoosesTheSizeError) {
  CONFORMANCE("C-137", "C-138");
  for (const auto& [value, with_template, without] : {std::tuple{"auto", WSAEMSGSIZE, WSAEFAULT},
                                                      {"efault", WSAEFAULT, WSAEFAULT},
                                                      {"emsgsize", WSAEMSGSIZE, WSAEMSGSIZE}}) {
    HostSetup setup;
    ASSERT_TRUE(setup.behaviour.set("query_size_error", value));
    TwoHosts hosts(setup);
    hosts.run_alone([&, first = with_template, second = without] {
      const SOCKET socket = stream_socket();
      const auto question = plain_template();
      ULONG length = 0;
      EXPECT_EQ(raw_query(socket, &question, 144, nullptr, &length), static_cast<std::uint32_t>(first));
      EXPECT_EQ(raw_query(socket, nullptr, 0, nullptr, &length), static_cast<std::uint32_t>(second));
    });
  }
}

TEST(Query, C175WithoutAConnectionThereIsNothingToReport) {
  CONFORMANCE("C-175", "C-187");
  TwoHosts hosts;
  hosts.run_alone([] {
    const SOCKET fresh = stream_socket();
    const SOCKET bound = stream_socket();
    const Address here = any_address(AF_INET, 0);
    EXPECT_EQ(bind(bound, here.get(), here.size()), 0);
    const SOCKET failed = stream_socket();
    EXPECT_EQ(code_of(connect_to(failed, server_address(AF_INET))), std::uint32_t{WSAECONNREFUSED});
    for (const SOCKET socket : {fresh, bound, listener(AF_INET), failed}) {
      EXPECT_EQ(query_code(socket), std::uint32_t{WSAENOTCONN});
      EXPECT_EQ(code_of(WSAImpersonateSocketPeer(socket, nullptr, 0)), std::uint32_t{WSAENOTCONN});
    }
  });
}

TEST(Query, C161DefaultSettingsOnBothEndsGiveIntegrityOnly) {
  CONFORMANCE("C-157", "C-161", "C-163", "C-178", "C-206");
  TwoHosts hosts;
  const auto check = [](SOCKET socket) {
    for (int i = 0; i < 3; ++i) {
      const auto info = query(socket);
      EXPECT_EQ(info.Flags, kSecured);
      EXPECT_EQ(info.SecurityProtocol, SOCKET_SECURITY_PROTOCOL_IPSEC);
      EXPECT_EQ(query2(socket).SecurityProtocol, SOCKET_SECURITY_PROTOCOL_IPSEC2);
    }
  };
  with_connection(hosts, secured, check, check);
}

TEST(Query, C160AGuaranteeOnEitherEndEncryptsBoth) {
  CONFORMANCE("C-159", "C-160");
  for (const auto& [server_flags, client_flags] : {std::pair{1U, 0U}, {0U, 1U}, {1U, 1U}, {3U, 3U}}) {
    TwoHosts hosts;
    hosts.run(
        [flags = server_flags] {
          const SOCKET accepted = accept(listener(AF_INET, [&](SOCKET s) { secure(s, flags); }), nullptr, nullptr);
          EXPECT_EQ(query(accepted).Flags, kEncrypted);
          EXPECT_EQ(receive_text(accepted), "");
        },
        [flags = client_flags] {
          const SOCKET socket = stream_socket();
          EXPECT_EQ(secure(socket, flags), 0);
          EXPECT_EQ(code_of(connect_to(socket, server_address(AF_INET))), 0U);
          EXPECT_EQ(query(socket).Flags, kEncrypted);
          closesocket(socket);
        });
  }
}

TEST(Query, C158AClearConnectionHasNoFlagsAndNoIdentity) {
  CONFORMANCE("C-149", "C-158", "C-186");
  TwoHosts hosts;
  const auto check = [](SOCKET socket) {
    const auto info = query(socket, plain_template(TOKEN_QUERY));
    EXPECT_EQ(info.Flags, 0U);
    EXPECT_EQ(info.PeerApplicationAccessTokenHandle, 0U);
    EXPECT_EQ(info.PeerMachineAccessTokenHandle, 0U);
    EXPECT_EQ(code_of(WSAImpersonateSocketPeer(socket, nullptr, 0)), std::uint32_t{WSAEACCES});
    EXPECT_EQ(impersonated_account(), "none");
  };
  with_connection(hosts, {}, check, check);
}

TEST(Query, C147NullAndZeroTemplatesGiveFlagsOnly) {
  CONFORMANCE("C-147", "C-148", "C-163");
  TwoHosts hosts;
  const auto check = [](SOCKET socket) {
    const SOCKET_SECURITY_QUERY_TEMPLATE zero{};
    for (const bool null : {true, false}) {
      SOCKET_SECURITY_QUERY_INFO info;
      std::memset(&info, 0xAA, sizeof info);
      ULONG length = sizeof info;
      EXPECT_EQ(raw_query(socket, null ? nullptr : &zero, null ? 0 : 144, &info, &length), 0U);
      EXPECT_EQ(info.Flags, kSecured);
      EXPECT_EQ(info.SecurityProtocol, SOCKET_SECURITY_PROTOCOL_DEFAULT);
      EXPECT_EQ(info.PeerApplicationAccessTokenHandle, 0U);
      EXPECT_EQ(info.PeerMachineAccessTokenHandle, 0U);
    }
  };
  with_connection(hosts, secured, check, check);
}

TEST(Query, C145SizesAndTwoStepUse) {
  CONFORMANCE("C-145", "C-146", "C-155", "C-169");
  TwoHosts hosts;
  const auto check = [](SOCKET socket) {
    ULONG length = 0;
    EXPECT_EQ(raw_query(socket, nullptr, 0, nullptr, &length), std::uint32_t{WSAEFAULT});
    EXPECT_EQ(length, 24U);
    std::vector<unsigned char> room(length);
    EXPECT_EQ(raw_query(socket, nullptr, 0, room.data(), &length), 0U);
    // A larger buffer: what is behind the answer stays.
    unsigned char larger[100];
    std::memset(larger, 0xAA, sizeof larger);
    auto question = plain_template();
    std::memset(&question.PeerAddress, 0x5A, sizeof question.PeerAddress);  // a stream ignores it
    length = sizeof larger;
    EXPECT_EQ(raw_query(socket, &question, 144, larger, &length), 0U);
    EXPECT_EQ(length, 24U);
    for (std::size_t i = 24; i < sizeof larger; ++i) EXPECT_EQ(larger[i], 0xAA) << i;
    const auto second = second_template();
    std::memset(larger, 0xAA, sizeof larger);
    length = sizeof larger;
    EXPECT_EQ(raw_query(socket, &second, 152, larger, &length), 0U);
    EXPECT_EQ(length, 64U);
    for (std::size_t i = 64; i < sizeof larger; ++i) EXPECT_EQ(larger[i], 0xAA) << i;
    // Asking for the size opens nothing.
    const std::size_t open = current_process()->handles().size();
    const auto with_tokens = plain_template(TOKEN_QUERY);
    length = 0;
    EXPECT_EQ(raw_query(socket, &with_tokens, 144, nullptr, &length), std::uint32_t{WSAEMSGSIZE});
    EXPECT_EQ(current_process()->handles().size(), open);
  };
  with_connection(hosts, secured, check, check);
}

TEST(Query, C165IdentifiersAreGivenOnlyWhenAskedFor) {
  CONFORMANCE("C-165", "C-168");
  TwoHosts hosts;
  UINT64 seen_by_server = 0;
  const auto both = SOCKET_QUERY_IPSEC2_FIELD_MASK_MM_SA_ID | SOCKET_QUERY_IPSEC2_FIELD_MASK_QM_SA_ID;
  with_connection(
      hosts, secured, [&](SOCKET socket) { seen_by_server = query2(socket, both).QmSaId; },
      [&](SOCKET socket) {
        const auto without = query2(socket, 0);
        EXPECT_EQ(without.MmSaId, 0U);
        EXPECT_EQ(without.QmSaId, 0U);
        const auto main_only = query2(socket, SOCKET_QUERY_IPSEC2_FIELD_MASK_MM_SA_ID);
        EXPECT_NE(main_only.MmSaId, 0U);
        EXPECT_EQ(main_only.QmSaId, 0U);
        const auto with = query2(socket, both);
        EXPECT_NE(with.QmSaId, 0U);
        EXPECT_EQ(with.NegotiationWinerr, 0U);
        hosts.sleep(1s);
        EXPECT_EQ(with.QmSaId, seen_by_server);
      });
}

TEST(Query, C150TheMachineTokenNamesThePeersComputer) {
  CONFORMANCE("C-149", "C-150", "C-152", "C-153", "C-154", "C-162");
  TwoHosts hosts;
  const auto check = [](const std::string& peer, SOCKET socket) {
    EXPECT_EQ(query(socket, plain_template(0)).PeerMachineAccessTokenHandle, 0U);
    const auto first = query(socket, plain_template(TOKEN_QUERY));
    const auto second = query(socket, plain_template(TOKEN_QUERY));
    EXPECT_EQ(account_of(first.PeerMachineAccessTokenHandle), peer);
    EXPECT_EQ(first.PeerApplicationAccessTokenHandle, 0U);
    EXPECT_EQ(first.Flags & SOCKET_INFO_CONNECTION_IMPERSONATED, 0U);
    EXPECT_NE(first.PeerMachineAccessTokenHandle, second.PeerMachineAccessTokenHandle);
    EXPECT_EQ(CloseHandle(reinterpret_cast<HANDLE>(first.PeerMachineAccessTokenHandle)), TRUE);
    EXPECT_EQ(CloseHandle(reinterpret_cast<HANDLE>(first.PeerMachineAccessTokenHandle)), FALSE);
    EXPECT_EQ(GetLastError(), 6U);
    EXPECT_EQ(account_of(first.PeerMachineAccessTokenHandle), "none");
    EXPECT_EQ(account_of(second.PeerMachineAccessTokenHandle), peer);
    return second.PeerMachineAccessTokenHandle;
  };
  UINT64 kept = 0;
  with_connection(
      hosts, secured, [&](SOCKET s) { kept = check("CLIENT$", s); }, [&](SOCKET s) { check("SERVER$", s); });
  const auto after_close = hosts.server().handles().find_as<TokenEntry>(kept);
  ASSERT_TRUE(after_close);
  EXPECT_EQ(after_close->token->principal.account, "CLIENT$");
}

TEST(Query, C176AResetConnectionSaysSo) {
  CONFORMANCE("C-176");
  TwoHosts hosts;
  hosts.run(
      [&] {
        const SOCKET listening = listener(AF_INET);
        hosts.await("connected");
        EXPECT_EQ(closesocket(listening), 0);  // what was not accepted is reset
      },
      [&] {
        const SOCKET socket = stream_socket();
        EXPECT_EQ(connect_to(socket, server_address(AF_INET)), 0);
        hosts.signal("connected");
        EXPECT_EQ(receive_text(socket), "error 10054");
        EXPECT_EQ(query_code(socket), std::uint32_t{WSAECONNRESET});
        EXPECT_EQ(code_of(WSAImpersonateSocketPeer(socket, nullptr, 0)), std::uint32_t{WSAECONNRESET});
        EXPECT_EQ(code_of(secure(socket)), std::uint32_t{WSAEISCONN});
      });
}

TEST(Query, C173ADatagramPeerIsReportedAlone) {
  CONFORMANCE("C-173", "C-174", "C-191");
  for (const int family : {AF_INET, AF_INET6}) {
    TwoHosts hosts;
    hosts.run(
        [&] {
          const SOCKET socket = datagram_socket(family);
          EXPECT_EQ(secure(socket), 0);
          const Address here = any_address(family);
          EXPECT_EQ(bind(socket, here.get(), here.size()), 0);
          char buffer[16];
          SOCKADDR_STORAGE from{};
          int length = sizeof from;
          EXPECT_EQ(recvfrom(socket, buffer, sizeof buffer, 0, reinterpret_cast<sockaddr*>(&from), &length), 5);
          auto question = plain_template(0);
          question.PeerAddress = from;
          EXPECT_EQ(query(socket, question).Flags, kSecured);
          EXPECT_EQ(
              code_of(WSAImpersonateSocketPeer(socket, reinterpret_cast<sockaddr*>(&from), static_cast<ULONG>(length))),
              0U);
          EXPECT_EQ(impersonated_account(), "CLIENT$");
          EXPECT_EQ(WSARevertImpersonation(), 0);
          hosts.signal("received");
        },
        [&] {
          const SOCKET socket = datagram_socket(family);
          EXPECT_EQ(secure(socket), 0);
          EXPECT_EQ(send_text_to(socket, "hello", server_address(family)), 5);
          hosts.await("received");
          EXPECT_EQ(query(socket, template_for(server_address(family))).Flags, kSecured);
          EXPECT_EQ(query(socket, template_for(server_address(family, 4001))).Flags, 0U);
        });
  }
}

}  // namespace
}  // namespace ssx::api
