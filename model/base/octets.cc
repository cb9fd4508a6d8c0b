#include "model/base/octets.h"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace ssx {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

std::optional<unsigned> hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return static_cast<unsigned>(digit - '0');
  if (digit >= 'a' && digit <= 'f') return static_cast<unsigned>(digit - 'a' + 10);
  if (digit >= 'A' && digit <= 'F') return static_cast<unsigned>(digit - 'A' + 10);
  return std::nullopt;
}

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

}  // namespace

OctetVector to_vector(Octets octets) { return OctetVector(octets.begin(), octets.end()); }

OctetVector concatenate(std::initializer_list<Octets> parts) {
  std::size_t size = 0;
  for (const Octets part : parts) size += part.size();
  OctetVector out;
  out.reserve(size);
  for (const Octets part : parts) append(out, part);
  return out;
}

void append(OctetVector& out, Octets tail) { out.insert(out.end(), tail.begin(), tail.end()); }

Octets as_octets(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }

std::string to_text(Octets octets) {
  std::string text(octets.size(), '\0');
  if (!octets.empty()) std::memcpy(text.data(), octets.data(), octets.size());
  return text;
}

bool equal(Octets a, Octets b) { return std::ranges::equal(a, b); }

std::string to_hex(Octets octets) {
  std::string text;
  text.reserve(octets.size() * 2);
  for (const std::byte octet : octets) {
    text.push_back(kHexDigits[std::to_integer<unsigned>(octet) >> 4]);
    text.push_back(kHexDigits[std::to_integer<unsigned>(octet) & 0xF]);
  }
  return text;
}

std::optional<OctetVector> from_hex(std::string_view digits) {
  OctetVector out;
  out.reserve(digits.size() / 2);
  for (std::size_t i = 0; i < digits.size();) {
    if (is_space(digits[i])) {
      ++i;
      continue;
    }
    if (i + 1 == digits.size()) return std::nullopt;
    const auto high = hex_value(digits[i]);
    const auto low = hex_value(digits[i + 1]);
    if (!high || !low) return std::nullopt;
    out.push_back(static_cast<std::byte>(*high << 4 | *low));
    i += 2;
  }
  return out;
}

OctetVector hex(std::string_view digits) {
  auto octets = from_hex(digits);
  assert(octets.has_value());
  return std::move(octets).value_or(OctetVector{});
}

Octets ByteReader::take(std::size_t count) {
  if (count > rest_.size()) {
    ok_ = false;
    rest_ = {};
    return {};
  }
  const Octets taken = rest_.first(count);
  rest_ = rest_.subspan(count);
  return taken;
}

std::uint8_t ByteReader::u8() {
  const Octets taken = take(1);
  return taken.empty() ? std::uint8_t{0} : std::to_integer<std::uint8_t>(taken[0]);
}

std::uint16_t ByteReader::u16() {
  const Octets taken = take(2);
  return taken.empty() ? std::uint16_t{0} : load_u16(taken);
}

std::uint32_t ByteReader::u32() {
  const Octets taken = take(4);
  return taken.empty() ? std::uint32_t{0} : load_u32(taken);
}

std::uint64_t ByteReader::u64() {
  const Octets taken = take(8);
  if (taken.empty()) return 0;
  return (static_cast<std::uint64_t>(load_u32(taken)) << 32) | load_u32(taken.subspan(4));
}

void ByteWriter::u8(std::uint8_t value) { out_.push_back(static_cast<std::byte>(value)); }

void ByteWriter::u16(std::uint16_t value) {
  u8(static_cast<std::uint8_t>(value >> 8));
  u8(static_cast<std::uint8_t>(value));
}

void ByteWriter::u32(std::uint32_t value) {
  u16(static_cast<std::uint16_t>(value >> 16));
  u16(static_cast<std::uint16_t>(value));
}

void ByteWriter::u64(std::uint64_t value) {
  u32(static_cast<std::uint32_t>(value >> 32));
  u32(static_cast<std::uint32_t>(value));
}

void ByteWriter::octets(Octets value) { append(out_, value); }

void ByteWriter::zeros(std::size_t count) { out_.resize(out_.size() + count); }

void ByteWriter::patch_u16(std::size_t position, std::uint16_t value) {
  store_u16(MutableOctets(out_).subspan(position, 2), value);
}

void ByteWriter::patch_u32(std::size_t position, std::uint32_t value) {
  store_u32(MutableOctets(out_).subspan(position, 4), value);
}

}  // namespace ssx
