#include "model/tcpip/segment.h"

namespace ssx::tcpip {

std::string_view to_string(SegmentError error) {
  switch (error) {
    case SegmentError::kTruncated: return "the segment ends inside its header";
    case SegmentError::kBadHeader: return "a header length or option is not allowed";
    case SegmentError::kBadChecksum: return "the checksum does not fit";
  }
  return "unknown";
}

std::uint32_t sequence_length(const Segment& segment) {
  const SegmentFlags& flags = segment.header.flags;
  return static_cast<std::uint32_t>(segment.payload.size()) + (flags.syn ? 1U : 0U) + (flags.fin ? 1U : 0U);
}

std::optional<SegmentHeader> reset_for(const Segment& segment) {
  const SegmentHeader& in = segment.header;
  if (in.flags.rst) return std::nullopt;
  SegmentHeader reset;
  reset.source_port = in.destination_port;
  reset.destination_port = in.source_port;
  reset.flags.rst = true;
  if (in.flags.ack) {  // <SEQ=SEG.ACK><CTL=RST>
    reset.sequence = in.acknowledgment;
  } else {  // <SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>
    reset.flags.ack = true;
    reset.acknowledgment = in.sequence + sequence_length(segment);
  }
  return reset;
}

}  // namespace ssx::tcpip
