// lab/records.h: everything a run leaves behind. The account, the verdict, captures and JSON are views of these.
#pragma once

#include <string>
#include <vector>

#include "lab/scenario.h"
#include "model/base/octets.h"
#include "model/base/time.h"
#include "model/host/host.h"
#include "model/sim/observer.h"

namespace ssx::lab {

/// One step of a program as it went.
struct StepRecord {
  Instant began;
  Instant ended;
  std::string program;
  std::string host;
  std::string text;
  std::string result;    // "0", "SOCKET_ERROR WSAETIMEDOUT", "5 octets"
  std::string complaint;  // empty: as the scenario wants it
  Position position;
};
struct HostTrace {
  std::string host;
  host::TraceRecord record;
};
/// A datagram as it left a host.
struct WireRecord {
  Instant at;
  std::string host;
  OctetVector datagram;
  sim::WireFate fate = sim::WireFate::kSent;
};
/// What a host held when all programs had ended.
struct HostState {
  std::string host;
  std::vector<authip::MainModeDetails> main_modes;
  std::vector<ipsec::SaPair> sa_pairs;
};
struct ExpectationRecord {
  Position position;
  std::string text;
  std::string complaint;  // empty: holds
};

struct Records {
  std::vector<StepRecord> steps;
  std::vector<HostTrace> traces;
  std::vector<WireRecord> wire;
  std::vector<host::KeysLogged> keys;
  std::vector<HostState> states;
  std::vector<std::string> stuck;  // programs that could not go on
  std::vector<ExpectationRecord> expectations;

  bool passed() const;
};

}  // namespace ssx::lab
