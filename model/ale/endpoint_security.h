// model/ale/endpoint_security.h: what an application asked of its socket, and when it may ask. Source:
// wfp-model.md 4.4, api-contract.md 1.1, 1.2, 1.7.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/ale/behaviour.h"
#include "model/base/address.h"
#include "model/base/expected.h"
#include "model/base/guid.h"
#include "model/wfp/objects.h"

namespace ssx::ale {

enum class SecurityProtocol : std::uint8_t { kDefault = 0, kIpsec = 1, kIpsec2 = 2 };

/// SecurityFlags and IpsecFlags (api-contract.md 3.2).
inline constexpr std::uint32_t kGuaranteeEncryption = 0x1;
inline constexpr std::uint32_t kAllowInsecure = 0x2;
inline constexpr std::uint32_t kSkipFilterInstantiation = 0x1;
inline constexpr std::uint32_t kOptionalPeerNameVerification = 0x2;
inline constexpr std::uint32_t kAllowFirstInboundUnencrypted = 0x4;
inline constexpr std::uint32_t kPeerNameIsRawFormat = 0x8;

/// User, domain and password of AllStrings.
struct ExplicitCredentials {
  std::string user;
  std::string domain;
  std::string password;
  friend bool operator==(const ExplicitCredentials&, const ExplicitCredentials&) = default;
};

/// The settings of one WSASetSocketSecurity call. NULL is the value-initialised one (C-052).
struct SecuritySettings {
  SecurityProtocol protocol = SecurityProtocol::kDefault;
  std::uint32_t security_flags = 0;
  std::uint32_t ipsec_flags = 0;
  Guid main_mode_policy;  // zero: the built-in context
  Guid quick_mode_policy;
  Guid reserved;
  std::uint64_t reserved2 = 0;
  std::optional<ExplicitCredentials> credentials;
  friend bool operator==(const SecuritySettings&, const SecuritySettings&) = default;
};

enum class SettingsError : std::uint8_t {
  kUnknownSecurityFlags,
  kUnknownIpsecFlags,
  kConflictingFlags,  // only with conflicting_flags = reject
  kReservedNotZero,
  kNoSuchPolicy,     // FWP_E_PROVIDER_CONTEXT_NOT_FOUND
  kWrongPolicyType,  // FWP_E_PROVIDER_CONTEXT_MISMATCH
};
std::string_view to_string(SettingsError error);

/// Checks what a call says against what exists. Keys are checked also with SKIP_FILTER_INSTANTIATION (U-51).
expected<void, SettingsError> check_settings(const SecuritySettings& settings, const Behaviour& behaviour,
                                             const wfp::Engine& engine);

/// How far a socket is, for the matrix of api-contract.md 1.7.
enum class SocketPhase : std::uint8_t { kFresh, kBound, kListening, kConnecting, kConnectFailed, kConnected, kReset };

enum class OrderError : std::uint8_t { kAfterBind, kTwice, kConnected, kNotConnected, kReset };
/// Whether WSASetSocketSecurity may be called now. @conformance C-076 to C-086
expected<void, OrderError> may_set_security(SocketPhase phase, bool already_set);
/// Whether WSASetSocketPeerTargetName may be called now. @conformance C-112 to C-116
expected<void, OrderError> may_set_target_name(SocketPhase phase);
/// Whether a stream socket can be asked how it is protected. @conformance C-175, C-176
expected<void, OrderError> may_query_stream(SocketPhase phase);

/// The calls of the matrix of api-contract.md 1.7.
enum class SecurityCall : std::uint8_t { kSetSecurity, kSetTargetName, kDeleteTargetName, kQuery, kImpersonate };
/// The whole matrix of 1.7 for an open socket: whether the call is refused for the socket's phase. A datagram socket
/// has the phases fresh, bound and connected. What a permitted impersonation finds, 0 or WSAEACCES, is the flow's.
/// @param stream  TCP, else UDP
expected<void, OrderError> check_order(SecurityCall call, SocketPhase phase, bool stream, bool already_set);
/// Whether deleting a target name does anything: not on a connection that exists (C-134).
bool delete_has_effect(SocketPhase phase, bool stream);
std::string_view to_string(OrderError error);

/// The security part of an endpoint.
class EndpointSecurity {
 public:
  bool is_set() const { return settings_.has_value(); }
  /// Accepts checked settings; once.
  void set(SecuritySettings settings);
  /// What an accepted connection takes over from its listener.
  EndpointSecurity inherited() const;

  bool guarantees_encryption() const { return has(kGuaranteeEncryption); }
  /// ALLOW_INSECURE without GUARANTEE_ENCRYPTION: clear text is tolerated (README.md glossary, "open").
  bool is_open() const { return has(kAllowInsecure) && !has(kGuaranteeEncryption); }
  bool requires_security() const { return is_set() && !is_open(); }
  bool instantiates_filters() const { return is_set() && (settings_->ipsec_flags & kSkipFilterInstantiation) == 0; }
  bool has_ipsec_flag(std::uint32_t flag) const { return is_set() && (settings_->ipsec_flags & flag) != 0; }
  const std::optional<SecuritySettings>& settings() const { return settings_; }

  /// Target names: one for a stream; per peer for datagrams, where port 0 stands for every port of the address and a
  /// specific port goes first (C-106).
  void set_stream_name(std::string name) { stream_name_ = std::move(name); }
  void clear_stream_name() { stream_name_.reset(); }
  void set_peer_name(const TransportAddress& peer, std::string name) { peer_names_[peer] = std::move(name); }
  /// Port 0 removes every name of the address. @return false if there was none
  bool delete_peer_name(const TransportAddress& peer);
  const std::optional<std::string>& stream_name() const { return stream_name_; }
  std::optional<std::string> name_for(const TransportAddress& peer) const;

 private:
  bool has(std::uint32_t flag) const { return settings_ && (settings_->security_flags & flag) != 0; }

  std::optional<SecuritySettings> settings_;
  std::optional<std::string> stream_name_;
  std::map<TransportAddress, std::string> peer_names_;
};

}  // namespace ssx::ale
