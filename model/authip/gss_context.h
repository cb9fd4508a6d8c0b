// model/authip/gss_context.h: contexts for one attempt of a method, with anonymous as a mechanism of its own. Internal.
#pragma once

#include <memory>

#include "model/authip/gss_rounds.h"
#include "model/base/expected.h"

namespace ssx::authip {

using GssContextResult = expected<std::unique_ptr<identity::GssContext>, identity::GssFailure>;

/// A context to start an attempt with, or why there is none: the reason of a local first failure.
GssContextResult initiator_context(const AuthOption& option, const identity::GssInitiatorRequest& request,
                                   const identity::CredentialStore& credentials);
/// A context to answer an attempt with.
GssContextResult responder_context(std::uint16_t method, const identity::CredentialStore& credentials);

}  // namespace ssx::authip
