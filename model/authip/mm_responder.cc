#include "model/authip/mm_responder.h"

#include <algorithm>

#include "model/authip/diffie_hellman.h"
#include "model/authip/nat_detection.h"
#include "model/authip/payload_rules.h"
#include "model/authip/status.h"
#include "model/base/overloaded.h"

namespace ssx::authip::mm_responder {
namespace {

constexpr std::size_t kNonceOctets = 32;  // D-25

Step fail(Invalid invalid, std::string rule) {
  return {Failed{invalid_message(Phase::kMainMode, std::move(invalid), std::move(rule))}, {}};
}

/// What R took from #1 before anything was drawn.
struct Accepted {
  std::vector<OfferedTransform> transforms;
  MainModeMatch match;
  MainModeEntry entry;
  std::vector<std::uint16_t> methods;
};

Cookie draw_cookie(RandomSource& random) {
  Cookie cookie{};
  while (cookie == Cookie{}) random.fill(cookie);
  return cookie;
}

/// Step 4: the first of the own proposals that was offered.
expected<Accepted, Invalid> choose(const FirstMessage& first, const Surroundings& at) {
  const wfp::MainModePolicy& policy = *first.choice.policy;
  auto transforms = read_main_mode_sa(*first.message.payloads.sa);
  if (!transforms) return unexpected(transforms.error());
  std::vector<std::optional<MainModeSuite>> suites;
  for (const OfferedTransform& transform : *transforms) suites.push_back(transform.suite);
  const MainModeList own = main_mode_list(policy, at.config.main_mode_dh_always);
  const bool any_group = (policy.flags & wfp::kIkeEnableOptionalDh) != 0;  // U-03
  auto chosen = choose_main_mode(own.entries, suites, any_group);
  if (const auto* none = std::get_if<NoMatch>(&chosen)) {
    return unexpected(Invalid{kStatusPolicyMatch, "no common main-mode proposal: " + in_words(none->why)});
  }
  Accepted accepted;
  accepted.match = std::get<MainModeMatch>(std::move(chosen));
  accepted.entry = own.entries[accepted.match.own];
  accepted.entry.suite.group = suites[accepted.match.offered]->group;
  accepted.transforms = std::move(*transforms);
  return accepted;
}

/// Step 5: methods that were listed, that the policy has and that there is a credential for, in the initiator's order.
expected<std::vector<std::uint16_t>, Invalid> choose_methods(const FirstMessage& first, const Surroundings& at) {
  std::vector<std::uint16_t> methods = acceptable_methods(
      *first.message.payloads.methods, options_of(first.choice.policy->methods, false), at.environment.credentials);
  if (methods.empty())
    return unexpected(Invalid{kStatusAuthFail, "no common main-mode authentication method"});
  return methods;
}

MainModeTerms terms_of(const FirstMessage& first, const Accepted& accepted) {
  const OfferedTransform& transform = accepted.transforms[accepted.match.offered];
  MainModeTerms terms;
  terms.role = ipsec::SaRole::kResponder;
  terms.choice = first.choice;
  terms.proposal = accepted.entry.proposal;
  const std::uint32_t theirs = transform.lifetime_seconds.value_or(kLifetimeSecondsIfMissing);
  terms.proposal.lifetime_seconds_max = smaller_limit(terms.proposal.lifetime_seconds_max, theirs);  // D-42
  terms.proposal.dh_group = policy_group(accepted.entry.suite.group);
  terms.suite = accepted.entry.suite;
  terms.initiator_cookie = first.message.header.initiator_cookie;
  terms.ni = first.message.payloads.nonces.front();
  terms.peer = read_vendor_ids(first.message.payloads.vendor_ids);
  return terms;
}

struct SecondMessage {
  const Accepted& accepted;
  const MainModeTerms& terms;
  const std::optional<crypto::DhKeyPair>& diffie_hellman;
  const std::optional<GssMessage>& gss;
};

/// #2: SA, Auth, Nr, Nr(qm), VIDs, NAT-D, GSS-API or GSS_ID, KE (authip.md 2.4).
PayloadChain second_message(const SecondMessage& second, const FirstMessage& first, const Surroundings& at) {
  const MainModeTerms& terms = second.terms;
  PayloadBuilder payloads;
  payloads.main_mode_answer(second.accepted.transforms[second.accepted.match.offered]).auth(second.accepted.methods);
  payloads.nonce(terms.nr).nonce(terms.nr_qm);
  const bool ipv4 = first.local.address.is_v4();
  for (const OctetVector& body : vendor_ids_to_send(at.config, ipv4, first.initial_contact, std::nullopt)) {
    payloads.vendor_id(body);
  }
  for (const OctetVector& body :
       nat_detection_payloads(terms.initiator_cookie, terms.responder_cookie, first.local, first.remote)) {
    payloads.nat_d(body);
  }
  if (second.gss) {
    payloads.gss(*second.gss);  // and no GSS_ID
  } else {
    payloads.gss_id(at.environment.credentials.gss_id);
  }
  if (second.diffie_hellman) payloads.key_exchange(second.diffie_hellman->public_value());
  return payloads.finish();
}

/// KE present exactly when the chosen group is not 0 (step 6).
std::optional<Invalid> check_key_exchange(const FirstMessage& first, const Accepted& accepted) {
  const bool present = first.message.payloads.key_exchange.has_value();
  const bool wanted = accepted.entry.suite.group != 0;
  if (present == wanted) {
    if (!wanted) return std::nullopt;
    return check_public_length(group_of(accepted.entry.suite), *first.message.payloads.key_exchange);
  }
  return Invalid{kStatusProcessErrKe,
                 present ? "KE although no group was chosen" : "no KE although a group was chosen"};
}

/// Derives the keys where they exist: the first method listed is anonymous, or the GSS context is complete.
std::optional<Invalid> derive_if_possible(FirstExchangeDone& s, const std::vector<std::uint16_t>& methods,
                                          const Surroundings& at) {
  Authenticated authentication;
  if (const auto* complete = std::get_if<gss_responder::Complete>(&s.gss)) {
    authentication = complete->result;
  } else if (std::holds_alternative<gss_responder::Waiting>(s.gss) && !methods.empty() &&
             methods.front() == kMethodAnonymous) {
    authentication.method = kMethodAnonymous;
  } else {
    s.sa.reset();
    return std::nullopt;
  }
  auto sa = derive_main_mode_sa(s.terms, std::move(authentication), s.chain, at.config);
  if (!sa) return sa.error();
  s.sa = std::move(*sa);
  return std::nullopt;
}

bool carries_completion(const std::optional<GssMessage>& gss) {
  return gss && (gss->flags & kGssResponderComplete) != 0;
}

/// Everything about #1 was accepted: draws, builds #2, and derives the keys of an anonymous main mode.
Step answer(const FirstMessage& first, const Accepted& accepted, const Surroundings& at) {
  RandomSource& random = at.environment.random;
  FirstExchangeDone next{terms_of(first, accepted), {}, gss_responder::Waiting{{accepted.methods, "MM"}}, nullptr};
  MainModeTerms& terms = next.terms;
  terms.responder_cookie = draw_cookie(random);
  terms.nr = random.octets(kNonceOctets);
  terms.nr_qm = random.octets(kNonceOctets);
  std::optional<crypto::DhKeyPair> own;
  if (terms.suite.group != 0) {
    own = crypto::DhKeyPair::generate(group_of(terms.suite), random);
    auto z = diffie_hellman_secret(*own, *first.message.payloads.key_exchange);
    if (!z) return fail(z.error(), "authip.md 2.3 step 6");
    terms.z = std::move(*z);
  }
  std::vector<MachineEffect> effects;
  effects.emplace_back(note("MM#1", to_string(first.remote), "accept " + to_string(terms.suite),
                            "main-mode policy " + to_string(first.choice.policy_key), "authip.md 2.3 A-092",
                            accepted.match.beaten));
  std::optional<GssMessage> gss_answer;
  if (first.message.payloads.gss) {  // the initiator knew our name already, or anonymous with a token (D-39)
    gss_responder::Step gss = gss_responder::received(std::move(next.gss), *first.message.payloads.gss, at.now,
                                                      at.environment.credentials, at.replays, random);
    for (Decision& decision : gss.decisions) effects.emplace_back(Note{std::move(decision)});
    if (!gss.send) return fail({kStatusAuthFail, "no authentication method is left"}, "authip.md 2.8");
    gss_answer = std::move(gss.send);
    next.gss = std::move(gss.next);
  }
  PayloadChain second = second_message({accepted, terms, own, gss_answer}, first, at);
  next.chain = second_main_mode_link(second.octets, first_main_mode_link(first.message.chain.octets));
  if (auto invalid = derive_if_possible(next, accepted.methods, at)) return fail(*invalid, "authip.md 3.2 D-58");
  const bool clear_iv = at.config.clear_crypto_iv_by_responder && carries_completion(gss_answer);  // D-35
  effects.emplace_back(SendResponse{false, clear_iv, std::move(second), "MM#2"});
  return {std::move(next), std::move(effects)};
}

/// authip.md 2.3, receiver steps 4 to 7.
Step on_first_message(const FirstMessage& first, const Surroundings& at) {
  if (const auto invalid = check_rules(kFirstMessageRules, first.message.payloads))
    return fail(*invalid, "authip.md 2.3");
  expected<Accepted, Invalid> accepted = choose(first, at);
  if (!accepted) return fail(accepted.error(), "authip.md 2.3 A-104");
  expected<std::vector<std::uint16_t>, Invalid> methods = choose_methods(first, at);
  if (!methods) return fail(methods.error(), "authip.md 2.3 A-105");
  accepted->methods = std::move(*methods);
  if (const auto invalid = check_key_exchange(first, *accepted)) return fail(*invalid, "authip.md 2.3 step 6");
  if (nat_detected(first.message.payloads.nat_d, first.message.header.initiator_cookie, Cookie{}, first.local,
                   first.remote)) {
    return fail({kStatusPolicyMatch, "a NAT is on the path: UDP encapsulation is not modelled yet"},
                "authip.md 1.15 D-19");
  }
  return answer(first, *accepted, at);
}

/// #3: R's answer is #4 (authip.md 2.5).
Step on_gss_message(FirstExchangeDone s, const Message& message, const Surroundings& at) {
  if (const auto invalid = check_rules(kGssMessageRules, message.payloads)) return fail(*invalid, "authip.md 2.5");
  s.chain = next_link(hash_of(s.terms.suite), message.chain.octets, s.chain);
  gss_responder::Step gss = gss_responder::received(std::move(s.gss), *message.payloads.gss, at.now,
                                                    at.environment.credentials, at.replays, at.environment.random);
  std::vector<MachineEffect> effects;
  for (Decision& decision : gss.decisions) effects.emplace_back(Note{std::move(decision)});
  if (const auto* failed = std::get_if<gss_responder::Failed>(&gss.next)) {
    Step ended = fail({failed->status, failed->words}, "authip.md 2.8 A-123");
    ended.effects = std::move(effects);
    return ended;
  }
  PayloadChain payloads = PayloadBuilder{}.gss(*gss.send).finish();
  s.chain = next_link(hash_of(s.terms.suite), payloads.octets, s.chain);
  s.gss = std::move(gss.next);
  if (auto invalid = derive_if_possible(s, {}, at)) return fail(*invalid, "authip.md 3.2 D-58");
  const bool clear_iv = at.config.clear_crypto_iv_by_responder && carries_completion(gss.send);  // D-35
  effects.emplace_back(SendResponse{false, clear_iv, std::move(payloads), "MM#4"});
  return {std::move(s), std::move(effects)};
}

Step on(None s, const Event& event, const Surroundings& at) {
  return std::visit(Overloaded{
                        [&](const FirstMessage& first) -> Step { return on_first_message(first, at); },
                        [&](const GssMessageReceived&) -> Step {
                          return {s, {}};
                        },  // nothing was begun
                    },
                    event);
}

Step on(FirstExchangeDone s, const Event& event, const Surroundings& at) {
  return std::visit(
      Overloaded{
          [&](const FirstMessage&) -> Step {
            return {std::move(s), {}};
          },  // a repeat is answered from the window
          [&](const GssMessageReceived& gss) -> Step { return on_gss_message(std::move(s), gss.message, at); },
      },
      event);
}

Step on(Failed s, const Event& event, const Surroundings&) {
  return std::visit(Overloaded{
                        [&](const FirstMessage&) -> Step {
                          return {std::move(s), {}};
                        },
                        [&](const GssMessageReceived&) -> Step {
                          return {std::move(s), {}};
                        },
                    },
                    event);
}

}  // namespace

Step step(State state, const Event& event, const Surroundings& at) {
  return std::visit([&](auto&& current) { return on(std::move(current), event, at); }, std::move(state));
}

bool is_consistent(const State& state) {
  const auto* done = std::get_if<FirstExchangeDone>(&state);
  if (done == nullptr) return true;
  const bool complete = std::holds_alternative<gss_responder::Complete>(done->gss);
  return done->terms.responder_cookie != Cookie{} && (!complete || done->sa != nullptr);
}

}  // namespace ssx::authip::mm_responder
