#include "model/ale/behaviour.h"

#include <charconv>
#include <optional>
#include <utility>
#include <vector>

namespace ssx::ale {
namespace {

std::optional<std::uint32_t> number_of(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string refusal(std::string_view knob, std::string_view value, const std::string& takes) {
  return "knob " + std::string(knob) + " takes " + takes + ", found '" + std::string(value) + "'";
}

struct ErrorName {
  std::string_view name;
  std::uint32_t code;
};
/// api-contract.md 1.0, "Error codes used in this document": those that a call can end with.
constexpr ErrorName kErrorNames[] = {
    {"WSA_INVALID_HANDLE", 6},      {"WSA_NOT_ENOUGH_MEMORY", 8}, {"WSA_INVALID_PARAMETER", 87},
    {"WSA_OPERATION_ABORTED", 995}, {"WSAEACCES", 10013},         {"WSAEFAULT", 10014},
    {"WSAEINVAL", 10022},           {"WSAEWOULDBLOCK", 10035},    {"WSAEINPROGRESS", 10036},
    {"WSAENOTSOCK", 10038},         {"WSAEMSGSIZE", 10040},       {"WSAENOPROTOOPT", 10042},
    {"WSAEOPNOTSUPP", 10045},       {"WSAEAFNOSUPPORT", 10047},   {"WSAEADDRINUSE", 10048},
    {"WSAENETDOWN", 10050},         {"WSAENETUNREACH", 10051},    {"WSAECONNABORTED", 10053},
    {"WSAECONNRESET", 10054},       {"WSAENOBUFS", 10055},        {"WSAEISCONN", 10056},
    {"WSAENOTCONN", 10057},         {"WSAETIMEDOUT", 10060},      {"WSAECONNREFUSED", 10061},
    {"WSAEHOSTUNREACH", 10065},     {"WSAEDISCON", 10101},        {"WSASYSCALLFAILURE", 10107},
};

/// A knob that takes one of some names.
template <class T>
expected<void, std::string> choose(std::string_view knob, std::string_view value, T& out,
                                   const std::vector<std::pair<std::string_view, T>>& names) {
  std::string known;
  for (const auto& [name, choice] : names) {
    if (name == value) {
      out = choice;
      return {};
    }
    known += (known.empty() ? "" : " or ") + std::string(name);
  }
  return unexpected(refusal(knob, value, known));
}

expected<void, std::string> read_error(std::string_view knob, std::string_view value, std::uint32_t& out) {
  for (const ErrorName& known : kErrorNames) {
    if (known.name == value) {
      out = known.code;
      return {};
    }
  }
  const auto number = number_of(value);
  if (!number || *number == 0) return unexpected(refusal(knob, value, "an error code: its number or its WSA name"));
  out = *number;
  return {};
}

expected<void, std::string> read_seconds(std::string_view knob, std::string_view value, Duration& out) {
  const auto number = number_of(value);
  if (!number || *number > 1'000'000) return unexpected(refusal(knob, value, "seconds, at most 1000000"));
  out = std::chrono::seconds(*number);
  return {};
}

expected<void, std::string> read_window(std::string_view knob, std::string_view value, std::uint32_t& out) {
  const auto number = number_of(value);
  if (!number || *number < 32 || *number % 32 != 0 || *number > 65'536) {
    return unexpected(refusal(knob, value, "a multiple of 32 up to 65536"));
  }
  out = *number;
  return {};
}

}  // namespace

expected<void, std::string> Behaviour::set(std::string_view name, std::string_view value) {
  if (name == "api_level")
    return choose<ApiLevel>(name, value, api_level, {{"win7", ApiLevel::kWin7}, {"vista", ApiLevel::kVista}});
  if (name == "bad_socket_family_error") return read_error(name, value, bad_socket_family_error);
  if (name == "set_after_bind_error") return read_error(name, value, set_after_bind_error);
  if (name == "set_twice_error") return read_error(name, value, set_twice_error);
  if (name == "varlen_min") {
    return choose<VarlenMin>(name, value, varlen_min,
                             {{"sizeof", VarlenMin::kSizeof}, {"offsetof", VarlenMin::kOffsetof}});
  }
  if (name == "conflicting_flags") {
    return choose<ConflictingFlags>(
        name, value, conflicting_flags,
        {{"encrypt_wins", ConflictingFlags::kEncryptWins}, {"reject", ConflictingFlags::kReject}});
  }
  if (name == "ipsec_struct_as_default") {
    return choose<IpsecStructAsDefault>(
        name, value, ipsec_struct_as_default,
        {{"reject", IpsecStructAsDefault::kReject}, {"ignore", IpsecStructAsDefault::kIgnore}});
  }
  if (name == "peer_name_len") {
    return choose<PeerNameLen>(name, value, peer_name_len,
                               {{"auto", PeerNameLen::kAuto}, {"bytes", PeerNameLen::kBytes}});
  }
  if (name == "inbound_target_name") {
    return choose<InboundTargetName>(
        name, value, inbound_target_name,
        {{"enforce", InboundTargetName::kEnforce}, {"ignore", InboundTargetName::kIgnore}});
  }
  if (name == "delete_missing_name") {
    return choose<DeleteMissingName>(name, value, delete_missing_name,
                                     {{"ok", DeleteMissingName::kOk}, {"einval", DeleteMissingName::kEinval}});
  }
  if (name == "query_size_error") {
    return choose<QuerySizeError>(name, value, query_size_error,
                                  {{"auto", QuerySizeError::kAuto},
                                   {"efault", QuerySizeError::kEfault},
                                   {"emsgsize", QuerySizeError::kEmsgsize}});
  }
  if (name == "query_unconnected_error") return read_error(name, value, query_unconnected_error);
  if (name == "impersonate_socket_check") {
    return choose<ImpersonateSocketCheck>(name, value, impersonate_socket_check,
                                          {{"nonblocking", ImpersonateSocketCheck::kNonblocking},
                                           {"strict", ImpersonateSocketCheck::kStrict},
                                           {"off", ImpersonateSocketCheck::kOff}});
  }
  if (name == "no_identity_error") return read_error(name, value, no_identity_error);
  if (name == "connect_security_failure_error") return read_error(name, value, connect_security_failure_error);
  if (name == "no_policy_error") return read_error(name, value, no_policy_error);
  if (name == "connect_failure_delay") return read_seconds(name, value, connect_failure_delay);
  if (name == "allow_insecure_mode") {
    return choose<AllowInsecureMode>(name, value, allow_insecure_mode,
                                     {{"clear_then_upgrade", AllowInsecureMode::kClearThenUpgrade},
                                      {"negotiate_first", AllowInsecureMode::kNegotiateFirst}});
  }
  if (name == "allow_insecure_wait") return read_seconds(name, value, allow_insecure_wait);
  if (name == "overlapped_mode") {
    return choose<OverlappedMode>(name, value, overlapped_mode,
                                  {{"immediate", OverlappedMode::kImmediate}, {"pending", OverlappedMode::kPending}});
  }
  if (name == "default_policy") {
    return choose<wfp::DefaultPolicy>(
        name, value, default_policy,
        {{"documented", wfp::DefaultPolicy::kDocumented}, {"observed", wfp::DefaultPolicy::kObserved}});
  }
  if (name == "wfp_compat") {
    return choose<wfp::Compatibility>(name, value, wfp_compat,
                                      {{"win7", wfp::Compatibility::kWin7}, {"vista", wfp::Compatibility::kVista}});
  }
  if (name == "replay_window") return read_window(name, value, replay_window);
  return unexpected("there is no knob '" + std::string(name) + "'");
}

}  // namespace ssx::ale
