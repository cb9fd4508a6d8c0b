#include "api/src/security_buffers.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "api/src/wide_text.h"
#include "winsock2.h"

#include "mstcpip.h"

#include "ws2tcpip.h"

namespace ssx::api {
namespace {

Octets octets_of(const void* buffer, std::uint32_t length) {
  return Octets(static_cast<const std::byte*>(buffer), length);
}

/// Copies the front of a buffer, which may be unaligned; the buffer must be long enough.
template <class T>
T read_as(Octets octets, std::size_t offset = 0) {
  T value;
  std::memcpy(&value, octets.data() + offset, sizeof value);
  return value;
}

Guid to_guid(const GUID& guid) {
  Guid out{guid.Data1, guid.Data2, guid.Data3, {}};
  std::ranges::copy(guid.Data4, out.data4.begin());
  return out;
}

constexpr std::size_t kSettingsStrings = offsetof(SOCKET_SECURITY_SETTINGS_IPSEC, AllStrings);
constexpr std::size_t kNameStrings = offsetof(SOCKET_PEER_TARGET_NAME, AllStrings);

bool is_known_protocol(std::uint32_t protocol, const ale::Behaviour& behaviour) {
  const bool vista = behaviour.api_level == ale::ApiLevel::kVista;
  return protocol <= SOCKET_SECURITY_PROTOCOL_IPSEC || (protocol == SOCKET_SECURITY_PROTOCOL_IPSEC2 && !vista);
}

/// The user, domain and password behind the structure; lengths are in octets (C-063).
expected<void, ErrorCode> read_credentials(Octets octets, const SOCKET_SECURITY_SETTINGS_IPSEC& settings,
                                           ale::SecuritySettings& out) {
  const std::uint64_t user = settings.UserNameStringLen;
  const std::uint64_t domain = settings.DomainNameStringLen;
  const std::uint64_t password = settings.PasswordStringLen;
  // C-062, C-065: the sum is taken in 64 bits.
  if (user + domain + password > octets.size() - kSettingsStrings) return unexpected<ErrorCode>(WSAEMSGSIZE);
  if ((user | domain | password) % 2 != 0) return unexpected<ErrorCode>(WSAEINVAL);
  if (user + domain + password == 0) return {};
  const Octets strings = octets.subspan(kSettingsStrings);
  out.credentials = ale::ExplicitCredentials{utf8_of_utf16le(strings.subspan(0, user)),
                                             utf8_of_utf16le(strings.subspan(user, domain)),
                                             utf8_of_utf16le(strings.subspan(user + domain, password))};
  return {};
}

expected<ale::SecuritySettings, ErrorCode> read_ipsec_settings(Octets octets, const ale::Behaviour& behaviour) {
  const std::size_t least =
      behaviour.varlen_min == ale::VarlenMin::kSizeof ? sizeof(SOCKET_SECURITY_SETTINGS_IPSEC) : kSettingsStrings;
  if (octets.size() < least) return unexpected<ErrorCode>(WSAEMSGSIZE);
  SOCKET_SECURITY_SETTINGS_IPSEC settings{};
  std::memcpy(&settings, octets.data(), std::min(octets.size(), sizeof settings));
  ale::SecuritySettings out;
  out.protocol = settings.SecurityProtocol == SOCKET_SECURITY_PROTOCOL_IPSEC ? ale::SecurityProtocol::kIpsec
                                                                             : ale::SecurityProtocol::kIpsec2;
  out.security_flags = settings.SecurityFlags;
  out.ipsec_flags = settings.IpsecFlags;
  out.main_mode_policy = to_guid(settings.AuthipMMPolicyKey);
  out.quick_mode_policy = to_guid(settings.AuthipQMPolicyKey);
  out.reserved = to_guid(settings.Reserved);
  out.reserved2 = settings.Reserved2;
  const auto read = read_credentials(octets, settings, out);
  if (!read) return unexpected(read.error());
  return out;
}

/// How many octets of the string area are the name (api-contract.md 1.2: bytes by the page, characters in the samples).
expected<std::size_t, ErrorCode> name_octets(std::uint64_t stated, Octets strings, const ale::Behaviour& behaviour) {
  if (stated > strings.size()) return unexpected<ErrorCode>(WSAEMSGSIZE);
  if (behaviour.peer_name_len == ale::PeerNameLen::kAuto && strings.size() >= 2 * stated) {
    const Octets tail = strings.subspan(stated, stated);
    const bool is_count = std::ranges::any_of(tail, [](std::byte octet) { return octet != std::byte{0}; });
    if (is_count) return static_cast<std::size_t>(2 * stated);
  }
  if (stated % 2 != 0) return unexpected<ErrorCode>(WSAEINVAL);
  return static_cast<std::size_t>(stated);
}

/// The address in a SOCKADDR_STORAGE; nothing if family and address are zero.
expected<std::optional<TransportAddress>, ErrorCode> read_storage(const SOCKADDR_STORAGE& storage,
                                                                  const SocketEntry& socket) {
  if (storage.ss_family == AF_UNSPEC) {
    const auto octets = std::as_bytes(std::span(&storage, 1));
    const bool zero = std::ranges::all_of(octets, [](std::byte octet) { return octet == std::byte{0}; });
    if (!zero && socket.type == host::SocketType::kDatagram) return unexpected<ErrorCode>(WSAEAFNOSUPPORT);
    return std::optional<TransportAddress>();
  }
  auto address = read_address(reinterpret_cast<const sockaddr*>(&storage), sizeof storage, socket.version);
  if (!address) return unexpected(address.error());
  return std::optional(*address);
}

}  // namespace

expected<ale::SecuritySettings, ErrorCode> read_settings(const void* buffer, std::uint32_t length,
                                                         const ale::Behaviour& behaviour) {
  if (buffer == nullptr) {
    if (length != 0) return unexpected<ErrorCode>(WSAEINVAL);  // C-056
    return ale::SecuritySettings{};
  }
  if (length < sizeof(SOCKET_SECURITY_SETTINGS)) return unexpected<ErrorCode>(WSAEMSGSIZE);  // C-055
  const Octets octets = octets_of(buffer, length);
  const auto protocol = read_as<std::uint32_t>(octets);
  if (!is_known_protocol(protocol, behaviour)) return unexpected<ErrorCode>(WSAEINVAL);  // C-057
  if (protocol != SOCKET_SECURITY_PROTOCOL_DEFAULT) return read_ipsec_settings(octets, behaviour);
  // C-066: keys and flags dropped unseen would weaken the socket.
  if (length >= kSettingsStrings && behaviour.ipsec_struct_as_default == ale::IpsecStructAsDefault::kReject) {
    return unexpected<ErrorCode>(WSAEINVAL);
  }
  ale::SecuritySettings out;
  out.security_flags = read_as<std::uint32_t>(octets, offsetof(SOCKET_SECURITY_SETTINGS, SecurityFlags));
  return out;
}

expected<TargetName, ErrorCode> read_target_name(const void* buffer, std::uint32_t length, const SocketEntry& socket,
                                                 const ale::Behaviour& behaviour) {
  if (buffer == nullptr) return unexpected<ErrorCode>(WSAEFAULT);
  const std::size_t least =
      behaviour.varlen_min == ale::VarlenMin::kSizeof ? sizeof(SOCKET_PEER_TARGET_NAME) : kNameStrings;
  if (length < least) return unexpected<ErrorCode>(WSAEMSGSIZE);
  const Octets octets = octets_of(buffer, length);
  const Octets strings = octets.subspan(kNameStrings);
  const auto stated = read_as<std::uint32_t>(octets, offsetof(SOCKET_PEER_TARGET_NAME, PeerTargetNameStringLen));
  const auto size = name_octets(stated, strings, behaviour);
  if (!size) return unexpected(size.error());
  if (*size == 0 || !is_known_protocol(read_as<std::uint32_t>(octets), behaviour))
    return unexpected<ErrorCode>(WSAEINVAL);
  TargetName out;
  out.name = utf8_of_utf16le(strings.first(*size));
  while (!out.name.empty() && out.name.back() == '\0') out.name.pop_back();  // a NUL inside the counted part is dropped
  const auto peer =
      read_storage(read_as<SOCKADDR_STORAGE>(octets, offsetof(SOCKET_PEER_TARGET_NAME, PeerAddress)), socket);
  if (!peer) return unexpected(peer.error());
  out.peer = *peer;
  // C-103, C-104: a datagram socket needs the peer's address.
  const bool has_address = out.peer && !out.peer->address.is_any();
  if (socket.type == host::SocketType::kDatagram && !has_address) return unexpected<ErrorCode>(WSAEINVAL);
  return out;
}

expected<QueryTemplate, ErrorCode> read_query_template(const void* buffer, std::uint32_t length,
                                                       const SocketEntry& socket) {
  const bool datagram = socket.type == host::SocketType::kDatagram;
  if (buffer == nullptr) {
    if (datagram) return unexpected<ErrorCode>(WSAEMSGSIZE);  // C-140
    if (length != 0) return unexpected<ErrorCode>(WSAEFAULT);
    return QueryTemplate{};
  }
  if (length < sizeof(SOCKET_SECURITY_QUERY_TEMPLATE)) return unexpected<ErrorCode>(WSAEMSGSIZE);
  const Octets octets = octets_of(buffer, length);
  QueryTemplate out;
  out.protocol = read_as<std::uint32_t>(octets);
  if (out.protocol > SOCKET_SECURITY_PROTOCOL_IPSEC2) return unexpected<ErrorCode>(WSAEINVAL);  // C-180
  out.version2 = out.protocol == SOCKET_SECURITY_PROTOCOL_IPSEC2;
  out.token_access = read_as<std::uint32_t>(octets, offsetof(SOCKET_SECURITY_QUERY_TEMPLATE, PeerTokenAccessMask));
  if (out.version2) {
    if (length < sizeof(SOCKET_SECURITY_QUERY_TEMPLATE_IPSEC2)) return unexpected<ErrorCode>(WSAEMSGSIZE);  // C-142
    out.flags = read_as<std::uint32_t>(octets, offsetof(SOCKET_SECURITY_QUERY_TEMPLATE_IPSEC2, Flags));
    out.field_mask = read_as<std::uint32_t>(octets, offsetof(SOCKET_SECURITY_QUERY_TEMPLATE_IPSEC2, FieldMask));
    if ((out.flags & ~std::uint32_t{SOCKET_QUERY_IPSEC2_ABORT_CONNECTION_ON_FIELD_CHANGE}) != 0)
      return unexpected<ErrorCode>(WSAEINVAL);
  }
  const Octets plain = octets.first(sizeof(SOCKET_SECURITY_QUERY_TEMPLATE));
  out.is_zero = std::ranges::all_of(plain, [](std::byte octet) { return octet == std::byte{0}; });
  if (!datagram) return out;  // C-169: a stream's PeerAddress is ignored
  const auto storage = read_as<SOCKADDR_STORAGE>(octets, offsetof(SOCKET_SECURITY_QUERY_TEMPLATE, PeerAddress));
  const auto peer = read_address(reinterpret_cast<const sockaddr*>(&storage), sizeof storage, socket.version);
  if (!peer) return unexpected(peer.error());  // C-170
  if (peer->address.is_any()) return unexpected<ErrorCode>(WSAEINVAL);
  out.peer = *peer;
  return out;
}

expected<TransportAddress, ErrorCode> read_peer(const sockaddr* address, std::uint32_t length, IpVersion version) {
  if (address == nullptr) return unexpected<ErrorCode>(WSAEFAULT);
  if (length < sizeof(ADDRESS_FAMILY)) return unexpected<ErrorCode>(WSAEMSGSIZE);
  ADDRESS_FAMILY family = 0;
  std::memcpy(&family, address, sizeof family);
  if (family != AF_INET && family != AF_INET6) return unexpected<ErrorCode>(WSAEAFNOSUPPORT);
  // C-126: too short for its own family first, then the wrong family for the socket.
  if (length < (family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6)))
    return unexpected<ErrorCode>(WSAEMSGSIZE);
  return read_address(address, length, version);
}

}  // namespace ssx::api
