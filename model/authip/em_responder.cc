#include "model/authip/em_responder.h"

#include "model/authip/payload_rules.h"
#include "model/authip/status.h"
#include "model/base/overloaded.h"

namespace ssx::authip::em_responder {
namespace {

Step fail(Invalid invalid, std::string rule, std::vector<MachineEffect> effects = {}) {
  return {Failed{invalid_message(Phase::kExtendedMode, std::move(invalid), std::move(rule))}, std::move(effects)};
}

/// E1: no common method is 13801 and the end (authip.md 2.7).
Step on_first_request(Waiting s, const Message& message, const Surroundings& at) {
  if (auto invalid = check_rules(kExtendedFirstRequestRules, message.payloads)) {
    return fail(std::move(*invalid), "authip.md 2.7 A-160");
  }
  std::vector<std::uint16_t> accepted =
      acceptable_methods(*message.payloads.methods, s.methods, at.environment.credentials);
  if (accepted.empty()) {
    const std::string words = s.methods.empty() ? "the policy has no second authentication"
                                                : "no common method for the second authentication";
    return fail({kStatusAuthFail, words}, "authip.md 2.7");
  }
  const crypto::HashAlgorithm hash = hash_of(s.main_mode->terms.suite);
  PayloadChain payloads = PayloadBuilder{}.auth(accepted).gss_id(at.environment.credentials.gss_id).finish();
  FirstExchangeDone next{s.main_mode, next_link(hash, message.chain.octets, {}),
                         gss_responder::Waiting{{accepted, "EM"}}};
  next.chain = next_link(hash, payloads.octets, next.chain);
  std::vector<MachineEffect> effects;
  effects.emplace_back(note("EM#1", "second authentication",
                            "accept " + std::to_string(accepted.size()) + " of " +
                                std::to_string(message.payloads.methods->size()) + " methods",
                            method_name(accepted.front()), "authip.md 2.7 D-23"));
  effects.emplace_back(SendResponse{true, false, std::move(payloads), "EM#2"});
  return {std::move(next), std::move(effects)};
}

/// E3.
Step on_gss_message(FirstExchangeDone s, const Message& message, const Surroundings& at) {
  const crypto::HashAlgorithm hash = hash_of(s.main_mode->terms.suite);
  s.chain = next_link(hash, message.chain.octets, s.chain);
  gss_responder::Step gss = gss_responder::received(std::move(s.gss), *message.payloads.gss, at.now,
                                                    at.environment.credentials, at.replays, at.environment.random);
  std::vector<MachineEffect> effects;
  for (Decision& decision : gss.decisions) effects.emplace_back(Note{std::move(decision)});
  if (const auto* failed = std::get_if<gss_responder::Failed>(&gss.next)) {
    return fail({failed->status, failed->words}, "authip.md 2.8 A-123", std::move(effects));
  }
  PayloadChain payloads = PayloadBuilder{}.gss(*gss.send).finish();
  s.chain = next_link(hash, payloads.octets, s.chain);
  s.gss = std::move(gss.next);
  effects.emplace_back(SendResponse{true, false, std::move(payloads), "EM#4"});
  return {std::move(s), std::move(effects)};
}

/// E5: Auth3 right, then both SAs are added before E6 leaves.
Step on_final_request(FirstExchangeDone s, const Message& message) {
  auto* complete = std::get_if<gss_responder::Complete>(&s.gss);
  if (complete == nullptr) {
    return fail({kStatusGeneralProcessing, "E5 before the GSS exchange was done"}, "authip.md 2.7 A-168");
  }
  const MainModeSa& sa = *s.main_mode;
  const crypto::HashAlgorithm hash = hash_of(sa.terms.suite);
  ExtendedModeResult result{std::move(complete->result), {}, {}};
  result.skeyid_em =
      crypto::derive_skeyid_em(sa.terms.kdf(), sa.terms.ni, sa.terms.nr, result.authentication.secret.view());
  const crypto::Digest auth3 = crypto::extended_auth_proof(hash, result.skeyid_em, s.chain, sa.auth1.view());
  if (!crypto::constant_time_equal(*message.payloads.hash, auth3.view())) {
    return fail({kStatusAuthFail, "Auth3 is wrong"}, "authip.md 2.7 A-165");
  }
  const crypto::Digest auth4 = crypto::extended_auth_proof(hash, result.skeyid_em, s.chain, sa.auth2.view());
  std::vector<MachineEffect> effects;
  effects.emplace_back(AddInboundSa{});
  effects.emplace_back(AddOutboundSa{});
  effects.emplace_back(SendResponse{true, false, PayloadBuilder{}.hash(auth4.view()).finish(), "EM#6"});
  return {Done{std::move(result)}, std::move(effects)};
}

Step on_request(FirstExchangeDone s, const Message& message, const Surroundings& at) {
  if (!check_rules(kGssMessageRules, message.payloads)) return on_gss_message(std::move(s), message, at);
  if (!check_rules(kExtendedFinalRules, message.payloads)) return on_final_request(std::move(s), message);
  return fail({kStatusInvalidPayload, "neither a GSS-API payload nor a hash alone"}, "authip.md 2.7");
}

Step on(None, const Event& event, const Surroundings&) {
  return std::visit(Overloaded{
                        [&](const Begin& begin) -> Step {
                          return {Waiting{begin.main_mode, begin.methods}, {}};
                        },
                        [&](const RequestReceived&) -> Step {
                          return fail({kStatusGeneralProcessing, "extended mode before quick mode was done"},
                                      "authip.md 2.7 A-167 D-54");
                        },
                    },
                    event);
}

Step on(Waiting s, const Event& event, const Surroundings& at) {
  return std::visit(Overloaded{
                        [&](const Begin&) -> Step {
                          return {std::move(s), {}};
                        },
                        [&](const RequestReceived& r) -> Step { return on_first_request(std::move(s), r.message, at); },
                    },
                    event);
}

Step on(FirstExchangeDone s, const Event& event, const Surroundings& at) {
  return std::visit(Overloaded{
                        [&](const Begin&) -> Step {
                          return {std::move(s), {}};
                        },
                        [&](const RequestReceived& r) -> Step { return on_request(std::move(s), r.message, at); },
                    },
                    event);
}

Step on(Done s, const Event& event, const Surroundings&) {
  return std::visit(Overloaded{
                        [&](const Begin&) -> Step {
                          return {std::move(s), {}};
                        },
                        [&](const RequestReceived&) -> Step {  // EM is not repeated
                          return fail({kStatusGeneralProcessing, "extended mode after its end"}, "authip.md D-54");
                        },
                    },
                    event);
}

Step on(Failed s, const Event& event, const Surroundings&) {
  return std::visit(Overloaded{
                        [&](const Begin&) -> Step {
                          return {std::move(s), {}};
                        },
                        [&](const RequestReceived&) -> Step {
                          return {std::move(s), {}};
                        },
                    },
                    event);
}

}  // namespace

Step step(State state, const Event& event, const Surroundings& at) {
  return std::visit([&](auto&& current) { return on(std::move(current), event, at); }, std::move(state));
}

const ExtendedModeResult* result(const State& state) {
  const auto* done = std::get_if<Done>(&state);
  return done == nullptr ? nullptr : &done->result;
}

bool is_consistent(const State& state) {
  if (const auto* waiting = std::get_if<Waiting>(&state)) return waiting->main_mode != nullptr;
  if (const auto* first = std::get_if<FirstExchangeDone>(&state)) return first->main_mode != nullptr;
  const ExtendedModeResult* outcome = result(state);
  return outcome == nullptr || !outcome->skeyid_em.empty();
}

}  // namespace ssx::authip::em_responder
