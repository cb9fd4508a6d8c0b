// model/tcpip/udp.h: UDP datagrams, which socket one belongs to, and a socket's receive queue. Source: RFC 768,
// 8200 8.1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>

#include "model/base/address.h"
#include "model/base/expected.h"
#include "model/base/octets.h"

namespace ssx::tcpip {

/// The most that fits an IPv4 datagram without options: 65535 - 20 - 8.
inline constexpr std::size_t kUdpPayloadMax = 65'507;

/// A datagram whose payload is BORROWED from the packet it was read from.
struct UdpMessage {
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  Octets payload;
};

enum class UdpError : std::uint8_t {
  kTruncated,    // ends before the length it states, or inside the header
  kBadLength,    // states fewer than 8 octets
  kBadChecksum,  // damaged on the way
  kNoChecksum,   // no checksum over IPv6 (RFC 8200 8.1)
};
std::string_view to_string(UdpError error);

/// Reads UDP octets that came in an IP datagram. Octets behind the stated length are ignored.
/// @param udp  from the UDP header to the end of the datagram; borrowed by the result.
expected<UdpMessage, UdpError> parse_udp_message(Octets udp, const IpAddress& source, const IpAddress& destination);

/// Appends the UDP octets, checksum included (0 goes as FFFF), to `out`. The payload must fit (kUdpPayloadMax).
void emit_udp_message(OctetVector& out, const UdpMessage& message, const IpAddress& source,
                      const IpAddress& destination);

/// What a socket is bound and, if connected, restricted to.
struct UdpBinding {
  TransportAddress local;                  // the address may be any
  std::optional<TransportAddress> remote;  // connect()ed: only from here
};

/// How well a binding fits a datagram; the socket with the highest value gets it, 0 means not at all.
/// A connected socket goes before one bound to the address, that before one bound to any.
int match(const UdpBinding& binding, const TransportAddress& local, const TransportAddress& remote);

/// Received datagrams until the program reads them: whole ones, in order of arrival, bounded; one too many is dropped.
class UdpReceiveQueue {
 public:
  struct Item {
    TransportAddress from;
    OctetVector payload;
    friend bool operator==(const Item&, const Item&) = default;
  };
  static constexpr std::size_t kOctetsDefault = 65'536;  // SO_RCVBUF
  static constexpr std::size_t kItemsMax = 1'024;        // so that empty datagrams are bounded too

  explicit UdpReceiveQueue(std::size_t octets_max = kOctetsDefault) : octets_max_(octets_max) {}
  /// @return false if it was dropped. An empty queue takes any datagram, however long.
  bool push(const TransportAddress& from, Octets payload);
  /// The oldest datagram; nothing if there is none.
  const Item* front() const { return items_.empty() ? nullptr : &items_.front(); }
  std::optional<Item> pop();
  std::size_t size() const { return items_.size(); }
  bool empty() const { return items_.empty(); }
  std::size_t octets() const { return octets_; }

  friend bool operator==(const UdpReceiveQueue&, const UdpReceiveQueue&) = default;

 private:
  std::deque<Item> items_;
  std::size_t octets_ = 0;
  std::size_t octets_max_;
};

}  // namespace ssx::tcpip
