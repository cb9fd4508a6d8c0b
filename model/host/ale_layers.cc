// ALE layers: which operation is classified where, and what a flow takes away from it. Source: wfp-model.md 4.2, 4.5.
#include "model/host/host_state.h"
#include "model/identity/principal.h"

namespace ssx::host {
namespace {

IpVersion version_of(const FiveTuple& tuple) { return tuple.local.address.version(); }

}  // namespace

wfp::FieldValues Host::State::ale_values(const Socket& socket, const FiveTuple& tuple, std::uint32_t flags) const {
  using wfp::Field;
  wfp::FieldValues values;
  values.set_protocol(socket.protocol());
  // W-155: an unspecified local address is EMPTY.
  if (!tuple.local.address.is_any()) values.set_address(Field::kIpLocalAddress, tuple.local.address);
  values.set(Field::kIpLocalAddressType,
             tuple.local.address.is_any() ? wfp::kAddressTypeUnicast : wfp::address_type(tuple.local.address));
  values.set(Field::kIpLocalPort, tuple.local.port);
  if (!tuple.remote.address.is_any()) {
    values.set_address(Field::kIpRemoteAddress, tuple.remote.address);
    values.set(Field::kIpRemotePort, tuple.remote.port);
    values.set(Field::kIpDestinationAddressType, wfp::address_type(tuple.remote.address));
  }
  values.set(Field::kFlags, flags);
  return values;
}

bool Host::State::classify_ale(wfp::LayerId layer, const FiveTuple& tuple, const wfp::FieldValues& values,
                               wfp::ClassifyMetadata& metadata, std::uint32_t flags) {
  wfp::DecisionRecorder recorder{to_string(tuple), {}};
  const auto outcome = wfp::classify(engine, layer, values, metadata, config.trace ? &recorder : nullptr);
  trace(Classified{layer, tuple, outcome.permitted(), flags, outcome.filter});
  for (Decision& decision : recorder.decisions) trace(std::move(decision));
  return outcome.permitted();
}

bool Host::State::authorise_bind(const Socket& socket, bool wildcard_port, bool implicit) {
  const FiveTuple tuple{socket.protocol(), socket.local, {IpAddress::any(socket.version), 0}};
  const std::uint32_t flags =
      (wildcard_port ? wfp::kFlagIsWildcardBind : 0U) | (implicit ? wfp::kFlagIsImplicitBind : 0U);
  wfp::ClassifyMetadata metadata;
  return classify_ale(wfp::ale_resource_assignment(socket.version), tuple, ale_values(socket, tuple, flags), metadata,
                      flags);
}

bool Host::State::authorise_listen(const Socket& socket) {
  const FiveTuple tuple{socket.protocol(), socket.local, {IpAddress::any(socket.version), 0}};
  wfp::ClassifyMetadata metadata;
  return classify_ale(wfp::ale_auth_listen(socket.version), tuple, ale_values(socket, tuple, 0), metadata, 0);
}

void Host::State::inherit_security(const Socket& socket, Flow& flow) const {
  flow.socket = socket.id;
  flow.open = socket.security.is_set() && socket.security.is_open();
  flow.facts.requires_security = socket.security.requires_security();
  flow.facts.requires_encryption = socket.security.guarantees_encryption();
  flow.guarantee_encryption = socket.security.guarantees_encryption();
  flow.target.raw = socket.security.has_ipsec_flag(ale::kPeerNameIsRawFormat);
  flow.target.optional_verification = socket.security.has_ipsec_flag(ale::kOptionalPeerNameVerification);
}

bool Host::State::authorise_connect(const Socket& socket, Flow& flow) {
  inherit_security(socket, flow);
  if (const auto name = socket.security.name_for(flow.tuple.remote)) flow.target.names = {*name};
  const std::uint32_t flags = flow.target.names.empty() ? 0U : wfp::kFlagIsNameAppSpecified;  // W-184
  wfp::ClassifyMetadata metadata;
  metadata.flow = flow.id;
  if (!classify_ale(wfp::ale_auth_connect(version_of(flow.tuple)), flow.tuple, ale_values(socket, flow.tuple, flags),
                    metadata, flags)) {
    trace(NetEvent{NetEvent::Kind::kClassifyDrop, 0, authip::FailurePoint::kMe, flow.tuple,
                   "blocked at ALE_AUTH_CONNECT"});
    return false;
  }
  // ALE_CONNECT stores modifiers on the flow; an administrator's filters may add to the socket's own.
  flow.facts.requires_security |= metadata.wishes.require_security;
  flow.facts.requires_encryption |= metadata.wishes.require_encryption;
  flow.guarantee_encryption |= metadata.wishes.require_encryption;
  return true;
}

bool Host::State::authorise_accept(const Socket& socket, Flow& flow, const Inbound& packet) {
  inherit_security(socket, flow);
  const std::uint32_t flags = packet.arrival ? wfp::kFlagIsIpsecSecured : 0U;  // W-183
  wfp::ClassifyMetadata metadata;
  metadata.flow = flow.id;
  metadata.flow_requires_security = flow.facts.requires_security;
  metadata.flow_requires_encryption = flow.facts.requires_encryption;
  if (packet.arrival) metadata.arrival = wfp::ArrivalProtection{packet.arrival->context, packet.arrival->encrypted};
  const bool permitted = classify_ale(wfp::ale_auth_recv_accept(version_of(flow.tuple)), flow.tuple,
                                      ale_values(socket, flow.tuple, flags), metadata, flags);
  flow.facts.requires_security |= metadata.wishes.require_security;
  flow.facts.requires_encryption |= metadata.wishes.require_encryption;
  flow.guarantee_encryption |= metadata.wishes.require_encryption;
  if (!permitted) return false;
  // wfp-model.md 4.4: the socket's requirement holds without filters as well (SKIP).
  if (flow.facts.requires_security && !packet.arrival) return false;
  if (flow.facts.requires_encryption && !packet.arrival->encrypted && !metadata.wishes.allow_first_inbound_unencrypted)
    return false;
  // C-117: a name on a listening socket names the peers it accepts.
  const auto& name = socket.security.stream_name();
  if (name && packet.arrival && config.behaviour.inbound_target_name == ale::InboundTargetName::kEnforce) {
    const ipsec::SaPair* pair = sad.pair(packet.arrival->context);
    return pair != nullptr && identity::same_target_name(*name, pair->peer_name, flow.target.raw);
  }
  return true;
}

void Host::State::flow_established(const Socket& socket, const Flow& flow) {
  const std::uint32_t flags = flow.facts.secure ? wfp::kFlagIsIpsecSecured : 0U;
  wfp::ClassifyMetadata metadata;
  metadata.flow = flow.id;
  // W-159: inspection only; a block has no effect.
  static_cast<void>(classify_ale(wfp::ale_flow_established(version_of(flow.tuple)), flow.tuple,
                                 ale_values(socket, flow.tuple, flags), metadata, flags));
}

}  // namespace ssx::host
