// Calls that make, name and end sockets; waiting calls. Source: Winsock reference pages, api-contract.md 1.7, 1.9.
#include <algorithm>

#include "model/base/overloaded.h"
#include "model/host/host_state.h"
#include "model/wfp/secure_socket_filters.h"

namespace ssx::host {

void Host::State::call_made(Call call) {
  auto answer = attempt(call);
  if (answer) {
    complete(call.id, std::move(*answer));
    return;
  }
  if (!call.may_block) {
    complete(call.id, unexpected(SocketError::kWouldBlock));
    return;
  }
  sockets.find(call.socket)->waiting.push_back(std::move(call));
}

Host::State::Answer Host::State::attempt(Call& call) {
  const bool makes_socket = std::holds_alternative<CreateSocket>(call.body);
  if (!makes_socket && sockets.find(call.socket) == nullptr) return unexpected(SocketError::kNotSocket);
  return std::visit([&](auto& body) { return on(call, body); }, call.body);
}

void Host::State::pump(SocketId id) {
  // A call that is answered may make room for the next; each pass tries every waiting call once, in order.
  Socket* socket = sockets.find(id);
  if (socket == nullptr || socket->waiting.empty()) return;
  std::deque<Call> waiting = std::exchange(socket->waiting, {});
  for (Call& call : waiting) {
    auto answer = attempt(call);
    if (answer) {
      complete(call.id, std::move(*answer));
    } else {
      sockets.find(id)->waiting.push_back(std::move(call));
    }
  }
}

void Host::State::pump_all() {
  std::vector<SocketId> ids;
  for (const auto& [id, socket] : sockets.sockets) {
    if (!socket.waiting.empty()) ids.push_back(id);
  }
  for (const SocketId id : ids) pump(id);
}

void Host::State::expire_calls() {
  std::vector<CallId> expired;
  for (auto& [id, socket] : sockets.sockets) {
    std::erase_if(socket.waiting, [&](const Call& call) {
      const bool over = call.deadline && *call.deadline <= now;
      if (over) expired.push_back(call.id);
      return over;
    });
  }
  for (const CallId id : expired) complete(id, unexpected(SocketError::kTimedOut));
}

ControlBlock* Host::State::block_of(const Socket& socket) {
  if (!socket.connection) return nullptr;
  const auto found = sockets.connections.find(*socket.connection);
  return found == sockets.connections.end() || found->second.socket != socket.id ? nullptr : &found->second;
}

ale::SocketPhase Host::State::phase_of(const Socket& socket) const {
  if (socket.type == SocketType::kDatagram) {
    if (socket.peer) return ale::SocketPhase::kConnected;
    return socket.bound ? ale::SocketPhase::kBound : ale::SocketPhase::kFresh;
  }
  switch (socket.phase) {
    case StreamPhase::kIdle: return socket.bound ? ale::SocketPhase::kBound : ale::SocketPhase::kFresh;
    case StreamPhase::kListening: return ale::SocketPhase::kListening;
    case StreamPhase::kConnecting: return ale::SocketPhase::kConnecting;
    case StreamPhase::kConnectFailed: return ale::SocketPhase::kConnectFailed;
    case StreamPhase::kConnected: return ale::SocketPhase::kConnected;
    case StreamPhase::kReset: return ale::SocketPhase::kReset;
  }
  return ale::SocketPhase::kFresh;
}

Host::State::Answer Host::State::on(Call&, CreateSocket& body) {
  return CallResult(sockets.create(body.version, body.type).id);
}

std::optional<IpAddress> Host::State::own_address(IpVersion version) const {
  const auto found =
      std::ranges::find_if(config.addresses, [&](const IpAddress& address) { return address.version() == version; });
  return found == config.addresses.end() ? std::nullopt : std::optional(*found);
}

expected<void, SocketError> Host::State::instantiate_filters(Socket& socket,
                                                             const std::optional<TransportAddress>& remote) {
  if (!config.ipsec || !socket.security.instantiates_filters()) return {};
  wfp::SecureSocketFilterRequest request;
  request.version = socket.version;
  request.protocol = socket.protocol();
  if (!socket.local.address.is_any()) request.local_address = socket.local.address;
  request.local_port = socket.local.port;
  request.remote = remote;
  request.open = socket.security.is_open();
  request.guarantee_encryption = socket.security.guarantees_encryption();
  request.allow_first_inbound_unencrypted = socket.security.has_ipsec_flag(ale::kAllowFirstInboundUnencrypted);
  request.main_mode_policy = socket.security.settings()->main_mode_policy;
  request.quick_mode_policy = socket.security.settings()->quick_mode_policy;
  socket.filters.reset();  // the same filters without the remote part, if there were any
  auto added = wfp::add_secure_socket_filters(engine, request);
  if (!added) return unexpected(SocketError::kNoBufferSpace);
  socket.filters = std::make_shared<SocketFilters>(engine, std::move(*added));
  return {};
}

expected<void, SocketError> Host::State::bind_socket(Socket& socket, TransportAddress address, bool implicit) {
  if (socket.bound) return unexpected(SocketError::kInvalidArgument);
  const bool own =
      address.address.is_any() || std::ranges::find(config.addresses, address.address) != config.addresses.end();
  if (!own) return unexpected(SocketError::kAddressNotAvailable);
  const bool wildcard_port = address.port == 0;
  const auto port = sockets.ports.bind({socket.id, socket.protocol(), address, socket.sharing});
  if (!port) return unexpected(port.error());
  address.port = *port;
  const TransportAddress before = std::exchange(socket.local, address);
  // W-152 to W-154; 4.8: a block at RESOURCE_ASSIGNMENT is WSAEACCES.
  expected<void, SocketError> bound;
  if (!authorise_bind(socket, wildcard_port, implicit)) bound = unexpected(SocketError::kAccessDenied);
  if (bound) bound = instantiate_filters(socket, std::nullopt);
  if (!bound) {
    sockets.ports.release(socket.id);
    socket.local = before;
    return bound;
  }
  socket.bound = true;
  return {};
}

expected<void, SocketError> Host::State::bind_implicitly(Socket& socket, const TransportAddress& peer) {
  if (!own_address(peer.address.version())) return unexpected(SocketError::kNetworkUnreachable);
  if (socket.bound) return {};
  return bind_socket(socket, {IpAddress::any(socket.version), 0}, true);
}

Host::State::Answer Host::State::on(Call& call, Bind& body) {
  Socket& socket = *sockets.find(call.socket);
  if (body.address.address.version() != socket.version) return unexpected(SocketError::kAddressFamily);
  const auto bound = bind_socket(socket, body.address, false);
  if (!bound) return unexpected(bound.error());
  return CallResult();
}

Host::State::Answer Host::State::on(Call& call, Listen& body) {
  Socket& socket = *sockets.find(call.socket);
  if (socket.type != SocketType::kStream) return unexpected(SocketError::kNotSupported);
  const int backlog = static_cast<int>(std::min<std::uint32_t>(body.backlog, 1000));
  if (socket.phase == StreamPhase::kListening) {
    socket.listener->set_backlog(backlog);
    return CallResult();
  }
  if (socket.phase == StreamPhase::kConnected) return unexpected(SocketError::kAlreadyConnected);
  if (socket.phase != StreamPhase::kIdle || !socket.bound) return unexpected(SocketError::kInvalidArgument);
  if (!authorise_listen(socket)) return unexpected(SocketError::kAccessDenied);
  socket.listener.emplace(backlog);
  socket.phase = StreamPhase::kListening;
  return CallResult();
}

Host::State::Answer Host::State::on(Call& call, Accept&) {
  Socket& listener = *sockets.find(call.socket);
  if (listener.type != SocketType::kStream) return unexpected(SocketError::kNotSupported);
  if (listener.phase != StreamPhase::kListening) return unexpected(SocketError::kInvalidArgument);
  const auto key = listener.listener->accept();
  if (!key) return std::nullopt;
  Socket& socket = sockets.create(listener.version, SocketType::kStream);
  Socket& parent = *sockets.find(call.socket);
  ControlBlock& block = sockets.connections.at(*key);
  block.socket = socket.id;
  block.listener.reset();
  socket.bound = true;
  socket.local = key->local;
  socket.sharing = parent.sharing;  // C-207
  socket.security = parent.security.inherited();
  socket.filters = parent.filters;
  socket.holds = parent.holds;
  socket.connection = *key;
  socket.phase = StreamPhase::kConnected;
  if (Flow* flow = flows.find(block.flow)) flow->socket = socket.id;
  return CallResult(Accepted{socket.id, key->remote});
}

Host::State::Answer Host::State::on(Call& call, Close&) {
  Socket& socket = *sockets.find(call.socket);
  for (const Call& waiting : socket.waiting) complete(waiting.id, unexpected(SocketError::kInterrupted));
  socket.waiting.clear();
  std::vector<tcpip::ConnectionKey> children;
  if (socket.listener) children = socket.listener->children();
  const std::optional<tcpip::ConnectionKey> connection = socket.connection;
  if (ControlBlock* block = block_of(socket)) {
    // The filters stay with the connection until outstanding data has been sent (C-228).
    block->socket.reset();
    block->filters = socket.filters;
  }
  for (const FlowId id : flows.of_socket(socket.id)) {
    Flow* flow = flows.find(id);
    flow->socket.reset();  // a negotiation it started goes on: its outcome is told whoever still waits (W-258)
    if (socket.type == SocketType::kDatagram) flows.remove(id);  // W-164
  }
  sockets.ports.release(socket.id);
  sockets.sockets.erase(socket.id);
  for (const tcpip::ConnectionKey& child : children) {
    step_connection(child, tcpip::Abort{});
    forget_if_done(child);
  }
  if (connection) {
    step_connection(*connection, tcpip::Close{});
    forget_if_done(*connection);
  }
  return CallResult();
}

Host::State::Answer Host::State::on(Call& call, GetSocketName&) {
  const Socket& socket = *sockets.find(call.socket);
  if (!socket.bound) return unexpected(SocketError::kInvalidArgument);
  return CallResult(socket.local);
}

Host::State::Answer Host::State::on(Call& call, GetPeerName&) {
  const Socket& socket = *sockets.find(call.socket);
  if (socket.type == SocketType::kDatagram && socket.peer) return CallResult(*socket.peer);
  if (socket.phase == StreamPhase::kConnected && socket.connection) return CallResult(socket.connection->remote);
  return unexpected(SocketError::kNotConnected);
}

Host::State::Answer Host::State::on(Call& call, SetOption& body) {
  Socket& socket = *sockets.find(call.socket);
  const bool reuse = body.option == SocketOption::kReuseAddress;
  if (!reuse && body.option != SocketOption::kExclusiveAddressUse) return unexpected(SocketError::kInvalidArgument);
  const Sharing wanted = reuse ? Sharing::kReuse : Sharing::kExclusive;
  const Sharing other = reuse ? Sharing::kExclusive : Sharing::kReuse;
  // C-090, C-091: the two exclude each other.
  if (body.value != 0 && socket.sharing == other) return unexpected(SocketError::kInvalidArgument);
  if (body.value == 0 && socket.sharing == Sharing::kExclusive && socket.security.is_set())
    return unexpected(SocketError::kInvalidArgument);
  if (body.value != 0) socket.sharing = wanted;
  if (body.value == 0 && socket.sharing == wanted) socket.sharing = Sharing::kNone;
  return CallResult();
}

Host::State::Answer Host::State::on(Call& call, GetOption& body) {
  Socket& socket = *sockets.find(call.socket);
  switch (body.option) {
    case SocketOption::kReuseAddress: return CallResult(std::uint32_t{socket.sharing == Sharing::kReuse});
    case SocketOption::kExclusiveAddressUse: return CallResult(std::uint32_t{socket.sharing == Sharing::kExclusive});
    case SocketOption::kType: return CallResult(std::uint32_t{socket.type == SocketType::kStream ? 1U : 2U});
    case SocketOption::kError: {
      // The reason's number plus one, 0 for none.
      const std::uint32_t value = socket.error ? static_cast<std::uint32_t>(*socket.error) + 1 : 0;
      return CallResult(value);
    }
  }
  return unexpected(SocketError::kInvalidArgument);
}

}  // namespace ssx::host
