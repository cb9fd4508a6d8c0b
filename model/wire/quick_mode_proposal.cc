#include "model/wire/quick_mode_proposal.h"

#include "model/wire/attribute_reader.h"
#include "model/wire/main_mode_transform.h"

namespace ssx::wire {
namespace {

constexpr std::size_t kSpiOctets = 4;

/// @return false if the attribute has no field
bool take(QuickModeProposal& view, const Attribute& attribute) {
  switch (attribute.type) {
    case quick_mode_attribute::kGroup: return take_number(view.group, attribute);
    case quick_mode_attribute::kEncapsulation: return take_number(view.encapsulation, attribute);
    case quick_mode_attribute::kAuthentication: return take_number(view.authentication, attribute);
    case quick_mode_attribute::kKeyLength: return take_number(view.key_length_bits, attribute);
    default: return false;
  }
}

/// @return false if the pair is none that the view has a field for
bool take_life(QuickModeProposal& view, const Attribute& type, const Attribute& duration) {
  if (type.type != quick_mode_attribute::kLifeType || duration.type != quick_mode_attribute::kLifeDuration)
    return false;
  if (type.number() == kLifeSeconds) return take_number(view.life_seconds, duration);
  if (type.number() == kLifeKilobytes) return take_number(view.life_kilobytes, duration);
  return false;
}

void put_life(std::vector<Attribute>& out, std::uint16_t unit, const std::optional<std::uint32_t>& duration) {
  if (!duration) return;
  out.push_back(basic_attribute(quick_mode_attribute::kLifeType, unit));
  out.push_back(long_attribute(quick_mode_attribute::kLifeDuration, *duration));
}

}  // namespace

std::string to_string(const QuickModeProposal& proposal) {
  OctetVector spi;
  ByteWriter(spi).u32(proposal.spi.value);
  const char* const protocol = proposal.protocol == kProtocolEsp  ? " ESP"
                               : proposal.protocol == kProtocolAh ? " AH"
                                                                  : " other";
  std::string text = std::to_string(proposal.number) + protocol + " spi " + to_hex(spi) + " id " +
                     std::to_string(proposal.transform_id);
  if (proposal.life_seconds) text += " " + std::to_string(*proposal.life_seconds) + " s";
  if (proposal.life_kilobytes) text += " " + std::to_string(*proposal.life_kilobytes) + " KB";
  if (proposal.group) text += " group " + std::to_string(*proposal.group);
  if (proposal.encapsulation) text += " encapsulation " + std::to_string(*proposal.encapsulation);
  if (proposal.authentication) text += " auth " + std::to_string(*proposal.authentication);
  if (proposal.key_length_bits) text += " " + std::to_string(*proposal.key_length_bits) + " bits";
  for (const Attribute& attribute : proposal.others) text += " " + to_string(attribute);
  return text;
}

std::optional<QuickModeProposal> read_quick_mode_proposal(const Proposal& proposal, const Transform& transform) {
  if (proposal.spi.size() != kSpiOctets) return std::nullopt;
  QuickModeProposal view;
  view.number = proposal.number;
  view.protocol = proposal.protocol;
  view.spi = Spi{load_u32(proposal.spi)};
  view.transform_number = transform.number;
  view.transform_id = transform.id;
  const auto& attributes = transform.attributes;
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    // RFC 2407 4.5: a life duration directly follows the life type that says its unit.
    if (i + 1 < attributes.size() && take_life(view, attributes[i], attributes[i + 1])) {
      ++i;
      continue;
    }
    if (!take(view, attributes[i])) view.others.push_back(attributes[i]);
  }
  return view;
}

Proposal to_proposal(const QuickModeProposal& proposal) {
  Transform transform;
  transform.number = proposal.transform_number;
  transform.id = proposal.transform_id;
  put_life(transform.attributes, kLifeSeconds, proposal.life_seconds);
  put_life(transform.attributes, kLifeKilobytes, proposal.life_kilobytes);
  put_number(transform.attributes, quick_mode_attribute::kGroup, proposal.group);
  put_number(transform.attributes, quick_mode_attribute::kEncapsulation, proposal.encapsulation);
  put_number(transform.attributes, quick_mode_attribute::kAuthentication, proposal.authentication);
  put_number(transform.attributes, quick_mode_attribute::kKeyLength, proposal.key_length_bits);
  transform.attributes.insert(transform.attributes.end(), proposal.others.begin(), proposal.others.end());
  Proposal out{proposal.number, proposal.protocol, {}, {std::move(transform)}};
  ByteWriter(out.spi).u32(proposal.spi.value);
  return out;
}

SaPayload quick_mode_sa(const std::vector<QuickModeProposal>& proposals) {
  SaPayload sa;
  for (const QuickModeProposal& proposal : proposals) sa.proposals.push_back(to_proposal(proposal));
  return sa;
}

}  // namespace ssx::wire
