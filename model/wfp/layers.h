// model/wfp/layers.h: the run-time layers and the fields that each of them knows. Source: wfp-model.md 3.1, 3.2.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "model/base/address.h"
#include "model/base/guid.h"
#include "model/wfp/fields.h"
#include "model/wfp/values.h"

namespace ssx::wfp {

/// Run-time layer ids as observed on Windows 11. Imports map by name or key, never by number.
enum class LayerId : std::uint16_t {
  kInboundIppacketV4 = 0,
  kInboundIppacketV4Discard = 1,
  kInboundIppacketV6 = 2,
  kInboundIppacketV6Discard = 3,
  kOutboundIppacketV4 = 4,
  kOutboundIppacketV4Discard = 5,
  kOutboundIppacketV6 = 6,
  kOutboundIppacketV6Discard = 7,
  kIpforwardV4 = 8,
  kIpforwardV4Discard = 9,
  kIpforwardV6 = 10,
  kIpforwardV6Discard = 11,
  kInboundTransportV4 = 12,
  kInboundTransportV4Discard = 13,
  kInboundTransportV6 = 14,
  kInboundTransportV6Discard = 15,
  kOutboundTransportV4 = 16,
  kOutboundTransportV4Discard = 17,
  kOutboundTransportV6 = 18,
  kOutboundTransportV6Discard = 19,
  kStreamV4 = 20,
  kStreamV4Discard = 21,
  kStreamV6 = 22,
  kStreamV6Discard = 23,
  kDatagramDataV4 = 24,
  kDatagramDataV4Discard = 25,
  kDatagramDataV6 = 26,
  kDatagramDataV6Discard = 27,
  kInboundIcmpErrorV4 = 28,
  kInboundIcmpErrorV4Discard = 29,
  kInboundIcmpErrorV6 = 30,
  kInboundIcmpErrorV6Discard = 31,
  kOutboundIcmpErrorV4 = 32,
  kOutboundIcmpErrorV4Discard = 33,
  kOutboundIcmpErrorV6 = 34,
  kOutboundIcmpErrorV6Discard = 35,
  kAleResourceAssignmentV4 = 36,
  kAleResourceAssignmentV4Discard = 37,
  kAleResourceAssignmentV6 = 38,
  kAleResourceAssignmentV6Discard = 39,
  kAleAuthListenV4 = 40,
  kAleAuthListenV4Discard = 41,
  kAleAuthListenV6 = 42,
  kAleAuthListenV6Discard = 43,
  kAleAuthRecvAcceptV4 = 44,
  kAleAuthRecvAcceptV4Discard = 45,
  kAleAuthRecvAcceptV6 = 46,
  kAleAuthRecvAcceptV6Discard = 47,
  kAleAuthConnectV4 = 48,
  kAleAuthConnectV4Discard = 49,
  kAleAuthConnectV6 = 50,
  kAleAuthConnectV6Discard = 51,
  kAleFlowEstablishedV4 = 52,
  kAleFlowEstablishedV4Discard = 53,
  kAleFlowEstablishedV6 = 54,
  kAleFlowEstablishedV6Discard = 55,
  kInboundMacFrameEthernet = 56,
  kOutboundMacFrameEthernet = 57,
  kInboundMacFrameNative = 58,
  kOutboundMacFrameNative = 59,
  kNameResolutionCacheV4 = 60,
  kNameResolutionCacheV6 = 61,
  kAleResourceReleaseV4 = 62,
  kAleResourceReleaseV6 = 63,
  kAleEndpointClosureV4 = 64,
  kAleEndpointClosureV6 = 65,
  kAleConnectRedirectV4 = 66,
  kAleConnectRedirectV6 = 67,
  kAleBindRedirectV4 = 68,
  kAleBindRedirectV6 = 69,
  kStreamPacketV4 = 70,
  kStreamPacketV6 = 71,
  kIngressVswitchEthernet = 72,
  kEgressVswitchEthernet = 73,
  kIngressVswitchTransportV4 = 74,
  kIngressVswitchTransportV6 = 75,
  kEgressVswitchTransportV4 = 76,
  kEgressVswitchTransportV6 = 77,
  kInboundTransportFast = 78,
  kOutboundTransportFast = 79,
  kInboundMacFrameNativeFast = 80,
  kOutboundMacFrameNativeFast = 81,
  kInboundReserved2 = 82,
  kUnnamed83 = 83,
  kUnnamed84 = 84,
  kOutboundNetworkConnectionPolicyV4 = 85,
  kOutboundNetworkConnectionPolicyV6 = 86,
  kIpsecKmDemuxV4 = 87,
  kIpsecKmDemuxV6 = 88,
  kIpsecV4 = 89,
  kIpsecV6 = 90,
  kIkeextV4 = 91,
  kIkeextV6 = 92,
  kRpcUm = 93,
  kRpcEpmap = 94,
  kRpcEpAdd = 95,
  kRpcProxyConn = 96,
  kRpcProxyIf = 97,
  kKmAuthorization = 98,
  kUnknown = 0xFFFF,  // a key that names no layer; an object that has it is refused
};
inline constexpr std::size_t kLayerCount = 99;

/// FWPM_LAYER_FLAG_*.
inline constexpr std::uint32_t kLayerKernel = 0x1;
inline constexpr std::uint32_t kLayerBuiltin = 0x2;
inline constexpr std::uint32_t kLayerClassifyMostly = 0x4;
inline constexpr std::uint32_t kLayerBuffered = 0x8;

/// A layer as the store shows it. Layers are read-only (W-059).
struct LayerInfo {
  LayerId id = LayerId::kUnknown;
  std::string_view full_name;  // "FWPM_LAYER_IPSEC_V4"; empty for the two unnamed layers
  Guid key;                    // zero where the key is not public (ids 85 and 86)
  std::uint32_t flags = 0;
  bool modelled = false;  // the model classifies here

