#include <cassert>

#include "model/authip/gss_context.h"
#include "model/authip/gss_rounds.h"
#include "model/authip/status.h"
#include "model/base/overloaded.h"

namespace ssx::authip::gss_initiator {
namespace {

/// What every transition needs.
struct Surroundings {
  Instant now;
  const identity::CredentialStore& credentials;
  RandomSource& random;
};

std::uint8_t base_flags(const Plan& plan) { return plan.request.as_user ? kGssImpersonationActive : std::uint8_t{0}; }

Decision decision(const Plan& plan, std::size_t option, std::string outcome) {
  return {plan.phase + " GSS",
          "option " + std::to_string(option + 1) + " of " + std::to_string(plan.options.size()),
          std::move(outcome),
          option < plan.options.size() ? method_name(plan.options[option].method) : "",
          {},
          "authip.md 2.8"};
}

Step fail(const Plan& plan, std::size_t option, std::string words) {
  std::vector<Decision> decisions{decision(plan, option, "13801 " + words)};
  return {Failed{kStatusAuthFail, std::move(words)}, std::nullopt, std::move(decisions)};
}

/// The first token of an option, or the report that it cannot be built (figure 3: Initiator state).
Step start_option(Plan plan, std::size_t option, int attempts, const Surroundings& at) {
  if (option >= plan.options.size()) return fail(plan, option, "no authentication method is left");
  if (attempts >= kAuthenticationAttemptsMax) return fail(plan, option, "too many authentication attempts");
  identity::GssFailure reason;
  GssContextResult context = initiator_context(plan.options[option], plan.request, at.credentials);
  if (context) {
    expected<identity::GssStep, identity::GssFailure> first = (*context)->step({}, at.now, at.random);
    if (first) {
      std::vector<Decision> decisions{decision(plan, option, "attempt " + std::to_string(attempts + 1) + " starts")};
      const auto flags = static_cast<std::uint8_t>(base_flags(plan) | kGssNewExchange);
      GssMessage message{0, flags, std::move(first->token)};
      return {Started{std::move(plan), option, attempts + 1, std::move(*context), first->complete, 1},
              std::move(message), std::move(decisions)};
    }
    reason = first.error();
  } else {
    reason = context.error();
  }
  // an empty token with the error, and wait for the answer.
  std::vector<Decision> decisions{decision(plan, option, "no first token: " + reason.words)};
  const std::uint32_t status = reason.status != 0 ? reason.status : kStatusAuthFail;
  GssMessage report{status, base_flags(plan), {}};
  return {LocalFirstFailure{std::move(plan), option, attempts + 1}, std::move(report), std::move(decisions)};
}

/// Peer Fail and Local Fail lead to the next option (figure 3: update options).
Step next_option(Plan plan, std::size_t failed, int attempts, std::string why, const Surroundings& at) {
  Decision gave_up = decision(plan, failed, "failed: " + why);
  Step step = start_option(std::move(plan), failed + 1, attempts, at);
  step.decisions.insert(step.decisions.begin(), std::move(gave_up));
  return step;
}

Step local_failure(Started s, const identity::GssFailure& reason, const Surroundings& at) {
  const std::size_t failed = s.option;
  const int attempts = s.attempts;
  Plan plan = s.plan;
  Step step = next_option(std::move(s.plan), failed, attempts, reason.words, at);
  if (!std::holds_alternative<LocalFirstFailure>(step.next)) return step;
  // Two reports in a row would look like one to the responder: the failure of this option is told first.
  const std::uint32_t status = reason.status != 0 ? reason.status : kStatusAuthFail;
  std::vector<Decision> decisions{decision(plan, failed, "failed: " + reason.words)};
  GssMessage report{status, base_flags(plan), {}};
  return {LocalFailure{std::move(plan), failed, attempts}, std::move(report), std::move(decisions)};
}

Step on(LocalFirstFailure s, const GssMessage&, const Surroundings& at) {
  return start_option(std::move(s.plan), s.option + 1, s.attempts, at);
}

Step on(LocalFailure s, const GssMessage&, const Surroundings& at) {
  return start_option(std::move(s.plan), s.option + 1, s.attempts, at);
}

Step done(Started s) {
  Authenticated result{s.plan.options[s.option].method, s.context->session_key(), s.context->peer(),
                       s.plan.request.as_user};
  std::vector<Decision> decisions{decision(s.plan, s.option, "authenticated")};
  return {Done{std::move(result)}, std::nullopt, std::move(decisions)};
}

Step on(Started s, const GssMessage& answer, const Surroundings& at) {
  if (answer.status != 0) {  // Peer Fail
    return next_option(std::move(s.plan), s.option, s.attempts, "the peer answered " + status_text(answer.status), at);
  }
  const bool responder_complete = (answer.flags & kGssResponderComplete) != 0;
  if (s.complete) {
    if (responder_complete && answer.token.empty()) return done(std::move(s));
    return local_failure(std::move(s), {kStatusAuthFail, "a token after the own context was complete"}, at);
  }
  expected<identity::GssStep, identity::GssFailure> next = s.context->step(answer.token, at.now, at.random);
  if (!next) return local_failure(std::move(s), next.error(), at);
  s.complete = next->complete;
  if (next->token.empty()) {
    if (s.complete && responder_complete) return done(std::move(s));
    return local_failure(std::move(s), {kStatusAuthFail, "the mechanism stalled"}, at);
  }
  if (++s.round_trips > kRoundTripsPerAttemptMax) {  // D-24
    return local_failure(std::move(s), {kStatusAuthFail, "too many round trips"}, at);
  }
  GssMessage message{0, base_flags(s.plan), std::move(next->token)};
  return {std::move(s), std::move(message), {}};
}

Step on(Done s, const GssMessage&, const Surroundings&) { return {std::move(s), std::nullopt, {}}; }
Step on(Failed s, const GssMessage&, const Surroundings&) { return {std::move(s), std::nullopt, {}}; }

}  // namespace

Step begin(Plan plan, Instant now, const identity::CredentialStore& credentials, RandomSource& random) {
  return start_option(std::move(plan), 0, 0, {now, credentials, random});
}

Step received(State state, const GssMessage& answer, Instant now, const identity::CredentialStore& credentials,
              RandomSource& random) {
  const Surroundings at{now, credentials, random};
  return std::visit([&](auto&& current) { return on(std::move(current), answer, at); }, std::move(state));
}

}  // namespace ssx::authip::gss_initiator
