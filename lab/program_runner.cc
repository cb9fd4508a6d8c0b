#include "lab/program_runner.h"

#include <algorithm>
#include <cstring>
#include <map>

#include "lab/constants.h"
#include "lab/wide_text.h"
#include "model/base/overloaded.h"
#include "winsock2.h"

#include "mstcpip.h"

#include "ws2tcpip.h"

namespace ssx::lab {
namespace {

/// What a step came to: what is printed, and what is wrong with it.
struct StepEnd {
  std::string result;
  std::string complaint;
};

sockaddr_storage to_sockaddr(const TransportAddress& address, int& length) {
  sockaddr_storage storage{};
  if (address.address.is_v4()) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(address.port);
    std::memcpy(&v4.sin_addr, address.address.octets().data(), 4);
    std::memcpy(&storage, &v4, sizeof v4);
    length = sizeof v4;
  } else {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(address.port);
    std::memcpy(&v6.sin6_addr, address.address.octets().data(), 16);
    std::memcpy(&storage, &v6, sizeof v6);
    length = sizeof v6;
  }
  return storage;
}

TransportAddress from_sockaddr(const sockaddr_storage& storage) {
  if (storage.ss_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &storage, sizeof v4);
    return {IpAddress::v4(ntohl(v4.sin_addr.s_addr)), ntohs(v4.sin_port)};
  }
  sockaddr_in6 v6{};
  std::memcpy(&v6, &storage, sizeof v6);
  return {*IpAddress::from_octets(std::as_bytes(std::span(v6.sin6_addr.s6_addr))), ntohs(v6.sin6_port)};
}

const sockaddr* generic(const sockaddr_storage& storage) { return reinterpret_cast<const sockaddr*>(&storage); }
sockaddr* generic(sockaddr_storage& storage) { return reinterpret_cast<sockaddr*>(&storage); }

std::string excerpt(Octets octets) {
  constexpr std::size_t kShown = 40;
  const std::string text = to_text(octets.first(std::min(octets.size(), kShown)));
  const bool printable = std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
  const std::string shown =
      printable ? "'" + text + "'" : to_hex(octets.first(std::min<std::size_t>(octets.size(), 20)));
  return shown + (octets.size() > kShown ? "…" : "") + " (" + std::to_string(octets.size()) + " octets)";
}

GUID to_windows(const Guid& guid) {
  GUID out{guid.data1, guid.data2, guid.data3, {}};
  std::ranges::copy(guid.data4, out.Data4);
  return out;
}

/// The steps of one program, by kind. Each on() makes the call and gives {return value, result text, complaint}.
class Runner {
 public:
  Runner(api::Process& process, SignalBoard& signals) : process_(process), signals_(signals) {}
  ~Runner() {
    for (const auto& [name, socket] : sockets_) closesocket(socket);
  }

  StepEnd run(const Step& step) {
    return std::visit([&](const auto& body) { return on(body, step.outcome); }, step.body);
  }

 private:
  /// Compares a call's success with what the scenario wants.
  StepEnd judge(bool succeeded, const std::string& result, const Outcome& wanted) const {
    if (succeeded) {
      if (!wanted.fails) return {result, ""};
      return {result, "expected it to fail with " + error_name(wanted.error) + ", but it succeeded"};
    }
    const auto error = static_cast<std::uint32_t>(WSAGetLastError());
    const std::string failed = "SOCKET_ERROR " + error_name(error);
    if (wanted.fails && wanted.error == error) return {failed, ""};
    if (wanted.fails) return {failed, "expected " + error_name(wanted.error) + ", found " + error_name(error)};
    return {failed, "expected success, found " + error_name(error)};
  }
  StepEnd judge(int returned, const Outcome& wanted) const { return judge(returned != SOCKET_ERROR, "0", wanted); }

  /// Unknown names become INVALID_SOCKET: the call then says WSAENOTSOCK, as for a program that forgot to open it.
  SOCKET find(const std::string& name) const {
    const auto found = sockets_.find(name);
    return found == sockets_.end() ? INVALID_SOCKET : found->second;
  }

