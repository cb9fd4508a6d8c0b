// model/authip/em_initiator.h: extended mode, initiator: E1 to E6. Source: authip.md 2.7, 3.4; states: AIPS "EM First
// Request Sent", "GSS Request Sent", "EM Final Request Sent", "EM Complete".
#pragma once

#include <variant>
#include <vector>

#include "model/authip/machine.h"

namespace ssx::authip::em_initiator {

struct Begin {
  std::shared_ptr<const MainModeSa> main_mode;
  std::vector<AuthOption> methods;
  TargetNames target;
  std::optional<identity::Principal> user;  // set where the policy wants the socket's owner
};
struct ResponseReceived {
  const Message& message;
};
using Event = std::variant<Begin, ResponseReceived, Refused, TimedOut>;

struct None {};
struct FirstRequestSent {
  Begin offer;
  ChainLink chain;  // X1
};
struct GssRequestSent {
  std::shared_ptr<const MainModeSa> main_mode;
  std::string peer_gss_id;
  ChainLink chain;
  gss_initiator::State gss;
};
struct FinalRequestSent {  // E5 is out and the inbound SA installed
  ExtendedModeResult result;
  crypto::Digest auth4;  // expected in E6
};
struct Done {
  ExtendedModeResult result;
};
struct Failed {
  Failure failure;
};
using State = std::variant<None, FirstRequestSent, GssRequestSent, FinalRequestSent, Done, Failed>;

struct Step {
  State next;
  std::vector<MachineEffect> effects;
};
/// Draws only what the mechanisms draw.
Step step(State state, const Event& event, const Surroundings& at);
/// SKEYID_em and what it proves, from E5 on: the quick mode is keyed with it.
const ExtendedModeResult* result(const State& state);
bool is_consistent(const State& state);

}  // namespace ssx::authip::em_initiator
