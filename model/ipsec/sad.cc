#include "model/ipsec/sad.h"

#include <algorithm>
#include <cassert>

#include "model/ipsec/sad_context.h"

namespace ssx::ipsec {
namespace {

constexpr std::size_t kDatagramMax = 65'535;

crypto::SaTransformParameters parameters_of(const SaKeys& keys, crypto::IpsecMode mode, const IpAddress& source,
                                            const IpAddress& destination) {
  crypto::SaTransformParameters out;
  out.protocol = keys.protocol;
  out.mode = mode;
  out.spi = keys.spi;
  out.cipher = keys.cipher;
  out.integrity = keys.integrity;
  out.cipher_key = keys.cipher_key;
  out.integrity_key = keys.integrity_key;
  out.tunnel_source = source;  // the ends of a tunnel are the ends of its traffic: host to host
  out.tunnel_destination = destination;
  return out;
}

/// RFC 4301 4.3 allows a tunnel around the inner SA of a bundle; the outer one works on the datagram that it makes.
crypto::IpsecMode mode_of(const SaPair& pair, std::size_t index) {
  return index == 0 ? pair.mode : crypto::IpsecMode::kTransport;
}

bool satisfies(const SaPair& pair, const OutboundQuery& query) {
  if (!pair.selector.matches(query.packet)) return false;
  // authip.md 5.3, 5.7: an SA of the other mark is treated like none, both ways.
  const bool marked = (pair.flags & kBundleGuaranteeEncryption) != 0;
  if (marked != query.guarantee_encryption) return false;
  if ((query.guarantee_encryption || query.requires_encryption) && !pair.encrypts()) return false;
  // D-55, 2.16: credentials of one user serve nobody else.
  if (query.user && (pair.impersonated_user ? pair.impersonated_user->account : "") != *query.user) return false;
  return !query.accepts_peer || query.accepts_peer(pair);
}

}  // namespace

Sad::Sad(const SadConfig& config) : config_(config) { layer_.reserve(kDatagramMax); }
Sad::Sad(std::size_t replay_window) : Sad(SadConfig{.replay_window = replay_window}) {}
Sad::~Sad() = default;
Sad::Sad(Sad&&) noexcept = default;
Sad& Sad::operator=(Sad&&) noexcept = default;

Sad::Context* Sad::find(SaContextId context) const {
  const auto found = contexts_.find(context);
  return found == contexts_.end() ? nullptr : found->second.get();
}

SaContextId Sad::install_inbound(const SaPair& pair, Instant now) {
  auto context = std::make_unique<Context>();
  context->id = SaContextId{next_context_++};
  context->pair = pair;
  context->installed = now;
  context->last_used = now;
  for (const SaKeys& keys : pair.inbound) {
    assert(keys.spi >= kSpiFirst);
    const bool fresh = by_inbound_spi_.emplace(keys.spi, context->id).second;
    assert(fresh);
    static_cast<void>(fresh);
    const crypto::IpsecMode mode = mode_of(pair, context->inbound.size());
    context->inbound.emplace_back(parameters_of(keys, mode, pair.selector.remote.address, pair.selector.local.address),
                                  config_.replay_window);
  }
  by_remote_[pair.selector.remote.address].push_back(context.get());
  schedule(*context, due(*context));
  ++statistics_.active;
  ++statistics_.added;
  const SaContextId id = context->id;
  contexts_.emplace(id, std::move(context));
  return id;
}

void Sad::install_outbound(const SaPair& pair, Instant now) {
  const auto id = find_by_spi(pair.id());
  assert(id);
  Context& context = *find(*id);
  // Starting again would repeat sequence numbers under the same keys.
  assert(context.outbound.empty());
  assert(context.pair.selector == pair.selector);
  context.pair = pair;
  context.last_used = now;
  context.outbound_order = next_outbound_++;
  for (const SaKeys& keys : pair.outbound) {
    const crypto::IpsecMode mode = mode_of(pair, context.outbound.size());
    context.outbound.emplace_back(parameters_of(keys, mode, pair.selector.local.address, pair.selector.remote.address),
                                  config_.replay_window);
  }
  schedule(context, due(context));
}

void Sad::erase(Context& context) {
  for (const Direction& sa : context.inbound) by_inbound_spi_.erase(sa.spi);
  const auto neighbours = by_remote_.find(context.pair.selector.remote.address);
  std::erase(neighbours->second, &context);
  if (neighbours->second.empty()) by_remote_.erase(neighbours);
  schedule(context, std::nullopt);
  --statistics_.active;
  ++statistics_.deleted;
  contexts_.erase(SaContextId{context.id});
}

std::optional<QmSaId> Sad::remove(Spi inbound_spi) {
  const auto id = find_by_spi(inbound_spi);
  if (!id) return std::nullopt;
  Context& context = *find(*id);
  const QmSaId quick_mode = context.pair.quick_mode;
  erase(context);
  return quick_mode;
}

std::optional<SaContextId> Sad::find_outbound(const OutboundQuery& query) const {
  const auto candidates = by_remote_.find(query.packet.remote.address);
  if (candidates == by_remote_.end()) return std::nullopt;
  // D-29: the newest installed pair is used for output.
  const Context* newest = nullptr;
  for (const Context* context : candidates->second) {
    if (context->outbound.empty() || !satisfies(context->pair, query)) continue;
    if (newest == nullptr || context->outbound_order > newest->outbound_order) newest = context;
  }
  return newest == nullptr ? std::nullopt : std::optional(newest->id);
}

std::optional<SaContextId> Sad::find_for_traffic(const FiveTuple& packet) const {
  const auto candidates = by_remote_.find(packet.remote.address);
  if (candidates == by_remote_.end()) return std::nullopt;
  const auto& contexts = candidates->second;
  const auto newest = std::find_if(contexts.rbegin(), contexts.rend(),
                                   [&](const Context* c) { return c->pair.selector.matches(packet); });
  return newest == contexts.rend() ? std::nullopt : std::optional((*newest)->id);
}

std::optional<SaContextId> Sad::find_by_spi(Spi inbound_spi) const {
  const auto found = by_inbound_spi_.find(inbound_spi);
  return found == by_inbound_spi_.end() ? std::nullopt : std::optional(found->second);
}

const SaPair* Sad::pair(SaContextId context) const {
  const Context* found = find(context);
  return found == nullptr ? nullptr : &found->pair;
}

std::optional<Instant> Sad::installed_at(SaContextId context) const {
  const Context* found = find(context);
  return found == nullptr ? std::nullopt : std::optional(found->installed);
}

std::vector<SaPair> Sad::pairs() const {
  std::vector<SaPair> all;
  for (const auto& [id, context] : contexts_) all.push_back(context->pair);
  return all;
}

std::vector<SaContextDetails> Sad::contexts() const {
  std::vector<SaContextDetails> all;
  for (const auto& [id, context] : contexts_) {
    all.push_back({id, &context->pair, context->installed, context->last_used, !context->outbound.empty(),
                   context->expires, context->octets, context->packets});
  }
  return all;
}

}  // namespace ssx::ipsec
