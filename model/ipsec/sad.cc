#include "model/ipsec/sad.h"

#include <algorithm>
#include <cassert>

namespace ssx::ipsec {
namespace {

constexpr std::uint32_t kSequenceMax = 0xFFFFFFFF;  // RFC 4303 3.3.3: never wraps
constexpr std::uint32_t kStatusIdle = 13808;
constexpr std::uint32_t kStatusExpired = 13895;
constexpr std::size_t kDatagramMax = 65'535;

crypto::SaTransformParameters parameters_of(const SaKeys& keys, crypto::IpsecMode mode) {
  crypto::SaTransformParameters out;
  out.protocol = keys.protocol;
  out.mode = mode;
  out.spi = keys.spi;
  out.cipher = keys.cipher;
  out.integrity = keys.integrity;
  out.cipher_key = keys.cipher_key;
  out.integrity_key = keys.integrity_key;
  return out;
}

std::string account_of(const SaPair& pair) { return pair.impersonated_user ? pair.impersonated_user->account : ""; }

}  // namespace

/// One SA at work.
struct Sad::Direction {
  Direction(const SaKeys& keys, crypto::IpsecMode mode, std::size_t window)
      : spi(keys.spi), protocol(keys.protocol), iv_octets(crypto::iv_octets(keys.cipher)), transform(parameters_of(keys, mode)), replay(window) {}

  Spi spi;
  IpProtocol protocol;
  std::size_t iv_octets;
  crypto::SaTransform transform;
  crypto::ReplayWindow replay;          // inbound
  std::uint32_t sequence_number = 0;    // outbound: the last one used
};

struct Sad::Context {
  SaPair pair;
  Instant installed;
  Instant last_used;
  std::vector<Direction> inbound;
  std::vector<Direction> outbound;  // empty until the outbound half is installed
  std::uint64_t octets = 0;         // both directions, before encapsulation (D-45)
  std::uint64_t packets = 0;
  std::optional<Instant> expires;      // hard: 60 s after the rekey was asked for
  bool rekey_asked = false;

