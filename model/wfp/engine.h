// model/wfp/engine.h: the base filtering engine's object store. Source: wfp-model.md 1.3–1.6, 2.2, 2.3, 2.7, 6.9, 7.2.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "model/base/expected.h"
#include "model/base/guid.h"
#include "model/wfp/callout.h"
#include "model/wfp/error.h"
#include "model/wfp/objects.h"

namespace ssx::wfp {

/// Which content the two built-in secure-socket contexts have (P-18).
enum class DefaultPolicy : std::uint8_t { kDocumented, kObserved };

struct EngineConfig {
  DefaultPolicy default_policy = DefaultPolicy::kDocumented;  // knob default_policy
  Compatibility compatibility = Compatibility::kWin7;         // knob wfp_compat
  std::uint16_t ike_port = 500;                               // the exemptions follow the ports (U-62)
  std::uint16_t nat_t_port = 4500;
  std::uint64_t key_seed = 0;  // from the host's random source: generated keys differ between hosts
};

/// Who adds or deletes: a normal session, or a dynamic one, which owns what it adds.
struct Requester {
  std::optional<SessionId> dynamic_session;
};

/// The filters of one sublayer at one layer, in order of classification: effective weight descending, then id
/// ascending.
struct SublayerFilters {
  Guid sublayer;
  std::uint16_t weight = 0;
  std::vector<const Filter*> filters;  // owned by the store
};

/// The store. A value: a copy has the same objects (shared, they are immutable) and the same registrations.
class Engine {
 public:
  /// Starts with the built-in objects (1.6).
  explicit Engine(const EngineConfig& config = {});
  Engine(const Engine&) = default;
  Engine(Engine&&) noexcept = default;
  Engine& operator=(const Engine&) = default;
  Engine& operator=(Engine&&) noexcept = default;
  ~Engine() = default;

  const EngineConfig& config() const { return config_; }

  // Adding. Zero keys are replaced (W-033). The stored object has its key, id, lifetime and effective weight filled in.
  /// @errors of every kind: kNullDisplayName, kInvalidFlags, kAlreadyExists, kProviderNotFound, kLifetimeMismatch,
  ///   kDynamicSessionInProgress (a persistent object in a dynamic session).
  expected<Guid, FwpError> add(Provider provider, const Requester& requester = {});
  /// @errors kTooManySublayers.
  expected<Guid, FwpError> add(Sublayer sublayer, const Requester& requester = {});
  /// @errors kLayerNotFound, kTooManyCallouts.
  expected<Guid, FwpError> add(CalloutObject callout, const Requester& requester = {});
  /// @errors those of check_provider_context (context_checks.h).
  expected<Guid, FwpError> add(ProviderContext context, const Requester& requester = {});
  /// @errors those of wfp-model.md 1.6, in the order of P-2.
  expected<FilterId, FwpError> add(Filter filter, const Requester& requester = {});

  // Deleting. @errors the kind's *NotFound, kBuiltinObject, kInUse, kDynamicSessionInProgress, kWrongSession.
  expected<void, FwpError> delete_provider(const Guid& key, const Requester& requester = {});
  expected<void, FwpError> delete_sublayer(const Guid& key, const Requester& requester = {});
  expected<void, FwpError> delete_callout(const Guid& key, const Requester& requester = {});
  expected<void, FwpError> delete_provider_context(const Guid& key, const Requester& requester = {});
  expected<void, FwpError> delete_filter(FilterId id, const Requester& requester = {});
  expected<void, FwpError> delete_filter(const Guid& key, const Requester& requester = {});

  // Looking up: null if there is none. Valid until the object is deleted.
  const Provider* provider(const Guid& key) const;
  const Sublayer* sublayer(const Guid& key) const;
  const CalloutObject* callout(const Guid& key) const;
  const ProviderContext* provider_context(const Guid& key) const;
  const ProviderContext* provider_context(std::uint64_t id) const;
  const Filter* filter(FilterId id) const;
  const Filter* filter(const Guid& key) const;

