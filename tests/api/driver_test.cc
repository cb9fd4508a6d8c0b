// Virtual time: the same seed gives the same run, programs that cannot go on are reported, sleeping costs no real time.
#include <gtest/gtest.h>

#include "two_hosts.h"

namespace ssx::api {
namespace {

std::vector<std::string> events_of_secured_exchange(std::uint64_t seed, std::vector<OctetVector>* wire = nullptr) {
  TwoHosts hosts({}, {}, seed);
  hosts.run(
      [] {
        const SOCKET accepted = accept(listener(AF_INET, [](SOCKET s) { secure(s); }), nullptr, nullptr);
        EXPECT_EQ(receive_text(accepted), "question");
        EXPECT_EQ(send_text(accepted, "answer"), 6);
      },
      [] {
        const SOCKET socket = stream_socket();
        EXPECT_EQ(secure(socket), 0);
        EXPECT_EQ(connect_to(socket, server_address(AF_INET)), 0);
        EXPECT_EQ(send_text(socket, "question"), 8);
        EXPECT_EQ(receive_text(socket), "answer");
      });
  if (wire != nullptr) *wire = hosts.log().wire;
  return hosts.log().events;
}

TEST(VirtualDriver, OneSeedGivesOneSequenceOfEventsAndOctets) {
  std::vector<OctetVector> first_wire;
  std::vector<OctetVector> second_wire;
  std::vector<OctetVector> other_wire;
  const auto first = events_of_secured_exchange(7, &first_wire);
  EXPECT_GT(first.size(), 50U);
  EXPECT_EQ(first, events_of_secured_exchange(7, &second_wire));
  EXPECT_EQ(first_wire, second_wire);
  events_of_secured_exchange(8, &other_wire);
  EXPECT_NE(first_wire, other_wire);
}

TEST(VirtualDriver, ProgramsThatCannotGoOnAreReportedAndTheirCallsEnd) {
  TwoHosts hosts;
  hosts.add_program("waiter", hosts.client(), [] {
    EXPECT_EQ(accept(listener(AF_INET), nullptr, nullptr), INVALID_SOCKET);
    EXPECT_EQ(WSAGetLastError(), WSAEINTR);
  });
  hosts.add_program("hopeful", hosts.client(),
                    [&] { EXPECT_FALSE(hosts.driver().wait_until([] { return false; }, "a miracle")); });
  hosts.add_program("quick", hosts.client(), [] {});
  const RunOutcome outcome = hosts.run_programs();
  EXPECT_FALSE(outcome.finished);
  EXPECT_EQ(outcome.waiting, (std::vector<std::string>{"waiter waits for accept", "hopeful waits for a miracle"}));
}

TEST(VirtualDriver, TheTimeLimitEndsProgramsThatSleepPastIt) {
  TwoHosts hosts;
  hosts.add_program("sleeper", hosts.client(), [&] { hosts.sleep(61min); });
  const RunOutcome outcome = hosts.run_programs(60min);
  EXPECT_FALSE(outcome.finished);
  EXPECT_EQ(outcome.waiting, (std::vector<std::string>{"sleeper waits for the clock"}));
}

TEST(VirtualDriver, SleepersWakeInTheOrderOfTheirTimes) {
  TwoHosts hosts;
  std::vector<std::string> order;
  for (const auto& [name, span] :
       {std::pair{"late", Duration(30s)}, {"early", Duration(10s)}, {"middle", Duration(20s)}}) {
    hosts.add_program(name, hosts.client(), [&hosts, &order, who = std::string(name), how_long = span] {
      const Instant begin = hosts.driver().now();
      hosts.sleep(how_long);
      EXPECT_EQ(hosts.driver().now() - begin, how_long);
      order.push_back(who);
    });
  }
  EXPECT_TRUE(hosts.run_programs().finished);
  EXPECT_EQ(order, (std::vector<std::string>{"early", "middle", "late"}));
}

TEST(VirtualDriver, AReceiveTimeoutEndsTheCallAtItsTime) {
  TwoHosts hosts;
  hosts.run_alone([&] {
    const SOCKET socket = datagram_socket();
    const Address here = any_address(AF_INET);
    EXPECT_EQ(bind(socket, here.get(), here.size()), 0);
    const DWORD milliseconds = 2500;
    EXPECT_EQ(
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, reinterpret_cast<const char*>(&milliseconds), sizeof milliseconds),
        0);
    const Instant begin = hosts.driver().now();
    EXPECT_EQ(receive_text(socket), "error 10060");
    EXPECT_EQ(hosts.driver().now() - begin, Duration(std::chrono::milliseconds(2500)));
  });
}

TEST(VirtualDriver, OfTwoProgramsThatCloseOneSocketOneSucceeds) {
  TwoHosts hosts;
  SOCKET shared = INVALID_SOCKET;
  std::vector<std::uint32_t> codes;
  for (const char* name : {"a", "b"}) {
    hosts.add_program(name, hosts.client(), [&] {
      if (shared == INVALID_SOCKET) shared = stream_socket();
      codes.push_back(code_of(closesocket(shared)));
    });
  }
  EXPECT_TRUE(hosts.run_programs().finished);
  EXPECT_EQ(codes, (std::vector<std::uint32_t>{0, WSAENOTSOCK}));
}

}  // namespace
}  // namespace ssx::api
