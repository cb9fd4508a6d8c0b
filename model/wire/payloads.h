// model/wire/payloads.h: all payloads of an AuthIP message as values. Source: authip.md 1.6, 1.18 step 8, D-37.
#pragma once

#include <variant>
#include <vector>

#include "model/base/expected.h"
#include "model/base/octets.h"
#include "model/wire/auth_payload.h"
#include "model/wire/generic_payload.h"
#include "model/wire/gss_api_payload.h"
#include "model/wire/gss_id_payload.h"
#include "model/wire/hash_payload.h"
#include "model/wire/id_payload.h"
#include "model/wire/ke_payload.h"
#include "model/wire/key_weight_payload.h"
#include "model/wire/nat_payloads.h"
#include "model/wire/nonce_payload.h"
#include "model/wire/notify_payload.h"
#include "model/wire/payload_error.h"
#include "model/wire/sa_payload.h"
#include "model/wire/vendor_id.h"

namespace ssx::wire {

/// A payload of private type (128 and above) that the model does not know; the machine ignores it (D-37).
struct UnknownPayload {
  PayloadType type{200};
  OctetVector octets;  // the body

  friend bool operator==(const UnknownPayload&, const UnknownPayload&) = default;
};

using Payload =
    std::variant<SaPayload, KePayload, IdPayload, HashPayload, NoncePayload, NotifyPayload, VendorIdPayload,
                 NatDPayload, NatOaPayload, GssApiPayload, GssIdPayload, AuthPayload, KeyWeightPayload, UnknownPayload>;

PayloadType type_of(const Payload& payload);

/// Reads the payloads of exchange types 243 to 246, in their order. Borrows nothing. How many of which a message may
/// hold is for the machine to say.
/// @param first_type  as the Crypto payload or the trailer names it
/// @param octets  the chain and nothing else
/// @errors the first payload at fault: see PayloadErrorKind. Certificate and other types below 128, Crypto, Fragment
/// and
///         Key Dictation are kNotAllowed inside (D-36, D-37).
/// @conformance
expected<std::vector<Payload>, PayloadError> parse_payloads(PayloadType first_type, Octets octets);

/// B(n) of authip.md 3.4 (D-04): payloads with their generic headers, in plaintext, and the type of the first.
struct PayloadChain {
  PayloadType first_type = PayloadType::kNone;
  OctetVector octets;

  friend bool operator==(const PayloadChain&, const PayloadChain&) = default;
};
/// Writes the chain: RESERVED 0, Next payload 0 in the last.
PayloadChain emit_payloads(const std::vector<Payload>& payloads);

}  // namespace ssx::wire
