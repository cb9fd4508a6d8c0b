// model/authip/requester.h: one outstanding request and its retransmissions. Source: authip.md 2.12, D-12.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "model/authip/engine.h"

namespace ssx::authip::requester {

/// How long a request is repeated. Gaps double: 2, 4, 8, … s.
struct Series {
  int retransmissions_max = 0;
  std::optional<Duration> give_up_after;  // IKEEXT_POLICY retransmitDurationSecs: ends the series there (U-35)
  friend bool operator==(const Series&, const Series&) = default;
};
/// D-12: win7 3 retransmissions for #1 and 4 for any other request, normative 7, vista 4.
Series series(Profile profile, bool first_packet, std::uint32_t retransmit_duration_seconds);

struct Send {  // a new request leaves now
  OctetVector datagram;
  std::string name;
  Series series;
};
struct Answered {};
struct TimerFired {};
using Event = std::variant<Send, Answered, TimerFired>;

struct Transmit {
  OctetVector datagram;
  std::string name;
  friend bool operator==(const Transmit&, const Transmit&) = default;
};
struct GaveUp {
  friend bool operator==(const GaveUp&, const GaveUp&) = default;
};
using Effect = std::variant<Transmit, GaveUp>;

struct Idle {};
struct Waiting {
  OctetVector datagram;  // kept: a retransmission is the same octets
  std::string name;
  Series series;
  Instant sent_at;
  int retransmissions = 0;
  Instant deadline;
};
using State = std::variant<Idle, Waiting>;

struct Step {
  State next;
  std::vector<Effect> effects;
};
Step step(State state, const Event& event, Instant now);
std::optional<Instant> next_deadline(const State& state);
bool is_consistent(const State& state);

}  // namespace ssx::authip::requester
