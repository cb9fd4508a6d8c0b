// api/src/address_text.cc: inet_pton and inet_ntop. Source: Winsock reference pages of the two functions.
#include <cstring>
#include <string>

#include "api/src/edge.h"
#include "model/base/address.h"
#include "winsock2.h"

#include "ws2tcpip.h"

using namespace ssx;       // NOLINT: this file is the C edge
using namespace ssx::api;  // NOLINT

extern "C" {

// 1: converted; 0: not an address of that family; -1 with a code: the arguments are wrong.
INT WSAAPI inet_pton(INT Family, PCSTR pszAddrString, PVOID pAddrBuf) {
  if (Family != AF_INET && Family != AF_INET6) return fail(WSAEAFNOSUPPORT);
  if (pszAddrString == nullptr || pAddrBuf == nullptr) return fail(WSAEFAULT);
  const auto address = parse_address(pszAddrString);
  if (!address || address->is_v4() != (Family == AF_INET)) return 0;
  std::memcpy(pAddrBuf, address->octets().data(), address->octets().size());
  return 1;
}

PCSTR WSAAPI inet_ntop(INT Family, const VOID* pAddr, PSTR pStringBuf, size_t StringBufSize) {
  if (Family != AF_INET && Family != AF_INET6) {
    set_last_error(WSAEAFNOSUPPORT);
    return nullptr;
  }
  if (pAddr == nullptr || pStringBuf == nullptr) {
    set_last_error(WSA_INVALID_PARAMETER);
    return nullptr;
  }
  const std::string text =
      to_string(*IpAddress::from_octets(Octets(static_cast<const std::byte*>(pAddr), Family == AF_INET ? 4 : 16)));
  if (StringBufSize <= text.size()) {
    set_last_error(WSA_INVALID_PARAMETER);  // no room for the text and its terminator
    return nullptr;
  }
  std::memcpy(pStringBuf, text.c_str(), text.size() + 1);
  return pStringBuf;
}

}  // extern "C"
