#include "testbed.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "model/base/overloaded.h"

namespace ssx::tcpip::testbed {

SendSegment only_segment(const Effects& effects) {
  const std::vector<SendSegment> sent = all<SendSegment>(effects);
  if (sent.size() != 1) throw std::logic_error("expected one segment, have: " + kinds(effects));
  return sent.front();
}

namespace {
std::string kind(const TcpEffect& effect) {
  return std::visit(Overloaded{
                        [](const SendSegment& e) {
                          const SegmentFlags& f = e.header.flags;
                          std::string text = "SendSegment[";
                          if (f.syn) text += 'S';
                          if (f.ack) text += 'A';
                          if (f.psh) text += 'P';
                          if (f.fin) text += 'F';
                          if (f.rst) text += 'R';
                          return text + "]";
                        },
                        [](const Queued&) -> std::string { return "Queued"; },
                        [](const Connected&) -> std::string { return "Connected"; },
                        [](const DataAvailable&) -> std::string { return "DataAvailable"; },
                        [](const PeerClosed&) -> std::string { return "PeerClosed"; },
                        [](const SendSpace&) -> std::string { return "SendSpace"; },
                        [](const Refused&) -> std::string { return "Refused"; },
                        [](const Reset&) -> std::string { return "Reset"; },
                        [](const TimedOut&) -> std::string { return "TimedOut"; },
                        [](const Closed&) -> std::string { return "Closed"; },
                        [](const Dropped& e) { return "Dropped{" + std::string(to_string(e.why)) + "}"; },
                    },
                    effect);
}
}  // namespace

std::string kinds(const Effects& effects) {
  std::string text;
  for (const TcpEffect& effect : effects) text += (text.empty() ? "" : " ") + kind(effect);
  return text;
}

SegmentHeader from_z(SegmentFlags flags, SequenceIndex sequence, SequenceIndex acknowledgment, std::uint16_t window) {
  SegmentHeader header;
  header.source_port = kPortZ;
  header.destination_port = kPortA;
  header.sequence = sequence;
  header.acknowledgment = acknowledgment;
  header.flags = flags;
  header.window = window;
  if (flags.syn) header.maximum_segment_size = std::uint16_t{1460};
  return header;
}

OctetVector pattern(std::size_t count) {
  OctetVector octets(count);
  std::uint32_t state = 0x12345678;
  for (std::byte& octet : octets) {
    state = state * 1'664'525 + 1'013'904'223;
    octet = static_cast<std::byte>(state >> 24);
  }
  return octets;
}

TcpConnection established(const TcpConfig& config, std::uint16_t window) {
  TcpConnection a(config, kPortA, kPortZ);
  a.step(OpenActive{kIsnA}, Instant{});
  a.step(arrival(from_z({.syn = true, .ack = true}, kIsnZ, kIsnA + 1, window)), Instant{});
  return a;
}

Pair::Pair(const TcpConfig& config, const Faults& faults, std::uint64_t seed)
    : config_(config),
      faults_(faults),
      random_(seed),
      ends_{TcpConnection(config, kPortA, kPortZ), TcpConnection(config, kPortZ, kPortA)} {}

void Pair::post(Side side, const TcpEvent& event) { perform(side, ends_[side].step(event, now_)); }

void Pair::open() {
  z_listens_ = true;
  post(kA, OpenActive{kIsnA});
}

void Pair::perform(Side from, const Effects& effects) {
  for (const TcpEffect& effect : effects) {
    if (const auto* segment = std::get_if<SendSegment>(&effect)) {
      carry(from, *segment);
    } else {
      told_[from].push_back(effect);
    }
  }
}

void Pair::carry(Side from, const SendSegment& segment) {
  ++sent_[from];
  OctetVector octets;
  const IpAddress& source = from == kA ? kAddressA : kAddressZ;
  const IpAddress& destination = from == kA ? kAddressZ : kAddressA;
  emit_segment(octets, segment.header, segment.payload, source, destination);
  const int copies = random_.chance_per_million(faults_.duplication_per_million) ? 2 : 1;
  for (int copy = 0; copy < copies; ++copy) {
    if (random_.chance_per_million(faults_.loss_per_million)) continue;
    OctetVector arriving = octets;
    if (random_.chance_per_million(faults_.corruption_per_million)) {
      const std::uint64_t bit = random_.below(arriving.size() * 8);
      arriving[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
    }
    Duration delay = faults_.delay;
    if (faults_.jitter.count() > 0) {
      delay += Duration{static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(faults_.jitter.count())))};
    }
    under_way_[{now_ + delay, order_++}] = {from == kA ? kZ : kA, std::move(arriving)};
  }
}

void Pair::deliver(Side to, const OctetVector& octets) {
  const IpAddress& source = to == kZ ? kAddressA : kAddressZ;
  const IpAddress& destination = to == kZ ? kAddressZ : kAddressA;
  const auto segment = parse_segment(octets, source, destination);
  if (!segment) {
    ++damaged_;
    return;
  }
  if (to == kZ && z_listens_) {
    ASSERT_TRUE(segment->header.flags.syn);  // A has nothing else to say yet
    z_listens_ = false;
    return post(kZ, OpenPassive{kIsnZ, segment->header});
  }
  post(to, SegmentArrived{*segment});
}

bool Pair::run_one() {
  std::optional<Instant> next;
  if (!under_way_.empty()) next = under_way_.begin()->first.first;
  for (const TcpConnection& end : ends_) {
    const std::optional<Instant> deadline = end.next_deadline();
    if (deadline && (!next || *deadline < *next)) next = deadline;
  }
  if (!next) return false;
  now_ = std::max(now_, *next);
  if (!under_way_.empty() && under_way_.begin()->first.first <= now_) {
    const auto [to, octets] = std::move(under_way_.begin()->second);
    under_way_.erase(under_way_.begin());
    deliver(to, octets);
    return true;
  }
  for (const Side side : {kA, kZ}) {
    const std::optional<Instant> deadline = ends_[side].next_deadline();
    if (deadline && *deadline <= now_) post(side, TimerFired{});
  }
  return true;
}

void Pair::run_until(Instant limit) {
  while (now_ < limit && run_one()) {
  }
}

}  // namespace ssx::tcpip::testbed
