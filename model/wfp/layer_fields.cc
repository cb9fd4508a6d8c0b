#include <algorithm>
#include <array>

#include "model/wfp/layers.h"

namespace ssx::wfp {
namespace {

// The lists of wfp-model.md 3.2, V6 with sixteen-octet addresses.

constexpr std::array kIkeextV4Fields{
    LayerField{Field::kIpLocalAddress, DataType::kUint32, FieldKind::kIpAddress},
    LayerField{Field::kIpRemoteAddress, DataType::kUint32, FieldKind::kIpAddress},
    LayerField{Field::kIpLocalInterface, DataType::kUint64, FieldKind::kRawData},
    LayerField{Field::kCurrentProfileId, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kIpsecSecurityRealmId, DataType::kByteBlob, FieldKind::kRawData},
};

constexpr std::array kIkeextV6Fields{
    LayerField{Field::kIpLocalAddress, DataType::kByteArray16, FieldKind::kIpAddress},
    LayerField{Field::kIpRemoteAddress, DataType::kByteArray16, FieldKind::kIpAddress},
    LayerField{Field::kIpLocalInterface, DataType::kUint64, FieldKind::kRawData},
    LayerField{Field::kCurrentProfileId, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kIpsecSecurityRealmId, DataType::kByteBlob, FieldKind::kRawData},
};

constexpr std::array kIpsecV4Fields{
    LayerField{Field::kIpProtocol, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpLocalAddress, DataType::kUint32, FieldKind::kIpAddress},
    LayerField{Field::kIpRemoteAddress, DataType::kUint32, FieldKind::kIpAddress},
    LayerField{Field::kIpLocalPort, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kIpRemotePort, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kIpLocalInterface, DataType::kUint64, FieldKind::kRawData},
    LayerField{Field::kCurrentProfileId, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kIpsecSecurityRealmId, DataType::kByteBlob, FieldKind::kRawData},
};

constexpr std::array kIpsecV6Fields{
    LayerField{Field::kIpProtocol, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpLocalAddress, DataType::kByteArray16, FieldKind::kIpAddress},
    LayerField{Field::kIpRemoteAddress, DataType::kByteArray16, FieldKind::kIpAddress},
    LayerField{Field::kIpLocalPort, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kIpRemotePort, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kIpLocalInterface, DataType::kUint64, FieldKind::kRawData},
    LayerField{Field::kCurrentProfileId, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kIpsecSecurityRealmId, DataType::kByteBlob, FieldKind::kRawData},
};

constexpr std::array kIpsecKmDemuxV4Fields{
    LayerField{Field::kIpLocalAddress, DataType::kUint32, FieldKind::kIpAddress},
    LayerField{Field::kIpRemoteAddress, DataType::kUint32, FieldKind::kIpAddress},
    LayerField{Field::kQmMode, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kIpLocalInterface, DataType::kUint64, FieldKind::kRawData},
    LayerField{Field::kCurrentProfileId, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kIpsecSecurityRealmId, DataType::kByteBlob, FieldKind::kRawData},
};

constexpr std::array kIpsecKmDemuxV6Fields{
    LayerField{Field::kIpLocalAddress, DataType::kByteArray16, FieldKind::kIpAddress},
    LayerField{Field::kIpRemoteAddress, DataType::kByteArray16, FieldKind::kIpAddress},
    LayerField{Field::kQmMode, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kIpLocalInterface, DataType::kUint64, FieldKind::kRawData},
    LayerField{Field::kCurrentProfileId, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kIpsecSecurityRealmId, DataType::kByteBlob, FieldKind::kRawData},
};

constexpr std::array kInboundTransportV4Fields{
    LayerField{Field::kIpProtocol, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpLocalAddress, DataType::kUint32, FieldKind::kIpAddress},
    LayerField{Field::kIpRemoteAddress, DataType::kUint32, FieldKind::kIpAddress},
    LayerField{Field::kIpLocalAddressType, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpLocalPort, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kIpRemotePort, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kIpLocalInterface, DataType::kUint64, FieldKind::kRawData},
    LayerField{Field::kInterfaceIndex, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kSubInterfaceIndex, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kFlags, DataType::kUint32, FieldKind::kFlags},
    LayerField{Field::kInterfaceType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kTunnelType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kCurrentProfileId, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kIpsecSecurityRealmId, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kCompartmentId, DataType::kUint32, FieldKind::kRawData},
};

constexpr std::array kInboundTransportV6Fields{
    LayerField{Field::kIpProtocol, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpLocalAddress, DataType::kByteArray16, FieldKind::kIpAddress},
    LayerField{Field::kIpRemoteAddress, DataType::kByteArray16, FieldKind::kIpAddress},
    LayerField{Field::kIpLocalAddressType, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpLocalPort, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kIpRemotePort, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kIpLocalInterface, DataType::kUint64, FieldKind::kRawData},
    LayerField{Field::kInterfaceIndex, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kSubInterfaceIndex, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kFlags, DataType::kUint32, FieldKind::kFlags},
    LayerField{Field::kInterfaceType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kTunnelType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kCurrentProfileId, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kIpsecSecurityRealmId, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kCompartmentId, DataType::kUint32, FieldKind::kRawData},
};

constexpr std::array kOutboundTransportV4Fields{
    LayerField{Field::kIpProtocol, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpLocalAddress, DataType::kUint32, FieldKind::kIpAddress},
    LayerField{Field::kIpLocalAddressType, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpRemoteAddress, DataType::kUint32, FieldKind::kIpAddress},
    LayerField{Field::kIpLocalPort, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kIpRemotePort, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kIpLocalInterface, DataType::kUint64, FieldKind::kRawData},
    LayerField{Field::kInterfaceIndex, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kSubInterfaceIndex, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kIpDestinationAddressType, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kFlags, DataType::kUint32, FieldKind::kFlags},
    LayerField{Field::kInterfaceType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kTunnelType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kCurrentProfileId, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kIpsecSecurityRealmId, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kCompartmentId, DataType::kUint32, FieldKind::kRawData},
};

constexpr std::array kOutboundTransportV6Fields{
    LayerField{Field::kIpProtocol, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpLocalAddress, DataType::kByteArray16, FieldKind::kIpAddress},
    LayerField{Field::kIpLocalAddressType, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpRemoteAddress, DataType::kByteArray16, FieldKind::kIpAddress},
    LayerField{Field::kIpLocalPort, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kIpRemotePort, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kIpLocalInterface, DataType::kUint64, FieldKind::kRawData},
    LayerField{Field::kInterfaceIndex, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kSubInterfaceIndex, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kIpDestinationAddressType, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kFlags, DataType::kUint32, FieldKind::kFlags},
    LayerField{Field::kInterfaceType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kTunnelType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kCurrentProfileId, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kIpsecSecurityRealmId, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kCompartmentId, DataType::kUint32, FieldKind::kRawData},
};

constexpr std::array kAleResourceAssignmentV4Fields{
    LayerField{Field::kAleAppId, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kAleUserId, DataType::kTokenAccessInformation, FieldKind::kRawData},
    LayerField{Field::kIpLocalAddress, DataType::kUint32, FieldKind::kIpAddress},
    LayerField{Field::kIpLocalAddressType, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpLocalPort, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kIpProtocol, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kAlePromiscuousMode, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kIpLocalInterface, DataType::kUint64, FieldKind::kRawData},
    LayerField{Field::kFlags, DataType::kUint32, FieldKind::kFlags},
    LayerField{Field::kInterfaceType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kTunnelType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kLocalInterfaceProfileId, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kAleSioFirewallSystemPort, DataType::kUint32, FieldKind::kFlags},
    LayerField{Field::kAlePackageId, DataType::kSid, FieldKind::kRawData},
    LayerField{Field::kAleSecurityAttributeFqbnValue, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kCompartmentId, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kReserved0, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kReserved1, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kAlePackageFamilyName, DataType::kTokenAccessInformation, FieldKind::kRawData},
};

constexpr std::array kAleResourceAssignmentV6Fields{
    LayerField{Field::kAleAppId, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kAleUserId, DataType::kTokenAccessInformation, FieldKind::kRawData},
    LayerField{Field::kIpLocalAddress, DataType::kByteArray16, FieldKind::kIpAddress},
    LayerField{Field::kIpLocalAddressType, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpLocalPort, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kIpProtocol, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kAlePromiscuousMode, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kIpLocalInterface, DataType::kUint64, FieldKind::kRawData},
    LayerField{Field::kFlags, DataType::kUint32, FieldKind::kFlags},
    LayerField{Field::kInterfaceType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kTunnelType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kLocalInterfaceProfileId, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kAleSioFirewallSystemPort, DataType::kUint32, FieldKind::kFlags},
    LayerField{Field::kAlePackageId, DataType::kSid, FieldKind::kRawData},
    LayerField{Field::kAleSecurityAttributeFqbnValue, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kCompartmentId, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kReserved0, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kReserved1, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kAlePackageFamilyName, DataType::kTokenAccessInformation, FieldKind::kRawData},
};

constexpr std::array kAleAuthListenV4Fields{
    LayerField{Field::kAleAppId, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kAleUserId, DataType::kTokenAccessInformation, FieldKind::kRawData},
    LayerField{Field::kIpLocalAddress, DataType::kUint32, FieldKind::kIpAddress},
    LayerField{Field::kIpLocalAddressType, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpLocalPort, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kIpLocalInterface, DataType::kUint64, FieldKind::kRawData},
    LayerField{Field::kFlags, DataType::kUint32, FieldKind::kFlags},
    LayerField{Field::kInterfaceType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kTunnelType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kLocalInterfaceProfileId, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kAleSioFirewallSystemPort, DataType::kUint32, FieldKind::kFlags},
    LayerField{Field::kAlePackageId, DataType::kSid, FieldKind::kRawData},
    LayerField{Field::kAleSecurityAttributeFqbnValue, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kCompartmentId, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kAlePackageFamilyName, DataType::kTokenAccessInformation, FieldKind::kRawData},
};

constexpr std::array kAleAuthListenV6Fields{
    LayerField{Field::kAleAppId, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kAleUserId, DataType::kTokenAccessInformation, FieldKind::kRawData},
    LayerField{Field::kIpLocalAddress, DataType::kByteArray16, FieldKind::kIpAddress},
    LayerField{Field::kIpLocalAddressType, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpLocalPort, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kIpLocalInterface, DataType::kUint64, FieldKind::kRawData},
    LayerField{Field::kFlags, DataType::kUint32, FieldKind::kFlags},
    LayerField{Field::kInterfaceType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kTunnelType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kLocalInterfaceProfileId, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kAleSioFirewallSystemPort, DataType::kUint32, FieldKind::kFlags},
    LayerField{Field::kAlePackageId, DataType::kSid, FieldKind::kRawData},
    LayerField{Field::kAleSecurityAttributeFqbnValue, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kCompartmentId, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kAlePackageFamilyName, DataType::kTokenAccessInformation, FieldKind::kRawData},
};

constexpr std::array kAleAuthConnectV4Fields{
    LayerField{Field::kAleAppId, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kAleUserId, DataType::kTokenAccessInformation, FieldKind::kRawData},
    LayerField{Field::kIpLocalAddress, DataType::kUint32, FieldKind::kIpAddress},
    LayerField{Field::kIpLocalAddressType, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpLocalPort, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kIpProtocol, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpRemoteAddress, DataType::kUint32, FieldKind::kIpAddress},
    LayerField{Field::kIpRemotePort, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kAleRemoteUserId, DataType::kTokenAccessInformation, FieldKind::kRawData},
    LayerField{Field::kAleRemoteMachineId, DataType::kTokenAccessInformation, FieldKind::kRawData},
    LayerField{Field::kIpDestinationAddressType, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpLocalInterface, DataType::kUint64, FieldKind::kRawData},
    LayerField{Field::kFlags, DataType::kUint32, FieldKind::kFlags},
    LayerField{Field::kInterfaceType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kTunnelType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kInterfaceIndex, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kSubInterfaceIndex, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kIpArrivalInterface, DataType::kUint64, FieldKind::kRawData},
    LayerField{Field::kArrivalInterfaceType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kArrivalTunnelType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kArrivalInterfaceIndex, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kNexthopSubInterfaceIndex, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kIpNexthopInterface, DataType::kUint64, FieldKind::kRawData},
    LayerField{Field::kNexthopInterfaceType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kNexthopTunnelType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kNexthopInterfaceIndex, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kOriginalProfileId, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kCurrentProfileId, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kReauthorizeReason, DataType::kUint32, FieldKind::kFlags},
    LayerField{Field::kPeerName, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kOriginalIcmpType, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kInterfaceQuarantineEpoch, DataType::kUint64, FieldKind::kRawData},
    LayerField{Field::kAleOriginalAppId, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kAlePackageId, DataType::kSid, FieldKind::kRawData},
    LayerField{Field::kAleSecurityAttributeFqbnValue, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kAleEffectiveName, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kCompartmentId, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kReserved0, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kReserved1, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kReserved2, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kReserved3, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kAlePackageFamilyName, DataType::kTokenAccessInformation, FieldKind::kRawData},
};

constexpr std::array kAleAuthConnectV6Fields{
    LayerField{Field::kAleAppId, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kAleUserId, DataType::kTokenAccessInformation, FieldKind::kRawData},
    LayerField{Field::kIpLocalAddress, DataType::kByteArray16, FieldKind::kIpAddress},
    LayerField{Field::kIpLocalAddressType, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpLocalPort, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kIpProtocol, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpRemoteAddress, DataType::kByteArray16, FieldKind::kIpAddress},
    LayerField{Field::kIpRemotePort, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kAleRemoteUserId, DataType::kTokenAccessInformation, FieldKind::kRawData},
    LayerField{Field::kAleRemoteMachineId, DataType::kTokenAccessInformation, FieldKind::kRawData},
    LayerField{Field::kIpDestinationAddressType, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpLocalInterface, DataType::kUint64, FieldKind::kRawData},
    LayerField{Field::kFlags, DataType::kUint32, FieldKind::kFlags},
    LayerField{Field::kInterfaceType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kTunnelType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kInterfaceIndex, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kSubInterfaceIndex, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kIpArrivalInterface, DataType::kUint64, FieldKind::kRawData},
    LayerField{Field::kArrivalInterfaceType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kArrivalTunnelType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kArrivalInterfaceIndex, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kNexthopSubInterfaceIndex, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kIpNexthopInterface, DataType::kUint64, FieldKind::kRawData},
    LayerField{Field::kNexthopInterfaceType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kNexthopTunnelType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kNexthopInterfaceIndex, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kOriginalProfileId, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kCurrentProfileId, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kReauthorizeReason, DataType::kUint32, FieldKind::kFlags},
    LayerField{Field::kPeerName, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kOriginalIcmpType, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kInterfaceQuarantineEpoch, DataType::kUint64, FieldKind::kRawData},
    LayerField{Field::kAleOriginalAppId, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kAlePackageId, DataType::kSid, FieldKind::kRawData},
    LayerField{Field::kAleSecurityAttributeFqbnValue, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kAleEffectiveName, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kCompartmentId, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kReserved0, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kReserved1, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kReserved2, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kReserved3, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kAlePackageFamilyName, DataType::kTokenAccessInformation, FieldKind::kRawData},
};

constexpr std::array kAleAuthRecvAcceptV4Fields{
    LayerField{Field::kAleAppId, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kAleUserId, DataType::kTokenAccessInformation, FieldKind::kRawData},
    LayerField{Field::kIpLocalAddress, DataType::kUint32, FieldKind::kIpAddress},
    LayerField{Field::kIpLocalAddressType, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpLocalPort, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kIpProtocol, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpRemoteAddress, DataType::kUint32, FieldKind::kIpAddress},
    LayerField{Field::kIpRemotePort, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kAleRemoteUserId, DataType::kTokenAccessInformation, FieldKind::kRawData},
    LayerField{Field::kAleRemoteMachineId, DataType::kTokenAccessInformation, FieldKind::kRawData},
    LayerField{Field::kIpLocalInterface, DataType::kUint64, FieldKind::kRawData},
    LayerField{Field::kFlags, DataType::kUint32, FieldKind::kFlags},
    LayerField{Field::kAleSioFirewallSystemPort, DataType::kUint32, FieldKind::kFlags},
    LayerField{Field::kAleNapContext, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kInterfaceType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kTunnelType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kInterfaceIndex, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kSubInterfaceIndex, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kIpArrivalInterface, DataType::kUint64, FieldKind::kRawData},
    LayerField{Field::kArrivalInterfaceType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kArrivalTunnelType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kArrivalInterfaceIndex, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kNexthopSubInterfaceIndex, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kIpNexthopInterface, DataType::kUint64, FieldKind::kRawData},
    LayerField{Field::kNexthopInterfaceType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kNexthopTunnelType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kNexthopInterfaceIndex, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kOriginalProfileId, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kCurrentProfileId, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kReauthorizeReason, DataType::kUint32, FieldKind::kFlags},
    LayerField{Field::kOriginalIcmpType, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kInterfaceQuarantineEpoch, DataType::kUint64, FieldKind::kRawData},
    LayerField{Field::kAlePackageId, DataType::kSid, FieldKind::kRawData},
    LayerField{Field::kAleSecurityAttributeFqbnValue, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kCompartmentId, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kReserved0, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kReserved1, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kReserved2, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kReserved3, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kAlePackageFamilyName, DataType::kTokenAccessInformation, FieldKind::kRawData},
};

constexpr std::array kAleAuthRecvAcceptV6Fields{
    LayerField{Field::kAleAppId, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kAleUserId, DataType::kTokenAccessInformation, FieldKind::kRawData},
    LayerField{Field::kIpLocalAddress, DataType::kByteArray16, FieldKind::kIpAddress},
    LayerField{Field::kIpLocalAddressType, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpLocalPort, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kIpProtocol, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpRemoteAddress, DataType::kByteArray16, FieldKind::kIpAddress},
    LayerField{Field::kIpRemotePort, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kAleRemoteUserId, DataType::kTokenAccessInformation, FieldKind::kRawData},
    LayerField{Field::kAleRemoteMachineId, DataType::kTokenAccessInformation, FieldKind::kRawData},
    LayerField{Field::kIpLocalInterface, DataType::kUint64, FieldKind::kRawData},
    LayerField{Field::kFlags, DataType::kUint32, FieldKind::kFlags},
    LayerField{Field::kAleSioFirewallSystemPort, DataType::kUint32, FieldKind::kFlags},
    LayerField{Field::kAleNapContext, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kInterfaceType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kTunnelType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kInterfaceIndex, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kSubInterfaceIndex, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kIpArrivalInterface, DataType::kUint64, FieldKind::kRawData},
    LayerField{Field::kArrivalInterfaceType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kArrivalTunnelType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kArrivalInterfaceIndex, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kNexthopSubInterfaceIndex, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kIpNexthopInterface, DataType::kUint64, FieldKind::kRawData},
    LayerField{Field::kNexthopInterfaceType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kNexthopTunnelType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kNexthopInterfaceIndex, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kOriginalProfileId, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kCurrentProfileId, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kReauthorizeReason, DataType::kUint32, FieldKind::kFlags},
    LayerField{Field::kOriginalIcmpType, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kInterfaceQuarantineEpoch, DataType::kUint64, FieldKind::kRawData},
    LayerField{Field::kAlePackageId, DataType::kSid, FieldKind::kRawData},
    LayerField{Field::kAleSecurityAttributeFqbnValue, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kCompartmentId, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kReserved0, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kReserved1, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kReserved2, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kReserved3, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kAlePackageFamilyName, DataType::kTokenAccessInformation, FieldKind::kRawData},
};

constexpr std::array kAleFlowEstablishedV4Fields{
    LayerField{Field::kAleAppId, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kAleUserId, DataType::kTokenAccessInformation, FieldKind::kRawData},
    LayerField{Field::kIpLocalAddress, DataType::kUint32, FieldKind::kIpAddress},
    LayerField{Field::kIpLocalAddressType, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpLocalPort, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kIpProtocol, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpRemoteAddress, DataType::kUint32, FieldKind::kIpAddress},
    LayerField{Field::kIpRemotePort, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kAleRemoteUserId, DataType::kTokenAccessInformation, FieldKind::kRawData},
    LayerField{Field::kAleRemoteMachineId, DataType::kTokenAccessInformation, FieldKind::kRawData},
    LayerField{Field::kIpDestinationAddressType, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpLocalInterface, DataType::kUint64, FieldKind::kRawData},
    LayerField{Field::kDirection, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kInterfaceType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kTunnelType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kFlags, DataType::kUint32, FieldKind::kFlags},
    LayerField{Field::kAleOriginalAppId, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kAlePackageId, DataType::kSid, FieldKind::kRawData},
    LayerField{Field::kAleSecurityAttributeFqbnValue, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kCompartmentId, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kReserved0, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kReserved1, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kReserved2, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kReserved3, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kAlePackageFamilyName, DataType::kTokenAccessInformation, FieldKind::kRawData},
};

constexpr std::array kAleFlowEstablishedV6Fields{
    LayerField{Field::kAleAppId, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kAleUserId, DataType::kTokenAccessInformation, FieldKind::kRawData},
    LayerField{Field::kIpLocalAddress, DataType::kByteArray16, FieldKind::kIpAddress},
    LayerField{Field::kIpLocalAddressType, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpLocalPort, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kIpProtocol, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpRemoteAddress, DataType::kByteArray16, FieldKind::kIpAddress},
    LayerField{Field::kIpRemotePort, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kAleRemoteUserId, DataType::kTokenAccessInformation, FieldKind::kRawData},
    LayerField{Field::kAleRemoteMachineId, DataType::kTokenAccessInformation, FieldKind::kRawData},
    LayerField{Field::kIpDestinationAddressType, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpLocalInterface, DataType::kUint64, FieldKind::kRawData},
    LayerField{Field::kDirection, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kInterfaceType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kTunnelType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kFlags, DataType::kUint32, FieldKind::kFlags},
    LayerField{Field::kAleOriginalAppId, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kAlePackageId, DataType::kSid, FieldKind::kRawData},
    LayerField{Field::kAleSecurityAttributeFqbnValue, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kCompartmentId, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kReserved0, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kReserved1, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kReserved2, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kReserved3, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kAlePackageFamilyName, DataType::kTokenAccessInformation, FieldKind::kRawData},
};

constexpr std::array kStreamV4Fields{
    LayerField{Field::kIpLocalAddress, DataType::kUint32, FieldKind::kIpAddress},
    LayerField{Field::kIpLocalAddressType, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpRemoteAddress, DataType::kUint32, FieldKind::kIpAddress},
    LayerField{Field::kIpLocalPort, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kIpRemotePort, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kDirection, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kFlags, DataType::kUint32, FieldKind::kFlags},
    LayerField{Field::kCompartmentId, DataType::kUint32, FieldKind::kRawData},
};

constexpr std::array kStreamV6Fields{
    LayerField{Field::kIpLocalAddress, DataType::kByteArray16, FieldKind::kIpAddress},
    LayerField{Field::kIpLocalAddressType, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpRemoteAddress, DataType::kByteArray16, FieldKind::kIpAddress},
    LayerField{Field::kIpLocalPort, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kIpRemotePort, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kDirection, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kFlags, DataType::kUint32, FieldKind::kFlags},
    LayerField{Field::kCompartmentId, DataType::kUint32, FieldKind::kRawData},
};

constexpr std::array kDatagramDataV4Fields{
    LayerField{Field::kIpProtocol, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpLocalAddress, DataType::kUint32, FieldKind::kIpAddress},
    LayerField{Field::kIpRemoteAddress, DataType::kUint32, FieldKind::kIpAddress},
    LayerField{Field::kIpLocalAddressType, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpLocalPort, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kIpRemotePort, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kIpLocalInterface, DataType::kUint64, FieldKind::kRawData},
    LayerField{Field::kInterfaceIndex, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kSubInterfaceIndex, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kDirection, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kFlags, DataType::kUint32, FieldKind::kFlags},
    LayerField{Field::kInterfaceType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kTunnelType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kCompartmentId, DataType::kUint32, FieldKind::kRawData},
};

constexpr std::array kDatagramDataV6Fields{
    LayerField{Field::kIpProtocol, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpLocalAddress, DataType::kByteArray16, FieldKind::kIpAddress},
    LayerField{Field::kIpRemoteAddress, DataType::kByteArray16, FieldKind::kIpAddress},
    LayerField{Field::kIpLocalAddressType, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpLocalPort, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kIpRemotePort, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kIpLocalInterface, DataType::kUint64, FieldKind::kRawData},
    LayerField{Field::kInterfaceIndex, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kSubInterfaceIndex, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kDirection, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kFlags, DataType::kUint32, FieldKind::kFlags},
    LayerField{Field::kInterfaceType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kTunnelType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kCompartmentId, DataType::kUint32, FieldKind::kRawData},
};

constexpr std::array kAleResourceReleaseV4Fields{
    LayerField{Field::kAleAppId, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kAleUserId, DataType::kTokenAccessInformation, FieldKind::kRawData},
    LayerField{Field::kIpLocalAddress, DataType::kUint32, FieldKind::kIpAddress},
    LayerField{Field::kIpLocalAddressType, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpLocalPort, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kIpProtocol, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpLocalInterface, DataType::kUint64, FieldKind::kRawData},
    LayerField{Field::kFlags, DataType::kUint32, FieldKind::kFlags},
    LayerField{Field::kAlePackageId, DataType::kSid, FieldKind::kRawData},
    LayerField{Field::kAleSecurityAttributeFqbnValue, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kCompartmentId, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kAlePackageFamilyName, DataType::kTokenAccessInformation, FieldKind::kRawData},
};

constexpr std::array kAleResourceReleaseV6Fields{
    LayerField{Field::kAleAppId, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kAleUserId, DataType::kTokenAccessInformation, FieldKind::kRawData},
    LayerField{Field::kIpLocalAddress, DataType::kByteArray16, FieldKind::kIpAddress},
    LayerField{Field::kIpLocalAddressType, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpLocalPort, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kIpProtocol, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpLocalInterface, DataType::kUint64, FieldKind::kRawData},
    LayerField{Field::kFlags, DataType::kUint32, FieldKind::kFlags},
    LayerField{Field::kAlePackageId, DataType::kSid, FieldKind::kRawData},
    LayerField{Field::kAleSecurityAttributeFqbnValue, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kCompartmentId, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kAlePackageFamilyName, DataType::kTokenAccessInformation, FieldKind::kRawData},
};

constexpr std::array kAleEndpointClosureV4Fields{
    LayerField{Field::kAleAppId, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kAleUserId, DataType::kTokenAccessInformation, FieldKind::kRawData},
    LayerField{Field::kIpLocalAddress, DataType::kUint32, FieldKind::kIpAddress},
    LayerField{Field::kIpLocalAddressType, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpLocalPort, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kIpProtocol, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpRemoteAddress, DataType::kUint32, FieldKind::kIpAddress},
    LayerField{Field::kIpRemotePort, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kIpLocalInterface, DataType::kUint64, FieldKind::kRawData},
    LayerField{Field::kFlags, DataType::kUint32, FieldKind::kFlags},
    LayerField{Field::kAlePackageId, DataType::kSid, FieldKind::kRawData},
    LayerField{Field::kAleSecurityAttributeFqbnValue, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kCompartmentId, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kAlePackageFamilyName, DataType::kTokenAccessInformation, FieldKind::kRawData},
};

constexpr std::array kAleEndpointClosureV6Fields{
    LayerField{Field::kAleAppId, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kAleUserId, DataType::kTokenAccessInformation, FieldKind::kRawData},
    LayerField{Field::kIpLocalAddress, DataType::kByteArray16, FieldKind::kIpAddress},
    LayerField{Field::kIpLocalAddressType, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpLocalPort, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kIpProtocol, DataType::kUint8, FieldKind::kRawData},
    LayerField{Field::kIpRemoteAddress, DataType::kByteArray16, FieldKind::kIpAddress},
    LayerField{Field::kIpRemotePort, DataType::kUint16, FieldKind::kRawData},
    LayerField{Field::kIpLocalInterface, DataType::kUint64, FieldKind::kRawData},
    LayerField{Field::kFlags, DataType::kUint32, FieldKind::kFlags},
    LayerField{Field::kAlePackageId, DataType::kSid, FieldKind::kRawData},
    LayerField{Field::kAleSecurityAttributeFqbnValue, DataType::kByteBlob, FieldKind::kRawData},
    LayerField{Field::kCompartmentId, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kAlePackageFamilyName, DataType::kTokenAccessInformation, FieldKind::kRawData},
};

constexpr std::array kKmAuthorizationFields{
    LayerField{Field::kRemoteId, DataType::kTokenInformation, FieldKind::kRawData},
    LayerField{Field::kAuthenticationType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kKmType, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kDirection, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kKmMode, DataType::kUint32, FieldKind::kRawData},
    LayerField{Field::kIpsecPolicyKey, DataType::kByteArray16, FieldKind::kRawData},
    LayerField{Field::kKmAuthNapContext, DataType::kUint32, FieldKind::kRawData},
};

}  // namespace

std::span<const LayerField> layer_fields(LayerId layer) {
  switch (layer) {
    // A DISCARD layer sees what was dropped at the layer of its name: the same fields.
    case LayerId::kInboundTransportV4: return kInboundTransportV4Fields;
    case LayerId::kInboundTransportV4Discard: return kInboundTransportV4Fields;
    case LayerId::kInboundTransportV6: return kInboundTransportV6Fields;
    case LayerId::kInboundTransportV6Discard: return kInboundTransportV6Fields;
    case LayerId::kOutboundTransportV4: return kOutboundTransportV4Fields;
    case LayerId::kOutboundTransportV6: return kOutboundTransportV6Fields;
    case LayerId::kStreamV4: return kStreamV4Fields;
    case LayerId::kStreamV6: return kStreamV6Fields;
    case LayerId::kDatagramDataV4: return kDatagramDataV4Fields;
    case LayerId::kDatagramDataV6: return kDatagramDataV6Fields;
    case LayerId::kAleResourceAssignmentV4: return kAleResourceAssignmentV4Fields;
    case LayerId::kAleResourceAssignmentV4Discard: return kAleResourceAssignmentV4Fields;
    case LayerId::kAleResourceAssignmentV6: return kAleResourceAssignmentV6Fields;
    case LayerId::kAleResourceAssignmentV6Discard: return kAleResourceAssignmentV6Fields;
    case LayerId::kAleAuthListenV4: return kAleAuthListenV4Fields;
    case LayerId::kAleAuthListenV4Discard: return kAleAuthListenV4Fields;
    case LayerId::kAleAuthListenV6: return kAleAuthListenV6Fields;
    case LayerId::kAleAuthListenV6Discard: return kAleAuthListenV6Fields;
    case LayerId::kAleAuthRecvAcceptV4: return kAleAuthRecvAcceptV4Fields;
    case LayerId::kAleAuthRecvAcceptV4Discard: return kAleAuthRecvAcceptV4Fields;
    case LayerId::kAleAuthRecvAcceptV6: return kAleAuthRecvAcceptV6Fields;
    case LayerId::kAleAuthRecvAcceptV6Discard: return kAleAuthRecvAcceptV6Fields;
    case LayerId::kAleAuthConnectV4: return kAleAuthConnectV4Fields;
    case LayerId::kAleAuthConnectV4Discard: return kAleAuthConnectV4Fields;
    case LayerId::kAleAuthConnectV6: return kAleAuthConnectV6Fields;
    case LayerId::kAleAuthConnectV6Discard: return kAleAuthConnectV6Fields;
    case LayerId::kAleFlowEstablishedV4: return kAleFlowEstablishedV4Fields;
    case LayerId::kAleFlowEstablishedV4Discard: return kAleFlowEstablishedV4Fields;
    case LayerId::kAleFlowEstablishedV6: return kAleFlowEstablishedV6Fields;
    case LayerId::kAleFlowEstablishedV6Discard: return kAleFlowEstablishedV6Fields;
    case LayerId::kAleResourceReleaseV4: return kAleResourceReleaseV4Fields;
    case LayerId::kAleResourceReleaseV6: return kAleResourceReleaseV6Fields;
    case LayerId::kAleEndpointClosureV4: return kAleEndpointClosureV4Fields;
    case LayerId::kAleEndpointClosureV6: return kAleEndpointClosureV6Fields;
    case LayerId::kIpsecKmDemuxV4: return kIpsecKmDemuxV4Fields;
    case LayerId::kIpsecKmDemuxV6: return kIpsecKmDemuxV6Fields;
    case LayerId::kIpsecV4: return kIpsecV4Fields;
    case LayerId::kIpsecV6: return kIpsecV6Fields;
    case LayerId::kIkeextV4: return kIkeextV4Fields;
    case LayerId::kIkeextV6: return kIkeextV6Fields;
    case LayerId::kKmAuthorization: return kKmAuthorizationFields;
    default: return {};
  }
}

const LayerField* layer_field(LayerId layer, Field field) {
  const std::span<const LayerField> fields = layer_fields(layer);
  const auto found = std::ranges::find(fields, field, &LayerField::field);
  return found == fields.end() ? nullptr : &*found;
}

}  // namespace ssx::wfp
