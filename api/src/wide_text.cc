#include "api/src/wide_text.h"

#include <cstdint>

namespace ssx::api {
namespace {

void append_utf8(std::string& out, char32_t point) {
  const auto put = [&out](char32_t value) { out.push_back(static_cast<char>(value)); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xC0 | point >> 6);
    put(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    put(0xE0 | point >> 12);
    put(0x80 | (point >> 6 & 0x3F));
    put(0x80 | (point & 0x3F));
  } else {
    put(0xF0 | point >> 18);
    put(0x80 | (point >> 12 & 0x3F));
    put(0x80 | (point >> 6 & 0x3F));
    put(0x80 | (point & 0x3F));
  }
}

char16_t unit_at(Octets octets, std::size_t index) {
  return static_cast<char16_t>(std::to_integer<unsigned>(octets[index]) | std::to_integer<unsigned>(octets[index + 1])
                                                                              << 8);
}

bool is_high(char16_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool is_low(char16_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

}  // namespace

std::string utf8_of_utf16le(Octets octets) {
  std::string out;
  for (std::size_t i = 0; i + 1 < octets.size(); i += 2) {
    const char16_t unit = unit_at(octets, i);
    if (is_high(unit) && i + 3 < octets.size() && is_low(unit_at(octets, i + 2))) {
      append_utf8(out, 0x10000 + ((unit - 0xD800U) << 10) + (unit_at(octets, i + 2) - 0xDC00U));
      i += 2;
    } else {
      append_utf8(out, is_high(unit) || is_low(unit) ? char32_t{0xFFFD} : char32_t{unit});
    }
  }
  return out;
}

}  // namespace ssx::api
