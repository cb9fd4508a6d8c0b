// model/authip/machine.h: what the machines of the exchanges share: surroundings, messages in, effects out, failures.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/authip/engine.h"
#include "model/authip/main_mode_sa.h"
#include "model/authip/message_protection.h"

namespace ssx::authip {

/// What a step may look at. `environment.random` is drawn from in the order that each builder states.
struct Surroundings {
  const Config& config;
  const Environment& environment;
  identity::ReplayCache& replays;  // of this host, for the mechanisms that need one
  Instant now;
};

/// A message whose Crypto payload was accepted: clear, or authentic and decrypted.
struct Message {
  MessageHeader header;
  bool encrypted = false;
  PayloadChain chain;   // B(n)
  PayloadSet payloads;  // checked for form
};

// --- effects of a machine; the session seals, numbers and repeats
// ----------------------------------------------------------

struct SendRequest {
  ExchangeType exchange = ExchangeType::kMainMode;
  bool encrypted = false;
  PayloadChain payloads;
  std::string name;
};
struct SendResponse {
  bool encrypted = false;
  bool clear_iv = false;
  PayloadChain payloads;
  std::string name;
};
/// The quick mode's agreement may be keyed and installed now.
struct AddInboundSa {};
struct AddOutboundSa {};
struct Note {
  Decision decision;
};
using MachineEffect = std::variant<SendRequest, SendResponse, AddInboundSa, AddOutboundSa, Note>;

/// How the peer is told that a negotiation failed.
enum class TellPeer : std::uint8_t { kNothing, kStatus, kNoProposalChosen };

/// A negotiation's end without success, with all that travels to the edge.
struct Failure {
  std::uint32_t status = 0;
  Phase phase = Phase::kMainMode;
  FailurePoint point = FailurePoint::kMe;
  TellPeer tell = TellPeer::kStatus;
  bool wrong_target_name = false;
  bool extended_mode_refused = false;  // E1 was answered with a status (U-11)
  std::string words;
  std::string rule;
};
/// An invalid message found by this side (authip.md 2.15).
inline Failure invalid_message(Phase phase, Invalid invalid, std::string rule) {
  Failure failure;
  failure.status = invalid.status;
  failure.phase = phase;
  failure.words = std::move(invalid.words);
  failure.rule = std::move(rule);
  return failure;
}
/// NOTIFY_STATUS from the peer: nothing goes back (authip.md 2.15 row 13).
inline Failure refused_by_peer(Phase phase, std::uint32_t status, std::string words) {
  Failure failure;
  failure.status = status;
  failure.phase = phase;
  failure.point = FailurePoint::kPeer;
  failure.tell = TellPeer::kNothing;
  failure.words = std::move(words);
  failure.rule = "authip.md 2.15 A-187";
  return failure;
}

inline Note note(std::string phase, std::string subject, std::string outcome, std::string object, std::string rule,
                 std::vector<NearMiss> beaten = {}) {
  return Note{{std::move(phase), std::move(subject), std::move(outcome), std::move(object), std::move(beaten),
               std::move(rule)}};
}

/// Events that every initiator's machine knows beside its responses.
struct Refused {  // NOTIFY_STATUS or NO-PROPOSAL-CHOSEN about this negotiation
  std::uint32_t status = 0;
};
struct TimedOut {};  // retransmissions used up

/// Target names of a negotiation against the name a peer presents (D-32).
bool target_name_matches(const TargetNames& target, const std::string& presented);

}  // namespace ssx::authip
