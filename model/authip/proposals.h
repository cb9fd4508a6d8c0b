// model/authip/proposals.h: policies' proposals as the suites that travel, and the choice between them, with the reason
// in words for every one that was not chosen. Source: authip.md 1.12, 2.3, D-16, D-17, D-18, D-20, wfp-model.md 5.3.7.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/authip/engine.h"

namespace ssx::authip {

// --- main mode
// ------------------------------------------------------------------------------------------------------------

/// What two main-mode proposals are compared by: attribute values of RFC 2409 appendix A. Lifetimes are not compared.
struct MainModeSuite {
  std::uint16_t encryption = 0;  // 1 DES, 5 3DES, 7 AES
  std::uint16_t key_bits = 0;    // AES only
  std::uint16_t hash = 0;        // 1 MD5, 2 SHA-1, 4 SHA-256, 5 SHA-384
  std::uint16_t group = 0;       // 0: no Diffie-Hellman
  friend bool operator==(const MainModeSuite&, const MainModeSuite&) = default;
};
/// "AES-128 / SHA-1 / group 19"
std::string to_string(const MainModeSuite& suite);
/// The suite of a policy's proposal; nothing for algorithms that AuthIP does not have (GCM, group 24).
std::optional<MainModeSuite> suite_of(const wfp::MainModeProposal& proposal);
crypto::CipherAlgorithm cipher_of(const MainModeSuite& suite);
crypto::HashAlgorithm hash_of(const MainModeSuite& suite);
crypto::DhGroup group_of(const MainModeSuite& suite);
/// True when the model can negotiate the suite: an offered one may name anything.
bool is_known(const MainModeSuite& suite);

/// One entry of a list to offer or to accept from.
struct MainModeEntry {
  MainModeSuite suite;
  wfp::MainModeProposal proposal;
  friend bool operator==(const MainModeEntry&, const MainModeEntry&) = default;
};
struct MainModeList {
  std::vector<MainModeEntry> entries;
  std::vector<NearMiss> left_out;  // proposals that cannot be negotiated, and why
  bool diffie_hellman = false;
};
/// All entries that this host may use with the policy: with a group where a method needs one, else with group 0 (U-02).
MainModeList main_mode_list(const wfp::MainModePolicy& policy, bool diffie_hellman_always);
/// D-16: the groups of the list in order of first appearance, each with its first consecutive run.
std::vector<std::vector<MainModeEntry>> group_runs(const MainModeList& list);

/// Why `offered` is not `own`: the first attribute that differs, in words. Empty if they are equal.
std::string difference(const MainModeSuite& own, const MainModeSuite& offered, bool any_group);

struct MainModeMatch {
  std::size_t own = 0;      // index into own entries
  std::size_t offered = 0;  // index into the offered suites
  std::vector<NearMiss> beaten;
};
struct NoMatch {
  std::vector<NearMiss> why;
};
/// the first of the own entries that was offered. `any_group`: ENABLE_OPTIONAL_DH at the responder (U-03).
std::variant<MainModeMatch, NoMatch> choose_main_mode(const std::vector<MainModeEntry>& own,
                                                      const std::vector<std::optional<MainModeSuite>>& offered,
                                                      bool any_group);

// --- quick mode
// -----------------------------------------------------------------------------------------------------------

/// One transform of a quick-mode proposal.
struct QuickModeSuite {
  IpProtocol protocol = IpProtocol::kEsp;
  crypto::CipherAlgorithm cipher = crypto::CipherAlgorithm::kNull;
  crypto::IntegrityAlgorithm integrity = crypto::IntegrityAlgorithm::kHmacSha1_96;
  friend bool operator==(const QuickModeSuite&, const QuickModeSuite&) = default;
};
/// "ESP AES-128 + HMAC-SHA1-96"
std::string to_string(const QuickModeSuite& suite);

/// One entry of a list to offer or to accept from: AH before ESP where both are asked for (D-18).
struct QuickModeEntry {
  std::vector<QuickModeSuite> suites;
  wfp::SaLifetime lifetime;
  bool encrypts() const;
  friend bool operator==(const QuickModeEntry&, const QuickModeEntry&) = default;
};
std::string to_string(const QuickModeEntry& entry);
struct QuickModeList {
  std::vector<QuickModeEntry> entries;
  std::vector<NearMiss> left_out;
};
/// The entries of a policy, without those that AuthIP cannot negotiate and, where encryption is guaranteed, without
/// those that do not encrypt (D-20).
QuickModeList quick_mode_list(const wfp::QuickModePolicy& policy, bool guarantee_encryption);

/// What was offered under one proposal number; a transform that the model does not know gives nothing.
struct OfferedAlternative {
  std::uint8_t number = 0;
  std::optional<std::vector<QuickModeSuite>> suites;  // AH before ESP
  std::string words;                                  // why `suites` is empty
};
struct QuickModeMatch {
  std::size_t own = 0;
  std::size_t offered = 0;
  std::vector<NearMiss> beaten;
};
/// A-143, U-07: by the own order, or by the initiator's with the knob.
std::variant<QuickModeMatch, NoMatch> choose_quick_mode(const std::vector<QuickModeEntry>& own,
                                                        const std::vector<OfferedAlternative>& offered,
                                                        bool by_responder);

/// D-42: the smaller of two limits, where 0 means that there is none.
std::uint32_t smaller_limit(std::uint32_t a, std::uint32_t b);
/// "AES-128 / SHA-1 / group 19: no offer has hash SHA-1; …" in one line.
std::string in_words(const std::vector<NearMiss>& why);

}  // namespace ssx::authip
