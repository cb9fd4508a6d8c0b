// The parts of a connection by themselves: sequence numbers, RTO, congestion window, reassembly.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/tcpip/congestion.h"
#include "model/tcpip/receive_side.h"
#include "model/tcpip/rto.h"
#include "testbed.h"

namespace ssx::tcpip {
namespace {

using namespace std::chrono_literals;
using testbed::pattern;

TEST(SequenceIndexTest, OrderIsModular) {
  EXPECT_TRUE(precedes({0xffff'ffff}, {0}));
  EXPECT_FALSE(precedes({0}, {0xffff'ffff}));
  EXPECT_FALSE(precedes({5}, {5}));
  EXPECT_TRUE(precedes_or_is({5}, {5}));
  EXPECT_EQ(distance({0xffff'fffe}, {3}), 5u);
  EXPECT_EQ(SequenceIndex{0xffff'ffff} + 2, SequenceIndex{1});
}

TEST(RtoTest, FollowsRfc6298Section2) {
  RtoEstimator rto({.minimum = 1ms});
  EXPECT_EQ(rto.rto(), 3s);
  rto.sample(100ms);  // 2.2: SRTT = R, RTTVAR = R/2, RTO = SRTT + 4 * RTTVAR
  EXPECT_EQ(rto.rto(), 300ms);
  rto.sample(200ms);  // 2.3: RTTVAR = 3/4 * 50 + 1/4 * 100 = 62.5; SRTT = 7/8 * 100 + 1/8 * 200 = 112.5
  EXPECT_EQ(rto.rto(), 362'500us);
}

TEST(RtoTest, BacksOffToTheMaximumAndASampleEndsIt) {
  RtoEstimator rto({});
  for (const Duration expected : {6s, 12s, 24s, 48s, 60s, 60s}) {
    rto.back_off();
    EXPECT_EQ(rto.rto(), expected);
  }
  rto.sample(1ms);
  EXPECT_EQ(rto.rto(), 300ms);
}

TEST(CongestionTest, TimeoutHalvesTheThresholdAndLeavesOneSegment) {
  CongestionWindow window(1'000, false);
  EXPECT_EQ(window.window(), 4'000u);
  window.on_timeout({10'000}, 10'000);
  EXPECT_EQ(window.window(), 1'000u);
  SequenceIndex acknowledged{0};
  for (int i = 0; i < 4; ++i) window.on_acknowledgment(acknowledged += 1'000, 1'000, 0);
  EXPECT_EQ(window.window(), 5'000u);  // slow start up to the threshold of 5000
  for (int i = 0; i < 5; ++i) window.on_acknowledgment(acknowledged += 1'000, 1'000, 0);
  EXPECT_EQ(window.window(), 6'000u);  // then one segment a window
}

TEST(CongestionTest, LostSynMeansOneSegment) { EXPECT_EQ(CongestionWindow(1'000, true).window(), 1'000u); }

TEST(CongestionTest, PartialAcknowledgmentRepeatsAndFullOneEndsRecovery) {
  CongestionWindow window(1'000, false);
  for (int i = 0; i < 2; ++i) EXPECT_FALSE(window.on_duplicate({0}, {8'000}, 8'000));
  EXPECT_TRUE(window.on_duplicate({0}, {8'000}, 8'000));
  EXPECT_EQ(window.window(), 4'000u + 3'000u);
  EXPECT_FALSE(window.on_duplicate({0}, {8'000}, 8'000));
  EXPECT_EQ(window.window(), 8'000u);
  EXPECT_TRUE(window.on_acknowledgment({3'000}, 3'000, 5'000));
  EXPECT_FALSE(window.on_acknowledgment({8'000}, 5'000, 3'000));
  EXPECT_EQ(window.window(), 4'000u);
  // Duplicates of what was sent before the loss start no second recovery.
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(window.on_duplicate({8'000}, {9'000}, 1'000));
}

TEST(ReceiveSideTest, OverlappingPiecesGiveEachOctetOnce) {
  const OctetVector text = pattern(1'000);
  ReceiveSide receive(10'000);
  receive.open({99});
  const auto take = [&](std::size_t from, std::size_t count, bool fin = false) {
    return receive.take(SequenceIndex{100} + from, Octets(text).subspan(from, count), fin);
  };
  EXPECT_TRUE(take(500, 300).out_of_order);
  EXPECT_TRUE(take(400, 200).out_of_order);
  EXPECT_TRUE(take(900, 100, true).out_of_order);
  EXPECT_TRUE(take(500, 300).out_of_order);
  EXPECT_EQ(take(0, 450).delivered, 800u);
  EXPECT_TRUE(receive.is_consistent());
  const ReceiveSide::Outcome last = take(700, 250);
  EXPECT_EQ(last.delivered, 200u);
  EXPECT_TRUE(last.finished);
  EXPECT_TRUE(equal(receive.readable(), text));
  EXPECT_EQ(receive.next(), SequenceIndex{1'101});
}

TEST(ReceiveSideTest, NothingBehindTheFinIsDelivered) {
  const OctetVector text = pattern(100);
  ReceiveSide receive(10'000);
  receive.open({99});
  receive.take({120}, Octets(text).subspan(20, 60), false);  // reaches behind the FIN that is to come
  receive.take({140}, Octets(text).subspan(40, 10), true);   // FIN at 150
  const ReceiveSide::Outcome outcome = receive.take({100}, Octets(text).first(20), false);
  EXPECT_EQ(outcome.delivered, 50u);
  EXPECT_TRUE(outcome.finished);
  EXPECT_TRUE(equal(receive.readable(), Octets(text).first(50)));
  EXPECT_TRUE(receive.is_consistent());
}

TEST(ReceiveSideTest, ReassemblyIsBoundedAndInOrderDataStillGetsThrough) {
  const OctetVector text = pattern(1'000);
  ReceiveSide receive(10'000);
  receive.open({99});
  for (std::size_t i = 1; i <= kReassemblyPiecesMax; ++i) {
    EXPECT_FALSE(receive.take(SequenceIndex{100} + 2 * i, Octets(text).subspan(2 * i, 1), false).dropped);
  }
  EXPECT_TRUE(receive.take({900}, Octets(text).subspan(800, 1), false).dropped);
  EXPECT_EQ(receive.take({100}, Octets(text).first(2), false).delivered, 3u);
}

TEST(ReceiveSideTest, AcceptanceFollowsTheTableOfSection3_10_7_4) {
  ReceiveSide receive(100);
  receive.open({999});  // window: 1000 .. 1099
  EXPECT_TRUE(receive.acceptable({1'000}, 0));
  EXPECT_TRUE(receive.acceptable({1'100}, 0));  // the edge: a peer that has filled the window
  EXPECT_FALSE(receive.acceptable({1'101}, 0));
  EXPECT_FALSE(receive.acceptable({999}, 0));
  EXPECT_TRUE(receive.acceptable({1'099}, 5));
  EXPECT_FALSE(receive.acceptable({1'100}, 5));
  EXPECT_TRUE(receive.acceptable({990}, 11));
  EXPECT_FALSE(receive.acceptable({990}, 10));
  EXPECT_TRUE(receive.acceptable({900}, 500));
  receive.take({1'000}, pattern(100), false);
  EXPECT_TRUE(receive.acceptable({1'100}, 0));
  EXPECT_TRUE(receive.acceptable({1'100}, 1));
  EXPECT_FALSE(receive.acceptable({1'101}, 0));
}

TEST(OctetQueueTest, KeepsOrderAcrossPushAndPop) {
  const OctetVector text = pattern(10'000);
  OctetQueue queue;
  std::size_t in = 0;
  std::size_t out = 0;
  for (std::size_t i = 0; in < text.size(); ++i) {
    const std::size_t count = std::min<std::size_t>(1 + i % 97, text.size() - in);
    queue.push(Octets(text).subspan(in, count));
    in += count;
    const std::size_t gone = std::min<std::size_t>(1 + i % 89, queue.size());
    ASSERT_TRUE(equal(queue.view().first(gone), Octets(text).subspan(out, gone)));
    queue.pop(gone);
    out += gone;
  }
  EXPECT_EQ(queue.size(), in - out);
}

}  // namespace
}  // namespace ssx::tcpip
