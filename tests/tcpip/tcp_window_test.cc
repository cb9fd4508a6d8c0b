// Flow control and retransmission of one connection: RFC 9293 3.8, RFC 6298, RFC 5681.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testbed.h"

namespace ssx::tcpip {
namespace {

using namespace std::chrono_literals;
using namespace testbed;
using ::testing::ElementsAre;

SegmentHeader ack(std::size_t octets, std::uint16_t window = 65'535) {
  return from_z({.ack = true}, kIsnZ + 1, kIsnA + 1 + octets, window);
}

TEST(TcpWindowTest, NeverSendsBeyondThePeersWindow) {
  TcpConnection a = established({}, 3'000);
  const Effects effects = a.step(Send{pattern(10'000)}, Instant{});
  std::size_t sent = 0;
  for (const SendSegment& segment : all<SendSegment>(effects)) sent += segment.payload.size();
  EXPECT_EQ(sent, 2'920u);  // two full segments; 80 octets would be silly
}

TEST(TcpWindowTest, ClosedWindowIsProbedWithOneOctetForEverWhileThePeerAnswers) {
  TcpConnection a = established({}, 0);
  EXPECT_THAT(a.step(Send{pattern(10)}, Instant{}), ElementsAre(TcpEffect{Queued{10}}));
  Duration last_gap{0};
  Instant now{};
  for (int i = 0; i < 30; ++i) {
    ASSERT_TRUE(a.next_deadline());
    last_gap = *a.next_deadline() - now;
    now = *a.next_deadline();
    const SendSegment probe = only_segment(a.step(TimerFired{}, now));
    EXPECT_EQ(probe.payload.size(), 1u);
    EXPECT_EQ(probe.header.sequence, kIsnA + 1);
    EXPECT_THAT(a.step(arrival(ack(0, 0)), now), ElementsAre());
  }
  EXPECT_EQ(last_gap, 60s);
  const SendSegment data = only_segment(a.step(arrival(ack(0, 100)), now));
  EXPECT_EQ(data.payload, pattern(10));
  EXPECT_EQ(a.next_deadline(), now + 300ms);  // the silence was not congestion
}

TEST(TcpWindowTest, UnansweredProbesEndTheConnection) {
  TcpConnection a = established({}, 0);
  a.step(Send{pattern(10)}, Instant{});
  for (int i = 0; i < 5; ++i) EXPECT_EQ(kinds(a.step(TimerFired{}, *a.next_deadline())), "SendSegment[A]");
  EXPECT_EQ(kinds(a.step(TimerFired{}, *a.next_deadline())), "SendSegment[AR] TimedOut Closed");
}

TEST(TcpWindowTest, AcceptedProbeOctetIsNotSentAgain) {
  TcpConnection a = established({}, 0);
  a.step(Send{pattern(10)}, Instant{});
  a.step(TimerFired{}, *a.next_deadline());
  const SendSegment rest = only_segment(a.step(arrival(ack(1, 100)), Instant{1s}));
  EXPECT_EQ(rest.header.sequence, kIsnA + 2);
  EXPECT_EQ(rest.payload.size(), 9u);
}

TEST(TcpWindowTest, FinWaitsForTheWindowAndIsProbed) {
  TcpConnection a = established({}, 0);
  EXPECT_THAT(a.step(Shutdown{}, Instant{}), ElementsAre());
  EXPECT_EQ(kinds(a.step(TimerFired{}, *a.next_deadline())), "SendSegment[AF]");
  a.step(arrival(ack(1, 0)), Instant{1s});
  EXPECT_EQ(to_string(a.state()), "FIN-WAIT-2");
}

TEST(TcpWindowTest, ReceiverClosesItsWindowAndReopensItWhenTheProgramReads) {
  TcpConnection a = established({.receive_buffer_octets = 4'000});
  const OctetVector text = pattern(4'001);
  const SegmentHeader data = from_z({.ack = true}, kIsnZ + 1, kIsnA + 1);
  const SendSegment full = only_segment(a.step(arrival(data, text), Instant{}));
  EXPECT_EQ(full.header.window, 0);
  EXPECT_EQ(full.header.acknowledgment, kIsnZ + 4'001);  // the octet behind the window was cut off
  EXPECT_TRUE(equal(a.readable(), Octets(text).first(4'000)));

  // A probe is answered, its octet refused.
  const SegmentHeader probe = from_z({.ack = true}, kIsnZ + 4'001, kIsnA + 1);
  EXPECT_EQ(only_segment(a.step(arrival(probe, Octets(text).last(1)), Instant{})).header.window, 0);

  // RFC 9293 3.8.6.2.2: no window below a segment or half the buffer.
  EXPECT_THAT(a.step(Consume{1'000}, Instant{}), ElementsAre());
  const SendSegment update = only_segment(a.step(Consume{1'000}, Instant{}));
  EXPECT_EQ(update.header.window, 2'000);
}

TEST(TcpWindowTest, LostSegmentIsRepeatedWithDoublingTimeOutFiveTimesThenFails) {
  TcpConnection a = established();
  const SendSegment first = only_segment(a.step(Send{pattern(100)}, Instant{}));
  Instant now{};
  Duration expected = 300ms;  // the handshake took no time: the minimum
  for (int i = 0; i < 5; ++i, expected *= 2) {
    EXPECT_EQ(*a.next_deadline() - now, expected);
    now = *a.next_deadline();
    EXPECT_THAT(a.step(TimerFired{}, now), ElementsAre(TcpEffect{first}));
  }
  now = *a.next_deadline();
  EXPECT_EQ(now, Instant{18'900ms});
  EXPECT_EQ(kinds(a.step(TimerFired{}, now)), "SendSegment[AR] TimedOut Closed");
}

TEST(TcpWindowTest, ThreeDuplicateAcknowledgmentsRepeatTheLostSegmentAtOnce) {
  TcpConnection a = established();
  const Effects sent = a.step(Send{pattern(1'460 * 3)}, Instant{});
  ASSERT_EQ(all<SendSegment>(sent).size(), 3u);
  EXPECT_THAT(a.step(arrival(ack(0)), Instant{}), ElementsAre());
  EXPECT_THAT(a.step(arrival(ack(0)), Instant{}), ElementsAre());
  const SendSegment again = only_segment(a.step(arrival(ack(0)), Instant{}));
  EXPECT_EQ(again.header.sequence, kIsnA + 1);
  EXPECT_EQ(again.payload.size(), 1'460u);
  EXPECT_THAT(a.step(arrival(ack(0)), Instant{}), ElementsAre());
}

// Karn's rule, RFC 6298 3: the acknowledgment of a repeated segment measures nothing.
TEST(TcpWindowTest, RepeatedSegmentGivesNoRoundTripSample) {
  TcpConnection a = established();
  a.step(Send{pattern(1'460 * 3)}, Instant{});
  for (int i = 0; i < 3; ++i) a.step(arrival(ack(0)), Instant{});
  a.step(arrival(ack(1'460 * 3)), Instant{290ms});  // taken as a round trip it would make the time-out 326 ms
  a.step(Send{pattern(1)}, Instant{290ms});
  EXPECT_EQ(a.next_deadline(), Instant{590ms});
}

// RFC 6298 3, 5.7: nor does a handshake whose SYN was repeated; the time-out stays at 3 s.
TEST(TcpWindowTest, RepeatedSynGivesNoRoundTripSampleAndOneSegmentOfWindow) {
  TcpConnection a({}, kPortA, kPortZ);
  a.step(OpenActive{kIsnA}, Instant{});
  a.step(TimerFired{}, Instant{3s});
  a.step(arrival(from_z({.syn = true, .ack = true}, kIsnZ, kIsnA + 1)), Instant{3'020ms});
  const Effects effects = a.step(Send{pattern(5'000)}, Instant{3'020ms});
  EXPECT_EQ(all<SendSegment>(effects).size(), 1u);
  EXPECT_EQ(a.next_deadline(), Instant{6'020ms});
}

// RFC 9293 3.10.7.4, fifth: WL1 keeps the older of two segments from setting the window.
TEST(TcpWindowTest, WindowOfASegmentSentEarlierIsNotTaken) {
  TcpConnection a = established();
  const OctetVector text = pattern(200);
  a.step(arrival(from_z({.ack = true}, kIsnZ + 101, kIsnA + 1, 0), Octets(text).last(100)), Instant{});
  a.step(arrival(from_z({.ack = true}, kIsnZ + 1, kIsnA + 1, 9'000), Octets(text).first(100)), Instant{});
  EXPECT_FALSE(has<SendSegment>(a.step(Send{text}, Instant{})));
}

TEST(TcpWindowTest, OutOfOrderSegmentIsAcknowledgedBareEvenWhenDataCanGo) {
  TcpConnection a = established({}, 0);
  a.step(Send{pattern(10)}, Instant{});
  const Effects effects = a.step(arrival(from_z({.ack = true}, kIsnZ + 101, kIsnA + 1, 9'000), pattern(5)), Instant{});
  EXPECT_EQ(kinds(effects), "SendSegment[A] SendSegment[AP]");
}

TEST(TcpWindowTest, WindowUpdatesAreNotDuplicateAcknowledgments) {
  TcpConnection a = established();
  a.step(Send{pattern(1'460 * 3)}, Instant{});
  for (std::uint16_t window = 60'000; window < 60'010; ++window) {
    EXPECT_THAT(a.step(arrival(ack(0, window)), Instant{}), ElementsAre());
  }
}

TEST(TcpWindowTest, SlowStartDoublesTheWindowEachRound) {
  TcpConnection a = established({.send_buffer_octets = 1'000'000});
  const Effects first = a.step(Send{pattern(200'000)}, Instant{});
  EXPECT_EQ(all<SendSegment>(first).size(), 3u);  // RFC 5681 3.1: three segments of 1460
  std::size_t second = 0;
  for (std::size_t i = 1; i <= 3; ++i) {
    second += all<SendSegment>(a.step(arrival(ack(1'460 * i)), Instant{})).size();
  }
  EXPECT_EQ(second, 6u);
}

TEST(TcpWindowTest, OutOfOrderSegmentIsAcknowledgedAtOnceAndDeliveredInOrder) {
  TcpConnection a = established();
  const OctetVector text = pattern(300);
  const auto part = [&](std::size_t from, std::size_t count) {
    return arrival(from_z({.ack = true}, kIsnZ + 1 + from, kIsnA + 1), Octets(text).subspan(from, count));
  };
  EXPECT_EQ(only_segment(a.step(part(200, 100), Instant{})).header.acknowledgment, kIsnZ + 1);
  EXPECT_EQ(only_segment(a.step(part(100, 100), Instant{})).header.acknowledgment, kIsnZ + 1);
  EXPECT_TRUE(a.readable().empty());
  const Effects all_in = a.step(part(0, 100), Instant{});
  EXPECT_EQ(only_segment(all_in).header.acknowledgment, kIsnZ + 301);
  EXPECT_THAT(all<DataAvailable>(all_in), ElementsAre(DataAvailable{300}));
  EXPECT_TRUE(equal(a.readable(), text));
}

TEST(TcpWindowTest, AcknowledgedDataMakesSpace) {
  TcpConnection a = established({.send_buffer_octets = 1'000});
  EXPECT_THAT(all<Queued>(a.step(Send{pattern(1'500)}, Instant{})), ElementsAre(Queued{1'000}));
  EXPECT_EQ(a.send_space(), 0u);
  EXPECT_THAT(a.step(arrival(ack(400)), Instant{}), ElementsAre(TcpEffect{SendSpace{400}}));
}

TEST(TcpWindowTest, SmallerPathSendsTheSameOctetsInSmallerSegments) {
  TcpConnection a = established();
  a.step(Send{pattern(1'460)}, Instant{});
  const Effects effects = a.step(PathMtu{1'000}, Instant{});
  const std::vector<SendSegment> segments = all<SendSegment>(effects);
  ASSERT_EQ(segments.size(), 2u);
  EXPECT_EQ(segments[0].payload.size(), 1'000u);
  EXPECT_EQ(concatenate({segments[0].payload, segments[1].payload}), pattern(1'460));
  EXPECT_THAT(a.step(PathMtu{9'000}, Instant{}), ElementsAre());
}

TEST(TcpWindowTest, CopyIsAConnectionOfItsOwn) {
  TcpConnection a = established();
  a.step(Send{pattern(5'000)}, Instant{});
  TcpConnection copy = a;
  EXPECT_EQ(copy, a);
  for (const std::size_t octets : {1'460u, 2'920u, 5'000u}) {
    EXPECT_EQ(a.step(arrival(ack(octets)), Instant{1s}), copy.step(arrival(ack(octets)), Instant{1s}));
  }
  EXPECT_EQ(copy, a);
  copy.step(Abort{}, Instant{2s});
  EXPECT_EQ(to_string(a.state()), "ESTABLISHED");
}

}  // namespace
}  // namespace ssx::tcpip
