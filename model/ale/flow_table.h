// model/ale/flow_table.h: the ALE flows of one host, by id and by five-tuple. Source: wfp-model.md 4.1.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "model/ale/flow.h"
#include "model/base/address.h"
#include "model/base/strong.h"
#include "model/base/time.h"

namespace ssx::ale {

/// Which side's packet created the flow: AUTH_CONNECT or AUTH_RECV_ACCEPT is its layer.
enum class FlowDirection : std::uint8_t { kOutbound, kInbound };

inline constexpr Duration kUnicastFlowIdle = std::chrono::seconds(60);  // wfp-model.md 4.1

struct Flow {
  FlowId id;
  FiveTuple tuple;
  FlowDirection direction = FlowDirection::kOutbound;
  FlowConfig config;
  bool guarantee_encryption = false;  // the GE mark of authip.md 5.1
  FlowState state;
  Instant last_packet;

  /// A TCP flow lives as long as its connection; others end 60 s after their last packet.
  std::optional<Instant> idle_end() const;
};

/// The flows of one host, by id and by five-tuple.
class FlowTable {
 public:
  /// There must be no flow of this tuple.
  Flow& create(const FiveTuple& tuple, FlowDirection direction, Instant now);
  /// Null if there is none. References hold until the flow is removed.
  Flow* find(FlowId id);
  Flow* find(const FiveTuple& tuple);
  const Flow* find(const FiveTuple& tuple) const;
  void remove(FlowId id);
  /// Removes the flows that are idle for too long. @return their ids, in order (W-163)
  std::vector<FlowId> expire(Instant now);
  std::optional<Instant> next_deadline() const;
  std::size_t size() const { return flows_.size(); }

 private:
  std::map<FlowId, Flow> flows_;
  std::map<FiveTuple, FlowId> by_tuple_;
  std::uint64_t next_ = 1;
};

}  // namespace ssx::ale
