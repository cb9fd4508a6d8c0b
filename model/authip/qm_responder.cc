#include "model/authip/qm_responder.h"

#include <algorithm>

#include "model/authip/status.h"
#include "model/base/overloaded.h"

namespace ssx::authip::qm_responder {
namespace {

constexpr std::size_t kNonceOctets = 32;  // D-25

Step fail(Invalid invalid, std::string rule, TellPeer tell = TellPeer::kStatus) {
  Failure failure = invalid_message(Phase::kQuickMode, std::move(invalid), std::move(rule));
  failure.tell = tell;
  return {Failed{std::move(failure)}, {}};
}

/// IDr is this host, IDi the peer: transport mode protects the traffic of the two ends of the main mode only.
std::optional<Invalid> check_ids(const RequestReceived& request) {
  const std::vector<IdContent>& ids = request.message.payloads.ids;
  if (ids[0].endpoint.address != request.remote || ids[1].endpoint.address != request.local) {
    return Invalid{kStatusNoPolicy, "the IDs name other hosts than the two ends"};
  }
  if (ids[0].protocol != ids[1].protocol) return Invalid{kStatusProcessErrId, "IDi and IDr name different protocols"};
  return std::nullopt;
}

std::optional<Invalid> check_request(const RequestReceived& request) {
  const PayloadSet& payloads = request.message.payloads;
  if (auto invalid = check_rules(kQuickModeRequestRules, payloads)) return invalid;
  if (!crypto::constant_time_equal(*payloads.hash, request.main_mode->auth1.view())) {
    return Invalid{kStatusAuthFail, "Auth1 is wrong"};
  }
  return check_ids(request);
}

/// #5 proposed what R would take: the alternative, the own entry, and the policy that both come from.
struct Chosen {
  QuickModeChoice choice;
  bool guarantee_encryption = false;
  OfferedProposal offered;
  QuickModeEntry own;
  std::vector<NearMiss> beaten;
  bool single_offer = false;
};

ipsec::TrafficSelector selector_of(const PayloadSet& payloads) {
  return {payloads.ids[0].protocol, payloads.ids[1].endpoint, payloads.ids[0].endpoint};
}

std::variant<Chosen, Step> choose(const RequestReceived& request, const Surroundings& at) {
  const PayloadSet& payloads = request.message.payloads;
  std::optional<QuickModeChoice> choice = at.environment.policies.quick_mode(selector_of(payloads));
  if (!choice) {
    return fail({kStatusNoPolicy, "no quick-mode policy for " + to_string(selector_of(payloads))}, "authip.md 2.6");
  }
  auto offered = read_quick_mode_sa(*payloads.sa);
  if (!offered) return fail(offered.error(), "authip.md 1.12");
  // D-20: told by the peer or demanded by an own rule, in both cases only encrypting proposals count.
  const bool guarantee = choice->guarantee_encryption || (payloads.exchange_info() & kInfoGuaranteeEncryption) != 0;
  const QuickModeList own = quick_mode_list(*choice->policy, guarantee);
  std::vector<OfferedAlternative> alternatives;
  for (const OfferedProposal& proposal : *offered) alternatives.push_back(proposal.meaning);
  auto match = choose_quick_mode(own.entries, alternatives, at.config.quick_mode_proposal_by_responder);
  if (const auto* none = std::get_if<NoMatch>(&match)) {
    return fail({kStatusPolicyMatch, "no common quick-mode proposal: " + in_words(none->why)}, "authip.md 2.6 A-146",
                TellPeer::kNoProposalChosen);
  }
  auto& found = std::get<QuickModeMatch>(match);
  const bool single = offered->size() == 1 && offered->front().single_transform;
  return Chosen{std::move(*choice),      guarantee, std::move((*offered)[found.offered]), own.entries[found.own],
                std::move(found.beaten), single};
}

/// #6: Hash, the IDs of #5, SA, in a later quick mode Nr(qm), EXCHANGE_INFO.
PayloadChain response(const RequestReceived& request, const Chosen& chosen, const std::vector<Spi>& spis,
                      const OctetVector& nr) {
  PayloadBuilder payloads;
  payloads.hash(request.main_mode->auth2.view());
  payloads.id(request.message.payloads.ids[0]).id(request.message.payloads.ids[1]);
  payloads.quick_mode_answer(chosen.offered, spis);
  if (!request.first) payloads.nonce(nr);
  add_exchange_info(payloads,
                    exchange_info_to_send(*request.main_mode, chosen.choice, false, chosen.guarantee_encryption));
  return payloads.finish();
}

QuickModeAgreement agree(const RequestReceived& request, Chosen chosen, const std::vector<Spi>& spis, OctetVector nr) {
  const PayloadSet& payloads = request.message.payloads;
  QuickModeAgreement agreement;
  agreement.role = ipsec::SaRole::kResponder;
  agreement.id = request.message.header.message_id;
  if (request.first) agreement.id = MessageId{0};  // D-06
  agreement.selector = selector_of(payloads);
  agreement.suites = agreed_suites(chosen.own.suites, spis, chosen.offered.spis);
  agreement.lifetime = effective_lifetime(chosen.own.lifetime, chosen.offered);
  agreement.ni = payloads.nonces.front();
  agreement.nr = std::move(nr);
  agreement.guarantee_encryption = chosen.guarantee_encryption;
  agreement.peer_boundary = (payloads.exchange_info() & kInfoBoundary) != 0;
  agreement.fast = chosen.single_offer && !payloads.key_exchange;  // D-11
  agreement.choice = std::move(chosen.choice);
  return agreement;
}

Step answer(const RequestReceived& request, Chosen chosen, const Surroundings& at) {
  const ExtendedModeWish wish = extended_mode_wish(*chosen.choice.policy);
  const bool wants_extended = !wish.methods.empty() && !wish.optional;
  if (!request.first && wants_extended && !request.extended_mode_done) {
    return fail({kStatusAuthFail, "the policy asks for a second authentication that this main mode has not had"},
                "authip.md D-10");
  }
  const std::vector<Spi> spis = draw_spis(chosen.own.suites.size(), request.reserved, at);
  OctetVector nr = request.first ? request.main_mode->terms.nr_qm : at.environment.random.octets(kNonceOctets);
  std::vector<MachineEffect> effects;
  effects.emplace_back(note("QM#5", to_string(selector_of(request.message.payloads)), "accept " + to_string(chosen.own),
                            "quick-mode policy " + to_string(chosen.choice.policy_key), "authip.md 2.6 A-143",
                            chosen.beaten));
  PayloadChain payloads = response(request, chosen, spis, nr);
  QuickModeAgreement agreement = agree(request, std::move(chosen), spis, std::move(nr));
  const bool extended_required = request.first && wants_extended;
  if (!agreement.fast) {
    effects.emplace_back(SendResponse{true, false, std::move(payloads), "QM#6"});
    return {FirstExchangeDone{std::move(agreement), extended_required}, std::move(effects)};
  }
  if (!extended_required) {  // both exist when #6 is on the wire
    effects.emplace_back(AddInboundSa{});
    effects.emplace_back(AddOutboundSa{});
  }
  effects.emplace_back(SendResponse{true, false, std::move(payloads), "QM#6"});
  return {Done{std::move(agreement), extended_required}, std::move(effects)};
}

Step on_request(const RequestReceived& request, const Surroundings& at) {
  if (auto invalid = check_request(request)) return fail(std::move(*invalid), "authip.md 2.6 A-139");
  std::variant<Chosen, Step> chosen = choose(request, at);
  if (auto* failed = std::get_if<Step>(&chosen)) return std::move(*failed);
  return answer(request, std::get<Chosen>(std::move(chosen)), at);
}

/// #7: both SAs are added, then #8 leaves.
Step on_synchronize(FirstExchangeDone s, const Message& message) {
  if (auto invalid = check_synchronize(message.payloads)) return fail(std::move(*invalid), "authip.md 2.6 A-151");
  std::vector<MachineEffect> effects;
  if (!s.extended_mode_required) {
    effects.emplace_back(AddInboundSa{});
    effects.emplace_back(AddOutboundSa{});
  }
  effects.emplace_back(SendResponse{true, false, synchronize(), "QM#8"});
  return {Done{std::move(s.agreement), s.extended_mode_required}, std::move(effects)};
}

/// D-11: R in the fast case still answers a #7, with nothing more to install.
Step on_late_synchronize(Done s, const Message& message) {
  if (auto invalid = check_synchronize(message.payloads)) return fail(std::move(*invalid), "authip.md 2.6 A-151");
  std::vector<MachineEffect> effects;
  effects.emplace_back(SendResponse{true, false, synchronize(), "QM#8"});
  return {std::move(s), std::move(effects)};
}

Step on(None s, const Event& event, const Surroundings& at) {
  return std::visit(Overloaded{
                        [&](const RequestReceived& request) -> Step { return on_request(request, at); },
                        [&](const SynchronizeReceived&) -> Step {
                          return {s, {}};
                        },  // the session tears down
                    },
                    event);
}

Step on(FirstExchangeDone s, const Event& event, const Surroundings&) {
  return std::visit(Overloaded{
                        [&](const RequestReceived&) -> Step {
                          return {std::move(s), {}};
                        },
                        [&](const SynchronizeReceived& r) -> Step { return on_synchronize(std::move(s), r.message); },
                    },
                    event);
}

Step on(Done s, const Event& event, const Surroundings&) {
  return std::visit(
      Overloaded{
          [&](const RequestReceived&) -> Step {
            return {std::move(s), {}};
          },
          [&](const SynchronizeReceived& r) -> Step { return on_late_synchronize(std::move(s), r.message); },
      },
      event);
}

Step on(Failed s, const Event& event, const Surroundings&) {
  return std::visit(Overloaded{
                        [&](const RequestReceived&) -> Step {
                          return {std::move(s), {}};
                        },
                        [&](const SynchronizeReceived&) -> Step {
                          return {std::move(s), {}};
                        },
                    },
                    event);
}

}  // namespace

Step step(State state, const Event& event, const Surroundings& at) {
  return std::visit([&](auto&& current) { return on(std::move(current), event, at); }, std::move(state));
}

const QuickModeAgreement* agreement(const State& state) {
  if (const auto* first = std::get_if<FirstExchangeDone>(&state)) return &first->agreement;
  if (const auto* done = std::get_if<Done>(&state)) return &done->agreement;
  return nullptr;
}

bool is_consistent(const State& state) {
  const QuickModeAgreement* agreed = agreement(state);
  return agreed == nullptr || !agreed->suites.empty();
}

ExtendedModeWish extended_mode_wish(const wfp::QuickModePolicy& policy) {
  ExtendedModeWish wish;
  if (!policy.extended_mode) return wish;
  wish.methods = options_of(policy.extended_mode->methods, true);
  wish.optional = std::ranges::any_of(policy.extended_mode->methods, [](const wfp::AuthenticationMethod& entry) {
    return entry.type == wfp::AuthMethod::kAnonymous;
  });
  wish.impersonation = policy.extended_mode->initiator_impersonation == wfp::ImpersonationType::kSocketPrincipal;
  return wish;
}

}  // namespace ssx::authip::qm_responder
