#include "model/wire/sa_payload.h"

#include <algorithm>
#include <cassert>

#include "model/wire/generic_payload.h"

namespace ssx::wire {
namespace {

constexpr std::uint16_t kBasicBit = 0x8000;
constexpr std::size_t kSaFixedOctets = 8;        // DOI, situation
constexpr std::size_t kProposalFixedOctets = 4;  // number, protocol, SPI size, number of transforms
constexpr std::size_t kCountMax = 255;

unexpected<PayloadError> malformed(PayloadType type, std::size_t offset) {
  return unexpected(PayloadError{PayloadErrorKind::kMalformed, type, offset});
}

/// Proposals or transforms: every part names its own kind as the next one, the last one none; at least one.
std::optional<std::vector<RawPayload>> walk_parts(PayloadType type, Octets octets) {
  auto parts = walk_chain(type, octets);
  if (!parts) return std::nullopt;
  if (!std::ranges::all_of(*parts, [type](const RawPayload& part) { return part.type == type; })) return std::nullopt;
  return std::move(*parts);
}

std::optional<Transform> parse_transform(Octets body) {
  ByteReader in{body};
  Transform transform;
  transform.number = in.u8();
  transform.id = in.u8();
  in.skip(2);  // RESERVED2, RFC 2408 3.6
  while (in.ok() && in.remaining() > 0) {
    const std::uint16_t type = in.u16();
    Attribute attribute;
    attribute.type = static_cast<std::uint16_t>(type & ~kBasicBit);
    attribute.basic = (type & kBasicBit) != 0;
    const std::size_t length = attribute.basic ? 2 : in.u16();
    attribute.value = to_vector(in.take(length));
    transform.attributes.push_back(std::move(attribute));
  }
  if (!in.ok()) return std::nullopt;
  return transform;
}

/// @param offset  of the proposal's generic header, for errors
expected<Proposal, PayloadError> parse_proposal(Octets body, std::size_t offset) {
  ByteReader in{body};
  Proposal proposal;
  proposal.number = in.u8();
  proposal.protocol = in.u8();
  const std::size_t spi_octets = in.u8();
  const std::size_t count = in.u8();
  proposal.spi = to_vector(in.take(spi_octets));
  const auto parts = walk_parts(PayloadType::kTransform, in.take_rest());
  if (!in.ok() || !parts || parts->size() != count) return malformed(PayloadType::kProposal, offset);
  const std::size_t chain = offset + kGenericHeaderOctets + kProposalFixedOctets + spi_octets;
  for (const RawPayload& part : *parts) {
    std::optional<Transform> transform = parse_transform(part.body);
    if (!transform) return malformed(PayloadType::kTransform, chain + part.offset);
    proposal.transforms.push_back(std::move(*transform));
  }
  return proposal;
}

void emit_attribute(ByteWriter& out, const Attribute& attribute) {
  assert(attribute.type < kBasicBit);
  if (attribute.basic) {
    assert(attribute.value.size() == 2);
    out.u16(static_cast<std::uint16_t>(attribute.type | kBasicBit));
  } else {
    assert(attribute.value.size() <= 0xFFFF);
    out.u16(attribute.type);
    out.u16(static_cast<std::uint16_t>(attribute.value.size()));
  }
  out.octets(attribute.value);
}

void emit_proposal(OctetVector& out, const Proposal& proposal) {
  assert(proposal.spi.size() <= kCountMax);
  assert(!proposal.transforms.empty());
  assert(proposal.transforms.size() <= kCountMax);
  ByteWriter writer{out};
  writer.u8(proposal.number);
  writer.u8(proposal.protocol);
  writer.u8(static_cast<std::uint8_t>(proposal.spi.size()));
  writer.u8(static_cast<std::uint8_t>(proposal.transforms.size()));
  writer.octets(proposal.spi);
  ChainWriter chain{out};
  for (const Transform& transform : proposal.transforms) {
    chain.start(PayloadType::kTransform);
    writer.u8(transform.number);
    writer.u8(transform.id);
    writer.zeros(2);
    for (const Attribute& attribute : transform.attributes) emit_attribute(writer, attribute);
    chain.finish();
  }
}

}  // namespace

std::optional<std::uint32_t> Attribute::number() const {
  if (value.empty() || value.size() > 4) return std::nullopt;
  std::uint32_t result = 0;
  for (const std::byte octet : value) result = result << 8 | std::to_integer<std::uint32_t>(octet);
  return result;
}

Attribute basic_attribute(std::uint16_t type, std::uint16_t value) {
  Attribute attribute{type, true, {}};
  ByteWriter(attribute.value).u16(value);
  return attribute;
}

Attribute long_attribute(std::uint16_t type, std::uint32_t value) {
  Attribute attribute{type, false, {}};
  ByteWriter(attribute.value).u32(value);
  return attribute;
}

std::string to_string(const Attribute& attribute) {
  const std::optional<std::uint32_t> number = attribute.number();
  return std::to_string(attribute.type) + "=" + (number ? std::to_string(*number) : to_hex(attribute.value));
}

expected<SaPayload, PayloadError> parse_sa(Octets body, std::size_t offset) {
  ByteReader in{body};
  const std::uint32_t doi = in.u32();
  const std::uint32_t situation = in.u32();
  if (!in.ok()) return malformed(PayloadType::kSa, offset);
  if (doi != kDoiIpsec) return unexpected(PayloadError{PayloadErrorKind::kUnknownDoi, PayloadType::kSa, offset});
  if (situation != kSituationIdentityOnly) {
    return unexpected(PayloadError{PayloadErrorKind::kInvalidSituation, PayloadType::kSa, offset});
  }
  const auto parts = walk_parts(PayloadType::kProposal, in.take_rest());
  if (!parts) return malformed(PayloadType::kSa, offset);
  SaPayload sa;
  for (const RawPayload& part : *parts) {
    auto proposal = parse_proposal(part.body, offset + kGenericHeaderOctets + kSaFixedOctets + part.offset);
    if (!proposal) return unexpected(proposal.error());
    sa.proposals.push_back(std::move(*proposal));
  }
  return sa;
}

void emit_body(OctetVector& out, const SaPayload& sa) {
  assert(!sa.proposals.empty());
  ByteWriter writer{out};
  writer.u32(kDoiIpsec);
  writer.u32(kSituationIdentityOnly);
  ChainWriter chain{out};
  for (const Proposal& proposal : sa.proposals) {
    chain.start(PayloadType::kProposal);
    emit_proposal(out, proposal);
    chain.finish();
  }
}

}  // namespace ssx::wire
