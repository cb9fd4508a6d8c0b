// model/base/octets.h: borrowed and owned runs of octets, and big-endian reading and writing of them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ssx {

/// Octets that belong to somebody else: the owner must outlive the view.
using Octets = std::span<const std::byte>;
using MutableOctets = std::span<std::byte>;
using OctetVector = std::vector<std::byte>;

/// Copies borrowed octets into owned ones.
OctetVector to_vector(Octets octets);
/// All parts, one behind the other.
OctetVector concatenate(std::initializer_list<Octets> parts);
/// Appends `tail` to `out`.
void append(OctetVector& out, Octets tail);
/// The octets of a text, borrowed.
Octets as_octets(std::string_view text);
/// The text made of these octets, copied.
std::string to_text(Octets octets);
/// True when both have the same length and the same octets. Not constant time: never for secrets.
bool equal(Octets a, Octets b);

/// Lower-case hexadecimal digits without separators.
std::string to_hex(Octets octets);
/// Reads hexadecimal digits; white space between octets is skipped. Nothing on an odd digit count or another character.
std::optional<OctetVector> from_hex(std::string_view digits);
/// from_hex for constants in code and tests: the text must be well formed (assert).
OctetVector hex(std::string_view digits);

/// Reads big-endian fields off the front of borrowed octets. After the first short read every read gives zeros or
/// nothing, and ok() stays false: a parser checks once, at the end.
class ByteReader {
 public:
  explicit ByteReader(Octets octets) : rest_(octets) {}

  std::uint8_t u8();
  std::uint16_t u16();
  std::uint32_t u32();
  std::uint64_t u64();
  /// The next `count` octets, borrowed.
  Octets take(std::size_t count);
  void skip(std::size_t count) { take(count); }
  /// All that is left, borrowed.
  Octets take_rest() { return take(rest_.size()); }

  bool ok() const { return ok_; }
  std::size_t remaining() const { return rest_.size(); }

 private:
  Octets rest_;
  bool ok_ = true;
};

/// Appends big-endian fields to an owned buffer. Lengths are patched in when they are known, never added up by hand.
class ByteWriter {
 public:
  explicit ByteWriter(OctetVector& out) : out_(out) {}

  void u8(std::uint8_t value);
  void u16(std::uint16_t value);
  void u32(std::uint32_t value);
  void u64(std::uint64_t value);
  void octets(Octets value);
  void zeros(std::size_t count);

  /// Where the next field will be written, from the front of the buffer.
  std::size_t position() const { return out_.size(); }
  /// Overwrites the 16-bit field at `position`.
  void patch_u16(std::size_t position, std::uint16_t value);
  /// Overwrites the 32-bit field at `position`.
  void patch_u32(std::size_t position, std::uint32_t value);

 private:
  OctetVector& out_;
};

/// Big-endian stores into and loads from fixed buffers, for paths that must not allocate. The buffer must be long
/// enough.
inline void store_u16(MutableOctets out, std::uint16_t value) {
  out[0] = static_cast<std::byte>(value >> 8);
  out[1] = static_cast<std::byte>(value);
}
inline void store_u32(MutableOctets out, std::uint32_t value) {
  store_u16(out, static_cast<std::uint16_t>(value >> 16));
  store_u16(out.subspan(2), static_cast<std::uint16_t>(value));
}
inline std::uint16_t load_u16(Octets in) {
  return static_cast<std::uint16_t>((std::to_integer<unsigned>(in[0]) << 8) | std::to_integer<unsigned>(in[1]));
}
inline std::uint32_t load_u32(Octets in) {
  return (static_cast<std::uint32_t>(load_u16(in)) << 16) | load_u16(in.subspan(2));
}

}  // namespace ssx
