#include <algorithm>
#include <cassert>

#include "model/authip/session.h"
#include "model/authip/status.h"
#include "model/base/overloaded.h"

namespace ssx::authip {
namespace {

constexpr MessageId kFirstQuickMode{0};
constexpr MessageId kExtendedModeId{1};

const QuickModeAgreement* agreement_of(const QuickModeSlot& slot) {
  return std::visit(Overloaded{
                        [](const qm_initiator::State& state) { return qm_initiator::agreement(state); },
                        [](const qm_responder::State& state) { return qm_responder::agreement(state); },
                    },
                    slot.machine);
}

/// The socket's owner where a policy says SOCKET_PRINCIPAL, else the machine.
std::optional<identity::Principal> user_for(const Job& job, wfp::ImpersonationType type) {
  return type == wfp::ImpersonationType::kSocketPrincipal ? job.user : std::nullopt;
}

ExtendedModeResult const* result_of(
    const std::variant<std::monostate, em_initiator::State, em_responder::State>& machine) {
  if (const auto* initiator = std::get_if<em_initiator::State>(&machine)) return em_initiator::result(*initiator);
  if (const auto* responder = std::get_if<em_responder::State>(&machine)) return em_responder::result(*responder);
  return nullptr;
}

}  // namespace

QuickModeSlot* Session::slot(MessageId id) {
  const auto found = quick_modes_.find(id);
  return found == quick_modes_.end() ? nullptr : &found->second;
}

std::optional<Job>& Session::job_of(MessageId id) {
  return id == kFirstQuickMode ? first_job_ : quick_modes_.at(id).job;
}

const ExtendedModeResult* Session::extended_result() const { return result_of(extended_mode_); }

/// The initiator's job asks for a second authentication with methods that travel.
bool Session::extended_mode_pending() const {
  if (role_ != ipsec::SaRole::kInitiator || !first_job_ || first_job_->without_extended_mode) return false;
  return !qm_responder::extended_mode_wish(*first_job_->quick_mode.policy).methods.empty();
}

Session Session::initiate(MmSaId id, Job job, std::vector<MainModeEntry> run, TransportAddress local,
                          TransportAddress remote, bool initial_contact, Call& call) {
  Session session;
  session.id_ = id;
  session.local_ = local;
  session.remote_ = remote;
  session.policy_flags_ = job.main_mode.policy->flags;
  session.retransmit_duration_ = job.main_mode.policy->retransmit_duration_seconds;
  while (session.initiator_cookie_ == Cookie{}) call.at.environment.random.fill(session.initiator_cookie_);
  session.main_mode_ = mm_initiator::State{};
  session.first_user_ = job.user;
  session.first_job_ = std::move(job);
  mm_initiator::Begin begin{
      session.first_job_->main_mode,
      std::move(run),
      session.initiator_cookie_,
      local,
      remote,
      initial_contact,
      session.first_job_->target,
      user_for(*session.first_job_, session.first_job_->main_mode.policy->initiator_impersonation),
      session.extended_mode_pending()};
  session.main_mode_event(mm_initiator::Event{std::move(begin)}, call);
  return session;
}

Session Session::respond(MmSaId id, const Frame& frame, MainModeChoice choice, TransportAddress local,
                         TransportAddress remote, bool initial_contact, Call& call) {
  Session session;
  session.id_ = id;
  session.role_ = ipsec::SaRole::kResponder;
  session.local_ = local;
  session.remote_ = remote;
  session.policy_flags_ = choice.policy->flags;
  session.retransmit_duration_ = choice.policy->retransmit_duration_seconds;
  session.initiator_cookie_ = frame.header.initiator_cookie;
  session.main_mode_ = mm_responder::State{};
  const expected<Message, Invalid> message = read_clear_message(frame);
  if (!message) {
    session.fail_negotiation(invalid_message(Phase::kMainMode, message.error(), "authip.md 2.3"), kFirstQuickMode,
                             call);
    return session;
  }
  session.main_mode_window_.accept(MessageId{0}, frame.header.sequence, to_vector(frame.datagram));
  MessageHeader request = frame.header;
  request.message_id = MessageId{0};
  const mm_responder::FirstMessage first{*message, std::move(choice), local, remote, initial_contact};
  session.main_mode_event(mm_responder::Event{first}, request, call);
  return session;
}

/// Sends, answers and installs what a machine wants, in its order.
void Session::apply(std::vector<MachineEffect> effects, Outstanding* outstanding, MessageId quick_mode,
                    const MessageHeader* request, Call& call) {
  for (MachineEffect& effect : effects) {
    std::visit(Overloaded{
                   [&](SendRequest& send) {
                     assert(outstanding != nullptr);
                     const MessageId id = send.exchange == ExchangeType::kExtendedMode ? kExtendedModeId : quick_mode;
                     send_request(*outstanding, id, std::move(send), call);
                   },
                   [&](SendResponse& response) {
                     assert(request != nullptr);
                     answer(request->exchange, request->message_id, request->sequence, std::move(response), call);
                   },
                   [&](AddInboundSa&) { install(quick_mode, true, call); },
                   [&](AddOutboundSa&) { install(quick_mode, false, call); },
                   [&](Note& note) { call.effects.emplace_back(Decided{std::move(note.decision)}); },
               },
               effect);
  }
}

void Session::keys_ready(std::shared_ptr<const MainModeSa> sa, Call& call) {
  if (sa_ == sa) return;
  sa_ = std::move(sa);
  if (sa_ == nullptr || !call.at.config.log_keys) return;
  call.effects.emplace_back(KeyLog{to_vector(initiator_cookie_), sa_->keys.cipher_key});
}

void Session::main_mode_event(const mm_initiator::Event& event, Call& call) {
  auto& state = std::get<mm_initiator::State>(main_mode_);
  mm_initiator::Step step = mm_initiator::step(std::move(state), event, call.at);
  state = std::move(step.next);
  apply(std::move(step.effects), &main_mode_outstanding_, MessageId{0}, nullptr, call);
  if (auto* failed = std::get_if<mm_initiator::Failed>(&state)) {
    return fail_negotiation(failed->failure, kFirstQuickMode, call);
  }
  if (const auto* done = std::get_if<mm_initiator::Done>(&state); done != nullptr && sa_ == nullptr) {
    keys_ready(done->sa, call);
    start_first_quick_mode(call);
  }
}

void Session::main_mode_event(const mm_responder::Event& event, const MessageHeader& request, Call& call) {
  auto& state = std::get<mm_responder::State>(main_mode_);
  mm_responder::Step step = mm_responder::step(std::move(state), event, call.at);
  state = std::move(step.next);
  if (const auto* done = std::get_if<mm_responder::FirstExchangeDone>(&state)) {
    responder_cookie_ = done->terms.responder_cookie;
    half_open_until_ = call.at.now + kResponderTimeout;
    keys_ready(done->sa, call);
  }
  apply(std::move(step.effects), nullptr, MessageId{0}, &request, call);
  if (auto* failed = std::get_if<mm_responder::Failed>(&state))
    fail_negotiation(failed->failure, kFirstQuickMode, call);
}

void Session::start_first_quick_mode(Call& call) {
  assert(first_job_);
  begin_quick_mode(kFirstQuickMode, *first_job_, call);
}

/// Draws the Message ID (4, repeated while it is 0, 1 or in use), then what qm_initiator draws.
void Session::start_later_quick_mode(Job job, Call& call) {
  MessageId id;
  while (id.value <= kExtendedModeId.value || quick_modes_.contains(id)) id.value = call.at.environment.random.u32();
  begin_quick_mode(id, std::move(job), call);
}

void Session::begin_quick_mode(MessageId id, Job job, Call& call) {
  QuickModeSlot& created = quick_modes_[id];
  created.machine = qm_initiator::State{};
  qm_initiator::Begin begin{sa_,
                            id,
                            job.selector,
                            job.quick_mode,
                            job.target.names.empty() ? std::string{} : job.target.names.front(),
                            job.user,
                            call.reserved,
                            id == kFirstQuickMode && extended_mode_pending()};
  if (id != kFirstQuickMode) created.job = std::move(job);
  quick_mode_event(id, qm_initiator::Event{std::move(begin)}, call);
}

void Session::quick_mode_event(MessageId id, const qm_initiator::Event& event, Call& call) {
  QuickModeSlot& current = quick_modes_.at(id);
  auto& state = std::get<qm_initiator::State>(current.machine);
  qm_initiator::Step step = qm_initiator::step(std::move(state), event, call.at);
  state = std::move(step.next);
  apply(std::move(step.effects), &current.outstanding, id, nullptr, call);
  if (const auto* failed = std::get_if<qm_initiator::Failed>(&state)) {
    const Failure failure = failed->failure;
    return life_ == Life::kNegotiating ? fail_negotiation(failure, id, call) : fail_quick_mode(id, failure, call);
  }
  if (!std::holds_alternative<qm_initiator::Done>(state) || current.succeeded) return;
  if (id == kFirstQuickMode) return after_first_quick_mode(call);
  quick_mode_succeeded(id, call);
}

void Session::quick_mode_event(MessageId id, const qm_responder::Event& event, const MessageHeader& request,
                               Call& call) {
  QuickModeSlot& current = quick_modes_.at(id);
  if (!std::holds_alternative<qm_responder::State>(current.machine)) current.machine = qm_responder::State{};
  auto& state = std::get<qm_responder::State>(current.machine);
  qm_responder::Step step = qm_responder::step(std::move(state), event, call.at);
  state = std::move(step.next);
  if (life_ == Life::kNegotiating) half_open_until_ = call.at.now + kResponderTimeout;
  current.deadline = call.at.now + kResponderTimeout;
  apply(std::move(step.effects), nullptr, id, &request, call);
  if (const auto* failed = std::get_if<qm_responder::Failed>(&state)) {
    const Failure failure = failed->failure;
    return life_ == Life::kNegotiating ? fail_negotiation(failure, id, call) : fail_quick_mode(id, failure, call);
  }
  if (!std::holds_alternative<qm_responder::Done>(state)) return;
  current.deadline.reset();
  if (current.succeeded) return;
  if (id == kFirstQuickMode) return after_first_quick_mode(call);
  quick_mode_succeeded(id, call);
}

/// The first quick mode is done: extended mode, or the end of the first negotiation.
void Session::after_first_quick_mode(Call& call) {
  if (role_ == ipsec::SaRole::kResponder) {
    const auto& done =
        std::get<qm_responder::Done>(std::get<qm_responder::State>(quick_modes_.at(kFirstQuickMode).machine));
    if (std::holds_alternative<em_responder::State>(extended_mode_)) return;
    qm_responder::ExtendedModeWish wish = qm_responder::extended_mode_wish(*done.agreement.choice.policy);
    extended_mode_ = em_responder::State{};
    auto& machine = std::get<em_responder::State>(extended_mode_);
    machine = em_responder::step(std::move(machine), em_responder::Begin{sa_, std::move(wish.methods)}, call.at).next;
    if (!done.extended_mode_required) establish(call);
    return;
  }
  if (!extended_mode_pending()) return establish(call);
  const Job& job = *first_job_;
  const qm_responder::ExtendedModeWish wish = qm_responder::extended_mode_wish(*job.quick_mode.policy);
  extended_mode_ = em_initiator::State{};
  em_initiator::Begin begin{sa_, wish.methods, job.target,
                            user_for(job, job.quick_mode.policy->extended_mode->initiator_impersonation)};
  extended_mode_event(em_initiator::Event{std::move(begin)}, call);
}

void Session::extended_mode_event(const em_initiator::Event& event, Call& call) {
  auto& state = std::get<em_initiator::State>(extended_mode_);
  em_initiator::Step step = em_initiator::step(std::move(state), event, call.at);
  state = std::move(step.next);
  apply(std::move(step.effects), &extended_mode_outstanding_, kFirstQuickMode, nullptr, call);
  if (const auto* failed = std::get_if<em_initiator::Failed>(&state)) {
    const Failure failure = failed->failure;
    return fail_negotiation(failure, kFirstQuickMode, call);
  }
  if (std::holds_alternative<em_initiator::Done>(state) && life_ == Life::kNegotiating) establish(call);
}

void Session::extended_mode_event(const em_responder::Event& event, const MessageHeader& request, Call& call) {
  auto& state = std::get<em_responder::State>(extended_mode_);
  em_responder::Step step = em_responder::step(std::move(state), event, call.at);
  state = std::move(step.next);
  if (life_ == Life::kNegotiating) half_open_until_ = call.at.now + kResponderTimeout;
  apply(std::move(step.effects), nullptr, kFirstQuickMode, &request, call);
  if (const auto* failed = std::get_if<em_responder::Failed>(&state)) {
    const Failure failure = failed->failure;
    return fail_negotiation(failure, kFirstQuickMode, call);
  }
  if (std::holds_alternative<em_responder::Done>(state) && life_ == Life::kNegotiating) establish(call);
}

/// Keys one half of the pair and hands it over. An optional extended mode that comes after all keys the pair anew
/// (U-11).
void Session::install(MessageId id, bool inbound, Call& call) {
  QuickModeSlot& current = quick_modes_.at(id);
  const QuickModeAgreement* agreement = agreement_of(current);
  if (agreement == nullptr) return;
  ipsec::SaPair pair = make_pair(id_, *sa_, *agreement, extended_result());
  const Spi spi = pair.id();
  if (!inbound) {
    call.effects.emplace_back(InstallOutboundSa{std::move(pair)});
    return;
  }
  if (current.installed_inbound) {
    call.effects.emplace_back(DeleteSa{*current.installed_inbound, 0});
    call.upcalls.emplace_back(PairDeleted{*current.installed_inbound});
  }
  current.installed_inbound = spi;
  PairRecord record{id_,
                    id,
                    agreement->role,
                    agreement->guarantee_encryption,
                    authenticated_peer_name(*sa_, extended_result()),
                    {},
                    std::nullopt};
  if (const std::optional<Job>& job = job_of(id)) record.job = *job;
  record.job.waiters.clear();
  record.job.selector = agreement->selector;
  record.job.main_mode = sa_->terms.choice;
  record.job.quick_mode = agreement->choice;
  record.job.quick_mode.guarantee_encryption = agreement->guarantee_encryption;
  record.job.group_run = 0;
  record.job.without_extended_mode = false;
  record.job.replaces.reset();
  call.effects.emplace_back(InstallInboundSa{std::move(pair)});
  call.upcalls.emplace_back(PairInstalled{spi, std::move(record)});
}

void Session::quick_mode_succeeded(MessageId id, Call& call) {
  QuickModeSlot& current = quick_modes_.at(id);
  current.succeeded = true;
  ++quick_modes_done_;  // D-45: successful ones count
  std::optional<Job>& job = job_of(id);
  if (!job) return;
  assert(current.installed_inbound);
  call.upcalls.emplace_back(JobSucceeded{*job, *current.installed_inbound});
  job.reset();
}

/// The first negotiation is over: the main mode may be used by others now.
void Session::establish(Call& call) {
  life_ = Life::kEstablished;
  half_open_until_.reset();
  if (sa_->terms.proposal.lifetime_seconds_max != 0) {
    expires_at_ = call.at.now + std::chrono::seconds(sa_->terms.proposal.lifetime_seconds_max);
  }
  announced_ = true;
  call.effects.emplace_back(MainModeEstablished{details()});
  quick_mode_succeeded(kFirstQuickMode, call);
  std::deque<Job> waiting = std::move(waiting_jobs_);
  waiting_jobs_.clear();
  for (Job& job : waiting) {
    if (serves(job)) {
      start_later_quick_mode(std::move(job), call);
    } else {
      call.upcalls.emplace_back(JobReleased{std::move(job)});
    }
  }
}

}  // namespace ssx::authip
