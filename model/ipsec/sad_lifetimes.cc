// Lifetimes and idle timeouts of the SA database. Source: authip.md 2.11 to 2.13, D-44, D-45, D-52.
#include <algorithm>

#include "model/ipsec/sad_context.h"

namespace ssx::ipsec {
namespace {

constexpr std::uint32_t kStatusIdle = 13808;
constexpr std::uint32_t kStatusExpired = 13895;
constexpr std::uint64_t kOctetsPerKilobyte = 1024;  // D-33

/// D-52: idle pairs are looked for once a second.
Instant next_whole_second(Instant at) {
  const auto seconds = (at.since_epoch + kIdleGranularity - Duration(1)) / kIdleGranularity;
  return Instant{seconds * kIdleGranularity};
}

std::optional<Instant> idle_end(const SaPair& pair, Instant last_used) {
  if (pair.idle_timeout_seconds == 0) return std::nullopt;
  return next_whole_second(last_used + std::chrono::seconds(pair.idle_timeout_seconds));
}

bool is_due(const std::optional<Instant>& at, Instant now) { return at && now >= *at; }

}  // namespace

std::optional<Instant> Sad::soft_end(const Context& context) const {
  const std::uint32_t seconds = context.pair.lifetime.seconds;
  if (seconds == 0) return std::nullopt;  // no limit
  return context.installed + Duration(std::chrono::seconds(seconds)) * config_.rekey_soft_limit_percent / 100;
}

bool Sad::used_up(const Context& context) const {
  const wfp::SaLifetime& lifetime = context.pair.lifetime;
  if (lifetime.kilobytes != 0 && context.octets / kOctetsPerKilobyte >= lifetime.kilobytes) return true;
  if (lifetime.packets != 0 && context.packets >= lifetime.packets) return true;
  // RFC 4303 3.3.3, authip.md 7.3: rekeyed before the numbers run out. A sixteenth of them is left for the old pair's
  // last 60 s.
  const std::uint32_t enough = config_.sequence_last.value - config_.sequence_last.value / 16;
  return std::ranges::any_of(context.outbound, [&](const Direction& sa) { return sa.sequence_number >= enough; });
}

void Sad::count_traffic(Context& context, std::size_t octets, Instant now) {
  context.last_used = now;
  context.octets += octets;
  ++context.packets;
  if (!context.expires && used_up(context)) schedule(context, now);
}

std::optional<Instant> Sad::due(const Context& context) const {
  const auto idle = idle_end(context.pair, context.last_used);
  const auto lifetime = context.expires ? context.expires : soft_end(context);
  if (!idle || !lifetime) return idle ? idle : lifetime;
  return std::min(*idle, *lifetime);
}

void Sad::schedule(Context& context, std::optional<Instant> at) {
  if (at == context.scheduled) return;
  // The entry is moved, not made anew: the per-packet path does not allocate.
  auto entry =
      context.scheduled ? schedule_.extract({*context.scheduled, context.id}) : decltype(schedule_)::node_type();
  context.scheduled = at;
  if (!at) return;
  if (entry.empty()) {
    schedule_.emplace(*at, context.id);
    return;
  }
  entry.value().first = *at;
  schedule_.insert(std::move(entry));
}

std::optional<Instant> Sad::next_deadline() const {
  return schedule_.empty() ? std::nullopt : std::optional(schedule_.begin()->first);
}

std::vector<SadEvent> Sad::advance(Instant now) {
  // Traffic moves what is due without moving the entry: an entry may be early, never late.
  std::vector<SaContextId> looked_for;
  for (const auto& [at, id] : schedule_) {
    if (at > now) break;
    looked_for.push_back(id);
  }
  std::vector<SadEvent> events;
  for (const SaContextId id : looked_for) {
    Context& context = *find(id);
    const PairRemoved gone{id, context.pair.id(), context.pair.quick_mode, kStatusIdle};
    // a pair without traffic for its idle time is deleted.
    if (is_due(idle_end(context.pair, context.last_used), now)) {
      erase(context);
      events.emplace_back(gone);
      continue;
    }
    if (is_due(context.expires, now)) {
      erase(context);
      events.emplace_back(PairRemoved{gone.context, gone.inbound_spi, gone.quick_mode, kStatusExpired});
      continue;
    }
    // D-44: at the end of the lifetime a rekey begins; the old pair goes 60 s later.
    if (!context.expires && (is_due(soft_end(context), now) || used_up(context))) {
      context.expires = now + kHardExpiryDelay;
      ++statistics_.rekeys_asked;
      events.emplace_back(LifetimeReached{id, context.pair.id()});
    }
    schedule(context, due(context));
  }
  return events;
}

}  // namespace ssx::ipsec
