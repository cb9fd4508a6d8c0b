#include "model/identity/replay_cache.h"

#include "model/identity/kerberos_error.h"

namespace ssx::identity {

expected<void, GssFailure> ReplayCache::record(Octets mark, Instant now) {
  while (!order_.empty() && order_.front().at + kept_ < now) {
    marks_.erase(order_.front().mark);
    order_.pop_front();
  }
  if (mark.empty()) return {};
  OctetVector owned = to_vector(mark);
  if (marks_.contains(owned)) return unexpected(failure(KerberosError::kReplay));
  if (marks_.size() >= marks_max_) return unexpected(failure(KerberosError::kReplayCacheFull));
  marks_.insert(owned);
  order_.push_back({now, std::move(owned)});
  return {};
}

}  // namespace ssx::identity
