#include "api/src/error_map.h"

#include "winsock2.h"

namespace ssx::api {

std::uint32_t wsa_code(host::SocketError error, const ale::Behaviour& behaviour) {
  using host::SocketError;
  switch (error) {
    case SocketError::kNotSocket: return WSAENOTSOCK;
    case SocketError::kInvalidArgument: return WSAEINVAL;
    case SocketError::kAddressFamily: return WSAEAFNOSUPPORT;
    case SocketError::kAddressInUse: return WSAEADDRINUSE;
    case SocketError::kAccessDenied: return WSAEACCES;
    case SocketError::kAddressNotAvailable: return WSAEADDRNOTAVAIL;
    case SocketError::kDestinationRequired: return WSAEDESTADDRREQ;
    case SocketError::kAlreadyConnected: return WSAEISCONN;
    case SocketError::kNotConnected: return WSAENOTCONN;
    case SocketError::kConnectionRefused: return WSAECONNREFUSED;
    case SocketError::kConnectionReset: return WSAECONNRESET;
    case SocketError::kConnectionAborted: return WSAECONNABORTED;
    case SocketError::kTimedOut: return WSAETIMEDOUT;
    case SocketError::kNetworkUnreachable: return WSAENETUNREACH;
    case SocketError::kShutDown: return WSAESHUTDOWN;
    case SocketError::kWouldBlock: return WSAEWOULDBLOCK;
    case SocketError::kInProgress: return WSAEALREADY;
    case SocketError::kMessageTooLong: return WSAEMSGSIZE;
    case SocketError::kNotSupported: return WSAEOPNOTSUPP;
    case SocketError::kInterrupted: return WSAEINTR;
    case SocketError::kNoBufferSpace: return WSAENOBUFS;
    case SocketError::kSecuritySetAfterBind: return behaviour.set_after_bind_error;
    case SocketError::kSecuritySetTwice: return behaviour.set_twice_error;
    case SocketError::kSecurityFailed: return behaviour.connect_security_failure_error;
    case SocketError::kNoSecurityPolicy: return behaviour.no_policy_error;
    case SocketError::kQueryUnconnected: return behaviour.query_unconnected_error;
    case SocketError::kMissingTargetName: return WSAEINVAL;
  }
  __builtin_unreachable();
}

}  // namespace ssx::api
