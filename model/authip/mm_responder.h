// model/authip/mm_responder.h: main mode, responder: #1, #2 and the GSS rounds #3, #4. Source: authip.md 2.3 to 2.5;
// states: AIPS "Start", "MM First Exchange Done", "GSS Done".
#pragma once

#include <variant>
#include <vector>

#include "model/authip/machine.h"

namespace ssx::authip::mm_responder {

/// #1, with what the session knows about the peer.
struct FirstMessage {
  const Message& message;
  MainModeChoice choice;
  TransportAddress local;
  TransportAddress remote;
  bool initial_contact = false;
};
struct GssMessageReceived {
  const Message& message;
};
using Event = std::variant<FirstMessage, GssMessageReceived>;

struct None {};
/// #2 was sent. `sa` exists as soon as the keys do: at once for anonymous, else when the own GSS context is complete.
struct FirstExchangeDone {
  MainModeTerms terms;
  ChainLink chain;
  gss_responder::State gss;
  std::shared_ptr<const MainModeSa> sa;
};
struct Failed {
  Failure failure;
};
using State = std::variant<None, FirstExchangeDone, Failed>;

struct Step {
  State next;
  std::vector<MachineEffect> effects;
};
/// Draws for #2, in this order, once #1 is found acceptable: cookie (8, repeated while it is zero), Nr (32), Nr(qm)
/// (32), the Diffie-Hellman private value.
Step step(State state, const Event& event, const Surroundings& at);
bool is_consistent(const State& state);

}  // namespace ssx::authip::mm_responder
