#include "model/wire/main_mode_transform.h"

#include "model/wire/attribute_reader.h"

namespace ssx::wire {
namespace {

/// @return false if the attribute has no field
bool take(MainModeTransform& view, const Attribute& attribute) {
  switch (attribute.type) {
    case main_mode_attribute::kEncryption: return take_number(view.cipher, attribute);
    case main_mode_attribute::kHash: return take_number(view.hash, attribute);
    case main_mode_attribute::kAuthenticationMethod: return take_number(view.authentication_method, attribute);
    case main_mode_attribute::kGroup: return take_number(view.group, attribute);
    case main_mode_attribute::kKeyLength: return take_number(view.key_length_bits, attribute);
    default: return false;
  }
}

}  // namespace

std::string to_string(const MainModeTransform& transform) {
  std::string text = "cipher " + std::to_string(transform.cipher.value_or(0));
  if (transform.key_length_bits) text += " " + std::to_string(*transform.key_length_bits) + " bits";
  text += " hash " + std::to_string(transform.hash.value_or(0));
  if (transform.authentication_method) text += " method " + std::to_string(*transform.authentication_method);
  text += " group " + std::to_string(transform.group.value_or(0));
  if (transform.life_seconds) text += " " + std::to_string(*transform.life_seconds) + " s";
  for (const Attribute& attribute : transform.others) text += " " + to_string(attribute);
  return text;
}

MainModeTransform read_main_mode_transform(const Transform& transform) {
  MainModeTransform view;
  view.number = transform.number;
  view.id = transform.id;
  const auto& attributes = transform.attributes;
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    // RFC 2409 appendix A: a life duration follows the life type that says its unit.
    const bool pair = attributes[i].type == main_mode_attribute::kLifeType && i + 1 < attributes.size() &&
                      attributes[i + 1].type == main_mode_attribute::kLifeDuration;
    if (pair && attributes[i].number() == kLifeSeconds && take_number(view.life_seconds, attributes[i + 1])) {
      ++i;
      continue;
    }
    if (!take(view, attributes[i])) view.others.push_back(attributes[i]);
  }
  return view;
}

Transform to_transform(const MainModeTransform& transform) {
  Transform out;
  out.number = transform.number;
  out.id = transform.id;
  put_number(out.attributes, main_mode_attribute::kEncryption, transform.cipher);
  put_number(out.attributes, main_mode_attribute::kKeyLength, transform.key_length_bits);
  put_number(out.attributes, main_mode_attribute::kHash, transform.hash);
  put_number(out.attributes, main_mode_attribute::kAuthenticationMethod, transform.authentication_method);
  put_number(out.attributes, main_mode_attribute::kGroup, transform.group);
  if (transform.life_seconds) {
    out.attributes.push_back(basic_attribute(main_mode_attribute::kLifeType, kLifeSeconds));
    out.attributes.push_back(long_attribute(main_mode_attribute::kLifeDuration, *transform.life_seconds));
  }
  out.attributes.insert(out.attributes.end(), transform.others.begin(), transform.others.end());
  return out;
}

SaPayload main_mode_sa(const std::vector<MainModeTransform>& transforms) {
  Proposal proposal;  // authip.md 1.12: number 1, protocol ISAKMP, SPI size 0
  for (const MainModeTransform& transform : transforms) proposal.transforms.push_back(to_transform(transform));
  return SaPayload{{std::move(proposal)}};
}

}  // namespace ssx::wire
