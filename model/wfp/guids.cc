#include "model/wfp/guids.h"

#include <array>

#include "model/wfp/fields.h"
#include "model/wfp/layers.h"

namespace ssx::wfp {
namespace {

struct NamedGuid {
  GuidKind kind;
  std::string_view name;
  Guid key;
};

constexpr std::array kNamedGuids{
    NamedGuid{GuidKind::kSublayer, "FWPM_SUBLAYER_RPC_AUDIT", kSublayerRpcAudit},
    NamedGuid{GuidKind::kSublayer, "FWPM_SUBLAYER_IPSEC_TUNNEL", kSublayerIpsecTunnel},
    NamedGuid{GuidKind::kSublayer, "FWPM_SUBLAYER_IPSEC_FORWARD_OUTBOUND_TUNNEL", kSublayerIpsecForwardOutboundTunnel},
    NamedGuid{GuidKind::kSublayer, "FWPM_SUBLAYER_IPSEC_DOSP", kSublayerIpsecDosp},
    NamedGuid{GuidKind::kSublayer, "FWPM_SUBLAYER_UNIVERSAL", kSublayerUniversal},
    NamedGuid{GuidKind::kSublayer, "FWPM_SUBLAYER_LIPS", kSublayerLips},
    NamedGuid{GuidKind::kSublayer, "FWPM_SUBLAYER_SECURE_SOCKET", kSublayerSecureSocket},
    NamedGuid{GuidKind::kSublayer, "FWPM_SUBLAYER_IPSEC_SECURITY_REALM", kSublayerIpsecSecurityRealm},
    NamedGuid{GuidKind::kSublayer, "FWPM_SUBLAYER_TCP_TEMPLATES", kSublayerTcpTemplates},
    NamedGuid{GuidKind::kSublayer, "FWPM_SUBLAYER_TCP_CHIMNEY_OFFLOAD", kSublayerTcpChimneyOffload},
    NamedGuid{GuidKind::kSublayer, "FWPM_SUBLAYER_MPSSVC_TENANT_RESTRICTIONS", kSublayerMpssvcTenantRestrictions},
    NamedGuid{GuidKind::kSublayer, "FWPM_SUBLAYER_MPSSVC_EDP", kSublayerMpssvcEdp},
    NamedGuid{GuidKind::kSublayer, "FWPM_SUBLAYER_MPSSVC_QUARANTINE", kSublayerMpssvcQuarantine},
    NamedGuid{GuidKind::kSublayer, "FWPM_SUBLAYER_MPSSVC_WSH", kSublayerMpssvcWsh},
    NamedGuid{GuidKind::kSublayer, "FWPM_SUBLAYER_MPSSVC_WF", kSublayerMpssvcWf},
    NamedGuid{GuidKind::kSublayer, "FWPM_SUBLAYER_TEREDO", kSublayerTeredo},
    NamedGuid{GuidKind::kSublayer, "FWPM_SUBLAYER_INSPECTION", kSublayerInspection},
    NamedGuid{GuidKind::kCallout, "FWPM_CALLOUT_IPSEC_INBOUND_TRANSPORT_V4", kCalloutIpsecInboundTransportV4},
    NamedGuid{GuidKind::kCallout, "FWPM_CALLOUT_IPSEC_INBOUND_TRANSPORT_V6", kCalloutIpsecInboundTransportV6},
    NamedGuid{GuidKind::kCallout, "FWPM_CALLOUT_IPSEC_OUTBOUND_TRANSPORT_V4", kCalloutIpsecOutboundTransportV4},
    NamedGuid{GuidKind::kCallout, "FWPM_CALLOUT_IPSEC_OUTBOUND_TRANSPORT_V6", kCalloutIpsecOutboundTransportV6},
    NamedGuid{GuidKind::kCallout, "FWPM_CALLOUT_IPSEC_INBOUND_TUNNEL_V4", kCalloutIpsecInboundTunnelV4},
    NamedGuid{GuidKind::kCallout, "FWPM_CALLOUT_IPSEC_INBOUND_TUNNEL_V6", kCalloutIpsecInboundTunnelV6},
    NamedGuid{GuidKind::kCallout, "FWPM_CALLOUT_IPSEC_OUTBOUND_TUNNEL_V4", kCalloutIpsecOutboundTunnelV4},
    NamedGuid{GuidKind::kCallout, "FWPM_CALLOUT_IPSEC_OUTBOUND_TUNNEL_V6", kCalloutIpsecOutboundTunnelV6},
    NamedGuid{GuidKind::kCallout, "FWPM_CALLOUT_IPSEC_FORWARD_INBOUND_TUNNEL_V4", kCalloutIpsecForwardInboundTunnelV4},
    NamedGuid{GuidKind::kCallout, "FWPM_CALLOUT_IPSEC_FORWARD_INBOUND_TUNNEL_V6", kCalloutIpsecForwardInboundTunnelV6},
    NamedGuid{GuidKind::kCallout, "FWPM_CALLOUT_IPSEC_FORWARD_OUTBOUND_TUNNEL_V4",
              kCalloutIpsecForwardOutboundTunnelV4},
    NamedGuid{GuidKind::kCallout, "FWPM_CALLOUT_IPSEC_FORWARD_OUTBOUND_TUNNEL_V6",
              kCalloutIpsecForwardOutboundTunnelV6},
    NamedGuid{GuidKind::kCallout, "FWPM_CALLOUT_IPSEC_INBOUND_INITIATE_SECURE_V4",
              kCalloutIpsecInboundInitiateSecureV4},
    NamedGuid{GuidKind::kCallout, "FWPM_CALLOUT_IPSEC_INBOUND_INITIATE_SECURE_V6",
              kCalloutIpsecInboundInitiateSecureV6},
    NamedGuid{GuidKind::kCallout, "FWPM_CALLOUT_IPSEC_ALE_CONNECT_V4", kCalloutIpsecAleConnectV4},
    NamedGuid{GuidKind::kCallout, "FWPM_CALLOUT_IPSEC_ALE_CONNECT_V6", kCalloutIpsecAleConnectV6},
    NamedGuid{GuidKind::kCallout, "FWPM_CALLOUT_IPSEC_INBOUND_TUNNEL_ALE_ACCEPT_V4",
              kCalloutIpsecInboundTunnelAleAcceptV4},
    NamedGuid{GuidKind::kCallout, "FWPM_CALLOUT_IPSEC_INBOUND_TUNNEL_ALE_ACCEPT_V6",
              kCalloutIpsecInboundTunnelAleAcceptV6},
    NamedGuid{GuidKind::kCallout, "FWPM_CALLOUT_SET_OPTIONS_AUTH_CONNECT_LAYER_V4",
              kCalloutSetOptionsAuthConnectLayerV4},
    NamedGuid{GuidKind::kCallout, "FWPM_CALLOUT_SET_OPTIONS_AUTH_CONNECT_LAYER_V6",
              kCalloutSetOptionsAuthConnectLayerV6},
    NamedGuid{GuidKind::kCallout, "FWPM_CALLOUT_SET_OPTIONS_AUTH_RECV_ACCEPT_LAYER_V4",
              kCalloutSetOptionsAuthRecvAcceptLayerV4},
    NamedGuid{GuidKind::kCallout, "FWPM_CALLOUT_SET_OPTIONS_AUTH_RECV_ACCEPT_LAYER_V6",
              kCalloutSetOptionsAuthRecvAcceptLayerV6},
    NamedGuid{GuidKind::kCallout, "FWPM_CALLOUT_IPSEC_DOSP_FORWARD_V4", kCalloutIpsecDospForwardV4},
    NamedGuid{GuidKind::kCallout, "FWPM_CALLOUT_IPSEC_DOSP_FORWARD_V6", kCalloutIpsecDospForwardV6},
    NamedGuid{GuidKind::kCallout, "FWPM_CALLOUT_WFP_TRANSPORT_LAYER_V4_SILENT_DROP",
              kCalloutWfpTransportLayerV4SilentDrop},
    NamedGuid{GuidKind::kCallout, "FWPM_CALLOUT_WFP_TRANSPORT_LAYER_V6_SILENT_DROP",
              kCalloutWfpTransportLayerV6SilentDrop},
    NamedGuid{GuidKind::kProviderContext, "FWPM_PROVIDER_CONTEXT_SECURE_SOCKET_AUTHIP", kContextSecureSocketAuthip},
    NamedGuid{GuidKind::kProviderContext, "FWPM_PROVIDER_CONTEXT_SECURE_SOCKET_IPSEC", kContextSecureSocketIpsec},
    NamedGuid{GuidKind::kProviderContext, "SOCKET_DEFAULT2_QM_POLICY", kContextSocketDefault2QmPolicy},
    NamedGuid{GuidKind::kProvider, "FWPM_PROVIDER_IKEEXT", kProviderIkeext},
    NamedGuid{GuidKind::kKeyingModule, "FWPM_KEYING_MODULE_IKE", kKeyingModuleIke},
    NamedGuid{GuidKind::kKeyingModule, "FWPM_KEYING_MODULE_AUTHIP", kKeyingModuleAuthip},
    NamedGuid{GuidKind::kKeyingModule, "FWPM_KEYING_MODULE_IKEV2", kKeyingModuleIkev2},
};

std::optional<Guid> public_key(const Guid& key) { return key.is_zero() ? std::nullopt : std::optional(key); }

}  // namespace

std::string_view guid_name(GuidKind kind, const Guid& key) {
  if (kind == GuidKind::kLayer) {
    const LayerId layer = layer_by_key(key);
    return layer == LayerId::kUnknown ? std::string_view{} : layer_info(layer).full_name;
  }
  if (kind == GuidKind::kConditionField) return field_full_name(field_by_key(key));
  for (const NamedGuid& row : kNamedGuids) {
    if (row.kind == kind && row.key == key) return row.name;
  }
  return {};
}

std::optional<Guid> guid_by_name(GuidKind kind, std::string_view name) {
  if (kind == GuidKind::kLayer) {
    const LayerId layer = layer_by_name(name);
    return layer == LayerId::kUnknown ? std::nullopt : public_key(layer_info(layer).key);
  }
  if (kind == GuidKind::kConditionField) return public_key(field_key(field_by_name(name)));
  for (const NamedGuid& row : kNamedGuids) {
    if (row.kind == kind && row.name == name) return row.key;
  }
  return std::nullopt;
}

}  // namespace ssx::wfp
