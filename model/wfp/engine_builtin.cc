#include <cassert>
#include <string>
#include <utility>

#include "model/wfp/builtin_objects.h"
#include "model/wfp/engine.h"

namespace ssx::wfp {
namespace {

constexpr Lifetime kBuiltin{LifetimeKind::kBuiltin, {}};
constexpr std::uint64_t kFirstBuiltinContextId = 0x8000000000000000;  // 1.5, observed

DisplayData named(std::string_view name) { return {std::string(name), {}}; }

ProviderContext builtin_context(const Guid& key, std::uint64_t index, ProviderContextType type,
                                ContextContent content) {
  ProviderContext context;
  context.key = key;
  context.display = named(guid_name(GuidKind::kProviderContext, key));
  context.type = type;
  context.content = std::move(content);
  context.id = kFirstBuiltinContextId + index;
  context.lifetime = kBuiltin;
  return context;
}

}  // namespace

void Engine::add_builtin_sublayers() {
  for (const BuiltinSublayer& builtin : builtin_sublayers()) {
    Sublayer sublayer;
    sublayer.key = builtin.key;
    sublayer.display = named(guid_name(GuidKind::kSublayer, builtin.key));
    sublayer.weight = builtin.weight;
    sublayer.lifetime = kBuiltin;
    sublayers_.emplace(builtin.key, std::make_shared<const Sublayer>(std::move(sublayer)));
  }
}

void Engine::add_builtin_callouts() {
  for (const BuiltinCallout& builtin : builtin_callouts()) {
    CalloutObject callout;
    callout.key = builtin.key;
    callout.display = named(guid_name(GuidKind::kCallout, builtin.key));
    callout.flags = kCalloutRegistered | (builtin.uses_provider_context ? kCalloutUsesProviderContext : 0U);
    callout.layer = builtin.layer;
    callout.id = builtin.id != 0 ? builtin.id : next_callout_id_++;
    callout.lifetime = kBuiltin;
    callouts_.emplace(builtin.key, std::make_shared<const CalloutObject>(std::move(callout)));
  }
}

/// The built-in provider and the contexts of 7.2 and P-19.
void Engine::add_builtin_contexts() {
  Provider ikeext;
  ikeext.key = kProviderIkeext;
  ikeext.display = named(guid_name(GuidKind::kProvider, kProviderIkeext));
  ikeext.lifetime = kBuiltin;
  providers_.emplace(ikeext.key, std::make_shared<const Provider>(ikeext));

  const bool observed = config_.default_policy == DefaultPolicy::kObserved;
  auto main_mode =
      std::make_shared<const MainModePolicy>(observed ? observed_main_mode_policy() : default_main_mode_policy());
  auto quick_mode =
      std::make_shared<const QuickModePolicy>(observed ? observed_quick_mode_policy() : default_quick_mode_policy());
  auto quick_mode2 = std::make_shared<const QuickModePolicy>(without_integrity_only(*quick_mode));
  using Type = ProviderContextType;
  for (ProviderContext& context : std::array{
           builtin_context(kContextSecureSocketAuthip, 0, Type::kAuthipMm, std::move(main_mode)),
           builtin_context(kContextSecureSocketIpsec, 1, Type::kAuthipQmTransport, std::move(quick_mode)),
           builtin_context(kContextSocketDefault2QmPolicy, 2, Type::kAuthipQmTransport, std::move(quick_mode2))}) {
    const Guid key = context.key;
    contexts_.emplace(key, std::make_shared<const ProviderContext>(std::move(context)));
  }
}

// --- exemptions of the keying protocols (6.9)
// ---------------------------------------------------------------------------

namespace {

struct ExemptPort {
  IpVersion version;
  std::uint16_t port;
};

Filter exemption(LayerId layer, Field port_field, std::uint16_t port, bool system_only) {
  Filter filter;
  filter.display = named("IKE exemption " + std::string(layer_name(layer)) + " UDP " + std::to_string(port));
  filter.provider = kProviderIkeext;
  filter.layer = layer;
  filter.sublayer = kSublayerUniversal;
  filter.weight = kWeightRangeIkeExemptions;
  filter.action.type = ActionType::kPermit;
  filter.conditions = {equal(Field::kIpProtocol, static_cast<std::uint8_t>(IpProtocol::kUdp)), equal(port_field, port)};
  if (system_only) {
    filter.conditions.push_back(equal(Field::kAleUserId, SecurityDescriptor{{std::string(kLocalSystemSid)}}));
  }
  filter.exemption = true;
  return filter;
}

}  // namespace

void Engine::add_exemptions() {
  // Over IPv6 there is no NAT traversal, hence no exemption for its port.
  const ExemptPort ports[] = {
      {IpVersion::kV4, config_.ike_port}, {IpVersion::kV4, config_.nat_t_port}, {IpVersion::kV6, config_.ike_port}};
  for (const auto& [version, port] : ports) {
    exemptions_.push_back(store(exemption(inbound_transport(version), Field::kIpLocalPort, port, false)));
    exemptions_.push_back(store(exemption(outbound_transport(version), Field::kIpRemotePort, port, false)));
    exemptions_.push_back(store(exemption(ale_auth_recv_accept(version), Field::kIpLocalPort, port, true)));
    exemptions_.push_back(store(exemption(ale_auth_connect(version), Field::kIpRemotePort, port, true)));
  }
}

void Engine::remove_exemptions() {
  for (const FilterId id : exemptions_) erase(id);
  exemptions_.clear();
}

}  // namespace ssx::wfp
