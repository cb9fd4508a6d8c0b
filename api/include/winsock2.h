/* winsock2.h: Winsock 2 as far as the model speaks it. Source: api-contract.md 1.0, 3.8, 6; Windows SDK names and
 * values.
 *
 * Not supported here: overlapped completion (calls with an OVERLAPPED complete at once), select and events, raw
 * sockets, out-of-band data, address families other than AF_INET and AF_INET6. */
#ifndef _WINSOCK2API_
#define _WINSOCK2API_

#include "ssx/windef.h"

/* glibc's <sys/types.h> declares u_long with 64 bits; Windows' has 32. It must be read before the name is taken. */
#include <sys/types.h>
#undef u_long
#define u_long ssx_u_long
typedef ULONG ssx_u_long;

typedef UINT_PTR SOCKET;
#define INVALID_SOCKET (SOCKET)(~0)
#define SOCKET_ERROR (-1)

#define AF_UNSPEC 0
#define AF_UNIX 1
#define AF_INET 2
#define AF_INET6 23
#define PF_INET AF_INET
#define PF_INET6 AF_INET6

#define SOCK_STREAM 1
#define SOCK_DGRAM 2
#define SOCK_RAW 3

#define IPPROTO_IP 0
#define IPPROTO_ICMP 1
#define IPPROTO_TCP 6
#define IPPROTO_UDP 17
#define IPPROTO_IPV6 41

#define SOL_SOCKET 0xFFFF
#define SO_REUSEADDR 0x0004
#define SO_EXCLUSIVEADDRUSE ((int)(~SO_REUSEADDR))
#define SO_SNDTIMEO 0x1005
#define SO_RCVTIMEO 0x1006
#define SO_ERROR 0x1007
#define SO_TYPE 0x1008

#define MSG_OOB 0x1
#define MSG_PEEK 0x2
#define MSG_WAITALL 0x8

#define SD_RECEIVE 0
#define SD_SEND 1
#define SD_BOTH 2

#define SOMAXCONN 0x7FFFFFFF
#define WSA_FLAG_OVERLAPPED 0x01

#define INADDR_ANY ((ULONG)0x00000000)
#define INADDR_LOOPBACK ((ULONG)0x7F000001)
#define INADDR_BROADCAST ((ULONG)0xFFFFFFFF)
#define INADDR_NONE ((ULONG)0xFFFFFFFF)

/* Error codes (api-contract.md 1.0). */
#define WSA_INVALID_HANDLE 6L
#define WSA_NOT_ENOUGH_MEMORY 8L
#define WSA_INVALID_PARAMETER 87L
#define WSA_OPERATION_ABORTED 995L
#define WSA_IO_INCOMPLETE 996L
#define WSA_IO_PENDING 997L
#define WSAEINTR 10004L
#define WSAEACCES 10013L
#define WSAEFAULT 10014L
#define WSAEINVAL 10022L
#define WSAEWOULDBLOCK 10035L
#define WSAEINPROGRESS 10036L
#define WSAEALREADY 10037L
#define WSAENOTSOCK 10038L
#define WSAEDESTADDRREQ 10039L
#define WSAEMSGSIZE 10040L
#define WSAEPROTOTYPE 10041L
#define WSAENOPROTOOPT 10042L
#define WSAEPROTONOSUPPORT 10043L
#define WSAESOCKTNOSUPPORT 10044L
#define WSAEOPNOTSUPP 10045L
#define WSAEAFNOSUPPORT 10047L
#define WSAEADDRINUSE 10048L
#define WSAEADDRNOTAVAIL 10049L
#define WSAENETDOWN 10050L
#define WSAENETUNREACH 10051L
#define WSAECONNABORTED 10053L
#define WSAECONNRESET 10054L
#define WSAENOBUFS 10055L
#define WSAEISCONN 10056L
#define WSAENOTCONN 10057L
#define WSAESHUTDOWN 10058L
#define WSAETIMEDOUT 10060L
#define WSAECONNREFUSED 10061L
#define WSAEHOSTUNREACH 10065L
#define WSAVERNOTSUPPORTED 10092L
#define WSANOTINITIALISED 10093L
#define WSAEDISCON 10101L
#define WSASYSCALLFAILURE 10107L
#define WSA_SECURE_HOST_NOT_FOUND 11032L
#define WSA_IPSEC_NAME_POLICY_ERROR 11033L

/* Control codes: bit 31 in, 30 out, 29 void, 28-27 type (api-contract.md 2). */
#define IOC_VOID 0x20000000U
#define IOC_OUT 0x40000000U
#define IOC_IN 0x80000000U
#define IOC_INOUT (IOC_IN | IOC_OUT)
#define IOC_WS2 0x08000000U
#define IOC_VENDOR 0x18000000U
#define _WSAIO(x, y) (IOC_VOID | (x) | (y))
#define _WSAIOR(x, y) (IOC_OUT | (x) | (y))
#define _WSAIOW(x, y) (IOC_IN | (x) | (y))
#define _WSAIORW(x, y) (IOC_INOUT | (x) | (y))
#define FIONBIO ((LONG)0x8004667E)

/* Addresses: network byte order in sin_port, sin_addr, sin6_port, sin6_addr. */
typedef USHORT ADDRESS_FAMILY;

typedef struct in_addr {
  union {
    struct {
      UCHAR s_b1, s_b2, s_b3, s_b4;
    } S_un_b;
    struct {
      USHORT s_w1, s_w2;
    } S_un_w;
    ULONG S_addr;
  } S_un;
} IN_ADDR;
#define s_addr S_un.S_addr

