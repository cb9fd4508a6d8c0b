// Opening a connection: RFC 9293 3.5, 3.10.7.3; the SYN's timer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testbed.h"

namespace ssx::tcpip {
namespace {

using namespace std::chrono_literals;
using namespace testbed;
using ::testing::ElementsAre;

TEST(TcpHandshakeTest, ThreeSegmentsConnectBothEnds) {
  Pair pair({}, {}, 1);
  pair.open();
  pair.run_until(Instant{1s});
  EXPECT_EQ(to_string(pair.end(Pair::kA).state()), "ESTABLISHED");
  EXPECT_EQ(to_string(pair.end(Pair::kZ).state()), "ESTABLISHED");
  EXPECT_THAT(pair.told(Pair::kA), ElementsAre(TcpEffect{Connected{}}));
  EXPECT_THAT(pair.told(Pair::kZ), ElementsAre(TcpEffect{Connected{}}));
  EXPECT_EQ(pair.segments_sent(Pair::kA), 2u);
  EXPECT_EQ(pair.segments_sent(Pair::kZ), 1u);
}

TEST(TcpHandshakeTest, SynCarriesIsnMssAndWindow) {
  TcpConnection a({.maximum_segment_size = 1400}, kPortA, kPortZ);
  const SendSegment syn = only_segment(a.step(OpenActive{kIsnA}, Instant{}));
  EXPECT_EQ(syn.header.flags, SegmentFlags{.syn = true});
  EXPECT_EQ(syn.header.sequence, kIsnA);
  EXPECT_EQ(syn.header.maximum_segment_size, 1400);
  EXPECT_EQ(syn.header.window, 65'535);
  EXPECT_EQ(syn.header.source_port, kPortA);
  EXPECT_EQ(syn.header.destination_port, kPortZ);
}

TEST(TcpHandshakeTest, SynIsRepeatedAfter3And9SecondsAndGivenUpAt21) {
  TcpConnection a({}, kPortA, kPortZ);
  const Instant t0{5s};
  const SendSegment syn = only_segment(a.step(OpenActive{kIsnA}, t0));

  EXPECT_EQ(a.next_deadline(), t0 + 3s);
  EXPECT_THAT(a.step(TimerFired{}, t0 + 3s - 1ns), ElementsAre());  // early
  EXPECT_THAT(a.step(TimerFired{}, t0 + 3s), ElementsAre(TcpEffect{syn}));
  EXPECT_EQ(a.next_deadline(), t0 + 9s);
  EXPECT_THAT(a.step(TimerFired{}, t0 + 9s), ElementsAre(TcpEffect{syn}));
  EXPECT_EQ(a.next_deadline(), t0 + 21s);
  EXPECT_THAT(a.step(TimerFired{}, t0 + 21s), ElementsAre(TcpEffect{TimedOut{}}, TcpEffect{Closed{}}));
  EXPECT_EQ(a.next_deadline(), std::nullopt);
}

TEST(TcpHandshakeTest, SynAckIsRepeatedAndAPassiveFailureTellsOnlyClosed) {
  TcpConnection a({}, kPortA, kPortZ);
  const SendSegment syn_ack = only_segment(a.step(OpenPassive{kIsnA, from_z({.syn = true}, kIsnZ, {})}, Instant{}));
  EXPECT_EQ(syn_ack.header.flags, (SegmentFlags{.syn = true, .ack = true}));
  EXPECT_EQ(syn_ack.header.acknowledgment, kIsnZ + 1);
  EXPECT_THAT(a.step(TimerFired{}, Instant{3s}), ElementsAre(TcpEffect{syn_ack}));
  EXPECT_THAT(a.step(TimerFired{}, Instant{9s}), ElementsAre(TcpEffect{syn_ack}));
  EXPECT_THAT(a.step(TimerFired{}, Instant{21s}), ElementsAre(TcpEffect{Closed{}}));
}

TEST(TcpHandshakeTest, DuplicateSynGetsTheSynAckAgain) {
  TcpConnection a({}, kPortA, kPortZ);
  const SegmentHeader syn = from_z({.syn = true}, kIsnZ, {});
  const SendSegment syn_ack = only_segment(a.step(OpenPassive{kIsnA, syn}, Instant{}));
  EXPECT_THAT(a.step(arrival(syn), Instant{1s}),
              ElementsAre(TcpEffect{syn_ack}, TcpEffect{Dropped{DropReason::kDuplicateSyn}}));
  EXPECT_EQ(to_string(a.state()), "SYN-RECEIVED");
}

TEST(TcpHandshakeTest, SimultaneousOpenConnectsBothEnds) {
  Pair pair({}, {}, 1);
  pair.post(Pair::kA, OpenActive{kIsnA});
  pair.post(Pair::kZ, OpenActive{kIsnZ});
  pair.run_one();
  EXPECT_EQ(to_string(pair.end(Pair::kZ).state()), "SYN-RECEIVED");
  pair.run_until(Instant{1s});
  EXPECT_EQ(to_string(pair.end(Pair::kA).state()), "ESTABLISHED");
  EXPECT_EQ(to_string(pair.end(Pair::kZ).state()), "ESTABLISHED");
  EXPECT_THAT(pair.told(Pair::kA), ElementsAre(TcpEffect{Connected{}}));
  EXPECT_THAT(pair.told(Pair::kZ), ElementsAre(TcpEffect{Connected{}}));
}

TEST(TcpHandshakeTest, ResetThatAcknowledgesTheSynRefuses) {
  TcpConnection a({}, kPortA, kPortZ);
  a.step(OpenActive{kIsnA}, Instant{});
  EXPECT_THAT(a.step(arrival(from_z({.ack = true, .rst = true}, {}, kIsnA + 1)), Instant{}),
              ElementsAre(TcpEffect{Refused{}}, TcpEffect{Closed{}}));
}

TEST(TcpHandshakeTest, ResetThatAcknowledgesSomethingElseIsIgnored) {
  TcpConnection a({}, kPortA, kPortZ);
  a.step(OpenActive{kIsnA}, Instant{});
  EXPECT_THAT(a.step(arrival(from_z({.ack = true, .rst = true}, {}, kIsnA + 2)), Instant{}),
              ElementsAre(TcpEffect{Dropped{DropReason::kBadAcknowledgment}}));
  EXPECT_THAT(a.step(arrival(from_z({.rst = true}, {}, {})), Instant{}),
              ElementsAre(TcpEffect{Dropped{DropReason::kNoAcknowledgment}}));
  EXPECT_EQ(to_string(a.state()), "SYN-SENT");
}

// RFC 9293 3.5.1 figure 9: a peer that still has an old connection answers our SYN with an acknowledgment.
TEST(TcpHandshakeTest, OldAcknowledgmentInSynSentIsAnsweredWithReset) {
  TcpConnection a({}, kPortA, kPortZ);
  a.step(OpenActive{kIsnA}, Instant{});
  const SendSegment reset = only_segment(a.step(arrival(from_z({.ack = true}, {300}, {100})), Instant{}));
  EXPECT_EQ(reset.header.flags, SegmentFlags{.rst = true});
  EXPECT_EQ(reset.header.sequence, SequenceIndex{100});
  EXPECT_EQ(to_string(a.state()), "SYN-SENT");
}

TEST(TcpHandshakeTest, DataQueuedBeforeConnectingFollowsTheHandshake) {
  TcpConnection a({}, kPortA, kPortZ);
  a.step(OpenActive{kIsnA}, Instant{});
  const OctetVector text = pattern(100);
  EXPECT_THAT(a.step(Send{text}, Instant{}), ElementsAre(TcpEffect{Queued{100}}));
  const Effects effects = a.step(arrival(from_z({.syn = true, .ack = true}, kIsnZ, kIsnA + 1)), Instant{});
  const SendSegment data = only_segment(effects);
  EXPECT_EQ(data.payload, text);
  EXPECT_EQ(data.header.acknowledgment, kIsnZ + 1);
}

TEST(TcpHandshakeTest, PeerMssLimitsSegmentsAndIsTakenAsDefaultWhenMissing) {
  TcpConnection a({}, kPortA, kPortZ);
  a.step(OpenActive{kIsnA}, Instant{});
  SegmentHeader syn_ack = from_z({.syn = true, .ack = true}, kIsnZ, kIsnA + 1);
  syn_ack.maximum_segment_size = std::uint16_t{700};
  TcpConnection told = a;
  told.step(arrival(syn_ack), Instant{});
  EXPECT_EQ(told.effective_segment_size(), 700u);
  syn_ack.maximum_segment_size.reset();
  TcpConnection silent = a;
  silent.step(arrival(syn_ack), Instant{});
  EXPECT_EQ(silent.effective_segment_size(), 536u);
  syn_ack.maximum_segment_size = std::uint16_t{0};
  TcpConnection absurd = a;
  absurd.step(arrival(syn_ack), Instant{});
  EXPECT_EQ(absurd.effective_segment_size(), kSegmentSizeMin);
}

TEST(TcpHandshakeTest, AConnectionOpensOnce) {
  TcpConnection a = established();
  EXPECT_THAT(a.step(OpenActive{kIsnA}, Instant{}), ElementsAre());
  a.step(Abort{}, Instant{});
  EXPECT_THAT(a.step(OpenActive{kIsnA}, Instant{}), ElementsAre());
  EXPECT_EQ(to_string(a.state()), "CLOSED");
}

}  // namespace
}  // namespace ssx::tcpip
