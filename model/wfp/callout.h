// model/wfp/callout.h: what a callout sees and answers. Source: wfp-model.md 2.7, 2.9.
#pragma once

#include <cstdint>
#include <optional>

#include "model/base/strong.h"

namespace ssx::wfp {

struct Filter;       // model/wfp/objects.h
struct FieldValues;  // model/wfp/conditions.h

enum class CalloutAction : std::uint8_t { kContinue, kPermit, kBlock };

/// A callout's answer. `clears_right` makes the action hard (wfp-model.md 2.6).
struct CalloutResult {
  CalloutAction action = CalloutAction::kContinue;
  bool clears_right = false;
};

/// How the packet at hand arrived, for inbound layers.
struct ArrivalProtection {
  SaContextId context;
  bool encrypted = false;  // the SA has a cipher
};

/// What the IPsec callouts of one classification ask of the packet path. Several filters may run: the strictest wish
/// wins.
struct IpsecWishes {
  bool protect = false;                // some outbound transport filter wants an SA for this packet
  bool every_filter_discovers = true;  // … and all of them would send it in clear meanwhile (NEGOTIATE_DISCOVER)
  bool suppress_negotiation = false;
  std::optional<FilterId> transport_filter;  // the filter that asked first
  bool require_security = false;             // ALE: set on the flow
  bool require_encryption = false;
  bool persist_connection_security = false;
  bool allow_first_inbound_unencrypted = false;
};

/// Facts of the packet or flow that are no fields of the layer, and the place for the wishes. Owned by the caller.
struct ClassifyMetadata {
  std::optional<FlowId> flow;
  std::optional<ArrivalProtection> arrival;  // empty: arrived in clear, or outbound
  bool flow_is_secure = false;               // a packet of this flow has been under an SA
  bool flow_requires_security = false;
  bool flow_requires_encryption = false;
  bool flow_in_discovery = false;  // clear is still acceptable for this flow (authip.md 5.4, D-48)
  bool socket_is_open =
      false;  // the socket's own filters stand for discovery (ALLOW_INSECURE without GUARANTEE_ENCRYPTION)
  bool requires_ale_classify = false;
  bool right_is_clear = false;  // set by the engine: only a veto is possible
  IpsecWishes wishes;
};

/// A callout implementation, registered under its key. Built-in IPsec callouts use this interface too.
class Callout {
 public:
  virtual ~Callout() = default;
  virtual CalloutResult classify(const FieldValues& values, const Filter& filter, ClassifyMetadata& metadata) const = 0;
};

}  // namespace ssx::wfp
