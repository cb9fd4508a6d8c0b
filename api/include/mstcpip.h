/* mstcpip.h: the types of the secure socket extensions. Source: api-contract.md 2, 3.
 * Needs winsock2.h first: without it no secure-socket type is declared and _SECURE_SOCKET_TYPES_DEFINED_ stays
 * undefined. */
#ifndef _MSTCPIP_
#define _MSTCPIP_

#ifdef _WINSOCK2API_
#if (NTDDI_VERSION >= NTDDI_VISTA)
#define _SECURE_SOCKET_TYPES_DEFINED_

/* AllStrings is a flexible array, in C++ too. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"

#define SIO_SET_SECURITY _WSAIOW(IOC_VENDOR, 200)
#define SIO_QUERY_SECURITY _WSAIORW(IOC_VENDOR, 201)
#define SIO_SET_PEER_TARGET_NAME _WSAIOW(IOC_VENDOR, 202)
#define SIO_DELETE_PEER_TARGET_NAME _WSAIOW(IOC_VENDOR, 203)
#define SIO_SOCKET_USAGE_NOTIFICATION _WSAIOW(IOC_VENDOR, 204)
#define SIO_QUERY_WFP_ALE_ENDPOINT_HANDLE _WSAIOR(IOC_VENDOR, 205)
#define SIO_QUERY_WFP_CONNECTION_REDIRECT_RECORDS _WSAIOW(IOC_VENDOR, 220)
#define SIO_QUERY_WFP_CONNECTION_REDIRECT_CONTEXT _WSAIOW(IOC_VENDOR, 221)
#define SIO_SET_WFP_CONNECTION_REDIRECT_RECORDS _WSAIOW(IOC_VENDOR, 222)

typedef enum _SOCKET_SECURITY_PROTOCOL {
  SOCKET_SECURITY_PROTOCOL_DEFAULT = 0,
  SOCKET_SECURITY_PROTOCOL_IPSEC = 1,
#if (NTDDI_VERSION >= NTDDI_WIN7)
  SOCKET_SECURITY_PROTOCOL_IPSEC2 = 2,
#endif
  SOCKET_SECURITY_PROTOCOL_INVALID /* 3, or 2 when compiled for Vista */
} SOCKET_SECURITY_PROTOCOL;

typedef enum _SOCKET_USAGE_TYPE { SYSTEM_CRITICAL_SOCKET = 1 } SOCKET_USAGE_TYPE;

/* SecurityFlags */
#define SOCKET_SETTINGS_GUARANTEE_ENCRYPTION 0x00000001 /* encryption or nothing */
#define SOCKET_SETTINGS_ALLOW_INSECURE 0x00000002       /* clear text is tolerated */

/* IpsecFlags */
#define SOCKET_SETTINGS_IPSEC_SKIP_FILTER_INSTANTIATION 0x00000001 /* no filters of the socket's own */
#if (NTDDI_VERSION >= NTDDI_WIN7)
#define SOCKET_SETTINGS_IPSEC_OPTIONAL_PEER_NAME_VERIFICATION 0x00000002
#define SOCKET_SETTINGS_IPSEC_ALLOW_FIRST_INBOUND_PKT_UNENCRYPTED 0x00000004
#define SOCKET_SETTINGS_IPSEC_PEER_NAME_IS_RAW_FORMAT 0x00000008
#endif

/* SOCKET_SECURITY_QUERY_INFO.Flags */
#define SOCKET_INFO_CONNECTION_SECURED 0x00000001
#define SOCKET_INFO_CONNECTION_ENCRYPTED 0x00000002
#define SOCKET_INFO_CONNECTION_IMPERSONATED 0x00000004

#if (NTDDI_VERSION >= NTDDI_WIN7)
#define SOCKET_QUERY_IPSEC2_ABORT_CONNECTION_ON_FIELD_CHANGE 0x00000001
#define SOCKET_QUERY_IPSEC2_FIELD_MASK_MM_SA_ID 0x00000001
#define SOCKET_QUERY_IPSEC2_FIELD_MASK_QM_SA_ID 0x00000002
#endif

typedef struct _SOCKET_SECURITY_SETTINGS {
  SOCKET_SECURITY_PROTOCOL SecurityProtocol;
  ULONG SecurityFlags;
} SOCKET_SECURITY_SETTINGS;

typedef struct _SOCKET_SECURITY_SETTINGS_IPSEC {
  SOCKET_SECURITY_PROTOCOL SecurityProtocol; /* IPSEC or IPSEC2 */
  ULONG SecurityFlags;
  ULONG IpsecFlags;
  GUID AuthipMMPolicyKey;    /* zero: the built-in policy */
  GUID AuthipQMPolicyKey;    /* zero: the built-in policy */
  GUID Reserved;             /* zero */
  UINT64 Reserved2;          /* zero */
  ULONG UserNameStringLen;   /* bytes */
  ULONG DomainNameStringLen; /* bytes */
  ULONG PasswordStringLen;   /* bytes */
  WCHAR AllStrings[];        /* user, domain, password; no terminators */
} SOCKET_SECURITY_SETTINGS_IPSEC;

typedef struct _SOCKET_PEER_TARGET_NAME {
  SOCKET_SECURITY_PROTOCOL SecurityProtocol;
  SOCKADDR_STORAGE PeerAddress;
  ULONG PeerTargetNameStringLen; /* bytes */
  WCHAR AllStrings[];
} SOCKET_PEER_TARGET_NAME;

typedef struct _SOCKET_SECURITY_QUERY_TEMPLATE {
  SOCKET_SECURITY_PROTOCOL SecurityProtocol;
  SOCKADDR_STORAGE PeerAddress;
  ULONG PeerTokenAccessMask;
} SOCKET_SECURITY_QUERY_TEMPLATE;

typedef struct _SOCKET_SECURITY_QUERY_INFO {
  SOCKET_SECURITY_PROTOCOL SecurityProtocol;
  ULONG Flags;
  UINT64 PeerApplicationAccessTokenHandle;
  UINT64 PeerMachineAccessTokenHandle;
} SOCKET_SECURITY_QUERY_INFO;

#if (NTDDI_VERSION >= NTDDI_WIN7)
typedef struct _SOCKET_SECURITY_QUERY_TEMPLATE_IPSEC2 {
  SOCKET_SECURITY_PROTOCOL SecurityProtocol;
  SOCKADDR_STORAGE PeerAddress;
  ULONG PeerTokenAccessMask;
  ULONG Flags;
  ULONG FieldMask;
} SOCKET_SECURITY_QUERY_TEMPLATE_IPSEC2;

typedef struct _SOCKET_SECURITY_QUERY_INFO_IPSEC2 {
  SOCKET_SECURITY_PROTOCOL SecurityProtocol;
  ULONG Flags;
  UINT64 PeerApplicationAccessTokenHandle;
  UINT64 PeerMachineAccessTokenHandle;
  UINT64 MmSaId;
  UINT64 QmSaId;
  UINT32 NegotiationWinerr; /* 0 when secured, else ERROR_IPSEC_* */
  GUID SaLookupContext;
} SOCKET_SECURITY_QUERY_INFO_IPSEC2;
#endif

#pragma GCC diagnostic pop

/* Access rights of a peer token. */
#define TOKEN_DUPLICATE 0x0002
#define TOKEN_IMPERSONATE 0x0004
#define TOKEN_QUERY 0x0008
#define TOKEN_READ 0x00020008
#define TOKEN_ALL_ACCESS 0x000F01FF
#define MAXIMUM_ALLOWED 0x02000000

#endif /* NTDDI_VISTA */
#endif /* _WINSOCK2API_ */
#endif
