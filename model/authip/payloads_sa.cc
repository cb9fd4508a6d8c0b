#include <algorithm>
#include <array>

#include "model/authip/payload_rules.h"
#include "model/authip/payloads.h"
#include "model/authip/qm_common.h"
#include "model/authip/status.h"

namespace ssx::authip {
namespace {

constexpr std::uint8_t kProtocolIsakmp = 1;
constexpr std::uint8_t kProtocolAh = 2;
constexpr std::uint8_t kProtocolEsp = 3;
constexpr std::uint8_t kKeyIke = 1;
constexpr std::uint16_t kLifeSeconds = 1;
constexpr std::uint16_t kLifeKilobytes = 2;
constexpr std::uint16_t kTransportMode = 2;
constexpr std::uint8_t kEspNull = 11;
constexpr std::uint8_t kEspAes = 12;
constexpr std::uint8_t kEsp3Des = 3;
constexpr std::uint8_t kEspDes = 2;

/// RFC 2409 appendix A.
namespace main_attribute {
constexpr std::uint16_t kEncryption = 1;
constexpr std::uint16_t kHash = 2;
constexpr std::uint16_t kMethod = 3;
constexpr std::uint16_t kGroup = 4;
constexpr std::uint16_t kLifeType = 11;
constexpr std::uint16_t kLifeDuration = 12;
constexpr std::uint16_t kPrf = 13;
constexpr std::uint16_t kKeyLength = 14;
constexpr std::uint16_t kGroupOrder = 16;
}  // namespace main_attribute

/// RFC 2407 4.5.
namespace quick_attribute {
constexpr std::uint16_t kLifeType = 1;
constexpr std::uint16_t kLifeDuration = 2;
constexpr std::uint16_t kGroup = 3;
constexpr std::uint16_t kEncapsulation = 4;
constexpr std::uint16_t kAuthentication = 5;
constexpr std::uint16_t kKeyLength = 6;
constexpr std::uint16_t kKeyRounds = 7;
}  // namespace quick_attribute

RawTransform main_mode_transform(const MainModeEntry& entry, std::uint8_t number) {
  const MainModeSuite& suite = entry.suite;
  RawTransform transform{number, kKeyIke, {}};
  auto& attributes = transform.attributes;  // D-17: 1, 14, 2, 4, 11, 12
  attributes.push_back(basic_attribute(main_attribute::kEncryption, suite.encryption));
  if (suite.key_bits != 0) attributes.push_back(basic_attribute(main_attribute::kKeyLength, suite.key_bits));
  attributes.push_back(basic_attribute(main_attribute::kHash, suite.hash));
  attributes.push_back(basic_attribute(main_attribute::kGroup, suite.group));
  attributes.push_back(basic_attribute(main_attribute::kLifeType, kLifeSeconds));
  attributes.push_back(long_attribute(main_attribute::kLifeDuration, entry.proposal.lifetime_seconds_max));
  return transform;
}

bool changes_main_mode_meaning(std::uint16_t type) {
  const bool group_parameters = type > main_attribute::kGroup && type < main_attribute::kLifeType;
  return group_parameters || type == main_attribute::kPrf ||
         (type > main_attribute::kKeyLength && type <= main_attribute::kGroupOrder);
}

OfferedTransform read_main_mode_transform(const RawTransform& raw) {
  OfferedTransform offered{MainModeSuite{}, std::nullopt, raw};
  std::uint32_t life_type = 0;
  bool readable = raw.id == kKeyIke;
  for (const RawAttribute& attribute : raw.attributes) {
    const std::optional<std::uint32_t> number = attribute.number();
    const auto value = static_cast<std::uint16_t>(number.value_or(0));
    switch (attribute.type) {
      case main_attribute::kEncryption: offered.suite->encryption = value; break;
      case main_attribute::kKeyLength: offered.suite->key_bits = value; break;
      case main_attribute::kHash: offered.suite->hash = value; break;
      case main_attribute::kGroup: offered.suite->group = value; break;
      case main_attribute::kMethod: break;  // ignored (D-17)
      case main_attribute::kLifeType: life_type = value; break;
      case main_attribute::kLifeDuration:
        if (life_type == kLifeSeconds && number) offered.lifetime_seconds = *number;  // TV or TLV
        break;
      default: readable = readable && !changes_main_mode_meaning(attribute.type); break;
    }
  }
  if (!readable) offered.suite.reset();
  return offered;
}

std::uint8_t transform_id(const QuickModeSuite& suite) {
  if (suite.protocol == IpProtocol::kAh) {
    switch (suite.integrity) {
      case crypto::IntegrityAlgorithm::kHmacMd5_96: return 2;
      case crypto::IntegrityAlgorithm::kHmacSha1_96: return 3;
      case crypto::IntegrityAlgorithm::kHmacSha256_128: return 5;
    }
  }
  switch (suite.cipher) {
    case crypto::CipherAlgorithm::kNull: return kEspNull;
    case crypto::CipherAlgorithm::kDes: return kEspDes;
    case crypto::CipherAlgorithm::kTripleDes: return kEsp3Des;
    case crypto::CipherAlgorithm::kAes128:
    case crypto::CipherAlgorithm::kAes192:
    case crypto::CipherAlgorithm::kAes256: return kEspAes;
  }
  return kEspNull;
}

std::uint16_t authentication_algorithm(crypto::IntegrityAlgorithm integrity) {
  switch (integrity) {
    case crypto::IntegrityAlgorithm::kHmacMd5_96: return 1;
    case crypto::IntegrityAlgorithm::kHmacSha1_96: return 2;
    case crypto::IntegrityAlgorithm::kHmacSha256_128: return 5;
  }
  return 0;
}

RawProposal quick_mode_proposal(const QuickModeSuite& suite, const wfp::SaLifetime& lifetime, std::uint8_t number,
                                Spi spi, std::uint32_t policy_flags) {
  RawTransform transform{1, transform_id(suite), {}};
  auto& attributes = transform.attributes;
  if ((policy_flags & wfp::kPolicyDontNegotiateSecondLifetime) == 0 && lifetime.seconds != 0) {
    attributes.push_back(basic_attribute(quick_attribute::kLifeType, kLifeSeconds));
    attributes.push_back(long_attribute(quick_attribute::kLifeDuration, lifetime.seconds));
  }
  if ((policy_flags & wfp::kPolicyDontNegotiateByteLifetime) == 0 && lifetime.kilobytes != 0) {
    attributes.push_back(basic_attribute(quick_attribute::kLifeType, kLifeKilobytes));
    attributes.push_back(long_attribute(quick_attribute::kLifeDuration, lifetime.kilobytes));
  }
  attributes.push_back(basic_attribute(quick_attribute::kEncapsulation, kTransportMode));
  attributes.push_back(basic_attribute(quick_attribute::kAuthentication, authentication_algorithm(suite.integrity)));
  if (transform.id == kEspAes && suite.protocol == IpProtocol::kEsp) {
    const auto bits = static_cast<std::uint16_t>(8 * crypto::key_octets(suite.cipher));
    attributes.push_back(basic_attribute(quick_attribute::kKeyLength, bits));
  }
  RawProposal proposal{number, suite.protocol == IpProtocol::kAh ? kProtocolAh : kProtocolEsp, {}, {transform}};
  ByteWriter(proposal.spi).u32(spi.value);
  return proposal;
}

/// The attributes of a quick-mode transform as numbers.
struct QuickModeAttributes {
  std::optional<std::uint32_t> seconds;
  std::optional<std::uint32_t> kilobytes;
  std::uint32_t encapsulation = 0;
  std::uint32_t authentication = 0;
  std::uint32_t key_bits = 0;
  std::string obstacle;  // why it cannot be selected, whatever the rest says
};

QuickModeAttributes read_attributes(const RawTransform& raw) {
  QuickModeAttributes out;
  std::uint32_t life_type = 0;
  for (const RawAttribute& attribute : raw.attributes) {
    const std::uint32_t value = attribute.number().value_or(0);
    switch (attribute.type) {
      case quick_attribute::kLifeType: life_type = value; break;
      case quick_attribute::kLifeDuration:
        if (life_type == kLifeSeconds) out.seconds = value;
        if (life_type == kLifeKilobytes) out.kilobytes = value;
        break;
      case quick_attribute::kGroup: out.obstacle = "perfect forward secrecy is not negotiated"; break;
      case quick_attribute::kEncapsulation: out.encapsulation = value; break;
      case quick_attribute::kAuthentication: out.authentication = value; break;
      case quick_attribute::kKeyLength: out.key_bits = value; break;
      case quick_attribute::kKeyRounds: out.obstacle = "a number of cipher rounds"; break;
      default: break;
    }
  }
  return out;
}

std::optional<crypto::IntegrityAlgorithm> integrity_of(std::uint32_t authentication) {
  switch (authentication) {
    case 1: return crypto::IntegrityAlgorithm::kHmacMd5_96;
    case 2: return crypto::IntegrityAlgorithm::kHmacSha1_96;
    case 5: return crypto::IntegrityAlgorithm::kHmacSha256_128;
    default: return std::nullopt;
  }
}

std::optional<crypto::CipherAlgorithm> cipher_of(std::uint8_t id, std::uint32_t key_bits) {
  if (id != kEspAes) {
    switch (id) {
      case kEspNull: return crypto::CipherAlgorithm::kNull;
      case kEsp3Des: return crypto::CipherAlgorithm::kTripleDes;
      case kEspDes: return crypto::CipherAlgorithm::kDes;
      default: return std::nullopt;
    }
  }
  switch (key_bits) {
    case 128: return crypto::CipherAlgorithm::kAes128;
    case 192: return crypto::CipherAlgorithm::kAes192;
    case 256: return crypto::CipherAlgorithm::kAes256;
    default: return std::nullopt;
  }
}

/// The suite of one transform, or in `words` why the model cannot take it.
std::optional<QuickModeSuite> read_suite(std::uint8_t protocol, const RawTransform& raw,
                                         const QuickModeAttributes& read, std::string& words) {
  const auto refuse = [&](std::string why) -> std::optional<QuickModeSuite> {
    words = std::move(why);
    return std::nullopt;
  };
  if (!read.obstacle.empty()) return refuse(read.obstacle);
  if (read.encapsulation != kTransportMode) {
    return refuse("encapsulation mode " + std::to_string(read.encapsulation) + " is not transport");
  }
  const auto integrity = integrity_of(read.authentication);
  if (!integrity) return refuse("authentication algorithm " + std::to_string(read.authentication) + " is not known");
  QuickModeSuite suite{IpProtocol::kAh, crypto::CipherAlgorithm::kNull, *integrity};
  if (protocol == kProtocolAh) {
    return transform_id(suite) == raw.id ? std::optional(suite) : refuse("AH transform and algorithm do not fit");
  }
  if (protocol != kProtocolEsp) return refuse("protocol " + std::to_string(protocol) + " is not known");
  const auto cipher = cipher_of(raw.id, read.key_bits);
  if (!cipher) return refuse("ESP transform " + std::to_string(raw.id) + " is not known");
  return QuickModeSuite{IpProtocol::kEsp, *cipher, *integrity};
}

/// One alternative: every proposal of a number with one transform each.
OfferedProposal read_alternative(const std::vector<RawProposal>& proposals, bool single_transform) {
  OfferedProposal offered;
  offered.meaning.number = proposals.front().number;
  offered.meaning.suites.emplace();
  offered.single_transform = single_transform;
  for (const RawProposal& raw : proposals) {
    const QuickModeAttributes read = read_attributes(raw.transforms.front());
    if (!offered.lifetime_seconds) offered.lifetime_seconds = read.seconds;
    if (!offered.lifetime_kilobytes) offered.lifetime_kilobytes = read.kilobytes;
    std::string words;
    const auto suite = read_suite(raw.protocol, raw.transforms.front(), read, words);
    if (suite && offered.meaning.suites) {
      offered.meaning.suites->push_back(*suite);
    } else if (!suite) {
      offered.meaning.suites.reset();
      offered.meaning.words = words;
    }
    offered.spis.push_back(Spi{load_u32(raw.spi)});
  }
  offered.raw = proposals;
  const bool pair =
      proposals.size() == 2 && proposals[0].protocol == kProtocolAh && proposals[1].protocol == kProtocolEsp;
  if (proposals.size() != 1 && !pair && offered.meaning.suites) {
    offered.meaning.suites.reset();
    offered.meaning.words = "a combination of protocols that is not AH and ESP";
  }
  return offered;
}

RawProposal with_transform(const RawProposal& proposal, const RawTransform& transform) {
  return {proposal.number, proposal.protocol, proposal.spi, {transform}};
}

}  // namespace

expected<std::vector<OfferedTransform>, Invalid> read_main_mode_sa(const RawSa& sa) {
  if (sa.proposals.size() != 1 || sa.proposals.front().protocol != kProtocolIsakmp) {
    return unexpected(Invalid{kStatusProcessErrProposal, "main mode wants one ISAKMP proposal"});
  }
  std::vector<OfferedTransform> offered;
  for (const RawTransform& raw : sa.proposals.front().transforms) offered.push_back(read_main_mode_transform(raw));
  if (offered.empty()) return unexpected(Invalid{kStatusProcessErrProposal, "a proposal without transforms"});
  return offered;
}

expected<std::vector<OfferedProposal>, Invalid> read_quick_mode_sa(const RawSa& sa) {
  std::vector<OfferedProposal> offered;
  for (std::size_t i = 0; i < sa.proposals.size();) {
    std::vector<RawProposal> group;
    bool single = true;
    for (const std::uint8_t number = sa.proposals[i].number;
         i < sa.proposals.size() && sa.proposals[i].number == number; ++i) {
      const RawProposal& proposal = sa.proposals[i];
      if (proposal.transforms.empty() || proposal.spi.size() != 4) {
        return unexpected(Invalid{kStatusProcessErrProposal, "a quick-mode proposal without transform or 4-octet SPI"});
      }
      single = single && proposal.transforms.size() == 1;
      group.push_back(proposal);
    }
    if (group.size() == 1) {  // each transform is an alternative of its own
      for (const RawTransform& transform : group.front().transforms) {
        offered.push_back(read_alternative({with_transform(group.front(), transform)}, single));
      }
      continue;
    }
    for (RawProposal& proposal : group) proposal = with_transform(proposal, RawTransform(proposal.transforms.front()));
    std::ranges::stable_sort(group, {}, &RawProposal::protocol);  // AH is 2, ESP 3
    offered.push_back(read_alternative(group, single));
  }
  return offered;
}

PayloadBuilder& PayloadBuilder::main_mode_sa(const std::vector<MainModeEntry>& entries) {
  RawProposal proposal{1, kProtocolIsakmp, {}, {}};
  for (const MainModeEntry& entry : entries) {
    proposal.transforms.push_back(
        main_mode_transform(entry, static_cast<std::uint8_t>(proposal.transforms.size() + 1)));
  }
  return add(payload_type::kSa, emit_sa({1, 1, {std::move(proposal)}}));
}

PayloadBuilder& PayloadBuilder::main_mode_answer(const OfferedTransform& chosen) {
  return add(payload_type::kSa, emit_sa({1, 1, {{1, kProtocolIsakmp, {}, {chosen.raw}}}}));
}

PayloadBuilder& PayloadBuilder::quick_mode_sa(const std::vector<QuickModeEntry>& entries, const std::vector<Spi>& spis,
                                              std::uint32_t policy_flags) {
  RawSa sa;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const std::vector<Spi> own = spis_for(entries[i].suites, spis);
    for (std::size_t suite = 0; suite < own.size(); ++suite) {
      sa.proposals.push_back(quick_mode_proposal(entries[i].suites[suite], entries[i].lifetime,
                                                 static_cast<std::uint8_t>(i + 1), own[suite], policy_flags));
    }
  }
  return add(payload_type::kSa, emit_sa(sa));
}

PayloadBuilder& PayloadBuilder::quick_mode_answer(const OfferedProposal& chosen, const std::vector<Spi>& spis) {
  RawSa sa{1, 1, chosen.raw};
  for (std::size_t i = 0; i < sa.proposals.size(); ++i) {
    sa.proposals[i].spi.clear();
    ByteWriter(sa.proposals[i].spi).u32(spis.at(i).value);
  }
  return add(payload_type::kSa, emit_sa(sa));
}

}  // namespace ssx::authip
