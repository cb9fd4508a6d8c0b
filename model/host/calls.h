// model/host/calls.h: what a program asks of its host and what it gets back. One alternative a Winsock operation, as
// values; strings, handles and WSA codes belong to api/.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "model/ale/endpoint_security.h"
#include "model/ale/query.h"
#include "model/base/address.h"
#include "model/base/expected.h"
#include "model/base/octets.h"
#include "model/base/strong.h"
#include "model/base/time.h"

namespace ssx::host {

enum class SocketType : std::uint8_t { kStream, kDatagram };

/// Why a call failed. The edge (api/error_map.cc) turns it into a WSA code; knobs may change that code.
enum class SocketError : std::uint8_t {
  kNotSocket,             // no such socket, or closed
  kInvalidArgument,       // an argument or the socket's state does not allow the call
  kAddressFamily,         // an address argument of another family than the socket's
  kAddressInUse,          // bind: port taken by a socket that does not share it
  kAccessDenied,          // bind against an exclusive socket; a filter blocks; a policy forbids
  kAddressNotAvailable,   // bind to an address the host does not have; connect to port or address 0
  kDestinationRequired,   // datagram send without a peer
  kAlreadyConnected,      // WSAEISCONN
  kNotConnected,          // WSAENOTCONN
  kConnectionRefused,     // RST in answer to SYN
  kConnectionReset,       // RST later, or port unreachable for a datagram
  kConnectionAborted,     // this host ended the connection
  kTimedOut,              // no answer from the peer, or the call's own timeout
  kNetworkUnreachable,    // no address of this family on this host
  kShutDown,              // send after shutdown(SD_SEND), receive after shutdown(SD_RECEIVE)
  kWouldBlock,            // the call would have to wait and may not
  kInProgress,            // WSAEALREADY: an earlier non-blocking connect still runs
  kMessageTooLong,        // datagram larger than the buffer (the excess is lost) or than the protocol carries
  kNotSupported,          // operation of the other socket type: listen on a datagram socket
  kInterrupted,           // the socket was closed while the call waited
  kNoBufferSpace,         // no free dynamic port
  kSecuritySetAfterBind,  // knob set_after_bind_error
  kSecuritySetTwice,      // knob set_twice_error
  kSecurityFailed,     // connect: the negotiation failed and security is required; knob connect_security_failure_error
  kNoSecurityPolicy,   // security is required and there is no policy at all; knob no_policy_error
  kQueryUnconnected,   // knob query_unconnected_error
  kMissingTargetName,  // delete of a name that is not there; knob delete_missing_name
};
std::string_view to_string(SocketError error);

// --- calls
// --------------------------------------------------------------------------------------------------------------

struct CreateSocket {
  IpVersion version = IpVersion::kV4;
  SocketType type = SocketType::kStream;
};
struct Bind {
  TransportAddress address;  // 0.0.0.0 or :: and port 0 are wildcards
};
struct Listen {
  std::uint32_t backlog = 5;
};
struct Accept {};
struct Connect {
  TransportAddress peer;
};
struct Send {
  OctetVector octets;
  std::size_t taken = 0;  // by the host: how much of it has been accepted while the call waits
};
struct SendTo {
  TransportAddress peer;
  OctetVector octets;
};
struct Receive {
  std::size_t octets_max = 0;
  bool peek = false;
  bool wait_all = false;  // MSG_WAITALL: until octets_max octets, the end of the stream, or an error
};
struct ReceiveFrom {
  std::size_t octets_max = 0;
  bool peek = false;
};
enum class ShutdownHow : std::uint8_t { kReceive = 0, kSend = 1, kBoth = 2 };  // SD_RECEIVE, SD_SEND, SD_BOTH
struct Shutdown {
  ShutdownHow how = ShutdownHow::kSend;
};
struct Close {};
struct GetSocketName {};
struct GetPeerName {};
enum class SocketOption : std::uint8_t { kReuseAddress, kExclusiveAddressUse, kError, kType };
struct SetOption {
  SocketOption option = SocketOption::kReuseAddress;
  std::uint32_t value = 0;
};
struct GetOption {
  SocketOption option = SocketOption::kError;
};
struct SetSecurity {
  ale::SecuritySettings settings;
};
struct SetPeerTargetName {
  TransportAddress peer;  // stream sockets: ignored
  std::string name;       // UTF-8
};
struct DeletePeerTargetName {
  TransportAddress peer;
};
struct QuerySecurity {
  std::optional<TransportAddress> peer;  // datagram sockets
  bool version2 = false;                 // an IPSEC2 template: answered after a failed secure connect as well
};

using CallBody = std::variant<CreateSocket, Bind, Listen, Accept, Connect, Send, SendTo, Receive, ReceiveFrom, Shutdown,
                              Close, GetSocketName, GetPeerName, SetOption, GetOption, SetSecurity, SetPeerTargetName,
                              DeletePeerTargetName, QuerySecurity>;

/// One call. `socket` is meaningless for CreateSocket.
struct Call {
  CallId id;
  SocketId socket;
  CallBody body;
  bool may_block = true;            // false: kWouldBlock instead of waiting
  std::optional<Instant> deadline;  // a waiting call then ends with kTimedOut
};
/// The field's name of the call: "connect", "WSASetSocketSecurity", …
std::string_view name_of(const CallBody& body);

// --- results
// ------------------------------------------------------------------------------------------------------------

struct Accepted {
  SocketId socket;
  TransportAddress peer;
};
struct Received {
  OctetVector octets;  // empty on a stream: the peer has sent everything
  TransportAddress from;
  bool truncated = false;  // datagram longer than octets_max: the rest is lost
};
using CallResult = std::variant<std::monostate, SocketId, Accepted, std::size_t, Received, TransportAddress,
                                std::uint32_t, ale::SecurityReport>;

/// The answer to one Call, exactly one for each.
struct Completed {
  CallId id;
  expected<CallResult, SocketError> result;
};

}  // namespace ssx::host
