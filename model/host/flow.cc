#include "model/host/flow.h"

namespace ssx::host {

std::string_view to_string(FlowState state) {
  switch (state) {
    case FlowState::kPending: return "Pending";
    case FlowState::kClear: return "Clear";
    case FlowState::kNegotiating: return "Negotiating";
    case FlowState::kSecured: return "Secured";
    case FlowState::kFailed: return "Failed";
  }
  return "unknown";
}

Flow& FlowTable::create(const FiveTuple& tuple, bool outbound, Instant now) {
  Flow flow;
  flow.id = FlowId{next_++};
  flow.tuple = tuple;
  flow.outbound = outbound;
  flow.last_packet = now;
  by_tuple_[tuple] = flow.id;
  return flows_.insert_or_assign(flow.id, std::move(flow)).first->second;
}

Flow* FlowTable::find(FlowId id) {
  const auto found = flows_.find(id);
  return found == flows_.end() ? nullptr : &found->second;
}

Flow* FlowTable::find(const FiveTuple& tuple, Instant now) {
  const auto found = by_tuple_.find(tuple);
  if (found == by_tuple_.end()) return nullptr;
  Flow& flow = flows_.at(found->second);
  if (tuple.protocol != IpProtocol::kTcp && now - flow.last_packet >= kFlowIdle) {
    remove(flow.id);
    return nullptr;
  }
  return &flow;
}

const Flow* FlowTable::peek(const FiveTuple& tuple) const {
  const auto found = by_tuple_.find(tuple);
  return found == by_tuple_.end() ? nullptr : &flows_.at(found->second);
}

void FlowTable::remove(FlowId id) {
  const auto found = flows_.find(id);
  if (found == flows_.end()) return;
  const auto tuple = by_tuple_.find(found->second.tuple);
  if (tuple != by_tuple_.end() && tuple->second == id) by_tuple_.erase(tuple);
  flows_.erase(found);
}

std::vector<FlowId> FlowTable::waiting_for(NegotiationId negotiation) const {
  std::vector<FlowId> ids;
  for (const auto& [id, flow] : flows_) {
    if (flow.negotiation == negotiation) ids.push_back(id);
  }
  return ids;
}

std::vector<FlowId> FlowTable::of_socket(SocketId socket) const {
  std::vector<FlowId> ids;
  for (const auto& [id, flow] : flows_) {
    if (flow.socket == socket) ids.push_back(id);
  }
  return ids;
}

std::vector<FlowId> FlowTable::done_waiting(Instant now) const {
  std::vector<FlowId> ids;
  for (const auto& [id, flow] : flows_) {
    if (flow.waits_until && *flow.waits_until <= now) ids.push_back(id);
  }
  return ids;
}

std::optional<Instant> FlowTable::next_deadline() const {
  std::optional<Instant> next;
  for (const auto& [id, flow] : flows_) {
    if (flow.waits_until && (!next || *flow.waits_until < *next)) next = flow.waits_until;
  }
  return next;
}

ale::SecurityReport report_of(const ipsec::SaPair& pair) {
  return ale::report_secured({pair.encrypts(), pair.main_mode, pair.quick_mode, pair.lookup_context, pair.peer_tokens});
}

}  // namespace ssx::host
