// model/host/trace.h: what happened on a host, as records. Accounts, traces, explanations and captures are views of
// these.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "model/authip/engine.h"
#include "model/base/address.h"
#include "model/base/decision.h"
#include "model/base/time.h"
#include "model/host/calls.h"
#include "model/ipsec/sa.h"
#include "model/wfp/layers.h"

namespace ssx::host {

/// One classification at a WFP layer.
struct Classified {
  wfp::LayerId layer;
  FiveTuple tuple;
  bool permitted = true;
  std::uint32_t flags = 0;  // FWP_CONDITION_FLAG_*
  std::optional<FilterId> filter;
};
/// A message of the keying module on its way out or in.
struct KeyingMessage {
  bool outbound = true;
  TransportAddress peer;
  std::string name;  // outbound: "MM#1", …; inbound: exchange and message id
  std::size_t octets = 0;
};
/// A packet that was not let through.
struct PacketDropped {
  FiveTuple tuple;
  bool outbound = true;
  std::string reason;
  std::uint32_t status = 0;  // ERROR_IPSEC_*, 0 where none applies
};
struct SaInstalled {
  ipsec::SaPair pair;  // keys are there: a view prints them only when asked
  bool outbound = false;
};
struct SaDeleted {
  Spi inbound_spi;
  QmSaId quick_mode;
  std::string reason;
};
/// FWPM_NET_EVENT of the kinds the model raises (wfp-model.md 7.4, 1.11).
struct NetEvent {
  enum class Kind : std::uint8_t {
    kIkeextMmFailure,
    kIkeextQmFailure,
    kIkeextEmFailure,
    kClassifyDrop,
    kIpsecKernelDrop
  };
  Kind kind = Kind::kIkeextMmFailure;
  std::uint32_t status = 0;
  authip::FailurePoint point = authip::FailurePoint::kNone;
  FiveTuple tuple;
  std::string words;
};
/// A flow changed its state (wfp-model.md 4.7).
struct FlowChanged {
  FiveTuple tuple;
  std::string from;
  std::string to;
  std::string why;
};

using TraceEvent =
    std::variant<Classified, KeyingMessage, PacketDropped, SaInstalled, SaDeleted, NetEvent, FlowChanged,
                 authip::MainModeEstablished, authip::MainModeDeleted, authip::NegotiationFailed, Decision>;
struct TraceRecord {
  Instant at;
  TraceEvent event;
};

}  // namespace ssx::host
