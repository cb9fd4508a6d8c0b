// tests/lab/datagrams.h: datagrams written by hand, octet for octet, for readers that must not share code with the
// model.
#pragma once

#include <string_view>

#include "model/base/octets.h"

namespace ssx::lab::testing {

/// IPv4 10.0.0.1 -> 10.0.0.2, 20 octets of header (RFC 791 3.1).
inline OctetVector ipv4(std::uint8_t protocol, Octets payload) {
  OctetVector out;
  ByteWriter writer{out};
  writer.u16(0x4500);
  writer.u16(static_cast<std::uint16_t>(20 + payload.size()));
  writer.u32(0);
  writer.u8(128);
  writer.u8(protocol);
  writer.u16(0);
  writer.u32(0x0A000001);
  writer.u32(0x0A000002);
  writer.octets(payload);
  return out;
}

/// IPv6 fd00::1 -> fd00::2 (RFC 8200 3).
inline OctetVector ipv6(std::uint8_t next_header, Octets payload) {
  OctetVector out = hex("60000000");
  ByteWriter writer{out};
  writer.u16(static_cast<std::uint16_t>(payload.size()));
  writer.u8(next_header);
  writer.u8(128);
  writer.octets(hex("fd000000000000000000000000000001"));
  writer.octets(hex("fd000000000000000000000000000002"));
  writer.octets(payload);
  return out;
}

inline OctetVector udp(std::uint16_t source, std::uint16_t destination, Octets payload) {
  OctetVector out;
  ByteWriter writer{out};
  writer.u16(source);
  writer.u16(destination);
  writer.u16(static_cast<std::uint16_t>(8 + payload.size()));
  writer.u16(0);
  writer.octets(payload);
  return out;
}

/// A segment with ACK and PSH. `options` must be a multiple of four octets long.
inline OctetVector tcp(Octets payload, Octets options = {}) {
  OctetVector out;
  ByteWriter writer{out};
  writer.u16(49152);
  writer.u16(27015);
  writer.u32(1000);
  writer.u32(2000);
  writer.u8(static_cast<std::uint8_t>((5 + options.size() / 4) << 4));
  writer.u8(0x18);
  writer.u16(0x8000);
  writer.u32(0);
  writer.octets(options);
  writer.octets(payload);
  return out;
}

/// SPI, sequence number 1, then whatever stands for the ciphertext.
inline OctetVector esp(std::uint32_t spi, Octets rest) {
  OctetVector out;
  ByteWriter writer{out};
  writer.u32(spi);
  writer.u32(1);
  writer.octets(rest);
  return out;
}

/// AH with 12 octets of ICV around a TCP segment (RFC 4302 2).
inline OctetVector ah(std::uint32_t spi, Octets upper) {
  OctetVector out = hex("06 04 0000");
  ByteWriter writer{out};
  writer.u32(spi);
  writer.u32(1);
  writer.zeros(12);
  writer.octets(upper);
  return out;
}

}  // namespace ssx::lab::testing
