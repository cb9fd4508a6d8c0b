// model/authip/payload_rules.h: which payloads each message may hold, and how many. Source: the tables of
// authip.md 2.1, 2.3 to 2.7, D-10, D-37.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "model/authip/payloads.h"

namespace ssx::authip {

/// Payload type numbers (authip.md 1.6).
namespace payload_type {
inline constexpr std::uint8_t kSa = 1;
inline constexpr std::uint8_t kKeyExchange = 4;
inline constexpr std::uint8_t kId = 5;
inline constexpr std::uint8_t kHash = 8;
inline constexpr std::uint8_t kNonce = 10;
inline constexpr std::uint8_t kNotify = 11;
inline constexpr std::uint8_t kVendorId = 13;
inline constexpr std::uint8_t kNatD = 20;
inline constexpr std::uint8_t kNatOa = 21;
inline constexpr std::uint8_t kGssApi = 129;
inline constexpr std::uint8_t kFragment = 132;
inline constexpr std::uint8_t kCrypto = 133;
inline constexpr std::uint8_t kGssId = 134;
inline constexpr std::uint8_t kAuth = 135;
inline constexpr std::uint8_t kKeyDictation = 136;
inline constexpr std::uint8_t kKeyDictationWeight = 137;
}  // namespace payload_type

struct PayloadRule {
  std::uint8_t type = 0;
  std::uint8_t min = 0;
  std::uint8_t max = 0;
};
inline constexpr std::uint8_t kMany = 255;

inline constexpr std::array kFirstMessageRules{
    PayloadRule{payload_type::kSa, 1, 1},          PayloadRule{payload_type::kAuth, 1, 1},
    PayloadRule{payload_type::kNonce, 1, 1},       PayloadRule{payload_type::kVendorId, 0, kMany},
    PayloadRule{payload_type::kNatD, 0, kMany},    PayloadRule{payload_type::kGssApi, 0, 1},
    PayloadRule{payload_type::kKeyExchange, 0, 1},
};
inline constexpr std::array kSecondMessageRules{
    PayloadRule{payload_type::kSa, 1, 1},          PayloadRule{payload_type::kAuth, 1, 1},
    PayloadRule{payload_type::kNonce, 2, 2},       PayloadRule{payload_type::kVendorId, 0, kMany},
    PayloadRule{payload_type::kNatD, 0, kMany},    PayloadRule{payload_type::kGssId, 1, 1},
    PayloadRule{payload_type::kKeyExchange, 0, 1},
};
inline constexpr std::array kGssMessageRules{PayloadRule{payload_type::kGssApi, 1, 1}};
/// #5, of the first and of later quick modes.
inline constexpr std::array kQuickModeRequestRules{
    PayloadRule{payload_type::kHash, 1, 1},        PayloadRule{payload_type::kId, 2, 2},
    PayloadRule{payload_type::kSa, 1, 1},          PayloadRule{payload_type::kNonce, 1, 1},
    PayloadRule{payload_type::kKeyExchange, 0, 1}, PayloadRule{payload_type::kNatOa, 0, 2},
    PayloadRule{payload_type::kNotify, 0, kMany},  PayloadRule{payload_type::kKeyDictationWeight, 0, 1},
};
/// #6 of the first quick mode: Nr(qm) was in #2.
inline constexpr std::array kFirstQuickModeResponseRules{
    PayloadRule{payload_type::kHash, 1, 1},
    PayloadRule{payload_type::kId, 2, 2},
    PayloadRule{payload_type::kSa, 1, 1},
    PayloadRule{payload_type::kKeyExchange, 0, 1},
    PayloadRule{payload_type::kNatOa, 0, 2},
    PayloadRule{payload_type::kNotify, 0, kMany},
    PayloadRule{payload_type::kKeyDictationWeight, 0, 1},
};
/// #6 of a later quick mode has Nr(qm) (D-10).
inline constexpr std::array kLaterQuickModeResponseRules{
    PayloadRule{payload_type::kHash, 1, 1},        PayloadRule{payload_type::kId, 2, 2},
    PayloadRule{payload_type::kSa, 1, 1},          PayloadRule{payload_type::kNonce, 1, 1},
    PayloadRule{payload_type::kKeyExchange, 0, 1}, PayloadRule{payload_type::kNatOa, 0, 2},
    PayloadRule{payload_type::kNotify, 0, kMany},  PayloadRule{payload_type::kKeyDictationWeight, 0, 1},
};
/// #7 and #8.
inline constexpr std::array kSynchronizeRules{PayloadRule{payload_type::kNotify, 1, 1}};
inline constexpr std::array kExtendedFirstRequestRules{PayloadRule{payload_type::kAuth, 1, 1}};
inline constexpr std::array kExtendedFirstResponseRules{PayloadRule{payload_type::kAuth, 1, 1},
                                                        PayloadRule{payload_type::kGssId, 1, 1}};
inline constexpr std::array kExtendedFinalRules{PayloadRule{payload_type::kHash, 1, 1}};
/// A stand-alone notify; NOTIFY_ACQUIRE has its two IDs behind it.
inline constexpr std::array kNotifyRules{PayloadRule{payload_type::kNotify, 1, kMany},
                                         PayloadRule{payload_type::kId, 0, 2}};

/// Unknown types of 128 and above are not counted (D-37). @return 13843 and which payload is superfluous or missing
std::optional<Invalid> check_rules(std::span<const PayloadRule> rules, const PayloadSet& payloads);
/// "SA", "Auth", …
std::string payload_name(std::uint8_t type);

}  // namespace ssx::authip
