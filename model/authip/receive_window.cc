#include "model/authip/receive_window.h"

#include <algorithm>
#include <cassert>
#include <limits>

namespace ssx::authip {
namespace {

void keep_last(std::deque<AnsweredRequest>& answers) {
  while (answers.size() > kAnsweredRequestsMax) answers.pop_front();
}

}  // namespace

SequenceVerdict OrderedWindow::judge(MessageId message_id, std::uint32_t sequence) const {
  // D-13: the next number is processed, the last one of the exchange is a repeat, anything else is dropped.
  if (sequence == next_) return SequenceVerdict::kNew;
  const AnsweredRequest* last = find(message_id);
  return last != nullptr && last->sequence == sequence ? SequenceVerdict::kRepeat : SequenceVerdict::kOutOfTurn;
}

void OrderedWindow::accept(MessageId message_id, std::uint32_t sequence, OctetVector request) {
  assert(sequence == next_);
  next_ = sequence + 1;
  std::erase_if(answers_, [&](const AnsweredRequest& known) { return known.message_id == message_id; });
  answers_.push_back({message_id, sequence, std::move(request), {}, {}});
  keep_last(answers_);
}

void OrderedWindow::answered(MessageId message_id, OctetVector response, std::string name) {
  const auto found = std::ranges::find(answers_, message_id, &AnsweredRequest::message_id);
  assert(found != answers_.end());
  found->response = std::move(response);
  found->name = std::move(name);
}

const AnsweredRequest* OrderedWindow::find(MessageId message_id) const {
  const auto found = std::ranges::find(answers_, message_id, &AnsweredRequest::message_id);
  return found == answers_.end() ? nullptr : &*found;
}

SequenceVerdict NotifyWindow::judge(std::uint32_t sequence) const {
  if (sequence == std::numeric_limits<std::uint32_t>::max()) return SequenceVerdict::kOutOfTurn;
  if (seen_.check(SequenceNumber{sequence + 1})) return SequenceVerdict::kNew;  // the window's own numbers start at 1
  return find(sequence) != nullptr ? SequenceVerdict::kRepeat : SequenceVerdict::kOutOfTurn;
}

void NotifyWindow::accept(MessageId message_id, std::uint32_t sequence, OctetVector request) {
  seen_.update(SequenceNumber{sequence + 1});
  answers_.push_back({message_id, sequence, std::move(request), {}, {}});
  keep_last(answers_);
}

void NotifyWindow::answered(std::uint32_t sequence, OctetVector response, std::string name) {
  const auto found = std::ranges::find(answers_, sequence, &AnsweredRequest::sequence);
  assert(found != answers_.end());
  found->response = std::move(response);
  found->name = std::move(name);
}

const AnsweredRequest* NotifyWindow::find(std::uint32_t sequence) const {
  const auto found = std::ranges::find(answers_, sequence, &AnsweredRequest::sequence);
  return found == answers_.end() ? nullptr : &*found;
}

}  // namespace ssx::authip
