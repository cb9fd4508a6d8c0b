#include "model/wfp/policy_selection.h"

#include <algorithm>
#include <string>
#include <utility>

#include "model/wfp/explain.h"

namespace ssx::wfp {
namespace {

LayerId layer_of(PolicyPurpose purpose, IpVersion version) {
  return purpose == PolicyPurpose::kMainMode ? ikeext(version) : ipsec(version);
}

ProviderContextType context_type(PolicyPurpose purpose, KeyingModule module) {
  const bool main_mode = purpose == PolicyPurpose::kMainMode;
  using Type = ProviderContextType;
  switch (module) {
    case KeyingModule::kIke: return main_mode ? Type::kIkeMm : Type::kIkeQmTransport;
    case KeyingModule::kAuthip: return main_mode ? Type::kAuthipMm : Type::kAuthipQmTransport;
    case KeyingModule::kIkev2: return main_mode ? Type::kIkev2Mm : Type::kIkev2QmTransport;
  }
  return Type::kGeneral;
}

std::string_view module_name(KeyingModule module) {
  switch (module) {
    case KeyingModule::kIke: return "IKE";
    case KeyingModule::kAuthip: return "AuthIP";
    case KeyingModule::kIkev2: return "IKEv2";
  }
  return "?";
}

/// U-18: a protocol or port of 0 in a responder's selector satisfies every condition; elsewhere it is unknown.
template <class Number>
void set_or_any(FieldValues& values, Field field, Number number, bool zero_is_any) {
  if (number != 0) {
    values.set(field, number);
  } else if (zero_is_any) {
    values.set(field, AnyValue{});
  }
}

FieldValues field_values(const PolicySelector& selector) {
  FieldValues values;
  if (!selector.local.address.is_any()) values.set_address(Field::kIpLocalAddress, selector.local.address);
  if (!selector.remote.address.is_any()) values.set_address(Field::kIpRemoteAddress, selector.remote.address);
  set_or_any(values, Field::kIpProtocol, static_cast<std::uint8_t>(selector.protocol), selector.zero_is_any);
  set_or_any(values, Field::kIpLocalPort, selector.local.port, selector.zero_is_any);
  set_or_any(values, Field::kIpRemotePort, selector.remote.port, selector.zero_is_any);
  if (selector.interface_luid) values.set(Field::kIpLocalInterface, *selector.interface_luid);
  if (selector.profile) values.set(Field::kCurrentProfileId, *selector.profile);
  return values;
}

/// Calls `visit` with every enabled filter of the layer in the order of P-16 until it returns true.
template <class Visit>
void visit_in_order(const Engine& engine, LayerId layer, Visit visit) {
  for (const SublayerFilters& group : engine.filters_at(layer)) {
    for (const Filter* filter : group.filters) {
      if (!filter->disabled() && filter->has_provider_context() && visit(*filter)) return;
    }
  }
}

SelectedPolicy selected(const Engine& engine, const Filter& filter, KeyingModule module) {
  const ProviderContext& context = *engine.provider_context(filter.provider_context);
  return {module, filter.id, context.key, context.main_mode(), context.quick_mode()};
}

std::string context_text(const Engine& engine, const Guid& key) {
  return "context '" + engine.provider_context(key)->display.name.value_or("") + "' " + to_string(key);
}

std::string outcome_text(const Engine& engine, PolicyPurpose purpose, const std::optional<SelectedPolicy>& choice) {
  if (!choice)
    return std::string(to_string(purpose == PolicyPurpose::kMainMode ? NoPolicy::kMainMode : NoPolicy::kQuickMode));
  return std::string(module_name(choice->module)) + " policy of " + context_text(engine, choice->context);
}

void record_selection(const Engine& engine, PolicyPurpose purpose, LayerId layer, const FieldValues& values,
                      std::span<const KeyingModule> modules, const std::optional<SelectedPolicy>& choice,
                      DecisionRecorder& recorder) {
  Decision decision;
  decision.phase = std::string(layer_name(layer));
  decision.subject = recorder.subject;
  decision.outcome = outcome_text(engine, purpose, choice);
  if (choice) decision.object = describe(*engine.filter(choice->filter));
  decision.rule = "wfp-model.md 7.1 P-16 W-243";
  visit_in_order(engine, layer, [&](const Filter& filter) {
    if (choice && filter.id == choice->filter) return false;
    const ProviderContextType type = engine.provider_context(filter.provider_context)->type;
    const bool fits = std::ranges::any_of(modules, [&](KeyingModule m) { return context_type(purpose, m) == type; });
    if (!matches(filter.conditions, values)) {
      add_mismatch(decision.beaten, filter, values);
    } else if (!fits) {
      add_near_miss(decision.beaten, filter, std::string(to_string(type)) + " is not for the modules in question");
    } else {
      add_near_miss(decision.beaten, filter, "matches too, but comes later by module, sublayer, weight or age (P-16)");
    }
    return false;
  });
  recorder.decisions.push_back(std::move(decision));
}

std::optional<KeyingModule> module_by_key(const Guid& key) {
  if (key == kKeyingModuleAuthip) return KeyingModule::kAuthip;
  if (key == kKeyingModuleIke) return KeyingModule::kIke;
  if (key == kKeyingModuleIkev2) return KeyingModule::kIkev2;
  return std::nullopt;
}

/// The modules of all matching keying policies, up to one that ends the look-up (5.3.6). None: no policy matches.
std::optional<std::vector<KeyingModule>> keying_policy_modules(const Engine& engine, IpVersion version,
                                                               const PolicySelector& selector) {
  std::optional<std::vector<KeyingModule>> modules;
  const FieldValues values = field_values(selector);
  visit_in_order(engine, keying_module_demux(version), [&](const Filter& filter) {
    if (!matches(filter.conditions, values)) return false;
    const auto& policy = std::get<KeyingPolicy>(engine.provider_context(filter.provider_context)->content);
    if (!modules) modules.emplace();
    for (const Guid& key : policy.modules) {
      if (const auto module = module_by_key(key)) modules->push_back(*module);
    }
    return (policy.flags & kKeyingTerminatingMatch) != 0;
  });
  return modules;
}

bool has_ikev2_context(const Engine& engine) {
  return std::ranges::any_of(engine.provider_contexts(), [](const ProviderContext* context) {
    return context->type == ProviderContextType::kIkev2Mm || context->type == ProviderContextType::kIkev2QmTransport;
  });
}

}  // namespace

std::optional<SelectedPolicy> select_policy(const Engine& engine, PolicyPurpose purpose, IpVersion version,
                                            const PolicySelector& selector, std::span<const KeyingModule> modules,
                                            DecisionRecorder* recorder) {
  const LayerId layer = layer_of(purpose, version);
  const FieldValues values = field_values(selector);
  std::optional<SelectedPolicy> choice;
  for (const KeyingModule module : modules) {
    const ProviderContextType wanted = context_type(purpose, module);
    visit_in_order(engine, layer, [&](const Filter& filter) {
      if (engine.provider_context(filter.provider_context)->type != wanted) return false;
      if (!matches(filter.conditions, values)) return false;
      choice = selected(engine, filter, module);
      return true;
    });
    if (choice) break;
  }
  if (recorder != nullptr) record_selection(engine, purpose, layer, values, modules, choice, *recorder);
  return choice;
}

std::vector<KeyingModule> module_order(const Engine& engine, IpVersion version, const PolicySelector& selector) {
  constexpr KeyingModule kPreference[] = {KeyingModule::kAuthip, KeyingModule::kIke, KeyingModule::kIkev2};
  const auto wanted = keying_policy_modules(engine, version, selector);
  std::vector<KeyingModule> order;
  if (!wanted) {
    order.assign(std::begin(kDefaultModules), std::end(kDefaultModules));
    if (has_ikev2_context(engine)) order.push_back(KeyingModule::kIkev2);
    return order;
  }
  for (const KeyingModule module : kPreference) {
    if (std::ranges::find(*wanted, module) != wanted->end()) order.push_back(module);
  }
  return order;
}

std::string_view to_string(NoPolicy reason) {
  switch (reason) {
    case NoPolicy::kMainMode: return "13850 no main-mode policy matches the traffic";
    case NoPolicy::kQuickMode: return "13825 no quick-mode policy matches the traffic";
  }
  return "?";
}

expected<PolicyPair, NoPolicy> select_policies(const Engine& engine, IpVersion version, const PolicySelector& selector,
                                               DecisionRecorder* recorder) {
  NoPolicy missing = NoPolicy::kMainMode;
  for (const KeyingModule module : module_order(engine, version, selector)) {
    const std::span<const KeyingModule> only(&module, 1);
    auto main_mode = select_policy(engine, PolicyPurpose::kMainMode, version, selector, only, recorder);
    if (!main_mode) continue;
    auto quick_mode = select_policy(engine, PolicyPurpose::kQuickModeTransport, version, selector, only, recorder);
    if (quick_mode) return PolicyPair{*std::move(main_mode), *std::move(quick_mode)};
    missing = NoPolicy::kQuickMode;
  }
  return unexpected(missing);
}

}  // namespace ssx::wfp
