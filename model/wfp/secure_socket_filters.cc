#include "model/wfp/secure_socket_filters.h"

#include <cassert>
#include <string>
#include <utility>

namespace ssx::wfp {
namespace {

/// Which of the endpoint's conditions a layer has: IKEEXT knows no ports, only some layers know the address type.
enum class ConditionSet : std::uint8_t { kAddresses, kTraffic, kTrafficAndAddressType };

std::vector<Condition> conditions(const SecureSocketFilterRequest& request, ConditionSet set) {
  std::vector<Condition> all;
  const bool with_ports = set != ConditionSet::kAddresses;
  if (with_ports) all.push_back(equal(Field::kIpProtocol, static_cast<std::uint8_t>(request.protocol)));
  if (request.local_address) all.push_back(address_equals(Field::kIpLocalAddress, *request.local_address));
  if (set == ConditionSet::kTrafficAndAddressType) {
    all.push_back(equal(Field::kIpLocalAddressType, kAddressTypeUnicast));
  }
  if (with_ports && request.local_port) all.push_back(equal(Field::kIpLocalPort, *request.local_port));
  if (request.remote) all.push_back(address_equals(Field::kIpRemoteAddress, request.remote->address));
  if (with_ports && request.remote) all.push_back(equal(Field::kIpRemotePort, request.remote->port));
  return all;
}

Filter base(LayerId layer, const SecureSocketFilterRequest& request, ConditionSet set) {
  Filter filter;
  filter.display.name = "secure socket " + std::string(layer_name(layer));
  filter.layer = layer;
  filter.sublayer = kSublayerSecureSocket;
  filter.conditions = conditions(request, set);
  return filter;
}

Filter policy_filter(LayerId layer, const SecureSocketFilterRequest& request, ConditionSet set, const Guid& context) {
  Filter filter = base(layer, request, set);
  filter.action.type = ActionType::kPermit;
  filter.flags = kFilterHasProviderContext;
  filter.provider_context = context;
  return filter;
}

Filter callout_filter(LayerId layer, const SecureSocketFilterRequest& request, const Guid& callout, std::uint64_t raw) {
  Filter filter = base(layer, request, ConditionSet::kTrafficAndAddressType);
  filter.action = {ActionType::kCalloutTerminating, callout};
  filter.raw_context = raw;
  return filter;
}

Guid by_version(IpVersion version, const Guid& v4, const Guid& v6) { return version == IpVersion::kV4 ? v4 : v6; }

std::uint64_t accept_context(const SecureSocketFilterRequest& request) {
  return (request.guarantee_encryption ? kRawAleRequireIpsecEncryption : 0) |
         (request.allow_first_inbound_unencrypted ? kRawAleAllowFirstInboundUnencrypted : 0);
}

std::uint64_t connect_context(const SecureSocketFilterRequest& request) {
  return (request.open ? 0 : kRawAleRequireIpsecSecurity) |
         (request.guarantee_encryption ? kRawAleRequireIpsecEncryption : 0);
}

}  // namespace

std::vector<Filter> secure_socket_filters(const SecureSocketFilterRequest& request) {
  assert(!(request.open && request.guarantee_encryption));
  const IpVersion version = request.version;
  const Guid& main_mode = request.main_mode_policy.is_zero() ? kContextSecureSocketAuthip : request.main_mode_policy;
  const Guid& quick_mode = request.quick_mode_policy.is_zero() ? kContextSecureSocketIpsec : request.quick_mode_policy;
  std::vector<Filter> filters;
  filters.push_back(policy_filter(ikeext(version), request, ConditionSet::kAddresses, main_mode));
  filters.push_back(policy_filter(ipsec(version), request, ConditionSet::kTraffic, quick_mode));
  filters.push_back(
      callout_filter(inbound_transport(version), request,
                     by_version(version, kCalloutIpsecInboundTransportV4, kCalloutIpsecInboundTransportV6),
                     kRawInboundPersistConnectionSecurity));
  filters.push_back(
      callout_filter(outbound_transport(version), request,
                     by_version(version, kCalloutIpsecOutboundTransportV4, kCalloutIpsecOutboundTransportV6),
                     request.open ? kRawOutboundNegotiateDiscover : 0));
  if (!request.open) {
    filters.push_back(
        callout_filter(ale_auth_recv_accept(version), request,
                       by_version(version, kCalloutIpsecInboundInitiateSecureV4, kCalloutIpsecInboundInitiateSecureV6),
                       accept_context(request)));
  }
  filters.push_back(callout_filter(ale_auth_connect(version), request,
                                   by_version(version, kCalloutIpsecAleConnectV4, kCalloutIpsecAleConnectV6),
                                   connect_context(request)));
  return filters;
}

expected<std::vector<FilterId>, FwpError> add_secure_socket_filters(Engine& engine,
                                                                    const SecureSocketFilterRequest& request) {
  std::vector<FilterId> added;
  for (Filter& filter : secure_socket_filters(request)) {
    auto id = engine.add(std::move(filter), Requester{kStackSession});
    if (!id) {
      remove_secure_socket_filters(engine, added);
      return unexpected(id.error());
    }
    added.push_back(*id);
  }
  return added;
}

void remove_secure_socket_filters(Engine& engine, std::span<const FilterId> filters) {
  for (const FilterId id : filters) {
    // An administrator may have deleted one of them; nothing else can go wrong.
    const auto removed = engine.delete_filter(id, Requester{kStackSession});
    assert(removed || removed.error() == FwpError::kFilterNotFound);
  }
}

}  // namespace ssx::wfp
