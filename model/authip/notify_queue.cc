#include "model/authip/notify_queue.h"

#include "model/base/overloaded.h"

namespace ssx::authip::notify_queue {
namespace {

/// The outstanding notify is over, one way or the other: the next one leaves.
Step advance(AwaitingAck s) {
  if (s.queue.empty()) return {Idle{}, std::nullopt};
  PayloadChain next = std::move(s.queue.front());
  s.queue.pop_front();
  return {std::move(s), Transmit{std::move(next), true}};
}

Step on(Idle s, const Event& event) {
  return std::visit(Overloaded{
                        [&](const Post& post) -> Step {
                          if (!post.reliable) return {s, Transmit{post.payloads, false}};
                          return {AwaitingAck{}, Transmit{post.payloads, true}};
                        },
                        [&](const Acknowledged&) -> Step {
                          return {s, std::nullopt};
                        },
                        [&](const GaveUp&) -> Step {
                          return {s, std::nullopt};
                        },
                    },
                    event);
}

Step on(AwaitingAck s, const Event& event) {
  return std::visit(Overloaded{
                        [&](const Post& post) -> Step {
                          if (!post.reliable) return {std::move(s), Transmit{post.payloads, false}};
                          s.queue.push_back(post.payloads);
                          return {std::move(s), std::nullopt};
                        },
                        [&](const Acknowledged&) -> Step { return advance(std::move(s)); },
                        [&](const GaveUp&) -> Step { return advance(std::move(s)); },
                    },
                    event);
}

}  // namespace

Step step(State state, const Event& event) {
  return std::visit([&](auto&& current) { return on(std::move(current), event); }, std::move(state));
}

}  // namespace ssx::authip::notify_queue
