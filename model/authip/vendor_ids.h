// model/authip/vendor_ids.h: vendor ID payload bodies, which ones are sent, and what a peer's tell. Source:
// authip.md 1.14, D-30.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/authip/engine.h"

namespace ssx::authip {

/// What a peer announced with #1 or #2.
struct PeerCapabilities {
  std::optional<std::uint32_t> nt5_version;  // MS NT5 ISAKMPOAKLEY
  bool nat_traversal = false;                // RFC 3947
  bool fragmentation = false;
  bool negotiation_discovery = false;
  bool initial_contact = false;
  bool cluster_member = false;  // NLBS_PRESENT
  friend bool operator==(const PeerCapabilities&, const PeerCapabilities&) = default;
};
/// Unknown vendor IDs are ignored.
PeerCapabilities read_vendor_ids(const std::vector<OctetVector>& bodies);

/// D-30: the bodies of #1 or #2 in order. `initial_contact`: no MM SA with the peer. `first_message_group`: #1 with KE.
std::vector<OctetVector> vendor_ids_to_send(const Config& config, bool ipv4, bool initial_contact,
                                            std::optional<wfp::IkeDhGroup> first_message_group);

}  // namespace ssx::authip
