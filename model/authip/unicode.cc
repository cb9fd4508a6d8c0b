#include "model/authip/payloads.h"

namespace ssx::authip {
namespace {

constexpr std::uint32_t kSurrogateHigh = 0xD800;
constexpr std::uint32_t kSurrogateLow = 0xDC00;
constexpr std::uint32_t kSurrogateEnd = 0xE000;

void append_utf8(std::string& out, std::uint32_t code) {
  const auto put = [&](std::uint32_t octet) { out += static_cast<char>(octet); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6);
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3F));
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

void append_unit(OctetVector& out, std::uint32_t unit) {
  out.push_back(static_cast<std::byte>(unit));
  out.push_back(static_cast<std::byte>(unit >> 8));
}

/// One code point off the front of `text`; a stray octet stands for itself.
std::uint32_t take_code_point(std::string_view& text) {
  const auto octet = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
  const std::uint32_t first = octet(0);
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
  if (length == 1 || length > text.size()) {
    text.remove_prefix(1);
    return first;
  }
  std::uint32_t code = first & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) code = code << 6 | (octet(i) & 0x3F);
  text.remove_prefix(length);
  return code;
}

}  // namespace

std::optional<std::string> utf8_from_utf16le(Octets octets) {
  std::string text;
  for (std::size_t i = 0; i + 1 < octets.size(); i += 2) {
    const auto unit = [&](std::size_t at) {
      return std::to_integer<std::uint32_t>(octets[at]) | std::to_integer<std::uint32_t>(octets[at + 1]) << 8;
    };
    std::uint32_t code = unit(i);
    if (code >= kSurrogateLow && code < kSurrogateEnd) return std::nullopt;
    if (code >= kSurrogateHigh && code < kSurrogateLow) {
      if (i + 3 >= octets.size()) return std::nullopt;
      const std::uint32_t low = unit(i + 2);
      if (low < kSurrogateLow || low >= kSurrogateEnd) return std::nullopt;
      code = 0x10000 + ((code - kSurrogateHigh) << 10) + (low - kSurrogateLow);
      i += 2;
    }
    append_utf8(text, code);
  }
  return text;
}

OctetVector utf16le_from_utf8(std::string_view text) {
  OctetVector out;
  while (!text.empty()) {
    const std::uint32_t code = take_code_point(text);
    if (code < 0x10000) {
      append_unit(out, code);
    } else {
      append_unit(out, kSurrogateHigh + ((code - 0x10000) >> 10));
      append_unit(out, kSurrogateLow + ((code - 0x10000) & 0x3FF));
    }
  }
  return out;
}

}  // namespace ssx::authip
