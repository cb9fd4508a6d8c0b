// lab/records.h: everything a run leaves behind, as plain records: the account, the verdict, captures and JSON are
// views of these, and host processes send them to their parent under the real driver.
#pragma once

#include <cstdint>
#include <optional>
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
  std::string result;     // "0", "SOCKET_ERROR WSAETIMEDOUT", "5 octets"
  std::string complaint;  // empty: as the scenario wants it
  Position position;
};
/// Something that happened inside a host. `detail` lines are shown with --trace only.
struct TraceLine {
  Instant at;
  std::string host;
  std::string kind;  // "keying", "classify", "flow", "sa", "drop", "event", "main mode", "negotiation", "decision"
  std::string text;
  bool detail = false;
};
/// A datagram as it left a host.
struct WireRecord {
  Instant at;
  std::string host;
  OctetVector datagram;
  sim::WireFate fate = sim::WireFate::kSent;
};
/// A net event, as a subscriber would get it.
struct EventRecord {
  Instant at;
  std::string host;
  std::string kind;  // "IKEEXT_MM_FAILURE"
  std::uint32_t status = 0;
  std::string words;
};
/// An SA pair without its keys.
struct SaRecord {
  std::string host;
  std::string selector;
  IpProtocol protocol = IpProtocol::kEsp;
  crypto::CipherAlgorithm cipher = crypto::CipherAlgorithm::kNull;
  crypto::IntegrityAlgorithm integrity = crypto::IntegrityAlgorithm::kHmacSha1_96;
  std::uint32_t inbound_spi = 0;
  std::uint32_t outbound_spi = 0;
  std::uint32_t quick_mode = 0;
  bool initiator = true;
  bool encrypts = false;
  std::string peer;  // authenticated name, may be empty
};
struct MainModeRecord {
  std::string host;
  wfp::IkeCipher cipher = wfp::IkeCipher::kAes128;
  wfp::IkeDhGroup group = wfp::IkeDhGroup::kNone;
  std::optional<wfp::AuthMethod> extended_method;
};
struct ExpectationRecord {
  Position position;
  std::string text;
  std::string complaint;  // empty: holds
};

struct Records {
  std::vector<StepRecord> steps;
  std::vector<TraceLine> lines;
  std::vector<WireRecord> wire;
  std::vector<EventRecord> events;
  std::vector<SaRecord> installed;         // every pair that was ever installed
  std::vector<SaRecord> live;              // those that existed when all programs had ended
  std::vector<MainModeRecord> main_modes;  // when all programs had ended
  std::vector<host::KeysLogged> keys;
  std::vector<std::string> stuck;  // programs that could not go on
  std::vector<ExpectationRecord> expectations;

  bool passed() const;
};

}  // namespace ssx::lab
