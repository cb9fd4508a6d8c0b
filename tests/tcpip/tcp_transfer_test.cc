// Streams over a bad link arrive complete and in order.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testbed.h"

namespace ssx::tcpip {
namespace {

using namespace std::chrono_literals;
using namespace testbed;

// One program: sends `text` as space allows, reads what comes, closes when both directions are done.
class Program {
 public:
  Program(Pair& pair, Pair::Side side, OctetVector text) : pair_(pair), side_(side), text_(std::move(text)) {}

  void work() {
    TcpConnection& end = pair_.end(side_);
    if (const std::size_t available = end.readable().size(); available > 0) {
      append(received_, end.readable());
      pair_.post(side_, Consume{available});
    }
    if (sent_ < text_.size() && end.send_space() > 0) {
      const std::size_t count = std::min(end.send_space(), text_.size() - sent_);
      pair_.post(side_, Send{Octets(text_).subspan(sent_, count)});
      sent_ += count;
    }
    if (sent_ == text_.size() && !shut_) {
      shut_ = true;
      pair_.post(side_, Shutdown{});
    }
  }
  const OctetVector& received() const { return received_; }

 private:
  Pair& pair_;
  Pair::Side side_;
  OctetVector text_;
  OctetVector received_;
  std::size_t sent_ = 0;
  bool shut_ = false;
};

struct Outcome {
  Effects told_a;
  Effects told_z;
  Instant ended;
  std::size_t segments;
  std::size_t damaged;
  bool operator==(const Outcome&) const = default;
};

Outcome exchange(const TcpConfig& config, const Pair::Faults& faults, std::uint64_t seed, std::size_t octets) {
  Pair pair(config, faults, seed);
  const OctetVector forth = pattern(octets);
  const OctetVector back = pattern(octets / 10);
  Program a(pair, Pair::kA, forth);
  Program z(pair, Pair::kZ, back);
  pair.open();
  const auto connected = [&](Pair::Side side) { return has<Connected>(pair.told(side)); };
  while (pair.now() < Instant{24h} && pair.run_one()) {
    if (connected(Pair::kA)) a.work();
    if (connected(Pair::kZ)) z.work();
  }
  EXPECT_TRUE(equal(z.received(), forth)) << "seed " << seed << " got " << z.received().size();
  EXPECT_TRUE(equal(a.received(), back)) << "seed " << seed << " got " << a.received().size();
  for (const Pair::Side side : {Pair::kA, Pair::kZ}) {
    EXPECT_TRUE(has<PeerClosed>(pair.told(side)));
    EXPECT_EQ(all<Closed>(pair.told(side)).size(), 1u);
    EXPECT_FALSE(has<TimedOut>(pair.told(side)));
    EXPECT_FALSE(has<Reset>(pair.told(side)));
  }
  return {pair.told(Pair::kA), pair.told(Pair::kZ), pair.now(),
          pair.segments_sent(Pair::kA) + pair.segments_sent(Pair::kZ), pair.damaged()};
}

// At 20 % loss each way six losses in a row do happen in a long transfer; Windows would give up there.
constexpr TcpConfig kPatient{.syn_retransmissions_max = 10, .data_retransmissions_max = 30};

TEST(TcpTransferTest, OneMegabyteOverACleanLinkWastesNothing) {
  const Outcome outcome = exchange({}, {}, 1, 1'000'000);
  // 685 segments with data one way, 69 the other, at most one acknowledgment for each, and the ends.
  EXPECT_LT(outcome.segments, 2 * (685u + 69u) + 20u);
  EXPECT_LT(outcome.ended, Instant{245s});  // TIME-WAIT is 240 s of it
}

TEST(TcpTransferTest, OneMegabyteArrivesDespiteTwentyPercentLossEachWay) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) exchange(kPatient, {.loss_per_million = 200'000}, seed, 1'000'000);
}

TEST(TcpTransferTest, StreamArrivesDespiteLossDuplicationReorderingAndCorruption) {
  const Pair::Faults faults{
      .loss_per_million = 50'000, .duplication_per_million = 50'000, .corruption_per_million = 50'000, .jitter = 30ms};
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const Outcome outcome = exchange(kPatient, faults, seed, 100'000);
    EXPECT_GT(outcome.damaged, 0u);
  }
}

TEST(TcpTransferTest, StreamArrivesThroughASmallReceiveBuffer) {
  TcpConfig config = kPatient;
  config.receive_buffer_octets = 2'000;
  config.maximum_segment_size = 300;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) exchange(config, {.loss_per_million = 50'000}, seed, 50'000);
}

TEST(TcpTransferTest, SameSeedGivesTheSameRun) {
  const Pair::Faults faults{.loss_per_million = 100'000, .duplication_per_million = 20'000, .jitter = 10ms};
  EXPECT_EQ(exchange(kPatient, faults, 42, 100'000), exchange(kPatient, faults, 42, 100'000));
}

}  // namespace
}  // namespace ssx::tcpip
