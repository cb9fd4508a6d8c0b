// The secure-socket calls. Source: api-contract.md 1.1 to 1.5, 1.7.
#include "model/host/host_state.h"

namespace ssx::host {
namespace {

SocketError set_error(ale::OrderError error) {
  switch (error) {
    case ale::OrderError::kAfterBind: return SocketError::kSecuritySetAfterBind;
    case ale::OrderError::kTwice: return SocketError::kSecuritySetTwice;
    case ale::OrderError::kConnected: return SocketError::kAlreadyConnected;
    case ale::OrderError::kNotConnected: return SocketError::kQueryUnconnected;
    case ale::OrderError::kReset: return SocketError::kConnectionReset;
  }
  return SocketError::kInvalidArgument;
}

}  // namespace

Host::State::Answer Host::State::on(Call& call, SetSecurity& body) {
  Socket& socket = *sockets.find(call.socket);
  // 1.0: contents before state.
  if (!ale::check_settings(body.settings, config.behaviour, engine)) return unexpected(SocketError::kInvalidArgument);
  const auto allowed = ale::may_set_security(phase_of(socket), socket.security.is_set());
  if (!allowed) return unexpected(set_error(allowed.error()));
  // C-090: the call sets SO_EXCLUSIVEADDRUSE, which SO_REUSEADDR excludes.
  if (socket.sharing == Sharing::kReuse) return unexpected(SocketError::kInvalidArgument);
  socket.sharing = Sharing::kExclusive;
  // W-253: the endpoint holds its policies from now on.
  for (const Guid& key : {body.settings.main_mode_policy, body.settings.quick_mode_policy}) {
    if (!key.is_zero() && engine.hold_provider_context(key))
      socket.holds.push_back(std::make_shared<PolicyHold>(engine, key));
  }
  socket.security.set(std::move(body.settings));
  return CallResult();
}

Host::State::Answer Host::State::on(Call& call, SetPeerTargetName& body) {
  Socket& socket = *sockets.find(call.socket);
  const auto allowed = ale::may_set_target_name(phase_of(socket));
  if (!allowed) return unexpected(set_error(allowed.error()));
  if (socket.type == SocketType::kStream) {
    socket.security.set_stream_name(std::move(body.name));
  } else {
    socket.security.set_peer_name(body.peer, std::move(body.name));
  }
  return CallResult();
}

Host::State::Answer Host::State::on(Call& call, DeletePeerTargetName& body) {
  Socket& socket = *sockets.find(call.socket);
  if (socket.type == SocketType::kStream) {
    // C-133, C-134: the one name goes, unless the connection exists already.
    if (phase_of(socket) != ale::SocketPhase::kConnected) socket.security.clear_stream_name();
    return CallResult();
  }
  const bool existed = socket.security.delete_peer_name(body.peer);
  // C-128: the flow's later negotiations check no name.
  if (socket.bound) {
    for (const FlowId id : flows.of_socket(socket.id)) {
      Flow* flow = flows.find(id);
      const bool same = flow->tuple.remote.address == body.peer.address &&
                        (body.peer.port == 0 || flow->tuple.remote.port == body.peer.port);
      if (same) flow->target.names.clear();
    }
  }
  if (!existed && config.behaviour.delete_missing_name == ale::DeleteMissingName::kEinval) {
    return unexpected(SocketError::kMissingTargetName);
  }
  return CallResult();
}

Host::State::Answer Host::State::on(Call& call, QuerySecurity& body) {
  Socket& socket = *sockets.find(call.socket);
  if (socket.type == SocketType::kDatagram) {
    if (!body.peer) return unexpected(SocketError::kInvalidArgument);
    if (socket.unreachable.contains(*body.peer)) return unexpected(SocketError::kConnectionReset);  // C-177
    TransportAddress local = socket.local;
    if (local.address.is_any()) local.address = own_address(socket.version).value_or(local.address);
    const Flow* flow = flows.find({IpProtocol::kUdp, local, *body.peer}, now);
    return CallResult(flow == nullptr ? ale::SecurityReport{} : flow->report);  // C-172
  }
  const auto allowed = ale::may_query_stream(phase_of(socket));
  const bool failed_connect = phase_of(socket) == ale::SocketPhase::kConnectFailed;
  // 1.7 note 1: the extended query tells why a secure connect failed.
  if (!allowed && !(failed_connect && body.version2 && socket.security.is_set()))
    return unexpected(set_error(allowed.error()));
  const Flow* flow =
      socket.connection
          ? flows.find(FiveTuple{IpProtocol::kTcp, socket.connection->local, socket.connection->remote}, now)
          : nullptr;
  return CallResult(flow == nullptr ? ale::SecurityReport{} : flow->report);
}

}  // namespace ssx::host