  // Enumerating: by key, filters by id; borrowed like the results of looking up.
  std::vector<const Provider*> providers() const;
  std::vector<const Sublayer*> sublayers() const;
  std::vector<const CalloutObject*> callouts() const;
  std::vector<const ProviderContext*> provider_contexts() const;
  std::vector<const Filter*> filters() const;
  /// The sublayers that have filters at this layer, by weight descending.
  std::span<const SublayerFilters> filters_at(LayerId layer) const;

  /// A secured socket holds its policy contexts until it is closed (wfp-model.md 4.4, W-253): while held, deleting one
  /// gives kInUse. @errors kProviderContextNotFound.
  expected<void, FwpError> hold_provider_context(const Guid& key);
  void release_provider_context(const Guid& key);

  /// Registers an implementation; replaces an earlier one. The callout object need not exist yet.
  void register_callout(const Guid& key, std::shared_ptr<const Callout> callout);
  void unregister_callout(const Guid& key);
  /// The registered implementation, or null.
  const Callout* implementation(const Guid& key) const;

  /// Grows with every change of the store; equal numbers mean the same answers (for caches).
  std::uint64_t generation() const { return generation_; }

 private:
  template <class T>
  using Table = std::map<Guid, std::shared_ptr<const T>>;

  enum Use : std::size_t { kUseProvider, kUseSublayer, kUseCallout, kUseContext, kUseKinds };

  void add_builtin_sublayers();
  void add_builtin_callouts();
  void add_builtin_contexts();
  Guid fresh_key();
  std::uint16_t free_sublayer_weight(std::uint16_t wanted) const;
  /// Steps common to the four simpler kinds: name, provider, lifetime, key. Fills in lifetime and key.
  template <class T>
  expected<void, FwpError> prepare(T& object, const Table<T>& table, bool persistent, const Requester& requester);
  template <class T>
  Guid insert(Table<T>& table, T object);
  template <class T>
  expected<void, FwpError> remove(Table<T>& table, Use use, FwpError missing, const Guid& key,
                                  const Requester& requester);
  bool is_used(Use use, const Guid& key) const;
  void count_use(Use use, const Guid& key, int step);
  void count_provider(const std::optional<Guid>& provider, int step);
  void count_references(const Filter& filter, int step);

  // The steps of P-2 (filter_checks.cc).
  expected<void, FwpError> check_filter(const Filter& filter) const;
  expected<void, FwpError> check_filter_containers(const Filter& filter) const;
  expected<void, FwpError> check_filter_callout(const Filter& filter) const;
  expected<void, FwpError> check_filter_context(const Filter& filter) const;
  expected<void, FwpError> check_filter_lifetime(const Filter& filter) const;

  FilterId store(Filter filter);
  void erase(FilterId id);
  void place(const Filter& filter);
  void unplace(const Filter& filter);
  void add_exemptions();
  void remove_exemptions();

  EngineConfig config_;
  Table<Provider> providers_;
  Table<Sublayer> sublayers_;
  Table<CalloutObject> callouts_;
  Table<ProviderContext> contexts_;
  std::map<FilterId, std::shared_ptr<const Filter>> filters_;
  std::map<Guid, FilterId> filter_keys_;
  std::array<std::vector<SublayerFilters>, kLayerCount> by_layer_;
  /// How many objects refer to a provider, sublayer, callout or context; holds count as well.
  std::array<std::map<Guid, std::uint32_t>, kUseKinds> uses_;
  std::map<Guid, std::shared_ptr<const Callout>> registered_;
  std::vector<FilterId> exemptions_;
  std::size_t main_mode_filters_ = 0;
  std::uint64_t next_filter_id_ = 1;
  std::uint64_t next_context_id_ = 1;
  std::uint32_t next_callout_id_ = 256;
  std::uint64_t keys_made_ = 0;
  std::uint64_t generation_ = 0;
};

}  // namespace ssx::wfp
