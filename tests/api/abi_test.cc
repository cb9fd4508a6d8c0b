// What programs see of the headers. The layouts are asserted twice: here for C++ when this file is compiled, and in
// abi.c for C11. The test area is built from C++ files only, so a test calls the C compiler for abi.c, and for the
// programs that must not compile.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdlib>
#include <string>
#include <type_traits>

#include "support/conformance.h"
#include "winsock2.h"

#include "mstcpip.h"

#include "ws2tcpip.h"

#include "abi_checks.h"

namespace ssx::api {
namespace {

/// Whether the C compiler accepts what `arguments` name.
bool compiles(const std::string& arguments) {
  const std::string root = SSX_SOURCE_DIR;
  const std::string command = "cc -std=c11 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I'" + root +
                              "/api/include' -I'" + root + "/tests/api' " + arguments + " >/dev/null 2>&1";
  return std::system(command.c_str()) == 0;
}

/// A program of `lines`, which may not contain a single quote.
bool compiles_text(const std::string& lines, const std::string& flags = "") {
  const std::string root = SSX_SOURCE_DIR;
  const std::string command = "printf '%b' '" + lines + "' | cc -std=c11 -Wall -Wextra -Werror -fsyntax-only -I'" +
                              root + "/api/include' " + flags + " -x c - >/dev/null 2>&1";
  return std::system(command.c_str()) == 0;
}

const std::string kHeaders = "#include <winsock2.h>\\n#include <mstcpip.h>\\n#include <ws2tcpip.h>\\n";

TEST(Abi, C006LayoutsAndValuesAreThoseOfWindowsX64InCAndCpp) {
  CONFORMANCE("C-006", "C-007", "C-008", "C-009", "C-010", "C-011", "C-012", "C-013", "C-014", "C-016", "C-017",
              "C-018", "C-019", "C-020", "C-021", "C-022", "C-025");
  static_assert(alignof(SOCKADDR_STORAGE) == 8);
  static_assert(std::is_same_v<decltype(SOCKET_SECURITY_QUERY_INFO::PeerMachineAccessTokenHandle), UINT64>);
  EXPECT_TRUE(compiles("'" SSX_SOURCE_DIR "/tests/api/abi.c'"));
}

TEST(Abi, C022WideCharactersAreShortWhereTheProgramIsBuiltSo) {
  CONFORMANCE("C-022");
  EXPECT_TRUE(compiles_text(
      kHeaders + "#include <assert.h>\\nstatic_assert(sizeof(WCHAR) == 2 && sizeof(L\"x\") == 4, \"short\");\\n"
                 "const WCHAR *name = L\"x\";\\n",
      "-fshort-wchar"));
}

TEST(Abi, C001TheOrderOfIncludesDecidesWhetherTheSixAreDeclared) {
  CONFORMANCE("C-001");
  const std::string uses =
      "void *all[] = {(void *)WSASetSocketSecurity, (void *)WSAQuerySocketSecurity, (void "
      "*)WSASetSocketPeerTargetName, "
      "(void *)WSADeleteSocketPeerTargetName, (void *)WSAImpersonateSocketPeer, (void *)WSARevertImpersonation};\\n";
  EXPECT_TRUE(compiles_text(kHeaders + uses, "-D_WIN32_WINNT=0x0600"));
  EXPECT_TRUE(compiles_text(kHeaders + uses, "-D_WIN32_WINNT=0x0601"));
  EXPECT_FALSE(compiles_text(kHeaders + uses, "-D_WIN32_WINNT=0x0502"));
  EXPECT_FALSE(compiles_text("#include <winsock2.h>\\n#include <ws2tcpip.h>\\n#include <mstcpip.h>\\n" + uses));
}

TEST(Abi, C002TheMacroSaysThatTheTypesAreThere) {
  CONFORMANCE("C-002", "C-003");
  const std::string needs = "#ifndef _SECURE_SOCKET_TYPES_DEFINED_\\n#error missing\\n#endif\\nint x;\\n";
  const std::string refuses = "#ifdef _SECURE_SOCKET_TYPES_DEFINED_\\n#error there\\n#endif\\nint SIO_SET_SECURITY;\\n";
  EXPECT_TRUE(compiles_text(kHeaders + needs));
  EXPECT_TRUE(compiles_text("#include <mstcpip.h>\\n" + refuses));
  EXPECT_TRUE(compiles_text(kHeaders + refuses, "-D_WIN32_WINNT=0x0502"));
}

TEST(Abi, C015AVistaProgramSeesNoSecondVersion) {
  CONFORMANCE("C-015");
  const std::string vista = "-D_WIN32_WINNT=0x0600";
  EXPECT_TRUE(compiles_text(kHeaders + "int values[SOCKET_SECURITY_PROTOCOL_INVALID == 2 ? 1 : -1];\\n", vista));
  for (const char* use :
       {"int v = SOCKET_SECURITY_PROTOCOL_IPSEC2;", "SOCKET_SECURITY_QUERY_TEMPLATE_IPSEC2 v;",
        "SOCKET_SECURITY_QUERY_INFO_IPSEC2 v;", "int v = SOCKET_SETTINGS_IPSEC_PEER_NAME_IS_RAW_FORMAT;",
        "int v = SOCKET_QUERY_IPSEC2_FIELD_MASK_MM_SA_ID;"}) {
    EXPECT_TRUE(compiles_text(kHeaders + use + "\\n")) << use;
    EXPECT_FALSE(compiles_text(kHeaders + use + "\\n", vista)) << use;
  }
}

TEST(Abi, C004TheSixFunctionsHaveTheirSignatures) {
  CONFORMANCE("C-004", "C-005");
  using Routine = LPWSAOVERLAPPED_COMPLETION_ROUTINE;
  static_assert(
      std::is_same_v<decltype(&WSASetSocketSecurity),
                     std::int32_t (*)(SOCKET, const SOCKET_SECURITY_SETTINGS*, ULONG, LPWSAOVERLAPPED, Routine)>);
  static_assert(
      std::is_same_v<decltype(&WSASetSocketPeerTargetName),
                     std::int32_t (*)(SOCKET, const SOCKET_PEER_TARGET_NAME*, ULONG, LPWSAOVERLAPPED, Routine)>);
  static_assert(std::is_same_v<decltype(&WSADeleteSocketPeerTargetName),
                               std::int32_t (*)(SOCKET, const sockaddr*, ULONG, LPWSAOVERLAPPED, Routine)>);
  static_assert(std::is_same_v<decltype(&WSAQuerySocketSecurity),
                               std::int32_t (*)(SOCKET, const SOCKET_SECURITY_QUERY_TEMPLATE*, ULONG,
                                                SOCKET_SECURITY_QUERY_INFO*, ULONG*, LPWSAOVERLAPPED, Routine)>);
  static_assert(std::is_same_v<decltype(&WSAImpersonateSocketPeer), std::int32_t (*)(SOCKET, const sockaddr*, ULONG)>);
  static_assert(std::is_same_v<decltype(&WSARevertImpersonation), std::int32_t (*)()>);
  // C linkage: a C program declares the same link names.
  EXPECT_TRUE(compiles_text(kHeaders + "INT (*revert)(VOID) = WSARevertImpersonation;\\n"));
}

}  // namespace
}  // namespace ssx::api