typedef struct sockaddr {
  ADDRESS_FAMILY sa_family;
  CHAR sa_data[14];
} SOCKADDR, *PSOCKADDR, *LPSOCKADDR;

typedef struct sockaddr_in {
  ADDRESS_FAMILY sin_family;
  USHORT sin_port;
  IN_ADDR sin_addr;
  CHAR sin_zero[8];
} SOCKADDR_IN, *PSOCKADDR_IN;

typedef struct sockaddr_storage {
  ADDRESS_FAMILY ss_family;
  CHAR __ss_pad1[6];
  INT64 __ss_align;
  CHAR __ss_pad2[112];
} SOCKADDR_STORAGE, *PSOCKADDR_STORAGE;

#define WSADESCRIPTION_LEN 256
#define WSASYS_STATUS_LEN 128
typedef struct WSAData {
  WORD wVersion;
  WORD wHighVersion;
  USHORT iMaxSockets;
  USHORT iMaxUdpDg;
  CHAR* lpVendorInfo;
  CHAR szDescription[WSADESCRIPTION_LEN + 1];
  CHAR szSystemStatus[WSASYS_STATUS_LEN + 1];
} WSADATA, *LPWSADATA;

typedef struct _WSABUF {
  ULONG len;
  CHAR* buf;
} WSABUF, *LPWSABUF;

typedef struct _OVERLAPPED {
  ULONG_PTR Internal;
  ULONG_PTR InternalHigh;
  union {
    struct {
      DWORD Offset;
      DWORD OffsetHigh;
    } DUMMYSTRUCTNAME;
    PVOID Pointer;
  } DUMMYUNIONNAME;
  HANDLE hEvent;
} OVERLAPPED, *LPOVERLAPPED, WSAOVERLAPPED, *LPWSAOVERLAPPED;

typedef VOID(CALLBACK* LPWSAOVERLAPPED_COMPLETION_ROUTINE)(DWORD dwError, DWORD cbTransferred,
                                                           LPWSAOVERLAPPED lpOverlapped, DWORD dwFlags);

SSX_BEGIN_C

int WSAAPI WSAStartup(WORD wVersionRequested, LPWSADATA lpWSAData) SSX_LINK_NAME(WSAStartup);
int WSAAPI WSACleanup(void) SSX_LINK_NAME(WSACleanup);
int WSAAPI WSAGetLastError(void) SSX_LINK_NAME(WSAGetLastError);
VOID WSAAPI WSASetLastError(int iError) SSX_LINK_NAME(WSASetLastError);

SOCKET WSAAPI socket(int af, int type, int protocol) SSX_LINK_NAME(socket);
SOCKET WSAAPI WSASocketW(int af, int type, int protocol, void* lpProtocolInfo, DWORD g, DWORD dwFlags)
    SSX_LINK_NAME(WSASocketW);
int WSAAPI closesocket(SOCKET s) SSX_LINK_NAME(closesocket);
int WSAAPI bind(SOCKET s, const struct sockaddr* name, int namelen) SSX_LINK_NAME(bind);
int WSAAPI listen(SOCKET s, int backlog) SSX_LINK_NAME(listen);
SOCKET WSAAPI accept(SOCKET s, struct sockaddr* addr, int* addrlen) SSX_LINK_NAME(accept);
int WSAAPI connect(SOCKET s, const struct sockaddr* name, int namelen) SSX_LINK_NAME(connect);
int WSAAPI shutdown(SOCKET s, int how) SSX_LINK_NAME(shutdown);
int WSAAPI send(SOCKET s, const char* buf, int len, int flags) SSX_LINK_NAME(send);
int WSAAPI recv(SOCKET s, char* buf, int len, int flags) SSX_LINK_NAME(recv);
int WSAAPI sendto(SOCKET s, const char* buf, int len, int flags, const struct sockaddr* to, int tolen)
    SSX_LINK_NAME(sendto);
int WSAAPI recvfrom(SOCKET s, char* buf, int len, int flags, struct sockaddr* from, int* fromlen)
    SSX_LINK_NAME(recvfrom);
int WSAAPI getsockname(SOCKET s, struct sockaddr* name, int* namelen) SSX_LINK_NAME(getsockname);
int WSAAPI getpeername(SOCKET s, struct sockaddr* name, int* namelen) SSX_LINK_NAME(getpeername);
int WSAAPI setsockopt(SOCKET s, int level, int optname, const char* optval, int optlen) SSX_LINK_NAME(setsockopt);
int WSAAPI getsockopt(SOCKET s, int level, int optname, char* optval, int* optlen) SSX_LINK_NAME(getsockopt);
int WSAAPI ioctlsocket(SOCKET s, LONG cmd, u_long* argp) SSX_LINK_NAME(ioctlsocket);
int WSAAPI WSAIoctl(SOCKET s, DWORD dwIoControlCode, LPVOID lpvInBuffer, DWORD cbInBuffer, LPVOID lpvOutBuffer,
                    DWORD cbOutBuffer, LPDWORD lpcbBytesReturned, LPWSAOVERLAPPED lpOverlapped,
                    LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine) SSX_LINK_NAME(WSAIoctl);

USHORT WSAAPI htons(USHORT hostshort) SSX_LINK_NAME(htons);
USHORT WSAAPI ntohs(USHORT netshort) SSX_LINK_NAME(ntohs);
ULONG WSAAPI htonl(ULONG hostlong) SSX_LINK_NAME(htonl);
ULONG WSAAPI ntohl(ULONG netlong) SSX_LINK_NAME(ntohl);

SSX_END_C

#endif
