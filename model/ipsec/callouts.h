// model/ipsec/callouts.h: the built-in IPsec callouts of the transport and ALE layers. Source: wfp-model.md 2.7, 2.8.
#pragma once

#include "model/wfp/engine.h"

namespace ssx::ipsec {

/// Registers IPSEC_INBOUND_TRANSPORT, IPSEC_OUTBOUND_TRANSPORT, IPSEC_INBOUND_INITIATE_SECURE and IPSEC_ALE_CONNECT for both
/// IP versions. They read and fill wfp::ClassifyMetadata.
void register_ipsec_callouts(wfp::Engine& engine);

}  // namespace ssx::ipsec
