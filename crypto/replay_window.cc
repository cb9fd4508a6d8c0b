#include "crypto/replay_window.h"

#include <cassert>

namespace ssx::crypto {
namespace {

constexpr std::size_t kWordBits = 32;

}  // namespace

ReplayWindow::ReplayWindow(std::size_t size) : size_(size), bits_(size / kWordBits) {
  assert(size >= kWordBits && size % kWordBits == 0);
}

// The bit of number n stands at n mod size: the window slides without moving bits.
bool ReplayWindow::check(SequenceNumber number) const {
  const std::uint32_t n = number.value;
  if (n == 0) return false;
  if (n > top_) return true;
  if (top_ - n >= size_) return false;
  const std::size_t bit = n % size_;
  return (bits_[bit / kWordBits] >> (bit % kWordBits) & 1U) == 0;
}

void ReplayWindow::update(SequenceNumber number) {
  assert(check(number));
  const std::uint32_t n = number.value;
  if (n > top_) {
    // The numbers between the old and the new top enter the window unseen.
    const std::uint32_t entering = n - top_;
    if (entering >= size_) {
      bits_.assign(bits_.size(), 0);
    } else {
      for (std::uint32_t i = top_ + 1; i != n; ++i) bits_[i % size_ / kWordBits] &= ~(1U << (i % size_ % kWordBits));
    }
    top_ = n;
  }
  const std::size_t bit = n % size_;
  bits_[bit / kWordBits] |= 1U << (bit % kWordBits);
}

}  // namespace ssx::crypto
