// model/authip/status.h: the Windows error codes that AuthIP carries and reports. Source: authip.md 2.17.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ssx::authip {

inline constexpr std::uint32_t kStatusAuthFail = 13801;
inline constexpr std::uint32_t kStatusGeneralProcessing = 13804;
inline constexpr std::uint32_t kStatusTimedOut = 13805;
inline constexpr std::uint32_t kStatusNoCert = 13806;
inline constexpr std::uint32_t kStatusSaDeleted = 13807;
inline constexpr std::uint32_t kStatusSaReaped = 13808;
inline constexpr std::uint32_t kStatusDhFail = 13822;
inline constexpr std::uint32_t kStatusNoPolicy = 13825;
inline constexpr std::uint32_t kStatusProcessErrSa = 13830;
inline constexpr std::uint32_t kStatusProcessErrProposal = 13831;
inline constexpr std::uint32_t kStatusProcessErrTransform = 13832;
inline constexpr std::uint32_t kStatusProcessErrKe = 13833;
inline constexpr std::uint32_t kStatusProcessErrId = 13834;
inline constexpr std::uint32_t kStatusProcessErrHash = 13837;
inline constexpr std::uint32_t kStatusProcessErrNonce = 13839;
inline constexpr std::uint32_t kStatusProcessErrNotify = 13840;
inline constexpr std::uint32_t kStatusProcessErrVendor = 13842;
inline constexpr std::uint32_t kStatusInvalidPayload = 13843;
inline constexpr std::uint32_t kStatusUnknownDoi = 13862;
inline constexpr std::uint32_t kStatusInvalidSituation = 13863;
inline constexpr std::uint32_t kStatusPolicyMatch = 13868;
inline constexpr std::uint32_t kStatusUnsupportedId = 13869;
inline constexpr std::uint32_t kStatusMmLimit = 13882;
inline constexpr std::uint32_t kStatusQmLimit = 13884;
inline constexpr std::uint32_t kStatusMmExpired = 13885;
inline constexpr std::uint32_t kStatusInvalidAuthPayload = 13889;
inline constexpr std::uint32_t kStatusProcessErrNatOa = 13893;
inline constexpr std::uint32_t kStatusInvalidMmForQm = 13894;
inline constexpr std::uint32_t kStatusQmExpired = 13895;

/// What the code means, without the number; "other status" for a code that authip.md 2.17 does not list.
std::string_view status_meaning(std::uint32_t status);
/// "13868 no common proposal"
std::string status_text(std::uint32_t status);

}  // namespace ssx::authip
