/* tests/api/abi.c: the layouts that a C11 program sees. abi_test.cc hands it to the C compiler; see there. */
#include <assert.h>
#include <stddef.h>

#include "winsock2.h"

#include "mstcpip.h"

#include "ws2tcpip.h"

#include "abi_checks.h"
