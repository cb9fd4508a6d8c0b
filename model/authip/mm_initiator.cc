#include "model/authip/mm_initiator.h"

#include <algorithm>

#include "model/authip/diffie_hellman.h"
#include "model/authip/nat_detection.h"
#include "model/authip/payload_rules.h"
#include "model/authip/status.h"
#include "model/base/overloaded.h"

namespace ssx::authip::mm_initiator {
namespace {

constexpr std::size_t kNonceOctets = 32;  // D-25

Step fail(Failure failure) { return {Failed{std::move(failure)}, {}}; }
Step fail(Invalid invalid, std::string rule) {
  return fail(invalid_message(Phase::kMainMode, std::move(invalid), std::move(rule)));
}

std::vector<std::uint16_t> wire_methods(const std::vector<AuthOption>& options) {
  std::vector<std::uint16_t> methods;
  for (const AuthOption& option : options) methods.push_back(option.method);
  return methods;
}

/// #1: SA, Auth, Ni, VIDs, NAT-D, KE (authip.md 2.3).
PayloadChain first_message(const FirstPacketSent& s, const Config& config) {
  const Begin& offer = s.offer;
  const bool ipv4 = offer.local.address.is_v4();
  std::optional<wfp::IkeDhGroup> group;
  if (s.diffie_hellman) group = offer.run.front().proposal.dh_group;
  PayloadBuilder payloads;
  payloads.main_mode_sa(offer.run).auth(wire_methods(s.methods)).nonce(s.ni);
  for (const OctetVector& body : vendor_ids_to_send(config, ipv4, offer.initial_contact, group))
    payloads.vendor_id(body);
  for (const OctetVector& body : nat_detection_payloads(offer.initiator_cookie, Cookie{}, offer.local, offer.remote)) {
    payloads.nat_d(body);
  }
  if (s.diffie_hellman) payloads.key_exchange(s.diffie_hellman->public_value());
  return payloads.finish();
}

Step begin(const Begin& offer, const Surroundings& at) {
  FirstPacketSent next;
  next.offer = offer;
  next.methods = options_of(offer.choice.policy->methods, false);
  next.ni = at.environment.random.octets(kNonceOctets);
  const MainModeSuite& suite = offer.run.front().suite;
  if (suite.group != 0) next.diffie_hellman = crypto::DhKeyPair::generate(group_of(suite), at.environment.random);
  PayloadChain first = first_message(next, at.config);
  next.chain = first_main_mode_link(first.octets);
  std::vector<MachineEffect> effects;
  effects.emplace_back(note("MM#1", to_string(offer.remote),
                            "offer " + std::to_string(offer.run.size()) + " suite(s), " + to_string(suite),
                            "main-mode policy " + to_string(offer.choice.policy_key), "authip.md 2.3 D-16"));
  effects.emplace_back(SendRequest{ExchangeType::kMainMode, false, std::move(first), "MM#1"});
  return {std::move(next), std::move(effects)};
}

/// The run entry that #2's transform equals.
expected<MainModeEntry, Invalid> chosen_entry(const FirstPacketSent& s, const PayloadSet& payloads) {
  const auto offered = read_main_mode_sa(*payloads.sa);
  if (!offered) return unexpected(offered.error());
  if (offered->size() != 1) return unexpected(Invalid{kStatusPolicyMatch, "#2 does not name one transform"});
  std::string why = "it has an unknown attribute";
  for (const MainModeEntry& entry : s.offer.run) {
    if (!offered->front().suite) break;
    why = difference(entry.suite, *offered->front().suite, false);
    if (why.empty()) {
      MainModeEntry chosen = entry;
      const std::uint32_t theirs = offered->front().lifetime_seconds.value_or(kLifetimeSecondsIfMissing);
      chosen.proposal.lifetime_seconds_max = smaller_limit(chosen.proposal.lifetime_seconds_max, theirs);
      return chosen;
    }
  }
  return unexpected(Invalid{kStatusPolicyMatch, "#2 answers with a transform that was not offered: " + why});
}

/// g^xy, or the status for a KE that is missing, superfluous, of the wrong length or not in the group (2.3 step 6).
expected<crypto::SecretOctets, Invalid> shared_secret(const std::optional<crypto::DhKeyPair>& own,
                                                      const std::optional<OctetVector>& peer) {
  if (!own && !peer) return crypto::SecretOctets{};
  if (!own) return unexpected(Invalid{kStatusProcessErrKe, "KE although no group was chosen"});
  if (!peer) return unexpected(Invalid{kStatusProcessErrKe, "no KE although a group was chosen"});
  return diffie_hellman_secret(*own, *peer);
}

expected<MainModeTerms, Invalid> agree(const FirstPacketSent& s, const Message& message) {
  const PayloadSet& payloads = message.payloads;
  const expected<MainModeEntry, Invalid> entry = chosen_entry(s, payloads);
  if (!entry) return unexpected(entry.error());
  expected<crypto::SecretOctets, Invalid> z = shared_secret(s.diffie_hellman, payloads.key_exchange);
  if (!z) return unexpected(z.error());
  MainModeTerms terms;
  terms.choice = s.offer.choice;
  terms.proposal = entry->proposal;
  terms.suite = entry->suite;
  if (terms.suite.group == 0) terms.proposal.dh_group = wfp::IkeDhGroup::kNone;
  terms.initiator_cookie = message.header.initiator_cookie;
  terms.responder_cookie = message.header.responder_cookie;
  terms.z = std::move(*z);
  terms.ni = s.ni;
  terms.nr = payloads.nonces[0];
  terms.nr_qm = payloads.nonces[1];
  terms.peer = read_vendor_ids(payloads.vendor_ids);
  terms.peer_gss_id = *payloads.gss_id;
  return terms;
}

Step with_keys(MainModeTerms terms, Authenticated authentication, const ChainLink& chain, const Surroundings& at,
               std::vector<MachineEffect> effects) {
  auto sa = derive_main_mode_sa(std::move(terms), std::move(authentication), chain, at.config);
  if (!sa) return fail(sa.error(), "authip.md 3.2 D-58");
  return {Done{std::move(*sa)}, std::move(effects)};
}

Failure authentication_failed(std::uint32_t status, std::string words) {
  Failure failure;
  failure.status = status;
  failure.words = std::move(words);
  failure.rule = "authip.md 2.8 A-123";
  return failure;
}

/// Performs what the retry machine wants: a GSS-API payload as the next request, keys, or the end.
Step after_gss(MainModeTerms terms, ChainLink chain, gss_initiator::Step gss, const Surroundings& at) {
  std::vector<MachineEffect> effects;
  for (Decision& decision : gss.decisions) effects.emplace_back(Note{std::move(decision)});
  if (auto* done = std::get_if<gss_initiator::Done>(&gss.next)) {
    return with_keys(std::move(terms), std::move(done->result), chain, at, std::move(effects));
  }
  if (auto* failed = std::get_if<gss_initiator::Failed>(&gss.next)) {
    return {Failed{authentication_failed(failed->status, std::move(failed->words))}, std::move(effects)};
  }
  PayloadChain payloads = PayloadBuilder{}.gss(*gss.send).finish();
  chain = next_link(hash_of(terms.suite), payloads.octets, chain);
  effects.emplace_back(SendRequest{ExchangeType::kMainMode, false, std::move(payloads), "MM#3"});
  return {GssRequestSent{std::move(terms), std::move(chain), std::move(gss.next)}, std::move(effects)};
}

Failure wrong_name(const TargetNames& target, const std::string& presented) {
  Failure failure = authentication_failed(
      kStatusAuthFail, "the peer presents '" + presented + "', wanted is '" + target.names.front() + "'");
  failure.wrong_target_name = true;
  failure.rule = "authip.md 4.3 A-234 D-32";
  return failure;
}

/// The first method returned decides: anonymous has its keys now, any other starts the GSS rounds.
Step authenticate(const FirstPacketSent& s, MainModeTerms terms, std::vector<AuthOption> accepted, ChainLink chain,
                  const Surroundings& at) {
  const TargetNames& target = s.offer.target;
  if (accepted.front().method == kMethodAnonymous) {
    // C-123: an unnamed peer is tolerated only with OPTIONAL_PEER_NAME_VERIFICATION.
    if (!target.names.empty() && !target.optional_verification && !s.offer.extended_mode_follows) {
      return fail(wrong_name(target, "no name: nothing authenticates it"));
    }
    std::vector<MachineEffect> effects;
    effects.emplace_back(note("MM#2", to_string(s.offer.remote), "agreed on " + to_string(terms.suite) + ", anonymous",
                              "", "authip.md 2.4"));
    return with_keys(std::move(terms), {kMethodAnonymous, {}, std::nullopt, false}, chain, at, std::move(effects));
  }
  if (!target_name_matches(target, terms.peer_gss_id)) return fail(wrong_name(target, terms.peer_gss_id));
  gss_initiator::Plan plan{std::move(accepted), {terms.peer_gss_id, s.offer.user.has_value(), s.offer.user}, "MM"};
  gss_initiator::Step gss =
      gss_initiator::begin(std::move(plan), at.now, at.environment.credentials, at.environment.random);
  return after_gss(std::move(terms), std::move(chain), std::move(gss), at);
}

/// #2 (authip.md 2.4, initiator checks).
Step on_second_message(FirstPacketSent s, const Message& message, const Surroundings& at) {
  const PayloadSet& payloads = message.payloads;
  if (const auto invalid = check_rules(kSecondMessageRules, payloads)) return fail(*invalid, "authip.md 2.4 A-099");
  std::optional<std::vector<AuthOption>> accepted = subsequence(s.methods, *payloads.methods);
  if (!accepted) {
    return fail({kStatusInvalidAuthPayload, "#2 lists methods that are no ordered part of the own list"},
                "authip.md 2.4 D-23");
  }
  if (nat_detected(payloads.nat_d, message.header.initiator_cookie, message.header.responder_cookie, s.offer.local,
                   s.offer.remote)) {
    return fail({kStatusPolicyMatch, "a NAT is on the path: UDP encapsulation is not modelled yet"},
                "authip.md 1.15 D-19");
  }
  expected<MainModeTerms, Invalid> terms = agree(s, message);
  if (!terms) return fail(terms.error(), "authip.md 2.4");
  ChainLink chain = second_main_mode_link(message.chain.octets, s.chain);
  return authenticate(s, std::move(*terms), std::move(*accepted), std::move(chain), at);
}

Step on_gss_answer(GssRequestSent s, const Message& message, const Surroundings& at) {
  if (const auto invalid = check_rules(kGssMessageRules, message.payloads)) return fail(*invalid, "authip.md 2.5");
  s.chain = next_link(hash_of(s.terms.suite), message.chain.octets, s.chain);
  gss_initiator::Step gss = gss_initiator::received(std::move(s.gss), *message.payloads.gss, at.now,
                                                    at.environment.credentials, at.environment.random);
  return after_gss(std::move(s.terms), std::move(s.chain), std::move(gss), at);
}

Failure timed_out() {
  Failure failure = refused_by_peer(Phase::kMainMode, kStatusTimedOut, "no answer after the last retransmission");
  failure.rule = "authip.md 2.15 A-196";
  return failure;
}

Step on(None s, const Event& event, const Surroundings& at) {
  return std::visit(Overloaded{
                        [&](const Begin& offer) -> Step { return begin(offer, at); },
                        [&](const ResponseReceived&) -> Step {
                          return {s, {}};
                        },  // nothing was asked
                        [&](const Refused&) -> Step {
                          return {s, {}};
                        },
                        [&](const TimedOut&) -> Step {
                          return {s, {}};
                        },
                    },
                    event);
}

Step on(FirstPacketSent s, const Event& event, const Surroundings& at) {
  return std::visit(
      Overloaded{
          [&](const Begin&) -> Step {
            return {std::move(s), {}};
          },  // already under way
          [&](const ResponseReceived& r) -> Step { return on_second_message(std::move(s), r.message, at); },
          [&](const Refused& r) -> Step {
            return fail(
                refused_by_peer(Phase::kMainMode, r.status, "the peer answered #1 with " + status_text(r.status)));
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
                        [&](const Refused& r) -> Step {
                          return fail(refused_by_peer(Phase::kMainMode, r.status,
                                                      "the peer ended main mode with " + status_text(r.status)));
                        },
                        [&](const TimedOut&) -> Step { return fail(timed_out()); },
                    },
                    event);
}

/// Terminal states ignore every event.
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

bool is_consistent(const State& state) {
  if (const auto* sent = std::get_if<FirstPacketSent>(&state)) {
    return !sent->methods.empty() && sent->ni.size() == kNonceOctets && !sent->offer.run.empty() &&
           sent->diffie_hellman.has_value() == (sent->offer.run.front().suite.group != 0);
  }
  if (const auto* done = std::get_if<Done>(&state)) return done->sa != nullptr;
  return true;
}

}  // namespace ssx::authip::mm_initiator
