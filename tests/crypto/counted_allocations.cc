#include "crypto/counted_allocations.h"

#include <openssl/crypto.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::size_t> allocations{0};

void* counted_malloc(std::size_t size, const char*, int) {
  ++allocations;
  return std::malloc(size);
}
void* counted_realloc(void* old, std::size_t size, const char*, int) {
  ++allocations;
  return std::realloc(old, size);
}
void uncounted_free(void* old, const char*, int) { std::free(old); }

// Possible only before the library's first allocation of its own, so before main.
const int kLibraryIsCounted = CRYPTO_set_mem_functions(counted_malloc, counted_realloc, uncounted_free);

}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace ssx::crypto {

std::size_t allocations_so_far() { return allocations; }
bool library_allocations_are_counted() { return kLibraryIsCounted == 1; }

}  // namespace ssx::crypto
