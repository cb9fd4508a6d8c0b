// lab/scenario.h: a scenario as a value: hosts, the network between them, the programs that run on them, and what must
// come out. Made by lab/scenario_parser.h from YAML, or by hand.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "lab/yaml_reader.h"
#include "model/base/address.h"
#include "model/base/guid.h"
#include "model/base/octets.h"
#include "model/base/time.h"
#include "model/host/calls.h"
#include "model/ipsec/sa.h"
#include "model/sim/link.h"
#include "model/wfp/ipsec_policy.h"

namespace ssx::lab {

// --- steps: one Winsock call each, or a step of the lab's own
// ---------------------------------------------------------------

/// How a call must end: the return value and, on failure, the last error.
struct Outcome {
  bool fails = false;
  std::uint32_t error = 0;  // meaningful if it fails
};

struct SocketStep {
  std::string as;
  bool v6 = false;
  host::SocketType type = host::SocketType::kStream;
};
struct BindStep {
  std::string socket;
  TransportAddress address;
};
struct ListenStep {
  std::string socket;
  int backlog = 5;
};
struct AcceptStep {
  std::string socket;
  std::string as;
  std::optional<Duration> within;  // ask without blocking until then; WSAEWOULDBLOCK if nobody came
};
struct ConnectStep {
  std::string socket;
  TransportAddress peer;
};
struct SendStep {
  std::string socket;
  OctetVector data;
  std::optional<TransportAddress> to;  // sendto
};
struct ReceiveStep {
  std::string socket;
  std::optional<OctetVector> expected;   // exactly these octets
  std::size_t octets = 0;                // or this many; 0 and no `expected`: whatever comes
  bool end_of_stream = false;            // recv must return 0
  std::optional<TransportAddress> from;  // recvfrom: the sender must be this
  bool datagram = false;                 // recvfrom
  std::optional<std::string> sender_as;  // recvfrom: remembers the sender under this name
  std::optional<Duration> timeout;       // SO_RCVTIMEO for this call
};
struct ShutdownStep {
  std::string socket;
  int how = 1;
};
struct CloseStep {
  std::string socket;
};
struct SetSecurityStep {
  std::string socket;
  bool null_settings = true;
  std::uint32_t protocol = 0;
  std::uint32_t security_flags = 0;
  bool ipsec_structure = false;
  std::uint32_t ipsec_flags = 0;
  Guid main_mode_policy;
  Guid quick_mode_policy;
};
/// A peer: an address in the file, or one that recvfrom remembered.
using PeerName = std::variant<TransportAddress, std::string>;
struct SetPeerNameStep {
  std::string socket;
  std::optional<PeerName> peer;
  std::string name;
};
struct DeletePeerNameStep {
  std::string socket;
  PeerName peer;
};
struct QueryStep {
  std::string socket;
  std::optional<PeerName> peer;
  std::optional<std::uint32_t> flags;              // SOCKET_INFO_*; must be exactly these
  std::optional<std::string> machine;              // account of the machine token; "" : none
  std::optional<std::string> application;          // account of the application token; "": none
  std::optional<std::uint32_t> negotiation_error;  // NegotiationWinerr
  std::optional<Duration> within;                  // ask again until the expectations hold, at most so long
};
struct ImpersonateStep {
  std::string socket;
  std::optional<PeerName> peer;
  std::optional<std::string> account;  // whom the thread then impersonates
};
struct RevertStep {};
struct OptionStep {
  std::string socket;
  int name = 0;  // SO_*
  std::uint32_t value = 0;
  bool get = false;
};
struct SleepStep {
  Duration span{0};
};
struct SignalStep {
  std::string name;
};
struct WaitStep {
  std::string name;
};

using StepBody = std::variant<SocketStep, BindStep, ListenStep, AcceptStep, ConnectStep, SendStep, ReceiveStep,
                              ShutdownStep, CloseStep, SetSecurityStep, SetPeerNameStep, DeletePeerNameStep, QueryStep,
                              ImpersonateStep, RevertStep, OptionStep, SleepStep, SignalStep, WaitStep>;
struct Step {
  Position position;
  std::string text;  // the call as the account prints it: "connect client 10.0.0.2:27015"
  StepBody body;
  Outcome outcome;
};

/// A program: straight-line code on one host.
struct Program {
  std::string name;
  std::string host;
  std::vector<Step> steps;
};

// --- hosts and network
// --------------------------------------------------------------------------------------------------

/// A provider context that an administrator or application adds before the programs start.
struct PolicyObject {
  std::string name;
  Guid key;
  std::variant<wfp::MainModePolicy, wfp::QuickModePolicy> content;
};

struct HostSpec {
  std::string name;
  std::string dns_name;  // "server.example.test"
  std::vector<IpAddress> addresses;
  bool ipsec = true;
  bool domain_member = true;
  std::optional<std::string> user;                             // account programs run under
  std::vector<std::pair<std::string, std::string>> behaviour;  // knob, value
  std::vector<PolicyObject> policies;
  std::uint16_t real_port = 0;  // real driver: UDP port on 127.0.0.1 that stands for the host's link; 0: any
  Position position;
};

struct UserSpec {
  std::string name;
  std::string password;
  std::vector<std::string> groups;
};

struct LinkSpec {
  std::string from;  // empty: every link
  std::string to;
  sim::LinkFaults faults;
};

// --- expectations
// -------------------------------------------------------------------------------------------------------

/// What the wire shows. `payload` is every octet run that a send step of the scenario hands over.
struct PayloadOnWire {
  bool clear = false;  // true: some payload must be seen in clear; false: none may
};
/// Nothing but keying (UDP 500 and 4500) leaves the host.
struct OnlyKeyingFrom {
  std::string host;
};
/// At least one protected packet goes from one host to the other, and all that are protected are protected like this.
struct ProtectionOnWire {
  std::string from;
  std::string to;
  IpProtocol protocol = IpProtocol::kEsp;
};
/// SA pairs that exist on a host when all programs have ended.
struct SaExpected {
  std::string host;
  std::optional<IpProtocol> protocol;
  std::optional<crypto::CipherAlgorithm> cipher;
  std::optional<crypto::IntegrityAlgorithm> integrity;
  std::size_t count = 1;
};
/// A main mode on a host.
struct MainModeExpected {
  std::string host;
  std::optional<wfp::IkeCipher> cipher;
  std::optional<wfp::IkeDhGroup> group;
  std::optional<wfp::AuthMethod> extended_method;
};
/// A net event with this status was raised on a host, exactly `count` times.
struct EventExpected {
  std::string host;
  std::string kind;  // "IKEEXT_MM_FAILURE", …
  std::uint32_t status = 0;
  std::size_t count = 1;
};
struct Expectation {
  Position position;
  std::string text;
  std::variant<PayloadOnWire, OnlyKeyingFrom, ProtectionOnWire, SaExpected, MainModeExpected, EventExpected> what;
};

// --- the whole
// ----------------------------------------------------------------------------------------------------------

struct Scenario {
  std::string path;
  std::string title;
  std::string about;
  std::uint64_t seed = 1;
  std::string realm = "EXAMPLE.TEST";
  std::vector<UserSpec> users;
  std::vector<HostSpec> hosts;
  std::vector<LinkSpec> links;
  std::vector<Program> programs;
  std::vector<Expectation> expectations;
  Duration time_limit = std::chrono::hours(24);
  double real_speed = 20;  // modelled seconds per real second under the real driver

  const HostSpec* find_host(const std::string& name) const;
};

}  // namespace ssx::lab
