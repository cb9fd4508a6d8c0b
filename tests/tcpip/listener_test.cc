// LISTEN: RFC 9293 3.10.7.2, backlog, bounds; resets for segments without a connection.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/tcpip/listener.h"
#include "testbed.h"

namespace ssx::tcpip {
namespace {

using namespace testbed;

SegmentHeader syn_from(std::uint16_t port) {
  SegmentHeader syn;
  syn.source_port = port;
  syn.destination_port = kPortZ;
  syn.sequence = {700};
  syn.flags.syn = true;
  syn.window = 8'192;
  return syn;
}
ConnectionKey key_of(std::uint16_t port) { return {{kAddressZ, kPortZ}, {kAddressA, port}}; }

class TcpListenerTest : public ::testing::Test {
 protected:
  ListenResult offer(const SegmentHeader& header) {
    const ListenResult result = listener_.on_segment({header, {}}, key_of(header.source_port), {}, random_, {});
    EXPECT_TRUE(is_consistent(listener_));
    return result;
  }
  TcpListener listener_{2};
  XorShift random_{1};
};

TEST_F(TcpListenerTest, SynMakesAChildWithADrawnIsn) {
  const ListenResult result = offer(syn_from(kPortA));
  const auto& accepted = std::get<ListenAccepted>(result);
  const SendSegment syn_ack = only_segment(accepted.effects);
  EXPECT_EQ(syn_ack.header.sequence.value, XorShift(1).u32());
  EXPECT_EQ(syn_ack.header.acknowledgment, SequenceIndex{701});
  EXPECT_EQ(syn_ack.header.destination_port, kPortA);
  EXPECT_EQ(to_string(accepted.child.state()), "SYN-RECEIVED");
  EXPECT_EQ(listener_.half_open(), 1u);
}

TEST_F(TcpListenerTest, SegmentsOtherThanSynMakeNothing) {
  SegmentHeader other = syn_from(kPortA);
  other.flags = {.rst = true};
  EXPECT_EQ(std::get<ListenDropped>(offer(other)).why, ListenDrop::kReset);
  other.flags = {};
  EXPECT_EQ(std::get<ListenDropped>(offer(other)).why, ListenDrop::kNoSyn);
  other.flags = {.syn = true, .ack = true};
  other.acknowledgment = {1'234};
  const SegmentHeader reset = std::get<ListenRefused>(offer(other)).reset;
  EXPECT_EQ(reset.flags, SegmentFlags{.rst = true});
  EXPECT_EQ(reset.sequence, SequenceIndex{1'234});
  EXPECT_EQ(listener_.half_open(), 0u);
}

TEST_F(TcpListenerTest, FullBacklogIsRefusedUntilOneIsAccepted) {
  offer(syn_from(1));
  offer(syn_from(2));
  listener_.on_connected(key_of(2));
  const SegmentHeader reset = std::get<ListenRefused>(offer(syn_from(3))).reset;
  EXPECT_EQ(reset.flags, (SegmentFlags{.ack = true, .rst = true}));
  EXPECT_EQ(reset.acknowledgment, SequenceIndex{701});
  EXPECT_EQ(listener_.accept(), key_of(2));
  EXPECT_EQ(listener_.accept(), std::nullopt);
  EXPECT_TRUE(std::holds_alternative<ListenAccepted>(offer(syn_from(3))));
}

TEST_F(TcpListenerTest, FailedChildMakesRoom) {
  offer(syn_from(1));
  offer(syn_from(2));
  EXPECT_TRUE(listener_.on_closed(key_of(1)));
  EXPECT_FALSE(listener_.on_closed(key_of(1)));
  EXPECT_TRUE(std::holds_alternative<ListenAccepted>(offer(syn_from(3))));
}

TEST_F(TcpListenerTest, ChildrenAreAcceptedInTheOrderOfConnecting) {
  offer(syn_from(1));
  offer(syn_from(2));
  listener_.on_connected(key_of(2));
  listener_.on_connected(key_of(1));
  EXPECT_EQ(listener_.accept(), key_of(2));
  EXPECT_EQ(listener_.accept(), key_of(1));
}

TEST_F(TcpListenerTest, SynOfAKnownChildIsDropped) {
  offer(syn_from(1));
  EXPECT_EQ(std::get<ListenDropped>(offer(syn_from(1))).why, ListenDrop::kKnown);
}

TEST_F(TcpListenerTest, HalfOpenConnectionsAreBounded) {
  listener_.set_backlog(10'000);
  for (std::size_t i = 1; i <= kHalfOpenMax; ++i) offer(syn_from(static_cast<std::uint16_t>(i)));
  EXPECT_EQ(std::get<ListenDropped>(offer(syn_from(50'000))).why, ListenDrop::kHalfOpenFull);
  EXPECT_EQ(listener_.children().size(), kHalfOpenMax);
}

TEST(ResetForTest, FollowsSection3_10_7_1) {
  SegmentHeader in = from_z({}, {100}, {});
  const OctetVector text = pattern(10);
  const SegmentHeader without_ack = reset_for({in, text}).value();
  EXPECT_EQ(without_ack.flags, (SegmentFlags{.ack = true, .rst = true}));
  EXPECT_EQ(without_ack.sequence, SequenceIndex{0});
  EXPECT_EQ(without_ack.acknowledgment, SequenceIndex{110});
  EXPECT_EQ(without_ack.source_port, kPortA);
  EXPECT_EQ(without_ack.destination_port, kPortZ);
  in.flags = {.ack = true};
  in.acknowledgment = {555};
  const SegmentHeader with_ack = reset_for({in, text}).value();
  EXPECT_EQ(with_ack.flags, SegmentFlags{.rst = true});
  EXPECT_EQ(with_ack.sequence, SequenceIndex{555});
  in.flags.rst = true;
  EXPECT_EQ(reset_for({in, text}), std::nullopt);
}

}  // namespace
}  // namespace ssx::tcpip
