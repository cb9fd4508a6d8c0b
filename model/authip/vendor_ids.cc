#include "model/authip/vendor_ids.h"

#include <array>
#include <string_view>

namespace ssx::authip {
namespace {

constexpr std::string_view kMsNt5 = "1e2b516905991c7d7c96fcbfb587e461";
constexpr std::string_view kRfc3947 = "4a131c81070358455c5728f20e95452f";
constexpr std::string_view kFragmentation = "4048b7d56ebce88525e7de7f00d6c2d3";
constexpr std::string_view kNegotiationDiscovery = "fb1de3cdf341b7ea16b7e5be0855f120";
constexpr std::string_view kInitialContact = "26244d38eddb61b3172a36e3d0cfb819";
constexpr std::string_view kNlbsPresent = "72872b95fcda2eb708efe322119b4971";
constexpr std::string_view kAuthipInitKeDhGroup = "7bb93867d76c8d80df0f40fae8fc3b19";

OctetVector with_number(std::string_view digits, std::uint32_t number) {
  OctetVector body = hex(digits);
  ByteWriter(body).u32(number);
  return body;
}

}  // namespace

PeerCapabilities read_vendor_ids(const std::vector<OctetVector>& bodies) {
  PeerCapabilities peer;
  for (const OctetVector& body : bodies) {
    const std::string digits = to_hex(body);
    if (body.size() == 20 && digits.starts_with(kMsNt5)) peer.nt5_version = load_u32(Octets(body).subspan(16));
    if (digits == kRfc3947) peer.nat_traversal = true;
    if (digits == kFragmentation) peer.fragmentation = true;
    if (digits == kNegotiationDiscovery) peer.negotiation_discovery = true;
    if (digits == kInitialContact) peer.initial_contact = true;
    if (digits == kNlbsPresent) peer.cluster_member = true;
  }
  return peer;
}

std::vector<OctetVector> vendor_ids_to_send(const Config& config, bool ipv4, bool initial_contact,
                                            std::optional<wfp::IkeDhGroup> first_message_group) {
  std::vector<OctetVector> bodies{with_number(kMsNt5, config.ms_nt5_version)};
  if (ipv4) bodies.push_back(hex(kRfc3947));
  bodies.push_back(hex(kFragmentation));
  bodies.push_back(hex(kNegotiationDiscovery));
  if (initial_contact) bodies.push_back(hex(kInitialContact));
  if (first_message_group) {
    bodies.push_back(with_number(kAuthipInitKeDhGroup, static_cast<std::uint32_t>(*first_message_group)));
  }
  return bodies;
}

}  // namespace ssx::authip
