// model/wire/buffer_writer.h: big-endian fields into a buffer that somebody else owns; nothing is allocated.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstdint>

#include "model/base/octets.h"

namespace ssx::wire {

/// Writes fields one behind the other. The buffer must be long enough: running out of it is a bug of the caller
/// (assert).
class BufferWriter {
 public:
  explicit BufferWriter(MutableOctets out) : rest_(out), size_(out.size()) {}

  void u8(std::uint8_t value) { claim(1)[0] = std::byte{value}; }
  void u16(std::uint16_t value) { store_u16(claim(2), value); }
  void u32(std::uint32_t value) { store_u32(claim(4), value); }
  void octets(Octets value) { std::ranges::copy(value, claim(value.size()).begin()); }
  void zeros(std::size_t count) { std::ranges::fill(claim(count), std::byte{0}); }

  /// Octets written so far.
  std::size_t position() const { return size_ - rest_.size(); }

 private:
  MutableOctets claim(std::size_t count) {
    assert(count <= rest_.size());
    const MutableOctets field = rest_.first(count);
    rest_ = rest_.subspan(count);
    return field;
  }

  MutableOctets rest_;
  std::size_t size_;
};

/// Appends `count` octets, to be filled in by the caller, and gives them. Valid until `out` changes its size.
inline MutableOctets grow(OctetVector& out, std::size_t count) {
  out.resize(out.size() + count);
  return MutableOctets(out).last(count);
}

}  // namespace ssx::wire
