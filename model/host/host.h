// model/host/host.h: one simulated computer. It is fed packets, calls and time, and gives back effects; it never waits,
// never reads a clock and never does I/O. Drivers (model/sim, net/) perform the effects in order.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/ale/behaviour.h"
#include "model/authip/engine.h"
#include "model/base/address.h"
#include "model/base/octets.h"
#include "model/base/random.h"
#include "model/base/time.h"
#include "model/host/calls.h"
#include "model/host/trace.h"
#include "model/identity/credentials.h"
#include "model/wfp/engine.h"

namespace ssx::host {

/// What a computer is before its first event.
struct HostConfig {
  std::string name;                  // "client"
  std::vector<IpAddress> addresses;  // IPv4 and IPv6; at least one
  identity::CredentialStore credentials;
  std::optional<identity::Principal> user;  // the account programs run under, if any
  ale::Behaviour behaviour;
  authip::Config authip;
  bool ipsec = true;      // false: a computer without IPsec: no keying module, ESP and AH are unknown protocols
  bool trace = false;     // emit Traced effects
  bool log_keys = false;  // emit KeysLogged effects
};

// --- events
// -------------------------------------------------------------------------------------------------------------

struct PacketArrived {
  OctetVector datagram;  // whole IP datagram
};
struct CallMade {
  Call call;
};
struct TimerFired {};
using HostEvent = std::variant<PacketArrived, CallMade, TimerFired>;

// --- effects
// ------------------------------------------------------------------------------------------------------------

struct SendPacket {
  OctetVector datagram;
};
struct Traced {
  TraceRecord record;
};
/// Keys for a capture file, only with HostConfig::log_keys: an SA of this host's outbound direction, or a main mode.
struct EspSaKeys {
  IpAddress source;
  IpAddress destination;
  ipsec::SaKeys keys;
};
struct KeysLogged {
  std::variant<EspSaKeys, authip::KeyLog> keys;
};
using HostEffect = std::variant<SendPacket, Completed, Traced, KeysLogged>;

/// The coordinator: routes between sockets, ALE, WFP, IPsec, AuthIP and IP; decides nothing itself.
class Host {
 public:
  /// `random` must outlive the host.
  Host(HostConfig config, RandomSource& random);
  ~Host();
  Host(Host&&) noexcept;
  Host& operator=(Host&&) = delete;

  /// Handles one event and appends what should happen to `effects`, in order. `now` never goes back.
  void step(HostEvent event, Instant now, std::vector<HostEffect>& effects);
  /// When step(TimerFired) is wanted next; nothing if no time matters.
  std::optional<Instant> next_deadline() const;

  const HostConfig& config() const;
  /// The host's policy objects; an administrator changes them between events.
  wfp::Engine& policy();
  const wfp::Engine& policy() const;
  /// The live main modes and SA contexts, for enumeration.
  std::vector<authip::MainModeDetails> main_modes() const;
  std::vector<ipsec::SaPair> sa_pairs() const;
  /// Debug and test: every part's invariants hold.
  bool is_consistent() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ssx::host
