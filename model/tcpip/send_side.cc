#include "model/tcpip/send_side.h"

#include <algorithm>
#include <cassert>

namespace ssx::tcpip {

SendSide::SendSide(const RtoConfig& rto, std::size_t capacity, std::size_t segment_size)
    : capacity_(capacity), segment_size_(segment_size), rto_(rto), congestion_(segment_size, false) {
  assert(segment_size > 0);
}

void SendSide::open(SequenceIndex initial_sequence) {
  initial_sequence_ = initial_sequence;
  unacknowledged_ = initial_sequence;
  next_ = highest_ = initial_sequence + 1;
}

void SendSide::connect(std::uint16_t window, SequenceIndex segment_sequence, const Handshake& handshake, Instant now) {
  assert(!syn_acknowledged_);
  syn_acknowledged_ = true;
  unacknowledged_ = next_ = highest_ = initial_sequence_ + 1;
  window_ = window_max_ = window;
  window_sequence_ = segment_sequence;
  window_acknowledgment_ = unacknowledged_;
  // RFC 6298 5.7 and 3: a repeated SYN gives no sample, and the initial time-out stays.
  if (handshake.retransmissions == 0) rto_.sample(now - handshake.sent_at);
  congestion_ = CongestionWindow(segment_size_, handshake.retransmissions > 0);
}

void SendSide::limit_segment_size(std::size_t segment_size) {
  assert(segment_size > 0);
  segment_size_ = std::min(segment_size_, segment_size);
  congestion_.set_segment_size(segment_size_);
}

void SendSide::shrink_segment_size(std::size_t segment_size) {
  if (segment_size >= segment_size_) return;
  limit_segment_size(segment_size);
  if (!syn_acknowledged_) return;
  next_ = unacknowledged_;
  timed_.reset();
}

std::size_t SendSide::queue(Octets octets) {
  const std::size_t taken = std::min(octets.size(), space());
  queue_.push(octets.first(taken));
  return taken;
}

void SendSide::abandon() {
  queue_.clear();
  fin_queued_ = fin_acknowledged_ = false;
  unacknowledged_ = next_ = highest_;
  timed_.reset();
  timer_.reset();
  retransmissions_ = 0;
}

std::size_t SendSide::unsent() const { return queue_.size() - std::min(in_flight(), queue_.size()); }

bool SendSide::fin_due() const { return fin_queued_ && !fin_acknowledged_ && in_flight() <= queue_.size(); }

bool SendSide::anything_to_do() const { return unacknowledged_ != highest_ || unsent() > 0 || fin_due(); }

Octets SendSide::octets_of(const Transmission& transmission) const {
  return queue_.view().subspan(distance(unacknowledged_, transmission.first), transmission.octets);
}

Transmission SendSide::transmission_at(SequenceIndex first, std::size_t octets, bool fin) const {
  const bool last = distance(unacknowledged_, first) + octets == queue_.size();
  return {first, octets, fin, octets > 0 && last};
}

// How many octets may go out at SND.NXT; 0 also when it is wiser to wait.
std::size_t SendSide::allowed_octets() const {
  const std::size_t limit = std::min<std::size_t>(window_, congestion_.window());
  const std::size_t usable = limit > in_flight() ? limit - in_flight() : 0;
  const std::size_t octets = std::min({unsent(), usable, segment_size_});
  // RFC 9293 3.8.6.2.1: no silly segment; a full one, all there is, or half of the largest window offered.
  const bool silly = octets < segment_size_ && octets < unsent() && octets * 2 < window_max_;
  return silly ? 0 : octets;
}

void SendSide::advance(const Transmission& transmission, Instant now) {
  const bool is_new = transmission.first == highest_;
  next_ = transmission.first + transmission.octets + (transmission.fin ? 1U : 0U);
  if (precedes(highest_, next_)) highest_ = next_;
  if (is_new && !timed_) timed_ = Timing{next_, now};
}

std::optional<Transmission> SendSide::next_transmission(Instant now) {
  const std::size_t octets = allowed_octets();
  const bool window_has_room = in_flight() + octets < window_;  // a FIN takes one number of the window (3.4)
  const bool fin = fin_due() && octets == unsent() && window_has_room;
  if (octets == 0 && !fin) return std::nullopt;
  const Transmission transmission = transmission_at(next_, octets, fin);
  advance(transmission, now);
  return transmission;
}

Transmission SendSide::repeat_first() {
  timed_.reset();  // Karn: RFC 6298 3
  const std::size_t sent = std::min<std::size_t>(distance(unacknowledged_, highest_), queue_.size());
  const std::size_t octets = std::min(sent, segment_size_);
  const bool fin_sent = distance(unacknowledged_, highest_) > queue_.size();
  return transmission_at(unacknowledged_, octets, fin_sent && octets == queue_.size());
}

void SendSide::schedule(Instant now) {
  if (!anything_to_do()) {
    timer_.reset();
  } else if (!timer_) {
    timer_ = now + rto_.rto();  // RFC 6298 5.1, and RFC 9293 3.8.6.1 for a closed window
  }
}

std::optional<Transmission> SendSide::on_timer(Instant now) {
  if (!timer_ || now < *timer_) return std::nullopt;
  ++retransmissions_;
  rto_.back_off();
  timer_ = now + rto_.rto();  // RFC 6298 5.5, 5.6
  timed_.reset();
  const bool probe = window_ == 0;  // RFC 9293 3.8.6.1: one octet of new data
  if (!probe && unacknowledged_ != highest_ && retransmissions_ == 1) congestion_.on_timeout(highest_, in_flight());
  next_ = unacknowledged_;
  const std::size_t limit = probe ? 1 : std::min<std::size_t>(segment_size_, window_);
  const std::size_t octets = std::min(queue_.size(), limit);
  const bool fin = fin_queued_ && octets == queue_.size() && octets < limit;
  const Transmission transmission = transmission_at(next_, octets, fin);
  advance(transmission, now);
  timed_.reset();  // a forced segment may be refused for its window: no sample
  if (probe) next_ = unacknowledged_;
  return transmission;
}

bool SendSide::acknowledgment_is_plausible(SequenceIndex acknowledgment) const {
  const SequenceIndex oldest = unacknowledged_ - window_max_;
  return precedes_or_is(oldest, acknowledgment) && precedes_or_is(acknowledgment, highest_);
}

bool SendSide::update_window(SequenceIndex segment_sequence, SequenceIndex acknowledgment, std::uint16_t window) {
  // RFC 9293 3.10.7.4 fifth: WL1 and WL2 keep an old segment from taking the window back.
  const bool newer = precedes(window_sequence_, segment_sequence) ||
                     (window_sequence_ == segment_sequence && precedes_or_is(window_acknowledgment_, acknowledgment));
  if (!newer) return false;
  const bool changed = window != window_;
  const bool opened = window_ == 0 && window != 0;
  window_ = window;
  window_max_ = std::max(window_max_, window_);
  window_sequence_ = segment_sequence;
  window_acknowledgment_ = acknowledgment;
  if (opened) {
    rto_.forget_back_off();
    timer_.reset();
  }
  return changed;
}

AckOutcome SendSide::on_new_acknowledgment(SequenceIndex acknowledgment, Instant now) {
  const std::size_t flight = in_flight();
  const std::size_t acknowledged = distance(unacknowledged_, acknowledgment);
  AckOutcome outcome;
  outcome.octets = std::min(acknowledged, queue_.size());
  outcome.fin = acknowledged > queue_.size();
  queue_.pop(outcome.octets);
  if (outcome.fin) fin_acknowledged_ = true;
  unacknowledged_ = acknowledgment;
  if (precedes(next_, unacknowledged_)) next_ = unacknowledged_;
  if (timed_ && precedes_or_is(timed_->end, acknowledgment)) {
    rto_.sample(now - timed_->sent_at);
    timed_.reset();
  }
  retransmissions_ = 0;
  timer_.reset();  // RFC 6298 5.2, 5.3: schedule() starts it anew if anything is outstanding
  const bool again =
      congestion_.on_acknowledgment(acknowledgment, acknowledged, flight - std::min(flight, acknowledged));
  outcome.retransmit_first = again && unacknowledged_ != highest_;
  return outcome;
}

AckOutcome SendSide::on_acknowledgment(SequenceIndex acknowledgment, SequenceIndex segment_sequence,
                                       std::uint16_t window, bool bare, Instant now) {
  const bool outstanding = unacknowledged_ != highest_;
  AckOutcome outcome;
  if (precedes(unacknowledged_, acknowledgment)) outcome = on_new_acknowledgment(acknowledgment, now);
  const bool is_current = unacknowledged_ == acknowledgment;
  const bool window_changed = is_current && update_window(segment_sequence, acknowledgment, window);
  if (window_ == 0) retransmissions_ = 0;  // RFC 9293 3.8.6.1: a peer that answers probes may keep its window closed
  const bool nothing_new = outcome.octets == 0 && !outcome.fin;
  // RFC 5681 2: what counts as a duplicate acknowledgment.
  if (nothing_new && is_current && bare && outstanding && !window_changed && window_ != 0) {
    outcome.retransmit_first = congestion_.on_duplicate(acknowledgment, highest_, in_flight());
  }
  return outcome;
}

bool SendSide::is_consistent() const {
  if (!precedes_or_is(unacknowledged_, next_) || !precedes_or_is(next_, highest_)) return false;
  if (queue_.size() > capacity_) return false;
  if (fin_acknowledged_ && (!fin_queued_ || !queue_.empty())) return false;
  if (timed_ && !precedes_or_is(timed_->end, highest_)) return false;
  if (!syn_acknowledged_) return !timer_;
  const std::size_t most = queue_.size() + (fin_queued_ && !fin_acknowledged_ ? 1U : 0U);
  if (distance(unacknowledged_, highest_) > most) return false;
  return timer_.has_value() == anything_to_do();
}

}  // namespace ssx::tcpip
