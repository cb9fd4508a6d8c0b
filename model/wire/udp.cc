#include "model/wire/udp.h"

#include <cassert>

#include "model/wire/buffer_writer.h"
#include "model/wire/checksum.h"

namespace ssx::wire {
namespace {

constexpr std::size_t kChecksumOffset = 6;

}  // namespace

std::string to_string(const UdpMessage& message) {
  return std::to_string(message.source_port) + " -> " + std::to_string(message.destination_port) + ", " +
         std::to_string(message.payload.size()) + " octets";
}

expected<UdpMessage, WireError> parse_udp(Octets udp, const IpAddress& source, const IpAddress& destination,
                                          UdpChecksum checksum) {
  ByteReader in{udp};
  UdpMessage message;
  message.source_port = in.u16();
  message.destination_port = in.u16();
  const std::size_t length = in.u16();
  const std::uint16_t sent = in.u16();
  if (!in.ok()) return unexpected(WireError::kTruncated);
  if (length < kUdpHeaderOctets) return unexpected(WireError::kBadLength);
  message.payload = in.take(length - kUdpHeaderOctets);
  if (!in.ok()) return unexpected(WireError::kTruncated);
  if (checksum == UdpChecksum::kUnused) return message;
  if (sent == 0) {  // RFC 768: no checksum was made; RFC 8200 8.1: never so over IPv6
    if (!source.is_v4()) return unexpected(WireError::kNoChecksum);
    return message;
  }
  InternetChecksum sum = pseudo_header(source, destination, IpProtocol::kUdp, length);
  sum.add(udp.first(length));
  if (!sum.is_intact()) return unexpected(WireError::kBadChecksum);
  return message;
}

std::size_t emit_udp_header(MutableOctets out, const UdpMessage& message, const IpAddress& source,
                            const IpAddress& destination, UdpChecksum checksum) {
  assert(message.payload.size() <= kUdpPayloadOctetsMax);
  assert(checksum == UdpChecksum::kUsed || source.is_v4());
  const std::size_t length = kUdpHeaderOctets + message.payload.size();
  BufferWriter writer{out};
  writer.u16(message.source_port);
  writer.u16(message.destination_port);
  writer.u16(static_cast<std::uint16_t>(length));
  writer.u16(0);
  if (checksum == UdpChecksum::kUnused) return kUdpHeaderOctets;
  InternetChecksum sum = pseudo_header(source, destination, IpProtocol::kUdp, length);
  sum.add(out.first(kUdpHeaderOctets));
  sum.add(message.payload);
  // RFC 768: a computed zero is sent as all ones, for zero says that there is none.
  store_u16(out.subspan(kChecksumOffset), sum.value() == 0 ? std::uint16_t{0xFFFF} : sum.value());
  return kUdpHeaderOctets;
}

void emit_udp(OctetVector& out, const UdpMessage& message, const IpAddress& source, const IpAddress& destination,
              UdpChecksum checksum) {
  out.reserve(out.size() + kUdpHeaderOctets + message.payload.size());
  emit_udp_header(grow(out, kUdpHeaderOctets), message, source, destination, checksum);
  append(out, message.payload);
}

}  // namespace ssx::wire
