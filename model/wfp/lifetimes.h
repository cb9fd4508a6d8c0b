// model/wfp/lifetimes.h: who may refer to whom, and who may delete what. Source: wfp-model.md 1.1, 1.3, 1.4.
#pragma once

#include <optional>

#include "model/base/expected.h"
#include "model/base/guid.h"
#include "model/wfp/engine.h"
#include "model/wfp/error.h"
#include "model/wfp/objects.h"

namespace ssx::wfp {

/// The lifetime of an object that `requester` adds.
/// @errors kInvalidFlags: both flags; kDynamicSessionInProgress: one of them in a dynamic session.
expected<Lifetime, FwpError> lifetime_of(bool persistent, bool boot_time, const Requester& requester);

/// An object's lifetime together with its provider.
struct Owned {
  Lifetime lifetime;
  std::optional<Guid> provider;
};
/// The table of 1.4. @conformance W-046 to W-051
bool may_refer(const Owned& referrer, const Owned& target);

/// @errors kBuiltinObject, kDynamicSessionInProgress, kWrongSession.  @conformance W-045, W-052, W-053
expected<void, FwpError> check_deletable(const Lifetime& lifetime, const Requester& requester);

}  // namespace ssx::wfp
