#include "lab/wide_text.h"

#include <cstdint>

namespace ssx::lab {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

/// Takes one code point off the front (RFC 3629 3).
char32_t next_code_point(std::string_view& rest) {
  const auto first = static_cast<std::uint8_t>(rest.front());
  rest.remove_prefix(1);
  if (first < 0x80) return first;
  const int more = first >= 0xF0 && first < 0xF5   ? 3
                   : first >= 0xE0 && first < 0xF0 ? 2
                   : first >= 0xC2 && first < 0xE0 ? 1
                                                   : 0;
  if (more == 0) return kReplacement;
  char32_t point = first & (0x3FU >> more);
  for (int i = 0; i < more; ++i) {
    if (rest.empty() || (static_cast<std::uint8_t>(rest.front()) & 0xC0) != 0x80) return kReplacement;
    point = point << 6 | (static_cast<std::uint8_t>(rest.front()) & 0x3FU);
    rest.remove_prefix(1);
  }
  const bool overlong = (more == 2 && point < 0x800) || (more == 3 && point < 0x10000);
  const bool surrogate = point >= 0xD800 && point < 0xE000;
  return overlong || surrogate || point > 0x10FFFF ? kReplacement : point;
}

}  // namespace

std::u16string to_utf16(std::string_view utf8) {
  std::u16string out;
  while (!utf8.empty()) {
    const char32_t point = next_code_point(utf8);
    if (point < 0x10000) {
      out.push_back(static_cast<char16_t>(point));
    } else {
      out.push_back(static_cast<char16_t>(0xD800 + ((point - 0x10000) >> 10)));
      out.push_back(static_cast<char16_t>(0xDC00 + ((point - 0x10000) & 0x3FF)));
    }
  }
  return out;
}

}  // namespace ssx::lab
