// model/authip/qm_responder.h: quick mode, responder: #5 to #8, first or later. Source: authip.md 2.6, D-10, D-11,
// D-20; states: AIPS "QM First Exchange Done", "QM Done".
#pragma once

#include <variant>
#include <vector>

#include "model/authip/machine.h"
#include "model/authip/qm_common.h"

namespace ssx::authip::qm_responder {

struct RequestReceived {  // #5
  const Message& message;
  std::shared_ptr<const MainModeSa> main_mode;
  IpAddress local;
  IpAddress remote;
  ReservedSpis reserved;
  bool first = true;
  bool extended_mode_done = false;  // under this main mode (D-10: it is not repeated)
};
struct SynchronizeReceived {  // #7
  const Message& message;
};
using Event = std::variant<RequestReceived, SynchronizeReceived>;

struct None {};
/// A normal quick mode waits for #7.
struct FirstExchangeDone {
  QuickModeAgreement agreement;
  bool extended_mode_required = false;
};
struct Done {
  QuickModeAgreement agreement;
  bool extended_mode_required = false;  // nothing is installed before E6
};
struct Failed {
  Failure failure;
};
using State = std::variant<None, FirstExchangeDone, Done, Failed>;

struct Step {
  State next;
  std::vector<MachineEffect> effects;
};
/// Draws for #6, in this order: one SPI (4) per transform of the chosen proposal; in a later quick mode Nr(qm) (32).
/// The IV is drawn after, when the message is sealed.
Step step(State state, const Event& event, const Surroundings& at);
const QuickModeAgreement* agreement(const State& state);
bool is_consistent(const State& state);

/// What a policy says about extended mode: its methods without anonymous, and whether anonymous makes it optional
/// (U-10).
struct ExtendedModeWish {
  std::vector<AuthOption> methods;
  bool optional = false;
  bool impersonation = false;
};
ExtendedModeWish extended_mode_wish(const wfp::QuickModePolicy& policy);

}  // namespace ssx::authip::qm_responder
