// crypto/ah_mutable_fields.h: headers as AH's ICV sees them. Internal to crypto/. Source: authip.md 7.7, RFC
// 4302 3.3.3.1.
#pragma once

#include "model/base/octets.h"

namespace ssx::crypto {

/// Changes the headers in front of AH into what the ICV covers: mutable fields and options become zero, predictable
/// ones what they will be on arrival. Total: both ends treat malformed options alike.
/// @param headers  IPv4 header with options, or IPv6 header with extension headers, as read_ip_layout found them
void zero_mutable_fields(MutableOctets headers, bool is_v4);

}  // namespace ssx::crypto
