#include "model/ale/endpoint_security.h"

#include <cassert>

namespace ssx::ale {
namespace {

constexpr std::uint32_t kSecurityFlags = kGuaranteeEncryption | kAllowInsecure;
constexpr std::uint32_t kVistaIpsecFlags = kSkipFilterInstantiation;
constexpr std::uint32_t kIpsecFlags =
    kSkipFilterInstantiation | kOptionalPeerNameVerification | kAllowFirstInboundUnencrypted | kPeerNameIsRawFormat;

expected<void, SettingsError> check_policy(const Guid& key, wfp::ProviderContextType type, const wfp::Engine& engine) {
  if (key.is_zero()) return {};  // C-067
  const wfp::ProviderContext* context = engine.provider_context(key);
  if (context == nullptr) return unexpected(SettingsError::kNoSuchPolicy);
  if (context->type != type) return unexpected(SettingsError::kWrongPolicyType);
  return {};
}

}  // namespace

std::string_view to_string(SettingsError error) {
  switch (error) {
    case SettingsError::kUnknownSecurityFlags: return "SecurityFlags has a bit without a meaning";
    case SettingsError::kUnknownIpsecFlags: return "IpsecFlags has a bit without a meaning";
    case SettingsError::kConflictingFlags: return "GUARANTEE_ENCRYPTION and ALLOW_INSECURE exclude each other";
    case SettingsError::kReservedNotZero: return "a reserved member is not zero";
    case SettingsError::kNoSuchPolicy: return "a policy key names no provider context";
    case SettingsError::kWrongPolicyType: return "a policy key names a provider context of another type";
  }
  return "unknown";
}

expected<void, SettingsError> check_settings(const SecuritySettings& settings, const Behaviour& behaviour,
                                             const wfp::Engine& engine) {
  const std::uint32_t ipsec_flags = behaviour.api_level == ApiLevel::kVista ? kVistaIpsecFlags : kIpsecFlags;
  if ((settings.security_flags & ~kSecurityFlags) != 0) return unexpected(SettingsError::kUnknownSecurityFlags);
  if ((settings.ipsec_flags & ~ipsec_flags) != 0) return unexpected(SettingsError::kUnknownIpsecFlags);
  // U-04: accepted, encryption or nothing, unless the knob says otherwise.
  if (settings.security_flags == kSecurityFlags && behaviour.conflicting_flags == ConflictingFlags::kReject) {
    return unexpected(SettingsError::kConflictingFlags);
  }
  if (!settings.reserved.is_zero() || settings.reserved2 != 0) return unexpected(SettingsError::kReservedNotZero);
  if (auto checked = check_policy(settings.main_mode_policy, wfp::ProviderContextType::kAuthipMm, engine); !checked)
    return checked;
  return check_policy(settings.quick_mode_policy, wfp::ProviderContextType::kAuthipQmTransport, engine);
}

expected<void, OrderError> may_set_security(SocketPhase phase, bool already_set) {
  switch (phase) {
    case SocketPhase::kFresh:
      if (already_set) return unexpected(OrderError::kTwice);
      return {};
    case SocketPhase::kBound:
    case SocketPhase::kListening:
    case SocketPhase::kConnectFailed: return unexpected(OrderError::kAfterBind);
    case SocketPhase::kConnecting:
    case SocketPhase::kConnected:
    case SocketPhase::kReset: return unexpected(OrderError::kConnected);
  }
  return {};
}

expected<void, OrderError> may_set_target_name(SocketPhase phase) {
  switch (phase) {
    case SocketPhase::kFresh:
    case SocketPhase::kBound:
    case SocketPhase::kListening:
    case SocketPhase::kConnectFailed: return {};
    case SocketPhase::kConnecting:
    case SocketPhase::kConnected:
    case SocketPhase::kReset: return unexpected(OrderError::kConnected);
  }
  return {};
}

expected<void, OrderError> may_query_stream(SocketPhase phase) {
  switch (phase) {
    case SocketPhase::kFresh:
    case SocketPhase::kBound:
    case SocketPhase::kListening:
    case SocketPhase::kConnecting:
    case SocketPhase::kConnectFailed: return unexpected(OrderError::kNotConnected);
    case SocketPhase::kConnected: return {};
    case SocketPhase::kReset: return unexpected(OrderError::kReset);
  }
  return {};
}

expected<void, OrderError> check_order(SecurityCall call, SocketPhase phase, bool stream, bool already_set) {
  switch (call) {
    case SecurityCall::kSetSecurity: return may_set_security(phase, already_set);
    case SecurityCall::kSetTargetName: return may_set_target_name(phase);
    case SecurityCall::kDeleteTargetName: return {};  // C-134, C-135: never refused
    case SecurityCall::kQuery:
    case SecurityCall::kImpersonate:
      // C-172: a datagram socket is asked about a peer, not about itself.
      if (!stream) return {};
      return may_query_stream(phase);
  }
  return {};
}

bool delete_has_effect(SocketPhase phase, bool stream) {
  return !stream || (phase != SocketPhase::kConnected && phase != SocketPhase::kReset);
}

std::string_view to_string(OrderError error) {
  switch (error) {
    case OrderError::kAfterBind: return "security must be set before the socket is bound";
    case OrderError::kTwice: return "security has been set on this socket already";
    case OrderError::kConnected: return "the socket is connected";
    case OrderError::kNotConnected: return "the socket is not connected";
    case OrderError::kReset: return "the peer reset the connection";
  }
  return "unknown";
}

void EndpointSecurity::set(SecuritySettings settings) {
  assert(!settings_);
  settings_ = std::move(settings);
}

EndpointSecurity EndpointSecurity::inherited() const {
  EndpointSecurity child;
  child.settings_ = settings_;
  return child;
}

bool EndpointSecurity::delete_peer_name(const TransportAddress& peer) {
  if (peer.port != 0) return peer_names_.erase(peer) != 0;
  return std::erase_if(peer_names_, [&](const auto& entry) { return entry.first.address == peer.address; }) != 0;
}

std::optional<std::string> EndpointSecurity::name_for(const TransportAddress& peer) const {
  if (stream_name_) return stream_name_;
  for (const std::uint16_t port : {peer.port, std::uint16_t{0}}) {
    const auto found = peer_names_.find({peer.address, port});
    if (found != peer_names_.end()) return found->second;
  }
  return std::nullopt;
}

}  // namespace ssx::ale
