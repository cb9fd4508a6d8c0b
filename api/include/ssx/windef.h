/* ssx/windef.h: Windows' basic types for the Windows-shaped headers, with Windows x64 sizes. Source: api-contract.md
 * 0.3.
 *
 * Conventions of all headers in this folder:
 *  - C11 and C++20; no C++ type, no exception, no callback from another thread.
 *  - ULONG, DWORD and LONG have 32 bits, WCHAR has 16 bits: wchar_t where that has 16 bits (-fshort-wchar), else
 * char16_t.
 *  - Functions are declared under Microsoft's names and linked under names that begin with ssx_, so that the C
 * library's own sockets can live in the same program. A file that includes these headers must not include
 * <sys/socket.h>.
 *  - SAL annotations are empty. */
#ifndef SSX_WINDEF_H
#define SSX_WINDEF_H

#include <stddef.h>
#include <stdint.h>
#ifndef __cplusplus
#include <uchar.h>
#endif

#ifndef _WIN32_WINNT
#define _WIN32_WINNT 0x0601
#endif
#define NTDDI_VISTA 0x06000000
#define NTDDI_WIN7 0x06010000
#ifndef NTDDI_VERSION
#define NTDDI_VERSION (((_WIN32_WINNT) << 16) & 0xFFFF0000)
#endif

typedef uint8_t UCHAR, BYTE, UINT8;
typedef char CHAR;
typedef int16_t SHORT;
typedef uint16_t USHORT, WORD, UINT16;
typedef int32_t INT, LONG, INT32;
typedef uint32_t UINT, ULONG, DWORD, UINT32;
typedef int64_t INT64, LONGLONG;
typedef uint64_t UINT64, ULONGLONG, DWORD64;
typedef int32_t BOOL;
typedef uintptr_t UINT_PTR, ULONG_PTR, DWORD_PTR;
typedef void *PVOID, *LPVOID, *HANDLE;
typedef const void* LPCVOID;
typedef DWORD* LPDWORD;
typedef ULONG* PULONG;
typedef char *LPSTR, *PSTR;
typedef const char *LPCSTR, *PCSTR;
#if __SIZEOF_WCHAR_T__ == 2
#ifndef __cplusplus
typedef __WCHAR_TYPE__ WCHAR;
#else
typedef wchar_t WCHAR;
#endif
#else
typedef char16_t WCHAR;
#endif
typedef WCHAR *LPWSTR, *PWSTR;
typedef const WCHAR *LPCWSTR, *PCWSTR;

#ifndef VOID
#define VOID void
#endif
#ifndef TRUE
#define TRUE 1
#endif
#ifndef FALSE
#define FALSE 0
#endif
#ifndef IN
#define IN
#endif
#ifndef OUT
#define OUT
#endif
#define WINAPI
#define WSAAPI
#define CALLBACK
#define PASCAL
#define INVALID_HANDLE_VALUE ((HANDLE)(intptr_t)-1)
#define MAKEWORD(low, high) ((WORD)(((BYTE)(low)) | ((WORD)((BYTE)(high))) << 8))
#define LOBYTE(word) ((BYTE)((word)&0xFF))
#define HIBYTE(word) ((BYTE)(((word) >> 8) & 0xFF))

typedef struct _GUID {
  ULONG Data1;
  USHORT Data2;
  USHORT Data3;
  UCHAR Data4[8];
} GUID;

/* The link name of a function that is declared under Microsoft's name. */
#define SSX_LINK_NAME(name) __asm__("ssx_" #name)

#ifdef __cplusplus
#define SSX_BEGIN_C extern "C" {
#define SSX_END_C }
#else
#define SSX_BEGIN_C
#define SSX_END_C
#endif

SSX_BEGIN_C
DWORD WINAPI GetLastError(void) SSX_LINK_NAME(GetLastError);
VOID WINAPI SetLastError(DWORD dwErrCode) SSX_LINK_NAME(SetLastError);
BOOL WINAPI CloseHandle(HANDLE hObject) SSX_LINK_NAME(CloseHandle);
SSX_END_C

#endif
