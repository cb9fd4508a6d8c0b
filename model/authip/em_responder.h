// model/authip/em_responder.h: extended mode, responder: E1 to E6. Source: authip.md 2.7, 3.4; states: AIPS "QM Done",
// "EM First Exchange Done", "GSS Done", "EM Complete".
#pragma once

#include <variant>
#include <vector>

#include "model/authip/machine.h"

namespace ssx::authip::em_responder {

/// The first quick mode is done; `methods` are what the policy allows as second authentication (none: E1 is refused).
struct Begin {
  std::shared_ptr<const MainModeSa> main_mode;
  std::vector<AuthOption> methods;
};
struct RequestReceived {
  const Message& message;
};
using Event = std::variant<Begin, RequestReceived>;

struct None {};
struct Waiting {  // for E1
  std::shared_ptr<const MainModeSa> main_mode;
  std::vector<AuthOption> methods;
};
struct FirstExchangeDone {
  std::shared_ptr<const MainModeSa> main_mode;
  ChainLink chain;
  gss_responder::State gss;
};
struct Done {
  ExtendedModeResult result;
};
struct Failed {
  Failure failure;
};
using State = std::variant<None, Waiting, FirstExchangeDone, Done, Failed>;

struct Step {
  State next;
  std::vector<MachineEffect> effects;
};
Step step(State state, const Event& event, const Surroundings& at);
const ExtendedModeResult* result(const State& state);
bool is_consistent(const State& state);

}  // namespace ssx::authip::em_responder
