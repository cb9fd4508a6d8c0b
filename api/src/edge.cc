#include "api/src/edge.h"

#include <cstring>

#include "winsock2.h"
#include "ws2tcpip.h"

namespace ssx::api {
namespace {

sockaddr_in to_v4(const TransportAddress& address) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_port = htons(address.port);
  std::memcpy(&out.sin_addr, address.address.octets().data(), 4);
  return out;
}

sockaddr_in6 to_v6(const TransportAddress& address) {
  sockaddr_in6 out{};
  out.sin6_family = AF_INET6;
  out.sin6_port = htons(address.port);
  std::memcpy(&out.sin6_addr, address.address.octets().data(), 16);
  return out;
}

/// Copies `value` out if there is room for it.
template <class T>
expected<void, ErrorCode> write_out(const T& value, sockaddr* out, int* length) {
  if (*length < static_cast<int>(sizeof value)) return unexpected<ErrorCode>(WSAEFAULT);
  std::memcpy(out, &value, sizeof value);
  *length = static_cast<int>(sizeof value);
  return {};
}

}  // namespace

CallOutcome OpenSocket::perform(host::CallBody body, std::uint32_t timeout_milliseconds) const {
  host::Call call;
  call.socket = entry.socket;
  call.body = std::move(body);
  call.may_block = !entry.non_blocking;
  if (timeout_milliseconds != 0) {
    call.deadline = process.driver().now() + std::chrono::milliseconds(timeout_milliseconds);
  }
  return process.driver().call(process.host(), std::move(call));
}

expected<Process*, ErrorCode> started_process() {
  Process* process = current_process();
  if (process == nullptr || !process->started()) return unexpected<ErrorCode>(WSANOTINITIALISED);
  return process;
}

expected<OpenSocket, ErrorCode> open_socket(std::uint64_t handle) {
  const auto process = started_process();
  if (!process) return unexpected(process.error());
  const auto entry = (*process)->handles().find_as<SocketEntry>(handle);
  if (!entry) return unexpected<ErrorCode>(WSAENOTSOCK);
  return OpenSocket{**process, handle, *entry};
}

int fail(ErrorCode code) {
  set_last_error(code);
  return SOCKET_ERROR;
}

expected<TransportAddress, ErrorCode> read_address(const sockaddr* address, std::int64_t length, IpVersion version) {
  if (address == nullptr || length < static_cast<std::int64_t>(sizeof(ADDRESS_FAMILY)))
    return unexpected<ErrorCode>(WSAEFAULT);
  ADDRESS_FAMILY family = 0;
  std::memcpy(&family, address, sizeof family);
  if (family != (version == IpVersion::kV4 ? AF_INET : AF_INET6)) return unexpected<ErrorCode>(WSAEAFNOSUPPORT);
  if (version == IpVersion::kV4) {
    sockaddr_in v4{};
    if (length < static_cast<std::int64_t>(sizeof v4)) return unexpected<ErrorCode>(WSAEFAULT);
    std::memcpy(&v4, address, sizeof v4);
    return TransportAddress{IpAddress::v4(ntohl(v4.sin_addr.s_addr)), ntohs(v4.sin_port)};
  }
  sockaddr_in6 v6{};
  if (length < static_cast<std::int64_t>(sizeof v6)) return unexpected<ErrorCode>(WSAEFAULT);
  std::memcpy(&v6, address, sizeof v6);
  const auto octets = std::as_bytes(std::span(v6.sin6_addr.s6_addr));
  return TransportAddress{*IpAddress::from_octets(octets), ntohs(v6.sin6_port)};
}

expected<void, ErrorCode> write_address(const TransportAddress& address, sockaddr* out, int* length) {
  if (out == nullptr && length == nullptr) return {};
  if (out == nullptr || length == nullptr) return unexpected<ErrorCode>(WSAEFAULT);
  return address.address.is_v4() ? write_out(to_v4(address), out, length) : write_out(to_v6(address), out, length);
}

}  // namespace ssx::api
