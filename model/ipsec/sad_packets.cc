// The per-packet path of the SA database. Source: RFC 4303 3.3 and 3.4, 4302 3.3 and 3.4; authip.md 7.3, 7.4.
#include <array>
#include <cassert>

#include "model/ipsec/sad_context.h"

namespace ssx::ipsec {
namespace {

constexpr std::size_t kEspHeader = 8;
constexpr std::size_t kEspTrailer = 2;
constexpr std::size_t kAhFixed = 12;
constexpr std::size_t kIvMax = 16;

bool is_v4(Octets datagram) { return (datagram[0] >> 4) == std::byte{4}; }

/// Octets of the datagram as its header states them; whoever calls has walked the headers.
std::size_t stated_octets(Octets datagram) {
  return is_v4(datagram) ? load_u16(datagram.subspan(2)) : std::size_t{40} + load_u16(datagram.subspan(4));
}

IpAddress destination_of(Octets datagram) {
  return *IpAddress::from_octets(is_v4(datagram) ? datagram.subspan(16, 4) : datagram.subspan(24, 16));
}

/// D-45: the octets that ESP or AH protects, without the IP headers in front in transport mode.
std::size_t payload_octets(Octets datagram, crypto::IpsecMode mode) {
  if (mode == crypto::IpsecMode::kTunnel) return datagram.size();
  const auto offset = upper_offset_of(datagram);
  return offset ? datagram.size() - *offset : 0;
}

}  // namespace

expected<void, DropReason> Sad::protect(SaContextId id, Octets datagram, RandomSource& random, Instant now,
                                        OctetVector& out) {
  Context* context = find(id);
  if (context == nullptr || context->outbound.empty()) return unexpected(DropReason::kLifetimeExpired);
  if (context->expires && now >= *context->expires) return unexpected(DropReason::kLifetimeExpired);
  Octets input = datagram;
  // W-199: index 0 is ESP, index 1 AH; ESP is applied first, AH covers it.
  for (std::size_t i = 0; i < context->outbound.size(); ++i) {
    Direction& sa = context->outbound[i];
    // RFC 4303 3.3.3: packet 2^32 is not sent.
    if (sa.sequence_number >= config_.sequence_last.value) return unexpected(DropReason::kLifetimeExpired);
    // RFC 3602 3: the IV is unpredictable, so it is fresh from the random source.
    std::array<std::byte, kIvMax> iv;
    const MutableOctets fresh = MutableOctets(iv).first(sa.iv_octets);
    if (!fresh.empty()) random.fill(fresh);
    OctetVector& target = i + 1 == context->outbound.size() ? out : layer_;
    target.resize(sa.transform.sealed_octets_max(input.size()));
    const auto written = sa.transform.seal(input, SequenceNumber{sa.sequence_number + 1}, fresh, target);
    if (!written) return unexpected(DropReason::kInvalidPacket);
    ++sa.sequence_number;
    target.resize(*written);
    input = target;
  }
  ++statistics_.protected_outbound;
  count_traffic(*context, payload_octets(datagram, context->pair.mode), now);
  return {};
}

std::pair<Sad::Context*, std::size_t> Sad::find_inbound(Octets datagram, Spi spi, IpProtocol protocol) const {
  const auto id = find_by_spi(spi);
  Context* context = id ? find(*id) : nullptr;
  if (context == nullptr || context->pair.selector.local.address != destination_of(datagram)) return {nullptr, 0};
  for (std::size_t i = 0; i < context->inbound.size(); ++i) {
    if (context->inbound[i].spi == spi && context->inbound[i].protocol == protocol) return {context, i};
  }
  return {nullptr, 0};
}

/// authip.md 7.4 steps 3 to 8 for one header.
expected<Sad::Layer, DropReason> Sad::open_layer(Context& context, std::size_t index, Octets datagram, Instant now,
                                                 OctetVector& out) {
  Direction& sa = context.inbound[index];
  const auto position = crypto::find_ipsec_header(datagram);
  // A pair has its headers in one order: a packet that lacks one of them, or has another SA's, is not its traffic.
  if (!position || position->spi != sa.spi || position->protocol != sa.protocol) {
    return unexpected(DropReason::kWrongSa);
  }
  // Step 3 before step 4: a packet too short to be one is invalid, not replayed.
  const Octets rest = datagram.first(stated_octets(datagram)).subspan(position->offset);
  const bool is_esp = sa.protocol == IpProtocol::kEsp;
  const std::size_t least = is_esp ? kEspHeader + sa.iv_octets + kEspTrailer + sa.icv_octets : kAhFixed + sa.icv_octets;
  if (rest.size() < least) return unexpected(DropReason::kInvalidPacket);
  const std::size_t encrypted = rest.size() - (least - kEspTrailer);
  if (is_esp && encrypted % sa.block_octets != 0) return unexpected(DropReason::kInvalidPacket);
  // Step 4.
  if (!sa.replay.check(position->sequence_number)) return unexpected(DropReason::kReplay);
  // Steps 5, 7 and 8 are the transform's; whatever passes step 5 moves the window (step 6).
  out.resize(datagram.size());
  const auto written = sa.transform.open(datagram, out);
  using crypto::PacketError;
  const bool authentic =
      written || written.error() == PacketError::kBadPadding || written.error() == PacketError::kDummy;
  if (authentic) {
    sa.replay.update(position->sequence_number);
    context.last_used = now;
  }
  if (!written && written.error() == PacketError::kDummy) return Layer::kDummy;
  if (!written) {
    const bool forged = written.error() == PacketError::kIcvMismatch;
    return unexpected(forged ? DropReason::kIntegrity : DropReason::kInvalidPacket);
  }
  out.resize(*written);
  return Layer::kOpened;
}

expected<std::optional<Arrival>, DropReason> Sad::open(Octets datagram, Instant now, OctetVector& out) {
  // Step 1: a fragment, or no IP datagram at all.
  const auto position = crypto::find_ipsec_header(datagram);
  if (!position) return unexpected(DropReason::kInvalidPacket);
  // Step 2.
  const auto [context, outer] = find_inbound(datagram, position->spi, position->protocol);
  if (context == nullptr) return unexpected(DropReason::kBadSpi);
  if (outer + 1 != context->inbound.size()) return unexpected(DropReason::kWrongSa);  // ESP without its AH
  Octets input = datagram;
  for (std::size_t i = context->inbound.size(); i-- > 0;) {
    OctetVector& target = i == 0 ? out : layer_;
    const auto layer = open_layer(*context, i, input, now, target);
    if (!layer) return unexpected(layer.error());
    // Step 8. A-308: counted as received.
    if (*layer == Layer::kDummy) {
      count_traffic(*context, 0, now);
      return std::optional<Arrival>();
    }
    input = target;
  }
  // Step 9.
  if (context->expires && now >= *context->expires) return unexpected(DropReason::kLifetimeExpired);
  // Step 10.
  const auto inner = tuple_of(out, true);
  if (!inner || !context->pair.selector.matches(*inner)) return unexpected(DropReason::kWrongSa);
  count_traffic(*context, payload_octets(out, context->pair.mode), now);
  const bool marked = (context->pair.flags & kBundleGuaranteeEncryption) != 0;
  return std::optional(Arrival{context->id, context->pair.encrypts(), marked});
}

expected<std::optional<Arrival>, DropReason> Sad::unprotect(Octets datagram, Instant now, OctetVector& out) {
  auto opened = open(datagram, now, out);
  if (opened) {
    ++statistics_.opened_inbound;
  } else {
    count_drop(opened.error());
  }
  return opened;
}

void Sad::count_drop(DropReason reason) {
  switch (reason) {
    case DropReason::kBadSpi: ++statistics_.invalid_spis_inbound; return;
    case DropReason::kLifetimeExpired: ++statistics_.expired_inbound; return;
    case DropReason::kWrongSa: ++statistics_.wrong_sa_inbound; return;
    case DropReason::kReplay: ++statistics_.replayed_inbound; return;
    case DropReason::kInvalidPacket: ++statistics_.invalid_inbound; return;
    case DropReason::kIntegrity: ++statistics_.integrity_failures_inbound; return;
    case DropReason::kClearText: assert(false); return;  // step 11 is not the database's
  }
}

}  // namespace ssx::ipsec
