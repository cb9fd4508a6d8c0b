#include "model/authip/requester.h"

#include <algorithm>
#include <cassert>

#include "model/base/overloaded.h"

namespace ssx::authip::requester {
namespace {

using std::chrono::seconds;

/// authip.md 2.12: retransmission k (from 1) leaves 2^(k+1) - 2 s after the first transmission: 2, 6, 14, 30, 62, …
Duration offset(int retransmission) { return seconds((std::int64_t{1} << (retransmission + 1)) - 2); }

Instant deadline_after(const Waiting& waiting) {
  const Instant next = waiting.sent_at + offset(waiting.retransmissions + 1);
  if (!waiting.series.give_up_after) return next;
  return std::min(next, waiting.sent_at + *waiting.series.give_up_after);
}

bool is_last(const Waiting& waiting) {
  if (waiting.series.give_up_after) return waiting.deadline >= waiting.sent_at + *waiting.series.give_up_after;
  return waiting.retransmissions == waiting.series.retransmissions_max;
}

Step send(const Send& request, Instant now) {
  Waiting waiting{request.datagram, request.name, request.series, now, 0, now};
  waiting.deadline = deadline_after(waiting);
  std::vector<Effect> effects{Transmit{request.datagram, request.name}};
  return {std::move(waiting), std::move(effects)};
}

Step on(Idle idle, const Event& event, Instant now) {
  return std::visit(Overloaded{
                        [&](const Send& request) -> Step { return send(request, now); },
                        [&](const Answered&) -> Step {
                          return {idle, {}};
                        },
                        [&](const TimerFired&) -> Step {
                          return {idle, {}};
                        },
                    },
                    event);
}

Step on(Waiting waiting, const Event& event, Instant now) {
  return std::visit(
      Overloaded{
          [&](const Send& request) -> Step { return send(request, now); },  // the next request implies the answer
          [&](const Answered&) -> Step {
            return {Idle{}, {}};
          },
          [&](const TimerFired&) -> Step {
            if (now < waiting.deadline) return {std::move(waiting), {}};  // early or spurious
            if (is_last(waiting)) return {Idle{}, {GaveUp{}}};
            ++waiting.retransmissions;
            waiting.deadline = deadline_after(waiting);
            std::vector<Effect> effects{Transmit{waiting.datagram, waiting.name}};
            return {std::move(waiting), std::move(effects)};
          },
      },
      event);
}

}  // namespace

Series series(Profile profile, bool first_packet, std::uint32_t retransmit_duration_seconds) {
  Series result;
  switch (profile) {
    case Profile::kWin7: result.retransmissions_max = first_packet ? 3 : 4; break;
    case Profile::kNormative: result.retransmissions_max = 7; break;
    case Profile::kVista: result.retransmissions_max = 4; break;
  }
  if (retransmit_duration_seconds != 0) result.give_up_after = seconds(retransmit_duration_seconds);
  return result;
}

Step step(State state, const Event& event, Instant now) {
  return std::visit([&](auto&& current) { return on(std::move(current), event, now); }, std::move(state));
}

std::optional<Instant> next_deadline(const State& state) {
  if (const auto* waiting = std::get_if<Waiting>(&state)) return waiting->deadline;
  return std::nullopt;
}

bool is_consistent(const State& state) {
  const auto* waiting = std::get_if<Waiting>(&state);
  return waiting == nullptr ||
         (!waiting->datagram.empty() && waiting->retransmissions >= 0 && waiting->deadline >= waiting->sent_at);
}

}  // namespace ssx::authip::requester
