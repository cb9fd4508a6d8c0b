#include "lab/step_parser.h"

#include "lab/constants.h"

namespace ssx::lab {
namespace {

using Names = std::vector<std::pair<std::string_view, std::uint32_t>>;
using Parser = StepBody (*)(const Value&, const StepContext&);

const Names kSecurityFlags{{"GUARANTEE_ENCRYPTION", 1}, {"ALLOW_INSECURE", 2}};
const Names kIpsecFlags{{"SKIP_FILTER_INSTANTIATION", 1},
                        {"OPTIONAL_PEER_NAME_VERIFICATION", 2},
                        {"ALLOW_FIRST_INBOUND_PKT_UNENCRYPTED", 4},
                        {"PEER_NAME_IS_RAW_FORMAT", 8}};
const Names kQueryFlags{{"SECURED", 1}, {"ENCRYPTED", 2}, {"IMPERSONATED", 4}};

/// A list of flag names, or a number, which may hold bits without a name.
std::uint32_t flags(const Value& value, std::string_view what, const Names& names) {
  if (value.is_scalar() && !value.is_null()) {
    const std::string text = value.text(what);
    if (!text.empty() && text.front() >= '0' && text.front() <= '9') {
      return static_cast<std::uint32_t>(value.number(what, 0, 0xFFFFFFFF));
    }
  }
  std::uint32_t result = 0;
  for (const Value& item : value.items_or_one(what)) result |= item.one_of(what, names);
  return result;
}

std::string socket_of(const Value& map) { return map.required("socket").text("the name of a socket"); }

OctetVector data_of(const Value& value) {
  if (!value.is_map()) return to_vector(as_octets(value.text("octets as text")));
  OctetVector data;
  if (const auto digits = value.optional("hex")) {
    const auto octets = from_hex(digits->text("hexadecimal digits"));
    if (!octets) digits->fail("expected hexadecimal digits, two an octet");
    data = *octets;
  } else {
    const OctetVector piece = to_vector(as_octets(value.required("repeat").text("text")));
    const auto times = value.required("times").number("how often", 0, 100'000'000);
    data.reserve(piece.size() * times);
    for (std::uint64_t i = 0; i < times; ++i) append(data, piece);
  }
  value.done();
  return data;
}

PeerName peer_of(const Value& value) {
  const std::string text = value.text("a peer");
  // A name that recvfrom remembered has neither dot nor colon.
  if (text.find_first_of(".:") == std::string::npos) return text;
  return value.transport_address("a peer's address");
}

std::optional<PeerName> optional_peer(const Value& map) {
  const auto value = map.optional("peer");
  return value ? std::optional(peer_of(*value)) : std::nullopt;
}

std::optional<Duration> optional_duration(const Value& map, std::string_view key) {
  const auto value = map.optional(key);
  return value ? std::optional(value->duration(key)) : std::nullopt;
}

StepBody parse_socket(const Value& map, const StepContext&) {
  SocketStep step;
  step.as = map.required("as").text("a name for the socket");
  if (const auto family = map.optional("family")) {
    step.v6 = family->one_of<bool>("an address family", {{"AF_INET", false}, {"AF_INET6", true}});
  }
  if (const auto type = map.optional("type")) {
    step.type = type->one_of<host::SocketType>(
        "a socket type", {{"SOCK_STREAM", host::SocketType::kStream}, {"SOCK_DGRAM", host::SocketType::kDatagram}});
  }
  return step;
}

StepBody parse_bind(const Value& map, const StepContext&) {
  return BindStep{socket_of(map), map.required("address").transport_address("an address to bind to")};
}

StepBody parse_listen(const Value& map, const StepContext&) {
  ListenStep step{socket_of(map), 5};
  if (const auto backlog = map.optional("backlog"))
    step.backlog = static_cast<int>(backlog->number("a backlog", 1, 1000));
  return step;
}

StepBody parse_accept(const Value& map, const StepContext&) {
  AcceptStep step;
  step.socket = socket_of(map);
  if (const auto name = map.optional("as")) step.as = name->text("a name for the accepted socket");
  step.within = optional_duration(map, "within");
  return step;
}

StepBody parse_connect(const Value& map, const StepContext&) {
  return ConnectStep{socket_of(map), map.required("to").transport_address("the peer's address")};
}

StepBody parse_send(const Value& map, const StepContext&) {
  return SendStep{socket_of(map), data_of(map.required("data")), std::nullopt};
}

StepBody parse_sendto(const Value& map, const StepContext&) {
  return SendStep{socket_of(map), data_of(map.required("data")),
                  map.required("to").transport_address("the peer's address")};
}

ReceiveStep receive_of(const Value& map) {
  ReceiveStep step;
  step.socket = socket_of(map);
  if (const auto expected = map.optional("expect")) step.expected = data_of(*expected);
  if (const auto octets = map.optional("octets")) {
    step.octets = static_cast<std::size_t>(octets->number("a count of octets", 0, 100'000'000));
  }
  step.timeout = optional_duration(map, "timeout");
  return step;
}

StepBody parse_recv(const Value& map, const StepContext&) {
  ReceiveStep step = receive_of(map);
  if (const auto end = map.optional("end")) step.end_of_stream = end->flag("whether the stream ends here");
  return step;
}

StepBody parse_recvfrom(const Value& map, const StepContext&) {
  ReceiveStep step = receive_of(map);
  step.datagram = true;
  if (const auto from = map.optional("from")) step.from = from->transport_address("the sender");
  if (const auto name = map.optional("sender_as")) step.sender_as = name->text("a name for the sender");
  return step;
}

StepBody parse_shutdown(const Value& map, const StepContext&) {
  return ShutdownStep{socket_of(map), map.required("how").one_of<int>(
                                          "a direction", {{"SD_RECEIVE", 0}, {"SD_SEND", 1}, {"SD_BOTH", 2}})};
}

StepBody parse_close(const Value& map, const StepContext&) { return CloseStep{socket_of(map)}; }

Guid policy_key(const Value& value, const StepContext& context) {
  const std::string name = value.text("the name of a policy of this host, or a GUID");
  if (const auto key = parse_guid(name)) return *key;
  const auto found = context.policies.find(name);
  if (found == context.policies.end()) value.fail("no policy '" + name + "' on this host, and no GUID");
  return found->second;
}

void parse_settings(const Value& settings, const StepContext& context, SetSecurityStep& step) {
  step.null_settings = false;
  if (const auto protocol = settings.optional("SecurityProtocol")) {
    step.protocol = protocol->one_of<std::uint32_t>("a security protocol",
                                                    {{"DEFAULT", 0}, {"IPSEC", 1}, {"IPSEC2", 2}, {"INVALID", 3}});
  }
  if (const auto given = settings.optional("SecurityFlags"))
    step.security_flags = flags(*given, "SecurityFlags", kSecurityFlags);
  step.ipsec_structure = step.protocol == 1 || step.protocol == 2;
  if (const auto given = settings.optional("IpsecFlags")) step.ipsec_flags = flags(*given, "IpsecFlags", kIpsecFlags);
  if (const auto key = settings.optional("AuthipMMPolicyKey")) step.main_mode_policy = policy_key(*key, context);
  if (const auto key = settings.optional("AuthipQMPolicyKey")) step.quick_mode_policy = policy_key(*key, context);
  settings.done();
}

StepBody parse_set_security(const Value& map, const StepContext& context) {
  SetSecurityStep step;
  step.socket = socket_of(map);
  const Value settings = map.required("settings");
  if (!settings.is_null()) parse_settings(settings, context, step);
  return step;
}

StepBody parse_set_name(const Value& map, const StepContext&) {
  return SetPeerNameStep{socket_of(map), optional_peer(map), map.required("name").text("a target name")};
}

StepBody parse_delete_name(const Value& map, const StepContext&) {
  return DeletePeerNameStep{socket_of(map), peer_of(map.required("peer"))};
}

std::optional<std::string> optional_account(const Value& map, std::string_view key) {
  const auto value = map.optional(key);
  if (!value) return std::nullopt;
  return value->is_null() || value->text("an account") == "none" ? "" : value->text("an account");
}

StepBody parse_query(const Value& map, const StepContext&) {
  QueryStep step;
  step.socket = socket_of(map);
  step.peer = optional_peer(map);
  if (const auto given = map.optional("flags")) step.flags = flags(*given, "flags of the connection", kQueryFlags);
  step.machine = optional_account(map, "machine");
  step.application = optional_account(map, "application");
  if (const auto code = map.optional("negotiation_error")) {
    step.negotiation_error = code->one_of<std::uint32_t>("an ERROR_IPSEC code", ipsec_errors());
  }
  step.within = optional_duration(map, "within");
  return step;
}

StepBody parse_impersonate(const Value& map, const StepContext&) {
  return ImpersonateStep{socket_of(map), optional_peer(map), optional_account(map, "account")};
}

StepBody parse_revert(const Value& map, const StepContext&) {
  if (!map.is_map() && !map.is_null()) map.fail("expected {}, found '" + map.text("{}") + "'");
  return RevertStep{};
}

const std::vector<std::pair<std::string_view, int>> kOptions{{"SO_REUSEADDR", 4},
                                                             {"SO_EXCLUSIVEADDRUSE", ~4},
                                                             {"SO_RCVTIMEO", 0x1006},
                                                             {"SO_SNDTIMEO", 0x1005},
                                                             {"SO_ERROR", 0x1007}};

StepBody parse_setsockopt(const Value& map, const StepContext&) {
  return OptionStep{socket_of(map), map.required("option").one_of("a socket option", kOptions),
                    static_cast<std::uint32_t>(map.required("value").number("the option's value", 0, 0xFFFFFFFF)),
                    false};
}

StepBody parse_getsockopt(const Value& map, const StepContext&) {
  return OptionStep{socket_of(map), map.required("option").one_of("a socket option", kOptions),
                    static_cast<std::uint32_t>(map.required("expect").number("the option's value", 0, 0xFFFFFFFF)),
                    true};
}

const std::vector<std::pair<std::string_view, Parser>> kCalls{
    {"socket", parse_socket},
    {"bind", parse_bind},
    {"listen", parse_listen},
    {"accept", parse_accept},
    {"connect", parse_connect},
    {"send", parse_send},
    {"sendto", parse_sendto},
    {"recv", parse_recv},
    {"recvfrom", parse_recvfrom},
    {"shutdown", parse_shutdown},
    {"closesocket", parse_close},
    {"WSASetSocketSecurity", parse_set_security},
    {"WSASetSocketPeerTargetName", parse_set_name},
    {"WSADeleteSocketPeerTargetName", parse_delete_name},
    {"WSAQuerySocketSecurity", parse_query},
    {"WSAImpersonateSocketPeer", parse_impersonate},
    {"WSARevertImpersonation", parse_revert},
    {"setsockopt", parse_setsockopt},
    {"getsockopt", parse_getsockopt},
};

std::optional<StepBody> parse_lab_step(const Value& value) {
  if (const auto span = value.optional("sleep")) return SleepStep{span->duration("how long to sleep")};
  if (const auto name = value.optional("signal")) return SignalStep{name->text("the name of a signal")};
  if (const auto name = value.optional("wait")) return WaitStep{name->text("the name of a signal")};
  return std::nullopt;
}

std::string known_calls() {
  std::string names;
  for (const auto& [name, parser] : kCalls) names += std::string(name) + ", ";
  return names + "sleep, signal, wait";
}

/// The first words of a step as people read it: the call and what it is called on.
std::string describe(const std::string& call, const Value& arguments) {
  std::string text = call;
  if (!arguments.is_map())
    return arguments.is_scalar() && !arguments.is_null() ? text + ' ' + arguments.text("a name") : text;
  for (const char* key : {"as", "socket", "to", "address", "peer", "name"}) {
    const auto value = arguments.optional(key);
    if (value && value->is_scalar()) text += ' ' + value->text(key);
  }
  return text;
}

}  // namespace

Step parse_step(const Value& value, const StepContext& context) {
  if (!value.is_map()) value.fail("expected a step like 'connect: {socket: s, to: \"10.0.0.2:27015\"}'");
  Step step;
  step.position = value.position();
  const auto error = value.optional("fails");
  if (error) step.outcome = Outcome{true, error->one_of<std::uint32_t>("a WSA error", winsock_errors())};
  if (value.size() != (error ? 2U : 1U)) value.fail("expected one call, with 'fails' beside it at most");
  if (const auto lab_step = parse_lab_step(value)) {
    if (error) value.fail("only calls have 'fails'");
    step.body = *lab_step;
    step.text = std::holds_alternative<SleepStep>(*lab_step)  ? "sleep"
                : std::holds_alternative<WaitStep>(*lab_step) ? "wait"
                                                              : "signal";
    value.done();
    return step;
  }
  for (const auto& [name, parser] : kCalls) {
    const auto arguments = value.optional(name);
    if (!arguments) continue;
    step.body = parser(*arguments, context);
    if (arguments->is_map()) arguments->done();
    step.text = describe(std::string(name), *arguments);
    return step;
  }
  value.fail("expected the name of a call: " + known_calls());
}

}  // namespace ssx::lab
