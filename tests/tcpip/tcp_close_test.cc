// Closing a connection: RFC 9293 3.6, 3.10.4, 3.10.5.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testbed.h"

namespace ssx::tcpip {
namespace {

using namespace std::chrono_literals;
using namespace testbed;
using ::testing::ElementsAre;

Pair connected(const TcpConfig& config = {}) {
  Pair pair(config, {}, 1);
  pair.open();
  pair.run_until(Instant{1s});
  return pair;
}

TEST(TcpCloseTest, OrderlyCloseWaitsTwoMslOnTheSideThatClosedFirst) {
  Pair pair = connected();
  pair.post(Pair::kA, Shutdown{});
  pair.run_one();
  EXPECT_EQ(to_string(pair.end(Pair::kZ).state()), "CLOSE-WAIT");
  pair.run_one();
  EXPECT_EQ(to_string(pair.end(Pair::kA).state()), "FIN-WAIT-2");
  pair.post(Pair::kZ, Shutdown{});
  EXPECT_EQ(to_string(pair.end(Pair::kZ).state()), "LAST-ACK");
  pair.run_one();
  EXPECT_EQ(to_string(pair.end(Pair::kA).state()), "TIME-WAIT");
  const Instant entered = pair.now();
  EXPECT_EQ(pair.end(Pair::kA).next_deadline(), entered + 240s);
  pair.run_one();
  EXPECT_EQ(to_string(pair.end(Pair::kZ).state()), "CLOSED");
  pair.run_until(Instant{1h});
  EXPECT_THAT(pair.told(Pair::kA), ElementsAre(TcpEffect{Connected{}}, TcpEffect{PeerClosed{}}, TcpEffect{Closed{}}));
  EXPECT_THAT(pair.told(Pair::kZ), ElementsAre(TcpEffect{Connected{}}, TcpEffect{PeerClosed{}}, TcpEffect{Closed{}}));
  EXPECT_EQ(pair.now(), entered + 240s);
}

TEST(TcpCloseTest, HalfCloseLetsThePeerGoOnSending) {
  Pair pair = connected();
  pair.post(Pair::kA, Shutdown{});
  pair.run_until(pair.now() + 1s);
  const OctetVector text = pattern(5'000);
  pair.post(Pair::kZ, Send{text});
  pair.run_until(pair.now() + 1s);
  EXPECT_TRUE(equal(pair.end(Pair::kA).readable(), text));
  EXPECT_THAT(pair.end(Pair::kA).step(Send{text}, pair.now()), ElementsAre(TcpEffect{Queued{0}}));
}

TEST(TcpCloseTest, SimultaneousCloseEndsBothInTimeWait) {
  Pair pair = connected();
  pair.post(Pair::kA, Shutdown{});
  pair.post(Pair::kZ, Shutdown{});
  pair.run_one();
  EXPECT_EQ(to_string(pair.end(Pair::kZ).state()), "CLOSING");
  pair.run_one();
  EXPECT_EQ(to_string(pair.end(Pair::kA).state()), "CLOSING");
  pair.run_one();
  pair.run_one();
  EXPECT_EQ(to_string(pair.end(Pair::kA).state()), "TIME-WAIT");
  EXPECT_EQ(to_string(pair.end(Pair::kZ).state()), "TIME-WAIT");
  pair.run_until(Instant{1h});
  EXPECT_TRUE(pair.told_closed(Pair::kA));
  EXPECT_TRUE(pair.told_closed(Pair::kZ));
}

TEST(TcpCloseTest, FinFollowsQueuedData) {
  TcpConnection a = established({}, 100);
  const OctetVector text = pattern(150);
  a.step(Send{text}, Instant{});
  EXPECT_THAT(a.step(Shutdown{}, Instant{}), ElementsAre());
  const SegmentHeader ack = from_z({.ack = true}, kIsnZ + 1, kIsnA + 101, 100);
  const SendSegment last = only_segment(a.step(arrival(ack), Instant{}));
  EXPECT_EQ(last.header.flags, (SegmentFlags{.ack = true, .fin = true, .psh = true}));
  EXPECT_EQ(last.payload.size(), 50u);
  EXPECT_EQ(a.unacknowledged(), 51u);
}

TEST(TcpCloseTest, RepeatedFinInTimeWaitIsAcknowledgedAndRestartsTheTimer) {
  TcpConnection a = established();
  a.step(Shutdown{}, Instant{});
  const SegmentHeader fin = from_z({.ack = true, .fin = true}, kIsnZ + 1, kIsnA + 2);
  a.step(arrival(fin), Instant{1s});
  ASSERT_EQ(a.next_deadline(), Instant{241s});
  const SendSegment ack = only_segment(a.step(arrival(fin), Instant{10s}));
  EXPECT_EQ(ack.header.flags, SegmentFlags{.ack = true});
  EXPECT_EQ(ack.header.acknowledgment, kIsnZ + 2);
  EXPECT_EQ(a.next_deadline(), Instant{250s});
}

TEST(TcpCloseTest, AbortSendsAResetAndIsOver) {
  TcpConnection a = established();
  const Effects effects = a.step(Abort{}, Instant{});
  EXPECT_EQ(kinds(effects), "SendSegment[AR] Closed");
  EXPECT_EQ(only_segment(effects).header.sequence, kIsnA + 1);
  EXPECT_EQ(a.next_deadline(), std::nullopt);
}

TEST(TcpCloseTest, ExactResetEndsTheConnection) {
  TcpConnection a = established();
  EXPECT_THAT(a.step(arrival(from_z({.rst = true}, kIsnZ + 1, {})), Instant{}),
              ElementsAre(TcpEffect{Reset{}}, TcpEffect{Closed{}}));
}

TEST(TcpCloseTest, CloseWithUnreadDataAborts) {
  TcpConnection a = established();
  a.step(arrival(from_z({.ack = true}, kIsnZ + 1, kIsnA + 1), pattern(10)), Instant{});
  EXPECT_EQ(kinds(a.step(Close{}, Instant{})), "SendSegment[AR] Closed");
}

TEST(TcpCloseTest, DataAfterCloseIsAnsweredWithAReset) {
  TcpConnection a = established();
  EXPECT_EQ(kinds(a.step(Close{}, Instant{})), "SendSegment[AF]");
  const SegmentHeader data = from_z({.ack = true}, kIsnZ + 1, kIsnA + 2);
  EXPECT_EQ(kinds(a.step(arrival(data, pattern(10)), Instant{})), "SendSegment[AR] Closed");
}

TEST(TcpCloseTest, FinWait2EndsByItselfOnlyAfterClose) {
  TcpConnection shut = established();
  shut.step(Shutdown{}, Instant{});
  shut.step(arrival(from_z({.ack = true}, kIsnZ + 1, kIsnA + 2)), Instant{1s});
  ASSERT_EQ(to_string(shut.state()), "FIN-WAIT-2");
  EXPECT_EQ(shut.next_deadline(), std::nullopt);
  shut.step(Close{}, Instant{2s});
  EXPECT_EQ(shut.next_deadline(), Instant{242s});
  EXPECT_THAT(shut.step(TimerFired{}, Instant{242s}), ElementsAre(TcpEffect{Closed{}}));
}

TEST(TcpCloseTest, FinWait2AfterCloseEndsByItself) {
  TcpConnection a = established();
  a.step(Close{}, Instant{});
  a.step(arrival(from_z({.ack = true}, kIsnZ + 1, kIsnA + 2)), Instant{1s});
  ASSERT_EQ(to_string(a.state()), "FIN-WAIT-2");
  EXPECT_EQ(a.next_deadline(), Instant{241s});
}

TEST(TcpCloseTest, TextBehindTheFinIsDropped) {
  TcpConnection a = established();
  a.step(arrival(from_z({.ack = true, .fin = true}, kIsnZ + 1, kIsnA + 1)), Instant{});
  EXPECT_THAT(a.step(arrival(from_z({.ack = true}, kIsnZ + 2, kIsnA + 1), pattern(5)), Instant{}),
              ElementsAre(TcpEffect{Dropped{DropReason::kAfterFin}}));
  EXPECT_TRUE(a.readable().empty());
}

TEST(TcpCloseTest, UnreadOctetsOutliveTheConnection) {
  TcpConnection a = established();
  a.step(arrival(from_z({.ack = true, .fin = true}, kIsnZ + 1, kIsnA + 1), pattern(10)), Instant{});
  a.step(Shutdown{}, Instant{});
  a.step(arrival(from_z({.ack = true}, kIsnZ + 12, kIsnA + 2)), Instant{});
  ASSERT_EQ(to_string(a.state()), "CLOSED");
  EXPECT_TRUE(equal(a.readable(), pattern(10)));
  EXPECT_TRUE(a.peer_closed());
  a.step(Consume{10}, Instant{});
  EXPECT_TRUE(a.readable().empty());
}

}  // namespace
}  // namespace ssx::tcpip
