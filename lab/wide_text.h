// lab/wide_text.h: UTF-8 text as the 16-bit characters of the Windows-shaped functions.
#pragma once

#include <string>
#include <string_view>

namespace ssx::lab {

/// Malformed UTF-8 becomes U+FFFD.
std::u16string to_utf16(std::string_view utf8);

}  // namespace ssx::lab
