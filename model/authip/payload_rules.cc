#include "model/authip/payload_rules.h"

#include <algorithm>

#include "model/authip/status.h"

namespace ssx::authip {
namespace {

bool is_known_type(std::uint8_t type) {
  return type < 128 || type == payload_type::kGssApi || (type >= payload_type::kFragment && type <= 137);
}

}  // namespace

std::string payload_name(std::uint8_t type) {
  switch (type) {
    case payload_type::kSa: return "SA";
    case payload_type::kKeyExchange: return "KE";
    case payload_type::kId: return "ID";
    case payload_type::kHash: return "Hash";
    case payload_type::kNonce: return "Nonce";
    case payload_type::kNotify: return "Notify";
    case payload_type::kVendorId: return "Vendor ID";
    case payload_type::kNatD: return "NAT-D";
    case payload_type::kNatOa: return "NAT-OA";
    case payload_type::kGssApi: return "GSS-API";
    case payload_type::kFragment: return "Fragment";
    case payload_type::kCrypto: return "Crypto";
    case payload_type::kGssId: return "GSS_ID";
    case payload_type::kAuth: return "Auth";
    case payload_type::kKeyDictation: return "Key Dictation";
    case payload_type::kKeyDictationWeight: return "Key Dictation Weight";
    default: return "type " + std::to_string(type);
  }
}

std::optional<Invalid> check_rules(std::span<const PayloadRule> rules, const PayloadSet& payloads) {
  for (const std::uint8_t type : payloads.types) {
    if (!is_known_type(type)) continue;
    const bool allowed = std::ranges::any_of(rules, [&](const PayloadRule& rule) { return rule.type == type; });
    if (!allowed) return Invalid{kStatusInvalidPayload, payload_name(type) + " payload does not belong here"};
  }
  for (const PayloadRule& rule : rules) {
    const auto count = std::ranges::count(payloads.types, rule.type);
    if (count < rule.min) return Invalid{kStatusInvalidPayload, payload_name(rule.type) + " payload is missing"};
    if (rule.max != kMany && count > rule.max) {
      return Invalid{kStatusInvalidPayload, "too many " + payload_name(rule.type) + " payloads"};
    }
  }
  return std::nullopt;
}

}  // namespace ssx::authip
