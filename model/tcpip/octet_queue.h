// model/tcpip/octet_queue.h: a first-in first-out run of octets that can be read in place.
#pragma once

#include <cstddef>

#include "model/base/octets.h"

namespace ssx::tcpip {

/// Octets stay contiguous; taking from the front is amortised constant time.
class OctetQueue {
 public:
  std::size_t size() const { return octets_.size() - front_; }
  bool empty() const { return size() == 0; }
  /// All octets, front first; BORROWED until the next change.
  Octets view() const { return Octets(octets_).subspan(front_); }
  void push(Octets octets) { append(octets_, octets); }
  /// Removes `count` octets from the front; there must be so many.
  void pop(std::size_t count);
  void clear();

  friend bool operator==(const OctetQueue& a, const OctetQueue& b) { return equal(a.view(), b.view()); }

 private:
  OctetVector octets_;
  std::size_t front_ = 0;
};

}  // namespace ssx::tcpip
