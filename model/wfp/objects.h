// model/wfp/objects.h: providers, sublayers, callouts, provider contexts and filters as values. Source:
// wfp-model.md 1.3–1.6, 2.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/base/guid.h"
#include "model/base/octets.h"
#include "model/base/strong.h"
#include "model/wfp/conditions.h"
#include "model/wfp/guids.h"
#include "model/wfp/ipsec_policy.h"
#include "model/wfp/layers.h"

namespace ssx::wfp {

/// A session of the engine; only dynamic sessions own objects.
using SessionId = Strong<struct SessionIdTag, std::uint64_t>;
/// The network stack itself: owner of secure-socket filters (wfp-model.md 4.4).
inline constexpr SessionId kStackSession{0xFFFFFFFFFFFFFFFF};

/// How long an object lives (1.3). The engine derives it from the object's flags and the session that adds it.
enum class LifetimeKind : std::uint8_t { kBuiltin, kPersistent, kBootTime, kStatic, kDynamic };
struct Lifetime {
  LifetimeKind kind = LifetimeKind::kStatic;
  SessionId owner;  // only if dynamic
  friend bool operator==(const Lifetime&, const Lifetime&) = default;
};

/// FWPM_DISPLAY_DATA0. A missing name is the NULL pointer, which every add refuses; an empty one is accepted.
struct DisplayData {
  std::optional<std::string> name;
  std::string description;
  friend bool operator==(const DisplayData&, const DisplayData&) = default;
};

/// FWPM_PROVIDER0.
struct Provider {
  Guid key;  // zero: the engine makes one
  DisplayData display;
  std::uint32_t flags = 0;
  OctetVector data;
  std::optional<std::string> service_name;
  Lifetime lifetime;  // set by the engine
};
inline constexpr std::uint32_t kProviderPersistent = 0x1;
inline constexpr std::uint32_t kProviderDisabled = 0x10;  // output only

/// FWPM_SUBLAYER0. `weight` is a request; the stored object has the effective one (P-1).
struct Sublayer {
  Guid key;
  DisplayData display;
  std::uint32_t flags = 0;
  std::optional<Guid> provider;
  OctetVector data;
  std::uint16_t weight = 0;
  Lifetime lifetime;
};
inline constexpr std::uint32_t kSublayerPersistent = 0x1;

/// FWPM_CALLOUT0: names a callout; its implementation is registered apart (Engine::register_callout).
struct CalloutObject {
  Guid key;
  DisplayData display;
  std::uint32_t flags = 0;
  std::optional<Guid> provider;
  OctetVector data;
  LayerId layer = LayerId::kUnknown;
  std::uint32_t id = 0;  // set by the engine
  Lifetime lifetime;
};
inline constexpr std::uint32_t kCalloutPersistent = 0x10000;
inline constexpr std::uint32_t kCalloutUsesProviderContext = 0x20000;
inline constexpr std::uint32_t kCalloutRegistered = 0x40000;  // output only

/// FWPM_PROVIDER_CONTEXT_TYPE.
enum class ProviderContextType : std::uint32_t {
  kKeying = 0,
  kIkeQmTransport = 1,
  kIkeQmTunnel = 2,
  kAuthipQmTransport = 3,
  kAuthipQmTunnel = 4,
  kIkeMm = 5,
  kAuthipMm = 6,
  kClassifyOptions = 7,
  kGeneral = 8,
  kIkev2QmTunnel = 9,
  kIkev2Mm = 10,
  kDosp = 11,
  kIkev2QmTransport = 12,
};
/// "FWPM_IPSEC_AUTHIP_MM_CONTEXT"
std::string_view to_string(ProviderContextType type);

/// FWP_CLASSIFY_OPTION_TYPE.
enum class ClassifyOptionType : std::uint32_t {
  kMulticastState = 0,
  kLooseSourceMapping = 1,
  kUnicastLifetime = 2,
  kMulticastBroadcastLifetime = 3,
  kSecureSocketSecurityFlags = 4,
  kSecureSocketAuthipMmPolicyKey = 5,
  kSecureSocketAuthipQmPolicyKey = 6,
  kLocalOnlyMapping = 7,
};
struct ClassifyOption {
  ClassifyOptionType type = ClassifyOptionType::kMulticastState;
  std::variant<std::uint32_t, Guid> value;  // a key for the two policy keys
  friend bool operator==(const ClassifyOption&, const ClassifyOption&) = default;
};
struct ClassifyOptions {
  std::vector<ClassifyOption> options;
  friend bool operator==(const ClassifyOptions&, const ClassifyOptions&) = default;
};

/// IPSEC_KEYING_POLICY1: the modules to try, in no order.
struct KeyingPolicy {
  std::vector<Guid> modules;
  std::uint32_t flags = 0;
  friend bool operator==(const KeyingPolicy&, const KeyingPolicy&) = default;
};
inline constexpr std::uint32_t kKeyingTerminatingMatch = 0x1;

/// What a provider context holds. Policies are shared, never copied; monostate is the NULL pointer.
using ContextContent = std::variant<std::monostate, std::shared_ptr<const MainModePolicy>,
                                    std::shared_ptr<const QuickModePolicy>, ClassifyOptions, OctetVector, KeyingPolicy>;

/// FWPM_PROVIDER_CONTEXT2.
struct ProviderContext {
  Guid key;
  DisplayData display;
  std::uint32_t flags = 0;
  std::optional<Guid> provider;
  OctetVector data;
  ProviderContextType type = ProviderContextType::kGeneral;
  ContextContent content;
  std::uint64_t id = 0;  // set by the engine
  Lifetime lifetime;

