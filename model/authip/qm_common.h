// model/authip/qm_common.h: what both roles of quick mode share: SPIs, IDs, flags, lifetimes. Source:
// authip.md 2.6, 5.2.
#pragma once

#include <vector>

#include "model/authip/machine.h"
#include "model/authip/payload_rules.h"

namespace ssx::authip {

/// SPIs that were handed to negotiations which have not installed them yet.
using ReservedSpis = std::vector<Spi>;

/// One SPI per suite of the longest entry (AH and ESP have one each). One draw of 4 octets each, repeated while the
/// value is reserved (0 to 255), in use, or equal to another one that is being negotiated.
std::vector<Spi> draw_spis(std::size_t count, const ReservedSpis& reserved, const Surroundings& at);

/// IDi and IDr of a selector, in the order of a quick mode's initiator.
IdContent own_id(const ipsec::TrafficSelector& selector);
IdContent peer_id(const ipsec::TrafficSelector& selector);

/// EXCHANGE_INFO of #5: 0x1 boundary, 0x2 guaranteed encryption; of #6 0x1 only (D-20). 0: the payload is left out,
/// also where the peer does not know negotiation discovery.
std::uint32_t exchange_info_to_send(const MainModeSa& main_mode, const QuickModeChoice& choice, bool request,
                                    bool guarantee_encryption);
/// Appends EXCHANGE_INFO unless `flags` is 0.
void add_exchange_info(PayloadBuilder& payloads, std::uint32_t flags);

/// The message is one QM_SYNCHRONIZE and nothing else.
std::optional<Invalid> check_synchronize(const PayloadSet& payloads);
PayloadChain synchronize();

/// D-42: what holds for this host: the smaller of the own limits and those in the offer.
wfp::SaLifetime effective_lifetime(const wfp::SaLifetime& own, const OfferedProposal& offered);

/// The suites with both SPIs, ESP before AH. Both vectors are in the order of the wire (AH first).
std::vector<AgreedSuite> agreed_suites(const std::vector<QuickModeSuite>& suites, const std::vector<Spi>& inbound,
                                       const std::vector<Spi>& outbound);
/// The subset of `spis` that an alternative uses: all of them for AH and ESP, else the last one.
std::vector<Spi> spis_for(const std::vector<QuickModeSuite>& suites, const std::vector<Spi>& spis);

}  // namespace ssx::authip
