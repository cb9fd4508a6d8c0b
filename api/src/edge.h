// api/src/edge.h: what every C function of the edge does first and last: find the process and the socket, turn
// addresses and errors into Windows' shapes.
#pragma once

#include <cstdint>
#include <optional>

#include "api/src/driver.h"
#include "api/src/handle_table.h"
#include "api/src/process.h"
#include "model/ale/behaviour.h"
#include "model/base/address.h"
#include "model/base/expected.h"

struct sockaddr;

namespace ssx::api {

/// A WSA or Win32 error code on its way to WSAGetLastError.
using ErrorCode = std::uint32_t;

/// A socket that a function was called with, and where it lives.
struct OpenSocket {
  Process& process;
  std::uint64_t handle;
  SocketEntry entry;

  const host::HostConfig& config() const { return process.driver().host_config(process.host()); }
  /// Posts one call to the host and waits; may_block and the socket's timeouts are set here.
  CallOutcome perform(host::CallBody body, std::uint32_t timeout_milliseconds = 0) const;
};

/// The process of the calling thread, started up. @errors WSANOTINITIALISED
expected<Process*, ErrorCode> started_process();
/// @errors WSANOTINITIALISED, then WSAENOTSOCK
expected<OpenSocket, ErrorCode> open_socket(std::uint64_t handle);

/// Puts `code` into the last-error slot. @return SOCKET_ERROR
int fail(ErrorCode code);

/// Reads a sockaddr of `length` octets for a socket of `version`.
/// @errors WSAEFAULT (null, or shorter than the family's structure), WSAEAFNOSUPPORT (another family than the socket's)
expected<TransportAddress, ErrorCode> read_address(const sockaddr* address, std::int64_t length, IpVersion version);
/// Writes an address and its length; *length says how much room there is. Both null: nothing is wanted.
/// @errors WSAEFAULT
expected<void, ErrorCode> write_address(const TransportAddress& address, sockaddr* out, int* length);

}  // namespace ssx::api
