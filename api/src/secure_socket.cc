// api/src/secure_socket.cc: the six functions of the Winsock Secure Socket Extensions, and their control codes.
// Source: api-contract.md 1, 2.
#include <algorithm>
#include <cstring>

#include "api/src/edge.h"
#include "api/src/error_map.h"
#include "api/src/security_buffers.h"
#include "winsock2.h"

#include "mstcpip.h"

#include "ws2tcpip.h"

namespace ssx::api {
namespace {

int finish(const CallOutcome& outcome, const OpenSocket& socket) {
  return outcome ? 0 : fail(wsa_code(outcome.error(), socket.config().behaviour));
}

/// The caller's place for the answer of a query.
struct QueryRoom {
  void* info = nullptr;
  std::uint32_t capacity = 0;
  std::uint32_t* length = nullptr;  // out: what was copied or is needed; never null here
};

/// api-contract.md 1.4, X1: what a query without enough room for its answer fails with.
ErrorCode size_error(bool has_template, const QueryRoom& room, const ale::Behaviour& behaviour) {
  switch (behaviour.query_size_error) {
    case ale::QuerySizeError::kEfault: return WSAEFAULT;
    case ale::QuerySizeError::kEmsgsize: return WSAEMSGSIZE;
    case ale::QuerySizeError::kAuto: return !has_template && room.info == nullptr ? WSAEFAULT : WSAEMSGSIZE;
  }
  return WSAEMSGSIZE;
}

/// A new handle on a peer token with the access asked for; 0 if there is no such identity.
std::uint64_t open_token(Process& process, const std::optional<identity::AccessToken>& token, std::uint32_t access) {
  if (!token || access == 0) return 0;
  return process.handles().add(TokenEntry{std::make_shared<const identity::AccessToken>(*token), access});
}

SOCKET_SECURITY_QUERY_INFO_IPSEC2 answer(const OpenSocket& socket, const QueryTemplate& question,
                                         const ale::SecurityReport& report) {
  SOCKET_SECURITY_QUERY_INFO_IPSEC2 info{};
  info.Flags = report.flags;
  if (question.is_zero) return info;  // C-148: only Flags is meaningful
  info.SecurityProtocol = question.version2 ? SOCKET_SECURITY_PROTOCOL_IPSEC2 : SOCKET_SECURITY_PROTOCOL_IPSEC;
  info.PeerApplicationAccessTokenHandle = open_token(socket.process, report.application_token, question.token_access);
  info.PeerMachineAccessTokenHandle = open_token(socket.process, report.machine_token, question.token_access);
  if ((question.field_mask & SOCKET_QUERY_IPSEC2_FIELD_MASK_MM_SA_ID) != 0) info.MmSaId = report.main_mode.value;
  if ((question.field_mask & SOCKET_QUERY_IPSEC2_FIELD_MASK_QM_SA_ID) != 0) info.QmSaId = report.quick_mode.value;
  info.NegotiationWinerr = report.negotiation_error;
  info.SaLookupContext =
      GUID{report.lookup_context.data1, report.lookup_context.data2, report.lookup_context.data3, {}};
  std::ranges::copy(report.lookup_context.data4, info.SaLookupContext.Data4);
  return info;
}

int query(const OpenSocket& socket, const void* question_buffer, std::uint32_t question_length, const QueryRoom& room) {
  const auto question = read_query_template(question_buffer, question_length, socket.entry);
  if (!question) return fail(question.error());
  const std::uint32_t needed =
      question->version2 ? sizeof(SOCKET_SECURITY_QUERY_INFO_IPSEC2) : sizeof(SOCKET_SECURITY_QUERY_INFO);
  if (room.info == nullptr || room.capacity < needed) {
    *room.length = needed;
    return fail(size_error(question_buffer != nullptr, room, socket.config().behaviour));
  }
  const auto outcome = socket.perform(host::QuerySecurity{question->peer, question->version2});
  if (!outcome) return finish(outcome, socket);
  // The plain structure is the front of the other (C-013).
  const auto info = answer(socket, *question, std::get<ale::SecurityReport>(*outcome));
  std::memcpy(room.info, &info, needed);
  *room.length = needed;
  return 0;
}

/// Impersonation works on blocking sockets only (api-contract.md 1.5, knob impersonate_socket_check).
bool may_impersonate(const OpenSocket& socket) {
  switch (socket.config().behaviour.impersonate_socket_check) {
    case ale::ImpersonateSocketCheck::kOff: return true;
    case ale::ImpersonateSocketCheck::kNonblocking: return !socket.entry.non_blocking;
    case ale::ImpersonateSocketCheck::kStrict: return !socket.entry.non_blocking && !socket.entry.overlapped;
  }
  return true;
}

int set_security(const OpenSocket& socket, const void* settings, std::uint32_t length) {
  auto read = read_settings(settings, length, socket.config().behaviour);
  if (!read) return fail(read.error());
  return finish(socket.perform(host::SetSecurity{std::move(*read)}), socket);
}

int set_target_name(const OpenSocket& socket, const void* name, std::uint32_t length) {
  auto read = read_target_name(name, length, socket.entry, socket.config().behaviour);
  if (!read) return fail(read.error());
  return finish(socket.perform(host::SetPeerTargetName{read->peer.value_or(TransportAddress{}), std::move(read->name)}),
                socket);
}

int delete_target_name(const OpenSocket& socket, const sockaddr* peer, std::uint32_t length) {
  const auto read = read_peer(peer, length, socket.entry.version);
  if (!read) return fail(read.error());
  return finish(socket.perform(host::DeletePeerTargetName{*read}), socket);
}

/// C-252: the host's number of the socket is the number of its ALE endpoint: never 0, the same for the socket's life.
int query_endpoint_handle(const OpenSocket& socket, void* out, std::uint32_t room, std::uint32_t& returned) {
  returned = 0;
  const std::uint64_t endpoint = socket.entry.socket.value;
  if (out == nullptr || room < sizeof endpoint) return fail(WSAEINVAL);
  std::memcpy(out, &endpoint, sizeof endpoint);
  returned = sizeof endpoint;
  return 0;
}

}  // namespace
}  // namespace ssx::api

