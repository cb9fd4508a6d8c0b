#include <algorithm>
#include <array>

#include "model/wfp/layers.h"

namespace ssx::wfp {
namespace {

using enum Field;
using enum DataType;

constexpr LayerField raw(Field field, DataType type) { return {field, type, FieldKind::kRawData}; }
constexpr LayerField flags(Field field) { return {field, kUint32, FieldKind::kFlags}; }
constexpr LayerField address(Field field) { return {field, kUint32, FieldKind::kIpAddress}; }

/// The V6 layer of a V4 layer: addresses have sixteen octets.
template <std::size_t Size>
constexpr std::array<LayerField, Size> for_v6(std::array<LayerField, Size> fields) {
  for (LayerField& field : fields) {
    if (field.kind == FieldKind::kIpAddress) field.type = kByteArray16;
  }
  return fields;
}

/// At ALE_RESOURCE_ASSIGNMENT_V6 the two reserved fields are blobs.
template <std::size_t Size>
constexpr std::array<LayerField, Size> resource_assignment_v6(std::array<LayerField, Size> fields) {
  for (LayerField& field : fields) {
    if (field.field == kReserved0 || field.field == kReserved1) field.type = kByteBlob;
  }
  return for_v6(fields);
}

// The lists of wfp-model.md 3.2, in Windows' order.

constexpr std::array kIkeextV4{address(kIpLocalAddress), address(kIpRemoteAddress), raw(kIpLocalInterface, kUint64),
                               raw(kCurrentProfileId, kUint32), raw(kIpsecSecurityRealmId, kByteBlob)};

constexpr std::array kIkeextV6 = for_v6(kIkeextV4);

constexpr std::array kIpsecV4{raw(kIpProtocol, kUint8),        address(kIpLocalAddress),
                              address(kIpRemoteAddress),       raw(kIpLocalPort, kUint16),
                              raw(kIpRemotePort, kUint16),     raw(kIpLocalInterface, kUint64),
                              raw(kCurrentProfileId, kUint32), raw(kIpsecSecurityRealmId, kByteBlob)};

constexpr std::array kIpsecV6 = for_v6(kIpsecV4);

constexpr std::array kIpsecKmDemuxV4{address(kIpLocalAddress),        address(kIpRemoteAddress),
                                     raw(kQmMode, kUint32),           raw(kIpLocalInterface, kUint64),
                                     raw(kCurrentProfileId, kUint32), raw(kIpsecSecurityRealmId, kByteBlob)};

constexpr std::array kIpsecKmDemuxV6 = for_v6(kIpsecKmDemuxV4);

constexpr std::array kInboundTransportV4{raw(kIpProtocol, kUint8),         address(kIpLocalAddress),
                                         address(kIpRemoteAddress),        raw(kIpLocalAddressType, kUint8),
                                         raw(kIpLocalPort, kUint16),       raw(kIpRemotePort, kUint16),
                                         raw(kIpLocalInterface, kUint64),  raw(kInterfaceIndex, kUint32),
                                         raw(kSubInterfaceIndex, kUint32), flags(kFlags),
                                         raw(kInterfaceType, kUint32),     raw(kTunnelType, kUint32),
                                         raw(kCurrentProfileId, kUint32),  raw(kIpsecSecurityRealmId, kByteBlob),
                                         raw(kCompartmentId, kUint32)};

constexpr std::array kInboundTransportV6 = for_v6(kInboundTransportV4);

constexpr std::array kOutboundTransportV4{raw(kIpProtocol, kUint8),
                                          address(kIpLocalAddress),
                                          raw(kIpLocalAddressType, kUint8),
                                          address(kIpRemoteAddress),
                                          raw(kIpLocalPort, kUint16),
                                          raw(kIpRemotePort, kUint16),
                                          raw(kIpLocalInterface, kUint64),
                                          raw(kInterfaceIndex, kUint32),
                                          raw(kSubInterfaceIndex, kUint32),
                                          raw(kIpDestinationAddressType, kUint8),
                                          flags(kFlags),
                                          raw(kInterfaceType, kUint32),
                                          raw(kTunnelType, kUint32),
                                          raw(kCurrentProfileId, kUint32),
                                          raw(kIpsecSecurityRealmId, kByteBlob),
                                          raw(kCompartmentId, kUint32)};

constexpr std::array kOutboundTransportV6 = for_v6(kOutboundTransportV4);

constexpr std::array kAleResourceAssignmentV4{raw(kAleAppId, kByteBlob),
                                              raw(kAleUserId, kTokenAccessInformation),
                                              address(kIpLocalAddress),
                                              raw(kIpLocalAddressType, kUint8),
                                              raw(kIpLocalPort, kUint16),
                                              raw(kIpProtocol, kUint8),
                                              raw(kAlePromiscuousMode, kUint32),
                                              raw(kIpLocalInterface, kUint64),
                                              flags(kFlags),
                                              raw(kInterfaceType, kUint32),
                                              raw(kTunnelType, kUint32),
                                              raw(kLocalInterfaceProfileId, kUint32),
                                              flags(kAleSioFirewallSystemPort),
                                              raw(kAlePackageId, kSid),
                                              raw(kAleSecurityAttributeFqbnValue, kByteBlob),
                                              raw(kCompartmentId, kUint32),
                                              raw(kReserved0, kUint8),
                                              raw(kReserved1, kUint8),
                                              raw(kAlePackageFamilyName, kTokenAccessInformation)};

constexpr std::array kAleResourceAssignmentV6 = resource_assignment_v6(kAleResourceAssignmentV4);

constexpr std::array kAleAuthListenV4{raw(kAleAppId, kByteBlob),
                                      raw(kAleUserId, kTokenAccessInformation),
                                      address(kIpLocalAddress),
                                      raw(kIpLocalAddressType, kUint8),
                                      raw(kIpLocalPort, kUint16),
                                      raw(kIpLocalInterface, kUint64),
                                      flags(kFlags),
                                      raw(kInterfaceType, kUint32),
                                      raw(kTunnelType, kUint32),
                                      raw(kLocalInterfaceProfileId, kUint32),
                                      flags(kAleSioFirewallSystemPort),
                                      raw(kAlePackageId, kSid),
                                      raw(kAleSecurityAttributeFqbnValue, kByteBlob),
                                      raw(kCompartmentId, kUint32),
                                      raw(kAlePackageFamilyName, kTokenAccessInformation)};

constexpr std::array kAleAuthListenV6 = for_v6(kAleAuthListenV4);

constexpr std::array kAleAuthConnectV4{raw(kAleAppId, kByteBlob),
                                       raw(kAleUserId, kTokenAccessInformation),
                                       address(kIpLocalAddress),
                                       raw(kIpLocalAddressType, kUint8),
                                       raw(kIpLocalPort, kUint16),
                                       raw(kIpProtocol, kUint8),
                                       address(kIpRemoteAddress),
                                       raw(kIpRemotePort, kUint16),
                                       raw(kAleRemoteUserId, kTokenAccessInformation),
                                       raw(kAleRemoteMachineId, kTokenAccessInformation),
                                       raw(kIpDestinationAddressType, kUint8),
                                       raw(kIpLocalInterface, kUint64),
                                       flags(kFlags),
                                       raw(kInterfaceType, kUint32),
                                       raw(kTunnelType, kUint32),
                                       raw(kInterfaceIndex, kUint32),
                                       raw(kSubInterfaceIndex, kUint32),
                                       raw(kIpArrivalInterface, kUint64),
                                       raw(kArrivalInterfaceType, kUint32),
                                       raw(kArrivalTunnelType, kUint32),
                                       raw(kArrivalInterfaceIndex, kUint32),
                                       raw(kNexthopSubInterfaceIndex, kUint32),
                                       raw(kIpNexthopInterface, kUint64),
                                       raw(kNexthopInterfaceType, kUint32),
                                       raw(kNexthopTunnelType, kUint32),
                                       raw(kNexthopInterfaceIndex, kUint32),
                                       raw(kOriginalProfileId, kUint32),
                                       raw(kCurrentProfileId, kUint32),
                                       flags(kReauthorizeReason),
                                       raw(kPeerName, kByteBlob),
                                       raw(kOriginalIcmpType, kUint16),
                                       raw(kInterfaceQuarantineEpoch, kUint64),
                                       raw(kAleOriginalAppId, kByteBlob),
                                       raw(kAlePackageId, kSid),
                                       raw(kAleSecurityAttributeFqbnValue, kByteBlob),
                                       raw(kAleEffectiveName, kByteBlob),
                                       raw(kCompartmentId, kUint32),
                                       raw(kReserved0, kByteBlob),
                                       raw(kReserved1, kByteBlob),
                                       raw(kReserved2, kByteBlob),
                                       raw(kReserved3, kByteBlob),
                                       raw(kAlePackageFamilyName, kTokenAccessInformation)};

constexpr std::array kAleAuthConnectV6 = for_v6(kAleAuthConnectV4);

constexpr std::array kAleAuthRecvAcceptV4{raw(kAleAppId, kByteBlob),
                                          raw(kAleUserId, kTokenAccessInformation),
                                          address(kIpLocalAddress),
                                          raw(kIpLocalAddressType, kUint8),
                                          raw(kIpLocalPort, kUint16),
                                          raw(kIpProtocol, kUint8),
                                          address(kIpRemoteAddress),
                                          raw(kIpRemotePort, kUint16),
                                          raw(kAleRemoteUserId, kTokenAccessInformation),
                                          raw(kAleRemoteMachineId, kTokenAccessInformation),
                                          raw(kIpLocalInterface, kUint64),
                                          flags(kFlags),
                                          flags(kAleSioFirewallSystemPort),
                                          raw(kAleNapContext, kUint32),
                                          raw(kInterfaceType, kUint32),
                                          raw(kTunnelType, kUint32),
                                          raw(kInterfaceIndex, kUint32),
                                          raw(kSubInterfaceIndex, kUint32),
                                          raw(kIpArrivalInterface, kUint64),
                                          raw(kArrivalInterfaceType, kUint32),
                                          raw(kArrivalTunnelType, kUint32),
                                          raw(kArrivalInterfaceIndex, kUint32),
                                          raw(kNexthopSubInterfaceIndex, kUint32),
                                          raw(kIpNexthopInterface, kUint64),
                                          raw(kNexthopInterfaceType, kUint32),
                                          raw(kNexthopTunnelType, kUint32),
                                          raw(kNexthopInterfaceIndex, kUint32),
                                          raw(kOriginalProfileId, kUint32),
                                          raw(kCurrentProfileId, kUint32),
                                          flags(kReauthorizeReason),
                                          raw(kOriginalIcmpType, kUint16),
                                          raw(kInterfaceQuarantineEpoch, kUint64),
                                          raw(kAlePackageId, kSid),
                                          raw(kAleSecurityAttributeFqbnValue, kByteBlob),
                                          raw(kCompartmentId, kUint32),
                                          raw(kReserved0, kByteBlob),
                                          raw(kReserved1, kByteBlob),
                                          raw(kReserved2, kByteBlob),
                                          raw(kReserved3, kByteBlob),
                                          raw(kAlePackageFamilyName, kTokenAccessInformation)};

constexpr std::array kAleAuthRecvAcceptV6 = for_v6(kAleAuthRecvAcceptV4);

constexpr std::array kAleFlowEstablishedV4{raw(kAleAppId, kByteBlob),
                                           raw(kAleUserId, kTokenAccessInformation),
                                           address(kIpLocalAddress),
                                           raw(kIpLocalAddressType, kUint8),
                                           raw(kIpLocalPort, kUint16),
                                           raw(kIpProtocol, kUint8),
                                           address(kIpRemoteAddress),
                                           raw(kIpRemotePort, kUint16),
                                           raw(kAleRemoteUserId, kTokenAccessInformation),
                                           raw(kAleRemoteMachineId, kTokenAccessInformation),
                                           raw(kIpDestinationAddressType, kUint8),
                                           raw(kIpLocalInterface, kUint64),
                                           raw(kDirection, kUint32),
                                           raw(kInterfaceType, kUint32),
                                           raw(kTunnelType, kUint32),
                                           flags(kFlags),
                                           raw(kAleOriginalAppId, kByteBlob),
                                           raw(kAlePackageId, kSid),
                                           raw(kAleSecurityAttributeFqbnValue, kByteBlob),
                                           raw(kCompartmentId, kUint32),
                                           raw(kReserved0, kByteBlob),
                                           raw(kReserved1, kByteBlob),
                                           raw(kReserved2, kByteBlob),
                                           raw(kReserved3, kByteBlob),
                                           raw(kAlePackageFamilyName, kTokenAccessInformation)};

constexpr std::array kAleFlowEstablishedV6 = for_v6(kAleFlowEstablishedV4);

constexpr std::array kStreamV4{address(kIpLocalAddress),
                               raw(kIpLocalAddressType, kUint8),
                               address(kIpRemoteAddress),
                               raw(kIpLocalPort, kUint16),
                               raw(kIpRemotePort, kUint16),
                               raw(kDirection, kUint32),
                               flags(kFlags),
                               raw(kCompartmentId, kUint32)};

constexpr std::array kStreamV6 = for_v6(kStreamV4);

constexpr std::array kDatagramDataV4{raw(kIpProtocol, kUint8),
                                     address(kIpLocalAddress),
                                     address(kIpRemoteAddress),
                                     raw(kIpLocalAddressType, kUint8),
                                     raw(kIpLocalPort, kUint16),
                                     raw(kIpRemotePort, kUint16),
                                     raw(kIpLocalInterface, kUint64),
                                     raw(kInterfaceIndex, kUint32),
                                     raw(kSubInterfaceIndex, kUint32),
                                     raw(kDirection, kUint32),
                                     flags(kFlags),
                                     raw(kInterfaceType, kUint32),
                                     raw(kTunnelType, kUint32),
                                     raw(kCompartmentId, kUint32)};

constexpr std::array kDatagramDataV6 = for_v6(kDatagramDataV4);

constexpr std::array kAleResourceReleaseV4{
    raw(kAleAppId, kByteBlob),       raw(kAleUserId, kTokenAccessInformation),
    address(kIpLocalAddress),        raw(kIpLocalAddressType, kUint8),
    raw(kIpLocalPort, kUint16),      raw(kIpProtocol, kUint8),
    raw(kIpLocalInterface, kUint64), flags(kFlags),
    raw(kAlePackageId, kSid),        raw(kAleSecurityAttributeFqbnValue, kByteBlob),
    raw(kCompartmentId, kUint32),    raw(kAlePackageFamilyName, kTokenAccessInformation)};

constexpr std::array kAleResourceReleaseV6 = for_v6(kAleResourceReleaseV4);

constexpr std::array kAleEndpointClosureV4{
    raw(kAleAppId, kByteBlob),       raw(kAleUserId, kTokenAccessInformation),
    address(kIpLocalAddress),        raw(kIpLocalAddressType, kUint8),
    raw(kIpLocalPort, kUint16),      raw(kIpProtocol, kUint8),
    address(kIpRemoteAddress),       raw(kIpRemotePort, kUint16),
    raw(kIpLocalInterface, kUint64), flags(kFlags),
    raw(kAlePackageId, kSid),        raw(kAleSecurityAttributeFqbnValue, kByteBlob),
    raw(kCompartmentId, kUint32),    raw(kAlePackageFamilyName, kTokenAccessInformation)};

constexpr std::array kAleEndpointClosureV6 = for_v6(kAleEndpointClosureV4);

constexpr std::array kKmAuthorization{raw(kRemoteId, kTokenInformation),
                                      raw(kAuthenticationType, kUint32),
                                      raw(kKmType, kUint32),
                                      raw(kDirection, kUint32),
                                      raw(kKmMode, kUint32),
                                      raw(kIpsecPolicyKey, kByteArray16),
                                      raw(kKmAuthNapContext, kUint32)};

}  // namespace

std::span<const LayerField> layer_fields(LayerId layer) {
  switch (layer) {
    // A DISCARD layer sees what was dropped at the layer of its name: the same fields.
    case LayerId::kInboundTransportV4:
    case LayerId::kInboundTransportV4Discard: return kInboundTransportV4;
    case LayerId::kInboundTransportV6:
    case LayerId::kInboundTransportV6Discard: return kInboundTransportV6;
    case LayerId::kOutboundTransportV4: return kOutboundTransportV4;
    case LayerId::kOutboundTransportV6: return kOutboundTransportV6;
    case LayerId::kStreamV4: return kStreamV4;
    case LayerId::kStreamV6: return kStreamV6;
    case LayerId::kDatagramDataV4: return kDatagramDataV4;
    case LayerId::kDatagramDataV6: return kDatagramDataV6;
    case LayerId::kAleResourceAssignmentV4:
    case LayerId::kAleResourceAssignmentV4Discard: return kAleResourceAssignmentV4;
    case LayerId::kAleResourceAssignmentV6:
    case LayerId::kAleResourceAssignmentV6Discard: return kAleResourceAssignmentV6;
    case LayerId::kAleAuthListenV4:
    case LayerId::kAleAuthListenV4Discard: return kAleAuthListenV4;
    case LayerId::kAleAuthListenV6:
    case LayerId::kAleAuthListenV6Discard: return kAleAuthListenV6;
    case LayerId::kAleAuthRecvAcceptV4:
    case LayerId::kAleAuthRecvAcceptV4Discard: return kAleAuthRecvAcceptV4;
    case LayerId::kAleAuthRecvAcceptV6:
    case LayerId::kAleAuthRecvAcceptV6Discard: return kAleAuthRecvAcceptV6;
    case LayerId::kAleAuthConnectV4:
    case LayerId::kAleAuthConnectV4Discard: return kAleAuthConnectV4;
    case LayerId::kAleAuthConnectV6:
    case LayerId::kAleAuthConnectV6Discard: return kAleAuthConnectV6;
    case LayerId::kAleFlowEstablishedV4:
    case LayerId::kAleFlowEstablishedV4Discard: return kAleFlowEstablishedV4;
    case LayerId::kAleFlowEstablishedV6:
    case LayerId::kAleFlowEstablishedV6Discard: return kAleFlowEstablishedV6;
    case LayerId::kAleResourceReleaseV4: return kAleResourceReleaseV4;
    case LayerId::kAleResourceReleaseV6: return kAleResourceReleaseV6;
    case LayerId::kAleEndpointClosureV4: return kAleEndpointClosureV4;
    case LayerId::kAleEndpointClosureV6: return kAleEndpointClosureV6;
    case LayerId::kIpsecKmDemuxV4: return kIpsecKmDemuxV4;
    case LayerId::kIpsecKmDemuxV6: return kIpsecKmDemuxV6;
    case LayerId::kIpsecV4: return kIpsecV4;
    case LayerId::kIpsecV6: return kIpsecV6;
    case LayerId::kIkeextV4: return kIkeextV4;
    case LayerId::kIkeextV6: return kIkeextV6;
    case LayerId::kKmAuthorization: return kKmAuthorization;
    default: return {};
  }
}

const LayerField* layer_field(LayerId layer, Field field) {
  const std::span<const LayerField> fields = layer_fields(layer);
  const auto found = std::ranges::find(fields, field, &LayerField::field);
  return found == fields.end() ? nullptr : &*found;
}

}  // namespace ssx::wfp
