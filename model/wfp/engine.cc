#include "model/wfp/engine.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "model/wfp/auto_weight.h"
#include "model/wfp/context_checks.h"
#include "model/wfp/lifetimes.h"

namespace ssx::wfp {
namespace {

constexpr std::size_t kSublayersMax = 65'536;  // 1.6
constexpr std::size_t kCalloutsMax = 100'000;  // 1.6

/// One step of SplitMix64 (Steele, Lea and Flood 2014): a bijection, so counted inputs give distinct outputs.
std::uint64_t mixed(std::uint64_t value) {
  value += 0x9E3779B97F4A7C15;
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
  value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
  return value ^ (value >> 31);
}

/// 2.3: what is asked for becomes the 64-bit weight that classification compares. Checked before.
std::uint64_t effective_weight(const Filter& filter) {
  if (const auto* exact = std::get_if<std::uint64_t>(&filter.weight)) return *exact;
  const std::uint64_t low = auto_weight(filter.layer, filter.conditions);
  const auto* range = std::get_if<std::uint8_t>(&filter.weight);
  return range == nullptr ? low : (static_cast<std::uint64_t>(*range) << kAutoWeightBits) | low;
}

/// Where a persistent object refers to its own provider, the two are by definition of the same provider.
Owned as_target(const Provider& provider) { return {provider.lifetime, provider.key}; }

std::optional<Guid> provider_of(const Provider&) { return std::nullopt; }
template <class T>
std::optional<Guid> provider_of(const T& object) {
  return object.provider;
}

template <class T>
const T* lookup(const std::map<Guid, std::shared_ptr<const T>>& table, const Guid& key) {
  const auto found = table.find(key);
  return found == table.end() ? nullptr : found->second.get();
}

template <class T>
std::vector<const T*> listed(const std::map<Guid, std::shared_ptr<const T>>& table) {
  std::vector<const T*> all;
  all.reserve(table.size());
  for (const auto& [key, object] : table) all.push_back(object.get());
  return all;
}

/// Before in order of classification: higher weight, then older filter (P-5: ties by id).
bool precedes(const Filter* a, const Filter* b) {
  if (a->effective_weight != b->effective_weight) return a->effective_weight > b->effective_weight;
  return a->id < b->id;
}

}  // namespace

Engine::Engine(const EngineConfig& config) : config_(config) {
  add_builtin_sublayers();
  add_builtin_callouts();
  add_builtin_contexts();
}

Guid Engine::fresh_key() {
  const std::uint64_t high = mixed(config_.key_seed ^ mixed(2 * keys_made_));
  const std::uint64_t low = mixed(config_.key_seed ^ mixed(2 * keys_made_ + 1));
  ++keys_made_;
  Guid key;
  key.data1 = static_cast<std::uint32_t>(high >> 32);
  key.data2 = static_cast<std::uint16_t>(high >> 16);
  key.data3 = static_cast<std::uint16_t>((high & 0x0FFFU) | 0x4000U);  // version 4
  for (std::size_t i = 0; i < 8; ++i) key.data4[i] = static_cast<std::uint8_t>(low >> (56 - 8 * i));
  key.data4[0] = static_cast<std::uint8_t>((key.data4[0] & 0x3FU) | 0x80U);
  return key;
}

// --- references
// ---------------------------------------------------------------------------------------------------------

bool Engine::is_used(Use use, const Guid& key) const { return uses_[use].contains(key); }

void Engine::count_use(Use use, const Guid& key, int step) {
  std::uint32_t& count = uses_[use][key];
  assert(step > 0 || count > 0);
  count = step > 0 ? count + 1 : count - 1;
  if (count == 0) uses_[use].erase(key);
}

void Engine::count_provider(const std::optional<Guid>& provider, int step) {
  if (provider) count_use(kUseProvider, *provider, step);
}

void Engine::count_references(const Filter& filter, int step) {
  count_provider(filter.provider, step);
  count_use(kUseSublayer, filter.sublayer, step);
  if (names_callout(filter.action.type)) count_use(kUseCallout, filter.action.callout, step);
  if (filter.has_provider_context()) count_use(kUseContext, filter.provider_context, step);
}

expected<void, FwpError> Engine::hold_provider_context(const Guid& key) {
  if (provider_context(key) == nullptr) return unexpected(FwpError::kProviderContextNotFound);
  count_use(kUseContext, key, +1);
  return {};
}

void Engine::release_provider_context(const Guid& key) { count_use(kUseContext, key, -1); }

// --- providers, sublayers, callouts, provider contexts
// ------------------------------------------------------------------

template <class T>
expected<void, FwpError> Engine::prepare(T& object, const Table<T>& table, bool persistent,
                                         const Requester& requester) {
  const std::optional<Guid> provider_key = provider_of(object);
  const Provider* owner = provider_key ? provider(*provider_key) : nullptr;
  if (provider_key && owner == nullptr) return unexpected(FwpError::kProviderNotFound);
  const auto lifetime = lifetime_of(persistent, false, requester);
  if (!lifetime) return unexpected(lifetime.error());
  if (owner != nullptr && !may_refer({*lifetime, provider_key}, as_target(*owner))) {
    return unexpected(FwpError::kLifetimeMismatch);
  }
  if (table.contains(object.key)) return unexpected(FwpError::kAlreadyExists);
  object.lifetime = *lifetime;
  while (object.key.is_zero() || table.contains(object.key)) object.key = fresh_key();
  return {};
}

template <class T>
Guid Engine::insert(Table<T>& table, T object) {
  const Guid key = object.key;
  count_provider(provider_of(object), +1);
  table.emplace(key, std::make_shared<const T>(std::move(object)));
  ++generation_;
  return key;
}

template <class T>
expected<void, FwpError> Engine::remove(Table<T>& table, Use use, FwpError missing, const Guid& key,
                                        const Requester& requester) {
  const auto found = table.find(key);
  if (found == table.end()) return unexpected(missing);
  if (auto checked = check_deletable(found->second->lifetime, requester); !checked) return checked;
  if (is_used(use, key)) return unexpected(FwpError::kInUse);
  count_provider(provider_of(*found->second), -1);
  table.erase(found);
  ++generation_;
  return {};
}

expected<Guid, FwpError> Engine::add(Provider provider, const Requester& requester) {
  if (!provider.display.name) return unexpected(FwpError::kNullDisplayName);
  if ((provider.flags & ~kProviderPersistent) != 0) return unexpected(FwpError::kInvalidFlags);
  const bool persistent = (provider.flags & kProviderPersistent) != 0;
  if (auto checked = prepare(provider, providers_, persistent, requester); !checked) return unexpected(checked.error());
  return insert(providers_, std::move(provider));
}

expected<Guid, FwpError> Engine::add(Sublayer sublayer, const Requester& requester) {
  if (!sublayer.display.name) return unexpected(FwpError::kNullDisplayName);
  if ((sublayer.flags & ~kSublayerPersistent) != 0) return unexpected(FwpError::kInvalidFlags);
  const bool persistent = (sublayer.flags & kSublayerPersistent) != 0;
  if (auto checked = prepare(sublayer, sublayers_, persistent, requester); !checked) return unexpected(checked.error());
  if (sublayers_.size() >= kSublayersMax) return unexpected(FwpError::kTooManySublayers);
  sublayer.weight = free_sublayer_weight(sublayer.weight);
  return insert(sublayers_, std::move(sublayer));
}

/// P-1: a taken weight gives way downwards to the next free one, and upwards only when there is none below.
std::uint16_t Engine::free_sublayer_weight(std::uint16_t wanted) const {
  std::vector<bool> taken(kSublayersMax, false);
  for (const auto& [key, sublayer] : sublayers_) taken[sublayer->weight] = true;
  for (std::size_t weight = wanted + std::size_t{1}; weight-- > 0;) {
    if (!taken[weight]) return static_cast<std::uint16_t>(weight);
  }
  std::size_t weight = wanted;
  while (taken[weight]) ++weight;  // ends: there are fewer than kSublayersMax sublayers
  return static_cast<std::uint16_t>(weight);
}

expected<Guid, FwpError> Engine::add(CalloutObject callout, const Requester& requester) {
  if (!callout.display.name) return unexpected(FwpError::kNullDisplayName);
  constexpr std::uint32_t kSettable = kCalloutPersistent | kCalloutUsesProviderContext;
  if ((callout.flags & ~kSettable) != 0) return unexpected(FwpError::kInvalidFlags);
  if (static_cast<std::size_t>(callout.layer) >= kLayerCount) return unexpected(FwpError::kLayerNotFound);
  const bool persistent = (callout.flags & kCalloutPersistent) != 0;
  if (auto checked = prepare(callout, callouts_, persistent, requester); !checked) return unexpected(checked.error());
  if (callouts_.size() >= kCalloutsMax) return unexpected(FwpError::kTooManyCallouts);
  callout.id = next_callout_id_++;
  return insert(callouts_, std::move(callout));
}

expected<Guid, FwpError> Engine::add(ProviderContext context, const Requester& requester) {
  if (!context.display.name) return unexpected(FwpError::kNullDisplayName);
  if (auto checked = check_provider_context(context); !checked) return unexpected(checked.error());
  const bool persistent = (context.flags & kContextPersistent) != 0;
  if (auto checked = prepare(context, contexts_, persistent, requester); !checked) return unexpected(checked.error());
  context.id = next_context_id_++;
  return insert(contexts_, std::move(context));
}

expected<void, FwpError> Engine::delete_provider(const Guid& key, const Requester& requester) {
  return remove(providers_, kUseProvider, FwpError::kProviderNotFound, key, requester);
}

expected<void, FwpError> Engine::delete_sublayer(const Guid& key, const Requester& requester) {
  return remove(sublayers_, kUseSublayer, FwpError::kSublayerNotFound, key, requester);
}

expected<void, FwpError> Engine::delete_callout(const Guid& key, const Requester& requester) {
  return remove(callouts_, kUseCallout, FwpError::kCalloutNotFound, key, requester);
}

expected<void, FwpError> Engine::delete_provider_context(const Guid& key, const Requester& requester) {
  return remove(contexts_, kUseContext, FwpError::kProviderContextNotFound, key, requester);
}

// --- filters
// ------------------------------------------------------------------------------------------------------------

expected<FilterId, FwpError> Engine::add(Filter filter, const Requester& requester) {
  if (filter.sublayer.is_zero() && filter.layer != LayerId::kUnknown) filter.sublayer = default_sublayer(filter.layer);
  filter.exemption = false;
  if (auto checked = check_filter(filter); !checked) return unexpected(checked.error());
  const bool persistent = (filter.flags & kFilterPersistent) != 0;
  const auto lifetime = lifetime_of(persistent, (filter.flags & kFilterBootTime) != 0, requester);
  if (!lifetime) return unexpected(lifetime.error());
  filter.lifetime = *lifetime;
  if (auto checked = check_filter_lifetime(filter); !checked) return unexpected(checked.error());
  if (filter_keys_.contains(filter.key)) return unexpected(FwpError::kAlreadyExists);
  const bool is_main_mode_policy = filter.layer == LayerId::kIkeextV4 || filter.layer == LayerId::kIkeextV6;
  const FilterId id = store(std::move(filter));
  // 6.9: the first main-mode policy brings the exemptions, the last one takes them away. P-14: IKEv2 counts too.
  if (is_main_mode_policy && main_mode_filters_++ == 0) add_exemptions();
  return id;
}

FilterId Engine::store(Filter filter) {
  while (filter.key.is_zero() || filter_keys_.contains(filter.key)) filter.key = fresh_key();
  filter.id = FilterId{next_filter_id_++};
  filter.effective_weight = effective_weight(filter);
  const auto stored = std::make_shared<const Filter>(std::move(filter));
  filters_.emplace(stored->id, stored);
  filter_keys_.emplace(stored->key, stored->id);
  count_references(*stored, +1);
  place(*stored);
  ++generation_;
  return stored->id;
}

void Engine::erase(FilterId id) {
  const auto found = filters_.find(id);
  assert(found != filters_.end());
  const std::shared_ptr<const Filter> filter = found->second;
  unplace(*filter);
  count_references(*filter, -1);
  filter_keys_.erase(filter->key);
  filters_.erase(found);
  ++generation_;
}

/// Puts the filter where classification expects it, without touching its neighbours.
void Engine::place(const Filter& filter) {
  const std::uint16_t weight = sublayer(filter.sublayer)->weight;
  std::vector<SublayerFilters>& sublayers = by_layer_[static_cast<std::size_t>(filter.layer)];
  auto group = std::ranges::lower_bound(sublayers, weight, std::ranges::greater{}, &SublayerFilters::weight);
  if (group == sublayers.end() || group->weight != weight) {
    group = sublayers.insert(group, SublayerFilters{filter.sublayer, weight, {}});
  }
  group->filters.insert(std::ranges::lower_bound(group->filters, &filter, precedes), &filter);
}

void Engine::unplace(const Filter& filter) {
  const std::uint16_t weight = sublayer(filter.sublayer)->weight;
  std::vector<SublayerFilters>& sublayers = by_layer_[static_cast<std::size_t>(filter.layer)];
  const auto group = std::ranges::lower_bound(sublayers, weight, std::ranges::greater{}, &SublayerFilters::weight);
  assert(group != sublayers.end());
  const auto place = std::ranges::lower_bound(group->filters, &filter, precedes);
  assert(place != group->filters.end());
  assert(*place == &filter);
  group->filters.erase(place);
  if (group->filters.empty()) sublayers.erase(group);
}

expected<void, FwpError> Engine::delete_filter(FilterId id, const Requester& requester) {
  const Filter* target = filter(id);
  if (target == nullptr) return unexpected(FwpError::kFilterNotFound);
  if (target->exemption) return unexpected(FwpError::kBuiltinObject);
  if (auto checked = check_deletable(target->lifetime, requester); !checked) return checked;
  const bool is_main_mode_policy = target->layer == LayerId::kIkeextV4 || target->layer == LayerId::kIkeextV6;
  erase(id);
  if (is_main_mode_policy && --main_mode_filters_ == 0) remove_exemptions();
  return {};
}

expected<void, FwpError> Engine::delete_filter(const Guid& key, const Requester& requester) {
  const auto found = filter_keys_.find(key);
  if (found == filter_keys_.end()) return unexpected(FwpError::kFilterNotFound);
  return delete_filter(found->second, requester);
}

// --- looking up
// ---------------------------------------------------------------------------------------------------------

const Provider* Engine::provider(const Guid& key) const { return lookup(providers_, key); }
const Sublayer* Engine::sublayer(const Guid& key) const { return lookup(sublayers_, key); }
const CalloutObject* Engine::callout(const Guid& key) const { return lookup(callouts_, key); }
const ProviderContext* Engine::provider_context(const Guid& key) const { return lookup(contexts_, key); }

const ProviderContext* Engine::provider_context(std::uint64_t id) const {
  const auto found = std::ranges::find_if(contexts_, [id](const auto& entry) { return entry.second->id == id; });
  return found == contexts_.end() ? nullptr : found->second.get();
}

const Filter* Engine::filter(FilterId id) const {
  const auto found = filters_.find(id);
  return found == filters_.end() ? nullptr : found->second.get();
}

const Filter* Engine::filter(const Guid& key) const {
  const auto found = filter_keys_.find(key);
  return found == filter_keys_.end() ? nullptr : filter(found->second);
}

std::vector<const Provider*> Engine::providers() const { return listed(providers_); }
std::vector<const Sublayer*> Engine::sublayers() const { return listed(sublayers_); }
std::vector<const CalloutObject*> Engine::callouts() const { return listed(callouts_); }
std::vector<const ProviderContext*> Engine::provider_contexts() const { return listed(contexts_); }

std::vector<const Filter*> Engine::filters() const {
  std::vector<const Filter*> all;
  all.reserve(filters_.size());
  for (const auto& [id, filter] : filters_) all.push_back(filter.get());
  return all;
}

std::span<const SublayerFilters> Engine::filters_at(LayerId layer) const {
  assert(static_cast<std::size_t>(layer) < kLayerCount);
  return by_layer_[static_cast<std::size_t>(layer)];
}

// --- implementations of callouts
// ----------------------------------------------------------------------------------------

void Engine::register_callout(const Guid& key, std::shared_ptr<const Callout> callout) {
  assert(callout != nullptr);
  registered_.insert_or_assign(key, std::move(callout));
  ++generation_;
}

void Engine::unregister_callout(const Guid& key) {
  registered_.erase(key);
  ++generation_;
}

const Callout* Engine::implementation(const Guid& key) const {
  const auto found = registered_.find(key);
  return found == registered_.end() ? nullptr : found->second.get();
}

}  // namespace ssx::wfp
