#include <algorithm>

#include "model/authip/proposals.h"

namespace ssx::authip {
namespace {

/// The ESP or AH suite of a policy transform, or why AuthIP cannot negotiate it.
std::variant<QuickModeSuite, std::string> suite_of(const wfp::QuickModeTransform& transform) {
  QuickModeSuite suite;
  suite.protocol = transform.type == wfp::TransformType::kAh ? IpProtocol::kAh : IpProtocol::kEsp;
  if (transform.type == wfp::TransformType::kEspCipher) return "ESP without integrity is not negotiated";
  if (transform.type == wfp::TransformType::kEspAuthFw) return "authenticated firewall mode is not negotiated";
  switch (transform.auth_config) {
    case wfp::AuthConfig::kHmacMd5_96: suite.integrity = crypto::IntegrityAlgorithm::kHmacMd5_96; break;
    case wfp::AuthConfig::kHmacSha1_96: suite.integrity = crypto::IntegrityAlgorithm::kHmacSha1_96; break;
    case wfp::AuthConfig::kHmacSha256_128: suite.integrity = crypto::IntegrityAlgorithm::kHmacSha256_128; break;
    case wfp::AuthConfig::kGcmAes128:
    case wfp::AuthConfig::kGcmAes192:
    case wfp::AuthConfig::kGcmAes256: return "AuthIP has no AES-GMAC (U-16)";
  }
  if (transform.type != wfp::TransformType::kEspAuthAndCipher) return suite;
  switch (transform.cipher_config) {
    case wfp::CipherConfig::kNone: break;
    case wfp::CipherConfig::kCbcDes: suite.cipher = crypto::CipherAlgorithm::kDes; break;
    case wfp::CipherConfig::kCbc3Des: suite.cipher = crypto::CipherAlgorithm::kTripleDes; break;
    case wfp::CipherConfig::kCbcAes128: suite.cipher = crypto::CipherAlgorithm::kAes128; break;
    case wfp::CipherConfig::kCbcAes192: suite.cipher = crypto::CipherAlgorithm::kAes192; break;
    case wfp::CipherConfig::kCbcAes256: suite.cipher = crypto::CipherAlgorithm::kAes256; break;
    case wfp::CipherConfig::kGcmAes128:
    case wfp::CipherConfig::kGcmAes192:
    case wfp::CipherConfig::kGcmAes256: return "AuthIP has no AES-GCM (U-16)";
  }
  return suite;
}

/// Every transform as a suite, AH first; or the reason why the entry is left out.
std::variant<QuickModeEntry, std::string> entry_of(const wfp::QuickModeProposal& proposal) {
  if (proposal.pfs_group != wfp::PfsGroup::kNone) return "perfect forward secrecy is not negotiated";
  QuickModeEntry entry{{}, proposal.lifetime};
  for (const wfp::QuickModeTransform& transform : proposal.transforms) {
    std::variant<QuickModeSuite, std::string> suite = suite_of(transform);
    if (auto* words = std::get_if<std::string>(&suite)) return std::move(*words);
    entry.suites.push_back(std::get<QuickModeSuite>(suite));
  }
  if (entry.suites.empty()) return "it has no transform";
  std::ranges::stable_sort(entry.suites, [](const QuickModeSuite& a, const QuickModeSuite& b) {
    return a.protocol == IpProtocol::kAh && b.protocol != IpProtocol::kAh;
  });
  return entry;
}

std::string difference(const QuickModeEntry& own, const OfferedAlternative& offered) {
  if (!offered.suites) return offered.words;
  if (own.suites == *offered.suites) return {};
  if (own.suites.size() != offered.suites->size()) {
    return std::to_string(offered.suites->size()) + " transforms, not " + std::to_string(own.suites.size());
  }
  for (std::size_t i = 0; i < own.suites.size(); ++i) {
    const QuickModeSuite& mine = own.suites[i];
    const QuickModeSuite& theirs = (*offered.suites)[i];
    if (mine.protocol != theirs.protocol) {
      return "protocol " + to_string(theirs.protocol) + " is not " + to_string(mine.protocol);
    }
    if (mine.cipher != theirs.cipher) {
      return "cipher " + std::string(crypto::to_string(theirs.cipher)) + " is not " +
             std::string(crypto::to_string(mine.cipher));
    }
    if (mine.integrity != theirs.integrity) {
      return "integrity " + std::string(crypto::to_string(theirs.integrity)) + " is not " +
             std::string(crypto::to_string(mine.integrity));
    }
  }
  return {};
}

}  // namespace

std::string to_string(const QuickModeSuite& suite) {
  std::string text = suite.protocol == IpProtocol::kAh ? "AH " : "ESP ";
  if (suite.cipher != crypto::CipherAlgorithm::kNull) text += std::string(crypto::to_string(suite.cipher)) + " + ";
  return text + std::string(crypto::to_string(suite.integrity));
}

std::string to_string(const QuickModeEntry& entry) {
  std::string text;
  for (const QuickModeSuite& suite : entry.suites) text += (text.empty() ? "" : " and ") + to_string(suite);
  return text;
}

bool QuickModeEntry::encrypts() const {
  return std::ranges::any_of(
      suites, [](const QuickModeSuite& suite) { return suite.cipher != crypto::CipherAlgorithm::kNull; });
}

QuickModeList quick_mode_list(const wfp::QuickModePolicy& policy, bool guarantee_encryption) {
  QuickModeList list;
  for (std::size_t i = 0; i < policy.proposals.size(); ++i) {
    const std::string object = "quick-mode proposal " + std::to_string(i + 1);
    std::variant<QuickModeEntry, std::string> entry = entry_of(policy.proposals[i]);
    if (const auto* words = std::get_if<std::string>(&entry)) {
      list.left_out.push_back({object, *words});
      continue;
    }
    auto& usable = std::get<QuickModeEntry>(entry);
    if (guarantee_encryption && !usable.encrypts()) {
      list.left_out.push_back({object + " " + to_string(usable), "encryption is guaranteed and it does not encrypt"});
      continue;
    }
    list.entries.push_back(std::move(usable));
  }
  return list;
}

std::variant<QuickModeMatch, NoMatch> choose_quick_mode(const std::vector<QuickModeEntry>& own,
                                                        const std::vector<OfferedAlternative>& offered,
                                                        bool by_responder) {
  std::vector<NearMiss> beaten;
  const std::size_t outer_count = by_responder ? own.size() : offered.size();
  const std::size_t inner_count = by_responder ? offered.size() : own.size();
  for (std::size_t outer = 0; outer < outer_count; ++outer) {
    for (std::size_t inner = 0; inner < inner_count; ++inner) {
      const std::size_t mine = by_responder ? outer : inner;
      const std::size_t theirs = by_responder ? inner : outer;
      const std::string why = difference(own[mine], offered[theirs]);
      if (why.empty()) return QuickModeMatch{mine, theirs, std::move(beaten)};
      beaten.push_back(
          {"offered proposal " + std::to_string(offered[theirs].number) + " for own " + to_string(own[mine]), why});
    }
  }
  if (own.empty()) beaten.push_back({"own quick-mode policy", "no proposal is left"});
  return NoMatch{std::move(beaten)};
}

}  // namespace ssx::authip
