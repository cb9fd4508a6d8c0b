// model/ale/flow.h: the state of one ALE flow as a machine: how far its authorisation and protection are, and what that
// asks of others. Source: wfp-model.md 4.1, 4.7; authip.md 5.3 to 5.5; README.md U-23, U-24, U-30, U-34, U-36.
//
// The packet path decides about packets (ipsec/traffic_decision.h) and tells this machine what it found; the machine
// says when a negotiation starts, what becomes of the held packet and when the application must hear of a failure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "model/base/strong.h"
#include "model/base/time.h"

namespace ssx::ale {

/// What the flow must have; from its socket (wfp-model.md 4.4) and from administrators' filters.
struct FlowRequirements {
  bool security = false;
  bool encryption = false;
  friend bool operator==(const FlowRequirements&, const FlowRequirements&) = default;
};

// --- events
// -------------------------------------------------------------------------------------------------------------

/// An SA that the flow's packets may use or came under.
struct UsableSa {
  SaContextId context;
  bool encrypted = false;
  friend bool operator==(const UsableSa&, const UsableSa&) = default;
};

/// ALE permitted the flow, and this is what holds for its first packet.
struct Authorised {
  bool protection_wanted = false;  // an IPsec callout matches its traffic
  bool clear_allowed = false;      // … and all of them stand for discovery (P-17)
  bool has_policy = true;          // a main- and a quick-mode policy match
  std::optional<UsableSa> sa;      // it came under this one, or one is there already (C-229)
};
/// ALE refused it, at first or when it was authorised again.
struct Refused {};
/// A packet is to be sent that wants protection, and there is no SA for it.
struct ProtectionNeeded {
  bool clear_allowed = false;
};
/// The negotiation it waits for succeeded, or another one made an SA that fits.
struct SaReady {
  UsableSa sa;
};
/// A packet of it came under this SA.
struct ArrivedSecured {
  UsableSa sa;
};
struct SaGone {
  SaContextId context;
};
struct NegotiationFailed {
  std::uint32_t status = 0;
  bool wrong_target_name = false;
};
/// The application asks once more: connect, or another datagram.
struct Requested {};
/// Its socket is closed, or it was idle too long.
struct Ended {};
struct TimerFired {};
using FlowEvent = std::variant<Authorised, Refused, ProtectionNeeded, SaReady, ArrivedSecured, SaGone,
                               NegotiationFailed, Requested, Ended, TimerFired>;

// --- effects
// ------------------------------------------------------------------------------------------------------------

/// Ask the keying module for an SA. The flow waits for the answer.
struct StartNegotiation {
  bool guarantee_encryption = false;
  friend bool operator==(const StartNegotiation&, const StartNegotiation&) = default;
};
/// The held packet goes on its way; in clear only if `clear`.
struct ReleaseHeld {
  bool clear = false;
  friend bool operator==(const ReleaseHeld&, const ReleaseHeld&) = default;
};
struct DropHeld {
  friend bool operator==(const DropHeld&, const DropHeld&) = default;
};
/// The application's request fails.
enum class FlowFailure : std::uint8_t {
  kBlocked,   // ALE said no
  kNoPolicy,  // security is required and nothing says how (P-12)
  kSecurity,  // the negotiation failed and clear text is not allowed (P-11)
};
struct ReportFailure {
  FlowFailure why;
  std::uint32_t status = 0;  // ERROR_IPSEC_*
  friend bool operator==(const ReportFailure&, const ReportFailure&) = default;
};
using FlowEffect = std::variant<StartNegotiation, ReleaseHeld, DropHeld, ReportFailure>;

// --- states
// -------------------------------------------------------------------------------------------------------------

/// Neither permitted nor refused yet.
struct Pending {
  friend bool operator==(const Pending&, const Pending&) = default;
};
/// A negotiation runs. `clear_allowed`: packets leave in clear meanwhile, or a failure lets them.
struct Negotiating {
  bool clear_allowed = false;
  bool was_secure = false;             // discovery is over for this flow for good
  bool second = false;                 // an SA without cipher came out although encryption is required: the GE one runs
  std::optional<Instant> waits_until;  // allow_insecure_mode = negotiate_first: until then packets are held
  friend bool operator==(const Negotiating&, const Negotiating&) = default;
};
struct Clear {
  std::optional<std::uint32_t> failed;  // a negotiation failed with this status: none is started again (U-30)
  friend bool operator==(const Clear&, const Clear&) = default;
};
/// Under an SA. Without one it has been idle or its SA was deleted: the next packet negotiates, never in clear.
struct Secured {
  std::optional<SaContextId> context;
  bool encrypted = false;
  friend bool operator==(const Secured&, const Secured&) = default;
};
struct Failed {
  std::uint32_t status = 0;
  bool was_secure = false;
  friend bool operator==(const Failed&, const Failed&) = default;
};
/// Terminal.
struct Dead {
  friend bool operator==(const Dead&, const Dead&) = default;
};
using FlowState = std::variant<Pending, Negotiating, Clear, Secured, Failed, Dead>;
std::string_view to_string(const FlowState& state);

struct FlowConfig {
  FlowRequirements requirements;
  /// allow_insecure_wait of an open socket under allow_insecure_mode = negotiate_first; nothing: clear packets do not
  /// wait.
  std::optional<Duration> wait;
};
struct FlowStep {
  FlowState next;
  std::vector<FlowEffect> effects;
};
FlowStep step(FlowState state, const FlowEvent& event, Instant now, const FlowConfig& config);
std::optional<Instant> next_deadline(const FlowState& state);
/// What each state must have, given the flow's requirements; tests and debug builds check it after every step.
bool is_consistent(const FlowState& state, const FlowConfig& config);

/// The facts that packet decisions ask for.
bool has_been_secure(const FlowState& state);
bool is_negotiating(const FlowState& state);
bool has_failed(const FlowState& state);
/// No packet of it may pass in clear, whatever rules say: it requires security, was under an SA, or failed for good.
bool forbids_clear(const FlowState& state, const FlowConfig& config);

}  // namespace ssx::ale
