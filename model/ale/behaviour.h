// model/ale/behaviour.h: the knobs of sockets, ALE and the edge: where sources leave something open, the project
// decides, and a knob lets a test decide otherwise. Source: docs/spec/README.md 2. AuthIP's own knobs are in
// authip::Config.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "model/base/expected.h"
#include "model/base/time.h"
#include "model/wfp/conditions.h"
#include "model/wfp/engine.h"

namespace ssx::ale {

enum class ApiLevel : std::uint8_t { kWin7, kVista };
enum class VarlenMin : std::uint8_t { kSizeof, kOffsetof };
enum class ConflictingFlags : std::uint8_t { kEncryptWins, kReject };
enum class IpsecStructAsDefault : std::uint8_t { kReject, kIgnore };
enum class PeerNameLen : std::uint8_t { kAuto, kBytes };
enum class InboundTargetName : std::uint8_t { kEnforce, kIgnore };
enum class DeleteMissingName : std::uint8_t { kOk, kEinval };
enum class QuerySizeError : std::uint8_t { kAuto, kEfault, kEmsgsize };
enum class ImpersonateSocketCheck : std::uint8_t { kNonblocking, kStrict, kOff };
enum class OverlappedMode : std::uint8_t { kImmediate, kPending };
enum class AllowInsecureMode : std::uint8_t { kClearThenUpgrade, kNegotiateFirst };

/// Fixed per host before its first socket. Error knobs hold WSA codes.
struct Behaviour {
  ApiLevel api_level = ApiLevel::kWin7;
  std::uint32_t bad_socket_family_error = 10022;  // WSAEINVAL
  std::uint32_t set_after_bind_error = 10022;
  std::uint32_t set_twice_error = 10022;
  VarlenMin varlen_min = VarlenMin::kSizeof;
  ConflictingFlags conflicting_flags = ConflictingFlags::kEncryptWins;
  IpsecStructAsDefault ipsec_struct_as_default = IpsecStructAsDefault::kReject;
  PeerNameLen peer_name_len = PeerNameLen::kAuto;
  InboundTargetName inbound_target_name = InboundTargetName::kEnforce;
  DeleteMissingName delete_missing_name = DeleteMissingName::kOk;
  QuerySizeError query_size_error = QuerySizeError::kAuto;
  std::uint32_t query_unconnected_error = 10057;  // WSAENOTCONN
  ImpersonateSocketCheck impersonate_socket_check = ImpersonateSocketCheck::kNonblocking;
  std::uint32_t no_identity_error = 10013;               // WSAEACCES
  std::uint32_t connect_security_failure_error = 10060;  // WSAETIMEDOUT
  std::uint32_t no_policy_error = 10013;                 // WSAEACCES
  Duration connect_failure_delay = std::chrono::seconds(21);
  AllowInsecureMode allow_insecure_mode = AllowInsecureMode::kClearThenUpgrade;
  Duration allow_insecure_wait = std::chrono::seconds(10);
  OverlappedMode overlapped_mode = OverlappedMode::kImmediate;
  wfp::DefaultPolicy default_policy = wfp::DefaultPolicy::kDocumented;
  wfp::Compatibility wfp_compat = wfp::Compatibility::kWin7;
  std::uint32_t replay_window = 64;  // a multiple of 32

  /// Sets the knob `name` (as README.md 2 spells it) from text. Durations are seconds; errors are
  /// numbers or the names of api-contract.md 1.0 ("WSAEACCES").
  /// @errors a sentence that names the knob and what it takes
  expected<void, std::string> set(std::string_view name, std::string_view value);
};

}  // namespace ssx::ale
