#include "model/authip/em_initiator.h"

#include "model/authip/payload_rules.h"
#include "model/authip/status.h"
#include "model/base/overloaded.h"

namespace ssx::authip::em_initiator {
namespace {

Step fail(Failure failure, std::vector<MachineEffect> effects = {}) {
  return {Failed{std::move(failure)}, std::move(effects)};
}
Step fail(Invalid invalid, std::string rule) {
  return fail(invalid_message(Phase::kExtendedMode, std::move(invalid), std::move(rule)));
}

SendRequest request(PayloadChain payloads, std::string name) {
  return {ExchangeType::kExtendedMode, true, std::move(payloads), std::move(name)};
}

/// E1: just the method list.
Step begin(const Begin& offer) {
  std::vector<std::uint16_t> methods;
  std::string names;
  for (const AuthOption& option : offer.methods) {
    methods.push_back(option.method);
    names += (names.empty() ? "" : ", ") + method_name(option.method);
  }
  PayloadChain payloads = PayloadBuilder{}.auth(methods).finish();
  FirstRequestSent next{offer, next_link(hash_of(offer.main_mode->terms.suite), payloads.octets, {})};
  std::vector<MachineEffect> effects;
  effects.emplace_back(note("EM#1", "second authentication", "offer " + names, "", "authip.md 2.7 A-160"));
  effects.emplace_back(request(std::move(payloads), "EM#1"));
  return {std::move(next), std::move(effects)};
}

/// E5: SKEYID_em exists, the quick mode may be keyed; the inbound SA is added before E5 leaves.
Step final_request(GssRequestSent s, Authenticated authentication, std::vector<MachineEffect> effects) {
  const MainModeSa& sa = *s.main_mode;
  const crypto::HashAlgorithm hash = hash_of(sa.terms.suite);
  ExtendedModeResult result{std::move(authentication), {}, s.peer_gss_id};
  result.skeyid_em =
      crypto::derive_skeyid_em(sa.terms.kdf(), sa.terms.ni, sa.terms.nr, result.authentication.secret.view());
  const crypto::Digest auth3 = crypto::extended_auth_proof(hash, result.skeyid_em, s.chain, sa.auth1.view());
  const crypto::Digest auth4 = crypto::extended_auth_proof(hash, result.skeyid_em, s.chain, sa.auth2.view());
  effects.emplace_back(AddInboundSa{});
  effects.emplace_back(request(PayloadBuilder{}.hash(auth3.view()).finish(), "EM#5"));
  return {FinalRequestSent{std::move(result), auth4}, std::move(effects)};
}

Step after_gss(GssRequestSent s, gss_initiator::Step gss) {
  std::vector<MachineEffect> effects;
  for (Decision& decision : gss.decisions) effects.emplace_back(Note{std::move(decision)});
  if (auto* done = std::get_if<gss_initiator::Done>(&gss.next)) {
    return final_request(std::move(s), std::move(done->result), std::move(effects));
  }
  if (auto* failed = std::get_if<gss_initiator::Failed>(&gss.next)) {
    Failure failure = invalid_message(Phase::kExtendedMode, {failed->status, failed->words}, "authip.md 2.8 A-123");
    return fail(std::move(failure), std::move(effects));
  }
  PayloadChain payloads = PayloadBuilder{}.gss(*gss.send).finish();
  s.chain = next_link(hash_of(s.main_mode->terms.suite), payloads.octets, s.chain);
  s.gss = std::move(gss.next);
  effects.emplace_back(request(std::move(payloads), "EM#3"));
  return {std::move(s), std::move(effects)};
}

Step wrong_name(const TargetNames& target, const std::string& presented) {
  Failure failure = invalid_message(
      Phase::kExtendedMode,
      {kStatusAuthFail, "the peer presents '" + presented + "', wanted is '" + target.names.front() + "'"},
      "authip.md 4.3 A-234 D-32");
  failure.wrong_target_name = true;
  return fail(std::move(failure));
}

/// E2: the accepted methods and R's name. The name is compared before a token leaves (D-32).
Step on_first_response(FirstRequestSent s, const Message& message, const Surroundings& at) {
  const PayloadSet& payloads = message.payloads;
  if (auto invalid = check_rules(kExtendedFirstResponseRules, payloads)) return fail(*invalid, "authip.md 2.7 A-161");
  std::optional<std::vector<AuthOption>> accepted = subsequence(s.offer.methods, *payloads.methods);
  if (!accepted) {
    return fail({kStatusInvalidAuthPayload, "E2 lists methods that are no ordered part of the own list"},
                "authip.md 2.7 D-23");
  }
  if (!target_name_matches(s.offer.target, *payloads.gss_id)) return wrong_name(s.offer.target, *payloads.gss_id);
  gss_initiator::Plan plan{std::move(*accepted), {*payloads.gss_id, s.offer.user.has_value(), s.offer.user}, "EM"};
  GssRequestSent next;
  next.main_mode = s.offer.main_mode;
  next.peer_gss_id = *payloads.gss_id;
  next.chain = next_link(hash_of(s.offer.main_mode->terms.suite), message.chain.octets, s.chain);
  return after_gss(std::move(next),
                   gss_initiator::begin(std::move(plan), at.now, at.environment.credentials, at.environment.random));
}

Step on_gss_answer(GssRequestSent s, const Message& message, const Surroundings& at) {
  if (auto invalid = check_rules(kGssMessageRules, message.payloads)) return fail(*invalid, "authip.md 2.7");
  s.chain = next_link(hash_of(s.main_mode->terms.suite), message.chain.octets, s.chain);
  gss_initiator::Step gss = gss_initiator::received(std::move(s.gss), *message.payloads.gss, at.now,
                                                    at.environment.credentials, at.environment.random);
  return after_gss(std::move(s), std::move(gss));
}

/// E6: the outbound SA is added once Auth4 is right.
Step on_final_response(FinalRequestSent s, const Message& message) {
  if (auto invalid = check_rules(kExtendedFinalRules, message.payloads)) return fail(*invalid, "authip.md 2.7");
  if (!crypto::constant_time_equal(*message.payloads.hash, s.auth4.view())) {
    return fail({kStatusAuthFail, "Auth4 is wrong"}, "authip.md 2.7 A-166");
  }
  std::vector<MachineEffect> effects;
  effects.emplace_back(AddOutboundSa{});
  return {Done{std::move(s.result)}, std::move(effects)};
}

Failure refused(std::uint32_t status) {
  return refused_by_peer(Phase::kExtendedMode, status, "the peer ended extended mode with " + status_text(status));
}
Failure timed_out() {
  Failure failure = refused_by_peer(Phase::kExtendedMode, kStatusTimedOut, "no answer after the last retransmission");
  failure.rule = "authip.md 2.15 A-197";
  return failure;
}

Step on(None s, const Event& event, const Surroundings&) {
  return std::visit(Overloaded{
                        [&](const Begin& offer) -> Step { return begin(offer); },
                        [&](const ResponseReceived&) -> Step {
                          return {s, {}};
                        },
                        [&](const Refused&) -> Step {
                          return {s, {}};
                        },
                        [&](const TimedOut&) -> Step {
                          return {s, {}};
                        },
                    },
                    event);
}

Step on(FirstRequestSent s, const Event& event, const Surroundings& at) {
  return std::visit(
      Overloaded{
          [&](const Begin&) -> Step {
            return {std::move(s), {}};
          },  // already under way
          [&](const ResponseReceived& r) -> Step { return on_first_response(std::move(s), r.message, at); },
          [&](const Refused& r) -> Step {
            Failure failure = refused(r.status);
            failure.extended_mode_refused = true;  // U-11
            return fail(std::move(failure));
          },
          [&](const TimedOut&) -> Step { return fail(timed_out()); },
      },
      event);
}

Step on(GssRequestSent s, const Event& event, const Surroundings& at) {
  return std::visit(Overloaded{
                        [&](const Begin&) -> Step {
                          return {std::move(s), {}};
                        },
                        [&](const ResponseReceived& r) -> Step { return on_gss_answer(std::move(s), r.message, at); },
                        [&](const Refused& r) -> Step { return fail(refused(r.status)); },
                        [&](const TimedOut&) -> Step { return fail(timed_out()); },
                    },
                    event);
}

Step on(FinalRequestSent s, const Event& event, const Surroundings&) {
  return std::visit(Overloaded{
                        [&](const Begin&) -> Step {
                          return {std::move(s), {}};
                        },
                        [&](const ResponseReceived& r) -> Step { return on_final_response(std::move(s), r.message); },
                        [&](const Refused& r) -> Step { return fail(refused(r.status)); },
                        [&](const TimedOut&) -> Step { return fail(timed_out()); },
                    },
                    event);
}

template <class Terminal>
Step stay(Terminal s, const Event& event) {
  return std::visit(Overloaded{
                        [&](const Begin&) -> Step {
                          return {std::move(s), {}};
                        },
                        [&](const ResponseReceived&) -> Step {
                          return {std::move(s), {}};
                        },
                        [&](const Refused&) -> Step {
                          return {std::move(s), {}};
                        },
                        [&](const TimedOut&) -> Step {
                          return {std::move(s), {}};
                        },
                    },
                    event);
}
Step on(Done s, const Event& event, const Surroundings&) { return stay(std::move(s), event); }
Step on(Failed s, const Event& event, const Surroundings&) { return stay(std::move(s), event); }

}  // namespace

Step step(State state, const Event& event, const Surroundings& at) {
  return std::visit([&](auto&& current) { return on(std::move(current), event, at); }, std::move(state));
}

const ExtendedModeResult* result(const State& state) {
  if (const auto* sent = std::get_if<FinalRequestSent>(&state)) return &sent->result;
  if (const auto* done = std::get_if<Done>(&state)) return &done->result;
  return nullptr;
}

bool is_consistent(const State& state) {
  if (const auto* first = std::get_if<FirstRequestSent>(&state)) {
    return first->offer.main_mode != nullptr && !first->offer.methods.empty() && !first->chain.empty();
  }
  if (const auto* gss = std::get_if<GssRequestSent>(&state)) return gss->main_mode != nullptr;
  const ExtendedModeResult* outcome = result(state);
  return outcome == nullptr || !outcome->skeyid_em.empty();
}

}  // namespace ssx::authip::em_initiator
