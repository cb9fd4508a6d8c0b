// Every edge of the state machine against tests/tcpip/golden/tcp_states.txt.
// To accept a wanted change, copy the file that the failing test names over the golden one.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "testbed.h"

namespace ssx::tcpip {
namespace {

using namespace std::chrono_literals;
using namespace testbed;

constexpr SequenceIndex kNextZ = kIsnZ + 1;  // the next octet of Z
constexpr Instant kNow{1s};

TcpConnection in_state(std::string_view name) {
  TcpConnection a({}, kPortA, kPortZ);
  if (name == "CLOSED (new)") return a;
  if (name == "SYN-RECEIVED (passive)") {
    a.step(OpenPassive{kIsnA, from_z({.syn = true}, kIsnZ, {})}, kNow);
    return a;
  }
  a.step(OpenActive{kIsnA}, kNow);
  if (name == "SYN-SENT") return a;
  if (name == "SYN-RECEIVED (active)") {
    a.step(arrival(from_z({.syn = true}, kIsnZ, {})), kNow);
    return a;
  }
  a.step(arrival(from_z({.syn = true, .ack = true}, kIsnZ, kIsnA + 1)), kNow);
  if (name == "ESTABLISHED") return a;
  if (name == "CLOSED (used)") {
    a.step(Abort{}, kNow);
    return a;
  }
  const SegmentHeader fin = from_z({.ack = true, .fin = true}, kNextZ, kIsnA + 1);
  if (name == "CLOSE-WAIT" || name == "LAST-ACK") a.step(arrival(fin), kNow);
  if (name == "CLOSE-WAIT") return a;
  a.step(Shutdown{}, kNow);
  if (name == "FIN-WAIT-1" || name == "LAST-ACK") return a;
  if (name == "CLOSING") {
    a.step(arrival(fin), kNow);
    return a;
  }
  a.step(arrival(from_z({.ack = true}, kNextZ, kIsnA + 2)), kNow);
  if (name == "FIN-WAIT-2") return a;
  a.step(arrival(from_z({.ack = true, .fin = true}, kNextZ, kIsnA + 2)), kNow);
  return a;
}

struct Stimulus {
  std::string name;
  TcpEvent event;
  Instant now = kNow;
};

// `a`: acknowledgments are those of a peer that has everything A sent.
std::vector<Stimulus> stimuli(const TcpConnection& a, const OctetVector& text) {
  const bool fin_sent =
      a.unacknowledged() > 0 || to_string(a.state()) == "FIN-WAIT-2" || to_string(a.state()) == "TIME-WAIT";
  const SequenceIndex acknowledges = kIsnA + (fin_sent ? 2U : 1U);
  const SequenceIndex next = a.peer_closed() ? kNextZ + 1 : kNextZ;
  const Instant due = a.next_deadline().value_or(kNow);
  return {
      {"OpenActive", OpenActive{kIsnA}},
      {"OpenPassive", OpenPassive{kIsnA, from_z({.syn = true}, kIsnZ, {})}},
      {"SYN", arrival(from_z({.syn = true}, kIsnZ, {}))},
      {"SYN in window", arrival(from_z({.syn = true}, next + 5, {}))},
      {"SYN-ACK", arrival(from_z({.syn = true, .ack = true}, kIsnZ, acknowledges))},
      {"ACK", arrival(from_z({.ack = true}, next, acknowledges))},
      {"ACK of nothing sent", arrival(from_z({.ack = true}, next, kIsnA + 9'000))},
      {"data", arrival(from_z({.ack = true, .psh = true}, next, acknowledges), text)},
      {"data out of order", arrival(from_z({.ack = true}, next + 5, acknowledges), text)},
      {"data out of window", arrival(from_z({.ack = true}, next + 100'000, acknowledges), text)},
      {"data without ACK", arrival(from_z({}, next, {}), text)},
      {"FIN", arrival(from_z({.ack = true, .fin = true}, next, acknowledges))},
      {"FIN repeated", arrival(from_z({.ack = true, .fin = true}, next - 1, acknowledges))},
      {"data with FIN", arrival(from_z({.ack = true, .fin = true}, next, acknowledges), text)},
      {"RST exact", arrival(from_z({.rst = true}, next, {}))},
      {"RST-ACK exact", arrival(from_z({.ack = true, .rst = true}, next, acknowledges))},
      {"RST in window", arrival(from_z({.rst = true}, next + 5, {}))},
      {"RST out of window", arrival(from_z({.rst = true}, next + 100'000, {}))},
      {"Send", Send{text}},
      {"Consume 0", Consume{0}},
      {"Shutdown", Shutdown{}},
      {"Close", Close{}},
      {"Abort", Abort{}},
      {"PathMtu", PathMtu{1'000}},
      {"TimerFired early", TimerFired{}, kNow},
      {"TimerFired due", TimerFired{}, due},
  };
}

std::string table() {
  const OctetVector text = pattern(10);
  std::ostringstream out;
  out << "# state; event -> next state; effects. Made by tests/tcpip/tcp_golden_test.cc.\n";
  for (const std::string name :
       {"CLOSED (new)", "SYN-SENT", "SYN-RECEIVED (active)", "SYN-RECEIVED (passive)", "ESTABLISHED", "FIN-WAIT-1",
        "FIN-WAIT-2", "CLOSE-WAIT", "CLOSING", "LAST-ACK", "TIME-WAIT", "CLOSED (used)"}) {
    const TcpConnection start = in_state(name);
    EXPECT_EQ(name.substr(0, name.find(' ')), to_string(start.state()));
    for (const Stimulus& stimulus : stimuli(start, text)) {
      TcpConnection a = start;
      const Effects effects = a.step(stimulus.event, stimulus.now);
      EXPECT_TRUE(is_consistent(a)) << name << " " << stimulus.name;
      out << name << "; " << stimulus.name << " -> " << to_string(a.state()) << "; "
          << (effects.empty() ? "nothing" : kinds(effects)) << "\n";
    }
  }
  return out.str();
}

TEST(TcpGoldenTest, EveryEdgeIsTheOneWrittenDown) {
  const std::string actual = table();
  std::ifstream file(std::string(SSX_SOURCE_DIR) + "/tests/tcpip/golden/tcp_states.txt");
  std::stringstream expected;
  expected << file.rdbuf();
  if (actual != expected.str()) {
    const std::string path = std::string(SSX_BINARY_DIR) + "/tcp_states.txt";
    std::ofstream(path) << actual;
    ADD_FAILURE() << "the state machine differs from the golden file; see " << path;
  }
}

}  // namespace
}  // namespace ssx::tcpip