using namespace ssx;       // NOLINT: this file is the C edge
using namespace ssx::api;  // NOLINT

// Overlapped and CompletionRoutine: requests complete at once, and completion is not signalled (docs/deviations.md).
extern "C" {

INT WSAAPI WSASetSocketSecurity(SOCKET Socket, const SOCKET_SECURITY_SETTINGS* SecuritySettings,
                                ULONG SecuritySettingsLen, LPWSAOVERLAPPED, LPWSAOVERLAPPED_COMPLETION_ROUTINE) {
  const auto socket = open_socket(Socket);
  return socket ? set_security(*socket, SecuritySettings, SecuritySettingsLen) : fail(socket.error());
}

INT WSAAPI WSAQuerySocketSecurity(SOCKET Socket, const SOCKET_SECURITY_QUERY_TEMPLATE* SecurityQueryTemplate,
                                  ULONG SecurityQueryTemplateLen, SOCKET_SECURITY_QUERY_INFO* SecurityQueryInfo,
                                  ULONG* SecurityQueryInfoLen, LPWSAOVERLAPPED, LPWSAOVERLAPPED_COMPLETION_ROUTINE) {
  const auto socket = open_socket(Socket);
  if (!socket) return fail(socket.error());
  if (SecurityQueryInfoLen == nullptr) return fail(WSAEFAULT);  // C-136
  return query(*socket, SecurityQueryTemplate, SecurityQueryTemplateLen,
               {SecurityQueryInfo, *SecurityQueryInfoLen, SecurityQueryInfoLen});
}

INT WSAAPI WSASetSocketPeerTargetName(SOCKET Socket, const SOCKET_PEER_TARGET_NAME* PeerTargetName,
                                      ULONG PeerTargetNameLen, LPWSAOVERLAPPED, LPWSAOVERLAPPED_COMPLETION_ROUTINE) {
  const auto socket = open_socket(Socket);
  return socket ? set_target_name(*socket, PeerTargetName, PeerTargetNameLen) : fail(socket.error());
}

INT WSAAPI WSADeleteSocketPeerTargetName(SOCKET Socket, const struct sockaddr* PeerAddr, ULONG PeerAddrLen,
                                         LPWSAOVERLAPPED, LPWSAOVERLAPPED_COMPLETION_ROUTINE) {
  const auto socket = open_socket(Socket);
  return socket ? delete_target_name(*socket, PeerAddr, PeerAddrLen) : fail(socket.error());
}

INT WSAAPI WSAImpersonateSocketPeer(SOCKET Socket, const struct sockaddr* PeerAddr, ULONG PeerAddrLen) {
  const auto socket = open_socket(Socket);
  if (!socket) return fail(socket.error());
  host::QuerySecurity question;
  if (socket->entry.type == host::SocketType::kDatagram) {
    const auto peer = read_peer(PeerAddr, PeerAddrLen, socket->entry.version);
    if (!peer) return fail(peer.error());
    question.peer = *peer;
  }
  if (!may_impersonate(*socket)) return fail(WSAEINVAL);
  const auto outcome = socket->perform(question);
  if (!outcome) return finish(outcome, *socket);
  const auto& report = std::get<ale::SecurityReport>(*outcome);
  // C-184, C-185: the peer's user if there is one, else its computer.
  const auto& token = report.application_token ? report.application_token : report.machine_token;
  if (!token) return fail(socket->config().behaviour.no_identity_error);
  set_thread_token(std::make_shared<const identity::AccessToken>(*token));
  return 0;
}

INT WSAAPI WSARevertImpersonation(VOID) {
  set_thread_token(nullptr);
  return 0;
}

int WSAAPI WSAIoctl(SOCKET s, DWORD dwIoControlCode, LPVOID lpvInBuffer, DWORD cbInBuffer, LPVOID lpvOutBuffer,
                    DWORD cbOutBuffer, LPDWORD lpcbBytesReturned, LPWSAOVERLAPPED, LPWSAOVERLAPPED_COMPLETION_ROUTINE) {
  const auto socket = open_socket(s);
  if (!socket) return fail(socket.error());
  if (lpcbBytesReturned == nullptr) return fail(WSAEFAULT);  // C-251
  switch (dwIoControlCode) {
    case SIO_SET_SECURITY: *lpcbBytesReturned = 0; return set_security(*socket, lpvInBuffer, cbInBuffer);
    case SIO_SET_PEER_TARGET_NAME: *lpcbBytesReturned = 0; return set_target_name(*socket, lpvInBuffer, cbInBuffer);
    case SIO_DELETE_PEER_TARGET_NAME:
      *lpcbBytesReturned = 0;
      return delete_target_name(*socket, static_cast<const sockaddr*>(lpvInBuffer), cbInBuffer);
    case SIO_QUERY_SECURITY:
      *lpcbBytesReturned = 0;  // stays so unless the answer was copied or its size is needed
      return query(*socket, lpvInBuffer, cbInBuffer, {lpvOutBuffer, cbOutBuffer, lpcbBytesReturned});
    case SIO_QUERY_WFP_ALE_ENDPOINT_HANDLE:
      return query_endpoint_handle(*socket, lpvOutBuffer, cbOutBuffer, *lpcbBytesReturned);
    case SIO_SOCKET_USAGE_NOTIFICATION:
    case SIO_QUERY_WFP_CONNECTION_REDIRECT_RECORDS:
    case SIO_QUERY_WFP_CONNECTION_REDIRECT_CONTEXT:
    case SIO_SET_WFP_CONNECTION_REDIRECT_RECORDS: return fail(WSAEOPNOTSUPP);  // C-253
    default: return fail(WSAEINVAL);
  }
}

}  // extern "C"
