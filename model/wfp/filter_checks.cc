#include "model/wfp/builtin_objects.h"
#include "model/wfp/engine.h"
#include "model/wfp/lifetimes.h"

namespace ssx::wfp {
namespace {

using Checked = expected<void, FwpError>;

Checked refuse(FwpError error) { return unexpected(error); }

constexpr std::uint32_t kSettableFlags = kFilterPersistent | kFilterBootTime | kFilterHasProviderContext |
                                         kFilterClearActionRight | kFilterPermitIfCalloutUnregistered | kFilterIndexed |
                                         kFilterHasSecurityRealmContext | kFilterSystemOsOnly | kFilterGameOsOnly |
                                         kFilterSilentMode | kFilterIpsecNoAcquireInitiate;

bool is_ikeext(LayerId layer) { return layer == LayerId::kIkeextV4 || layer == LayerId::kIkeextV6; }
bool is_ipsec(LayerId layer) { return layer == LayerId::kIpsecV4 || layer == LayerId::kIpsecV6; }
bool is_demux(LayerId layer) { return layer == LayerId::kIpsecKmDemuxV4 || layer == LayerId::kIpsecKmDemuxV6; }

bool is_tunnel(ProviderContextType type) {
  return type == ProviderContextType::kIkeQmTunnel || type == ProviderContextType::kAuthipQmTunnel ||
         type == ProviderContextType::kIkev2QmTunnel;
}

bool may_be_unregistered(ActionType action) {
  return action == ActionType::kCalloutTerminating || action == ActionType::kCalloutUnknown;
}

/// Step 2.
Checked check_flags(const Filter& filter) {
  if ((filter.flags & ~kSettableFlags) != 0) return refuse(FwpError::kInvalidFlags);
  constexpr std::uint32_t kBoth = kFilterPersistent | kFilterBootTime;
  if ((filter.flags & kBoth) == kBoth) return refuse(FwpError::kInvalidFlags);
  const bool permit_unregistered = (filter.flags & kFilterPermitIfCalloutUnregistered) != 0;
  if (permit_unregistered && !may_be_unregistered(filter.action.type)) return refuse(FwpError::kInvalidFlags);
  return {};
}

/// Step 6.
Checked check_action(const Filter& filter) {
  switch (filter.action.type) {
    case ActionType::kBlock:
    case ActionType::kPermit:
    case ActionType::kCalloutTerminating:
    case ActionType::kCalloutInspection:
    case ActionType::kCalloutUnknown: break;
    default: return refuse(FwpError::kInvalidActionType);
  }
  const bool is_policy = is_ikeext(filter.layer) || is_ipsec(filter.layer) || is_demux(filter.layer);
  if (is_policy && filter.action.type != ActionType::kPermit) return refuse(FwpError::kActionIncompatibleWithLayer);
  if (names_callout(filter.action.type) && !layer_info(filter.layer).is_kernel()) {
    return refuse(FwpError::kActionIncompatibleWithLayer);
  }
  return {};
}

/// The matrix of 1.6: which contexts a layer takes.
bool layer_takes(LayerId layer, ProviderContextType type) {
  using Type = ProviderContextType;
  if (is_ikeext(layer)) return type == Type::kIkeMm || type == Type::kAuthipMm || type == Type::kIkev2Mm;
  if (is_ipsec(layer)) {
    return type == Type::kIkeQmTransport || type == Type::kAuthipQmTransport || type == Type::kIkev2QmTransport ||
           is_tunnel(type);
  }
  if (is_demux(layer)) return type == Type::kKeying;
  if (!layer_info(layer).is_kernel()) return type == Type::kGeneral;
  return type == Type::kClassifyOptions || type == Type::kGeneral || type == Type::kDosp || is_tunnel(type);
}

bool raw_context_fits(const Filter& filter, const CalloutContextRule& rule) {
  if (!rule.takes_raw || (filter.raw_context & ~rule.raw_bits) != 0) return false;
  // 2.8: at connect, ALLOW_AUTH_FW goes only together with REQUIRE_IPSEC_SECURITY.
  const bool at_connect =
      (rule.raw_bits & kRawAleRequireIpsecSecurity) != 0 && (rule.raw_bits & kRawAleAllowAuthFw) != 0;
  const bool alone = (filter.raw_context & (kRawAleAllowAuthFw | kRawAleRequireIpsecSecurity)) == kRawAleAllowAuthFw;
  return !(at_connect && alone);
}

bool context_fits(const ProviderContext& context, const CalloutContextRule& rule) {
  if (context.type == ProviderContextType::kClassifyOptions) return rule.takes_options;
  if (context.type == ProviderContextType::kDosp) return rule.takes_dosp;
  return is_tunnel(context.type) && rule.takes_tunnel;
}

/// Step 9.
Checked check_weight(const WeightRequest& weight) {
  if (std::holds_alternative<UnusableWeight>(weight)) return refuse(FwpError::kInvalidWeight);
  const auto* range = std::get_if<std::uint8_t>(&weight);
  return range != nullptr && *range > 15 ? refuse(FwpError::kInvalidWeight) : Checked{};
}

}  // namespace

/// Steps 1 to 10 of P-2; the first failure wins.
expected<void, FwpError> Engine::check_filter(const Filter& filter) const {
  if (!filter.display.name) return refuse(FwpError::kNullDisplayName);
  if (auto checked = check_flags(filter); !checked) return checked;
  if (auto checked = check_filter_containers(filter); !checked) return checked;
  if (auto checked = check_action(filter); !checked) return checked;
  if (auto checked = check_filter_callout(filter); !checked) return checked;
  if (auto checked = check_filter_context(filter); !checked) return checked;
  if (auto checked = check_weight(filter.weight); !checked) return checked;
  return check_conditions(filter.layer, filter.conditions, config_.compatibility);
}

/// Steps 3 to 5: layer, sublayer, provider.
expected<void, FwpError> Engine::check_filter_containers(const Filter& filter) const {
  if (static_cast<std::size_t>(filter.layer) >= kLayerCount) return refuse(FwpError::kLayerNotFound);
  // 1.3: boot-time filters live in the kernel.
  const bool boot_time = (filter.flags & kFilterBootTime) != 0;
  if (boot_time && !layer_info(filter.layer).is_kernel()) return refuse(FwpError::kIncompatibleLayer);
  if (sublayer(filter.sublayer) == nullptr) return refuse(FwpError::kSublayerNotFound);
  if (filter.provider && provider(*filter.provider) == nullptr) return refuse(FwpError::kProviderNotFound);
  return {};
}

/// Step 7. The callout object must exist; its implementation may be missing (2.5).
expected<void, FwpError> Engine::check_filter_callout(const Filter& filter) const {
  if (!names_callout(filter.action.type)) return {};
  const CalloutObject* named = callout(filter.action.callout);
  if (named == nullptr) return refuse(FwpError::kCalloutNotFound);
  return named->layer == filter.layer ? Checked{} : refuse(FwpError::kIncompatibleLayer);
}

/// Step 8.
expected<void, FwpError> Engine::check_filter_context(const Filter& filter) const {
  const bool has_context = filter.has_provider_context();
  const ProviderContext* context = has_context ? provider_context(filter.provider_context) : nullptr;
  if (has_context && context == nullptr) return refuse(FwpError::kProviderContextNotFound);
  if (has_context && !layer_takes(filter.layer, context->type)) return refuse(FwpError::kProviderContextMismatch);
  if (!has_context && (is_ikeext(filter.layer) || is_ipsec(filter.layer))) {
    return refuse(FwpError::kContextIncompatibleWithLayer);
  }
  if (!names_callout(filter.action.type)) return {};
  if (const CalloutContextRule* rule = callout_context_rule(filter.action.callout)) {
    const bool fits = has_context ? context_fits(*context, *rule) : raw_context_fits(filter, *rule);
    return fits ? Checked{} : refuse(FwpError::kContextIncompatibleWithCallout);
  }
  const bool wants_context = (callout(filter.action.callout)->flags & kCalloutUsesProviderContext) != 0;
  return wants_context == has_context ? Checked{} : refuse(FwpError::kContextIncompatibleWithCallout);
}

/// Step 11: the table of 1.4 for each object that the filter names.
expected<void, FwpError> Engine::check_filter_lifetime(const Filter& filter) const {
  const Owned self{filter.lifetime, filter.provider};
  const Sublayer* in = sublayer(filter.sublayer);
  bool ok = may_refer(self, {in->lifetime, in->provider});
  if (filter.provider) ok = ok && may_refer(self, {provider(*filter.provider)->lifetime, filter.provider});
  if (names_callout(filter.action.type)) {
    const CalloutObject* named = callout(filter.action.callout);
    ok = ok && may_refer(self, {named->lifetime, named->provider});
  }
  if (filter.has_provider_context()) {
    const ProviderContext* context = provider_context(filter.provider_context);
    ok = ok && may_refer(self, {context->lifetime, context->provider});
  }
  return ok ? Checked{} : refuse(FwpError::kLifetimeMismatch);
}

}  // namespace ssx::wfp
