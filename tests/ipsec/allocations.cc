#include "ipsec/allocations.h"

#include <cstdlib>
#include <new>

namespace {
std::size_t count = 0;
}  // namespace

// In a file of their own, where no caller is compiled into them.
void* operator new(std::size_t size) {
  ++count;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace ssx::ipsec {

std::size_t allocations() { return count; }

}  // namespace ssx::ipsec