  Instant soft_end() const { return installed + std::chrono::seconds(pair.lifetime.seconds); }
  bool used_up() const {
    return (pair.lifetime.kilobytes != 0 && octets / 1024 >= pair.lifetime.kilobytes) ||
           (pair.lifetime.packets != 0 && packets >= pair.lifetime.packets);
  }
};

Sad::Sad(std::size_t replay_window) : replay_window_(replay_window) { layer_.reserve(kDatagramMax); }
Sad::~Sad() = default;
Sad::Sad(Sad&&) noexcept = default;
Sad& Sad::operator=(Sad&&) noexcept = default;

Sad::Context* Sad::find(SaContextId context) {
  const auto found = contexts_.find(context);
  return found == contexts_.end() ? nullptr : &found->second;
}
const Sad::Context* Sad::find(SaContextId context) const {
  const auto found = contexts_.find(context);
  return found == contexts_.end() ? nullptr : &found->second;
}

SaContextId Sad::install_inbound(const SaPair& pair, Instant now) {
  const SaContextId id{next_context_++};
  Context context;
  context.pair = pair;
  context.installed = now;
  context.last_used = now;
  for (const SaKeys& keys : pair.inbound) {
    context.inbound.emplace_back(keys, pair.mode, replay_window_);
    by_inbound_spi_[keys.spi] = id;
  }
  contexts_.emplace(id, std::move(context));
  ++statistics_.active;
  ++statistics_.added;
  return id;
}

void Sad::install_outbound(const SaPair& pair, Instant now) {
  const auto found = by_inbound_spi_.find(pair.id());
  assert(found != by_inbound_spi_.end());
  Context& context = contexts_.at(found->second);
  context.pair = pair;
  context.last_used = now;
  context.outbound.clear();
  for (const SaKeys& keys : pair.outbound) context.outbound.emplace_back(keys, pair.mode, replay_window_);
}

std::optional<QmSaId> Sad::remove(Spi inbound_spi) {
  const auto found = by_inbound_spi_.find(inbound_spi);
  if (found == by_inbound_spi_.end()) return std::nullopt;
  const SaContextId id = found->second;
  const SaPair& pair = contexts_.at(id).pair;
  const QmSaId quick_mode = pair.quick_mode;
  for (const SaKeys& keys : pair.inbound) by_inbound_spi_.erase(keys.spi);
  contexts_.erase(id);
  --statistics_.active;
  return quick_mode;
}

bool Sad::spi_in_use(Spi spi) const { return by_inbound_spi_.contains(spi); }

std::optional<SaContextId> Sad::find_outbound(const OutboundQuery& query) const {
  // D-29: the newest installed pair is used for output.
  for (auto entry = contexts_.rbegin(); entry != contexts_.rend(); ++entry) {
    const Context& context = entry->second;
    if (context.outbound.empty() || context.expires || !context.pair.selector.matches(query.packet)) continue;
    // authip.md 5.3: an SA of the other mark is treated like none.
    const bool marked = (context.pair.flags & kBundleGuaranteeEncryption) != 0;
    if (marked != query.guarantee_encryption && !(marked && query.requires_encryption)) {
      if (query.guarantee_encryption || !marked) continue;
    }
    if (query.requires_encryption && !context.pair.encrypts()) continue;
    if (query.user && account_of(context.pair) != *query.user) continue;
    if (query.accepts_peer && !query.accepts_peer(context.pair)) continue;
    return entry->first;
  }
  // A pair that is being replaced serves until its successor is there.
  for (auto entry = contexts_.rbegin(); entry != contexts_.rend(); ++entry) {
    const Context& context = entry->second;
    if (context.outbound.empty() || !context.expires || !context.pair.selector.matches(query.packet)) continue;
    if (query.requires_encryption && !context.pair.encrypts()) continue;
    if (query.user && account_of(context.pair) != *query.user) continue;
    if (query.accepts_peer && !query.accepts_peer(context.pair)) continue;
    return entry->first;
  }
  return std::nullopt;
}

std::optional<SaContextId> Sad::find_for_traffic(const FiveTuple& packet) const {
  for (auto entry = contexts_.rbegin(); entry != contexts_.rend(); ++entry) {
    if (entry->second.pair.selector.matches(packet)) return entry->first;
  }
  return std::nullopt;
}

const SaPair* Sad::pair(SaContextId context) const {
  const Context* found = find(context);
  return found == nullptr ? nullptr : &found->pair;
}

std::optional<Instant> Sad::installed_at(SaContextId context) const {
  const Context* found = find(context);
  return found == nullptr ? std::nullopt : std::optional(found->installed);
}

expected<void, DropReason> Sad::protect(SaContextId id, Octets datagram, RandomSource& random, Instant now, OctetVector& out) {
  Context* context = find(id);
  if (context == nullptr || context->outbound.empty()) return unexpected(DropReason::kLifetimeExpired);
  context->last_used = now;
  context->octets += datagram.size();
  ++context->packets;
  Octets input = datagram;
  // W-199: index 0 is ESP, index 1 AH; ESP is applied first, AH covers it.
  for (std::size_t i = 0; i < context->outbound.size(); ++i) {
    Direction& sa = context->outbound[i];
    if (sa.sequence_number == kSequenceMax) return unexpected(DropReason::kLifetimeExpired);
    std::array<std::byte, 16> iv{};
    const MutableOctets iv_view = MutableOctets(iv).first(sa.iv_octets);
    if (!iv_view.empty()) random.fill(iv_view);
    const bool last = i + 1 == context->outbound.size();
    OctetVector& target = last ? out : layer_;
    target.resize(sa.transform.sealed_octets_max(input.size()));
    const auto written = sa.transform.seal(input, SequenceNumber{++sa.sequence_number}, iv_view, target);
    if (!written) return unexpected(DropReason::kInvalidPacket);
    target.resize(*written);
    input = target;
  }
  ++statistics_.protected_outbound;
  return {};
}

/// One ESP or AH layer: authip.md 7.4 steps 2 to 7.
expected<void, DropReason> Sad::open_layer(Octets datagram, Instant now, Context*& context, OctetVector& out) {
  const auto position = crypto::find_ipsec_header(datagram);
  if (!position) {
    ++statistics_.invalid_inbound;
    return unexpected(DropReason::kInvalidPacket);
  }
  const auto found = by_inbound_spi_.find(position->spi);
  Context* owner = found == by_inbound_spi_.end() ? nullptr : find(found->second);
  Direction* sa = nullptr;
  if (owner != nullptr) {
    for (Direction& candidate : owner->inbound) {
      if (candidate.spi == position->spi && candidate.protocol == position->protocol) sa = &candidate;
    }
  }
  if (sa == nullptr || (context != nullptr && context != owner)) {
    ++statistics_.invalid_spis_inbound;
    return unexpected(DropReason::kBadSpi);
  }
  if (!sa->replay.check(position->sequence_number)) {
    ++statistics_.replayed_inbound;
    return unexpected(DropReason::kReplay);
  }
  out.resize(datagram.size());
  const auto written = sa->transform.open(datagram, out);
  if (!written && written.error() == crypto::PacketError::kIcvMismatch) {
    ++statistics_.integrity_failures_inbound;
    return unexpected(DropReason::kIntegrity);
  }
  const bool authentic = written.has_value() || written.error() == crypto::PacketError::kBadPadding || written.error() == crypto::PacketError::kDummy;
  if (authentic) {
    sa->replay.update(position->sequence_number);
    owner->last_used = now;
  }
  context = owner;
  if (!written && written.error() == crypto::PacketError::kDummy) {
    out.clear();
    return {};
  }
  if (!written) {
    ++statistics_.invalid_inbound;
    return unexpected(DropReason::kInvalidPacket);
  }
  out.resize(*written);
  return {};
}

bool Sad::selectors_fit(const Context& context, Octets datagram) const {
  const auto tuple = tuple_of(datagram, true);
  return tuple && context.pair.selector.matches(*tuple);
}

expected<std::optional<Arrival>, DropReason> Sad::unprotect(Octets datagram, Instant now, OctetVector& out) {
  Context* context = nullptr;
  if (const auto opened = open_layer(datagram, now, context, out); !opened) return unexpected(opened.error());
  if (out.empty()) return std::optional<Arrival>();  // a dummy packet
  // A pair of AH and ESP: AH was outside, ESP is left.
  if (context->inbound.size() > 1) {
    std::swap(out, layer_);
    if (const auto opened = open_layer(layer_, now, context, out); !opened) return unexpected(opened.error());
    if (out.empty()) return std::optional<Arrival>();
  }
  if (context->expires && now > *context->expires) return unexpected(DropReason::kLifetimeExpired);  // step 9
  if (!selectors_fit(*context, out)) return unexpected(DropReason::kWrongSa);                        // step 10
  context->octets += out.size();
  ++context->packets;
  ++statistics_.opened_inbound;
  return std::optional(Arrival{by_inbound_spi_.at(context->pair.id()), context->pair.encrypts(),
                               (context->pair.flags & kBundleGuaranteeEncryption) != 0});
}

std::optional<Instant> Sad::next_deadline() const {
  std::optional<Instant> next;
  const auto consider = [&next](Instant at) {
    if (!next || at < *next) next = at;
  };
  for (const auto& [id, context] : contexts_) {
    if (context.pair.idle_timeout_seconds != 0) {
      consider(context.last_used + std::chrono::seconds(context.pair.idle_timeout_seconds));
    }
    if (context.expires) {
      consider(*context.expires);
    } else if (context.used_up()) {
      consider(context.last_used);
    } else {
      consider(context.soft_end());
    }
  }
  return next;
}

std::vector<SadEvent> Sad::advance(Instant now) {
  std::vector<SadEvent> events;
  std::vector<PairRemoved> removed;
  for (auto& [id, context] : contexts_) {
    const Duration idle = std::chrono::seconds(context.pair.idle_timeout_seconds);
    // a pair without traffic for its idle time is deleted.
    if (idle > Duration{0} && now >= context.last_used + idle) {
      removed.push_back({id, context.pair.id(), context.pair.quick_mode, kStatusIdle});
      continue;
    }
    if (context.expires && now >= *context.expires) {
      removed.push_back({id, context.pair.id(), context.pair.quick_mode, kStatusExpired});
      continue;
    }
    // D-44: at 100 % of the lifetime a rekey begins; the old pair goes 60 s later.
    if (!context.expires && (now >= context.soft_end() || context.used_up())) {
      context.expires = now + kHardExpiryDelay;
      events.push_back(LifetimeReached{id, context.pair.id()});
    }
  }
  for (const PairRemoved& gone : removed) {
    remove(gone.inbound_spi);
    events.push_back(gone);
  }
  return events;
}

std::vector<SaPair> Sad::pairs() const {
  std::vector<SaPair> all;
  for (const auto& [id, context] : contexts_) all.push_back(context.pair);
  return all;
}

std::optional<FiveTuple> tuple_of(Octets datagram, bool inbound) {
  if (datagram.size() < 20) return std::nullopt;
  const unsigned version = std::to_integer<unsigned>(datagram[0]) >> 4;
  if ((version == 6 && datagram.size() < 40) || (version != 4 && version != 6)) return std::nullopt;
  const bool v4 = version == 4;
  std::uint8_t protocol = std::to_integer<std::uint8_t>(datagram[v4 ? 9 : 6]);
  std::size_t upper = v4 ? (std::to_integer<std::size_t>(datagram[0]) & 15) * 4 : 40;
  // RFC 8200 4: hop-by-hop, routing and destination options may stand between.
  while (!v4 && (protocol == 0 || protocol == 43 || protocol == 60) && upper + 8 <= datagram.size()) {
    protocol = std::to_integer<std::uint8_t>(datagram[upper]);
    upper += (std::to_integer<std::size_t>(datagram[upper + 1]) + 1) * 8;
  }
  const std::size_t width = v4 ? 4 : 16;
  const std::size_t first = v4 ? 12 : 8;
  TransportAddress source{*IpAddress::from_octets(datagram.subspan(first, width)), 0};
  TransportAddress destination{*IpAddress::from_octets(datagram.subspan(first + width, width)), 0};
  const bool has_ports = protocol == 6 || protocol == 17;
  if (has_ports) {
    if (upper + 4 > datagram.size()) return std::nullopt;
    source.port = load_u16(datagram.subspan(upper));
    destination.port = load_u16(datagram.subspan(upper + 2));
  }
  const auto ip_protocol = static_cast<IpProtocol>(protocol);
  return inbound ? FiveTuple{ip_protocol, destination, source} : FiveTuple{ip_protocol, source, destination};
}

}  // namespace ssx::ipsec
