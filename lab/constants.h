// lab/constants.h: the names of Windows' constants that scenario files use, with their values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ssx::lab {

/// "WSAEINVAL" -> 10022, … in the order of the values.
const std::vector<std::pair<std::string_view, std::uint32_t>>& winsock_errors();
/// The name of a WSA or ERROR_IPSEC_* code, or the number as text.
std::string error_name(std::uint32_t code);
/// ERROR_IPSEC_IKE_* and datapath codes: "ERROR_IPSEC_IKE_POLICY_MATCH" -> 13868, …
const std::vector<std::pair<std::string_view, std::uint32_t>>& ipsec_errors();

}  // namespace ssx::lab
