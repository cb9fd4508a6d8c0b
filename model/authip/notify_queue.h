// model/authip/notify_queue.h: reliable notifies about one main mode or one quick mode: one at a time, the others wait.
// Source: authip.md 2.9, AIPS 3.1.1, 3.1.5.3, 3.1.7.5.
#pragma once

#include <deque>
#include <optional>
#include <variant>
#include <vector>

#include "model/authip/payloads.h"

namespace ssx::authip::notify_queue {

/// A notify to send; NOTIFY_ACQUIRE brings its IDs along in the chain.
struct Post {
  PayloadChain payloads;
  bool reliable = false;
};
struct Acknowledged {};
struct GaveUp {};
using Event = std::variant<Post, Acknowledged, GaveUp>;

struct Transmit {
  PayloadChain payloads;
  bool reliable = false;
};

struct Idle {};
struct AwaitingAck {
  std::deque<PayloadChain> queue;
};
using State = std::variant<Idle, AwaitingAck>;

struct Step {
  State next;
  std::optional<Transmit> transmit;
};
Step step(State state, const Event& event);

}  // namespace ssx::authip::notify_queue
