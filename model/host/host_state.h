// model/host/host_state.h: the parts of a host and the functions that join them, by role: keying.cc, packet_path.cc,
// ale_layers.cc, tcp_glue.cc, *_calls.cc. Internal to model/host.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/authip/engine.h"
#include "model/base/random.h"
#include "model/host/flow.h"
#include "model/host/host.h"
#include "model/host/socket.h"
#include "model/ipsec/sad.h"
#include "model/tcpip/ip_output.h"
#include "model/wfp/classify.h"
#include "model/wfp/engine.h"

namespace ssx::host {

/// The keying module's window on this host.
class HostPolicies final : public authip::PolicySource {
 public:
  HostPolicies(const wfp::Engine& engine, const SocketTable& sockets, const ipsec::Sad& sad)
      : engine_(engine), sockets_(sockets), sad_(sad) {}
  std::optional<authip::MainModeChoice> main_mode(const IpAddress& local, const IpAddress& remote) const override;
  std::optional<authip::QuickModeChoice> quick_mode(const ipsec::TrafficSelector& selector) const override;
  /// Whether the traffic's own quick-mode policy stands for negotiation discovery: ND_SECURE or ND_BOUNDARY.
  bool discovers(const FiveTuple& tuple) const;
  bool spi_in_use(Spi spi) const override { return sad_.spi_in_use(spi); }

 private:
  const wfp::Engine& engine_;
  const SocketTable& sockets_;
  const ipsec::Sad& sad_;
};

/// A negotiation that flows wait for; another flow with the same needs joins it.
struct Negotiation {
  ipsec::TrafficSelector selector;
  bool guarantee_encryption = false;
  authip::TargetNames target;
  FiveTuple asked_for;  // the flow that started it: named in its event
};

/// An inbound packet behind IP and IPsec.
struct Inbound {
  Octets datagram;  // clear
  FiveTuple tuple;
  Octets upper;  // from the transport header on
  std::optional<ipsec::Arrival> arrival;
};

struct Host::State {
  State(HostConfig config_, RandomSource& random_);

  HostConfig config;
  RandomSource& random;
  wfp::Engine engine;
  ipsec::Sad sad;
  SocketTable sockets;
  FlowTable flows;
  HostPolicies policies;
  authip::Engine authip;
  tcpip::IpOutput ip;
  std::map<NegotiationId, Negotiation> negotiations;
  std::uint64_t next_negotiation = 1;
  OctetVector protected_buffer;  // kept from packet to packet
  OctetVector clear_buffer;

  // Of the step under way.
  Instant now;
  std::vector<HostEffect>* effects = nullptr;

  // --- records ---
  template <class Event>
  void trace(Event event) {
    if (config.trace) effects->push_back(Traced{TraceRecord{now, TraceEvent(std::move(event))}});
  }
  void complete(CallId id, expected<CallResult, SocketError> result) {
    effects->push_back(Completed{id, std::move(result)});
  }
  void set_state(Flow& flow, FlowState state, const std::string& why);

  // --- ale_layers.cc ---
  wfp::FieldValues ale_values(const Socket& socket, const FiveTuple& tuple, std::uint32_t flags) const;
  /// Classifies at an ALE layer and traces it. @return permitted
  bool classify_ale(wfp::LayerId layer, const FiveTuple& tuple, const wfp::FieldValues& values,
                    wfp::ClassifyMetadata& metadata, std::uint32_t flags);
  bool authorise_bind(const Socket& socket, bool wildcard_port, bool implicit);
  bool authorise_listen(const Socket& socket);
  /// AUTH_CONNECT for a new flow; what it must have is stored on the flow.
  bool authorise_connect(const Socket& socket, Flow& flow);
  /// AUTH_RECV_ACCEPT for a new inbound flow.
  bool authorise_accept(const Socket& socket, Flow& flow, const Inbound& packet);
  void flow_established(const Socket& socket, const Flow& flow);
  /// The requirements that a flow takes from its socket.
  void inherit_security(const Socket& socket, Flow& flow) const;

