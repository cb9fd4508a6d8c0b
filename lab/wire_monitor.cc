#include "lab/wire_monitor.h"

#include <algorithm>

namespace ssx::lab {
namespace {

unsigned at(Octets octets, std::size_t index) { return std::to_integer<unsigned>(octets[index]); }

std::uint16_t word(Octets octets, std::size_t index) {
  return static_cast<std::uint16_t>(at(octets, index) << 8 | at(octets, index + 1));
}

std::string digits(Octets octets) {
  std::string text;
  for (const std::byte octet : octets) {
    for (const unsigned nibble : {std::to_integer<unsigned>(octet) >> 4, std::to_integer<unsigned>(octet) & 15U}) {
      text.push_back("0123456789abcdef"[nibble]);
    }
  }
  return text;
}

/// UDP 500, or 4500 with the non-ESP marker: a keying message. 4500 without it: ESP in UDP.
void read_udp(Octets udp, SeenPacket& packet) {
  if (udp.size() < 8) return;
  packet.source_port = word(udp, 0);
  packet.destination_port = word(udp, 2);
  packet.payload = udp.subspan(8);
  packet.kind = SeenPacket::Kind::kClearTransport;
  const bool ike = packet.source_port == 500 && packet.destination_port == 500;
  const bool nat_t = packet.source_port == 4500 || packet.destination_port == 4500;
  if (ike) packet.kind = SeenPacket::Kind::kKeying;
  if (nat_t && packet.payload.size() >= 4) {
    const bool marker =
        at(packet.payload, 0) + at(packet.payload, 1) + at(packet.payload, 2) + at(packet.payload, 3) == 0;
    packet.kind = marker ? SeenPacket::Kind::kKeying : SeenPacket::Kind::kEsp;
  }
}

void read_tcp(Octets tcp, SeenPacket& packet) {
  if (tcp.size() < 20) return;
  packet.source_port = word(tcp, 0);
  packet.destination_port = word(tcp, 2);
  const std::size_t header = (at(tcp, 12) >> 4) * 4;
  packet.payload = tcp.subspan(std::min(std::max<std::size_t>(header, 20), tcp.size()));
  packet.kind = SeenPacket::Kind::kClearTransport;
}

void read_upper(std::uint8_t protocol, Octets rest, SeenPacket& packet) {
  packet.protocol = protocol;
  if (protocol == 6) read_tcp(rest, packet);
  if (protocol == 17) read_udp(rest, packet);
  if ((protocol == 50 && rest.size() >= 8) || (protocol == 51 && rest.size() >= 12)) {
    packet.kind = protocol == 50 ? SeenPacket::Kind::kEsp : SeenPacket::Kind::kAh;
    const std::size_t spi = protocol == 50 ? 0 : 4;
    packet.spi = static_cast<std::uint32_t>(word(rest, spi)) << 16 | word(rest, spi + 2);
    packet.payload = rest.subspan(protocol == 50 ? 8 : 12);
  }
}

}  // namespace

std::optional<SeenPacket> see(Octets datagram) {
  SeenPacket packet;
  if (datagram.size() >= 20 && at(datagram, 0) >> 4 == 4) {
    const std::size_t header = (at(datagram, 0) & 15) * 4;
    if (header < 20 || header > datagram.size()) return std::nullopt;
    packet.source = digits(datagram.subspan(12, 4));
    packet.destination = digits(datagram.subspan(16, 4));
    read_upper(static_cast<std::uint8_t>(at(datagram, 9)), datagram.subspan(header), packet);
    return packet;
  }
  if (datagram.size() < 40 || at(datagram, 0) >> 4 != 6) return std::nullopt;
  packet.source = digits(datagram.subspan(8, 16));
  packet.destination = digits(datagram.subspan(24, 16));
  auto next = static_cast<std::uint8_t>(at(datagram, 6));
  Octets rest = datagram.subspan(40);
  while ((next == 0 || next == 43 || next == 60) && rest.size() >= 8) {  // hop-by-hop, routing, destination options
    const std::size_t length = (at(rest, 1) + 1) * 8;
    next = static_cast<std::uint8_t>(at(rest, 0));
    rest = rest.subspan(std::min(length, rest.size()));
  }
  read_upper(next, rest, packet);
  return packet;
}

bool carries_clear_payload(const SeenPacket& packet) {
  return packet.kind == SeenPacket::Kind::kClearTransport && !packet.payload.empty();
}

bool contains(Octets haystack, Octets needle) {
  if (needle.size() < 4) return false;
  return std::search(haystack.begin(), haystack.end(), needle.begin(), needle.end()) != haystack.end();
}

}  // namespace ssx::lab
