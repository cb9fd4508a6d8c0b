// The table of flows: wfp-model.md 4.1.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/ale/flow_table.h"

namespace ssx::ale {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr Instant kNow{100s};

FiveTuple tuple(IpProtocol protocol, std::uint16_t remote_port) {
  return {protocol, {IpAddress::v4(1), 5000}, {IpAddress::v4(2), remote_port}};
}

TEST(FlowTable, FindsFlowsByIdAndTupleAndKeepsTheirDirection) {
  FlowTable table;
  const FlowId out = table.create(tuple(IpProtocol::kUdp, 1), FlowDirection::kOutbound, kNow).id;
  const FlowId in = table.create(tuple(IpProtocol::kUdp, 2), FlowDirection::kInbound, kNow).id;
  EXPECT_NE(out, in);
  EXPECT_EQ(table.find(tuple(IpProtocol::kUdp, 1)), table.find(out));
  EXPECT_EQ(table.find(in)->direction, FlowDirection::kInbound);
  EXPECT_EQ(table.find(tuple(IpProtocol::kTcp, 1)), nullptr);
  table.remove(out);
  EXPECT_EQ(table.find(out), nullptr);
  EXPECT_EQ(table.find(tuple(IpProtocol::kUdp, 1)), nullptr);
  EXPECT_EQ(table.size(), 1U);
  EXPECT_NE(table.create(tuple(IpProtocol::kUdp, 1), FlowDirection::kInbound, kNow).id, out)
      << "ids are not used twice";
}

TEST(FlowTable, AFlowThatIsNotTcpEndsAfter60SecondsWithoutAPacket) {
  FlowTable table;
  table.create(tuple(IpProtocol::kTcp, 1), FlowDirection::kOutbound, kNow);
  EXPECT_EQ(table.next_deadline(), std::nullopt);
  const FlowId used = table.create(tuple(IpProtocol::kUdp, 1), FlowDirection::kOutbound, kNow).id;
  const FlowId unused = table.create(tuple(IpProtocol::kUdp, 2), FlowDirection::kInbound, kNow).id;
  table.find(used)->last_packet = kNow + 30s;
  EXPECT_EQ(table.next_deadline(), kNow + 60s);
  EXPECT_THAT(table.expire(kNow + 59s), IsEmpty());
  EXPECT_THAT(table.expire(kNow + 60s), ElementsAre(unused));
  EXPECT_EQ(table.next_deadline(), kNow + 90s);
  EXPECT_THAT(table.expire(kNow + 500s), ElementsAre(used));
  EXPECT_EQ(table.size(), 1U) << "TCP's stays";
}

TEST(FlowTable, AMachinesDeadlineIsTheTables) {
  FlowTable table;
  table.create(tuple(IpProtocol::kTcp, 1), FlowDirection::kOutbound, kNow).state =
      Negotiating{.clear_allowed = true, .waits_until = kNow + 10s};
  EXPECT_EQ(table.next_deadline(), kNow + 10s);
}

}  // namespace
}  // namespace ssx::ale
