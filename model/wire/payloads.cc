#include "model/wire/payloads.h"

#include <cassert>

#include "model/base/overloaded.h"

namespace ssx::wire {
namespace {

constexpr std::uint8_t kFirstPrivateType = 128;

using Result = expected<Payload, PayloadError>;

/// An element's value or error, with the payload that it is about.
template <class Element>
Result placed(expected<Element, PayloadErrorKind> element, const RawPayload& raw) {
  if (!element) return unexpected(PayloadError{element.error(), raw.type, raw.offset});
  return Payload{std::move(*element)};
}

Result read_sa(const RawPayload& raw) {
  auto sa = parse_sa(raw.body, raw.offset);
  if (!sa) return unexpected(sa.error());
  return Payload{std::move(*sa)};
}

Result read_unknown(const RawPayload& raw) {
  // D-37: unknown types 128 and above are ignored, below 128 they are invalid.
  if (static_cast<std::uint8_t>(raw.type) >= kFirstPrivateType) {
    return Payload{UnknownPayload{raw.type, to_vector(raw.body)}};
  }
  return unexpected(PayloadError{PayloadErrorKind::kNotAllowed, raw.type, raw.offset});
}

Result read_one(const RawPayload& raw) {
  switch (raw.type) {
    case PayloadType::kSa: return read_sa(raw);
    case PayloadType::kKeyExchange: return placed(parse_ke(raw.body), raw);
    case PayloadType::kId: return placed(parse_id(raw.body), raw);
    case PayloadType::kHash: return placed(parse_hash(raw.body), raw);
    case PayloadType::kNonce: return placed(parse_nonce(raw.body), raw);
    case PayloadType::kNotify: return placed(parse_notify(raw.body), raw);
    case PayloadType::kVendorId: return placed(parse_vendor_id(raw.body), raw);
    case PayloadType::kNatD: return placed(parse_nat_d(raw.body), raw);
    case PayloadType::kNatOa: return placed(parse_nat_oa(raw.body), raw);
    case PayloadType::kGssApi: return placed(parse_gss_api(raw.body), raw);
    case PayloadType::kGssId: return placed(parse_gss_id(raw.body), raw);
    case PayloadType::kAuth: return placed(parse_auth(raw.body), raw);
    case PayloadType::kKeyDictationWeight: return placed(parse_key_weight(raw.body), raw);
    case PayloadType::kNatDDraft:  // IKEv1's with the draft revision only: here a private type like any other
    case PayloadType::kNatOaDraft: return read_unknown(raw);
    case PayloadType::kCrypto:        // authip.md 1.7: exactly one per message, in front
    case PayloadType::kFragment:      // 1.17: the sole payload of its message
    case PayloadType::kKeyDictation:  // D-36
    case PayloadType::kNone:
    case PayloadType::kProposal:
    case PayloadType::kTransform:
    case PayloadType::kCertificate:
    case PayloadType::kCertificateRequest:
    case PayloadType::kSignature:
    case PayloadType::kDelete: return unexpected(PayloadError{PayloadErrorKind::kNotAllowed, raw.type, raw.offset});
  }
  return read_unknown(raw);
}

void emit_body(OctetVector& out, const UnknownPayload& payload) { append(out, payload.octets); }

}  // namespace

PayloadType type_of(const Payload& payload) {
  return std::visit(Overloaded{[](const SaPayload&) { return PayloadType::kSa; },
                               [](const KePayload&) { return PayloadType::kKeyExchange; },
                               [](const IdPayload&) { return PayloadType::kId; },
                               [](const HashPayload&) { return PayloadType::kHash; },
                               [](const NoncePayload&) { return PayloadType::kNonce; },
                               [](const NotifyPayload&) { return PayloadType::kNotify; },
                               [](const VendorIdPayload&) { return PayloadType::kVendorId; },
                               [](const NatDPayload&) { return PayloadType::kNatD; },
                               [](const NatOaPayload&) { return PayloadType::kNatOa; },
                               [](const GssApiPayload&) { return PayloadType::kGssApi; },
                               [](const GssIdPayload&) { return PayloadType::kGssId; },
                               [](const AuthPayload&) { return PayloadType::kAuth; },
                               [](const KeyWeightPayload&) { return PayloadType::kKeyDictationWeight; },
                               [](const UnknownPayload& unknown) { return unknown.type; }},
                    payload);
}

expected<std::vector<Payload>, PayloadError> parse_payloads(PayloadType first_type, Octets octets) {
  const auto chain = walk_chain(first_type, octets);
  if (!chain) return unexpected(chain.error());
  std::vector<Payload> payloads;
  payloads.reserve(chain->size());
  for (const RawPayload& raw : *chain) {
    Result payload = read_one(raw);
    if (!payload) return unexpected(payload.error());
    payloads.push_back(std::move(*payload));
  }
  return payloads;
}

PayloadChain emit_payloads(const std::vector<Payload>& payloads) {
  PayloadChain chain;
  ChainWriter writer{chain.octets};
  for (const Payload& payload : payloads) {
    writer.start(type_of(payload));
    std::visit([&chain](const auto& element) { emit_body(chain.octets, element); }, payload);
    writer.finish();
  }
  chain.first_type = writer.first_type();
  return chain;
}

}  // namespace ssx::wire
