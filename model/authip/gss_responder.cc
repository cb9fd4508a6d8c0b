#include "model/authip/gss_context.h"
#include "model/authip/gss_rounds.h"
#include "model/authip/status.h"

namespace ssx::authip::gss_responder {
namespace {

struct Surroundings {
  Instant now;
  const identity::CredentialStore& credentials;
  identity::ReplayCache& replays;
  RandomSource& random;
};

Decision decision(const Plan& plan, std::size_t option, std::string outcome) {
  return {plan.phase + " GSS",
          "option " + std::to_string(option + 1) + " of " + std::to_string(plan.methods.size()),
          std::move(outcome),
          option < plan.methods.size() ? method_name(plan.methods[option]) : "",
          {},
          "authip.md 2.8"};
}

/// R: the attempt is over; the answer carries the error and no token.
Step attempt_failed(Plan plan, std::size_t option, int attempts, const identity::GssFailure& reason) {
  std::vector<Decision> decisions{decision(plan, option, "failed: " + reason.words)};
  const std::uint32_t status = reason.status != 0 ? reason.status : kStatusAuthFail;
  GssMessage answer{status, 0, {}};
  return {Waiting{std::move(plan), option, true, attempts}, std::move(answer), std::move(decisions)};
}

/// Gives the initiator's token to the context and answers.
Step process(Started s, const GssMessage& request, const Surroundings& at) {
  expected<identity::GssStep, identity::GssFailure> result = s.context->step(request.token, at.now, at.random);
  if (!result) return attempt_failed(std::move(s.plan), s.option, s.attempts, result.error());
  GssMessage answer{0, 0, std::move(result->token)};
  if (!result->complete) {
    if (++s.round_trips > kRoundTripsPerAttemptMax) {  // D-24
      return attempt_failed(std::move(s.plan), s.option, s.attempts, {kStatusAuthFail, "too many round trips"});
    }
    return {std::move(s), std::move(answer), {}};
  }
  if (const auto fresh = at.replays.record(s.context->replay_mark(), at.now); !fresh) {
    return attempt_failed(std::move(s.plan), s.option, s.attempts, fresh.error());
  }
  answer.flags = kGssResponderComplete;  // also with a zero-byte token
  const bool as_user = (request.flags & kGssImpersonationActive) != 0;
  Authenticated authenticated{s.plan.methods[s.option], s.context->session_key(), s.context->peer(), as_user};
  std::vector<Decision> decisions{decision(s.plan, s.option, "own context complete")};
  return {Complete{std::move(s.plan), s.option, s.attempts, std::move(authenticated)}, std::move(answer),
          std::move(decisions)};
}

Step start_option(Plan plan, std::size_t option, int attempts, const GssMessage& request, const Surroundings& at) {
  if (option >= plan.methods.size() || attempts >= kAuthenticationAttemptsMax) {
    const std::string words =
        option >= plan.methods.size() ? "no authentication method is left" : "too many authentication attempts";
    std::vector<Decision> decisions{decision(plan, option, "13801 " + words)};
    return {Failed{kStatusAuthFail, words}, std::nullopt, std::move(decisions)};
  }
  GssContextResult context = responder_context(plan.methods[option], at.credentials);
  if (!context) return attempt_failed(std::move(plan), option, attempts + 1, context.error());
  Started started{std::move(plan), option, attempts + 1, std::move(*context), 1};
  return process(std::move(started), request, at);
}

/// What an initiator's message means when no attempt runs: NEW starts the next option that has had none, a failure
/// report uses one up.
Step between_attempts(Waiting s, const GssMessage& request, const Surroundings& at) {
  const std::size_t option = s.used ? s.option + 1 : s.option;
  if (request.status != 0) {
    return attempt_failed(std::move(s.plan), option, s.attempts + 1,
                          {request.status, "the initiator could not start it"});
  }
  return start_option(std::move(s.plan), option, s.attempts, request, at);
}

bool starts_anew(const GssMessage& request) { return (request.flags & kGssNewExchange) != 0 && request.status == 0; }

Step on(Waiting s, const GssMessage& request, const Surroundings& at) {
  return between_attempts(std::move(s), request, at);
}

Step on(Started s, const GssMessage& request, const Surroundings& at) {
  if (starts_anew(request)) return start_option(std::move(s.plan), s.option + 1, s.attempts, request, at);
  if (request.status != 0) {
    return attempt_failed(std::move(s.plan), s.option, s.attempts,
                          {request.status, "the initiator reported a failure"});
  }
  return process(std::move(s), request, at);
}

Step on(Complete s, const GssMessage& request, const Surroundings& at) {
  if (starts_anew(request)) return start_option(std::move(s.plan), s.option + 1, s.attempts, request, at);
  const std::uint32_t status = request.status != 0 ? request.status : kStatusAuthFail;
  const std::string words = request.status != 0 ? "the initiator reported a failure" : "a token after completion";
  return attempt_failed(std::move(s.plan), s.option, s.attempts, {status, words});
}

Step on(Failed s, const GssMessage&, const Surroundings&) { return {std::move(s), std::nullopt, {}}; }

}  // namespace

Step received(State state, const GssMessage& request, Instant now, const identity::CredentialStore& credentials,
              identity::ReplayCache& replays, RandomSource& random) {
  const Surroundings at{now, credentials, replays, random};
  return std::visit([&](auto&& current) { return on(std::move(current), request, at); }, std::move(state));
}

}  // namespace ssx::authip::gss_responder
