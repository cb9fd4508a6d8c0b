// model/ale/query.h: what WSAQuerySocketSecurity tells of a flow. Source: api-contract.md 1.4, 3.7; wfp-model.md 4.5.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "model/base/guid.h"
#include "model/base/strong.h"
#include "model/identity/principal.h"

namespace ssx::ale {

/// SOCKET_INFO_CONNECTION_*
inline constexpr std::uint32_t kConnectionSecured = 0x1;
inline constexpr std::uint32_t kConnectionEncrypted = 0x2;
inline constexpr std::uint32_t kConnectionImpersonated = 0x4;

struct SecurityReport {
  std::uint32_t flags = 0;
  std::optional<identity::AccessToken> machine_token;      // peer token of type MACHINE, main mode before extended mode
  std::optional<identity::AccessToken> application_token;  // peer token of type IMPERSONATION
  MmSaId main_mode;
  QmSaId quick_mode;
  std::uint32_t negotiation_error = 0;  // ERROR_IPSEC_*, 0 when secured
  Guid lookup_context;
  friend bool operator==(const SecurityReport&, const SecurityReport&) = default;
};

/// The SA that a flow is under, as far as a query tells.
struct FlowProtection {
  bool encrypted = false;
  MmSaId main_mode;
  QmSaId quick_mode;
  Guid lookup_context;
  std::span<const identity::AccessToken> peer_tokens;  // borrowed
};
/// The answer for a secured flow. Which tokens it has is by their type, whatever the mode; of two, main mode's first.
SecurityReport report_secured(const FlowProtection& protection);
/// The answer for a flow in clear, or without a connection.
/// @param negotiation_error  why it is not secured, ERROR_IPSEC_*; 13803 while a negotiation runs; 0: nobody tried
SecurityReport report_clear(std::uint32_t negotiation_error);

}  // namespace ssx::ale
