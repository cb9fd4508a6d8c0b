#include "model/ale/query.h"

namespace ssx::ale {
namespace {

/// wfp-model.md 4.5 item 5: by type, main mode before extended mode.
std::optional<identity::AccessToken> token_of(std::span<const identity::AccessToken> tokens, identity::TokenType type) {
  for (const identity::TokenMode mode : {identity::TokenMode::kMain, identity::TokenMode::kExtended}) {
    for (const identity::AccessToken& token : tokens) {
      if (token.type == type && token.mode == mode) return token;
    }
  }
  return std::nullopt;
}

}  // namespace

SecurityReport report_secured(const FlowProtection& protection) {
  SecurityReport report;
  report.flags = kConnectionSecured;
  if (protection.encrypted) report.flags |= kConnectionEncrypted;
  report.machine_token = token_of(protection.peer_tokens, identity::TokenType::kMachine);
  report.application_token = token_of(protection.peer_tokens, identity::TokenType::kImpersonation);
  if (report.application_token) report.flags |= kConnectionImpersonated;  // C-162
  report.main_mode = protection.main_mode;
  report.quick_mode = protection.quick_mode;
  report.lookup_context = protection.lookup_context;
  return report;
}

SecurityReport report_clear(std::uint32_t negotiation_error) {
  SecurityReport report;
  report.negotiation_error = negotiation_error;
  return report;
}

}  // namespace ssx::ale
