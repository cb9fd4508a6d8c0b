// model/authip/qm_initiator.h: quick mode, initiator: #5 to #8, first or later. Source: authip.md 2.6, D-10, D-11;
// states: AIPS "QM First Packet Sent", "QM Second Packet Sent", "QM Done".
#pragma once

#include <variant>
#include <vector>

#include "model/authip/machine.h"
#include "model/authip/qm_common.h"

namespace ssx::authip::qm_initiator {

struct Begin {
  std::shared_ptr<const MainModeSa> main_mode;
  MessageId id;  // 0: the first quick mode
  ipsec::TrafficSelector selector;
  QuickModeChoice choice;
  std::string target_name;
  std::optional<identity::Principal> user;
  ReservedSpis reserved;
  bool extended_mode_follows = false;
};
struct ResponseReceived {
  const Message& message;
};
using Event = std::variant<Begin, ResponseReceived, Refused, TimedOut>;

struct None {};
struct FirstPacketSent {
  Begin offer;
  std::vector<QuickModeEntry> entries;
  std::vector<Spi> spis;
  OctetVector ni;
  bool fast = false;
};
struct SecondPacketSent {  // #7 is out: inbound is installed unless extended mode follows
  QuickModeAgreement agreement;
  bool extended_mode_follows = false;
};
struct Done {
  QuickModeAgreement agreement;
};
struct Failed {
  Failure failure;
};
using State = std::variant<None, FirstPacketSent, SecondPacketSent, Done, Failed>;

struct Step {
  State next;
  std::vector<MachineEffect> effects;
};
/// Draws for #5, in this order: one SPI (4) per transform of the longest proposal, Ni(qm) (32). The Message ID of a
/// later quick mode was drawn by the session before; the IV is drawn after, when the message is sealed.
Step step(State state, const Event& event, const Surroundings& at);
/// The agreement, as soon as there is one.
const QuickModeAgreement* agreement(const State& state);
bool is_consistent(const State& state);

}  // namespace ssx::authip::qm_initiator
