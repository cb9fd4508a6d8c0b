#include "model/host/socket.h"

#include "model/wfp/secure_socket_filters.h"

namespace ssx::host {
namespace {

/// How well a socket's own address fits: 0 not at all, 1 bound to any, 2 bound to this one.
int address_fit(const Socket& socket, const TransportAddress& local) {
  if (!socket.bound || socket.local.port != local.port || socket.version != local.address.version()) return 0;
  if (socket.local.address.is_any()) return 1;
  return socket.local.address == local.address ? 2 : 0;
}

}  // namespace

SocketFilters::~SocketFilters() { wfp::remove_secure_socket_filters(engine_, filters_); }

Socket& SocketTable::create(IpVersion version, SocketType type) {
  Socket socket;
  socket.id = SocketId{next_socket++};
  socket.version = version;
  socket.type = type;
  socket.local.address = IpAddress::any(version);
  return sockets.emplace(socket.id, std::move(socket)).first->second;
}

Socket* SocketTable::find(SocketId id) {
  const auto found = sockets.find(id);
  return found == sockets.end() ? nullptr : &found->second;
}

Socket* SocketTable::find_listener(const TransportAddress& local) {
  Socket* best = nullptr;
  int best_fit = 0;
  for (auto& [id, socket] : sockets) {
    if (socket.phase != StreamPhase::kListening) continue;
    const int fit = address_fit(socket, local);
    if (fit > best_fit) {
      best = &socket;
      best_fit = fit;
    }
  }
  return best;
}

Socket* SocketTable::find_datagram_socket(const TransportAddress& local, const TransportAddress& remote) {
  Socket* best = nullptr;
  int best_fit = 0;
  for (auto& [id, socket] : sockets) {
    if (socket.type != SocketType::kDatagram || !socket.bound) continue;
    const int fit = tcpip::match({socket.local, socket.peer}, local, remote);
    if (fit > best_fit) {
      best = &socket;
      best_fit = fit;
    }
  }
  return best;
}

const Socket* SocketTable::find_secured(IpProtocol protocol, const TransportAddress& local) const {
  for (const auto& [id, socket] : sockets) {
    if (socket.protocol() != protocol || !socket.security.is_set()) continue;
    const bool any_port = local.port == 0 && socket.bound;
    if (any_port || address_fit(socket, local) > 0) return &socket;
  }
  return nullptr;
}

}  // namespace ssx::host
