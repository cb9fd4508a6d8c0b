#include "model/wire/tcp.h"

#include <array>
#include <cassert>

#include "model/wire/buffer_writer.h"
#include "model/wire/checksum.h"

namespace ssx::wire {
namespace {

constexpr std::size_t kChecksumOffset = 16;

/// Option kinds and their lengths: RFC 9293 3.2, RFC 7323 2.2, RFC 2018 2.
constexpr std::uint8_t kEnd = 0;
constexpr std::uint8_t kNoOperation = 1;
constexpr std::uint8_t kMaximumSegmentSize = 2;
constexpr std::uint8_t kWindowScale = 3;
constexpr std::uint8_t kSackPermitted = 4;
constexpr std::uint8_t kMaximumSegmentSizeOctets = 4;
constexpr std::uint8_t kWindowScaleOctets = 3;
constexpr std::uint8_t kSackPermittedOctets = 2;

struct FlagBit {
  bool TcpFlags::*flag;
  std::uint8_t bit;
  const char* name;
};
constexpr std::array<FlagBit, 8> kFlagBits{{{&TcpFlags::fin, 0x01, "FIN"},
                                            {&TcpFlags::syn, 0x02, "SYN"},
                                            {&TcpFlags::rst, 0x04, "RST"},
                                            {&TcpFlags::psh, 0x08, "PSH"},
                                            {&TcpFlags::ack, 0x10, "ACK"},
                                            {&TcpFlags::urg, 0x20, "URG"},
                                            {&TcpFlags::ece, 0x40, "ECE"},
                                            {&TcpFlags::cwr, 0x80, "CWR"}}};

TcpFlags flags_of(std::uint8_t octet) {
  TcpFlags flags;
  for (const FlagBit& entry : kFlagBits) flags.*entry.flag = (octet & entry.bit) != 0;
  return flags;
}

std::uint8_t octet_of(const TcpFlags& flags) {
  unsigned octet = 0;
  for (const FlagBit& entry : kFlagBits) octet |= flags.*entry.flag ? entry.bit : 0U;
  return static_cast<std::uint8_t>(octet);
}

/// @param value  of an option whose length octet fits it
/// @return false if the length is not that of the kind
bool read_option(std::uint8_t kind, Octets value, TcpOptions& options) {
  const std::size_t length = value.size() + 2;
  switch (kind) {
    case kMaximumSegmentSize:
      if (length != kMaximumSegmentSizeOctets) return false;
      options.maximum_segment_size = load_u16(value);
      return true;
    case kWindowScale:
      if (length != kWindowScaleOctets) return false;
      options.window_scale = std::to_integer<std::uint8_t>(value[0]);
      return true;
    case kSackPermitted:
      if (length != kSackPermittedOctets) return false;
      options.sack_permitted = true;
      return true;
    default: return true;  // RFC 9293 3.1, MUST-6: ignore without error any option it does not implement
  }
}

/// Nothing for an option whose length cannot be (RFC 9293 3.1, MUST-7).
std::optional<TcpOptions> read_options(Octets octets) {
  ByteReader in{octets};
  TcpOptions options;
  while (in.remaining() > 0) {
    const std::uint8_t kind = in.u8();
    if (kind == kEnd) break;
    if (kind == kNoOperation) continue;
    const std::uint8_t length = in.u8();
    if (!in.ok() || length < 2) return std::nullopt;
    const Octets value = in.take(length - std::size_t{2});
    if (!in.ok() || !read_option(kind, value, options)) return std::nullopt;
  }
  return options;
}

std::size_t option_octets(const TcpOptions& options) {
  return (options.maximum_segment_size ? kMaximumSegmentSizeOctets : 0U) +
         (options.window_scale ? kWindowScaleOctets : 0U) + (options.sack_permitted ? kSackPermittedOctets : 0U);
}

void write_options(BufferWriter& out, const TcpOptions& options, std::size_t header_octets) {
  if (options.maximum_segment_size) {
    out.u8(kMaximumSegmentSize);
    out.u8(kMaximumSegmentSizeOctets);
    out.u16(*options.maximum_segment_size);
  }
  if (options.window_scale) {
    out.u8(kWindowScale);
    out.u8(kWindowScaleOctets);
    out.u8(*options.window_scale);
  }
  if (options.sack_permitted) {
    out.u8(kSackPermitted);
    out.u8(kSackPermittedOctets);
  }
  out.zeros(header_octets - out.position());  // End of Option List and padding, both zero
}

std::uint16_t checksum(Octets header, Octets payload, const IpAddress& source, const IpAddress& destination) {
  InternetChecksum sum = pseudo_header(source, destination, IpProtocol::kTcp, header.size() + payload.size());
  sum.add(header);
  sum.add(payload);
  return sum.value();
}

}  // namespace

std::size_t TcpHeader::octets() const { return kTcpFixedOctets + (option_octets(options) + 3) / 4 * 4; }

std::string to_string(const TcpHeader& header) {
  std::string text = std::to_string(header.source_port) + " -> " + std::to_string(header.destination_port);
  for (const FlagBit& entry : kFlagBits) {
    if (header.flags.*entry.flag) text += std::string(" ") + entry.name;
  }
  return text + " seq " + std::to_string(header.sequence_number) + " ack " +
         std::to_string(header.acknowledgment_number) + " win " + std::to_string(header.window);
}

expected<TcpSegment, WireError> parse_tcp(Octets tcp, const IpAddress& source, const IpAddress& destination) {
  ByteReader in{tcp};
  TcpHeader header;
  header.source_port = in.u16();
  header.destination_port = in.u16();
  header.sequence_number = in.u32();
  header.acknowledgment_number = in.u32();
  const std::size_t header_octets = std::size_t{in.u8()} / 16 * 4;
  header.flags = flags_of(in.u8());
  header.window = in.u16();
  in.skip(2);
  header.urgent_pointer = in.u16();
  if (!in.ok()) return unexpected(WireError::kTruncated);
  if (header_octets < kTcpFixedOctets) return unexpected(WireError::kBadLength);
  const Octets option_field = in.take(header_octets - kTcpFixedOctets);
  if (!in.ok()) return unexpected(WireError::kTruncated);
  // RFC 9293 3.1, MUST-3: the receiver MUST check the checksum.
  if (checksum(tcp, {}, source, destination) != 0) return unexpected(WireError::kBadChecksum);
  const std::optional<TcpOptions> options = read_options(option_field);
  if (!options) return unexpected(WireError::kBadOption);
  header.options = *options;
  return TcpSegment{header, in.take_rest()};
}

std::size_t emit_tcp_header(MutableOctets out, const TcpHeader& header, Octets payload, const IpAddress& source,
                            const IpAddress& destination) {
  const std::size_t octets = header.octets();
  BufferWriter writer{out};
  writer.u16(header.source_port);
  writer.u16(header.destination_port);
  writer.u32(header.sequence_number);
  writer.u32(header.acknowledgment_number);
  writer.u8(static_cast<std::uint8_t>(octets / 4 << 4));
  writer.u8(octet_of(header.flags));
  writer.u16(header.window);
  writer.u16(0);
  writer.u16(header.urgent_pointer);
  write_options(writer, header.options, octets);
  store_u16(out.subspan(kChecksumOffset), checksum(out.first(octets), payload, source, destination));
  return octets;
}

void emit_tcp(OctetVector& out, const TcpHeader& header, Octets payload, const IpAddress& source,
              const IpAddress& destination) {
  out.reserve(out.size() + header.octets() + payload.size());
  emit_tcp_header(grow(out, header.octets()), header, payload, source, destination);
  append(out, payload);
}

}  // namespace ssx::wire
