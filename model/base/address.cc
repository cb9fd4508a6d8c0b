#include "model/base/address.h"

#include <algorithm>
#include <charconv>
#include <vector>

namespace ssx {
namespace {

std::optional<std::uint32_t> parse_number(std::string_view digits, int base, std::uint32_t most) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (error != std::errc{} || end != digits.data() + digits.size() || value > most) return std::nullopt;
  return value;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::optional<std::uint32_t> parse_v4(std::string_view text) {
  const auto parts = split(text, '.');
  if (parts.size() != 4) return std::nullopt;
  std::uint32_t address = 0;
  for (const auto part : parts) {
    if (part.empty() || part.size() > 3) return std::nullopt;
    const auto octet = parse_number(part, 10, 255);
    if (!octet) return std::nullopt;
    address = address << 8 | *octet;
  }
  return address;
}

/// The 16-bit groups of one side of "::"; a dotted IPv4 tail counts as two.
std::optional<std::vector<std::uint16_t>> parse_groups(std::string_view text) {
  std::vector<std::uint16_t> groups;
  if (text.empty()) return groups;
  const auto parts = split(text, ':');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i + 1 == parts.size() && parts[i].find('.') != std::string_view::npos) {
      const auto tail = parse_v4(parts[i]);
      if (!tail) return std::nullopt;
      groups.push_back(static_cast<std::uint16_t>(*tail >> 16));
      groups.push_back(static_cast<std::uint16_t>(*tail));
      continue;
    }
    if (parts[i].empty() || parts[i].size() > 4) return std::nullopt;
    const auto group = parse_number(parts[i], 16, 0xFFFF);
    if (!group) return std::nullopt;
    groups.push_back(static_cast<std::uint16_t>(*group));
  }
  return groups;
}

std::optional<IpAddress> parse_v6(std::string_view text) {
  const auto gap = text.find("::");
  const auto head = parse_groups(text.substr(0, gap));
  if (!head) return std::nullopt;
  std::vector<std::uint16_t> groups = *head;
  if (gap != std::string_view::npos) {
    const auto tail = parse_groups(text.substr(gap + 2));
    if (!tail || groups.size() + tail->size() > 7) return std::nullopt;
    groups.resize(8 - tail->size());
    groups.insert(groups.end(), tail->begin(), tail->end());
  }
  if (groups.size() != 8) return std::nullopt;
  std::array<std::byte, 16> octets{};
  for (std::size_t i = 0; i < 8; ++i) store_u16(MutableOctets(octets).subspan(2 * i, 2), groups[i]);
  return IpAddress::v6(octets);
}

std::string hex_group(std::uint16_t group) {
  std::array<char, 4> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), group, 16).ptr;
  return std::string(buffer.data(), end);
}

std::string v6_text(Octets octets) {
  std::array<std::uint16_t, 8> groups{};
  for (std::size_t i = 0; i < 8; ++i) groups[i] = load_u16(octets.subspan(2 * i, 2));
  std::size_t best_start = 8;
  std::size_t best_length = 1;  // RFC 5952 4.2.2: a single zero group is not shortened
  for (std::size_t start = 0; start < 8; ++start) {
    std::size_t length = 0;
    while (start + length < 8 && groups[start + length] == 0) ++length;
    if (length > best_length) {
      best_start = start;
      best_length = length;
    }
  }
  std::string text;
  for (std::size_t i = 0; i < 8;) {
    if (i == best_start) {
      text += "::";
      i += best_length;
      continue;
    }
    if (!text.empty() && text.back() != ':') text += ':';
    text += hex_group(groups[i++]);
  }
  return text;
}

}  // namespace

std::optional<IpAddress> IpAddress::from_octets(Octets octets) {
  if (octets.size() == 4) return v4(load_u32(octets));
  if (octets.size() != 16) return std::nullopt;
  std::array<std::byte, 16> copy{};
  std::ranges::copy(octets, copy.begin());
  return v6(copy);
}

bool IpAddress::is_multicast() const {
  const auto first = std::to_integer<unsigned>(octets_[0]);
  return is_v4() ? (first & 0xF0U) == 0xE0U : first == 0xFFU;
}

bool IpAddress::is_broadcast() const { return is_v4() && v4_host_order() == 0xFFFFFFFFU; }

std::optional<IpAddress> parse_address(std::string_view text) {
  if (text.find(':') != std::string_view::npos) return parse_v6(text);
  const auto address = parse_v4(text);
  if (!address) return std::nullopt;
  return IpAddress::v4(*address);
}

std::string to_string(const IpAddress& address) {
  if (!address.is_v4()) return v6_text(address.octets());
  std::string text;
  for (const std::byte octet : address.octets()) {
    if (!text.empty()) text += '.';
    text += std::to_string(std::to_integer<unsigned>(octet));
  }
  return text;
}

std::string to_string(const TransportAddress& endpoint) {
  const std::string address = to_string(endpoint.address);
  const std::string port = ':' + std::to_string(endpoint.port);
  return endpoint.address.is_v4() ? address + port : '[' + address + ']' + port;
}

std::string to_string(IpProtocol protocol) {
  switch (protocol) {
    case IpProtocol::kAny: return "any";
    case IpProtocol::kIcmp: return "icmp";
    case IpProtocol::kIpv4: return "ipv4";
    case IpProtocol::kTcp: return "tcp";
    case IpProtocol::kUdp: return "udp";
    case IpProtocol::kIpv6: return "ipv6";
    case IpProtocol::kEsp: return "esp";
    case IpProtocol::kAh: return "ah";
    case IpProtocol::kIcmpv6: return "icmpv6";
    case IpProtocol::kNoNext: return "none";
  }
  return std::to_string(static_cast<unsigned>(protocol));
}

std::string to_string(const FiveTuple& tuple) {
  return to_string(tuple.protocol) + ' ' + to_string(tuple.local) + " -> " + to_string(tuple.remote);
}

}  // namespace ssx
