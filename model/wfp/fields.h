// model/wfp/fields.h: the condition fields of all layers. Source: wfp-model.md 3.3.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "model/base/guid.h"

namespace ssx::wfp {

/// FWPM_CONDITION_*. The model names a field by this number, the C functions by its key.
enum class Field : std::uint8_t {
  kAleAppId,
  kAleEffectiveName,
  kAleNapContext,
  kAleOriginalAppId,
  kAlePackageId,
  kAlePromiscuousMode,
  kAleRemoteMachineId,
  kAleRemoteUserId,
  kAleSecurityAttributeFqbnValue,
  kAleSioFirewallSystemPort,
  kAleUserId,
  kArrivalInterfaceIndex,
  kArrivalInterfaceType,
  kArrivalTunnelType,
  kAuthenticationType,
  kCompartmentId,
  kCurrentProfileId,
  kDirection,
  kEmbeddedProtocol,
  kFlags,
  kInterfaceIndex,
  kInterfaceQuarantineEpoch,
  kInterfaceType,
  kIpsecPolicyKey,
  kIpsecSecurityRealmId,
  kIpArrivalInterface,
  kIpDestinationAddressType,
  kIpLocalAddress,
  kIpLocalAddressType,
  kIpLocalInterface,
  kIpLocalPort,
  kIpNexthopInterface,
  kIpProtocol,
  kIpRemoteAddress,
  kIpRemotePort,
  kKmAuthNapContext,
  kKmMode,
  kKmType,
  kLocalInterfaceProfileId,
  kNexthopInterfaceIndex,
  kNexthopInterfaceType,
  kNexthopSubInterfaceIndex,
  kNexthopTunnelType,
  kOriginalIcmpType,
  kOriginalProfileId,
  kPeerName,
  kQmMode,
  kReauthorizeReason,
  kRemoteId,
  kReserved0,
  kReserved1,
  kReserved2,
  kReserved3,
  kSubInterfaceIndex,
  kTunnelType,
  kAlePackageFamilyName,
  kUnknown,  // a key that names no field; a filter that has it is refused
};
inline constexpr std::size_t kFieldCount = static_cast<std::size_t>(Field::kUnknown);

/// The name without FWPM_CONDITION_: "IP_REMOTE_PORT".
std::string_view field_name(Field field);
/// The SDK's name, "FWPM_CONDITION_IP_REMOTE_PORT"; empty for kUnknown.
std::string_view field_full_name(Field field);
/// The key; zero for ALE_PACKAGE_FAMILY_NAME, whose key is not public.
Guid field_key(Field field);
/// The field with this key, or kUnknown.
Field field_by_key(const Guid& key);
/// The field with this name (also by the aliases ICMP_TYPE and ICMP_CODE), with or without FWPM_CONDITION_, or
/// kUnknown.
Field field_by_name(std::string_view name);

}  // namespace ssx::wfp
