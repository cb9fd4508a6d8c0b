#include "model/wire/gss_id_payload.h"

#include <array>
#include <cassert>

namespace ssx::wire {
namespace {

constexpr char32_t kSurrogateFirst = 0xD800;
constexpr char32_t kLowSurrogateFirst = 0xDC00;
constexpr char32_t kSurrogateLast = 0xDFFF;
constexpr char32_t kAstralFirst = 0x10000;
constexpr char32_t kCodePointLast = 0x10FFFF;

bool is_high_surrogate(char32_t unit) { return unit >= kSurrogateFirst && unit < kLowSurrogateFirst; }
bool is_low_surrogate(char32_t unit) { return unit >= kLowSurrogateFirst && unit <= kSurrogateLast; }

/// The code point at `position`, which moves behind it; nothing for an unpaired surrogate.
std::optional<char32_t> next_code_point(std::u16string_view text, std::size_t& position) {
  const char32_t unit = text[position++];
  if (!is_high_surrogate(unit) && !is_low_surrogate(unit)) return unit;
  if (is_low_surrogate(unit) || position == text.size() || !is_low_surrogate(text[position])) return std::nullopt;
  const char32_t low = text[position++];
  return kAstralFirst + ((unit - kSurrogateFirst) << 10) + (low - kLowSurrogateFirst);
}

/// The forms of RFC 3629 section 3: how many octets follow a first octet, its bits, and the least value of the form.
struct Utf8Form {
  unsigned mask;
  unsigned mark;
  std::size_t following;
  char32_t least;
};
constexpr std::array<Utf8Form, 4> kUtf8Forms{
    {{0x80, 0x00, 0, 0}, {0xE0, 0xC0, 1, 0x80}, {0xF0, 0xE0, 2, 0x800}, {0xF8, 0xF0, 3, kAstralFirst}}};

void put_utf8(std::string& out, char32_t code_point) {
  std::size_t form = kUtf8Forms.size() - 1;
  while (code_point < kUtf8Forms[form].least) --form;
  const std::size_t following = kUtf8Forms[form].following;
  out.push_back(static_cast<char>(kUtf8Forms[form].mark | code_point >> (6 * following)));
  for (std::size_t left = following; left-- > 0;) {
    out.push_back(static_cast<char>(0x80 | ((code_point >> (6 * left)) & 0x3F)));
  }
}

/// The code point at `position`, which moves behind it; nothing if it is not in its shortest form or not allowed.
std::optional<char32_t> next_utf8(std::string_view text, std::size_t& position) {
  const auto first = static_cast<unsigned char>(text[position++]);
  for (const Utf8Form& form : kUtf8Forms) {
    if ((first & form.mask) != form.mark) continue;
    char32_t code_point = first & ~form.mask;
    if (text.size() - position < form.following) return std::nullopt;
    for (std::size_t i = 0; i < form.following; ++i) {
      const auto octet = static_cast<unsigned char>(text[position++]);
      if ((octet & 0xC0) != 0x80) return std::nullopt;
      code_point = code_point << 6 | (octet & 0x3FU);
    }
    const bool surrogate = code_point >= kSurrogateFirst && code_point <= kSurrogateLast;
    if (code_point < form.least || code_point > kCodePointLast || surrogate) return std::nullopt;
    return code_point;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> utf8_from_utf16(std::u16string_view text) {
  std::string out;
  for (std::size_t position = 0; position < text.size();) {
    const std::optional<char32_t> code_point = next_code_point(text, position);
    if (!code_point) return std::nullopt;
    put_utf8(out, *code_point);
  }
  return out;
}

std::optional<std::u16string> utf16_from_utf8(std::string_view text) {
  std::u16string out;
  for (std::size_t position = 0; position < text.size();) {
    const std::optional<char32_t> code_point = next_utf8(text, position);
    if (!code_point) return std::nullopt;
    if (*code_point < kAstralFirst) {
      out.push_back(static_cast<char16_t>(*code_point));
    } else {
      out.push_back(static_cast<char16_t>(kSurrogateFirst + ((*code_point - kAstralFirst) >> 10)));
      out.push_back(static_cast<char16_t>(kLowSurrogateFirst + ((*code_point - kAstralFirst) & 0x3FF)));
    }
  }
  return out;
}

bool is_gss_name(std::u16string_view name) {
  if (name.empty() || name.find(u'\0') != std::u16string_view::npos) return false;
  for (std::size_t position = 0; position < name.size();) {
    if (!next_code_point(name, position)) return false;
  }
  return true;
}

expected<GssIdPayload, PayloadErrorKind> parse_gss_id(Octets body) {
  if (body.size() % 2 != 0) return unexpected(PayloadErrorKind::kMalformed);
  GssIdPayload payload;
  for (ByteReader in{body}; in.remaining() > 0;) {
    const unsigned low = in.u8();
    const unsigned high = in.u8();
    payload.name.push_back(static_cast<char16_t>(high << 8 | low));
  }
  // authip.md 1.9: an odd body length, an empty body, or an embedded NUL is malformed.
  if (!is_gss_name(payload.name)) return unexpected(PayloadErrorKind::kMalformed);
  return payload;
}

void emit_body(OctetVector& out, const GssIdPayload& payload) {
  assert(is_gss_name(payload.name));
  ByteWriter writer{out};
  for (const char16_t unit : payload.name) {
    writer.u8(static_cast<std::uint8_t>(unit & 0xFF));
    writer.u8(static_cast<std::uint8_t>(unit >> 8));
  }
}

}  // namespace ssx::wire
