// Calls that connect and move data. Source: Winsock reference pages; api-contract.md 1.8; wfp-model.md 4.7, 4.8.
#include <algorithm>

#include "model/host/host_state.h"

namespace ssx::host {

Host::State::Answer Host::State::on(Call& call, Connect& body) {
  Socket& socket = *sockets.find(call.socket);
  if (body.peer.address.version() != socket.version) return unexpected(SocketError::kAddressFamily);
  if (socket.type == SocketType::kDatagram) {
    if (body.peer.address.is_any()) {  // takes the association away again
      socket.peer.reset();
      return CallResult();
    }
    const auto bound = bind_implicitly(socket, body.peer);
    if (!bound) return unexpected(bound.error());
    socket.peer = body.peer;
    return CallResult();
  }
  switch (socket.phase) {
    case StreamPhase::kIdle: return begin_connect(call, socket, body.peer);
    case StreamPhase::kConnecting:
    case StreamPhase::kConnectFailed: return connect_outcome(socket);
    case StreamPhase::kListening: return unexpected(SocketError::kInvalidArgument);
    case StreamPhase::kConnected:
      // The call that began it, or one too many.
      if (socket.connect_began) {
        socket.connect_began.reset();
        return CallResult();
      }
      return unexpected(SocketError::kAlreadyConnected);
    case StreamPhase::kReset: return unexpected(SocketError::kAlreadyConnected);
  }
  return unexpected(SocketError::kInvalidArgument);
}

Host::State::Answer Host::State::begin_connect(Call&, Socket& socket, const TransportAddress& peer) {
  if (peer.address.is_any() || peer.port == 0) return unexpected(SocketError::kAddressNotAvailable);
  const auto bound = bind_implicitly(socket, peer);
  if (!bound) return unexpected(bound.error());
  TransportAddress local = socket.local;
  if (local.address.is_any()) local.address = *own_address(peer.address.version());
  const tcpip::ConnectionKey key{local, peer};
  if (sockets.connections.contains(key)) return unexpected(SocketError::kAddressInUse);
  Flow& flow = flows.create({IpProtocol::kTcp, local, peer}, true, now);
  if (const auto filtered = instantiate_filters(socket, peer); !filtered || !authorise_connect(socket, flow)) {
    flows.remove(flow.id);
    return unexpected(SocketError::kAccessDenied);
  }
  // U-05: security is required and nothing says how: refused at once, event Q0, no packet.
  if (config.ipsec && flow.facts.requires_security && !has_policy(flow)) {
    no_policy_event(flow);
    flows.remove(flow.id);
    return unexpected(SocketError::kNoSecurityPolicy);
  }
  socket.local = local;
  socket.connection = key;
  socket.phase = StreamPhase::kConnecting;
  socket.connect_began = now;
  const tcpip::SequenceIndex sequence{random.u32()};
  ControlBlock block{tcpip::TcpConnection(tcp_config(local.address.version()), local.port, peer.port),
                     socket.id,
                     {},
                     flow.tuple,
                     flow.id,
                     sequence,
                     false,
                     socket.filters};
  sockets.connections.insert_or_assign(key, std::move(block));
  step_connection(key, tcpip::OpenActive{sequence});
  return connect_outcome(socket);
}

Host::State::Answer Host::State::connect_outcome(Socket& socket) {
  if (socket.phase == StreamPhase::kConnected) {
    socket.connect_began.reset();
    return CallResult();
  }
  if (socket.connect_fails_at && now >= *socket.connect_fails_at) {
    socket.connect_fails_at.reset();
    socket.phase = StreamPhase::kConnectFailed;
    socket.error = SocketError::kSecurityFailed;
    if (socket.connection) {
      const tcpip::ConnectionKey key = *socket.connection;
      if (ControlBlock* block = block_of(socket)) block->socket.reset();
      step_connection(key, tcpip::Close{});  // SYN-SENT: nothing is sent
      sockets.connections.erase(key);
    }
  }
  if (socket.phase == StreamPhase::kConnectFailed) {
    return unexpected(socket.connect_began ? socket.error.value_or(SocketError::kTimedOut)
                                           : SocketError::kInvalidArgument);
  }
  return std::nullopt;
}

Host::State::Answer Host::State::on(Call& call, Send& body) {
  Socket& socket = *sockets.find(call.socket);
  if (socket.type == SocketType::kDatagram) {
    if (!socket.peer) return unexpected(SocketError::kNotConnected);
    auto sent = send_message(socket, *socket.peer, body.octets);
    if (!sent) return unexpected(sent.error());
    return CallResult(*sent);
  }
  if (socket.phase == StreamPhase::kReset) return unexpected(socket.error.value_or(SocketError::kConnectionReset));
  if (socket.phase != StreamPhase::kConnected) return unexpected(SocketError::kNotConnected);
  if (socket.send_shut) return unexpected(SocketError::kShutDown);
  ControlBlock* block = block_of(socket);
  if (block == nullptr || block->closed) return unexpected(SocketError::kConnectionAborted);
  // A blocking send takes everything: what does not fit is tried again when there is room. `taken` counts in the call.
  const tcpip::ConnectionKey key = *socket.connection;
  const std::size_t room = std::min(block->machine.send_space(), body.octets.size() - body.taken);
  if (room != 0) {
    const Octets piece = Octets(body.octets).subspan(body.taken, room);
    body.taken += room;
    step_connection(key, tcpip::Send{piece});
  }
  if (body.taken == body.octets.size() || (!call.may_block && body.taken != 0)) return CallResult(body.taken);
  return std::nullopt;
}

expected<std::size_t, SocketError> Host::State::send_message(Socket& socket, const TransportAddress& peer,
                                                             Octets octets) {
  if (peer.address.version() != socket.version) return unexpected(SocketError::kAddressFamily);
  if (peer.address.is_any() || peer.port == 0) return unexpected(SocketError::kAddressNotAvailable);
  if (socket.send_shut) return unexpected(SocketError::kShutDown);
  if (octets.size() > tcpip::kUdpPayloadMax - 128)
    return unexpected(SocketError::kMessageTooLong);  // room for ESP and AH
  const auto bound = bind_implicitly(socket, peer);
  if (!bound) return unexpected(bound.error());
  TransportAddress local = socket.local;
  if (local.address.is_any()) local.address = *own_address(peer.address.version());
  const FiveTuple tuple{IpProtocol::kUdp, local, peer};
  Flow* flow = flows.find(tuple, now);
  if (flow == nullptr) {
    flow = &flows.create(tuple, true, now);
    if (!authorise_connect(socket, *flow)) {
      flows.remove(flow->id);
      return unexpected(SocketError::kAccessDenied);
    }
    if (config.ipsec && flow->facts.requires_security && !has_policy(*flow)) {
      no_policy_event(*flow);
      flows.remove(flow->id);
      return unexpected(SocketError::kNoSecurityPolicy);
    }
    flow_established(socket, *flow);
  }
  flow->facts.negotiation_failed = false;  // U-36: a new request of the application asks again
  const tcpip::UdpMessage message{local.port, peer.port, octets};
  send_datagram(ip.message(message, local.address, peer.address), tuple, flow);
  return octets.size();
}

Host::State::Answer Host::State::on(Call& call, SendTo& body) {
  Socket& socket = *sockets.find(call.socket);
  if (socket.type != SocketType::kDatagram) return unexpected(SocketError::kNotSupported);
  auto sent = send_message(socket, body.peer, body.octets);
  if (!sent) return unexpected(sent.error());
  return CallResult(*sent);
}

Host::State::Answer Host::State::on(Call& call, Receive& body) {
  Socket& socket = *sockets.find(call.socket);
  if (socket.type == SocketType::kDatagram) {
    ReceiveFrom any{body.octets_max, body.peek};
    return on(call, any);
  }
  if (socket.phase != StreamPhase::kConnected && socket.phase != StreamPhase::kReset)
    return unexpected(SocketError::kNotConnected);
  if (socket.receive_shut) return unexpected(SocketError::kShutDown);
  if (socket.phase == StreamPhase::kReset) return unexpected(socket.error.value_or(SocketError::kConnectionReset));
  ControlBlock* block = block_of(socket);
  if (block == nullptr) return unexpected(SocketError::kConnectionAborted);
  const Octets readable = block->machine.readable();
  const bool ended = block->machine.peer_closed() || block->closed;
  const bool enough = body.wait_all ? readable.size() >= body.octets_max : !readable.empty();
  if (!enough && !ended && body.octets_max != 0) return std::nullopt;
  Received received;
  received.octets = to_vector(readable.first(std::min(readable.size(), body.octets_max)));
  received.from = socket.connection->remote;
  if (!body.peek && !received.octets.empty())
    step_connection(*socket.connection, tcpip::Consume{received.octets.size()});
  return CallResult(std::move(received));
}

Host::State::Answer Host::State::on(Call& call, ReceiveFrom& body) {
  Socket& socket = *sockets.find(call.socket);
  if (socket.type != SocketType::kDatagram) return unexpected(SocketError::kNotSupported);
  if (!socket.bound) return unexpected(SocketError::kInvalidArgument);
  if (socket.receive_shut) return unexpected(SocketError::kShutDown);
  const auto* oldest = socket.datagrams.front();
  if (oldest == nullptr) return std::nullopt;
  Received received;
  received.from = oldest->from;
  received.truncated = oldest->payload.size() > body.octets_max;
  received.octets = to_vector(Octets(oldest->payload).first(std::min(oldest->payload.size(), body.octets_max)));
  if (!body.peek) socket.datagrams.pop();
  return CallResult(std::move(received));
}

Host::State::Answer Host::State::on(Call& call, Shutdown& body) {
  Socket& socket = *sockets.find(call.socket);
  if (socket.type == SocketType::kStream && socket.phase != StreamPhase::kConnected)
    return unexpected(SocketError::kNotConnected);
  if (body.how != ShutdownHow::kSend) socket.receive_shut = true;
  if (body.how != ShutdownHow::kReceive && !socket.send_shut) {
    socket.send_shut = true;
    if (socket.connection) step_connection(*socket.connection, tcpip::Shutdown{});
  }
  pump(call.socket);
  return CallResult();
}

}  // namespace ssx::host
