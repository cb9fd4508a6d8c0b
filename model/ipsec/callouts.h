// model/ipsec/callouts.h: the built-in IPsec callouts of the transport and ALE layers. Source: wfp-model.md 2.7, 2.8.
#pragma once

#include "model/wfp/engine.h"

namespace ssx::ipsec {

/// Registers IPSEC_INBOUND_TRANSPORT, IPSEC_OUTBOUND_TRANSPORT, IPSEC_INBOUND_INITIATE_SECURE and IPSEC_ALE_CONNECT for
/// both IP versions. The tunnel callouts have no implementation: their filters block, as 2.4 says of unregistered ones.
/// They read and fill wfp::ClassifyMetadata; what they expect there:
/// - INBOUND_TRANSPORT: `arrival`; the flow's facts, for the first packet of a flow those of its socket;
///   `requires_ale_classify` for that first packet; `flow_in_discovery` = clear_is_acceptable(), which for a first
///   packet says whether the QM policy of the traffic has an ND flag; `socket_is_open` counts for the socket's own
///   filters only.
/// - INBOUND_INITIATE_SECURE: `arrival`, and `flow_is_secure` when a flow is authorised again by an outbound packet.
void register_ipsec_callouts(wfp::Engine& engine);

}  // namespace ssx::ipsec