  /// The policy of a main- or quick-mode context, else null.
  std::shared_ptr<const MainModePolicy> main_mode() const;
  std::shared_ptr<const QuickModePolicy> quick_mode() const;
};
inline constexpr std::uint32_t kContextPersistent = 0x1;
inline constexpr std::uint32_t kContextDownlevel = 0x2;  // reserved

/// FWP_ACTION_TYPE (2.4).
enum class ActionType : std::uint32_t {
  kBlock = 0x1001,
  kPermit = 0x1002,
  kCalloutTerminating = 0x5003,
  kCalloutInspection = 0x6004,
  kCalloutUnknown = 0x4005,
  kContinue = 0x2006,     // a callout's answer only
  kNone = 0x7,            // a classification's answer only
  kNoneNoMatch = 0x8,     // a classification's answer only
  kBitmapIndexSet = 0x9,  // not modelled
};
std::string_view to_string(ActionType action);
constexpr bool names_callout(ActionType action) { return (static_cast<std::uint32_t>(action) & 0x4000) != 0; }

/// FWPM_ACTION0.
struct FilterAction {
  ActionType type = ActionType::kPermit;
  Guid callout;  // only with a callout action; otherwise the provider's filter type
  friend bool operator==(const FilterAction&, const FilterAction&) = default;
};

/// A weight of a type that no filter may have.
struct UnusableWeight {
  DataType type = DataType::kEmpty;
  friend auto operator<=>(const UnusableWeight&, const UnusableWeight&) = default;
};
/// The weight asked for: EMPTY, a range 0..15, or the weight itself (2.3).
using WeightRequest = std::variant<Empty, std::uint8_t, std::uint64_t, UnusableWeight>;
/// FWPM_WEIGHT_RANGE_*.
inline constexpr std::uint8_t kWeightRangeIpsec = 0x0;
inline constexpr std::uint8_t kWeightRangeIkeExemptions = 0xC;
inline constexpr int kAutoWeightBits = 60;

/// FWPM_FILTER_FLAG_* (2.5).
inline constexpr std::uint32_t kFilterPersistent = 0x1;
inline constexpr std::uint32_t kFilterBootTime = 0x2;
inline constexpr std::uint32_t kFilterHasProviderContext = 0x4;
inline constexpr std::uint32_t kFilterClearActionRight = 0x8;
inline constexpr std::uint32_t kFilterPermitIfCalloutUnregistered = 0x10;
inline constexpr std::uint32_t kFilterDisabled = 0x20;  // output only
inline constexpr std::uint32_t kFilterIndexed = 0x40;
inline constexpr std::uint32_t kFilterHasSecurityRealmContext = 0x80;
inline constexpr std::uint32_t kFilterSystemOsOnly = 0x100;
inline constexpr std::uint32_t kFilterGameOsOnly = 0x200;
inline constexpr std::uint32_t kFilterSilentMode = 0x400;
inline constexpr std::uint32_t kFilterIpsecNoAcquireInitiate = 0x800;

/// Raw contexts of the built-in callouts (2.8).
inline constexpr std::uint64_t kRawInboundPassthru = 0x1;
inline constexpr std::uint64_t kRawInboundPersistConnectionSecurity = 0x2;
inline constexpr std::uint64_t kRawInboundSecurityRealmId = 0x4;
inline constexpr std::uint64_t kRawOutboundNegotiateDiscover = 0x1;
inline constexpr std::uint64_t kRawOutboundSuppressNegotiation = 0x2;
inline constexpr std::uint64_t kRawOutboundSecurityRealmId = 0x4;
inline constexpr std::uint64_t kRawAleRequireIpsecSecurity = 0x2;
inline constexpr std::uint64_t kRawAleLazySdEvaluation = 0x4;
inline constexpr std::uint64_t kRawAleRequireIpsecEncryption = 0x8;
inline constexpr std::uint64_t kRawAleAllowFirstInboundUnencrypted = 0x10;
inline constexpr std::uint64_t kRawAleAllowAuthFw = 0x20;

/// FWPM_FILTER0. Objects are immutable: to change one, delete it and add another.
struct Filter {
  Guid key;
  DisplayData display;
  std::uint32_t flags = 0;
  std::optional<Guid> provider;
  OctetVector data;
  LayerId layer = LayerId::kUnknown;
  Guid sublayer;  // zero: the layer's default
  WeightRequest weight;
  std::vector<Condition> conditions;
  FilterAction action;
  std::uint64_t raw_context = 0;  // without kFilterHasProviderContext
  Guid provider_context;          // with kFilterHasProviderContext
  // Set by the engine:
  FilterId id;
  std::uint64_t effective_weight = 0;
  Lifetime lifetime;
  bool exemption = false;  // an IKE exemption of the engine (6.9): callers cannot delete it

  bool has_provider_context() const { return (flags & kFilterHasProviderContext) != 0; }
  bool disabled() const { return (flags & (kFilterDisabled | kFilterSystemOsOnly | kFilterGameOsOnly)) != 0; }
};

/// "filter 17 'admin require' (UNIVERSAL, PERMIT)"
std::string describe(const Filter& filter);

}  // namespace ssx::wfp
