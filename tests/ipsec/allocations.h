// tests/ipsec/allocations.h: counts what the test program allocates.
#pragma once

#include <cstddef>

namespace ssx::ipsec {

/// How often operator new has been called since the program began.
std::size_t allocations();

}  // namespace ssx::ipsec