  StepEnd on(const SocketStep& step, const Outcome& wanted) {
    const SOCKET made =
        ::socket(step.v6 ? AF_INET6 : AF_INET, step.type == host::SocketType::kStream ? SOCK_STREAM : SOCK_DGRAM, 0);
    if (made != INVALID_SOCKET) sockets_[step.as] = made;
    return judge(made != INVALID_SOCKET, "a socket", wanted);
  }
  StepEnd on(const BindStep& step, const Outcome& wanted) {
    int length = 0;
    const sockaddr_storage address = to_sockaddr(step.address, length);
    return judge(::bind(find(step.socket), generic(address), length), wanted);
  }
  StepEnd on(const ListenStep& step, const Outcome& wanted) {
    return judge(::listen(find(step.socket), step.backlog), wanted);
  }

  StepEnd on(const AcceptStep& step, const Outcome& wanted) {
    sockaddr_storage peer{};
    int length = sizeof peer;
    const SOCKET made = step.within ? accept_within(find(step.socket), *step.within, generic(peer), &length)
                                    : ::accept(find(step.socket), generic(peer), &length);
    if (made == INVALID_SOCKET) return judge(false, "", wanted);
    sockets_[step.as.empty() ? step.socket + " connection" : step.as] = made;
    return judge(true, "a connection from " + to_string(from_sockaddr(peer)), wanted);
  }
  /// A non-blocking accept again and again; WSAEWOULDBLOCK is the last error when nobody has come in time.
  SOCKET accept_within(SOCKET listener, Duration span, sockaddr* peer, int* length) {
    u_long non_blocking = 1;
    ::ioctlsocket(listener, FIONBIO, &non_blocking);
    const Instant give_up = process_.driver().now() + span;
    SOCKET made = ::accept(listener, peer, length);
    while (made == INVALID_SOCKET && WSAGetLastError() == WSAEWOULDBLOCK && process_.driver().now() < give_up) {
      process_.driver().sleep_until(process_.driver().now() + std::chrono::milliseconds(100));
      made = ::accept(listener, peer, length);
    }
    non_blocking = 0;
    ::ioctlsocket(listener, FIONBIO, &non_blocking);
    if (made != INVALID_SOCKET) ::ioctlsocket(made, FIONBIO, &non_blocking);  // it had taken over the listener's mode
    return made;
  }

  StepEnd on(const ConnectStep& step, const Outcome& wanted) {
    int length = 0;
    const sockaddr_storage peer = to_sockaddr(step.peer, length);
    return judge(::connect(find(step.socket), generic(peer), length), wanted);
  }

  StepEnd on(const SendStep& step, const Outcome& wanted) {
    const auto* data = reinterpret_cast<const char*>(step.data.data());
    const int size = static_cast<int>(step.data.size());
    int sent = 0;
    if (step.to) {
      int length = 0;
      const sockaddr_storage peer = to_sockaddr(*step.to, length);
      sent = ::sendto(find(step.socket), data, size, 0, generic(peer), length);
    } else {
      sent = ::send(find(step.socket), data, size, 0);
    }
    if (sent >= 0 && sent != size)
      return {std::to_string(sent) + " octets", "expected all " + std::to_string(size) + " to be sent"};
    return judge(sent != SOCKET_ERROR, std::to_string(sent) + " octets", wanted);
  }

  void set_timeout(const std::string& socket, Duration span) {
    const auto value = static_cast<DWORD>(std::chrono::duration_cast<std::chrono::milliseconds>(span).count());
    ::setsockopt(find(socket), SOL_SOCKET, SO_RCVTIMEO, reinterpret_cast<const char*>(&value), sizeof value);
  }

  StepEnd on(const ReceiveStep& step, const Outcome& wanted) {
    if (step.timeout) set_timeout(step.socket, *step.timeout);
    const StepEnd end = step.datagram ? receive_datagram(step, wanted) : receive_stream(step, wanted);
    if (step.timeout) set_timeout(step.socket, Duration{0});
    return end;
  }

