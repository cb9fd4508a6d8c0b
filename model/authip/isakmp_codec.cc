#include "model/authip/isakmp_codec.h"

#include <algorithm>

namespace ssx::authip {
namespace {

constexpr std::uint8_t kProposalType = 2;
constexpr std::uint8_t kTransformType = 3;
constexpr std::uint16_t kBasicBit = 0x8000;

/// A chain of proposals or transforms: every part names its own kind as the next, the last one 0.
std::optional<std::vector<Octets>> parse_parts(std::uint8_t type, Octets octets) {
  std::vector<Octets> parts;
  const auto chain = parse_chain(type, octets);
  if (!chain) return std::nullopt;
  for (const RawPayload& part : *chain) {
    if (part.type != type) return std::nullopt;
    parts.push_back(part.body);
  }
  return parts;
}

std::optional<RawTransform> parse_transform(Octets body) {
  ByteReader in(body);
  RawTransform transform;
  transform.number = in.u8();
  transform.id = in.u8();
  in.skip(2);
  while (in.ok() && in.remaining() > 0) {
    RawAttribute attribute;
    const std::uint16_t type = in.u16();
    attribute.type = static_cast<std::uint16_t>(type & ~kBasicBit);
    attribute.basic = (type & kBasicBit) != 0;
    const std::size_t length = attribute.basic ? 2 : in.u16();
    attribute.value = to_vector(in.take(length));
    transform.attributes.push_back(std::move(attribute));
  }
  if (!in.ok()) return std::nullopt;
  return transform;
}

std::optional<RawProposal> parse_proposal(Octets body, SaError& error) {
  ByteReader in(body);
  RawProposal proposal;
  proposal.number = in.u8();
  proposal.protocol = in.u8();
  const std::size_t spi_octets = in.u8();
  const std::size_t count = in.u8();
  proposal.spi = to_vector(in.take(spi_octets));
  const auto parts = parse_parts(kTransformType, in.take_rest());
  if (!in.ok() || !parts || parts->size() != count) return std::nullopt;
  for (const Octets part : *parts) {
    std::optional<RawTransform> transform = parse_transform(part);
    if (!transform) {
      error = SaError::kTransform;
      return std::nullopt;
    }
    proposal.transforms.push_back(std::move(*transform));
  }
  return proposal;
}

OctetVector emit_transform(const RawTransform& transform) {
  OctetVector body;
  ByteWriter out(body);
  out.u8(transform.number);
  out.u8(transform.id);
  out.zeros(2);
  for (const RawAttribute& attribute : transform.attributes) {
    const std::uint16_t bit = attribute.basic ? kBasicBit : std::uint16_t{0};
    out.u16(static_cast<std::uint16_t>(attribute.type | bit));
    if (!attribute.basic) out.u16(static_cast<std::uint16_t>(attribute.value.size()));
    out.octets(attribute.value);
  }
  return body;
}

OctetVector emit_proposal(const RawProposal& proposal) {
  OctetVector body;
  ByteWriter out(body);
  out.u8(proposal.number);
  out.u8(proposal.protocol);
  out.u8(static_cast<std::uint8_t>(proposal.spi.size()));
  out.u8(static_cast<std::uint8_t>(proposal.transforms.size()));
  out.octets(proposal.spi);
  for (std::size_t i = 0; i < proposal.transforms.size(); ++i) {
    const bool last = i + 1 == proposal.transforms.size();
    emit_payload(last ? std::uint8_t{0} : kTransformType, emit_transform(proposal.transforms[i]), body);
  }
  return body;
}

}  // namespace

std::optional<IsakmpHeader> parse_isakmp_header(Octets datagram) {
  ByteReader in(datagram);
  IsakmpHeader header;
  const Octets cookies = in.take(16);
  if (!in.ok()) return std::nullopt;
  std::ranges::copy(cookies.first(8), header.initiator_cookie.begin());
  std::ranges::copy(cookies.subspan(8), header.responder_cookie.begin());
  header.next_payload = in.u8();
  header.version = in.u8();
  header.exchange_type = in.u8();
  header.flags = in.u8();
  header.message_id = in.u32();
  header.length = in.u32();
  if (!in.ok()) return std::nullopt;
  return header;
}

void emit(const IsakmpHeader& header, OctetVector& out) {
  ByteWriter writer(out);
  writer.octets(header.initiator_cookie);
  writer.octets(header.responder_cookie);
  writer.u8(header.next_payload);
  writer.u8(header.version);
  writer.u8(header.exchange_type);
  writer.u8(header.flags);
  writer.u32(header.message_id);
  writer.u32(header.length);
}

std::optional<std::vector<RawPayload>> parse_chain(std::uint8_t first_type, Octets octets) {
  std::vector<RawPayload> payloads;
  ByteReader in(octets);
  std::uint8_t type = first_type;
  while (type != 0) {
    const std::uint8_t next = in.u8();
    in.skip(1);  // RESERVED is ignored
    const std::size_t length = in.u16();
    if (!in.ok() || length < kGenericHeaderOctets) return std::nullopt;
    const Octets body = in.take(length - kGenericHeaderOctets);
    if (!in.ok()) return std::nullopt;
    payloads.push_back({type, body});
    type = next;
  }
  if (in.remaining() != 0) return std::nullopt;
  return payloads;
}

void emit_payload(std::uint8_t next_type, Octets body, OctetVector& out) {
  ByteWriter writer(out);
  writer.u8(next_type);
  writer.u8(0);
  writer.u16(static_cast<std::uint16_t>(kGenericHeaderOctets + body.size()));
  writer.octets(body);
}

std::optional<std::uint32_t> RawAttribute::number() const {
  if (value.empty() || value.size() > 4) return std::nullopt;
  std::uint32_t result = 0;
  for (const std::byte octet : value) result = result << 8 | std::to_integer<std::uint32_t>(octet);
  return result;
}

RawAttribute basic_attribute(std::uint16_t type, std::uint16_t value) {
  RawAttribute attribute{type, {}, true};
  ByteWriter(attribute.value).u16(value);
  return attribute;
}

RawAttribute long_attribute(std::uint16_t type, std::uint32_t value) {
  RawAttribute attribute{type, {}, false};
  ByteWriter(attribute.value).u32(value);
  return attribute;
}

std::optional<RawSa> parse_sa(Octets body, SaError& error) {
  error = SaError::kSa;
  ByteReader in(body);
  RawSa sa;
  sa.doi = in.u32();
  sa.situation = in.u32();
  if (!in.ok()) return std::nullopt;
  const auto parts = parse_parts(kProposalType, in.take_rest());
  if (!parts || parts->empty()) return std::nullopt;
  for (const Octets part : *parts) {
    error = SaError::kProposal;
    std::optional<RawProposal> proposal = parse_proposal(part, error);
    if (!proposal) return std::nullopt;
    sa.proposals.push_back(std::move(*proposal));
  }
  return sa;
}

OctetVector emit_sa(const RawSa& sa) {
  OctetVector body;
  ByteWriter out(body);
  out.u32(sa.doi);
  out.u32(sa.situation);
  for (std::size_t i = 0; i < sa.proposals.size(); ++i) {
    const bool last = i + 1 == sa.proposals.size();
    emit_payload(last ? std::uint8_t{0} : kProposalType, emit_proposal(sa.proposals[i]), body);
  }
  return body;
}

}  // namespace ssx::authip
