// api/src/winsock.cc: Winsock calls of a TCP or UDP client and server. Each validates, converts, posts one call, maps
// the result. Source: Winsock reference pages; api-contract.md 6.
#include "winsock2.h"

#include <algorithm>
#include <cstring>

#include "api/src/edge.h"
#include "api/src/error_map.h"
#include "model/base/overloaded.h"

namespace ssx::api {
namespace {

constexpr WORD kWinsockVersion = MAKEWORD(2, 2);

int fail_with(host::SocketError error, const OpenSocket& socket) {
  return fail(wsa_code(error, socket.config().behaviour));
}

/// For calls whose result is only success or failure.
int finish(const CallOutcome& outcome, const OpenSocket& socket) {
  return outcome ? 0 : fail_with(outcome.error(), socket);
}

SOCKET invalid(ErrorCode code) {
  set_last_error(code);
  return INVALID_SOCKET;
}

/// The family and type of a new socket, or why there is no such socket.
expected<host::CreateSocket, ErrorCode> socket_kind(int family, int type, int protocol) {
  if (family != AF_INET && family != AF_INET6) return unexpected<ErrorCode>(WSAEAFNOSUPPORT);
  if (type != SOCK_STREAM && type != SOCK_DGRAM) return unexpected<ErrorCode>(WSAESOCKTNOSUPPORT);
  const int own_protocol = type == SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP;
  if (protocol != 0 && protocol != own_protocol) {
    const bool known = protocol == IPPROTO_TCP || protocol == IPPROTO_UDP;
    return unexpected<ErrorCode>(known ? WSAEPROTOTYPE : WSAEPROTONOSUPPORT);
  }
  return host::CreateSocket{family == AF_INET ? IpVersion::kV4 : IpVersion::kV6,
                            type == SOCK_STREAM ? host::SocketType::kStream : host::SocketType::kDatagram};
}

SOCKET create(int family, int type, int protocol, bool overlapped) {
  const auto process = started_process();
  if (!process) return invalid(process.error());
  const auto kind = socket_kind(family, type, protocol);
  if (!kind) return invalid(kind.error());
  SocketEntry entry;
  entry.version = kind->version;
  entry.type = kind->type;
  entry.overlapped = overlapped;
  const OpenSocket maker{**process, 0, entry};
  const auto outcome = maker.perform(*kind);
  if (!outcome) return invalid(wsa_code(outcome.error(), maker.config().behaviour));
  entry.socket = std::get<SocketId>(*outcome);
  return (*process)->handles().add(entry);
}

/// A caller's buffer as octets; null with a length is WSAEFAULT, a negative length WSAEINVAL.
expected<Octets, ErrorCode> input(const char* buffer, int length) {
  if (length < 0) return unexpected<ErrorCode>(WSAEINVAL);
  if (buffer == nullptr && length != 0) return unexpected<ErrorCode>(WSAEFAULT);
  return std::as_bytes(std::span(buffer, static_cast<std::size_t>(length)));
}

int copy_out(const host::Received& received, char* buffer) {
  if (!received.octets.empty()) std::memcpy(buffer, received.octets.data(), received.octets.size());
  return static_cast<int>(received.octets.size());
}

std::optional<host::SocketOption> known_option(int name) {
  switch (name) {
    case SO_REUSEADDR: return host::SocketOption::kReuseAddress;
    case SO_EXCLUSIVEADDRUSE: return host::SocketOption::kExclusiveAddressUse;
    case SO_ERROR: return host::SocketOption::kError;
    case SO_TYPE: return host::SocketOption::kType;
    default: return std::nullopt;
  }
}

/// Timeouts live at the edge: the host is given deadlines.
std::uint32_t* timeout_of(SocketEntry& entry, int name) {
  if (name == SO_RCVTIMEO) return &entry.receive_timeout_milliseconds;
  if (name == SO_SNDTIMEO) return &entry.send_timeout_milliseconds;
  return nullptr;
}

}  // namespace
}  // namespace ssx::api

