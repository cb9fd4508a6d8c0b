// model/host/socket.h: the sockets of one host and the TCP connections behind them, as data. Rules are in
// socket_calls.cc.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "model/ale/endpoint_security.h"
#include "model/base/address.h"
#include "model/base/strong.h"
#include "model/host/calls.h"
#include "model/host/port_table.h"
#include "model/tcpip/listener.h"
#include "model/tcpip/tcp.h"
#include "model/tcpip/udp.h"
#include "model/wfp/engine.h"

namespace ssx::host {

/// The filters and policy holds of a secured endpoint. Shared by a listener and the connections it accepted: the last
/// owner takes them out of the store (wfp-model.md 4.4: after outstanding data has been sent).
class SocketFilters {
 public:
  SocketFilters(wfp::Engine& engine, std::vector<FilterId> filters) : engine_(engine), filters_(std::move(filters)) {}
  ~SocketFilters();
  SocketFilters(const SocketFilters&) = delete;
  SocketFilters& operator=(const SocketFilters&) = delete;
  const std::vector<FilterId>& ids() const { return filters_; }

 private:
  wfp::Engine& engine_;
  std::vector<FilterId> filters_;
};

/// A policy context that an endpoint holds from the settings call until it is closed (W-253).
class PolicyHold {
 public:
  PolicyHold(wfp::Engine& engine, const Guid& key) : engine_(engine), key_(key) {}
  ~PolicyHold() { engine_.release_provider_context(key_); }
  PolicyHold(const PolicyHold&) = delete;
  PolicyHold& operator=(const PolicyHold&) = delete;

 private:
  wfp::Engine& engine_;
  Guid key_;
};

enum class StreamPhase : std::uint8_t { kIdle, kListening, kConnecting, kConnectFailed, kConnected, kReset };

struct Socket {
  SocketId id;
  IpVersion version = IpVersion::kV4;
  SocketType type = SocketType::kStream;
  bool bound = false;
  TransportAddress local;
  Sharing sharing = Sharing::kNone;
  std::deque<Call> waiting;  // calls that could not be answered yet, in the order they came
  bool receive_shut = false;
  bool send_shut = false;
  std::optional<SocketError> error;  // why the stream ended, or the last datagram error

  ale::EndpointSecurity security;
  std::shared_ptr<SocketFilters> filters;
  std::vector<std::shared_ptr<PolicyHold>> holds;

  // streams
  StreamPhase phase = StreamPhase::kIdle;
  std::optional<tcpip::TcpListener> listener;
  std::optional<tcpip::ConnectionKey> connection;
  std::optional<Instant> connect_began;
  std::optional<Instant> connect_fails_at;  // the negotiation has failed: connect ends then

  // datagrams
  tcpip::UdpReceiveQueue datagrams;
  std::optional<TransportAddress> peer;
  std::set<TransportAddress> unreachable;  // peers that answered "port unreachable"

  IpProtocol protocol() const { return type == SocketType::kStream ? IpProtocol::kTcp : IpProtocol::kUdp; }
};

/// A TCP connection: lives on behind a closed socket until TCP is done with it.
struct ControlBlock {
  tcpip::TcpConnection machine;
  std::optional<SocketId> socket;    // gone: the program has closed it
  std::optional<SocketId> listener;  // half-open or not accepted yet
  FiveTuple tuple;
  FlowId flow;
  tcpip::SequenceIndex initial_sequence;
  bool closed = false;  // TCP is done; unread octets may still be there
  std::shared_ptr<SocketFilters> filters;
};

/// Sockets, connections and ports. Nothing here sends or decides.
struct SocketTable {
  std::map<SocketId, Socket> sockets;
  std::map<tcpip::ConnectionKey, ControlBlock> connections;
  PortTable ports;
  std::uint64_t next_socket = 1;

  Socket& create(IpVersion version, SocketType type);
  Socket* find(SocketId id);
  /// The listener for a SYN to `local`: one bound to the address before one bound to any.
  Socket* find_listener(const TransportAddress& local);
  /// The datagram socket for a datagram from `remote` to `local`; null if nobody is bound there.
  Socket* find_datagram_socket(const TransportAddress& local, const TransportAddress& remote);
  /// A secured endpoint that is bound where such traffic would arrive; null if there is none.
  const Socket* find_secured(IpProtocol protocol, const TransportAddress& local) const;
};

}  // namespace ssx::host
