#include "model/wfp/builtin_objects.h"

#include <algorithm>
#include <array>

#include "model/wfp/objects.h"

namespace ssx::wfp {
namespace {

/// The weights of a real dump (2.2).
constexpr std::array kSublayers{
    BuiltinSublayer{kSublayerRpcAudit, 0xC000},
    BuiltinSublayer{kSublayerIpsecTunnel, 0xA000},
    BuiltinSublayer{kSublayerIpsecForwardOutboundTunnel, 0x9000},
    BuiltinSublayer{kSublayerIpsecDosp, 0x8800},
    BuiltinSublayer{kSublayerUniversal, 0x8000},
    BuiltinSublayer{kSublayerLips, 0x7FFF},
    BuiltinSublayer{kSublayerSecureSocket, 0x4000},
    BuiltinSublayer{kSublayerIpsecSecurityRealm, 0x3000},
    BuiltinSublayer{kSublayerTcpTemplates, 0x2200},
    BuiltinSublayer{kSublayerTcpChimneyOffload, 0x2000},
    BuiltinSublayer{kSublayerMpssvcTenantRestrictions, 0x0006},
    BuiltinSublayer{kSublayerMpssvcEdp, 0x0005},
    BuiltinSublayer{kSublayerMpssvcQuarantine, 0x0004},
    BuiltinSublayer{kSublayerMpssvcWsh, 0x0003},
    BuiltinSublayer{kSublayerMpssvcWf, 0x0002},
    BuiltinSublayer{kSublayerTeredo, 0x0001},
    BuiltinSublayer{kSublayerInspection, 0x0000},
};

constexpr std::array kCallouts{
    BuiltinCallout{kCalloutIpsecInboundTransportV4, LayerId::kInboundTransportV4, 1, false},
    BuiltinCallout{kCalloutIpsecInboundTransportV6, LayerId::kInboundTransportV6, 2, false},
    BuiltinCallout{kCalloutIpsecOutboundTransportV4, LayerId::kOutboundTransportV4, 3, false},
    BuiltinCallout{kCalloutIpsecOutboundTransportV6, LayerId::kOutboundTransportV6, 4, false},
    BuiltinCallout{kCalloutIpsecInboundTunnelV4, LayerId::kInboundTransportV4, 5, true},
    BuiltinCallout{kCalloutIpsecInboundTunnelV6, LayerId::kInboundTransportV6, 6, true},
    BuiltinCallout{kCalloutIpsecOutboundTunnelV4, LayerId::kOutboundTransportV4, 7, true},
    BuiltinCallout{kCalloutIpsecOutboundTunnelV6, LayerId::kOutboundTransportV6, 8, true},
    BuiltinCallout{kCalloutIpsecForwardInboundTunnelV4, LayerId::kIpforwardV4, 9, true},
    BuiltinCallout{kCalloutIpsecForwardInboundTunnelV6, LayerId::kIpforwardV6, 10, true},
    BuiltinCallout{kCalloutIpsecForwardOutboundTunnelV4, LayerId::kIpforwardV4, 11, true},
    BuiltinCallout{kCalloutIpsecForwardOutboundTunnelV6, LayerId::kIpforwardV6, 12, true},
    BuiltinCallout{kCalloutIpsecInboundInitiateSecureV4, LayerId::kAleAuthRecvAcceptV4, 13, true},
    BuiltinCallout{kCalloutIpsecInboundInitiateSecureV6, LayerId::kAleAuthRecvAcceptV6, 14, true},
    BuiltinCallout{kCalloutIpsecAleConnectV4, LayerId::kAleAuthConnectV4, 15, true},
    BuiltinCallout{kCalloutIpsecAleConnectV6, LayerId::kAleAuthConnectV6, 16, true},
    BuiltinCallout{kCalloutIpsecInboundTunnelAleAcceptV4, LayerId::kAleAuthRecvAcceptV4, 25, false},
    BuiltinCallout{kCalloutIpsecInboundTunnelAleAcceptV6, LayerId::kAleAuthRecvAcceptV6, 26, false},
    BuiltinCallout{kCalloutSetOptionsAuthConnectLayerV4, LayerId::kAleAuthConnectV4, 23, true},
    BuiltinCallout{kCalloutSetOptionsAuthConnectLayerV6, LayerId::kAleAuthConnectV6, 24, true},
    BuiltinCallout{kCalloutSetOptionsAuthRecvAcceptLayerV4, LayerId::kAleAuthRecvAcceptV4, 39, true},
    BuiltinCallout{kCalloutSetOptionsAuthRecvAcceptLayerV6, LayerId::kAleAuthRecvAcceptV6, 40, true},
    BuiltinCallout{kCalloutIpsecDospForwardV4, LayerId::kIpforwardV4, 0, true},
    BuiltinCallout{kCalloutIpsecDospForwardV6, LayerId::kIpforwardV6, 0, true},
    BuiltinCallout{kCalloutWfpTransportLayerV4SilentDrop, LayerId::kInboundTransportV4Discard, 17, false},
    BuiltinCallout{kCalloutWfpTransportLayerV6SilentDrop, LayerId::kInboundTransportV6Discard, 18, false},
};

constexpr std::uint64_t kInboundBits =
    kRawInboundPassthru | kRawInboundPersistConnectionSecurity | kRawInboundSecurityRealmId;
constexpr std::uint64_t kOutboundBits =
    kRawOutboundNegotiateDiscover | kRawOutboundSuppressNegotiation | kRawOutboundSecurityRealmId;
constexpr std::uint64_t kAcceptBits =
    kRawAleRequireIpsecEncryption | kRawAleAllowFirstInboundUnencrypted | kRawAleAllowAuthFw;
constexpr std::uint64_t kConnectBits = kAcceptBits | kRawAleRequireIpsecSecurity | kRawAleLazySdEvaluation;

constexpr CalloutContextRule kInbound{.raw_bits = kInboundBits};
constexpr CalloutContextRule kOutbound{.raw_bits = kOutboundBits};
// 2.7: these two carry the flag in the dump although the scenarios give them raw contexts. Both forms are accepted.
constexpr CalloutContextRule kAccept{.raw_bits = kAcceptBits, .takes_options = true};
constexpr CalloutContextRule kConnect{.raw_bits = kConnectBits, .takes_options = true};
constexpr CalloutContextRule kNothing{};
constexpr CalloutContextRule kTunnel{.takes_raw = false, .takes_tunnel = true};
constexpr CalloutContextRule kOptions{.takes_raw = false, .takes_options = true};
constexpr CalloutContextRule kDosProtection{.takes_raw = false, .takes_dosp = true};

struct RuleRow {
  Guid callout;
  const CalloutContextRule* rule;
};
constexpr std::array kRules{
    RuleRow{kCalloutIpsecInboundTransportV4, &kInbound},
    RuleRow{kCalloutIpsecInboundTransportV6, &kInbound},
    RuleRow{kCalloutIpsecOutboundTransportV4, &kOutbound},
    RuleRow{kCalloutIpsecOutboundTransportV6, &kOutbound},
    RuleRow{kCalloutIpsecInboundInitiateSecureV4, &kAccept},
    RuleRow{kCalloutIpsecInboundInitiateSecureV6, &kAccept},
    RuleRow{kCalloutIpsecAleConnectV4, &kConnect},
    RuleRow{kCalloutIpsecAleConnectV6, &kConnect},
    RuleRow{kCalloutIpsecInboundTunnelV4, &kTunnel},
    RuleRow{kCalloutIpsecInboundTunnelV6, &kTunnel},
    RuleRow{kCalloutIpsecOutboundTunnelV4, &kTunnel},
    RuleRow{kCalloutIpsecOutboundTunnelV6, &kTunnel},
    RuleRow{kCalloutIpsecForwardInboundTunnelV4, &kTunnel},
    RuleRow{kCalloutIpsecForwardInboundTunnelV6, &kTunnel},
    RuleRow{kCalloutIpsecForwardOutboundTunnelV4, &kTunnel},
    RuleRow{kCalloutIpsecForwardOutboundTunnelV6, &kTunnel},
    RuleRow{kCalloutIpsecInboundTunnelAleAcceptV4, &kNothing},
    RuleRow{kCalloutIpsecInboundTunnelAleAcceptV6, &kNothing},
    RuleRow{kCalloutSetOptionsAuthConnectLayerV4, &kOptions},
    RuleRow{kCalloutSetOptionsAuthConnectLayerV6, &kOptions},
    RuleRow{kCalloutSetOptionsAuthRecvAcceptLayerV4, &kOptions},
    RuleRow{kCalloutSetOptionsAuthRecvAcceptLayerV6, &kOptions},
    RuleRow{kCalloutIpsecDospForwardV4, &kDosProtection},
    RuleRow{kCalloutIpsecDospForwardV6, &kDosProtection},
    RuleRow{kCalloutWfpTransportLayerV4SilentDrop, &kNothing},
    RuleRow{kCalloutWfpTransportLayerV6SilentDrop, &kNothing},
};
static_assert(kRules.size() == kCallouts.size());

}  // namespace

std::span<const BuiltinSublayer> builtin_sublayers() { return kSublayers; }

std::span<const BuiltinCallout> builtin_callouts() { return kCallouts; }

const CalloutContextRule* callout_context_rule(const Guid& callout) {
  const auto found = std::ranges::find(kRules, callout, &RuleRow::callout);
  return found == kRules.end() ? nullptr : found->rule;
}

}  // namespace ssx::wfp
