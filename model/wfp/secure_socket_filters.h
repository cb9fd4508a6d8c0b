// model/wfp/secure_socket_filters.h: the filters that stand for one secured endpoint. Source: wfp-model.md 4.4 (P-10).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "model/base/address.h"
#include "model/base/expected.h"
#include "model/wfp/engine.h"

namespace ssx::wfp {

/// What the filters of an endpoint are made from. Unset parts have no condition.
struct SecureSocketFilterRequest {
  IpVersion version = IpVersion::kV4;
  IpProtocol protocol = IpProtocol::kTcp;
  std::optional<IpAddress> local_address;  // only if bound to one
  std::optional<std::uint16_t> local_port;
  std::optional<TransportAddress> remote;  // only if connected
  bool open = false;                       // ALLOW_INSECURE without GUARANTEE_ENCRYPTION
  bool guarantee_encryption = false;
  bool allow_first_inbound_unencrypted = false;
  Guid main_mode_policy;   // zero: the built-in context (W-239)
  Guid quick_mode_policy;  // zero: the built-in context
};

/// The filters, in the order of the table of 4.4: six, or five for an open endpoint (no AUTH_RECV_ACCEPT filter).
std::vector<Filter> secure_socket_filters(const SecureSocketFilterRequest& request);

/// Adds them as dynamic filters of the network stack: all or none.
/// @errors those of Engine::add, kProviderContextNotFound above all.
expected<std::vector<FilterId>, FwpError> add_secure_socket_filters(Engine& engine,
                                                                    const SecureSocketFilterRequest& request);

/// Removes filters that add_secure_socket_filters gave.
void remove_secure_socket_filters(Engine& engine, std::span<const FilterId> filters);

}  // namespace ssx::wfp
