#include <algorithm>

#include "model/authip/session.h"
#include "model/authip/status.h"
#include "model/base/overloaded.h"

namespace ssx::authip {
namespace {

bool same_names(const TargetNames& a, const TargetNames& b) { return a == b; }

void take_earlier(std::optional<Instant>& earliest, const std::optional<Instant>& candidate) {
  if (candidate && (!earliest || *candidate < *earliest)) earliest = candidate;
}

/// D-28: a responder may start quick modes itself where it is authenticated like the initiator, or nobody is.
bool one_way(const Authenticated& authentication) {
  return authentication.impersonation || authentication.method == kMethodNtlm ||
         (authentication.method == kMethodTls && !authentication.peer);
}

const qm_initiator::State* initiator_state(const QuickModeSlot& slot) {
  return std::get_if<qm_initiator::State>(&slot.machine);
}

}  // namespace

bool target_name_matches(const TargetNames& target, const std::string& presented) {
  if (target.names.empty()) return true;
  return std::ranges::any_of(
      target.names, [&](const std::string& name) { return identity::same_target_name(name, presented, target.raw); });
}

bool Session::may_start_quick_mode() const {
  if (life_ != Life::kEstablished) return false;
  const std::uint32_t limit = sa_->terms.proposal.quick_mode_limit;
  if (limit != 0 && quick_modes_done_ >= limit) return false;  // the main mode itself stays
  if (role_ == ipsec::SaRole::kInitiator) return true;
  const ExtendedModeResult* extended = extended_result();
  return !one_way(sa_->authentication) && (extended == nullptr || !one_way(extended->authentication));
}

/// D-55: addresses, main-mode policy, identity, and the name that the peer proved.
bool Session::serves(const Job& job) const {
  if (!may_start_quick_mode()) return false;
  if (job.selector.local.address != local_.address || job.selector.remote.address != remote_.address) return false;
  if (job.main_mode.policy_key != sa_->terms.choice.policy_key) return false;
  if (job.user != first_user_) return false;
  const ExtendedModeResult* extended = extended_result();
  const qm_responder::ExtendedModeWish wish = qm_responder::extended_mode_wish(*job.quick_mode.policy);
  const bool needs_extended = !wish.methods.empty() && !wish.optional;
  if (needs_extended && extended == nullptr) return false;  // it cannot be made up for (D-10)
  if (job.target.names.empty()) return true;
  const std::string peer = authenticated_peer_name(*sa_, extended);
  return !peer.empty() && target_name_matches(job.target, peer);
}

/// A first negotiation for the same ends, policy, identity and names: the job can wait for its main mode.
bool Session::may_serve(const Job& job) const {
  if (life_ != Life::kNegotiating || role_ != ipsec::SaRole::kInitiator || !first_job_) return false;
  const auto wish = [](const Job& some) { return qm_responder::extended_mode_wish(*some.quick_mode.policy); };
  return job.selector.local.address == local_.address && job.selector.remote.address == remote_.address &&
         job.main_mode.policy_key == first_job_->main_mode.policy_key && job.user == first_job_->user &&
         same_names(job.target, first_job_->target) && wish(job).methods == wish(*first_job_).methods;
}

Job* Session::find_equal_job(const Job& job) {
  const auto equals = [&](const std::optional<Job>& other) {
    return other && other->selector == job.selector && other->quick_mode.policy_key == job.quick_mode.policy_key &&
           other->quick_mode.guarantee_encryption == job.quick_mode.guarantee_encryption &&
           other->main_mode.policy_key == job.main_mode.policy_key && other->user == job.user &&
           same_names(other->target, job.target);
  };
  if (life_ == Life::kNegotiating && equals(first_job_)) return &*first_job_;
  for (auto& [id, quick_mode] : quick_modes_) {
    if (equals(quick_mode.job)) return &*quick_mode.job;
  }
  const auto found = std::ranges::find_if(waiting_jobs_, [&](const Job& other) { return equals(other); });
  return found == waiting_jobs_.end() ? nullptr : &*found;
}

void Session::add_job(Job job, Call& call) {
  if (life_ == Life::kNegotiating) {
    waiting_jobs_.push_back(std::move(job));
    return;
  }
  start_later_quick_mode(std::move(job), call);
}

void Session::cancel(NegotiationId id, Call& call) {
  const auto forget = [&](Job& job) {
    std::erase(job.waiters, id);
    return job.waiters.empty() && !job.replaces;
  };
  const auto waits_for = [&](const Job& job) { return std::ranges::find(job.waiters, id) != job.waiters.end(); };
  std::erase_if(waiting_jobs_, [&](Job& job) { return waits_for(job) && forget(job); });
  if (first_job_ && waits_for(*first_job_) && forget(*first_job_) && waiting_jobs_.empty() &&
      life_ == Life::kNegotiating) {
    first_job_.reset();
    Failure given_up =
        invalid_message(Phase::kMainMode, {kStatusSaDeleted, "nobody waits for it any more"}, "engine.h");
    return fail_negotiation(std::move(given_up), MessageId{0}, call);
  }
  for (auto& [message_id, quick_mode] : quick_modes_) {
    if (!quick_mode.job || !waits_for(*quick_mode.job) || !forget(*quick_mode.job)) continue;
    Failure given_up =
        invalid_message(Phase::kQuickMode, {kStatusSaDeleted, "nobody waits for it any more"}, "engine.h");
    quick_mode.job.reset();
    return fail_quick_mode(message_id, std::move(given_up), call);
  }
}

std::size_t Session::negotiations() const {
  if (life_ == Life::kNegotiating) return 1;
  return static_cast<std::size_t>(
      std::ranges::count_if(quick_modes_, [](const auto& entry) { return !entry.second.succeeded; }));
}

void Session::collect_reserved(ReservedSpis& out) const {
  for (const auto& [id, quick_mode] : quick_modes_) {
    if (const qm_initiator::State* state = initiator_state(quick_mode)) {
      if (const auto* sent = std::get_if<qm_initiator::FirstPacketSent>(state)) {
        out.insert(out.end(), sent->spis.begin(), sent->spis.end());
      }
    }
    const QuickModeAgreement* agreement =
        std::visit(Overloaded{
                       [](const qm_initiator::State& state) { return qm_initiator::agreement(state); },
                       [](const qm_responder::State& state) { return qm_responder::agreement(state); },
                   },
                   quick_mode.machine);
    if (agreement == nullptr) continue;
    for (const AgreedSuite& suite : agreement->suites) out.push_back(suite.inbound);
  }
}

MainModeDetails Session::details() const {
  MainModeDetails details;
  details.id = id_;
  details.role = role_;
  details.local = local_.address;
  details.remote = remote_.address;
  details.initiator_cookie = to_vector(initiator_cookie_);
  details.responder_cookie = to_vector(responder_cookie_);
  if (sa_ == nullptr) return details;
  details.proposal = sa_->terms.proposal;
  details.policy_key = sa_->terms.choice.policy_key;
  details.main_mode_method = policy_method(sa_->authentication.method);
  if (const ExtendedModeResult* extended = extended_result()) {
    details.extended_mode_method = policy_method(extended->authentication.method);
  }
  details.lookup_context = lookup_context(*sa_);
  return details;
}

std::optional<Instant> Session::next_deadline() const {
  std::optional<Instant> earliest;
  take_earlier(earliest, requester::next_deadline(main_mode_outstanding_.request));
  take_earlier(earliest, requester::next_deadline(extended_mode_outstanding_.request));
  for (const auto& [id, quick_mode] : quick_modes_) {
    take_earlier(earliest, requester::next_deadline(quick_mode.outstanding.request));
    take_earlier(earliest, quick_mode.deadline);
  }
  for (const auto& [key, channel] : notifies_) take_earlier(earliest, requester::next_deadline(channel.request));
  take_earlier(earliest, half_open_until_);
  take_earlier(earliest, expires_at_);
  return earliest;
}

bool Session::is_consistent() const {
  const bool machines =
      std::visit(Overloaded{
                     [](const mm_initiator::State& state) { return mm_initiator::is_consistent(state); },
                     [](const mm_responder::State& state) { return mm_responder::is_consistent(state); },
                 },
                 main_mode_);
  const bool quick = std::ranges::all_of(quick_modes_, [](const auto& entry) {
    const bool state =
        std::visit(Overloaded{
                       [](const qm_initiator::State& machine) { return qm_initiator::is_consistent(machine); },
                       [](const qm_responder::State& machine) { return qm_responder::is_consistent(machine); },
                   },
                   entry.second.machine);
    return state && requester::is_consistent(entry.second.outstanding.request);
  });
  const bool extended =
      std::visit(Overloaded{
                     [](const std::monostate&) { return true; },
                     [](const em_initiator::State& state) { return em_initiator::is_consistent(state); },
                     [](const em_responder::State& state) { return em_responder::is_consistent(state); },
                 },
                 extended_mode_);
  const bool keys = (life_ != Life::kEstablished && life_ != Life::kRetired) || sa_ != nullptr;
  const bool half_open = !half_open_until_ || (role_ == ipsec::SaRole::kResponder && life_ == Life::kNegotiating);
  return machines && quick && extended && keys && half_open &&
         requester::is_consistent(main_mode_outstanding_.request) &&
         requester::is_consistent(extended_mode_outstanding_.request);
}

}  // namespace ssx::authip
