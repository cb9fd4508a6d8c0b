#include <algorithm>

#include "model/authip/session.h"
#include "model/authip/status.h"

namespace ssx::authip {
namespace {

constexpr MessageId kFirstQuickMode{0};

std::string phase_name(Phase phase) {
  switch (phase) {
    case Phase::kMainMode: return "MM";
    case Phase::kQuickMode: return "QM";
    case Phase::kExtendedMode: return "EM";
  }
  return "";
}

}  // namespace

/// The first negotiation fails, or an authentic message was out of turn: the main mode goes, and with it what the first
/// quick mode made (authip.md 2.15 rows 2 to 5, 7, 12, 13).
void Session::fail_negotiation(Failure failure, MessageId quick_mode, Call& call) {
  decide(phase_name(failure.phase), status_text(failure.status) + ": " + failure.words, failure.rule, call);
  const bool first_negotiation = life_ == Life::kNegotiating;
  tell_peer(failure, quick_mode, call);
  std::optional<Job> job = std::move(first_job_);
  first_job_.reset();
  std::vector<Job> waiting(std::make_move_iterator(waiting_jobs_.begin()),
                           std::make_move_iterator(waiting_jobs_.end()));
  waiting_jobs_.clear();
  const std::uint32_t status = failure.status;
  if (first_negotiation || failure.phase == Phase::kExtendedMode) remove_pair(kFirstQuickMode, status, call);
  if (job) call.upcalls.emplace_back(JobFailed{std::move(*job), std::move(failure), std::move(waiting)});
  close(status, call);
}

/// One of several quick modes fails: the main mode stays, unless the peer is silent (2.15 row 12).
void Session::fail_quick_mode(MessageId id, Failure failure, Call& call) {
  decide("QM", status_text(failure.status) + ": " + failure.words, failure.rule, call);
  tell_peer(failure, id, call);
  const auto found = quick_modes_.find(id);
  if (found == quick_modes_.end()) return;
  if (found->second.installed_inbound && !found->second.succeeded) remove_pair(id, failure.status, call);
  std::optional<Job> job;
  if (const auto still = quick_modes_.find(id); still != quick_modes_.end() && !still->second.succeeded) {
    job = std::move(still->second.job);
    quick_modes_.erase(still);
  }
  const bool silent =
      failure.status == kStatusTimedOut && failure.point == FailurePoint::kPeer && failure.tell == TellPeer::kNothing;
  const std::uint32_t status = failure.status;
  if (job) call.upcalls.emplace_back(JobFailed{std::move(*job), std::move(failure), {}});
  if (silent) close(status, call);
}

void Session::tear_down(std::uint32_t status, bool with_pairs, std::string why, Call& call) {
  Failure failure = invalid_message(with_pairs ? Phase::kExtendedMode : Phase::kMainMode, {status, std::move(why)},
                                    "authip.md 2.15 row 7 D-54");
  fail_negotiation(std::move(failure), kFirstQuickMode, call);
}

void Session::remove_pair(MessageId id, std::uint32_t status, Call& call) {
  QuickModeSlot* found = slot(id);
  if (found == nullptr || !found->installed_inbound) return;
  const Spi spi = *found->installed_inbound;
  found->installed_inbound.reset();
  call.effects.emplace_back(DeleteSa{spi, status});
  call.upcalls.emplace_back(PairDeleted{spi});
  if (found->succeeded) quick_modes_.erase(id);
}

void Session::pair_removed(MessageId quick_mode, bool tell, std::uint32_t status, Call& call) {
  QuickModeSlot* found = slot(quick_mode);
  if (found == nullptr) return;
  found->installed_inbound.reset();
  const bool lives = life_ == Life::kEstablished || life_ == Life::kRetired;
  if (tell && lives) {  // 2.10: a delete is a reliable NOTIFY_STATUS about the quick mode
    post_notify({kProtocolQuickMode, quick_mode}, status_notify(kProtocolQuickMode, true, status), true, call);
  }
  if (found->succeeded) quick_modes_.erase(quick_mode);
  leave_if_done(call);
}

/// Jobs that the session has not failed are somebody else's now.
void Session::release_jobs(Call& call) {
  for (auto& [id, quick_mode] : quick_modes_) {
    if (quick_mode.job) call.upcalls.emplace_back(JobReleased{std::move(*quick_mode.job)});
    quick_mode.job.reset();
  }
  for (Job& job : waiting_jobs_) call.upcalls.emplace_back(JobReleased{std::move(job)});
  waiting_jobs_.clear();
}

/// No SA from here on. Reliable notifies are still repeated until they are acknowledged or given up.
void Session::close(std::uint32_t status, Call& call) {
  if (life_ == Life::kClosing || life_ == Life::kGone) return;
  life_ = Life::kClosing;
  release_jobs(call);
  main_mode_outstanding_.request = requester::Idle{};
  extended_mode_outstanding_.request = requester::Idle{};
  quick_modes_.clear();
  half_open_until_.reset();
  expires_at_.reset();
  if (announced_) call.effects.emplace_back(MainModeDeleted{id_, status});
  announced_ = false;
  leave_if_done(call);
}

/// authip.md 2.9: after a delete no new quick mode; the pairs live on until their own end.
void Session::retire(std::uint32_t status, Call& call) {
  if (life_ != Life::kEstablished && life_ != Life::kRetired) return;
  life_ = Life::kRetired;
  end_status_ = status;
  leave_if_done(call);
}

void Session::leave_if_done(Call& call) {
  if (life_ == Life::kRetired) {
    const bool carries = std::ranges::any_of(quick_modes_, [](const auto& entry) {
      return entry.second.installed_inbound.has_value() || !entry.second.succeeded;
    });
    if (!carries) close(end_status_, call);
    return;
  }
  if (life_ != Life::kClosing) return;
  const bool waits = std::ranges::any_of(
      notifies_, [](const auto& entry) { return std::holds_alternative<requester::Waiting>(entry.second.request); });
  if (!waits) life_ = Life::kGone;
}

/// D-43: the peer is told 13885 and the main mode goes; its pairs stay.
void Session::expire(Call& call) {
  decide("MM", status_text(kStatusMmExpired), "authip.md D-43 A-201", call);
  post_notify({kProtocolMainMode, MessageId{}}, status_notify(kProtocolMainMode, true, kStatusMmExpired), true, call);
  close(kStatusMmExpired, call);
}

}  // namespace ssx::authip
