// api/src/security_buffers.h: the octets of the secure-socket structures, read with all their length rules. The buffers
// come from outside: every length is checked before anything is read. Source: api-contract.md 1.1, 1.2, 1.4, 3.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "api/src/edge.h"
#include "model/ale/behaviour.h"
#include "model/ale/endpoint_security.h"
#include "model/base/address.h"
#include "model/base/expected.h"

namespace ssx::api {

/// A SOCKET_SECURITY_SETTINGS or SOCKET_SECURITY_SETTINGS_IPSEC of `length` octets; null and 0 are the default
/// settings.
/// @errors WSAEINVAL (null with a length; protocol; an IPsec structure labelled DEFAULT; odd string lengths),
/// WSAEMSGSIZE
expected<ale::SecuritySettings, ErrorCode> read_settings(const void* buffer, std::uint32_t length,
                                                         const ale::Behaviour& behaviour);

struct TargetName {
  std::optional<TransportAddress> peer;  // nothing: family 0 or an all-zero address
  std::string name;                      // UTF-8
};
/// A SOCKET_PEER_TARGET_NAME for a socket. @errors WSAEFAULT, WSAEMSGSIZE, WSAEINVAL, WSAEAFNOSUPPORT
expected<TargetName, ErrorCode> read_target_name(const void* buffer, std::uint32_t length, const SocketEntry& socket,
                                                 const ale::Behaviour& behaviour);

/// A SOCKET_SECURITY_QUERY_TEMPLATE, plain or IPSEC2.
struct QueryTemplate {
  std::uint32_t protocol = 0;
  std::optional<TransportAddress> peer;  // datagram sockets
  std::uint32_t token_access = 0;
  bool version2 = false;
  std::uint32_t flags = 0;  // SOCKET_QUERY_IPSEC2_*
  std::uint32_t field_mask = 0;
  bool is_zero = true;  // null, or all octets zero: only Flags is answered
};
/// @errors WSAEFAULT (stream: null with a length), WSAEMSGSIZE, WSAEINVAL, WSAEAFNOSUPPORT
expected<QueryTemplate, ErrorCode> read_query_template(const void* buffer, std::uint32_t length,
                                                       const SocketEntry& socket);

/// A peer's sockaddr for the datagram functions. @errors WSAEFAULT (null), WSAEMSGSIZE (too short), WSAEAFNOSUPPORT
expected<TransportAddress, ErrorCode> read_peer(const sockaddr* address, std::uint32_t length, IpVersion version);

}  // namespace ssx::api