  StepEnd receive_datagram(const ReceiveStep& step, const Outcome& wanted) {
    OctetVector buffer(65'536);
    sockaddr_storage from{};
    int length = sizeof from;
    const int count = ::recvfrom(find(step.socket), reinterpret_cast<char*>(buffer.data()),
                                 static_cast<int>(buffer.size()), 0, generic(from), &length);
    if (count == SOCKET_ERROR) return judge(false, "", wanted);
    buffer.resize(static_cast<std::size_t>(count));
    const TransportAddress sender = from_sockaddr(from);
    if (step.sender_as) senders_[*step.sender_as] = sender;
    if (step.from && sender != *step.from) {
      return {excerpt(buffer), "expected it from " + to_string(*step.from) + ", it came from " + to_string(sender)};
    }
    return compare(step, buffer, wanted);
  }

  /// recv until as many octets are there as the step wants, or one recv if it wants none in particular.
  StepEnd receive_stream(const ReceiveStep& step, const Outcome& wanted) {
    const std::size_t wished = step.expected ? step.expected->size() : step.octets;
    OctetVector all;
    OctetVector buffer(65'536);
    do {
      const std::size_t room = wished == 0 ? buffer.size() : std::min(buffer.size(), wished - all.size());
      const int count = ::recv(find(step.socket), reinterpret_cast<char*>(buffer.data()), static_cast<int>(room), 0);
      if (count == SOCKET_ERROR) return judge(false, "", wanted);
      append(all, Octets(buffer).first(static_cast<std::size_t>(count)));
      if (count == 0) {
        if (step.end_of_stream && all.empty()) return judge(true, "the end of the stream", wanted);
        return {excerpt(all), "the stream ended early"};
      }
    } while (all.size() < wished);
    if (step.end_of_stream) return {excerpt(all), "expected the end of the stream"};
    return compare(step, all, wanted);
  }

  StepEnd compare(const ReceiveStep& step, Octets received, const Outcome& wanted) const {
    if (step.expected && !equal(received, *step.expected)) {
      return {excerpt(received), "expected " + excerpt(*step.expected) + ", found " + excerpt(received)};
    }
    return judge(true, excerpt(received), wanted);
  }

  StepEnd on(const ShutdownStep& step, const Outcome& wanted) {
    return judge(::shutdown(find(step.socket), step.how), wanted);
  }
  StepEnd on(const CloseStep& step, const Outcome& wanted) {
    const SOCKET socket = find(step.socket);
    sockets_.erase(step.socket);
    return judge(::closesocket(socket), wanted);
  }

  StepEnd on(const SetSecurityStep& step, const Outcome& wanted) {
    const SOCKET socket = find(step.socket);
    if (step.null_settings) return judge(::WSASetSocketSecurity(socket, nullptr, 0, nullptr, nullptr), wanted);
    SOCKET_SECURITY_SETTINGS_IPSEC settings{};
    settings.SecurityProtocol = static_cast<SOCKET_SECURITY_PROTOCOL>(step.protocol);
    settings.SecurityFlags = step.security_flags;
    settings.IpsecFlags = step.ipsec_flags;
    settings.AuthipMMPolicyKey = to_windows(step.main_mode_policy);
    settings.AuthipQMPolicyKey = to_windows(step.quick_mode_policy);
    const auto* generic_settings = reinterpret_cast<const SOCKET_SECURITY_SETTINGS*>(&settings);
    const ULONG length = step.ipsec_structure ? sizeof settings : sizeof(SOCKET_SECURITY_SETTINGS);
    return judge(::WSASetSocketSecurity(socket, generic_settings, length, nullptr, nullptr), wanted);
  }

  /// An unknown remembered name gives the unspecified address; the call then refuses it.
  TransportAddress resolve(const PeerName& peer) const {
    if (const auto* address = std::get_if<TransportAddress>(&peer)) return *address;
    const auto found = senders_.find(std::get<std::string>(peer));
    return found == senders_.end() ? TransportAddress{} : found->second;
  }

  StepEnd on(const SetPeerNameStep& step, const Outcome& wanted) {
    const std::u16string name = to_utf16(step.name);
    std::vector<std::byte> buffer(sizeof(SOCKET_PEER_TARGET_NAME) + name.size() * 2);
    SOCKET_PEER_TARGET_NAME target{};
    int length = 0;
    if (step.peer) target.PeerAddress = to_sockaddr(resolve(*step.peer), length);
    target.PeerTargetNameStringLen = static_cast<ULONG>(name.size() * 2);
    std::memcpy(buffer.data(), &target, sizeof target);
    std::memcpy(buffer.data() + offsetof(SOCKET_PEER_TARGET_NAME, AllStrings), name.data(), name.size() * 2);
    const auto* given = reinterpret_cast<const SOCKET_PEER_TARGET_NAME*>(buffer.data());
    return judge(
        ::WSASetSocketPeerTargetName(find(step.socket), given, static_cast<ULONG>(buffer.size()), nullptr, nullptr),
        wanted);
  }
  StepEnd on(const DeletePeerNameStep& step, const Outcome& wanted) {
    int length = 0;
    const sockaddr_storage peer = to_sockaddr(resolve(step.peer), length);
    return judge(
        ::WSADeleteSocketPeerTargetName(find(step.socket), generic(peer), static_cast<ULONG>(length), nullptr, nullptr),
        wanted);
  }

  StepEnd on(const QueryStep& step, const Outcome& wanted) {
    const Instant give_up = process_.driver().now() + step.within.value_or(Duration{0});
    for (;;) {
      const StepEnd end = query_once(step, wanted);
      if (end.complaint.empty() || process_.driver().now() >= give_up) return end;
      process_.driver().sleep_until(process_.driver().now() + std::chrono::milliseconds(100));
    }
  }

  StepEnd query_once(const QueryStep& step, const Outcome& wanted) {
    SOCKET_SECURITY_QUERY_TEMPLATE_IPSEC2 question{};
    question.SecurityProtocol = SOCKET_SECURITY_PROTOCOL_IPSEC2;
    int length = 0;
    if (step.peer) question.PeerAddress = to_sockaddr(resolve(*step.peer), length);
    question.PeerTokenAccessMask = TOKEN_QUERY;
    question.FieldMask = SOCKET_QUERY_IPSEC2_FIELD_MASK_MM_SA_ID | SOCKET_QUERY_IPSEC2_FIELD_MASK_QM_SA_ID;
    SOCKET_SECURITY_QUERY_INFO_IPSEC2 info{};
    ULONG size = sizeof info;
    const int returned = ::WSAQuerySocketSecurity(
        find(step.socket), reinterpret_cast<const SOCKET_SECURITY_QUERY_TEMPLATE*>(&question), sizeof question,
        reinterpret_cast<SOCKET_SECURITY_QUERY_INFO*>(&info), &size, nullptr, nullptr);
    if (returned == SOCKET_ERROR) return judge(returned, wanted);
    const std::string machine = account_of(info.PeerMachineAccessTokenHandle);
    const std::string application = account_of(info.PeerApplicationAccessTokenHandle);
    StepEnd end = judge(true, describe(info, machine, application), wanted);
    if (step.flags && info.Flags != *step.flags)
      end.complaint = "expected flags " + flag_text(*step.flags) + ", found " + flag_text(info.Flags);
    if (step.machine && machine != *step.machine)
      end.complaint = "expected machine '" + *step.machine + "', found '" + machine + "'";
    if (step.application && application != *step.application) {
      end.complaint = "expected application '" + *step.application + "', found '" + application + "'";
    }
    if (step.negotiation_error && info.NegotiationWinerr != *step.negotiation_error) {
      end.complaint = "expected NegotiationWinerr " + error_name(*step.negotiation_error) + ", found " +
                      error_name(info.NegotiationWinerr);
    }
    return end;
  }

  /// The account of a token handle, which is closed; empty for 0.
  std::string account_of(UINT64 handle) {
    if (handle == 0) return "";
    const auto entry = process_.handles().find_as<api::TokenEntry>(handle);
    CloseHandle(reinterpret_cast<HANDLE>(static_cast<std::uintptr_t>(handle)));
    return entry ? identity::principal_name(entry->token->principal) : "a stale handle";
  }

  static std::string flag_text(std::uint32_t flags) {
    if (flags == 0) return "0";
    std::string text;
    const auto add = [&](std::uint32_t bit, const char* name) {
      if ((flags & bit) != 0) text += (text.empty() ? "" : "|") + std::string(name);
    };
    add(SOCKET_INFO_CONNECTION_SECURED, "SECURED");
    add(SOCKET_INFO_CONNECTION_ENCRYPTED, "ENCRYPTED");
    add(SOCKET_INFO_CONNECTION_IMPERSONATED, "IMPERSONATED");
    return text;
  }
  static std::string describe(const SOCKET_SECURITY_QUERY_INFO_IPSEC2& info, const std::string& machine,
                              const std::string& application) {
    std::string text = "flags " + flag_text(info.Flags);
    if (!machine.empty()) text += ", machine " + machine;
    if (!application.empty()) text += ", application " + application;
    if (info.NegotiationWinerr != 0) text += ", " + error_name(info.NegotiationWinerr);
    return text;
  }

  StepEnd on(const ImpersonateStep& step, const Outcome& wanted) {
    int length = 0;
    sockaddr_storage peer{};
    if (step.peer) peer = to_sockaddr(resolve(*step.peer), length);
    const int returned =
        ::WSAImpersonateSocketPeer(find(step.socket), step.peer ? generic(peer) : nullptr, static_cast<ULONG>(length));
    const identity::AccessToken* token = api::thread_token();
    const std::string account = token != nullptr ? identity::principal_name(token->principal) : "";
    StepEnd end = judge(returned != SOCKET_ERROR, "as " + account, wanted);
    if (returned != SOCKET_ERROR && step.account && account != *step.account) {
      end.complaint = "expected to be " + *step.account + ", the thread is " + account;
    }
    return end;
  }
  StepEnd on(const RevertStep&, const Outcome& wanted) { return judge(::WSARevertImpersonation(), wanted); }

  StepEnd on(const OptionStep& step, const Outcome& wanted) {
    DWORD value = step.value;
    if (!step.get) {
      return judge(
          ::setsockopt(find(step.socket), SOL_SOCKET, step.name, reinterpret_cast<const char*>(&value), sizeof value),
          wanted);
    }
    int length = sizeof value;
    const int returned =
        ::getsockopt(find(step.socket), SOL_SOCKET, step.name, reinterpret_cast<char*>(&value), &length);
    StepEnd end = judge(returned != SOCKET_ERROR, std::to_string(value), wanted);
    if (returned != SOCKET_ERROR && value != step.value) {
      end.complaint = "expected " + std::to_string(step.value) + ", found " + std::to_string(value);
    }
    return end;
  }

  StepEnd on(const SleepStep& step, const Outcome&) {
    process_.driver().sleep_until(process_.driver().now() + step.span);
    return {"", ""};
  }
  StepEnd on(const SignalStep& step, const Outcome&) {
    signals_.raise(step.name);
    return {step.name, ""};
  }
  StepEnd on(const WaitStep& step, const Outcome&) {
    const bool came =
        process_.driver().wait_until([&] { return signals_.is_raised(step.name); }, "signal " + step.name);
    return {step.name, came ? "" : "the signal never came"};
  }

  api::Process& process_;
  SignalBoard& signals_;
  std::map<std::string, SOCKET> sockets_;
  std::map<std::string, TransportAddress> senders_;
};

}  // namespace

void run_program(const Program& program, api::Process& process, SignalBoard& signals,
                 const std::function<void(StepRecord)>& finished) {
  api::bind_thread(&process);
  WSADATA data{};
  WSAStartup(MAKEWORD(2, 2), &data);
  {
    Runner runner(process, signals);
    for (const Step& step : program.steps) {
      StepRecord record{process.driver().now(), {}, program.name, program.host, step.text, "", "", step.position};
      const StepEnd end = runner.run(step);
      record.ended = process.driver().now();
      record.result = end.result;
      record.complaint = end.complaint;
      const bool failed = !end.complaint.empty();
      finished(std::move(record));
      if (failed) break;
    }
  }
  WSARevertImpersonation();
  WSACleanup();
  api::bind_thread(nullptr);
}

}  // namespace ssx::lab
