// model/base/guid.h: globally unique identifiers in Microsoft's layout.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ssx {

/// Sixteen octets in four fields, as in the Windows SDK; the first three fields are integers.
struct Guid {
  std::uint32_t data1 = 0;
  std::uint16_t data2 = 0;
  std::uint16_t data3 = 0;
  std::array<std::uint8_t, 8> data4{};

  friend constexpr auto operator<=>(const Guid&, const Guid&) = default;
  constexpr bool is_zero() const { return *this == Guid{}; }
};

/// Reads "b25ea800-0d02-46ed-92bd-7fa84bb73e9d", with or without braces; nothing if it is not of that form.
constexpr std::optional<Guid> parse_guid(std::string_view text);
/// The form that parse_guid reads, lower case, without braces.
std::string to_string(const Guid& guid);

namespace detail {
constexpr int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}
}  // namespace detail

constexpr std::optional<Guid> parse_guid(std::string_view text) {
  if (text.size() == 38 && text.front() == '{' && text.back() == '}') text = text.substr(1, 36);
  if (text.size() != 36) return std::nullopt;
  std::array<std::uint8_t, 16> octets{};
  std::size_t octet = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (text[i] != '-') return std::nullopt;
      ++i;
      continue;
    }
    const int high = detail::hex_digit(text[i]);
    const int low = detail::hex_digit(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    octets[octet++] = static_cast<std::uint8_t>(high << 4 | low);
    i += 2;
  }
  Guid guid;
  for (std::size_t i = 0; i < 4; ++i) guid.data1 = guid.data1 << 8 | octets[i];
  guid.data2 = static_cast<std::uint16_t>(octets[4] << 8 | octets[5]);
  guid.data3 = static_cast<std::uint16_t>(octets[6] << 8 | octets[7]);
  for (std::size_t i = 0; i < 8; ++i) guid.data4[i] = octets[8 + i];
  return guid;
}

/// For constants: a malformed text does not compile.
consteval Guid guid(std::string_view text) { return parse_guid(text).value(); }

}  // namespace ssx