using namespace ssx;       // NOLINT: this file is the C edge
using namespace ssx::api;  // NOLINT

extern "C" {

DWORD WINAPI GetLastError(void) { return last_error(); }
VOID WINAPI SetLastError(DWORD dwErrCode) { set_last_error(dwErrCode); }
int WSAAPI WSAGetLastError(void) { return static_cast<int>(last_error()); }
VOID WSAAPI WSASetLastError(int iError) { set_last_error(static_cast<ErrorCode>(iError)); }

BOOL WINAPI CloseHandle(HANDLE hObject) {
  Process* process = current_process();
  const auto handle = reinterpret_cast<std::uintptr_t>(hObject);
  if (process != nullptr && process->handles().find_as<TokenEntry>(handle) && process->handles().remove(handle))
    return TRUE;
  set_last_error(WSA_INVALID_HANDLE);
  return FALSE;
}

int WSAAPI WSAStartup(WORD wVersionRequested, LPWSADATA lpWSAData) {
  // The error is the return value: there is no last error before a successful start.
  Process* process = current_process();
  if (process == nullptr) return WSASYSCALLFAILURE;
  if (LOBYTE(wVersionRequested) < 1) return WSAVERNOTSUPPORTED;
  if (lpWSAData == nullptr) return WSAEFAULT;
  *lpWSAData = WSADATA{};
  lpWSAData->wVersion = std::min(wVersionRequested, kWinsockVersion);
  lpWSAData->wHighVersion = kWinsockVersion;
  std::strncpy(lpWSAData->szDescription, "ssx WinSock 2.0", WSADESCRIPTION_LEN);
  std::strncpy(lpWSAData->szSystemStatus, "Running", WSASYS_STATUS_LEN);
  process->start_up();
  return 0;
}

int WSAAPI WSACleanup(void) {
  const auto process = started_process();
  if (!process) return fail(process.error());
  (*process)->clean_up();
  return 0;
}

SOCKET WSAAPI socket(int af, int type, int protocol) { return create(af, type, protocol, true); }

SOCKET WSAAPI WSASocketW(int af, int type, int protocol, void* lpProtocolInfo, DWORD, DWORD dwFlags) {
  if (lpProtocolInfo != nullptr) return invalid(WSAEINVAL);  // sockets of another process are not modelled
  return create(af, type, protocol, (dwFlags & WSA_FLAG_OVERLAPPED) != 0);
}

int WSAAPI closesocket(SOCKET s) {
  const auto socket = open_socket(s);
  if (!socket) return fail(socket.error());
  // The handle goes first: of two threads that close it only one gets here.
  if (!socket->process.handles().remove(s)) return fail(WSAENOTSOCK);
  return finish(socket->perform(host::Close{}), *socket);
}

int WSAAPI bind(SOCKET s, const struct sockaddr* name, int namelen) {
  const auto socket = open_socket(s);
  if (!socket) return fail(socket.error());
  const auto address = read_address(name, namelen, socket->entry.version);
  if (!address) return fail(address.error());
  return finish(socket->perform(host::Bind{*address}), *socket);
}

int WSAAPI listen(SOCKET s, int backlog) {
  const auto socket = open_socket(s);
  if (!socket) return fail(socket.error());
  return finish(socket->perform(host::Listen{static_cast<std::uint32_t>(std::max(backlog, 1))}), *socket);
}

SOCKET WSAAPI accept(SOCKET s, struct sockaddr* addr, int* addrlen) {
  const auto socket = open_socket(s);
  if (!socket) return invalid(socket.error());
  if (addr != nullptr && addrlen == nullptr) return invalid(WSAEFAULT);
  const auto outcome = socket->perform(host::Accept{});
  if (!outcome) return invalid(wsa_code(outcome.error(), socket->config().behaviour));
  const auto& accepted = std::get<host::Accepted>(*outcome);
  SocketEntry entry = socket->entry;  // accepted sockets have the listener's properties
  entry.socket = accepted.socket;
  const SOCKET handle = socket->process.handles().add(entry);
  if (addr != nullptr) {
    const auto written = write_address(accepted.peer, addr, addrlen);
    if (!written) {
      closesocket(handle);
      return invalid(written.error());
    }
  }
  return handle;
}

int WSAAPI connect(SOCKET s, const struct sockaddr* name, int namelen) {
  const auto socket = open_socket(s);
  if (!socket) return fail(socket.error());
  const auto address = read_address(name, namelen, socket->entry.version);
  if (!address) return fail(address.error());
  return finish(socket->perform(host::Connect{*address}), *socket);
}

int WSAAPI shutdown(SOCKET s, int how) {
  const auto socket = open_socket(s);
  if (!socket) return fail(socket.error());
  if (how < SD_RECEIVE || how > SD_BOTH) return fail(WSAEINVAL);
  return finish(socket->perform(host::Shutdown{static_cast<host::ShutdownHow>(how)}), *socket);
}

int WSAAPI send(SOCKET s, const char* buf, int len, int flags) {
  const auto socket = open_socket(s);
  if (!socket) return fail(socket.error());
  const auto octets = input(buf, len);
  if (!octets) return fail(octets.error());
  if (flags != 0) return fail(WSAEOPNOTSUPP);  // no out-of-band data
  const auto outcome = socket->perform(host::Send{to_vector(*octets)}, socket->entry.send_timeout_milliseconds);
  if (!outcome) return fail_with(outcome.error(), *socket);
  return static_cast<int>(std::get<std::size_t>(*outcome));
}

int WSAAPI sendto(SOCKET s, const char* buf, int len, int flags, const struct sockaddr* to, int tolen) {
  const auto socket = open_socket(s);
  if (!socket) return fail(socket.error());
  if (to == nullptr || socket->entry.type == host::SocketType::kStream) return send(s, buf, len, flags);
  const auto octets = input(buf, len);
  if (!octets) return fail(octets.error());
  const auto address = read_address(to, tolen, socket->entry.version);
  if (!address) return fail(address.error());
  if (flags != 0) return fail(WSAEOPNOTSUPP);
  const auto outcome =
      socket->perform(host::SendTo{*address, to_vector(*octets)}, socket->entry.send_timeout_milliseconds);
  if (!outcome) return fail_with(outcome.error(), *socket);
  return static_cast<int>(std::get<std::size_t>(*outcome));
}

int WSAAPI recv(SOCKET s, char* buf, int len, int flags) { return recvfrom(s, buf, len, flags, nullptr, nullptr); }

int WSAAPI recvfrom(SOCKET s, char* buf, int len, int flags, struct sockaddr* from, int* fromlen) {
  const auto socket = open_socket(s);
  if (!socket) return fail(socket.error());
  const auto room = input(buf, len);
  if (!room) return fail(room.error());
  if ((flags & ~(MSG_PEEK | MSG_WAITALL)) != 0) return fail(WSAEOPNOTSUPP);
  const bool peek = (flags & MSG_PEEK) != 0;
  const bool stream = socket->entry.type == host::SocketType::kStream;
  host::CallBody body = host::ReceiveFrom{room->size(), peek};
  if (stream) body = host::Receive{room->size(), peek, (flags & MSG_WAITALL) != 0};
  const auto outcome = socket->perform(std::move(body), socket->entry.receive_timeout_milliseconds);
  if (!outcome) return fail_with(outcome.error(), *socket);
  const auto& received = std::get<host::Received>(*outcome);
  const int count = copy_out(received, buf);
  if (!stream) {
    const auto written = write_address(received.from, from, fromlen);
    if (!written) return fail(written.error());
  }
  return received.truncated ? fail(WSAEMSGSIZE) : count;  // the buffer holds what fitted, the rest is lost
}

int WSAAPI getsockname(SOCKET s, struct sockaddr* name, int* namelen) {
  const auto socket = open_socket(s);
  if (!socket) return fail(socket.error());
  if (name == nullptr || namelen == nullptr) return fail(WSAEFAULT);
  const auto outcome = socket->perform(host::GetSocketName{});
  if (!outcome) return fail_with(outcome.error(), *socket);
  const auto written = write_address(std::get<TransportAddress>(*outcome), name, namelen);
  return written ? 0 : fail(written.error());
}

int WSAAPI getpeername(SOCKET s, struct sockaddr* name, int* namelen) {
  const auto socket = open_socket(s);
  if (!socket) return fail(socket.error());
  if (name == nullptr || namelen == nullptr) return fail(WSAEFAULT);
  const auto outcome = socket->perform(host::GetPeerName{});
  if (!outcome) return fail_with(outcome.error(), *socket);
  const auto written = write_address(std::get<TransportAddress>(*outcome), name, namelen);
  return written ? 0 : fail(written.error());
}

int WSAAPI setsockopt(SOCKET s, int level, int optname, const char* optval, int optlen) {
  auto socket = open_socket(s);
  if (!socket) return fail(socket.error());
  if (level != SOL_SOCKET) return fail(WSAENOPROTOOPT);
  if (optval == nullptr || optlen < static_cast<int>(sizeof(DWORD))) return fail(WSAEFAULT);
  DWORD value = 0;
  std::memcpy(&value, optval, sizeof value);
  if (std::uint32_t* timeout = timeout_of(socket->entry, optname)) {
    *timeout = value;
    return socket->process.handles().replace(s, socket->entry) ? 0 : fail(WSAENOTSOCK);
  }
  const auto option = known_option(optname);
  if (!option || *option == host::SocketOption::kError || *option == host::SocketOption::kType)
    return fail(WSAENOPROTOOPT);
  return finish(socket->perform(host::SetOption{*option, value}), *socket);
}

int WSAAPI getsockopt(SOCKET s, int level, int optname, char* optval, int* optlen) {
  auto socket = open_socket(s);
  if (!socket) return fail(socket.error());
  if (level != SOL_SOCKET) return fail(WSAENOPROTOOPT);
  if (optval == nullptr || optlen == nullptr || *optlen < static_cast<int>(sizeof(DWORD))) return fail(WSAEFAULT);
  DWORD value = 0;
  if (const std::uint32_t* timeout = timeout_of(socket->entry, optname)) {
    value = *timeout;
  } else {
    const auto option = known_option(optname);
    if (!option) return fail(WSAENOPROTOOPT);
    const auto outcome = socket->perform(host::GetOption{*option});
    if (!outcome) return fail_with(outcome.error(), *socket);
    value = std::get<std::uint32_t>(*outcome);
    // SO_ERROR comes as the reason's number plus one, 0 for none.
    if (*option == host::SocketOption::kError && value != 0) {
      value = wsa_code(static_cast<host::SocketError>(value - 1), socket->config().behaviour);
    }
  }
  std::memcpy(optval, &value, sizeof value);
  *optlen = static_cast<int>(sizeof value);
  return 0;
}

int WSAAPI ioctlsocket(SOCKET s, LONG cmd, u_long* argp) {
  auto socket = open_socket(s);
  if (!socket) return fail(socket.error());
  if (argp == nullptr) return fail(WSAEFAULT);
  if (cmd != FIONBIO) return fail(WSAEINVAL);
  socket->entry.non_blocking = *argp != 0;
  return socket->process.handles().replace(s, socket->entry) ? 0 : fail(WSAENOTSOCK);
}

USHORT WSAAPI htons(USHORT hostshort) { return static_cast<USHORT>(hostshort << 8 | hostshort >> 8); }
USHORT WSAAPI ntohs(USHORT netshort) { return htons(netshort); }
ULONG WSAAPI htonl(ULONG hostlong) { return __builtin_bswap32(hostlong); }
ULONG WSAAPI ntohl(ULONG netlong) { return htonl(netlong); }

}  // extern "C"
