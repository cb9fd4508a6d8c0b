#include "model/authip/qm_common.h"

#include <algorithm>
#include <cassert>

#include "model/authip/diffie_hellman.h"
#include "model/authip/status.h"

namespace ssx::authip {
namespace {

constexpr std::uint32_t kSpiMin = 256;  // RFC 4303 2.1: 1 to 255 are reserved, 0 is local

}  // namespace

std::vector<Spi> draw_spis(std::size_t count, const ReservedSpis& reserved, const Surroundings& at) {
  std::vector<Spi> spis;
  while (spis.size() < count) {
    const Spi spi{at.environment.random.u32()};
    const bool taken = std::ranges::find(reserved, spi) != reserved.end() || std::ranges::find(spis, spi) != spis.end();
    if (spi.value < kSpiMin || taken || at.environment.policies.spi_in_use(spi)) continue;
    spis.push_back(spi);
  }
  return spis;
}

IdContent own_id(const ipsec::TrafficSelector& selector) { return {selector.protocol, selector.local}; }
IdContent peer_id(const ipsec::TrafficSelector& selector) { return {selector.protocol, selector.remote}; }

std::uint32_t exchange_info_to_send(const MainModeSa& main_mode, const QuickModeChoice& choice, bool request,
                                    bool guarantee_encryption) {
  if (!main_mode.terms.peer.negotiation_discovery) return 0;
  std::uint32_t flags = (choice.policy->flags & wfp::kPolicyNdBoundary) != 0 ? kInfoBoundary : 0;
  if (request && guarantee_encryption) flags |= kInfoGuaranteeEncryption;
  return flags;
}

void add_exchange_info(PayloadBuilder& payloads, std::uint32_t flags) {
  if (flags == 0) return;
  NotifyContent info{kProtocolQuickMode, 0, kNotifyExchangeInfo, {}};
  ByteWriter(info.data).u32(flags);
  payloads.notify(info);
}

std::optional<Invalid> check_synchronize(const PayloadSet& payloads) {
  if (auto invalid = check_rules(kSynchronizeRules, payloads)) return invalid;
  const NotifyContent& notify = payloads.notifies.front();
  if (notify.type != kNotifyQmSynchronize || !notify.data.empty()) {
    return Invalid{kStatusProcessErrNotify, "the notify is no QM_SYNCHRONIZE"};
  }
  return std::nullopt;
}

PayloadChain synchronize() {
  return PayloadBuilder{}.notify({kProtocolQuickMode, 0, kNotifyQmSynchronize, {}}).finish();
}

wfp::SaLifetime effective_lifetime(const wfp::SaLifetime& own, const OfferedProposal& offered) {
  return {smaller_limit(own.seconds, offered.lifetime_seconds.value_or(kLifetimeSecondsIfMissing)),
          smaller_limit(own.kilobytes, offered.lifetime_kilobytes.value_or(0)), own.packets};
}

std::vector<AgreedSuite> agreed_suites(const std::vector<QuickModeSuite>& suites, const std::vector<Spi>& inbound,
                                       const std::vector<Spi>& outbound) {
  assert(suites.size() == inbound.size());
  assert(suites.size() == outbound.size());
  std::vector<AgreedSuite> agreed;
  for (std::size_t i = suites.size(); i-- > 0;) agreed.push_back({suites[i], inbound[i], outbound[i]});
  return agreed;
}

std::vector<Spi> spis_for(const std::vector<QuickModeSuite>& suites, const std::vector<Spi>& spis) {
  assert(suites.size() <= spis.size());
  return {spis.end() - static_cast<std::ptrdiff_t>(suites.size()), spis.end()};
}

}  // namespace ssx::authip
