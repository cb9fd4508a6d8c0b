// tests/crypto/counted_allocations.h: how often this program has asked for memory.
#pragma once

#include <cstddef>

namespace ssx::crypto {

/// Calls of operator new, and allocations of OpenSSL, since the program began.
std::size_t allocations_so_far();
/// False if OpenSSL had allocated before it could be told to use our functions.
bool library_allocations_are_counted();

}  // namespace ssx::crypto
