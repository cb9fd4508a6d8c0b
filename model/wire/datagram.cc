#include "model/wire/datagram.h"

#include <cassert>

#include "model/wire/ipv6.h"

namespace ssx::wire {
namespace {

expected<Datagram, WireError> parse_v4(Octets octets) {
  const expected<Ipv4Packet, WireError> packet = parse_ipv4(octets);
  if (!packet) return unexpected(packet.error());
  const Ipv4Header& header = packet->header;
  return Datagram{.version = IpVersion::kV4,
                  .source = header.source,
                  .destination = header.destination,
                  .protocol = header.protocol,
                  .header = octets.first(header.octets()),
                  .payload = packet->payload,
                  .hop_limit = header.time_to_live,
                  .dont_fragment = header.dont_fragment,
                  .is_fragment = header.is_fragment(),
                  .identification = header.identification};
}

expected<Datagram, WireError> parse_v6(Octets octets) {
  const expected<Ipv6Packet, WireError> packet = parse_ipv6(octets);
  if (!packet) return unexpected(packet.error());
  const Ipv6Header& header = packet->header;
  const expected<UpperLayer, WireError> upper = find_upper_layer(header.next_header, packet->payload);
  if (!upper) return unexpected(upper.error());
  const Ipv6Fragment fragment = upper->fragment.value_or(Ipv6Fragment{});
  return Datagram{.version = IpVersion::kV6,
                  .source = header.source,
                  .destination = header.destination,
                  .protocol = upper->protocol,
                  .header = octets.first(kIpv6FixedOctets + upper->offset),
                  .payload = packet->payload.subspan(upper->offset),
                  .hop_limit = header.hop_limit,
                  .dont_fragment = true,
                  .is_fragment = fragment.offset != 0 || fragment.more_fragments,
                  .identification = fragment.identification};
}

}  // namespace

expected<Datagram, WireError> parse_datagram(Octets packet) {
  if (packet.empty()) return unexpected(WireError::kTruncated);
  const bool v6 = std::to_integer<unsigned>(packet.front()) >> 4 == 6;
  return v6 ? parse_v6(packet) : parse_v4(packet);
}

std::string to_string(const Datagram& datagram) {
  return to_string(datagram.source) + " -> " + to_string(datagram.destination) + " " + to_string(datagram.protocol) +
         ", " + std::to_string(datagram.payload.size()) + " octets" + (datagram.is_fragment ? ", a fragment" : "");
}

std::size_t datagram_payload_max(IpVersion version) {
  return version == IpVersion::kV4 ? kIpv4TotalOctetsMax - kIpv4FixedOctets : kIpv6PayloadOctetsMax;
}

OctetVector build_datagram(const IpAddress& source, const IpAddress& destination, IpProtocol protocol, Octets payload,
                           std::uint16_t identification, std::uint8_t hop_limit, bool dont_fragment) {
  assert(source.version() == destination.version());
  OctetVector out;
  if (source.is_v4()) {
    emit_ipv4(out,
              {.identification = identification,
               .dont_fragment = dont_fragment,
               .time_to_live = hop_limit,
               .protocol = protocol,
               .source = source,
               .destination = destination},
              payload);
  } else {
    emit_ipv6(out,
              {.next_header = static_cast<std::uint8_t>(protocol),
               .hop_limit = hop_limit,
               .source = source,
               .destination = destination},
              payload);
  }
  return out;
}

}  // namespace ssx::wire
