// tests/wfp/fixtures.h: objects that the tests of this area start from.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/wfp/classify.h"
#include "model/wfp/engine.h"
#include "model/wfp/objects.h"

namespace ssx::wfp::testing {

inline DisplayData named(std::string name) { return {std::move(name), {}}; }

inline Filter filter_at(LayerId layer, ActionType action, std::vector<Condition> conditions = {}) {
  Filter filter;
  filter.display = named("test filter");
  filter.layer = layer;
  filter.action.type = action;
  filter.conditions = std::move(conditions);
  return filter;
}

inline Filter permit(LayerId layer = LayerId::kOutboundTransportV4) { return filter_at(layer, ActionType::kPermit); }
inline Filter block(LayerId layer = LayerId::kOutboundTransportV4) { return filter_at(layer, ActionType::kBlock); }

inline Filter in_sublayer(Filter filter, const Guid& sublayer) {
  filter.sublayer = sublayer;
  return filter;
}
inline Filter weighing(Filter filter, WeightRequest weight) {
  filter.weight = weight;
  return filter;
}
inline Filter flagged(Filter filter, std::uint32_t flags) {
  filter.flags |= flags;
  return filter;
}

/// A policy filter at IKEEXT or IPSEC.
inline Filter policy_filter(LayerId layer, const Guid& context, std::vector<Condition> conditions = {}) {
  Filter filter = filter_at(layer, ActionType::kPermit, std::move(conditions));
  filter.flags = kFilterHasProviderContext;
  filter.provider_context = context;
  return filter;
}

inline ProviderContext main_mode_context(ProviderContextType type, MainModePolicy policy, const Guid& key = {}) {
  ProviderContext context;
  context.key = key;
  context.display = named("main mode");
  context.type = type;
  context.content = std::make_shared<const MainModePolicy>(std::move(policy));
  return context;
}

inline ProviderContext quick_mode_context(ProviderContextType type, QuickModePolicy policy, const Guid& key = {}) {
  ProviderContext context;
  context.key = key;
  context.display = named("quick mode");
  context.type = type;
  context.content = std::make_shared<const QuickModePolicy>(std::move(policy));
  return context;
}

/// A quick-mode policy without extended mode, storable for every module.
inline QuickModePolicy plain_quick_mode() {
  QuickModePolicy policy = default_quick_mode_policy();
  policy.extended_mode.reset();
  return policy;
}

/// A main-mode policy that IKE, too, can store.
inline MainModePolicy preshared_main_mode() {
  MainModePolicy policy = default_main_mode_policy();
  policy.methods = {{AuthMethod::kPresharedKey, 0, {}}};
  return policy;
}

inline Sublayer sublayer_weighing(std::uint16_t weight, const Guid& key = {}) {
  Sublayer sublayer;
  sublayer.key = key;
  sublayer.display = named("test sublayer");
  sublayer.weight = weight;
  return sublayer;
}

/// Two sublayers for arbitration: kHigh is above kLow; no built-in one lies between.
inline constexpr Guid kHigh = guid("11111111-0000-4000-8000-000000000001");
inline constexpr Guid kLow = guid("11111111-0000-4000-8000-000000000002");
inline constexpr Guid kTestCallout = guid("22222222-0000-4000-8000-000000000001");
inline constexpr Guid kOtherCallout = guid("22222222-0000-4000-8000-000000000002");

inline CalloutObject callout_object(const Guid& key, LayerId layer = LayerId::kOutboundTransportV4) {
  CalloutObject callout;
  callout.key = key;
  callout.display = named("test callout");
  callout.layer = layer;
  return callout;
}

inline Filter asking(const Guid& callout, ActionType action = ActionType::kCalloutTerminating,
                     LayerId layer = LayerId::kOutboundTransportV4) {
  Filter filter = filter_at(layer, action);
  filter.action.callout = callout;
  return filter;
}

/// Answers always the same, and remembers how often it was asked and whether the right was clear.
class FixedCallout : public Callout {
 public:
  struct Log {
    int calls = 0;
    bool right_was_clear = false;
  };
  FixedCallout(CalloutAction action, bool clears_right, std::shared_ptr<Log> log = std::make_shared<Log>())
      : result_{action, clears_right}, log_(std::move(log)) {}

  CalloutResult classify(const FieldValues&, const Filter&, ClassifyMetadata& metadata) const override {
    ++log_->calls;
    log_->right_was_clear = metadata.right_is_clear;
    return result_;
  }

 private:
  CalloutResult result_;
  std::shared_ptr<Log> log_;
};

/// An engine with kHigh, kLow and the two test callouts at OUTBOUND_TRANSPORT_V4.
inline Engine arbitration_engine() {
  Engine engine;
  engine.add(sublayer_weighing(0xB000, kHigh)).value();
  engine.add(sublayer_weighing(0x0100, kLow)).value();
  engine.add(callout_object(kTestCallout)).value();
  engine.add(callout_object(kOtherCallout)).value();
  return engine;
}

inline FieldValues tcp_packet() {
  FieldValues values;
  values.set_protocol(IpProtocol::kTcp);
  values.set_address(Field::kIpLocalAddress, IpAddress::v4(0x0A000001));
  values.set_address(Field::kIpRemoteAddress, IpAddress::v4(0x0A000002));
  values.set(Field::kIpLocalAddressType, kAddressTypeUnicast);
  values.set(Field::kIpLocalPort, std::uint16_t{49152});
  values.set(Field::kIpRemotePort, std::uint16_t{27015});
  return values;
}

inline ClassifyOutcome outcome(const Engine& engine, const FieldValues& values = tcp_packet(),
                               LayerId layer = LayerId::kOutboundTransportV4) {
  ClassifyMetadata metadata;
  return classify(engine, layer, values, metadata);
}

/// The error of a refused call; nothing if it succeeded.
template <class T>
std::optional<FwpError> error_of(const expected<T, FwpError>& result) {
  return result ? std::nullopt : std::optional(result.error());
}

}  // namespace ssx::wfp::testing
