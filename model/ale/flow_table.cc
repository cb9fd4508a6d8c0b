#include "model/ale/flow_table.h"

#include <cassert>
#include <utility>

namespace ssx::ale {

std::optional<Instant> Flow::idle_end() const {
  return tuple.protocol == IpProtocol::kTcp ? std::nullopt : std::optional(last_packet + kUnicastFlowIdle);
}

Flow& FlowTable::create(const FiveTuple& tuple, FlowDirection direction, Instant now) {
  Flow flow;
  flow.id = FlowId{next_++};
  flow.tuple = tuple;
  flow.direction = direction;
  flow.last_packet = now;
  const bool fresh = by_tuple_.emplace(tuple, flow.id).second;
  assert(fresh);
  static_cast<void>(fresh);
  return flows_.emplace(flow.id, std::move(flow)).first->second;
}

Flow* FlowTable::find(FlowId id) {
  const auto found = flows_.find(id);
  return found == flows_.end() ? nullptr : &found->second;
}

Flow* FlowTable::find(const FiveTuple& tuple) {
  const auto found = by_tuple_.find(tuple);
  return found == by_tuple_.end() ? nullptr : &flows_.at(found->second);
}

const Flow* FlowTable::find(const FiveTuple& tuple) const {
  const auto found = by_tuple_.find(tuple);
  return found == by_tuple_.end() ? nullptr : &flows_.at(found->second);
}

void FlowTable::remove(FlowId id) {
  const auto found = flows_.find(id);
  if (found == flows_.end()) return;
  by_tuple_.erase(found->second.tuple);
  flows_.erase(found);
}

std::vector<FlowId> FlowTable::expire(Instant now) {
  std::vector<FlowId> idle;
  for (const auto& [id, flow] : flows_) {
    const auto end = flow.idle_end();
    if (end && now >= *end) idle.push_back(id);
  }
  for (const FlowId id : idle) remove(id);
  return idle;
}

std::optional<Instant> FlowTable::next_deadline() const {
  std::optional<Instant> next;
  for (const auto& [id, flow] : flows_) {
    for (const auto& at : {flow.idle_end(), ale::next_deadline(flow.state)}) {
      if (at && (!next || *at < *next)) next = at;
    }
  }
  return next;
}

}  // namespace ssx::ale
