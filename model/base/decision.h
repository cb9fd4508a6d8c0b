// model/base/decision.h: why the model did what it did. Traces, explanations and reports are views of these records.
#pragma once

#include <string>
#include <vector>

namespace ssx {

/// An object that could have decided but did not, with the reason.
struct NearMiss {
  std::string object;  // for example "filter 17 'admin require' (UNIVERSAL)"
  std::string why;     // for example "IP_REMOTE_PORT 27016 is not 27015"
  friend bool operator==(const NearMiss&, const NearMiss&) = default;
};

/// One classification, policy choice, negotiation step or drop.
struct Decision {
  std::string phase;    // layer, exchange or path step: "OUTBOUND_TRANSPORT_V4", "MM#2", "ESP in"
  std::string subject;  // flow, SA or message it is about
  std::string outcome;  // what was decided, in words: "permit", "held until an SA exists", "13868 no common proposal"
  std::string object;   // what decided: a filter, proposal, credential, or empty
  std::vector<NearMiss> beaten;
  std::string rule;  // document, section and id: "authip.md 2.3 A-104"
  friend bool operator==(const Decision&, const Decision&) = default;
};

}  // namespace ssx
