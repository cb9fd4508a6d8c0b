// model/host/port_table.h: who is bound where: bind conflicts and dynamic ports. Source: api-contract.md 1.9, X-9.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "model/base/address.h"
#include "model/base/expected.h"
#include "model/base/strong.h"
#include "model/host/calls.h"

namespace ssx::host {

/// How a socket shares its port: SO_REUSEADDR and SO_EXCLUSIVEADDRUSE exclude each other.
enum class Sharing : std::uint8_t { kNone, kReuse, kExclusive };

/// The outcome of a second bind to the same port, for sockets of one account (api-contract.md 1.9).
/// @param same_address  both bound to the same specific address; meaningless if one is a wildcard.
/// @return nothing if it succeeds, else kAddressInUse or kAccessDenied.
std::optional<SocketError> bind_conflict(Sharing first, bool first_is_wildcard, Sharing second, bool second_is_wildcard,
                                         bool same_address);

inline constexpr std::uint16_t kDynamicPortFirst = 49152;  // wfp-model.md X-9
inline constexpr std::uint16_t kDynamicPortLast = 65535;

/// The bound ports of one host.
class PortTable {
 public:
  struct Binding {
    SocketId socket;
    IpProtocol protocol = IpProtocol::kTcp;
    TransportAddress address;  // address may be any
    Sharing sharing = Sharing::kNone;
    friend bool operator==(const Binding&, const Binding&) = default;
  };

  /// Enters a binding; port 0 takes the next free dynamic port.
  /// @return the port. @errors kAddressInUse, kAccessDenied, kNoBufferSpace (all dynamic ports are taken)
  expected<std::uint16_t, SocketError> bind(Binding binding);
  /// Removes what `socket` holds.
  void release(SocketId socket);
  /// Whether anybody is bound to the port for the protocol (whatever the address).
  bool is_bound(IpProtocol protocol, std::uint16_t port) const;

 private:
  std::optional<SocketError> conflict(const Binding& binding) const;

  std::vector<Binding> bindings_;
  std::uint16_t next_dynamic_ = kDynamicPortFirst;
};

}  // namespace ssx::host