  // --- keying.cc ---
  /// Asks for an SA for the flow, or joins a negotiation for the same. @return false: no policy
  bool negotiate(Flow& flow);
  bool has_policy(const Flow& flow) const;
  void perform(std::vector<authip::Effect> keying);
  void negotiation_succeeded(const authip::NegotiationSucceeded& success);
  void negotiation_failed(const authip::NegotiationFailed& failure);
  void flow_secured(Flow& flow);
  void flow_failed(Flow& flow, const authip::NegotiationFailed& failure);
  void perform(const std::vector<ipsec::SadEvent>& events);
  void no_policy_event(const Flow& flow);

  // --- packet_path.cc ---
  /// Sends a whole clear datagram on its way out. Null flow: a packet of no flow (RST, keying).
  void send_datagram(OctetVector datagram, const FiveTuple& tuple, Flow* flow);
  void emit(OctetVector datagram) { effects->push_back(SendPacket{std::move(datagram)}); }
  void send_protected(Octets datagram, const FiveTuple& tuple, SaContextId context, Flow* flow);
  std::optional<SaContextId> find_sa(const FiveTuple& tuple, const Flow* flow) const;
  void packet_arrived(OctetVector datagram);
  void clear_packet_arrived(const Inbound& packet);
  /// INBOUND_TRANSPORT. @return permitted
  bool admit(const Inbound& packet, Flow* flow, const Socket* socket, bool creates_flow);
  void drop(const FiveTuple& tuple, bool outbound, const std::string& reason, std::uint32_t status);

  // --- tcp_glue.cc ---
  void tcp_arrived(const Inbound& packet);
  void syn_arrived(const Inbound& packet, const tcpip::Segment& segment, Socket& listener);
  void perform(const tcpip::ConnectionKey& key, std::vector<tcpip::TcpEffect> tcp);
  void step_connection(const tcpip::ConnectionKey& key, const tcpip::TcpEvent& event);
  tcpip::TcpConfig tcp_config(IpVersion version) const;
  void send_reset(const tcpip::SegmentHeader& reset, const FiveTuple& tuple);
  void connection_ended(ControlBlock& block, StreamPhase phase, SocketError error);
  void forget_if_done(const tcpip::ConnectionKey& key);
  void udp_arrived(const Inbound& packet);

  // --- calls: nothing means that the call waits ---
  using Answer = std::optional<expected<CallResult, SocketError>>;
  void call_made(Call call);
  Answer attempt(Call& call);
  /// Tries the socket's waiting calls again.
  void pump(SocketId socket);
  void pump_all();
  void expire_calls();
  Answer on(Call& call, CreateSocket& body);
  Answer on(Call& call, Bind& body);
  Answer on(Call& call, Listen& body);
  Answer on(Call& call, Accept& body);
  Answer on(Call& call, Connect& body);
  Answer on(Call& call, Send& body);
  Answer on(Call& call, SendTo& body);
  Answer on(Call& call, Receive& body);
  Answer on(Call& call, ReceiveFrom& body);
  Answer on(Call& call, Shutdown& body);
  Answer on(Call& call, Close& body);
  Answer on(Call& call, GetSocketName& body);
  Answer on(Call& call, GetPeerName& body);
  Answer on(Call& call, SetOption& body);
  Answer on(Call& call, GetOption& body);
  Answer on(Call& call, SetSecurity& body);
  Answer on(Call& call, SetPeerTargetName& body);
  Answer on(Call& call, DeletePeerTargetName& body);
  Answer on(Call& call, QuerySecurity& body);

  expected<void, SocketError> bind_socket(Socket& socket, TransportAddress address, bool implicit);
  expected<void, SocketError> bind_implicitly(Socket& socket, const TransportAddress& peer);
  std::optional<IpAddress> own_address(IpVersion version) const;
  expected<void, SocketError> instantiate_filters(Socket& socket, const std::optional<TransportAddress>& remote);
  Answer begin_connect(Call& call, Socket& socket, const TransportAddress& peer);
  Answer connect_outcome(Socket& socket);
  expected<std::size_t, SocketError> send_message(Socket& socket, const TransportAddress& peer, Octets octets);
  ale::SocketPhase phase_of(const Socket& socket) const;
  ControlBlock* block_of(const Socket& socket);

  void timer_fired();
  std::optional<Instant> next_deadline() const;
};

}  // namespace ssx::host
