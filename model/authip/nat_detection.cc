#include "model/authip/nat_detection.h"

#include <algorithm>

#include "crypto/hash.h"

namespace ssx::authip {

OctetVector nat_detection_hash(const Cookie& initiator, const Cookie& responder, const TransportAddress& endpoint) {
  std::array<std::byte, 2> port{};
  store_u16(port, endpoint.port);
  return to_vector(
      crypto::hash(crypto::HashAlgorithm::kSha256, {initiator, responder, endpoint.address.octets(), port}).view());
}

std::vector<OctetVector> nat_detection_payloads(const Cookie& initiator, const Cookie& responder,
                                                const TransportAddress& source, const TransportAddress& destination) {
  if (!source.address.is_v4()) return {};
  std::vector<OctetVector> bodies;
  bodies.push_back(nat_detection_hash(initiator, responder, destination));
  bodies.push_back(nat_detection_hash(initiator, responder, source));
  return bodies;
}

bool nat_detected(const std::vector<OctetVector>& received, const Cookie& initiator, const Cookie& responder,
                  const TransportAddress& own, const TransportAddress& observed_source) {
  if (received.empty() || !own.address.is_v4()) return false;
  if (received.front() != nat_detection_hash(initiator, responder, own)) return true;
  const OctetVector source = nat_detection_hash(initiator, responder, observed_source);
  return std::find(received.begin() + 1, received.end(), source) == received.end();
}

}  // namespace ssx::authip
