// model/wfp/policy_selection.h: how a keying module finds its policy. Source: wfp-model.md 7.1 (P-16).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "model/base/address.h"
#include "model/base/expected.h"
#include "model/wfp/classify.h"
#include "model/wfp/engine.h"

namespace ssx::wfp {

enum class PolicyPurpose : std::uint8_t { kMainMode, kQuickModeTransport };

/// IKEEXT_KEY_MODULE_TYPE.
enum class KeyingModule : std::uint8_t { kIke = 0, kAuthip = 1, kIkev2 = 2 };

/// The traffic that a policy is wanted for, from this host's point of view.
struct PolicySelector {
  IpProtocol protocol = IpProtocol::kAny;
  TransportAddress local;
  TransportAddress remote;
  std::optional<std::uint64_t> interface_luid;
  std::optional<std::uint32_t> profile;
  /// A responder's look-up: protocol or port 0 satisfies every condition on that field (U-18). Otherwise 0 is unknown.
  bool zero_is_any = false;
};

/// The winner: the whole policy of one filter, nothing is merged.
struct SelectedPolicy {
  KeyingModule module = KeyingModule::kAuthip;
  FilterId filter;
  Guid context;
  std::shared_ptr<const MainModePolicy> main_mode;    // purpose kMainMode
  std::shared_ptr<const QuickModePolicy> quick_mode;  // purpose kQuickModeTransport
};

/// AuthIP before IKE (5.3.6, W-227).
inline constexpr KeyingModule kDefaultModules[] = {KeyingModule::kAuthip, KeyingModule::kIke};

/// The first filter that fits, for the first module that has one.
/// @return nothing: the caller reports 13850 (main mode) or 13825 (quick mode)
std::optional<SelectedPolicy> select_policy(const Engine& engine, PolicyPurpose purpose, IpVersion version,
                                            const PolicySelector& selector,
                                            std::span<const KeyingModule> modules = kDefaultModules,
                                            DecisionRecorder* recorder = nullptr);

/// The modules to try: those of the keying policy at IPSEC_KM_DEMUX, AuthIP first, else AuthIP and IKE.
std::vector<KeyingModule> module_order(const Engine& engine, IpVersion version, const PolicySelector& selector);

enum class NoPolicy : std::uint16_t { kMainMode = 13850, kQuickMode = 13825 };
std::string_view to_string(NoPolicy reason);

struct PolicyPair {
  SelectedPolicy main_mode;
  SelectedPolicy quick_mode;
};
/// Both policies of the first module in `module_order` that has both; they are chosen independently (W-243).
expected<PolicyPair, NoPolicy> select_policies(const Engine& engine, IpVersion version, const PolicySelector& selector,
                                               DecisionRecorder* recorder = nullptr);

}  // namespace ssx::wfp
