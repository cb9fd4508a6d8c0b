// model/wfp/guids.h: the published keys of built-in objects, and the tables that map them to names and back.
// Source: wfp-model.md 2.2, 2.7, 3.1, 3.3, 5.3.6, 7.2; api-contract.md 3.9. Keys of layers: layers.h; of fields:
// fields.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "model/base/guid.h"

namespace ssx::wfp {

// Sublayers (2.2). MPSSVC_APP_ISOLATION has no public key.
inline constexpr Guid kSublayerRpcAudit = guid("758c84f4-fb48-4de9-9aeb-3ed9551ab1fd");
inline constexpr Guid kSublayerIpsecTunnel = guid("83f299ed-9ff4-4967-aff4-c309f4dab827");
inline constexpr Guid kSublayerIpsecForwardOutboundTunnel = guid("a5082e73-8f71-4559-8a9a-101cea04ef87");
inline constexpr Guid kSublayerIpsecDosp = guid("e076d572-5d3d-48ef-802b-909eddb098bd");
inline constexpr Guid kSublayerUniversal = guid("eebecc03-ced4-4380-819a-2734397b2b74");
inline constexpr Guid kSublayerLips = guid("1b75c0ce-ff60-4711-a70f-b4958cc3b2d0");
inline constexpr Guid kSublayerSecureSocket = guid("15a66e17-3f3c-4f7b-aa6c-812aa613dd82");
inline constexpr Guid kSublayerIpsecSecurityRealm = guid("37a57701-5884-4964-92b8-3e704688b0ad");
inline constexpr Guid kSublayerTcpTemplates = guid("24421dcf-0ac5-4caa-9e14-50f6e3636af0");
inline constexpr Guid kSublayerTcpChimneyOffload = guid("337608b9-b7d5-4d5f-82f9-3618618bc058");
inline constexpr Guid kSublayerMpssvcTenantRestrictions = guid("1ec6c7e1-fdd9-478a-b55f-ff8ba1d2c17d");
inline constexpr Guid kSublayerMpssvcEdp = guid("09a47e38-fa97-471b-b123-18bcd7e65071");
inline constexpr Guid kSublayerMpssvcQuarantine = guid("b3cdd441-af90-41ba-a745-7c6008ff2302");
inline constexpr Guid kSublayerMpssvcWsh = guid("b3cdd441-af90-41ba-a745-7c6008ff2300");
inline constexpr Guid kSublayerMpssvcWf = guid("b3cdd441-af90-41ba-a745-7c6008ff2301");
inline constexpr Guid kSublayerTeredo = guid("ba69dc66-5176-4979-9c89-26a7b46a8327");
inline constexpr Guid kSublayerInspection = guid("877519e1-e6a9-41a5-81b4-8c4f118e4a60");

// Callouts (2.7).
inline constexpr Guid kCalloutIpsecInboundTransportV4 = guid("5132900d-5e84-4b5f-80e4-01741e81ff10");
inline constexpr Guid kCalloutIpsecInboundTransportV6 = guid("49d3ac92-2a6c-4dcf-955f-1c3be009dd99");
inline constexpr Guid kCalloutIpsecOutboundTransportV4 = guid("4b46bf0a-4523-4e57-aa38-a87987c910d9");
inline constexpr Guid kCalloutIpsecOutboundTransportV6 = guid("38d87722-ad83-4f11-a91f-df0fb077225b");
inline constexpr Guid kCalloutIpsecInboundTunnelV4 = guid("191a8a46-0bf8-46cf-b045-4b45dfa6a324");
inline constexpr Guid kCalloutIpsecInboundTunnelV6 = guid("80c342e3-1e53-4d6f-9b44-03df5aeee154");
inline constexpr Guid kCalloutIpsecOutboundTunnelV4 = guid("70a4196c-835b-4fb0-98e8-075f4d977d46");
inline constexpr Guid kCalloutIpsecOutboundTunnelV6 = guid("f1835363-a6a5-4e62-b180-23db789d8da6");
inline constexpr Guid kCalloutIpsecForwardInboundTunnelV4 = guid("28829633-c4f0-4e66-873f-844db2a899c7");
inline constexpr Guid kCalloutIpsecForwardInboundTunnelV6 = guid("af50bec2-c686-429a-884d-b74443e7b0b4");
inline constexpr Guid kCalloutIpsecForwardOutboundTunnelV4 = guid("fb532136-15cb-440b-937c-1717ca320c40");
inline constexpr Guid kCalloutIpsecForwardOutboundTunnelV6 = guid("dae640cc-e021-4bee-9eb6-a48b275c8c1d");
inline constexpr Guid kCalloutIpsecInboundInitiateSecureV4 = guid("7dff309b-ba7d-4aba-91aa-ae5c6640c944");
inline constexpr Guid kCalloutIpsecInboundInitiateSecureV6 = guid("a9a0d6d9-c58c-474e-8aeb-3cfe99d6d53d");
inline constexpr Guid kCalloutIpsecAleConnectV4 = guid("6ac141fc-f75d-4203-b9c8-48e6149c2712");
inline constexpr Guid kCalloutIpsecAleConnectV6 = guid("4c0dda05-e31f-4666-90b0-b3dfad34129a");
inline constexpr Guid kCalloutIpsecInboundTunnelAleAcceptV4 = guid("3df6e7de-fd20-48f2-9f26-f854444cba79");
inline constexpr Guid kCalloutIpsecInboundTunnelAleAcceptV6 = guid("a1e392d3-72ac-47bb-87a7-0122c69434ab");
inline constexpr Guid kCalloutSetOptionsAuthConnectLayerV4 = guid("bc582280-1677-41e9-94ab-c2fcb15c2eeb");
inline constexpr Guid kCalloutSetOptionsAuthConnectLayerV6 = guid("98e5373c-b884-490f-b65f-2f6a4a575195");
inline constexpr Guid kCalloutSetOptionsAuthRecvAcceptLayerV4 = guid("2d55f008-0c01-4f92-b26e-a08a94569b8d");
inline constexpr Guid kCalloutSetOptionsAuthRecvAcceptLayerV6 = guid("63018537-f281-4dc4-83d3-8dec18b7ade2");
inline constexpr Guid kCalloutIpsecDospForwardV4 = guid("2fcb56ec-cd37-4b4f-b108-62c2b1850a0c");
inline constexpr Guid kCalloutIpsecDospForwardV6 = guid("6d08a342-db9e-4fbe-9ed2-57374ce89f79");
inline constexpr Guid kCalloutWfpTransportLayerV4SilentDrop = guid("eda08606-2494-4d78-89bc-67837c03b969");
inline constexpr Guid kCalloutWfpTransportLayerV6SilentDrop = guid("8693cc74-a075-4156-b476-9286eece814e");

// Built-in provider contexts (7.2).
inline constexpr Guid kContextSecureSocketAuthip = guid("b25ea800-0d02-46ed-92bd-7fa84bb73e9d");
inline constexpr Guid kContextSecureSocketIpsec = guid("8c2d4144-f8e0-42c0-94ce-7ccfc63b2f9b");
/// SOCKET_DEFAULT2_QM_POLICY (P-19).
inline constexpr Guid kContextSocketDefault2QmPolicy = guid("aec2ef9c-3a4d-4d3e-8842-239942e39a47");

// Providers.
inline constexpr Guid kProviderIkeext = guid("10ad9216-ccde-456c-8b16-e9f04e60a90b");

// Keying modules (5.3.6).
inline constexpr Guid kKeyingModuleIke = guid("a9bbf787-82a8-45bb-a400-5d7e5952c7a9");
inline constexpr Guid kKeyingModuleAuthip = guid("11e3dae0-dd26-4590-857d-ab4b28d1a095");
inline constexpr Guid kKeyingModuleIkev2 = guid("041792cc-8f07-419d-a394-716968cb1647");

/// Keys are unique within a kind only (1.5).
enum class GuidKind : std::uint8_t {
  kLayer,
  kSublayer,
  kCallout,
  kConditionField,
  kProvider,
  kProviderContext,
  kKeyingModule,
};

/// The SDK's name of a published key: "FWPM_SUBLAYER_UNIVERSAL"; empty if the key is not published.
std::string_view guid_name(GuidKind kind, const Guid& key);
/// The key of an SDK name; nothing if there is no such name, or its key is not public.
std::optional<Guid> guid_by_name(GuidKind kind, std::string_view name);

}  // namespace ssx::wfp
