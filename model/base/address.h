// model/base/address.h: IPv4 and IPv6 addresses, transport addresses, and the five-tuple of a flow.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/base/octets.h"

namespace ssx {

enum class IpVersion : std::uint8_t { kV4 = 4, kV6 = 6 };

/// IP protocol numbers that the model handles (IANA protocol-numbers).
enum class IpProtocol : std::uint8_t {
  kAny = 0,  // in selectors only; on the wire 0 is the hop-by-hop header
  kIcmp = 1,
  kIpv4 = 4,
  kTcp = 6,
  kUdp = 17,
  kIpv6 = 41,
  kEsp = 50,
  kAh = 51,
  kIcmpv6 = 58,
  kNoNext = 59,
};

/// An IPv4 or IPv6 address. Octets in network order; an IPv4 address uses the first four.
class IpAddress {
 public:
  constexpr IpAddress() = default;  // 0.0.0.0
  static constexpr IpAddress v4(std::uint32_t host_order) {
    IpAddress address;
    for (int i = 0; i < 4; ++i)
      address.octets_[static_cast<std::size_t>(i)] = static_cast<std::byte>(host_order >> (24 - 8 * i));
    return address;
  }
  static constexpr IpAddress v6(const std::array<std::byte, 16>& octets) {
    IpAddress address;
    address.version_ = IpVersion::kV6;
    address.octets_ = octets;
    return address;
  }
  /// 4 octets give IPv4, 16 give IPv6, anything else nothing.
  static std::optional<IpAddress> from_octets(Octets octets);
  /// 0.0.0.0 or ::
  static constexpr IpAddress any(IpVersion version) {
    IpAddress address;
    address.version_ = version;
    return address;
  }

  constexpr IpVersion version() const { return version_; }
  constexpr bool is_v4() const { return version_ == IpVersion::kV4; }
  constexpr bool is_any() const { return octets_ == std::array<std::byte, 16>{}; }
  bool is_multicast() const;
  bool is_broadcast() const;  // 255.255.255.255 only: the model has no subnets
  /// 4 or 16 octets, network order, borrowed from this object.
  Octets octets() const { return Octets(octets_).first(is_v4() ? 4 : 16); }
  const std::array<std::byte, 16>& v6_octets() const { return octets_; }
  /// Only for IPv4: the address as a number, 10.0.0.1 = 0x0A000001.
  std::uint32_t v4_host_order() const { return load_u32(octets_); }

  friend constexpr auto operator<=>(const IpAddress&, const IpAddress&) = default;

 private:
  IpVersion version_ = IpVersion::kV4;
  std::array<std::byte, 16> octets_{};
};

/// Reads "10.0.0.1" or "fd00::1" (RFC 4291 2.2 forms; no zone, no prefix); nothing if it is neither.
std::optional<IpAddress> parse_address(std::string_view text);
/// IPv4 dotted; IPv6 in the canonical form of RFC 5952.
std::string to_string(const IpAddress& address);

/// An address and a port: what a socket is bound or connected to. Port in host order.
struct TransportAddress {
  IpAddress address;
  std::uint16_t port = 0;
  friend constexpr auto operator<=>(const TransportAddress&, const TransportAddress&) = default;
};
/// "10.0.0.1:27015" or "[fd00::1]:27015"
std::string to_string(const TransportAddress& endpoint);

/// The traffic of one flow as this host sees it.
struct FiveTuple {
  IpProtocol protocol = IpProtocol::kAny;
  TransportAddress local;
  TransportAddress remote;
  friend constexpr auto operator<=>(const FiveTuple&, const FiveTuple&) = default;
};
/// "tcp 10.0.0.1:49152 -> 10.0.0.2:27015"
std::string to_string(const FiveTuple& tuple);
/// "tcp", "udp", … or the number
std::string to_string(IpProtocol protocol);

}  // namespace ssx
