#include "model/host/calls.h"

#include "model/base/overloaded.h"

namespace ssx::host {

std::string_view to_string(SocketError error) {
  switch (error) {
    case SocketError::kNotSocket: return "not an open socket";
    case SocketError::kInvalidArgument: return "an argument or the socket's state does not allow the call";
    case SocketError::kAddressFamily: return "the address is of another family than the socket";
    case SocketError::kAddressInUse: return "the address is in use";
    case SocketError::kAccessDenied: return "access denied by an exclusive socket or a filter";
    case SocketError::kAddressNotAvailable: return "the host does not have this address";
    case SocketError::kDestinationRequired: return "no destination is known";
    case SocketError::kAlreadyConnected: return "the socket is connected";
    case SocketError::kNotConnected: return "the socket is not connected";
    case SocketError::kConnectionRefused: return "the peer refused the connection";
    case SocketError::kConnectionReset: return "the peer reset the connection";
    case SocketError::kConnectionAborted: return "this host ended the connection";
    case SocketError::kTimedOut: return "no answer in time";
    case SocketError::kNetworkUnreachable: return "the host has no address of this family";
    case SocketError::kShutDown: return "this direction was shut down";
    case SocketError::kWouldBlock: return "the call would have to wait";
    case SocketError::kInProgress: return "an earlier connect is still running";
    case SocketError::kMessageTooLong: return "the datagram is longer than the buffer or the protocol carries";
    case SocketError::kNotSupported: return "the operation belongs to the other socket type";
    case SocketError::kInterrupted: return "the socket was closed while the call waited";
    case SocketError::kNoBufferSpace: return "no free dynamic port";
    case SocketError::kSecuritySetAfterBind: return "security must be set before bind";
    case SocketError::kSecuritySetTwice: return "security can be set only once";
    case SocketError::kSecurityFailed: return "security is required and could not be negotiated";
    case SocketError::kNoSecurityPolicy: return "security is required and there is no policy for the traffic";
    case SocketError::kQueryUnconnected: return "the socket has no connection to ask about";
    case SocketError::kMissingTargetName: return "there is no target name for this peer";
  }
  return "unknown";
}

std::string_view name_of(const CallBody& body) {
  return std::visit(Overloaded{
                        [](const CreateSocket&) { return std::string_view("socket"); },
                        [](const Bind&) { return std::string_view("bind"); },
                        [](const Listen&) { return std::string_view("listen"); },
                        [](const Accept&) { return std::string_view("accept"); },
                        [](const Connect&) { return std::string_view("connect"); },
                        [](const Send&) { return std::string_view("send"); },
                        [](const SendTo&) { return std::string_view("sendto"); },
                        [](const Receive&) { return std::string_view("recv"); },
                        [](const ReceiveFrom&) { return std::string_view("recvfrom"); },
                        [](const Shutdown&) { return std::string_view("shutdown"); },
                        [](const Close&) { return std::string_view("closesocket"); },
                        [](const GetSocketName&) { return std::string_view("getsockname"); },
                        [](const GetPeerName&) { return std::string_view("getpeername"); },
                        [](const SetOption&) { return std::string_view("setsockopt"); },
                        [](const GetOption&) { return std::string_view("getsockopt"); },
                        [](const SetSecurity&) { return std::string_view("WSASetSocketSecurity"); },
                        [](const SetPeerTargetName&) { return std::string_view("WSASetSocketPeerTargetName"); },
                        [](const DeletePeerTargetName&) { return std::string_view("WSADeleteSocketPeerTargetName"); },
                        [](const QuerySecurity&) { return std::string_view("WSAQuerySocketSecurity"); },
                    },
                    body);
}

}  // namespace ssx::host
