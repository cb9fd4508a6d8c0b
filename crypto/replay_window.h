// crypto/replay_window.h: the anti-replay window. Source: authip.md 7.5, RFC 4303 3.4.3, RFC 4302 3.4.3.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/base/strong.h"

namespace ssx::crypto {

/// Sliding window of `size` numbers, a multiple of 32 and at least 32. check() before the ICV, update() after it is
/// good.
class ReplayWindow {
 public:
  explicit ReplayWindow(std::size_t size = 64);

  /// False for 0, for a number left of the window, and for one that was seen.
  bool check(SequenceNumber number) const;
  /// Marks an authenticated number; check(number) must have been true.
  void update(SequenceNumber number);

  SequenceNumber top() const { return SequenceNumber{top_}; }

 private:
  std::uint32_t top_ = 0;
  std::size_t size_;
  std::vector<std::uint32_t> bits_;
};

}  // namespace ssx::crypto
