#include "model/wire/nat_t.h"

namespace ssx::wire {

NatTContent classify_nat_t(Octets udp_payload) {
  if (udp_payload.size() == 1 && udp_payload.front() == kNatKeepalive) return {NatTKind::kKeepalive, {}};
  if (udp_payload.size() < kNonEspMarkerOctets) return {NatTKind::kNeither, {}};
  // RFC 3948 2.2: the SPI of ESP is never zero there, so four zero octets mark IKE.
  if (load_u32(udp_payload) == 0) return {NatTKind::kIsakmp, udp_payload.subspan(kNonEspMarkerOctets)};
  return {NatTKind::kEsp, udp_payload};
}

OctetVector with_non_esp_marker(Octets isakmp_message) {
  OctetVector out;
  out.reserve(kNonEspMarkerOctets + isakmp_message.size());
  ByteWriter writer{out};
  writer.zeros(kNonEspMarkerOctets);
  writer.octets(isakmp_message);
  return out;
}

}  // namespace ssx::wire
