// model/authip/nat_detection.h: NAT-D payload bodies, sent with and compared against. Source: authip.md 1.15, D-09.
#pragma once

#include <vector>

#include "model/authip/payloads.h"
#include "model/base/address.h"

namespace ssx::authip {

/// SHA-256(CKY-I | CKY-R | IP | port): the responder cookie is zero in #1.
OctetVector nat_detection_hash(const Cookie& initiator, const Cookie& responder, const TransportAddress& endpoint);
/// The two bodies of a message: destination first, then source. Empty for IPv6.
std::vector<OctetVector> nat_detection_payloads(const Cookie& initiator, const Cookie& responder,
                                                const TransportAddress& source, const TransportAddress& destination);
/// True when the receiver's own endpoint is not the first hash or the observed source is none of the others. A message
/// without NAT-D says nothing.
bool nat_detected(const std::vector<OctetVector>& received, const Cookie& initiator, const Cookie& responder,
                  const TransportAddress& own, const TransportAddress& observed_source);

}  // namespace ssx::authip
