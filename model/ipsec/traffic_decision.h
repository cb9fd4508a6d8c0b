// model/ipsec/traffic_decision.h: what happens to a packet on its way out or in, as pure functions of what is known.
// Source: authip.md 5.3, 5.4, D-48, D-49, D-50; wfp-model.md 2.7, 4.7, 6.6, P-17; README.md U-23 to U-28, U-30, U-33,
// U-36.
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
  bool requires_encryption = false;  // GUARANTEE_ENCRYPTION, or an administrator's: never clear either
  bool secure = false;               // a packet of it has been under an SA: never clear again
  bool negotiating = false;          // a negotiation for it is under way
  bool negotiation_failed = false;   // … or has failed, and nobody has asked again
  bool has_policy = true;            // a main- and a quick-mode policy match its traffic
  /// Its rules stand for discovery: what decide_outbound() was told of its packets so far (every_filter_discovers), or
  /// nobody has a rule for it.
  bool discovers = true;

  /// No rule, whatever it says, may let this flow's packets pass in clear (D-49, A-248, A-262, W-216).
  bool never_clear() const { return requires_security || requires_encryption || secure; }
  friend bool operator==(const FlowFacts&, const FlowFacts&) = default;
};

enum class OutboundAction : std::uint8_t {
  kSendClear,
  kProtect,
  kHoldAndNegotiate,       // keep the packet (one a flow), ask the keying module
  kHold,                   // keep or drop it: a negotiation runs
  kSendClearAndNegotiate,  // discovery: the first packets leave in clear
  kDrop,
};
std::string_view to_string(OutboundAction action);

struct OutboundDecision {
  OutboundAction action = OutboundAction::kSendClear;
  std::string_view rule;
  std::string_view words;
};

/// The SA that may carry the packet, if there is one.
struct SaFacts {
  bool found = false;  // Sad::find_outbound: GE mark, cipher, user and peer name fit
  bool udp_encapsulated = false;
  bool boundary = false;  // the peer's inbound rule is a boundary rule
};

/// @param wishes           what the OUTBOUND_TRANSPORT callouts left; nothing matched: no protection is asked for.
/// @param negotiate_first  an open socket's flow under allow_insecure_mode = negotiate_first, whose allow_insecure_wait
///                         is not over yet: it waits for the outcome. An administrator's discovery never waits.
OutboundDecision decide_outbound(const wfp::IpsecWishes& wishes, const FlowFacts& flow, const SaFacts& sa,
                                 bool negotiate_first);
/// The same for an SA that is not UDP-encapsulated.
OutboundDecision decide_outbound(const wfp::IpsecWishes& wishes, const FlowFacts& flow, bool sa_found,
                                 bool negotiate_first);

struct InboundFacts {
  bool arrived_protected = false;
  bool arrived_encrypted = false;
  bool flow_exists = false;
  /// For the first packet of a flow: an inbound rule stands for discovery, that is the QM policy of the traffic has an
  /// ND flag, or the rule is an open socket's own (U-26, U-27).
  bool policy_discovers = false;
  bool sa_matches = false;                         // an SA's selector covers the packet
  std::optional<Duration> sa_age;                  // since its installation
  Duration allow_clear = std::chrono::seconds(0);  // ndAllowClearTimeoutSeconds
};

struct InboundDecision {
  bool accept = false;  // otherwise it is dropped: 13916
  std::string_view rule;
  std::string_view words;
};
/// A packet that some rule, or the flow itself, may want protected; after decapsulation.
/// @param flow  of the packet; for the first packet of a flow what its socket requires.
InboundDecision decide_inbound(const FlowFacts& flow, const InboundFacts& packet);

/// Whether a clear packet is still acceptable in negotiation discovery (D-48). Fills
/// ClassifyMetadata::flow_in_discovery, for known flows and for first packets.
bool clear_is_acceptable(const FlowFacts& flow, const InboundFacts& packet);

}  // namespace ssx::ipsec
