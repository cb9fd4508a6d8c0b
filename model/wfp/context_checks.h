// model/wfp/context_checks.h: what a provider context may hold. Source: wfp-model.md 1.6, 5.2, 5.3.
#pragma once

#include "model/base/expected.h"
#include "model/wfp/error.h"
#include "model/wfp/objects.h"

namespace ssx::wfp {

/// Checks type, flags and content; the built-in contexts never come here.
/// @errors kInvalidEnumerator, kInvalidFlags, kNullPointer, kNotSupported (tunnel and DoS-protection contexts; IPv6
/// CGA),
///   kZeroLengthArray, kEmNotSupported, kIncompatibleAuthMethod, kDuplicateAuthMethod, kIncompatibleDhGroup,
///   kInvalidAuthTransform, kInvalidCipherTransform, kInvalidTransformCombination, kIncompatibleCipherTransform,
///   kInvalidInterval, kDuplicateKeymod.
/// @conformance W-063 to W-074
expected<void, FwpError> check_provider_context(const ProviderContext& context);

}  // namespace ssx::wfp
