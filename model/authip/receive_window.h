// model/authip/receive_window.h: which received requests are new, which are repeats, which are out of turn, and the
// answers that are repeated. One window per exchange class and direction. Source: authip.md 1.7 seqNUM, D-13, D-53.
#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "crypto/replay_window.h"
#include "model/base/octets.h"
#include "model/base/strong.h"

namespace ssx::authip {

enum class SequenceVerdict : std::uint8_t { kNew, kRepeat, kOutOfTurn };

/// A request that was processed, with the answer it got.
struct AnsweredRequest {
  MessageId message_id;
  std::uint32_t sequence = 0;
  OctetVector request;
  OctetVector response;  // empty: it had none
  std::string name;
};

/// Answers kept per window: repeats of an older exchange are dropped, its initiator has long gone on.
inline constexpr std::size_t kAnsweredRequestsMax = 40;

/// Main, quick and extended mode: strictly one after the other. The last request of each Message ID may be repeated,
/// since quick modes that run at the same time share one counter.
class OrderedWindow {
 public:
  SequenceVerdict judge(MessageId message_id, std::uint32_t sequence) const;
  /// The request was authentic (or clear and well formed) and is processed from here on.
  void accept(MessageId message_id, std::uint32_t sequence, OctetVector request);
  /// The answer to the last accepted request of that Message ID.
  void answered(MessageId message_id, OctetVector response, std::string name);
  const AnsweredRequest* find(MessageId message_id) const;
  std::uint32_t next() const { return next_; }

 private:
  std::uint32_t next_ = 0;
  std::deque<AnsweredRequest> answers_;
};

/// Notify exchanges: an unreliable notify may be lost for good, so gaps are allowed, each number is taken once.
class NotifyWindow {
 public:
  SequenceVerdict judge(std::uint32_t sequence) const;
  void accept(MessageId message_id, std::uint32_t sequence, OctetVector request);
  void answered(std::uint32_t sequence, OctetVector response, std::string name);
  const AnsweredRequest* find(std::uint32_t sequence) const;

 private:
  crypto::ReplayWindow seen_{64};
  std::deque<AnsweredRequest> answers_;
};

}  // namespace ssx::authip
