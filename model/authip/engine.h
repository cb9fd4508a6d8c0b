// model/authip/engine.h: the AuthIP keying module of one host: many negotiations, each a set of machines, and the
// routing of messages to them. No I/O: an event and `now` go in, effects come out. Source: authip.md 1 to 4, [MS-AIPS].
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/base/address.h"
#include "model/base/decision.h"
#include "model/base/guid.h"
#include "model/base/octets.h"
#include "model/base/random.h"
#include "model/base/strong.h"
#include "model/base/time.h"
#include "model/identity/credentials.h"
#include "model/ipsec/sa.h"
#include "model/wfp/ipsec_policy.h"

namespace ssx::authip {

/// authip.md 9.1.
enum class Profile : std::uint8_t { kWin7, kNormative, kVista };

/// Behaviour of the module that an administrator or a test sets once per host (docs/spec/README.md 2).
struct Config {
  Profile profile = Profile::kWin7;
  std::uint16_t ike_port = 500;
  std::uint16_t nat_t_port = 4500;
  std::uint32_t ms_nt5_version = 9;
  bool main_mode_dh_always = false;              // knob mm_dh
  bool quick_mode_proposal_by_responder = true;  // knob qm_proposal_choice
  bool quick_mode_normal_only = false;           // knob quick_mode_form
  bool clear_crypto_iv_by_responder = true;      // knob clear_crypto_iv
  bool log_keys = false;                         // emit KeyLog effects, for captures that Wireshark decrypts
};

/// A main-mode policy as it was chosen, with the objects it came from. Policies are shared, never copied.
struct MainModeChoice {
  Guid policy_key;
  FilterId filter;
  std::shared_ptr<const wfp::MainModePolicy> policy;
};
/// A quick-mode policy as it was chosen. `guarantee_encryption`: a rule of this host demands a cipher for the traffic.
struct QuickModeChoice {
  Guid policy_key;
  FilterId filter;
  std::shared_ptr<const wfp::QuickModePolicy> policy;
  bool guarantee_encryption = false;
};

/// What the module asks its host while it works. Pure look-ups, no side effects.
class PolicySource {
 public:
  virtual ~PolicySource() = default;
  /// A responder's main-mode policy for these addresses (authip.md 2.3 step 3).
  virtual std::optional<MainModeChoice> main_mode(const IpAddress& local, const IpAddress& remote) const = 0;
  /// A responder's quick-mode policy for a selector in this host's point of view; 0 in it satisfies every condition
  /// (U-18).
  virtual std::optional<QuickModeChoice> quick_mode(const ipsec::TrafficSelector& selector) const = 0;
  /// Whether an inbound SA of this host already has the SPI.
  virtual bool spi_in_use(Spi spi) const = 0;
};

/// The names an application will accept for its peer (api-contract.md 1.2).
struct TargetNames {
  std::vector<std::string> names;  // empty: any name
  bool raw = false;                // PEER_NAME_IS_RAW_FORMAT
  bool optional_verification = false;
  friend bool operator==(const TargetNames&, const TargetNames&) = default;
};

// --- events
// -------------------------------------------------------------------------------------------------------------

/// Traffic needs protection and has no SA ([MS-AIPS] 3.2.4 higher-layer trigger). Answered by NegotiationSucceeded or
/// NegotiationFailed with the same id.
struct Acquire {
  NegotiationId id;
  ipsec::TrafficSelector selector;
  MainModeChoice main_mode;
  QuickModeChoice quick_mode;
  TargetNames target;
  std::optional<identity::Principal> user;  // socket's owner, used where a policy says SOCKET_PRINCIPAL
};
/// A UDP datagram to port 500 or 4500 of this host; `octets` is the UDP payload.
struct DatagramReceived {
  TransportAddress local;
  TransportAddress remote;
  OctetVector octets;
};
struct TimerFired {};
/// The SAD says that a pair's lifetime is over (rekey at 100 %, authip.md D-44) or that it was idle too long and is
/// gone.
struct SaLifetimeReached {
  Spi inbound_spi;
};
struct SaRemoved {
  Spi inbound_spi;
  std::uint32_t status = 13808;  // reason that the delete notify carries
};
/// Gives up a negotiation that nobody waits for any more.
struct CancelAcquire {
  NegotiationId id;
};
using Event = std::variant<Acquire, DatagramReceived, TimerFired, SaLifetimeReached, SaRemoved, CancelAcquire>;

// --- effects
// ------------------------------------------------------------------------------------------------------------

struct SendDatagram {
  TransportAddress local;
  TransportAddress remote;
  OctetVector octets;  // UDP payload, with the non-ESP marker where it belongs
  std::string name;    // "MM#1", "EM#3", "NOTIFY": for traces and for faults that mangle a message by name
};
/// The inbound half is active from now on; the same pair comes again with InstallOutboundSa.
struct InstallInboundSa {
  ipsec::SaPair pair;
};
struct InstallOutboundSa {
  ipsec::SaPair pair;
};
/// The peer or a policy ended the pair.
struct DeleteSa {
  Spi inbound_spi;
  std::uint32_t status = 0;
};
struct NegotiationSucceeded {
  NegotiationId id;
  Spi inbound_spi;
  MmSaId main_mode;
};
enum class Phase : std::uint8_t { kMainMode, kQuickMode, kExtendedMode };
enum class FailurePoint : std::uint8_t { kNone = 0, kMe = 1, kPeer = 2 };  // IPSEC_FAILURE_POINT
struct NegotiationFailed {
  NegotiationId id;
  Phase phase = Phase::kMainMode;
  FailurePoint point = FailurePoint::kNone;
  std::uint32_t status = 0;        // ERROR_IPSEC_IKE_*
  bool wrong_target_name = false;  // never falls back to clear (U-34)
  std::string words;               // which attribute of which proposal, or which credential and why
};
/// What IKEEXT_SA_DETAILS shows.
struct MainModeDetails {
  MmSaId id;
  ipsec::SaRole role = ipsec::SaRole::kInitiator;
  IpAddress local;
  IpAddress remote;
  OctetVector initiator_cookie;  // 8 octets
  OctetVector responder_cookie;
  wfp::MainModeProposal proposal;  // as negotiated
  Guid policy_key;
  wfp::AuthMethod main_mode_method = wfp::AuthMethod::kAnonymous;
  std::optional<wfp::AuthMethod> extended_mode_method;
  Guid lookup_context;
};
struct MainModeEstablished {
  MainModeDetails details;
};
struct MainModeDeleted {
  MmSaId id;
  std::uint32_t status = 0;
};
/// A line for ikev1_decryption_table: initiator cookie and cipher key (only with Config::log_keys).
struct KeyLog {
  OctetVector initiator_cookie;
  crypto::SecretOctets cipher_key;
};
/// A received message was not processed; nothing was sent because of it.
struct Dropped {
  TransportAddress remote;
  std::string reason;
  std::string rule;
};
struct Decided {
  Decision decision;
};
using Effect = std::variant<SendDatagram, InstallInboundSa, InstallOutboundSa, DeleteSa, NegotiationSucceeded,
                            NegotiationFailed, MainModeEstablished, MainModeDeleted, KeyLog, Dropped, Decided>;

/// Borrowed for the engine's life.
struct Environment {
  const PolicySource& policies;
  const identity::CredentialStore& credentials;
  RandomSource& random;
};

/// All negotiations, main-mode SAs and their quick modes of one host.
class Engine {
 public:
  Engine(const Config& config, Environment environment);
  ~Engine();
  Engine(Engine&&) noexcept;
  Engine& operator=(Engine&&) = delete;

  /// Handles one event; effects are to be performed in order. Time never goes back; an early TimerFired is harmless.
  std::vector<Effect> step(const Event& event, Instant now);
  std::optional<Instant> next_deadline() const;

  /// Live main-mode SAs, by id.
  std::vector<MainModeDetails> main_modes() const;
  /// Debug and test: every machine's invariants hold.
  bool is_consistent() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ssx::authip
