// model/wire/tcp.h: TCP segment. Source: RFC 9293 section 3.1, RFC 7323 2.2 (window scale), RFC 2018 section 2 (SACK).
//   |          Source Port          |       Destination Port        |
//   |                        Sequence Number                        |
//   |                    Acknowledgment Number                      |
//   |DOffset| Rsrvd |C|E|U|A|P|R|S|F|            Window             |
//   |           Checksum            |         Urgent Pointer        |
//   |                           Options                             |
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/base/address.h"
#include "model/base/expected.h"
#include "model/base/octets.h"
#include "model/wire/wire_error.h"

namespace ssx::wire {

inline constexpr std::size_t kTcpFixedOctets = 20;
inline constexpr std::size_t kTcpHeaderOctetsMax = 60;  // Data Offset 15

struct TcpFlags {
  bool cwr = false;
  bool ece = false;
  bool urg = false;
  bool ack = false;
  bool psh = false;
  bool rst = false;
  bool syn = false;
  bool fin = false;

  friend bool operator==(const TcpFlags&, const TcpFlags&) = default;
};

/// The options that the model knows; others are skipped (RFC 9293 3.1, MUST-6).
struct TcpOptions {
  std::optional<std::uint16_t> maximum_segment_size;
  std::optional<std::uint8_t> window_scale;  // the shift as sent; RFC 7323 2.3: more than 14 counts as 14
  bool sack_permitted = false;

  friend bool operator==(const TcpOptions&, const TcpOptions&) = default;
};

struct TcpHeader {
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  std::uint32_t sequence_number = 0;
  std::uint32_t acknowledgment_number = 0;
  TcpFlags flags;
  std::uint16_t window = 0;
  std::uint16_t urgent_pointer = 0;
  TcpOptions options;

  /// What emit writes: the fixed part and the options, padded to a multiple of 4.
  std::size_t octets() const;
  friend bool operator==(const TcpHeader&, const TcpHeader&) = default;
};
/// "49152 -> 27015 SYN seq 1 ack 0 win 65535"
std::string to_string(const TcpHeader& header);

struct TcpSegment {
  TcpHeader header;
  Octets payload;  // BORROWED
};

/// Reads a segment and verifies its checksum. Total: every input gives a value or an error.
/// @param tcp  from the TCP header to the end of the datagram; borrowed by the result.
/// @param source, destination  of the IP datagram
/// @errors kTruncated: ends before Data Offset says. kBadLength: Data Offset below 5. kBadOption: an option's length
///         leaves the header, is below 2, or is not that of its kind. kBadChecksum.
/// @source RFC 9293 3.1 (MUST-3, MUST-6, MUST-7)
expected<TcpSegment, WireError> parse_tcp(Octets tcp, const IpAddress& source, const IpAddress& destination);

/// Writes the header, checksum over `payload` included; the caller puts the payload behind it.
/// @return the octets written, header.octets()
std::size_t emit_tcp_header(MutableOctets out, const TcpHeader& header, Octets payload, const IpAddress& source,
                            const IpAddress& destination);
/// Appends header and payload.
void emit_tcp(OctetVector& out, const TcpHeader& header, Octets payload, const IpAddress& source,
              const IpAddress& destination);

}  // namespace ssx::wire
