// model/authip/mm_initiator.h: main mode, initiator: #1, #2 and the GSS rounds #3, #4. Source: authip.md 2.3 to 2.5;
// states: AIPS "MM First Packet Sent", "GSS Request Sent", "GSS Done".
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "crypto/dh.h"
#include "model/authip/machine.h"

namespace ssx::authip::mm_initiator {

/// What one negotiation offers. `run` is one group's entries (D-16).
struct Begin {
  MainModeChoice choice;
  std::vector<MainModeEntry> run;
  Cookie initiator_cookie{};
  TransportAddress local;
  TransportAddress remote;
  bool initial_contact = false;
  TargetNames target;
  std::optional<identity::Principal> user;  // set where the policy wants the socket's owner
  bool extended_mode_follows = false;       // the anonymous peer will be authenticated later
};
struct ResponseReceived {
  const Message& message;
};
using Event = std::variant<Begin, ResponseReceived, Refused, TimedOut>;

struct None {};  // nothing sent yet
struct FirstPacketSent {
  Begin offer;
  std::vector<AuthOption> methods;  // as listed in #1
  OctetVector ni;
  std::optional<crypto::DhKeyPair> diffie_hellman;
  ChainLink chain;  // C1
};
struct GssRequestSent {
  MainModeTerms terms;
  ChainLink chain;
  gss_initiator::State gss;
};
struct Done {  // keys exist; #5 may be sent
  std::shared_ptr<const MainModeSa> sa;
};
struct Failed {
  Failure failure;
};
using State = std::variant<None, FirstPacketSent, GssRequestSent, Done, Failed>;

struct Step {
  State next;
  std::vector<MachineEffect> effects;
};
/// Draws for #1, in this order: Ni (32), the Diffie-Hellman private value. The cookie was drawn by the session before.
Step step(State state, const Event& event, const Surroundings& at);
bool is_consistent(const State& state);

}  // namespace ssx::authip::mm_initiator
