#include "model/wfp/lifetimes.h"

namespace ssx::wfp {

expected<Lifetime, FwpError> lifetime_of(bool persistent, bool boot_time, const Requester& requester) {
  if (persistent && boot_time) return unexpected(FwpError::kInvalidFlags);
  const bool dynamic = requester.dynamic_session.has_value();
  if (dynamic && (persistent || boot_time)) return unexpected(FwpError::kDynamicSessionInProgress);
  if (dynamic) return Lifetime{LifetimeKind::kDynamic, *requester.dynamic_session};
  if (persistent) return Lifetime{LifetimeKind::kPersistent, {}};
  return Lifetime{boot_time ? LifetimeKind::kBootTime : LifetimeKind::kStatic, {}};
}

bool may_refer(const Owned& referrer, const Owned& target) {
  const LifetimeKind to = target.lifetime.kind;
  if (to == LifetimeKind::kBuiltin) return true;
  switch (referrer.lifetime.kind) {
    case LifetimeKind::kBuiltin: return true;
    case LifetimeKind::kDynamic: return to != LifetimeKind::kDynamic || target.lifetime == referrer.lifetime;
    case LifetimeKind::kStatic: return to != LifetimeKind::kDynamic;
    case LifetimeKind::kPersistent:
    case LifetimeKind::kBootTime:  // survives a restart as well
      // A provider that is uninstalled must not leave others' objects without their target.
      return to == LifetimeKind::kPersistent && (!target.provider || target.provider == referrer.provider);
  }
  return false;
}

expected<void, FwpError> check_deletable(const Lifetime& lifetime, const Requester& requester) {
  if (lifetime.kind == LifetimeKind::kBuiltin) return unexpected(FwpError::kBuiltinObject);
  if (!requester.dynamic_session) return {};
  if (lifetime.kind != LifetimeKind::kDynamic) return unexpected(FwpError::kDynamicSessionInProgress);
  if (lifetime.owner != *requester.dynamic_session) return unexpected(FwpError::kWrongSession);
  return {};
}

}  // namespace ssx::wfp
