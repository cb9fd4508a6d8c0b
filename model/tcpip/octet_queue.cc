#include "model/tcpip/octet_queue.h"

#include <cassert>

namespace ssx::tcpip {

void OctetQueue::pop(std::size_t count) {
  assert(count <= size());
  front_ += count;
  // Moving the rest only when it is the smaller part makes each octet move less than once on average.
  if (front_ * 2 >= octets_.size()) {
    octets_.erase(octets_.begin(), octets_.begin() + static_cast<std::ptrdiff_t>(front_));
    front_ = 0;
  }
}

void OctetQueue::clear() {
  octets_.clear();
  front_ = 0;
}

}  // namespace ssx::tcpip
