#include "model/host/port_table.h"

#include <algorithm>

namespace ssx::host {
namespace {

// One row a first bind, one column a second bind, both in the order none, reuse, exclusive, each wildcard then specific
// (the same specific address). U: WSAEADDRINUSE, A: WSAEACCES, o: success. api-contract.md 1.9.
constexpr char kOutcome[6][7] = {
    // none*  none=  reuse* reuse= excl*  excl=
    "UoAoUo",  // none, wildcard
    "oUoAUU",  // none, specific
    "UoooUo",  // reuse, wildcard
    "oUooUU",  // reuse, specific
    "UAAAUA",  // exclusive, wildcard
    "oUoAUU",  // exclusive, specific
};

std::size_t table_index(Sharing sharing, bool wildcard) {
  return static_cast<std::size_t>(sharing) * 2 + (wildcard ? 0 : 1);
}

}  // namespace

std::optional<SocketError> bind_conflict(Sharing first, bool first_is_wildcard, Sharing second, bool second_is_wildcard,
                                         bool same_address) {
  // 1.9: different specific addresses never conflict.
  if (!first_is_wildcard && !second_is_wildcard && !same_address) return std::nullopt;
  switch (kOutcome[table_index(first, first_is_wildcard)][table_index(second, second_is_wildcard)]) {
    case 'U': return SocketError::kAddressInUse;
    case 'A': return SocketError::kAccessDenied;
    default: return std::nullopt;
  }
}

std::optional<SocketError> PortTable::conflict(const Binding& binding) const {
  for (const Binding& first : bindings_) {
    if (first.protocol != binding.protocol || first.address.port != binding.address.port) continue;
    if (first.address.address.version() != binding.address.address.version()) continue;
    const auto error =
        bind_conflict(first.sharing, first.address.address.is_any(), binding.sharing, binding.address.address.is_any(),
                      first.address.address == binding.address.address);
    if (error) return error;
  }
  return std::nullopt;
}

expected<std::uint16_t, SocketError> PortTable::bind(Binding binding) {
  if (binding.address.port != 0) {
    if (const auto error = conflict(binding)) return unexpected(*error);
    bindings_.push_back(binding);
    return binding.address.port;
  }
  for (int tried = 0; tried <= kDynamicPortLast - kDynamicPortFirst; ++tried) {
    binding.address.port = next_dynamic_;
    next_dynamic_ =
        next_dynamic_ == kDynamicPortLast ? kDynamicPortFirst : static_cast<std::uint16_t>(next_dynamic_ + 1);
    if (is_bound(binding.protocol, binding.address.port)) continue;
    bindings_.push_back(binding);
    return binding.address.port;
  }
  return unexpected(SocketError::kNoBufferSpace);
}

void PortTable::release(SocketId socket) {
  std::erase_if(bindings_, [socket](const Binding& binding) { return binding.socket == socket; });
}

bool PortTable::is_bound(IpProtocol protocol, std::uint16_t port) const {
  return std::ranges::any_of(
      bindings_, [&](const Binding& binding) { return binding.protocol == protocol && binding.address.port == port; });
}

}  // namespace ssx::host
