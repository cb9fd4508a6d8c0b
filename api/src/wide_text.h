// api/src/wide_text.h: UTF-16LE octets as UTF-8 text.
#pragma once

#include <string>

#include "model/base/octets.h"

namespace ssx::api {

/// An odd last octet is ignored; a lone surrogate becomes U+FFFD.
std::string utf8_of_utf16le(Octets octets);

}  // namespace ssx::api
