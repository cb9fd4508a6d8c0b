#include "model/tcpip/listener.h"

#include <algorithm>
#include <cassert>

namespace ssx::tcpip {

std::string_view to_string(ListenDrop why) {
  switch (why) {
    case ListenDrop::kReset: return "a reset for which there is no connection";
    case ListenDrop::kNoSyn: return "neither a SYN nor an acknowledgment";
    case ListenDrop::kKnown: return "a SYN of a connection that exists already";
    case ListenDrop::kHalfOpenFull: return "too many half-open connections";
  }
  return "unknown";
}

TcpListener::TcpListener(int backlog) : backlog_(0) { set_backlog(backlog); }

void TcpListener::set_backlog(int backlog) { backlog_ = static_cast<std::size_t>(std::max(backlog, 1)); }

bool TcpListener::knows(const ConnectionKey& key) const {
  return std::binary_search(half_open_.begin(), half_open_.end(), key) ||
         std::find(waiting_.begin(), waiting_.end(), key) != waiting_.end();
}

ListenResult TcpListener::on_segment(const Segment& segment, const ConnectionKey& key, const TcpConfig& config,
                                     RandomSource& random, Instant now) {
  const SegmentFlags& flags = segment.header.flags;
  // RFC 9293 3.10.7.2, first to fourth.
  if (flags.rst) return ListenDropped{ListenDrop::kReset};
  if (flags.ack || !flags.syn) {
    if (flags.ack) return ListenRefused{*reset_for(segment)};
    return ListenDropped{ListenDrop::kNoSyn};
  }
  if (knows(key)) return ListenDropped{ListenDrop::kKnown};
  if (half_open_.size() + waiting_.size() >= backlog_) return ListenRefused{*reset_for(segment)};
  if (half_open_.size() >= kHalfOpenMax) return ListenDropped{ListenDrop::kHalfOpenFull};
  half_open_.insert(std::upper_bound(half_open_.begin(), half_open_.end(), key), key);
  const SequenceIndex initial_sequence{random.u32()};
  TcpConnection child(config, key.local.port, key.remote.port);
  std::vector<TcpEffect> effects = child.step(OpenPassive{initial_sequence, segment.header}, now);
  return ListenAccepted{std::move(child), std::move(effects)};
}

void TcpListener::on_connected(const ConnectionKey& key) {
  const auto place = std::lower_bound(half_open_.begin(), half_open_.end(), key);
  assert(place != half_open_.end() && *place == key);
  half_open_.erase(place);
  waiting_.push_back(key);
}

bool TcpListener::on_closed(const ConnectionKey& key) {
  const std::size_t before = half_open_.size() + waiting_.size();
  std::erase(half_open_, key);
  std::erase(waiting_, key);
  return half_open_.size() + waiting_.size() < before;
}

std::optional<ConnectionKey> TcpListener::accept() {
  if (waiting_.empty()) return std::nullopt;
  const ConnectionKey key = waiting_.front();
  waiting_.pop_front();
  return key;
}

std::vector<ConnectionKey> TcpListener::children() const {
  std::vector<ConnectionKey> all = half_open_;
  all.insert(all.end(), waiting_.begin(), waiting_.end());
  return all;
}

bool is_consistent(const TcpListener& listener) {
  const std::vector<ConnectionKey> all = listener.children();
  std::vector<ConnectionKey> sorted = all;
  std::sort(sorted.begin(), sorted.end());
  const bool unique = std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end();
  const bool ordered = std::is_sorted(listener.half_open_.begin(), listener.half_open_.end());
  return unique && ordered && listener.backlog_ > 0 && listener.half_open_.size() <= kHalfOpenMax;
}

}  // namespace ssx::tcpip
