#include "model/authip/qm_initiator.h"

#include <algorithm>

#include "model/authip/status.h"
#include "model/base/overloaded.h"

namespace ssx::authip::qm_initiator {
namespace {

constexpr std::size_t kNonceOctets = 32;  // D-25

Step fail(Failure failure) { return {Failed{std::move(failure)}, {}}; }
Step fail(Invalid invalid, std::string rule) {
  return fail(invalid_message(Phase::kQuickMode, std::move(invalid), std::move(rule)));
}

bool is_first(const Begin& offer) { return offer.id == MessageId{0}; }

std::size_t spi_count(const std::vector<QuickModeEntry>& entries) {
  std::size_t count = 0;
  for (const QuickModeEntry& entry : entries) count = std::max(count, entry.suites.size());
  return count;
}

/// #5: Hash, IDi, IDr, SA, Ni(qm), EXCHANGE_INFO.
PayloadChain first_message(const FirstPacketSent& s) {
  const Begin& offer = s.offer;
  PayloadBuilder payloads;
  payloads.hash(offer.main_mode->auth1.view()).id(own_id(offer.selector)).id(peer_id(offer.selector));
  payloads.quick_mode_sa(s.entries, s.spis, offer.choice.policy->flags).nonce(s.ni);
  add_exchange_info(payloads,
                    exchange_info_to_send(*offer.main_mode, offer.choice, true, offer.choice.guarantee_encryption));
  return payloads.finish();
}

Step begin(const Begin& offer, const Surroundings& at) {
  QuickModeList list = quick_mode_list(*offer.choice.policy, offer.choice.guarantee_encryption);
  if (list.entries.empty()) {
    return fail({kStatusPolicyMatch, "no quick-mode proposal is left: " + in_words(list.left_out)}, "authip.md D-20");
  }
  FirstPacketSent next{offer, std::move(list.entries), {}, {}, false};
  next.spis = draw_spis(spi_count(next.entries), offer.reserved, at);
  next.ni = at.environment.random.octets(kNonceOctets);
  next.fast = next.entries.size() == 1 && !at.config.quick_mode_normal_only;  // D-11, A-153
  std::vector<MachineEffect> effects;
  effects.emplace_back(
      note("QM#5", to_string(offer.selector), "offer " + std::to_string(next.entries.size()) + " proposal(s)",
           "quick-mode policy " + to_string(offer.choice.policy_key), "authip.md 2.6", std::move(list.left_out)));
  const ExchangeType exchange = is_first(offer) ? ExchangeType::kMainMode : ExchangeType::kQuickMode;
  effects.emplace_back(SendRequest{exchange, true, first_message(next), "QM#5"});
  return {std::move(next), std::move(effects)};
}

/// The own entry that #6's proposal equals; alternatives are known by their number.
expected<QuickModeAgreement, Invalid> agree(const FirstPacketSent& s, const PayloadSet& payloads) {
  const auto offered = read_quick_mode_sa(*payloads.sa);
  if (!offered) return unexpected(offered.error());
  if (offered->size() != 1) return unexpected(Invalid{kStatusPolicyMatch, "#6 does not name one proposal"});
  const OfferedProposal& answer = offered->front();
  const std::size_t index = static_cast<std::size_t>(answer.meaning.number) - 1;
  if (index >= s.entries.size() || !answer.meaning.suites || *answer.meaning.suites != s.entries[index].suites) {
    return unexpected(Invalid{kStatusPolicyMatch, "#6 answers with a proposal that was not offered"});
  }
  QuickModeAgreement agreement;
  agreement.id = s.offer.id;
  agreement.selector = s.offer.selector;
  agreement.suites = agreed_suites(s.entries[index].suites, spis_for(s.entries[index].suites, s.spis), answer.spis);
  agreement.lifetime = effective_lifetime(s.entries[index].lifetime, answer);
  agreement.ni = s.ni;
  agreement.nr = is_first(s.offer) ? s.offer.main_mode->terms.nr_qm : payloads.nonces.front();
  agreement.guarantee_encryption = s.offer.choice.guarantee_encryption;
  agreement.peer_boundary = (payloads.exchange_info() & kInfoBoundary) != 0;
  agreement.fast = s.fast;
  agreement.choice = s.offer.choice;
  agreement.target_name = s.offer.target_name;
  agreement.user = s.offer.user;
  return agreement;
}

std::optional<Invalid> check_response(const FirstPacketSent& s, const PayloadSet& payloads) {
  const bool first = is_first(s.offer);
  const auto rules = first ? std::span<const PayloadRule>(kFirstQuickModeResponseRules)
                           : std::span<const PayloadRule>(kLaterQuickModeResponseRules);
  if (auto invalid = check_rules(rules, payloads)) return invalid;
  if (!crypto::constant_time_equal(*payloads.hash, s.offer.main_mode->auth2.view())) {
    return Invalid{kStatusAuthFail, "Auth2 is wrong"};
  }
  if (payloads.ids[0] != own_id(s.offer.selector) || payloads.ids[1] != peer_id(s.offer.selector)) {
    return Invalid{kStatusProcessErrId, "#6 does not repeat the IDs of #5"};
  }
  if (payloads.key_exchange) return Invalid{kStatusProcessErrKe, "KE without perfect forward secrecy"};
  return std::nullopt;
}

/// #6. A fast quick mode ends here, a normal one goes on with #7.
Step on_response(FirstPacketSent s, const Message& message) {
  if (auto invalid = check_response(s, message.payloads)) return fail(std::move(*invalid), "authip.md 2.6 A-140");
  expected<QuickModeAgreement, Invalid> agreement = agree(s, message.payloads);
  if (!agreement) return fail(agreement.error(), "authip.md 2.6");
  std::vector<MachineEffect> effects;
  std::vector<QuickModeSuite> chosen;
  for (const AgreedSuite& suite : agreement->suites) chosen.push_back(suite.suite);
  effects.emplace_back(note("QM#6", to_string(s.offer.selector), "agreed on " + to_string(QuickModeEntry{chosen, {}}),
                            "quick-mode policy " + to_string(s.offer.choice.policy_key), "authip.md 2.6"));
  const bool extended = s.offer.extended_mode_follows;
  if (!extended) effects.emplace_back(AddInboundSa{});
  if (s.fast) {
    if (!extended) effects.emplace_back(AddOutboundSa{});
    return {Done{std::move(*agreement)}, std::move(effects)};
  }
  effects.emplace_back(SendRequest{ExchangeType::kQuickMode, true, synchronize(), "QM#7"});
  return {SecondPacketSent{std::move(*agreement), extended}, std::move(effects)};
}

Step on_synchronized(SecondPacketSent s, const Message& message) {
  if (auto invalid = check_synchronize(message.payloads)) return fail(std::move(*invalid), "authip.md 2.6 A-151");
  std::vector<MachineEffect> effects;
  if (!s.extended_mode_follows) effects.emplace_back(AddOutboundSa{});
  return {Done{std::move(s.agreement)}, std::move(effects)};
}

Failure refused(std::uint32_t status) {
  return refused_by_peer(Phase::kQuickMode, status, "the peer ended quick mode with " + status_text(status));
}
Failure timed_out() {
  Failure failure = refused_by_peer(Phase::kQuickMode, kStatusTimedOut, "no answer after the last retransmission");
  failure.rule = "authip.md 2.15 A-197";
  return failure;
}

Step on(None s, const Event& event, const Surroundings& at) {
  return std::visit(Overloaded{
                        [&](const Begin& offer) -> Step { return begin(offer, at); },
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

Step on(FirstPacketSent s, const Event& event, const Surroundings&) {
  return std::visit(Overloaded{
                        [&](const Begin&) -> Step {
                          return {std::move(s), {}};
                        },  // already under way
                        [&](const ResponseReceived& r) -> Step { return on_response(std::move(s), r.message); },
                        [&](const Refused& r) -> Step { return fail(refused(r.status)); },
                        [&](const TimedOut&) -> Step { return fail(timed_out()); },
                    },
                    event);
}

Step on(SecondPacketSent s, const Event& event, const Surroundings&) {
  return std::visit(Overloaded{
                        [&](const Begin&) -> Step {
                          return {std::move(s), {}};
                        },
                        [&](const ResponseReceived& r) -> Step { return on_synchronized(std::move(s), r.message); },
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

const QuickModeAgreement* agreement(const State& state) {
  if (const auto* second = std::get_if<SecondPacketSent>(&state)) return &second->agreement;
  if (const auto* done = std::get_if<Done>(&state)) return &done->agreement;
  return nullptr;
}

bool is_consistent(const State& state) {
  if (const auto* sent = std::get_if<FirstPacketSent>(&state)) {
    return sent->offer.main_mode != nullptr && !sent->entries.empty() && !sent->spis.empty();
  }
  const QuickModeAgreement* agreed = agreement(state);
  return agreed == nullptr || !agreed->suites.empty();
}

}  // namespace ssx::authip::qm_initiator
