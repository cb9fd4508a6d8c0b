// model/ipsec/traffic_decision.h: what happens to a packet on its way out or in, as pure functions of what is known.
// Source: authip.md 5.3, 5.4, D-48, D-49; wfp-model.md 2.7, 4.7, P-17; README.md U-23 to U-28, U-33.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "model/base/time.h"
#include "model/wfp/callout.h"

namespace ssx::ipsec {

/// What a flow demands and how far it is.
struct FlowFacts {
  bool requires_security = false;    // a secured socket that is not open, or an administrator's REQUIRE
  bool requires_encryption = false;
  bool secure = false;               // a packet of it has been under an SA: never clear again
  bool negotiating = false;          // a negotiation for it is under way
  bool negotiation_failed = false;   // … or has failed, and nobody has asked again
  bool has_policy = true;            // a main- and a quick-mode policy match its traffic
};

enum class OutboundAction : std::uint8_t {
  kSendClear,
  kProtect,
  kHoldAndNegotiate,      // keep the packet (one a flow), ask the keying module
  kHold,                  // keep or drop it: a negotiation runs
  kSendClearAndNegotiate, // discovery: the first packets leave in clear
  kDrop,
};
struct OutboundDecision {
  OutboundAction action = OutboundAction::kSendClear;
  std::string_view rule;
  std::string_view words;
};
/// @param wishes     what the OUTBOUND_TRANSPORT callouts left; nothing matched: no protection is asked for.
/// @param sa_found   an SA may carry the packet.
/// @param negotiate_first  knob allow_insecure_mode: an open flow waits for the outcome.
OutboundDecision decide_outbound(const wfp::IpsecWishes& wishes, const FlowFacts& flow, bool sa_found, bool negotiate_first);

struct InboundFacts {
  bool arrived_protected = false;
  bool arrived_encrypted = false;
  bool flow_exists = false;
  bool sa_matches = false;                  // an SA's selector covers the packet
  std::optional<Duration> sa_age;           // since its installation
  Duration allow_clear = std::chrono::seconds(0);  // ndAllowClearTimeoutSeconds
};
/// Whether a clear packet of a known flow is still acceptable in negotiation discovery (D-48). Fills
/// ClassifyMetadata::flow_in_discovery.
bool clear_is_acceptable(const FlowFacts& flow, const InboundFacts& packet);

}  // namespace ssx::ipsec
