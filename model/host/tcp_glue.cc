// Segments and datagrams: between IP and the sockets. Source: wfp-model.md 4.3, RFC 9293 3.10.7.
#include <algorithm>

#include "model/base/overloaded.h"
#include "model/host/host_state.h"
#include "model/tcpip/segment.h"

namespace ssx::host {
namespace {

constexpr std::uint16_t kLinkMtu = 1500;
constexpr std::uint16_t kIpsecOverheadMax = 80;  // ESP-AES 53 octets at most, AH 24
constexpr std::uint16_t kV6DefaultMss = 1220;    // RFC 9293 3.7.1

}  // namespace

tcpip::TcpConfig Host::State::tcp_config(IpVersion version) const {
  tcpip::TcpConfig tcp;
  const auto ip_header = static_cast<std::uint16_t>(version == IpVersion::kV4 ? 20 : 40);
  tcp.maximum_segment_size = static_cast<std::uint16_t>(kLinkMtu - ip_header - 20 - kIpsecOverheadMax);
  if (version == IpVersion::kV6) tcp.peer_maximum_segment_size = kV6DefaultMss;
  return tcp;
}

void Host::State::tcp_arrived(const Inbound& packet) {
  const auto segment = tcpip::parse_segment(packet.upper, packet.tuple.remote.address, packet.tuple.local.address);
  if (!segment) {
    drop(packet.tuple, false, std::string(tcpip::to_string(segment.error())), 0);
    return;
  }
  const tcpip::ConnectionKey key{packet.tuple.local, packet.tuple.remote};
  const auto block = sockets.connections.find(key);
  if (block != sockets.connections.end() && !block->second.closed) {
    Flow* flow = flows.find(block->second.flow);
    const Socket* socket = block->second.socket ? sockets.find(*block->second.socket) : nullptr;
    if (flow != nullptr) flow->last_packet = now;
    if (!admit(packet, flow, socket, false)) return;
    step_connection(key, tcpip::SegmentArrived{*segment});
    return;
  }
  Socket* listener =
      segment->header.flags.syn && !segment->header.flags.ack ? sockets.find_listener(packet.tuple.local) : nullptr;
  if (!admit(packet, nullptr, listener, listener != nullptr)) return;
  if (listener != nullptr) return syn_arrived(packet, *segment, *listener);
  if (const auto reset = tcpip::reset_for(*segment)) send_reset(*reset, packet.tuple);
}

void Host::State::syn_arrived(const Inbound& packet, const tcpip::Segment& segment, Socket& listener) {
  const tcpip::ConnectionKey key{packet.tuple.local, packet.tuple.remote};
  Flow& flow = flows.create(packet.tuple, false, now);
  // W-157: AUTH_RECV_ACCEPT before the SYN is answered; a refusal is silence.
  if (!authorise_accept(listener, flow, packet)) {
    drop(packet.tuple, false, "refused at ALE_AUTH_RECV_ACCEPT",
         packet.arrival ? 0U : static_cast<std::uint32_t>(ipsec::DropReason::kClearText));
    // wfp-model.md 4.7: an SA without a cipher where one is required leads to a second quick mode.
    if (packet.arrival && flow.facts.requires_encryption && !packet.arrival->encrypted) negotiate(flow);
    if (!flow.negotiation) flows.remove(flow.id);
    return;
  }
  auto result =
      listener.listener->on_segment(segment, key, tcp_config(packet.tuple.local.address.version()), random, now);
  std::visit(Overloaded{
                 [&](tcpip::ListenAccepted& accepted) {
                   ControlBlock block{std::move(accepted.child), {}, listener.id, packet.tuple, flow.id, {}, false,
                                      listener.filters};
                   sockets.connections.insert_or_assign(key, std::move(block));
                   static_cast<void>(
                       admit(packet, &flow, &listener, false));  // the flow exists now: it is Secured if it came so
                   perform(key, std::move(accepted.effects));
                 },
                 [&](tcpip::ListenRefused& refused) {
                   flows.remove(flow.id);
                   send_reset(refused.reset, packet.tuple);
                 },
                 [&](tcpip::ListenDropped& dropped) {
                   flows.remove(flow.id);
                   drop(packet.tuple, false, std::string(tcpip::to_string(dropped.why)), 0);
                 },
             },
             result);
}

void Host::State::send_reset(const tcpip::SegmentHeader& reset, const FiveTuple& tuple) {
  send_datagram(ip.segment(reset, {}, tuple.local.address, tuple.remote.address), tuple, nullptr);
}

void Host::State::step_connection(const tcpip::ConnectionKey& key, const tcpip::TcpEvent& event) {
  const auto block = sockets.connections.find(key);
  if (block == sockets.connections.end()) return;
  perform(key, block->second.machine.step(event, now));
}

void Host::State::perform(const tcpip::ConnectionKey& key, std::vector<tcpip::TcpEffect> tcp) {
  // Performing an effect may change the table (a socket that closes): the block is looked up for each.
  for (tcpip::TcpEffect& effect : tcp) {
    const auto found = sockets.connections.find(key);
    if (found == sockets.connections.end()) return;
    ControlBlock& block = found->second;
    std::visit(
        Overloaded{
            [&](tcpip::SendSegment& send) {
              send_datagram(ip.segment(send.header, send.payload, key.local.address, key.remote.address), block.tuple,
                            flows.find(block.flow));
            },
            [&](tcpip::Queued&) {},  // read by whoever sent
            [&](tcpip::Connected&) {
              Socket* socket = sockets.find(block.socket ? *block.socket : *block.listener);
              Flow* flow = flows.find(block.flow);
              if (flow != nullptr && flow->state == FlowState::kPending)
                set_state(*flow, FlowState::kClear, "connected without IPsec");
              if (socket != nullptr && flow != nullptr) flow_established(*socket, *flow);
              if (block.socket && socket != nullptr) socket->phase = StreamPhase::kConnected;
              if (block.listener && socket != nullptr && socket->listener) socket->listener->on_connected(key);
              if (socket != nullptr) pump(socket->id);
            },
            [&](tcpip::DataAvailable&) {
              if (block.socket) pump(*block.socket);
            },
            [&](tcpip::PeerClosed&) {
              if (block.socket) pump(*block.socket);
            },
            [&](tcpip::SendSpace&) {
              if (block.socket) pump(*block.socket);
            },
            [&](tcpip::Refused&) {
              connection_ended(block, StreamPhase::kConnectFailed, SocketError::kConnectionRefused);
            },
            [&](tcpip::Reset&) { connection_ended(block, StreamPhase::kReset, SocketError::kConnectionReset); },
            [&](tcpip::TimedOut&) {
              Socket* socket = block.socket ? sockets.find(*block.socket) : nullptr;
              const bool connecting = socket != nullptr && socket->phase == StreamPhase::kConnecting;
              connection_ended(block, connecting ? StreamPhase::kConnectFailed : StreamPhase::kReset,
                               SocketError::kTimedOut);
            },
            [&](tcpip::Closed&) {
              block.closed = true;
              if (Socket* listener = block.listener ? sockets.find(*block.listener) : nullptr) {
                if (listener->listener) listener->listener->on_closed(key);
              }
              if (block.socket) pump(*block.socket);
              forget_if_done(key);
            },
            [&](tcpip::Dropped& dropped) { drop(block.tuple, false, std::string(tcpip::to_string(dropped.why)), 0); },
        },
        effect);
  }
}

void Host::State::connection_ended(ControlBlock& block, StreamPhase phase, SocketError error) {
  Socket* socket = block.socket ? sockets.find(*block.socket) : nullptr;
  if (socket == nullptr) return;
  Flow* flow = flows.find(block.flow);
  // U-35, U-36: while a negotiation runs TCP's own clock decides nothing; its outcome does.
  if (phase == StreamPhase::kConnectFailed && error == SocketError::kTimedOut && flow != nullptr &&
      (flow->facts.negotiating || flow->facts.negotiation_failed) && flow->facts.requires_security) {
    return;
  }
  socket->phase = phase;
  socket->error = error;
  pump(socket->id);
}

void Host::State::forget_if_done(const tcpip::ConnectionKey& key) {
  const auto found = sockets.connections.find(key);
  if (found == sockets.connections.end() || !found->second.closed || found->second.socket) return;
  flows.remove(found->second.flow);
  sockets.connections.erase(found);
}

void Host::State::udp_arrived(const Inbound& packet) {
  const auto message = tcpip::parse_udp_message(packet.upper, packet.tuple.remote.address, packet.tuple.local.address);
  if (!message) {
    drop(packet.tuple, false, std::string(tcpip::to_string(message.error())), 0);
    return;
  }
  const bool keying =
      packet.tuple.local.port == config.authip.ike_port || packet.tuple.local.port == config.authip.nat_t_port;
  if (keying && config.ipsec) {
    if (!admit(packet, nullptr, nullptr, false)) return;
    trace(KeyingMessage{false, packet.tuple.remote, "", message->payload.size()});
    perform(authip.step(authip::DatagramReceived{packet.tuple.local, packet.tuple.remote, to_vector(message->payload)},
                        now));
    return;
  }
  Socket* socket = sockets.find_datagram_socket(packet.tuple.local, packet.tuple.remote);
  Flow* flow = flows.find(packet.tuple, now);
  if (!admit(packet, flow, socket, flow == nullptr && socket != nullptr)) return;
  if (socket == nullptr) {
    drop(packet.tuple, false, "nobody is bound to the port", 0);
    return;
  }
  if (flow == nullptr) {
    flow = &flows.create(packet.tuple, false, now);
    if (!authorise_accept(*socket, *flow, packet)) {
      drop(packet.tuple, false, "refused at ALE_AUTH_RECV_ACCEPT",
           packet.arrival ? 0U : static_cast<std::uint32_t>(ipsec::DropReason::kClearText));
      if (packet.arrival && flow->facts.requires_encryption && !packet.arrival->encrypted) negotiate(*flow);
      if (!flow->negotiation) flows.remove(flow->id);
      return;
    }
    flow_established(*socket, *flow);
    static_cast<void>(admit(packet, flow, socket, false));
    if (flow->state == FlowState::kPending) set_state(*flow, FlowState::kClear, "a datagram came without IPsec");
  }
  flow->last_packet = now;
  socket->unreachable.erase(packet.tuple.remote);
  socket->datagrams.push(packet.tuple.remote, message->payload);
  pump(socket->id);
}

}  // namespace ssx::host
