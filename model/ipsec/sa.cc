#include "model/ipsec/sa.h"

#include <algorithm>

namespace ssx::ipsec {
namespace {

bool endpoint_matches(const TransportAddress& selector, const TransportAddress& packet) {
  return selector.address == packet.address && (selector.port == 0 || selector.port == packet.port);
}

std::string port_text(std::uint16_t port) { return port == 0 ? "*" : std::to_string(port); }

std::string endpoint_text(const TransportAddress& endpoint) {
  const std::string address = to_string(endpoint.address);
  return (endpoint.address.is_v4() ? address : '[' + address + ']') + ':' + port_text(endpoint.port);
}

}  // namespace

bool TrafficSelector::matches(const FiveTuple& packet) const {
  return (protocol == IpProtocol::kAny || protocol == packet.protocol) && endpoint_matches(local, packet.local) &&
         endpoint_matches(remote, packet.remote);
}

std::string to_string(const TrafficSelector& selector) {
  return to_string(selector.protocol) + ' ' + endpoint_text(selector.local) + " - " + endpoint_text(selector.remote);
}

bool SaPair::encrypts() const {
  return std::ranges::any_of(inbound, [](const SaKeys& sa) {
    return sa.protocol == IpProtocol::kEsp && sa.cipher != crypto::CipherAlgorithm::kNull;
  });
}

std::string to_string(DropReason reason) {
  switch (reason) {
    case DropReason::kBadSpi: return "no SA has this SPI";
    case DropReason::kLifetimeExpired: return "the SA's lifetime is over";
    case DropReason::kWrongSa: return "the packet does not belong to the SA's traffic";
    case DropReason::kReplay: return "replayed, or too old to tell";
    case DropReason::kInvalidPacket: return "not a valid protected packet";
    case DropReason::kIntegrity: return "integrity check failed";
    case DropReason::kClearText: return "clear text where protection is required";
  }
  return "unknown";
}

}  // namespace ssx::ipsec
