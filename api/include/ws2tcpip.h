/* ws2tcpip.h: IPv6 addresses, address texts, and the six secure-socket functions. Source: api-contract.md 1.
 * The six are declared only if mstcpip.h came first. */
#ifndef _WS2TCPIP_H_
#define _WS2TCPIP_H_

#include "winsock2.h"

typedef struct in6_addr {
  union {
    UCHAR Byte[16];
    USHORT Word[8];
  } u;
} IN6_ADDR;
#define s6_addr u.Byte

typedef struct sockaddr_in6 {
  ADDRESS_FAMILY sin6_family;
  USHORT sin6_port;
  ULONG sin6_flowinfo;
  IN6_ADDR sin6_addr;
  ULONG sin6_scope_id;
} SOCKADDR_IN6, *PSOCKADDR_IN6;

#define INET_ADDRSTRLEN 22
#define INET6_ADDRSTRLEN 65

SSX_BEGIN_C
INT WSAAPI inet_pton(INT Family, PCSTR pszAddrString, PVOID pAddrBuf) SSX_LINK_NAME(inet_pton);
PCSTR WSAAPI inet_ntop(INT Family, const VOID* pAddr, PSTR pStringBuf, size_t StringBufSize) SSX_LINK_NAME(inet_ntop);

#if (_WIN32_WINNT >= 0x0600)
#ifdef _SECURE_SOCKET_TYPES_DEFINED_
/* Enables and applies security for a socket: before bind and connect, once (api-contract.md 1.1). */
INT WSAAPI WSASetSocketSecurity(SOCKET Socket, const SOCKET_SECURITY_SETTINGS* SecuritySettings,
                                ULONG SecuritySettingsLen, LPWSAOVERLAPPED Overlapped,
                                LPWSAOVERLAPPED_COMPLETION_ROUTINE CompletionRoutine)
    SSX_LINK_NAME(WSASetSocketSecurity);
/* Reports how a connection, or a datagram peer's traffic, is protected (1.4). */
INT WSAAPI WSAQuerySocketSecurity(SOCKET Socket, const SOCKET_SECURITY_QUERY_TEMPLATE* SecurityQueryTemplate,
                                  ULONG SecurityQueryTemplateLen, SOCKET_SECURITY_QUERY_INFO* SecurityQueryInfo,
                                  ULONG* SecurityQueryInfoLen, LPWSAOVERLAPPED Overlapped,
                                  LPWSAOVERLAPPED_COMPLETION_ROUTINE CompletionRoutine)
    SSX_LINK_NAME(WSAQuerySocketSecurity);
/* Names the principal that the peer must authenticate as (1.2). */
INT WSAAPI WSASetSocketPeerTargetName(SOCKET Socket, const SOCKET_PEER_TARGET_NAME* PeerTargetName,
                                      ULONG PeerTargetNameLen, LPWSAOVERLAPPED Overlapped,
                                      LPWSAOVERLAPPED_COMPLETION_ROUTINE CompletionRoutine)
    SSX_LINK_NAME(WSASetSocketPeerTargetName);
/* Takes a peer's name away again (1.3). */
INT WSAAPI WSADeleteSocketPeerTargetName(SOCKET Socket, const struct sockaddr* PeerAddr, ULONG PeerAddrLen,
                                         LPWSAOVERLAPPED Overlapped,
                                         LPWSAOVERLAPPED_COMPLETION_ROUTINE CompletionRoutine)
    SSX_LINK_NAME(WSADeleteSocketPeerTargetName);
/* Makes the calling thread impersonate the peer (1.5). */
INT WSAAPI WSAImpersonateSocketPeer(SOCKET Socket, const struct sockaddr* PeerAddr, ULONG PeerAddrLen)
    SSX_LINK_NAME(WSAImpersonateSocketPeer);
/* Ends it (1.6). */
INT WSAAPI WSARevertImpersonation(VOID) SSX_LINK_NAME(WSARevertImpersonation);
#endif
#endif
SSX_END_C

#endif
