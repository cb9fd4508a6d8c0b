#include "model/ale/flow.h"

#include "model/base/overloaded.h"

namespace ssx::ale {
namespace {

FlowStep stay(FlowState state) { return {std::move(state), {}}; }
FlowStep dead() { return {Dead{}, {}}; }

bool satisfies(const UsableSa& sa, const FlowConfig& config) { return sa.encrypted || !config.requirements.encryption; }

bool must_be_secure(const FlowConfig& config) { return config.requirements.security || config.requirements.encryption; }

/// Into Negotiating; discovery is over where the flow must be, or has been, under an SA.
FlowStep negotiate(bool clear_allowed, bool was_secure, Instant now, const FlowConfig& config) {
  Negotiating next;
  next.clear_allowed = clear_allowed && !was_secure && !must_be_secure(config);
  next.was_secure = was_secure;
  if (next.clear_allowed && config.wait) next.waits_until = now + *config.wait;
  return {next, {StartNegotiation{config.requirements.encryption}}};
}

FlowStep secured(const UsableSa& sa) { return {Secured{sa.context, sa.encrypted}, {}}; }
FlowStep secured_after_waiting(const UsableSa& sa) { return {Secured{sa.context, sa.encrypted}, {ReleaseHeld{false}}}; }

FlowStep on_authorised(const Authorised& found, Instant now, const FlowConfig& config) {
  if (found.sa && satisfies(*found.sa, config)) return secured(*found.sa);
  const bool came_secured = found.sa.has_value();
  if (!came_secured && !found.protection_wanted && !must_be_secure(config)) return stay(Clear{});
  // P-12: security is required and nothing says how.
  if (must_be_secure(config) && !found.has_policy) {
    return {Dead{}, {DropHeld{}, ReportFailure{FlowFailure::kNoPolicy, 0}}};
  }
  return negotiate(found.clear_allowed, came_secured, now, config);
}

FlowStep on(Pending state, const FlowEvent& event, Instant now, const FlowConfig& config) {
  return std::visit(Overloaded{
                        [&](const Authorised& found) { return on_authorised(found, now, config); },
                        [&](const Refused&) -> FlowStep {
                          return {Dead{}, {DropHeld{}, ReportFailure{FlowFailure::kBlocked, 0}}};
                        },
                        [&](const ProtectionNeeded&) { return stay(state); },
                        [&](const SaReady&) { return stay(state); },
                        [&](const ArrivedSecured&) { return stay(state); },
                        [&](const SaGone&) { return stay(state); },
                        [&](const NegotiationFailed&) { return stay(state); },
                        [&](const Requested&) { return stay(state); },
                        [&](const Ended&) { return dead(); },
                        [&](const TimerFired&) { return stay(state); },
                    },
                    event);
}

/// 4.7: an SA is there; without a cipher although one is required, a second quick mode asks for it.
FlowStep on_sa(Negotiating state, const UsableSa& sa, const FlowConfig& config) {
  if (satisfies(sa, config)) return secured_after_waiting(sa);
  if (!state.second) {
    state.second = true;
    state.was_secure = true;
    return {state, {StartNegotiation{true}}};
  }
  // The one that had to encrypt does not: nothing more can be asked for.
  return {Failed{0, true}, {DropHeld{}, ReportFailure{FlowFailure::kSecurity, 0}}};
}

FlowStep on_failure(const Negotiating& state, const NegotiationFailed& failure) {
  // U-34: never after a wrong name.
  if (state.clear_allowed && !failure.wrong_target_name) return {Clear{failure.status}, {ReleaseHeld{true}}};
  return {Failed{failure.status, state.was_secure},
          {DropHeld{}, ReportFailure{FlowFailure::kSecurity, failure.status}}};
}

FlowStep on(Negotiating state, const FlowEvent& event, Instant now, const FlowConfig& config) {
  return std::visit(Overloaded{
                        [&](const Authorised&) { return stay(state); },  // again, and still permitted
                        [&](const Refused&) -> FlowStep {
                          return {Dead{}, {DropHeld{}, ReportFailure{FlowFailure::kBlocked, 0}}};
                        },
                        [&](const ProtectionNeeded&) { return stay(state); },  // one negotiation
                        [&](const SaReady& ready) { return on_sa(state, ready.sa, config); },
                        [&](const ArrivedSecured& arrived) {
                          if (satisfies(arrived.sa, config)) return secured_after_waiting(arrived.sa);
                          state.clear_allowed = false;
                          state.was_secure = true;
                          return stay(state);
                        },
                        [&](const SaGone&) { return stay(state); },
                        [&](const NegotiationFailed& failure) { return on_failure(state, failure); },
                        [&](const Requested&) { return stay(state); },
                        [&](const Ended&) -> FlowStep {
                          return {Dead{}, {DropHeld{}}};
                        },
                        [&](const TimerFired&) -> FlowStep {
                          // U-24: the wait is over, packets leave in clear while the negotiation goes on.
                          if (!state.waits_until || now < *state.waits_until) return stay(state);
                          state.waits_until.reset();
                          return {state, {ReleaseHeld{true}}};
                        },
                    },
                    event);
}

FlowStep on(Clear state, const FlowEvent& event, Instant now, const FlowConfig& config) {
  return std::visit(Overloaded{
                        [&](const Authorised&) { return stay(state); },
                        [&](const Refused&) -> FlowStep {
                          return {Dead{}, {ReportFailure{FlowFailure::kBlocked, 0}}};
                        },
                        [&](const ProtectionNeeded& needed) {
                          // U-30, authip.md 5.5: the Acquire flag keeps a failed negotiation from being repeated. Under
                          // a rule that forbids clear text there is no such flag (policy changed meanwhile).
                          if (state.failed && needed.clear_allowed) return stay(state);
                          return negotiate(needed.clear_allowed, false, now, config);
                        },
                        [&](const SaReady& ready) { return secured(ready.sa); },
                        [&](const ArrivedSecured& arrived) { return secured(arrived.sa); },
                        [&](const SaGone&) { return stay(state); },
                        [&](const NegotiationFailed&) { return stay(state); },
                        [&](const Requested&) { return stay(state); },  // U-30: no retry on this flow
                        [&](const Ended&) { return dead(); },
                        [&](const TimerFired&) { return stay(state); },
                    },
                    event);
}

FlowStep on(Secured state, const FlowEvent& event, Instant now, const FlowConfig& config) {
  return std::visit(
      Overloaded{
          [&](const Authorised&) { return stay(state); },
          [&](const Refused&) -> FlowStep {
            return {Dead{}, {ReportFailure{FlowFailure::kBlocked, 0}}};
          },
          // no SA any more, or not one it may use; never clear.
          [&](const ProtectionNeeded&) { return negotiate(false, true, now, config); },
          [&](const SaReady& ready) { return satisfies(ready.sa, config) ? secured(ready.sa) : stay(state); },
          [&](const ArrivedSecured& arrived) {
            return satisfies(arrived.sa, config) ? secured(arrived.sa) : stay(state);
          },
          [&](const SaGone& gone) {
            if (state.context == gone.context) state.context.reset();
            return stay(state);
          },
          [&](const NegotiationFailed&) { return stay(state); },  // a rekey's: the old pair still serves
          [&](const Requested&) { return stay(state); },
          [&](const Ended&) { return dead(); },
          [&](const TimerFired&) { return stay(state); },
      },
      event);
}

FlowStep on(Failed state, const FlowEvent& event, Instant now, const FlowConfig& config) {
  return std::visit(
      Overloaded{
          [&](const Authorised&) { return stay(state); },
          [&](const Refused&) -> FlowStep {
            return {Dead{}, {ReportFailure{FlowFailure::kBlocked, 0}}};
          },
          [&](const ProtectionNeeded&) { return stay(state); },  // U-36: a retransmission does not restart it
          [&](const SaReady& ready) { return satisfies(ready.sa, config) ? secured(ready.sa) : stay(state); },
          [&](const ArrivedSecured& arrived) {
            return satisfies(arrived.sa, config) ? secured(arrived.sa) : stay(state);
          },
          [&](const SaGone&) { return stay(state); },
          [&](const NegotiationFailed&) { return stay(state); },
          [&](const Requested&) { return negotiate(false, state.was_secure, now, config); },  // U-36
          [&](const Ended&) { return dead(); },
          [&](const TimerFired&) { return stay(state); },
      },
      event);
}

FlowStep on(Dead state, const FlowEvent&, Instant, const FlowConfig&) { return stay(state); }

}  // namespace

std::string_view to_string(const FlowState& state) {
  return std::visit(Overloaded{
                        [](const Pending&) { return std::string_view("Pending"); },
                        [](const Negotiating&) { return std::string_view("Negotiating"); },
                        [](const Clear&) { return std::string_view("Clear"); },
                        [](const Secured&) { return std::string_view("Secured"); },
                        [](const Failed&) { return std::string_view("Failed"); },
                        [](const Dead&) { return std::string_view("Dead"); },
                    },
                    state);
}

FlowStep step(FlowState state, const FlowEvent& event, Instant now, const FlowConfig& config) {
  return std::visit([&](auto& current) { return on(current, event, now, config); }, state);
}

std::optional<Instant> next_deadline(const FlowState& state) {
  const auto* negotiating = std::get_if<Negotiating>(&state);
  return negotiating == nullptr ? std::nullopt : negotiating->waits_until;
}

bool is_consistent(const FlowState& state, const FlowConfig& config) {
  if (const auto* negotiating = std::get_if<Negotiating>(&state)) {
    if (negotiating->clear_allowed && (negotiating->was_secure || must_be_secure(config))) return false;
    return !negotiating->waits_until || negotiating->clear_allowed;
  }
  if (std::holds_alternative<Clear>(state)) return !must_be_secure(config);
  if (const auto* secured_state = std::get_if<Secured>(&state)) {
    return secured_state->encrypted || !config.requirements.encryption;
  }
  return true;
}

bool has_been_secure(const FlowState& state) {
  if (const auto* negotiating = std::get_if<Negotiating>(&state)) return negotiating->was_secure;
  if (const auto* failed = std::get_if<Failed>(&state)) return failed->was_secure;
  return std::holds_alternative<Secured>(state);
}

bool is_negotiating(const FlowState& state) { return std::holds_alternative<Negotiating>(state); }

bool has_failed(const FlowState& state) {
  const auto* clear = std::get_if<Clear>(&state);
  return std::holds_alternative<Failed>(state) || (clear != nullptr && clear->failed);
}

bool forbids_clear(const FlowState& state, const FlowConfig& config) {
  if (must_be_secure(config) || has_been_secure(state)) return true;
  return std::holds_alternative<Failed>(state) || std::holds_alternative<Dead>(state);
}

}  // namespace ssx::ale
