// Segments that somebody else made: RFC 5961, and garbage.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testbed.h"

namespace ssx::tcpip {
namespace {

using namespace std::chrono_literals;
using namespace testbed;
using ::testing::ElementsAre;

TEST(TcpAttackTest, ResetInTheWindowIsChallengedNotObeyed) {
  TcpConnection a = established();
  const Effects effects = a.step(arrival(from_z({.rst = true}, kIsnZ + 2, {})), Instant{});
  EXPECT_EQ(all<Dropped>(effects).at(0).why, DropReason::kNotExactReset);
  EXPECT_EQ(only_segment(effects).header.acknowledgment, kIsnZ + 1);
  EXPECT_EQ(to_string(a.state()), "ESTABLISHED");
}

TEST(TcpAttackTest, ResetOutsideTheWindowIsIgnoredInSilence) {
  for (const SequenceIndex sequence : {kIsnZ, kIsnZ + 1 + 65'535, kIsnZ + 100'000}) {
    TcpConnection a = established();
    EXPECT_THAT(a.step(arrival(from_z({.rst = true}, sequence, {})), Instant{}),
                ElementsAre(TcpEffect{Dropped{DropReason::kUnacceptableSequence}}));
    EXPECT_EQ(to_string(a.state()), "ESTABLISHED");
  }
}

TEST(TcpAttackTest, SynOnAnEstablishedConnectionIsChallenged) {
  for (const SequenceIndex sequence : {kIsnZ, kIsnZ + 1, kIsnZ + 100'000}) {
    TcpConnection a = established();
    const SendSegment answer = only_segment(a.step(arrival(from_z({.syn = true}, sequence, {})), Instant{}));
    EXPECT_EQ(answer.header.flags, SegmentFlags{.ack = true});
    EXPECT_EQ(answer.header.acknowledgment, kIsnZ + 1);
    EXPECT_EQ(to_string(a.state()), "ESTABLISHED");
  }
}

TEST(TcpAttackTest, ChallengesAreLimitedToTenInFiveSeconds) {
  TcpConnection a = established();
  std::size_t answers = 0;
  const SegmentArrived reset = arrival(from_z({.rst = true}, kIsnZ + 2, {}));
  for (int i = 0; i < 100; ++i) answers += all<SendSegment>(a.step(reset, Instant{1s})).size();
  EXPECT_EQ(answers, 10u);
  EXPECT_FALSE(has<SendSegment>(a.step(reset, Instant{6s - 1ns})));
  EXPECT_TRUE(has<SendSegment>(a.step(reset, Instant{6s})));
}

TEST(TcpAttackTest, DataWithImplausibleAcknowledgmentIsNotTaken) {
  for (const SequenceIndex acknowledgment : {kIsnA + 2, kIsnA - 70'000}) {
    TcpConnection a = established();
    const Effects effects = a.step(arrival(from_z({.ack = true}, kIsnZ + 1, acknowledgment), pattern(10)), Instant{});
    EXPECT_EQ(all<Dropped>(effects).at(0).why, DropReason::kBadAcknowledgment);
    EXPECT_TRUE(a.readable().empty());
  }
}

TEST(TcpAttackTest, SegmentWithoutAcknowledgmentIsNotTaken) {
  TcpConnection a = established();
  EXPECT_THAT(a.step(arrival(from_z({}, kIsnZ + 1, {}), pattern(10)), Instant{}),
              ElementsAre(TcpEffect{Dropped{DropReason::kNoAcknowledgment}}));
}

TEST(TcpAttackTest, OldWindowOfferIsNotTakenBack) {
  TcpConnection a = established({}, 0);
  a.step(Send{pattern(10)}, Instant{});
  a.step(arrival(from_z({.ack = true}, kIsnZ + 1, kIsnA + 1, 0), pattern(5)), Instant{});
  // An older segment, delayed, offered a window: it is behind RCV.NXT and refused as a whole.
  const Effects effects = a.step(arrival(from_z({.ack = true}, kIsnZ + 1, kIsnA + 1, 500), pattern(5)), Instant{});
  for (const SendSegment& segment : all<SendSegment>(effects)) EXPECT_TRUE(segment.payload.empty());
}

TEST(TcpAttackTest, TwoConnectionsThatDisagreeFallSilent) {
  // Each end believes the other is somewhere else entirely: without a limit their answers would never stop.
  Pair pair({}, {}, 1);
  pair.end(Pair::kA) = established();
  TcpConnection& z = pair.end(Pair::kZ);
  z = TcpConnection({}, kPortZ, kPortA);
  z.step(OpenPassive{{500'000'000}, from_z({.syn = true}, {900'000'000}, {})}, Instant{});
  z.step(arrival(from_z({.ack = true}, {900'000'001}, {500'000'001})), Instant{});
  ASSERT_EQ(to_string(z.state()), "ESTABLISHED");
  pair.post(Pair::kA, Send{pattern(1)});
  pair.run_until(Instant{1h});
  EXPECT_TRUE(pair.told_closed(Pair::kA));
  EXPECT_LT(pair.segments_sent(Pair::kA) + pair.segments_sent(Pair::kZ), 100u);
}

// Whatever comes, the connection stays consistent (step asserts it) and the answers stay bounded.
TEST(TcpAttackTest, RandomSegmentsNeverBreakTheInvariants) {
  XorShift random(7);
  for (int round = 0; round < 300; ++round) {
    TcpConnection a({.receive_buffer_octets = 3'000}, kPortA, kPortZ);
    Instant now{};
    a.step(OpenActive{kIsnA}, now);
    if (random.chance_per_million(700'000)) {
      a.step(arrival(from_z({.syn = true, .ack = true}, kIsnZ, kIsnA + 1)), now);
      a.step(Send{pattern(2'000)}, now);
    }
    for (int i = 0; i < 200; ++i) {
      const std::uint32_t bits = random.u32();
      const auto sequence_offset = static_cast<std::uint32_t>(random.below(4'000));
      const auto acknowledgment_offset = static_cast<std::uint32_t>(random.below(3'000));
      const OctetVector payload = pattern(random.below(400));
      SegmentHeader in = from_z({.syn = (bits & 15) == 0,
                                 .ack = (bits & 0x30) != 0,
                                 .fin = (bits & 0x7c0) == 0,
                                 .rst = (bits & 0xf800) == 0,
                                 .psh = false},
                                kIsnZ - 100 + sequence_offset, kIsnA - 100 + acknowledgment_offset,
                                static_cast<std::uint16_t>(bits >> 20));
      if ((bits & 0x10000) != 0) in.sequence = SequenceIndex{random.u32()};
      a.step(arrival(in, payload), now);
      if ((bits & 0x20000) != 0) now += std::chrono::milliseconds{random.below(500)};
      a.step(TimerFired{}, now);
      if ((bits & 0x40000) != 0) a.step(Consume{a.readable().size() / 2}, now);
      if ((bits & 0x3f80000) == 0) a.step(Shutdown{}, now);
      ASSERT_TRUE(is_consistent(a));
    }
    a.step(Abort{}, now);
    EXPECT_EQ(a.next_deadline(), std::nullopt);
  }
}

}  // namespace
}  // namespace ssx::tcpip
