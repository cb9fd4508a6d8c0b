#include <algorithm>
#include <array>

#include "model/authip/gss_rounds.h"
#include "model/authip/proposals.h"

namespace ssx::authip {
namespace {

struct CipherRow {
  wfp::IkeCipher policy;
  std::uint16_t encryption;
  std::uint16_t key_bits;
  crypto::CipherAlgorithm algorithm;
};
constexpr std::array kCiphers{
    CipherRow{wfp::IkeCipher::kDes, 1, 0, crypto::CipherAlgorithm::kDes},
    CipherRow{wfp::IkeCipher::k3Des, 5, 0, crypto::CipherAlgorithm::kTripleDes},
    CipherRow{wfp::IkeCipher::kAes128, 7, 128, crypto::CipherAlgorithm::kAes128},
    CipherRow{wfp::IkeCipher::kAes192, 7, 192, crypto::CipherAlgorithm::kAes192},
    CipherRow{wfp::IkeCipher::kAes256, 7, 256, crypto::CipherAlgorithm::kAes256},
};

struct HashRow {
  wfp::IkeIntegrity policy;
  std::uint16_t hash;
  crypto::HashAlgorithm algorithm;
};
constexpr std::array kHashes{
    HashRow{wfp::IkeIntegrity::kMd5, 1, crypto::HashAlgorithm::kMd5},
    HashRow{wfp::IkeIntegrity::kSha1, 2, crypto::HashAlgorithm::kSha1},
    HashRow{wfp::IkeIntegrity::kSha256, 4, crypto::HashAlgorithm::kSha256},
    HashRow{wfp::IkeIntegrity::kSha384, 5, crypto::HashAlgorithm::kSha384},
};

struct GroupRow {
  wfp::IkeDhGroup policy;
  std::uint16_t group;
  crypto::DhGroup algorithm;
};
constexpr std::array kGroups{
    GroupRow{wfp::IkeDhGroup::kNone, 0, crypto::DhGroup::kNone},
    GroupRow{wfp::IkeDhGroup::kGroup1, 1, crypto::DhGroup::kModp768},
    GroupRow{wfp::IkeDhGroup::kGroup2, 2, crypto::DhGroup::kModp1024},
    GroupRow{wfp::IkeDhGroup::kGroup14, 14, crypto::DhGroup::kModp2048},
    GroupRow{wfp::IkeDhGroup::kEcp256, 19, crypto::DhGroup::kEcp256},
    GroupRow{wfp::IkeDhGroup::kEcp384, 20, crypto::DhGroup::kEcp384},
};

const CipherRow* cipher_row(const MainModeSuite& suite) {
  const auto found = std::ranges::find_if(kCiphers, [&](const CipherRow& row) {
    return row.encryption == suite.encryption && row.key_bits == suite.key_bits;
  });
  return found == kCiphers.end() ? nullptr : &*found;
}
const HashRow* hash_row(const MainModeSuite& suite) {
  const auto found = std::ranges::find(kHashes, suite.hash, &HashRow::hash);
  return found == kHashes.end() ? nullptr : &*found;
}
const GroupRow* group_row(const MainModeSuite& suite) {
  const auto found = std::ranges::find(kGroups, suite.group, &GroupRow::group);
  return found == kGroups.end() ? nullptr : &*found;
}

std::string cipher_text(const MainModeSuite& suite) {
  if (const CipherRow* row = cipher_row(suite)) return std::string(crypto::to_string(row->algorithm));
  return "cipher " + std::to_string(suite.encryption) + "/" + std::to_string(suite.key_bits);
}
std::string hash_text(const MainModeSuite& suite) {
  if (const HashRow* row = hash_row(suite)) return std::string(crypto::to_string(row->algorithm));
  return "hash " + std::to_string(suite.hash);
}
std::string group_text(const MainModeSuite& suite) {
  return suite.group == 0 ? "no group" : "group " + std::to_string(suite.group);
}

bool policy_needs_diffie_hellman(const wfp::MainModePolicy& policy) {
  return std::ranges::any_of(policy.methods, [](const wfp::AuthenticationMethod& entry) {
    const auto method = wire_method(entry.type);
    return method && needs_diffie_hellman(*method);
  });
}

bool contains(const std::vector<MainModeEntry>& entries, const MainModeSuite& suite) {
  return std::ranges::find(entries, suite, &MainModeEntry::suite) != entries.end();
}

}  // namespace

std::string to_string(const MainModeSuite& suite) {
  return cipher_text(suite) + " / " + hash_text(suite) + " / " + group_text(suite);
}

std::optional<MainModeSuite> suite_of(const wfp::MainModeProposal& proposal) {
  const auto cipher = std::ranges::find(kCiphers, proposal.cipher, &CipherRow::policy);
  const auto hash = std::ranges::find(kHashes, proposal.integrity, &HashRow::policy);
  const auto group = std::ranges::find(kGroups, proposal.dh_group, &GroupRow::policy);
  if (cipher == kCiphers.end() || hash == kHashes.end() || group == kGroups.end()) return std::nullopt;
  return MainModeSuite{cipher->encryption, cipher->key_bits, hash->hash, group->group};
}

bool is_known(const MainModeSuite& suite) {
  return cipher_row(suite) != nullptr && hash_row(suite) != nullptr && group_row(suite) != nullptr;
}
crypto::CipherAlgorithm cipher_of(const MainModeSuite& suite) { return cipher_row(suite)->algorithm; }
crypto::HashAlgorithm hash_of(const MainModeSuite& suite) { return hash_row(suite)->algorithm; }
crypto::DhGroup group_of(const MainModeSuite& suite) { return group_row(suite)->algorithm; }

MainModeList main_mode_list(const wfp::MainModePolicy& policy, bool diffie_hellman_always) {
  MainModeList list;
  list.diffie_hellman = diffie_hellman_always || policy_needs_diffie_hellman(policy);
  for (std::size_t i = 0; i < policy.proposals.size(); ++i) {
    const std::string object = "main-mode proposal " + std::to_string(i + 1);
    std::optional<MainModeSuite> suite = suite_of(policy.proposals[i]);
    if (!suite) {
      list.left_out.push_back({object, "AuthIP does not have this cipher, hash or group"});
      continue;
    }
    // authip.md 2.3 step 2: without a method that needs Diffie-Hellman group = 0; with one, entries without a group go.
    if (!list.diffie_hellman) suite->group = 0;
    if (list.diffie_hellman && suite->group == 0) {
      list.left_out.push_back({object, "it names no group and an authentication method needs Diffie-Hellman"});
      continue;
    }
    if (!contains(list.entries, *suite)) list.entries.push_back({*suite, policy.proposals[i]});
  }
  return list;
}

std::vector<std::vector<MainModeEntry>> group_runs(const MainModeList& list) {
  std::vector<std::vector<MainModeEntry>> runs;
  std::optional<std::uint16_t> running;  // the group of the run that may still grow
  for (const MainModeEntry& entry : list.entries) {
    const bool tried = std::ranges::any_of(
        runs, [&](const std::vector<MainModeEntry>& run) { return run.front().suite.group == entry.suite.group; });
    if (!tried) {
      runs.push_back({entry});
      running = entry.suite.group;
    } else if (running == entry.suite.group) {
      runs.back().push_back(entry);
    } else {
      running.reset();  // D-16: each group is tried once, with its first consecutive run
    }
  }
  return runs;
}

std::string difference(const MainModeSuite& own, const MainModeSuite& offered, bool any_group) {
  if (cipher_text(own) != cipher_text(offered)) {
    return "cipher " + cipher_text(offered) + " is not " + cipher_text(own);
  }
  if (own.hash != offered.hash) return "hash " + hash_text(offered) + " is not " + hash_text(own);
  if (!any_group && own.group != offered.group) return group_text(offered) + " is not " + group_text(own);
  if (!is_known(offered)) return group_text(offered) + " is not known";
  return {};
}

std::variant<MainModeMatch, NoMatch> choose_main_mode(const std::vector<MainModeEntry>& own,
                                                      const std::vector<std::optional<MainModeSuite>>& offered,
                                                      bool any_group) {
  std::vector<NearMiss> beaten;
  for (std::size_t mine = 0; mine < own.size(); ++mine) {
    for (std::size_t theirs = 0; theirs < offered.size(); ++theirs) {
      const std::string object =
          "offered transform " + std::to_string(theirs + 1) + " for own proposal " + std::to_string(mine + 1);
      if (!offered[theirs]) {
        beaten.push_back({object, "it has a transform or attribute that is not known"});
        continue;
      }
      const std::string why = difference(own[mine].suite, *offered[theirs], any_group);
      if (why.empty()) return MainModeMatch{mine, theirs, std::move(beaten)};
      beaten.push_back({object, why});
    }
  }
  if (own.empty()) beaten.push_back({"own main-mode policy", "no proposal can be negotiated"});
  return NoMatch{std::move(beaten)};
}

std::string in_words(const std::vector<NearMiss>& why) {
  std::string text;
  for (const NearMiss& miss : why) {
    if (!text.empty()) text += "; ";
    text += miss.object + ": " + miss.why;
  }
  return text;
}

std::uint32_t smaller_limit(std::uint32_t a, std::uint32_t b) {
  if (a == 0 || b == 0) return a == 0 ? b : a;
  return std::min(a, b);
}

}  // namespace ssx::authip
