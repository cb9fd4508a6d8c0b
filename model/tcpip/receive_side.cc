#include "model/tcpip/receive_side.h"

#include <algorithm>
#include <cassert>

namespace ssx::tcpip {

bool AnswerLimit::allow(Instant now) {
  if (!span_start_ || now - *span_start_ >= kChallengeAckSpan) {
    span_start_ = now;
    sent_ = 0;
  }
  if (sent_ == kChallengeAcksMax) return false;
  ++sent_;
  return true;
}

ReceiveSide::ReceiveSide(std::size_t capacity) : capacity_(std::min(capacity, kWindowMax)), edge_(next_ + capacity_) {}

void ReceiveSide::open(SequenceIndex initial_sequence) {
  next_ = initial_sequence + 1;
  edge_ = next_ + capacity_;
}

bool ReceiveSide::acceptable(SequenceIndex first, std::uint32_t length) const {
  // With a closed window only what stands at RCV.NXT: its acknowledgment counts, its text does not (3.10.7.4).
  if (window() == 0) return first == next_;
  // The table's "RCV.NXT =< SEG.SEQ < RCV.NXT+RCV.WND", but the edge itself also passes without text: there a peer
  // stands that has filled our window, and two such peers would answer each other's refused acknowledgments without
  // end.
  if (length == 0) return precedes_or_is(next_, first) && precedes_or_is(first, edge_);
  const SequenceIndex last = first + (length - 1);
  const bool starts_inside = precedes_or_is(next_, first) && precedes(first, edge_);
  const bool ends_inside = precedes_or_is(next_, last) && precedes(last, edge_);
  // A repeated segment may begin before and end behind the window.
  const bool spans = precedes(first, next_) && precedes_or_is(edge_, last);
  return starts_inside || ends_inside || spans;
}

std::size_t ReceiveSide::kept_octets() const {
  std::size_t sum = 0;
  for (const Piece& piece : pieces_) sum += piece.octets.size();
  return sum;
}

bool ReceiveSide::keep(SequenceIndex first, Octets payload) {
  const auto place =
      std::find_if(pieces_.begin(), pieces_.end(), [&](const Piece& piece) { return !precedes(piece.first, first); });
  const bool known = place != pieces_.end() && place->first == first && place->octets.size() >= payload.size();
  if (known) return true;
  if (pieces_.size() == kReassemblyPiecesMax || kept_octets() + payload.size() > capacity_) return false;
  pieces_.insert(place, Piece{first, to_vector(payload)});
  return true;
}

void ReceiveSide::deliver(Octets payload) {
  ready_.push(payload);
  next_ += payload.size();
}

void ReceiveSide::deliver_pieces() {
  auto piece = pieces_.begin();
  for (; piece != pieces_.end() && precedes_or_is(piece->first, next_); ++piece) {
    if (!precedes(next_, piece->end())) continue;
    Octets news = Octets(piece->octets).subspan(distance(piece->first, next_));
    if (fin_ && precedes(*fin_, piece->end())) news = news.first(distance(next_, *fin_));
    deliver(news);
  }
  pieces_.erase(pieces_.begin(), piece);
}

ReceiveSide::Outcome ReceiveSide::take(SequenceIndex first, Octets payload, bool fin) {
  assert(!finished_);
  Outcome outcome;
  const SequenceIndex end = first + payload.size();
  if (fin && !fin_ && precedes_or_is(next_, end) && precedes(end, edge_)) fin_ = end;
  // Cut to the window, and to the FIN: nothing follows it.
  const SequenceIndex limit = fin_ && precedes(*fin_, edge_) ? *fin_ : edge_;
  if (precedes(limit, end))
    payload = payload.first(payload.size() - std::min<std::size_t>(distance(limit, end), payload.size()));
  if (precedes(first, next_)) {
    payload = payload.subspan(std::min<std::size_t>(distance(first, next_), payload.size()));
    first = next_;
  }
  const SequenceIndex before = next_;
  if (first == next_) {
    deliver(payload);
    deliver_pieces();
  } else if (!payload.empty()) {
    outcome.dropped = !keep(first, payload);
  }
  outcome.delivered = distance(before, next_);
  finished_ = outcome.finished = fin_ && *fin_ == next_;
  if (finished_) {
    next_ += 1;
    pieces_.clear();
  }
  outcome.out_of_order = next_ == before;
  return outcome;
}

std::size_t ReceiveSide::possible_gain() const {
  const SequenceIndex possible = next_ + (capacity_ - std::min(capacity_, ready_.size()));
  return precedes(edge_, possible) ? distance(edge_, possible) : 0;
}

std::size_t ReceiveSide::worthwhile_gain(std::size_t segment_size) const {
  return std::max<std::size_t>(1, std::min(capacity_ / 2, segment_size));  // RFC 9293 3.8.6.2.2 with Fr = 1/2
}

void ReceiveSide::open_window(std::size_t segment_size) {
  const std::size_t gain = possible_gain();
  if (gain >= worthwhile_gain(segment_size)) edge_ += gain;
}

bool ReceiveSide::update_is_due(std::size_t segment_size) const {
  // With half the window still open the peer is not waiting, and the next acknowledgment tells it.
  return !finished_ && window() < capacity_ / 2 && possible_gain() >= worthwhile_gain(segment_size);
}

bool ReceiveSide::is_consistent() const {
  if (!precedes_or_is(next_, edge_) || distance(next_, edge_) > kWindowMax) return false;
  if (ready_.size() > capacity_ || pieces_.size() > kReassemblyPiecesMax || kept_octets() > capacity_) return false;
  if (finished_) return pieces_.empty();
  if (ready_.size() + window() > capacity_) return false;
  SequenceIndex previous = next_;
  for (const Piece& piece : pieces_) {
    const bool in_place = precedes(next_, piece.first) && precedes_or_is(previous, piece.first);
    if (!in_place || piece.octets.empty() || precedes(edge_, piece.end())) return false;
    previous = piece.first;
  }
  return true;
}

}  // namespace ssx::tcpip
