// model/wire/nat_payloads.h: NAT-D and NAT-OA payloads. Source: RFC 3947 3.2 and 5.2, authip.md 1.15.
//   NAT-D:   |   hash(CKY-I | CKY-R | IP | port)                    |
//   NAT-OA:  |   ID type   |            RESERVED (3)                |
//            |   IPv4 or IPv6 address                               |
#pragma once

#include "model/base/address.h"
#include "model/base/expected.h"
#include "model/base/octets.h"
#include "model/wire/payload_error.h"

namespace ssx::wire {

struct NatDPayload {
  OctetVector hash;  // its length is the hash function's; never empty

  friend bool operator==(const NatDPayload&, const NatDPayload&) = default;
};
struct NatOaPayload {
  IpAddress address;

  friend bool operator==(const NatOaPayload&, const NatOaPayload&) = default;
};

/// @errors kMalformed: no octets
expected<NatDPayload, PayloadErrorKind> parse_nat_d(Octets body);
/// @errors kMalformed: an ID type other than 1 and 5, or an address of another length than the type's
expected<NatOaPayload, PayloadErrorKind> parse_nat_oa(Octets body);
/// Append the body.
void emit_body(OctetVector& out, const NatDPayload& payload);
void emit_body(OctetVector& out, const NatOaPayload& payload);

}  // namespace ssx::wire
