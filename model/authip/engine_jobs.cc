#include <algorithm>

#include "model/authip/engine_state.h"
#include "model/authip/status.h"

namespace ssx::authip {
namespace {

/// Two pairs for the same traffic of the same kind: the newer one replaces the older one (D-29, D-44).
bool same_purpose(const PairRecord& a, const PairRecord& b) {
  return a.job.selector == b.job.selector && a.guarantee_encryption == b.guarantee_encryption &&
         a.job.user == b.job.user && a.job.target == b.job.target && a.peer_name == b.peer_name;
}

Failure local_failure(Phase phase, std::uint32_t status, std::string words, std::string rule) {
  Failure failure = invalid_message(phase, {status, std::move(words)}, std::move(rule));
  failure.tell = TellPeer::kNothing;
  return failure;
}

}  // namespace

/// A main mode that can be used, one under way that can be waited for, or a new one (authip.md 2.3 step 0).
void Engine::State::submit(Job job) {
  for (auto& [id, session] : sessions) {
    if (Job* equal = job.replaces ? nullptr : session.find_equal_job(job)) {
      equal->waiters.insert(equal->waiters.end(), job.waiters.begin(), job.waiters.end());
      return;
    }
  }
  const MainModeList list = main_mode_list(*job.main_mode.policy, config.main_mode_dh_always);
  if (refuse_locally(job, list)) return;
  for (auto& entry : sessions) {
    Session& session = entry.second;
    if (!session.serves(job) && !session.may_serve(job)) continue;
    return with_call([&](Call& call) { session.add_job(std::move(job), call); });
  }
  begin_main_mode(std::move(job));
}

/// What cannot succeed whatever the peer says fails before any message (wfp-model.md 7.4 event Q1).
bool Engine::State::refuse_locally(const Job& job, const MainModeList& list) {
  const QuickModeList quick = quick_mode_list(*job.quick_mode.policy, job.quick_mode.guarantee_encryption);
  const qm_responder::ExtendedModeWish wish = qm_responder::extended_mode_wish(*job.quick_mode.policy);
  std::optional<Failure> failure;
  if (quick.entries.empty()) {
    failure = local_failure(Phase::kQuickMode, kStatusPolicyMatch, in_words(quick.left_out), "authip.md D-20");
  } else if (list.entries.empty()) {
    failure = local_failure(Phase::kMainMode, kStatusPolicyMatch, in_words(list.left_out), "authip.md 2.3 step 2");
  } else if (options_of(job.main_mode.policy->methods, false).empty()) {
    failure = local_failure(Phase::kMainMode, kStatusAuthFail, "no main-mode method that AuthIP has", "authip.md 1.10");
  } else if (job.quick_mode.policy->extended_mode && wish.methods.empty() && !wish.optional) {
    failure =
        local_failure(Phase::kExtendedMode, kStatusAuthFail, "no second method that AuthIP has", "authip.md 1.10");
  }
  if (failure) report(job, *failure);
  return failure.has_value();
}

/// A new main mode for one of the policy's groups (D-16).
void Engine::State::begin_main_mode(Job job) {
  if (main_modes_with(job.selector.remote.address) > kMainModesPerPeerMax) {
    const Failure full =
        local_failure(Phase::kMainMode, kStatusMmLimit, "more than 20 main modes with the peer", "authip.md 2.13");
    return report(job, full);
  }
  const MainModeList list = main_mode_list(*job.main_mode.policy, config.main_mode_dh_always);
  const std::vector<std::vector<MainModeEntry>> runs = group_runs(list);
  const TransportAddress local{job.selector.local.address, config.ike_port};
  const TransportAddress remote{job.selector.remote.address, config.ike_port};
  const MmSaId id{++last_id};
  std::vector<MainModeEntry> run = runs.at(job.group_run);
  with_call([&](Call& call) {
    sessions.emplace(
        id, Session::initiate(id, std::move(job), std::move(run), local, remote, !knows_peer(remote.address), call));
  });
}

void Engine::State::report(const Job& job, const Failure& failure) {
  for (const NegotiationId id : job.waiters) {
    effects.emplace_back(
        NegotiationFailed{id, failure.phase, failure.point, failure.status, failure.wrong_target_name, failure.words});
  }
  if (!job.replaces) return;
  delete_pair(*job.replaces);  // D-44: at once if no rekey succeeded
}

/// What sessions told; handling one may bring more.
void Engine::State::perform_upcalls() {
  while (!upcalls.empty()) {
    std::vector<Upcall> batch;
    batch.swap(upcalls);
    for (Upcall& upcall : batch) {
      std::visit([&](auto& known) { on_upcall(known); }, upcall);
    }
    sweep();
  }
}

void Engine::State::on_upcall(JobSucceeded& done) {
  const auto pair = pairs.find(done.inbound_spi);
  const MmSaId main_mode = pair == pairs.end() ? MmSaId{} : pair->second.session;
  for (const NegotiationId id : done.job.waiters) {
    effects.emplace_back(NegotiationSucceeded{id, done.inbound_spi, main_mode});
  }
}

void Engine::State::on_upcall(JobFailed& failed) {
  Job& job = failed.job;
  const Failure& failure = failed.failure;
  const bool refused = failure.point == FailurePoint::kPeer;
  const std::size_t groups = group_runs(main_mode_list(*job.main_mode.policy, config.main_mode_dh_always)).size();
  const bool next_group = refused && failure.phase == Phase::kMainMode && failure.status == kStatusPolicyMatch &&
                          job.group_run + 1 < groups;
  const bool optional = qm_responder::extended_mode_wish(*job.quick_mode.policy).optional;
  const bool without = failure.extended_mode_refused && optional && !job.without_extended_mode;
  if (next_group || without) {
    if (next_group) ++job.group_run;
    if (without) job.without_extended_mode = true;  // U-11
    effects.emplace_back(Decided{{"MM",
                                  to_string(job.selector),
                                  next_group ? "next group" : "without extended mode",
                                  "",
                                  {},
                                  next_group ? "authip.md D-16 A-088" : "README.md U-11"}});
    begin_main_mode(std::move(job));
  } else {
    report(job, failure);
  }
  const bool of_the_main_mode = failure.phase != Phase::kQuickMode && !next_group && !without;
  for (Job& waiting : failed.waiting) {
    if (of_the_main_mode) {
      report(waiting, failure);
    } else {
      submit(std::move(waiting));
    }
  }
}

void Engine::State::on_upcall(JobReleased& released) { submit(std::move(released.job)); }

void Engine::State::on_upcall(PairInstalled& installed) {
  for (auto& [spi, older] : pairs) {
    // 60 s after the successor exists, or after the rekey began.
    if (same_purpose(older, installed.record) && !older.delete_at) older.delete_at = now + kRekeyTimer;
  }
  pairs.insert_or_assign(installed.inbound_spi, std::move(installed.record));
}

void Engine::State::on_upcall(PairDeleted& deleted) { pairs.erase(deleted.inbound_spi); }

/// able to authenticate, this side negotiates, once.
void Engine::State::on_upcall(PeerAcquires& acquires) {
  const IpAddress& local = acquires.selector.local.address;
  const IpAddress& remote = acquires.selector.remote.address;
  std::optional<MainModeChoice> main_mode = environment.policies.main_mode(local, remote);
  std::optional<QuickModeChoice> quick_mode = environment.policies.quick_mode(acquires.selector);
  if (!main_mode || !quick_mode) {
    effects.emplace_back(Decided{
        {"NOTIFY", to_string(acquires.selector), "ACQUIRE without a policy is ignored", "", {}, "authip.md 2.11"}});
    return;
  }
  Job job;
  job.selector = acquires.selector;
  job.main_mode = std::move(*main_mode);
  job.quick_mode = std::move(*quick_mode);
  job.quick_mode.guarantee_encryption = job.quick_mode.guarantee_encryption || acquires.guarantee_encryption;
  submit(std::move(job));
}

/// authip.md 2.11: the successor of a pair whose lifetime is over.
void Engine::State::rekey(Spi inbound_spi) {
  const auto found = pairs.find(inbound_spi);
  if (found == pairs.end() || found->second.delete_at) return;  // gone, or its successor exists already
  PairRecord& record = found->second;
  record.delete_at = now + kRekeyTimer;
  Session* session = find(record.session);
  const bool established = session != nullptr && session->life() == Session::Life::kEstablished;
  if (established && session->role() == ipsec::SaRole::kResponder && !session->may_start_quick_mode()) {
    // with one-way authentication only the original initiator can start; it is asked to.
    const PairRecord asked = record;
    return with_call([&](Call& call) { session->send_acquire(asked.job.selector, asked.guarantee_encryption, call); });
  }
  Job job = record.job;
  job.waiters.clear();
  job.replaces = inbound_spi;
  effects.emplace_back(Decided{{"QM", to_string(job.selector), "rekey", "", {}, "authip.md 2.11 A-202"}});
  submit(std::move(job));
}

/// The older pair goes; the responder of its quick mode tells the peer (2.11).
void Engine::State::delete_pair(Spi inbound_spi) {
  const auto found = pairs.find(inbound_spi);
  if (found == pairs.end()) return;
  const PairRecord record = found->second;
  pairs.erase(found);
  effects.emplace_back(DeleteSa{inbound_spi, kStatusQmExpired});
  Session* session = find(record.session);
  if (session == nullptr) return;
  const bool tell = record.role == ipsec::SaRole::kResponder;
  with_call([&](Call& call) { session->pair_removed(record.quick_mode, tell, kStatusQmExpired, call); });
}

void Engine::State::delete_due_pairs() {
  std::vector<Spi> due;
  for (const auto& [spi, pair] : pairs) {
    if (pair.delete_at && *pair.delete_at <= now) due.push_back(spi);
  }
  for (const Spi spi : due) delete_pair(spi);
}

}  // namespace ssx::authip
