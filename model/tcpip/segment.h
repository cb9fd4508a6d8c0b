// model/tcpip/segment.h: a TCP segment as the machines see it, its octets, and the reset that answers it. Source: RFC
// 9293.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "model/base/address.h"
#include "model/base/expected.h"
#include "model/base/octets.h"
#include "model/tcpip/sequence.h"

namespace ssx::tcpip {

/// The control bits the model acts on; URG, ECE and CWR are sent as 0 and not looked at (RFC 9293 3.1).
struct SegmentFlags {
  bool syn = false;
  bool ack = false;
  bool fin = false;
  bool rst = false;
  bool psh = false;
  friend constexpr bool operator==(const SegmentFlags&, const SegmentFlags&) = default;
};

/// Everything of a segment but its payload. Ports and window in host order.
struct SegmentHeader {
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  SequenceIndex sequence;
  SequenceIndex acknowledgment;  // has a meaning only with flags.ack
  SegmentFlags flags;
  std::uint16_t window = 0;
  std::optional<std::uint16_t> maximum_segment_size;  // the option; sent with SYN only (RFC 9293 3.7.1)
  friend bool operator==(const SegmentHeader&, const SegmentHeader&) = default;
};

/// A segment whose payload is BORROWED from the datagram or buffer it was read from.
struct Segment {
  SegmentHeader header;
  Octets payload;
};

/// SEG.LEN: payload octets, plus one each for SYN and FIN (RFC 9293 3.4).
std::uint32_t sequence_length(const Segment& segment);

enum class SegmentError : std::uint8_t {
  kTruncated,    // shorter than its header says
  kBadHeader,    // a header length or option that RFC 9293 3.1 does not allow
  kBadChecksum,  // damaged on the way
};
std::string_view to_string(SegmentError error);

/// Reads TCP octets that came in an IP datagram.
/// @param tcp  from the TCP header to the end of the datagram; borrowed by the result.
/// @param source, destination  addresses of the datagram, for the pseudo header.
/// @source RFC 9293 3.1
expected<Segment, SegmentError> parse_segment(Octets tcp, const IpAddress& source, const IpAddress& destination);

/// Appends the TCP octets of a segment, checksum included, to `out`.
/// @source RFC 9293 3.1
void emit_segment(OctetVector& out, const SegmentHeader& header, Octets payload, const IpAddress& source,
                  const IpAddress& destination);

/// The RST that answers a segment for which there is no connection; nothing if the segment is itself a RST.
/// @source RFC 9293 3.10.7.1
std::optional<SegmentHeader> reset_for(const Segment& segment);

}  // namespace ssx::tcpip
