#include "model/wfp/layers.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "model/wfp/guids.h"

namespace ssx::wfp {
namespace {

constexpr std::string_view kPrefix = "FWPM_LAYER_";
constexpr std::uint32_t kUserLayer = kLayerBuiltin | kLayerClassifyMostly;
constexpr std::uint32_t kKernelLayer = kLayerKernel | kUserLayer;

constexpr std::array kLayers{
    LayerInfo{LayerId::kInboundIppacketV4, "FWPM_LAYER_INBOUND_IPPACKET_V4",
              guid("c86fd1bf-21cd-497e-a0bb-17425c885c58"), kKernelLayer, false},
    LayerInfo{LayerId::kInboundIppacketV4Discard, "FWPM_LAYER_INBOUND_IPPACKET_V4_DISCARD",
              guid("b5a230d0-a8c0-44f2-916e-991b53ded1f7"), kKernelLayer, true},
    LayerInfo{LayerId::kInboundIppacketV6, "FWPM_LAYER_INBOUND_IPPACKET_V6",
              guid("f52032cb-991c-46e7-971d-2601459a91ca"), kKernelLayer, false},
    LayerInfo{LayerId::kInboundIppacketV6Discard, "FWPM_LAYER_INBOUND_IPPACKET_V6_DISCARD",
              guid("bb24c279-93b4-47a2-83ad-ae1698b50885"), kKernelLayer, true},
    LayerInfo{LayerId::kOutboundIppacketV4, "FWPM_LAYER_OUTBOUND_IPPACKET_V4",
              guid("1e5c9fae-8a84-4135-a331-950b54229ecd"), kKernelLayer, false},
    LayerInfo{LayerId::kOutboundIppacketV4Discard, "FWPM_LAYER_OUTBOUND_IPPACKET_V4_DISCARD",
              guid("08e4bcb5-b647-48f3-953c-e5ddbd03937e"), kKernelLayer, false},
    LayerInfo{LayerId::kOutboundIppacketV6, "FWPM_LAYER_OUTBOUND_IPPACKET_V6",
              guid("a3b3ab6b-3564-488c-9117-f34e82142763"), kKernelLayer, false},
    LayerInfo{LayerId::kOutboundIppacketV6Discard, "FWPM_LAYER_OUTBOUND_IPPACKET_V6_DISCARD",
              guid("9513d7c4-a934-49dc-91a7-6ccb80cc02e3"), kKernelLayer, false},
    LayerInfo{LayerId::kIpforwardV4, "FWPM_LAYER_IPFORWARD_V4", guid("a82acc24-4ee1-4ee1-b465-fd1d25cb10a4"),
              kKernelLayer, false},
    LayerInfo{LayerId::kIpforwardV4Discard, "FWPM_LAYER_IPFORWARD_V4_DISCARD",
              guid("9e9ea773-2fae-4210-8f17-34129ef369eb"), kKernelLayer, false},
    LayerInfo{LayerId::kIpforwardV6, "FWPM_LAYER_IPFORWARD_V6", guid("7b964818-19c7-493a-b71f-832c3684d28c"),
              kKernelLayer, false},
    LayerInfo{LayerId::kIpforwardV6Discard, "FWPM_LAYER_IPFORWARD_V6_DISCARD",
              guid("31524a5d-1dfe-472f-bb93-518ee945d8a2"), kKernelLayer, false},
    LayerInfo{LayerId::kInboundTransportV4, "FWPM_LAYER_INBOUND_TRANSPORT_V4",
              guid("5926dfc8-e3cf-4426-a283-dc393f5d0f9d"), kKernelLayer, true},
    LayerInfo{LayerId::kInboundTransportV4Discard, "FWPM_LAYER_INBOUND_TRANSPORT_V4_DISCARD",
              guid("ac4a9833-f69d-4648-b261-6dc84835ef39"), kKernelLayer, true},
    LayerInfo{LayerId::kInboundTransportV6, "FWPM_LAYER_INBOUND_TRANSPORT_V6",
              guid("634a869f-fc23-4b90-b0c1-bf620a36ae6f"), kKernelLayer, true},
    LayerInfo{LayerId::kInboundTransportV6Discard, "FWPM_LAYER_INBOUND_TRANSPORT_V6_DISCARD",
              guid("2a6ff955-3b2b-49d2-9848-ad9d72dcaab7"), kKernelLayer, true},
    LayerInfo{LayerId::kOutboundTransportV4, "FWPM_LAYER_OUTBOUND_TRANSPORT_V4",
              guid("09e61aea-d214-46e2-9b21-b26b0b2f28c8"), kKernelLayer, true},
    LayerInfo{LayerId::kOutboundTransportV4Discard, "FWPM_LAYER_OUTBOUND_TRANSPORT_V4_DISCARD",
              guid("c5f10551-bdb0-43d7-a313-50e211f4d68a"), kKernelLayer, false},
    LayerInfo{LayerId::kOutboundTransportV6, "FWPM_LAYER_OUTBOUND_TRANSPORT_V6",
              guid("e1735bde-013f-4655-b351-a49e15762df0"), kKernelLayer, true},
    LayerInfo{LayerId::kOutboundTransportV6Discard, "FWPM_LAYER_OUTBOUND_TRANSPORT_V6_DISCARD",
              guid("f433df69-ccbd-482e-b9b2-57165658c3b3"), kKernelLayer, false},
    LayerInfo{LayerId::kStreamV4, "FWPM_LAYER_STREAM_V4", guid("3b89653c-c170-49e4-b1cd-e0eeeee19a3e"),
              kKernelLayer | kLayerBuffered, true},
    LayerInfo{LayerId::kStreamV4Discard, "FWPM_LAYER_STREAM_V4_DISCARD", guid("25c4c2c2-25ff-4352-82f9-c54a4a4726dc"),
              kKernelLayer | kLayerBuffered, false},
    LayerInfo{LayerId::kStreamV6, "FWPM_LAYER_STREAM_V6", guid("47c9137a-7ec4-46b3-b6e4-48e926b1eda4"),
              kKernelLayer | kLayerBuffered, true},
    LayerInfo{LayerId::kStreamV6Discard, "FWPM_LAYER_STREAM_V6_DISCARD", guid("10a59fc7-b628-4c41-9eb8-cf37d55103cf"),
              kKernelLayer | kLayerBuffered, false},
    LayerInfo{LayerId::kDatagramDataV4, "FWPM_LAYER_DATAGRAM_DATA_V4", guid("3d08bf4e-45f6-4930-a922-417098e20027"),
              kKernelLayer, true},
    LayerInfo{LayerId::kDatagramDataV4Discard, "FWPM_LAYER_DATAGRAM_DATA_V4_DISCARD",
              guid("18e330c6-7248-4e52-aaab-472ed67704fd"), kKernelLayer, false},
    LayerInfo{LayerId::kDatagramDataV6, "FWPM_LAYER_DATAGRAM_DATA_V6", guid("fa45fe2f-3cba-4427-87fc-57b9a4b10d00"),
              kKernelLayer, true},
    LayerInfo{LayerId::kDatagramDataV6Discard, "FWPM_LAYER_DATAGRAM_DATA_V6_DISCARD",
              guid("09d1dfe1-9b86-4a42-be9d-8c315b92a5d0"), kKernelLayer, false},
    LayerInfo{LayerId::kInboundIcmpErrorV4, "FWPM_LAYER_INBOUND_ICMP_ERROR_V4",
              guid("61499990-3cb6-4e84-b950-53b94b6964f3"), kKernelLayer, false},
    LayerInfo{LayerId::kInboundIcmpErrorV4Discard, "FWPM_LAYER_INBOUND_ICMP_ERROR_V4_DISCARD",
              guid("a6b17075-ebaf-4053-a4e7-213c8121ede5"), kKernelLayer, false},
    LayerInfo{LayerId::kInboundIcmpErrorV6, "FWPM_LAYER_INBOUND_ICMP_ERROR_V6",
              guid("65f9bdff-3b2d-4e5d-b8c6-c720651fe898"), kKernelLayer, false},
    LayerInfo{LayerId::kInboundIcmpErrorV6Discard, "FWPM_LAYER_INBOUND_ICMP_ERROR_V6_DISCARD",
              guid("a6e7ccc0-08fb-468d-a472-9771d5595e09"), kKernelLayer, false},
    LayerInfo{LayerId::kOutboundIcmpErrorV4, "FWPM_LAYER_OUTBOUND_ICMP_ERROR_V4",
              guid("41390100-564c-4b32-bc1d-718048354d7c"), kKernelLayer, false},
    LayerInfo{LayerId::kOutboundIcmpErrorV4Discard, "FWPM_LAYER_OUTBOUND_ICMP_ERROR_V4_DISCARD",
              guid("b3598d36-0561-4588-a6bf-e955e3f6264b"), kKernelLayer, false},
    LayerInfo{LayerId::kOutboundIcmpErrorV6, "FWPM_LAYER_OUTBOUND_ICMP_ERROR_V6",
              guid("7fb03b60-7b8d-4dfa-badd-980176fc4e12"), kKernelLayer, false},
    LayerInfo{LayerId::kOutboundIcmpErrorV6Discard, "FWPM_LAYER_OUTBOUND_ICMP_ERROR_V6_DISCARD",
              guid("65f2e647-8d0c-4f47-b19b-33a4d3f1357c"), kKernelLayer, false},
    LayerInfo{LayerId::kAleResourceAssignmentV4, "FWPM_LAYER_ALE_RESOURCE_ASSIGNMENT_V4",
              guid("1247d66d-0b60-4a15-8d44-7155d0f53a0c"), kKernelLayer, true},
    LayerInfo{LayerId::kAleResourceAssignmentV4Discard, "FWPM_LAYER_ALE_RESOURCE_ASSIGNMENT_V4_DISCARD",
              guid("0b5812a2-c3ff-4eca-b88d-c79e20ac6322"), kKernelLayer, true},
    LayerInfo{LayerId::kAleResourceAssignmentV6, "FWPM_LAYER_ALE_RESOURCE_ASSIGNMENT_V6",
              guid("55a650e1-5f0a-4eca-a653-88f53b26aa8c"), kKernelLayer, true},
    LayerInfo{LayerId::kAleResourceAssignmentV6Discard, "FWPM_LAYER_ALE_RESOURCE_ASSIGNMENT_V6_DISCARD",
              guid("cbc998bb-c51f-4c1a-bb4f-9775fcacab2f"), kKernelLayer, true},
    LayerInfo{LayerId::kAleAuthListenV4, "FWPM_LAYER_ALE_AUTH_LISTEN_V4", guid("88bb5dad-76d7-4227-9c71-df0a3ed7be7e"),
              kKernelLayer, true},
    LayerInfo{LayerId::kAleAuthListenV4Discard, "FWPM_LAYER_ALE_AUTH_LISTEN_V4_DISCARD",
              guid("371dfada-9f26-45fd-b4eb-c29eb212893f"), kKernelLayer, true},
    LayerInfo{LayerId::kAleAuthListenV6, "FWPM_LAYER_ALE_AUTH_LISTEN_V6", guid("7ac9de24-17dd-4814-b4bd-a9fbc95a321b"),
              kKernelLayer, true},
    LayerInfo{LayerId::kAleAuthListenV6Discard, "FWPM_LAYER_ALE_AUTH_LISTEN_V6_DISCARD",
              guid("60703b07-63c8-48e9-ada3-12b1af40a617"), kKernelLayer, true},
    LayerInfo{LayerId::kAleAuthRecvAcceptV4, "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT_V4",
              guid("e1cd9fe7-f4b5-4273-96c0-592e487b8650"), kKernelLayer, true},
    LayerInfo{LayerId::kAleAuthRecvAcceptV4Discard, "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT_V4_DISCARD",
              guid("9eeaa99b-bd22-4227-919f-0073c63357b1"), kKernelLayer, true},
    LayerInfo{LayerId::kAleAuthRecvAcceptV6, "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT_V6",
              guid("a3b42c97-9f04-4672-b87e-cee9c483257f"), kKernelLayer, true},
    LayerInfo{LayerId::kAleAuthRecvAcceptV6Discard, "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT_V6_DISCARD",
              guid("89455b97-dbe1-453f-a224-13da895af396"), kKernelLayer, true},
    LayerInfo{LayerId::kAleAuthConnectV4, "FWPM_LAYER_ALE_AUTH_CONNECT_V4",
              guid("c38d57d1-05a7-4c33-904f-7fbceee60e82"), kKernelLayer, true},
    LayerInfo{LayerId::kAleAuthConnectV4Discard, "FWPM_LAYER_ALE_AUTH_CONNECT_V4_DISCARD",
              guid("d632a801-f5ba-4ad6-96e3-607017d9836a"), kKernelLayer, true},
    LayerInfo{LayerId::kAleAuthConnectV6, "FWPM_LAYER_ALE_AUTH_CONNECT_V6",
              guid("4a72393b-319f-44bc-84c3-ba54dcb3b6b4"), kKernelLayer, true},
    LayerInfo{LayerId::kAleAuthConnectV6Discard, "FWPM_LAYER_ALE_AUTH_CONNECT_V6_DISCARD",
              guid("c97bc3b8-c9a3-4e33-8695-8e17aad4de09"), kKernelLayer, true},
    LayerInfo{LayerId::kAleFlowEstablishedV4, "FWPM_LAYER_ALE_FLOW_ESTABLISHED_V4",
              guid("af80470a-5596-4c13-9992-539e6fe57967"), kKernelLayer, true},
    LayerInfo{LayerId::kAleFlowEstablishedV4Discard, "FWPM_LAYER_ALE_FLOW_ESTABLISHED_V4_DISCARD",
              guid("146ae4a9-a1d2-4d43-a31a-4c42682b8e4f"), kKernelLayer, true},
    LayerInfo{LayerId::kAleFlowEstablishedV6, "FWPM_LAYER_ALE_FLOW_ESTABLISHED_V6",
              guid("7021d2b3-dfa4-406e-afeb-6afaf7e70efd"), kKernelLayer, true},
    LayerInfo{LayerId::kAleFlowEstablishedV6Discard, "FWPM_LAYER_ALE_FLOW_ESTABLISHED_V6_DISCARD",
              guid("46928636-bbca-4b76-941d-0fa7f5d7d372"), kKernelLayer, true},
    LayerInfo{LayerId::kInboundMacFrameEthernet, "FWPM_LAYER_INBOUND_MAC_FRAME_ETHERNET",
              guid("effb7edb-0055-4f9a-a231-4ff8131ad191"), kKernelLayer, false},
    LayerInfo{LayerId::kOutboundMacFrameEthernet, "FWPM_LAYER_OUTBOUND_MAC_FRAME_ETHERNET",
              guid("694673bc-d6db-4870-adee-0acdbdb7f4b2"), kKernelLayer, false},
    LayerInfo{LayerId::kInboundMacFrameNative, "FWPM_LAYER_INBOUND_MAC_FRAME_NATIVE",
              guid("d4220bd3-62ce-4f08-ae88-b56e8526df50"), kKernelLayer, false},
    LayerInfo{LayerId::kOutboundMacFrameNative, "FWPM_LAYER_OUTBOUND_MAC_FRAME_NATIVE",
              guid("94c44912-9d6f-4ebf-b995-05ab8a088d1b"), kKernelLayer, false},
    LayerInfo{LayerId::kNameResolutionCacheV4, "FWPM_LAYER_NAME_RESOLUTION_CACHE_V4",
              guid("0c2aa681-905b-4ccd-a467-4dd811d07b7b"), kKernelLayer, false},
    LayerInfo{LayerId::kNameResolutionCacheV6, "FWPM_LAYER_NAME_RESOLUTION_CACHE_V6",
              guid("92d592fa-6b01-434a-9dea-d1e96ea97da9"), kKernelLayer, false},
    LayerInfo{LayerId::kAleResourceReleaseV4, "FWPM_LAYER_ALE_RESOURCE_RELEASE_V4",
              guid("74365cce-ccb0-401a-bfc1-b89934ad7e15"), kKernelLayer, true},
    LayerInfo{LayerId::kAleResourceReleaseV6, "FWPM_LAYER_ALE_RESOURCE_RELEASE_V6",
              guid("f4e5ce80-edcc-4e13-8a2f-b91454bb057b"), kKernelLayer, true},
    LayerInfo{LayerId::kAleEndpointClosureV4, "FWPM_LAYER_ALE_ENDPOINT_CLOSURE_V4",
              guid("b4766427-e2a2-467a-bd7e-dbcd1bd85a09"), kKernelLayer, true},
    LayerInfo{LayerId::kAleEndpointClosureV6, "FWPM_LAYER_ALE_ENDPOINT_CLOSURE_V6",
              guid("bb536ccd-4755-4ba9-9ff7-f9edf8699c7b"), kKernelLayer, true},
    LayerInfo{LayerId::kAleConnectRedirectV4, "FWPM_LAYER_ALE_CONNECT_REDIRECT_V4",
              guid("c6e63c8c-b784-4562-aa7d-0a67cfcaf9a3"), kKernelLayer, false},
    LayerInfo{LayerId::kAleConnectRedirectV6, "FWPM_LAYER_ALE_CONNECT_REDIRECT_V6",
              guid("587e54a7-8046-42ba-a0aa-b716250fc7fd"), kKernelLayer, false},
    LayerInfo{LayerId::kAleBindRedirectV4, "FWPM_LAYER_ALE_BIND_REDIRECT_V4",
              guid("66978cad-c704-42ac-86ac-7c1a231bd253"), kKernelLayer, false},
    LayerInfo{LayerId::kAleBindRedirectV6, "FWPM_LAYER_ALE_BIND_REDIRECT_V6",
              guid("bef02c9c-606b-4536-8c26-1c2fc7b631d4"), kKernelLayer, false},
    LayerInfo{LayerId::kStreamPacketV4, "FWPM_LAYER_STREAM_PACKET_V4", guid("af52d8ec-cb2d-44e5-ad92-f8dc38d2eb29"),
              kKernelLayer, false},
    LayerInfo{LayerId::kStreamPacketV6, "FWPM_LAYER_STREAM_PACKET_V6", guid("779a8ca3-f099-468f-b5d4-83535c461c02"),
              kKernelLayer, false},
    LayerInfo{LayerId::kIngressVswitchEthernet, "FWPM_LAYER_INGRESS_VSWITCH_ETHERNET",
              guid("7d98577a-9a87-41ec-9718-7cf589c9f32d"), kKernelLayer, false},
    LayerInfo{LayerId::kEgressVswitchEthernet, "FWPM_LAYER_EGRESS_VSWITCH_ETHERNET",
              guid("86c872b0-76fa-4b79-93a4-0750530ae292"), kKernelLayer, false},
    LayerInfo{LayerId::kIngressVswitchTransportV4, "FWPM_LAYER_INGRESS_VSWITCH_TRANSPORT_V4",
              guid("b2696ff6-774f-4554-9f7d-3da3945f8e85"), kKernelLayer, false},
    LayerInfo{LayerId::kIngressVswitchTransportV6, "FWPM_LAYER_INGRESS_VSWITCH_TRANSPORT_V6",
              guid("5ee314fc-7d8a-47f4-b7e3-291a36da4e12"), kKernelLayer, false},
    LayerInfo{LayerId::kEgressVswitchTransportV4, "FWPM_LAYER_EGRESS_VSWITCH_TRANSPORT_V4",
              guid("b92350b6-91f0-46b6-bdc4-871dfd4a7c98"), kKernelLayer, false},
    LayerInfo{LayerId::kEgressVswitchTransportV6, "FWPM_LAYER_EGRESS_VSWITCH_TRANSPORT_V6",
              guid("1b2def23-1881-40bd-82f4-4254e63141cb"), kKernelLayer, false},
    LayerInfo{LayerId::kInboundTransportFast, "FWPM_LAYER_INBOUND_TRANSPORT_FAST",
              guid("e41d2719-05c7-40f0-8983-ea8d17bbc2f6"), kKernelLayer, false},
    LayerInfo{LayerId::kOutboundTransportFast, "FWPM_LAYER_OUTBOUND_TRANSPORT_FAST",
              guid("13ed4388-a070-4815-9935-7a9be6408b78"), kKernelLayer, false},
    LayerInfo{LayerId::kInboundMacFrameNativeFast, "FWPM_LAYER_INBOUND_MAC_FRAME_NATIVE_FAST",
              guid("853aaa8e-2b78-4d24-a804-36db08b29711"), kKernelLayer, false},
    LayerInfo{LayerId::kOutboundMacFrameNativeFast, "FWPM_LAYER_OUTBOUND_MAC_FRAME_NATIVE_FAST",
              guid("470df946-c962-486f-9446-8293cbc75eb8"), kKernelLayer, false},
    LayerInfo{LayerId::kInboundReserved2, "FWPM_LAYER_INBOUND_RESERVED2", guid("f4fb8d55-c076-46d8-a2c7-6a4c722ca4ed"),
              kKernelLayer, false},
    LayerInfo{LayerId::kUnnamed83, "", guid("29243af8-ecaf-4436-a44e-f9fb7070aa04"), kKernelLayer, false},
    LayerInfo{LayerId::kUnnamed84, "", guid("c9809347-218f-4b7f-a742-b281a3f631b4"), kKernelLayer, false},
    LayerInfo{LayerId::kOutboundNetworkConnectionPolicyV4, "FWPM_LAYER_OUTBOUND_NETWORK_CONNECTION_POLICY_V4", Guid{},
              kKernelLayer, false},
    LayerInfo{LayerId::kOutboundNetworkConnectionPolicyV6, "FWPM_LAYER_OUTBOUND_NETWORK_CONNECTION_POLICY_V6", Guid{},
              kKernelLayer, false},
    LayerInfo{LayerId::kIpsecKmDemuxV4, "FWPM_LAYER_IPSEC_KM_DEMUX_V4", guid("f02b1526-a459-4a51-b9e3-759de52b9d2c"),
              kLayerBuiltin, true},
    LayerInfo{LayerId::kIpsecKmDemuxV6, "FWPM_LAYER_IPSEC_KM_DEMUX_V6", guid("2f755cf6-2fd4-4e88-b3e4-a91bca495235"),
              kLayerBuiltin, true},
    LayerInfo{LayerId::kIpsecV4, "FWPM_LAYER_IPSEC_V4", guid("eda65c74-610d-4bc5-948f-3c4f89556867"), kLayerBuiltin,
              true},
    LayerInfo{LayerId::kIpsecV6, "FWPM_LAYER_IPSEC_V6", guid("13c48442-8d87-4261-9a29-59d2abc348b4"), kLayerBuiltin,
              true},
    LayerInfo{LayerId::kIkeextV4, "FWPM_LAYER_IKEEXT_V4", guid("b14b7bdb-dbbd-473e-bed4-8b4708d4f270"), kUserLayer,
              true},
    LayerInfo{LayerId::kIkeextV6, "FWPM_LAYER_IKEEXT_V6", guid("b64786b3-f687-4eb9-89d2-8ef32acdabe2"), kUserLayer,
              true},
    LayerInfo{LayerId::kRpcUm, "FWPM_LAYER_RPC_UM", guid("75a89dda-95e4-40f3-adc7-7688a9c847e1"), kUserLayer, false},
    LayerInfo{LayerId::kRpcEpmap, "FWPM_LAYER_RPC_EPMAP", guid("9247bc61-eb07-47ee-872c-bfd78bfd1616"), kUserLayer,
              false},
    LayerInfo{LayerId::kRpcEpAdd, "FWPM_LAYER_RPC_EP_ADD", guid("618dffc7-c450-4943-95db-99b4c16a55d4"), kUserLayer,
              false},
    LayerInfo{LayerId::kRpcProxyConn, "FWPM_LAYER_RPC_PROXY_CONN", guid("94a4b50b-ba5c-4f27-907a-229fac0c2a7a"),
              kUserLayer, false},
    LayerInfo{LayerId::kRpcProxyIf, "FWPM_LAYER_RPC_PROXY_IF", guid("f8a38615-e12c-41ac-98df-121ad981aade"), kUserLayer,
              false},
    LayerInfo{LayerId::kKmAuthorization, "FWPM_LAYER_KM_AUTHORIZATION", guid("4aa226e9-9020-45fb-956a-c0249d841195"),
              kUserLayer, true},
};
static_assert(kLayers.size() == kLayerCount);

}  // namespace

std::string_view LayerInfo::name() const {
  return full_name.empty() ? std::string_view{} : full_name.substr(kPrefix.size());
}

std::span<const LayerInfo> layers() { return kLayers; }

const LayerInfo& layer_info(LayerId layer) {
  assert(static_cast<std::size_t>(layer) < kLayerCount);
  return kLayers[static_cast<std::size_t>(layer)];
}

std::string_view layer_name(LayerId layer) {
  if (static_cast<std::size_t>(layer) >= kLayerCount) return "unknown layer";
  const std::string_view name = layer_info(layer).name();
  return name.empty() ? "unnamed layer" : name;
}

LayerId layer_by_key(const Guid& key) {
  if (key.is_zero()) return LayerId::kUnknown;
  const auto found = std::ranges::find(kLayers, key, &LayerInfo::key);
  return found == kLayers.end() ? LayerId::kUnknown : found->id;
}

LayerId layer_by_name(std::string_view name) {
  if (name.starts_with(kPrefix)) name.remove_prefix(kPrefix.size());
  if (name.empty()) return LayerId::kUnknown;
  const auto found = std::ranges::find_if(kLayers, [name](const LayerInfo& row) { return row.name() == name; });
  return found == kLayers.end() ? LayerId::kUnknown : found->id;
}

const Guid& default_sublayer(LayerId) { return kSublayerUniversal; }

}  // namespace ssx::wfp