  std::string_view name() const;  // without FWPM_LAYER_
  bool is_kernel() const { return (flags & kLayerKernel) != 0; }
};

enum class FieldKind : std::uint8_t { kRawData, kIpAddress, kFlags };

/// One field of a layer.
struct LayerField {
  Field field = Field::kUnknown;
  DataType type = DataType::kEmpty;
  FieldKind kind = FieldKind::kRawData;
};

/// All layers, by id.
std::span<const LayerInfo> layers();
/// @param layer  not kUnknown
const LayerInfo& layer_info(LayerId layer);
/// "OUTBOUND_TRANSPORT_V4"; "unnamed layer" where there is none.
std::string_view layer_name(LayerId layer);
/// The layer with this key, or kUnknown.
LayerId layer_by_key(const Guid& key);
/// The layer with this name, with or without FWPM_LAYER_, or kUnknown.
LayerId layer_by_name(std::string_view name);
/// The default sublayer: UNIVERSAL at every layer (W-061).
const Guid& default_sublayer(LayerId layer);

/// The fields of a layer in Windows' order. Empty where the specification lists none: there, any known field may be
/// stored with a value of any type (wfp-model.md 0.3: such layers exist so that imports succeed), and nothing matches.
std::span<const LayerField> layer_fields(LayerId layer);
/// The field's entry at this layer, or null.
const LayerField* layer_field(LayerId layer, Field field);

/// A layer that exists once per IP version, by its IPv4 half.
constexpr LayerId for_version(LayerId v4, LayerId v6, IpVersion version) { return version == IpVersion::kV4 ? v4 : v6; }
constexpr LayerId inbound_transport(IpVersion version) {
  return for_version(LayerId::kInboundTransportV4, LayerId::kInboundTransportV6, version);
}
constexpr LayerId outbound_transport(IpVersion version) {
  return for_version(LayerId::kOutboundTransportV4, LayerId::kOutboundTransportV6, version);
}
constexpr LayerId ale_resource_assignment(IpVersion version) {
  return for_version(LayerId::kAleResourceAssignmentV4, LayerId::kAleResourceAssignmentV6, version);
}
constexpr LayerId ale_auth_listen(IpVersion version) {
  return for_version(LayerId::kAleAuthListenV4, LayerId::kAleAuthListenV6, version);
}
constexpr LayerId ale_auth_connect(IpVersion version) {
  return for_version(LayerId::kAleAuthConnectV4, LayerId::kAleAuthConnectV6, version);
}
constexpr LayerId ale_auth_recv_accept(IpVersion version) {
  return for_version(LayerId::kAleAuthRecvAcceptV4, LayerId::kAleAuthRecvAcceptV6, version);
}
constexpr LayerId ale_flow_established(IpVersion version) {
  return for_version(LayerId::kAleFlowEstablishedV4, LayerId::kAleFlowEstablishedV6, version);
}
constexpr LayerId ale_resource_release(IpVersion version) {
  return for_version(LayerId::kAleResourceReleaseV4, LayerId::kAleResourceReleaseV6, version);
}
constexpr LayerId ale_endpoint_closure(IpVersion version) {
  return for_version(LayerId::kAleEndpointClosureV4, LayerId::kAleEndpointClosureV6, version);
}
constexpr LayerId stream(IpVersion version) { return for_version(LayerId::kStreamV4, LayerId::kStreamV6, version); }
constexpr LayerId datagram_data(IpVersion version) {
  return for_version(LayerId::kDatagramDataV4, LayerId::kDatagramDataV6, version);
}
constexpr LayerId ikeext(IpVersion version) { return for_version(LayerId::kIkeextV4, LayerId::kIkeextV6, version); }
constexpr LayerId ipsec(IpVersion version) { return for_version(LayerId::kIpsecV4, LayerId::kIpsecV6, version); }
constexpr LayerId keying_module_demux(IpVersion version) {
  return for_version(LayerId::kIpsecKmDemuxV4, LayerId::kIpsecKmDemuxV6, version);
}

}  // namespace ssx::wfp
