// model/host/flow.h: ALE flows of one host: what each requires, how it is protected, what it waits for.
// Source: wfp-model.md 4.1, 4.7.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/ale/query.h"
#include "model/authip/engine.h"
#include "model/base/address.h"
#include "model/base/octets.h"
#include "model/base/strong.h"
#include "model/base/time.h"
#include "model/ipsec/sa.h"
#include "model/ipsec/traffic_decision.h"

namespace ssx::host {

/// wfp-model.md 4.7.
enum class FlowState : std::uint8_t { kPending, kClear, kNegotiating, kSecured, kFailed };
std::string_view to_string(FlowState state);

/// The idle time of a flow that is not TCP (wfp-model.md 4.1).
inline constexpr Duration kFlowIdle = std::chrono::seconds(60);

struct Flow {
  FlowId id;
  FiveTuple tuple;
  bool outbound = true;  // created by this host's own connect or datagram
  std::optional<SocketId> socket;
  FlowState state = FlowState::kPending;
  bool open = false;  // its socket is open (ALLOW_INSECURE without GUARANTEE_ENCRYPTION)
  ipsec::FlowFacts facts;
  bool guarantee_encryption = false;  // the GE mark of authip.md 5.1
  authip::TargetNames target;
  std::optional<NegotiationId> negotiation;
  std::optional<OctetVector> held;     // one packet at most (U-33)
  std::optional<Instant> waits_until;  // an open flow under negotiate_first: it waits for the outcome until then (U-24)
  ale::SecurityReport report;          // of the SA that last carried it, or why there is none
  Instant last_packet;
};

/// Flows by id and by five-tuple.
class FlowTable {
 public:
  Flow& create(const FiveTuple& tuple, bool outbound, Instant now);
  Flow* find(FlowId id);
  /// A UDP flow that has been idle too long is gone (W-163).
  Flow* find(const FiveTuple& tuple, Instant now);
  const Flow* peek(const FiveTuple& tuple) const;
  void remove(FlowId id);
  /// Flows that wait for a negotiation, in the order of their ids.
  std::vector<FlowId> waiting_for(NegotiationId negotiation) const;
  std::vector<FlowId> of_socket(SocketId socket) const;
  /// Flows whose wait for an outcome is over by `now`, and when the next one's is.
  std::vector<FlowId> done_waiting(Instant now) const;
  std::optional<Instant> next_deadline() const;

 private:
  std::map<FlowId, Flow> flows_;
  std::map<FiveTuple, FlowId> by_tuple_;
  std::uint64_t next_ = 1;
};

/// What a query reports of a flow under this pair (api-contract.md 1.4, 3.7).
ale::SecurityReport report_of(const ipsec::SaPair& pair);

}  // namespace ssx::host
