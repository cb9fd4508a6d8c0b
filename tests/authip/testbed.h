// tests/authip/testbed.h: two engines, A (10.0.0.1) and Z (10.0.0.2), a network between them that a test may disturb,
// and virtual time that jumps from event to event.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "crypto/seeded_random.h"
#include "model/authip/engine.h"
#include "model/identity/gss.h"

namespace ssx::authip::testing_support {

using std::chrono::seconds;

/// Gives the octets of a script, then fails the test.
class ScriptedRandom final : public RandomSource {
 public:
  void add(Octets octets) { append(script_, octets); }
  void add(std::uint8_t first, std::size_t count);  // consecutive values
  void fill(MutableOctets out) override;
  bool used_up() const { return position_ == script_.size(); }

 private:
  OctetVector script_;
  std::size_t position_ = 0;
};

/// A mechanism whose every step a test decides.
struct FakeMechanism final : identity::GssMechanism {
  bool can_initiate = true;
  bool can_answer = true;
  std::uint32_t first_token_fails = 0;  // status; 0: it is built
  std::uint32_t answer_fails = 0;       // the responder's processing
  std::uint32_t initiator_processing_fails = 0;
  int rounds = 1;                     // round trips until the responder is complete
  bool last_answer_is_empty = false;  // as NTLM: the responder completes without a token
  OctetVector secret;
  std::optional<identity::Principal> acceptor;   // what the initiator learns
  std::optional<identity::Principal> initiator;  // what the responder learns
  mutable std::vector<identity::GssInitiatorRequest> requests;

  expected<std::unique_ptr<identity::GssContext>, identity::GssFailure> initiate(
      const identity::GssInitiatorRequest& request) const override;
  expected<std::unique_ptr<identity::GssContext>, identity::GssFailure> accept() const override;
  bool can_accept() const override { return can_answer; }
};
/// Tokens "initiator-token-1" and "responder-token-1", secret a0..bf: the mechanism of authip.md 3.7.
std::shared_ptr<FakeMechanism> known_mechanism();
identity::Principal machine(const std::string& fqdn);
identity::Principal user(const std::string& account);

struct FixedPolicies final : PolicySource {
  std::optional<MainModeChoice> mm;
  std::optional<QuickModeChoice> qm;
  std::set<Spi> used;
  std::optional<MainModeChoice> main_mode(const IpAddress&, const IpAddress&) const override { return mm; }
  std::optional<QuickModeChoice> quick_mode(const ipsec::TrafficSelector&) const override { return qm; }
  bool spi_in_use(Spi spi) const override { return used.contains(spi); }
};

MainModeChoice main_mode_choice(wfp::MainModePolicy policy);
QuickModeChoice quick_mode_choice(wfp::QuickModePolicy policy);
wfp::MainModePolicy kerberos_main_mode();  // the default proposals, Kerberos only
wfp::QuickModePolicy without_extended_mode(wfp::QuickModePolicy policy);
/// One ESP proposal with AES-128 and HMAC-SHA1, no extended mode: negotiated as fast quick mode.
wfp::QuickModePolicy fast_quick_mode();

struct Recorded {
  Instant at;
  Effect effect;
};

/// A host's keying module with all it depends on.
struct Peer {
  Peer(const std::string& host_name, IpAddress host_address, const Config& configuration, RandomSource& source);
  void make_engine();

  std::string name;
  IpAddress address;
  Config config;
  FixedPolicies policies;
  identity::CredentialStore credentials;
  RandomSource& random;
  std::unique_ptr<Engine> engine;
  std::vector<Recorded> record;

  template <class T>
  std::vector<T> all() const {
    std::vector<T> found;
    for (const Recorded& entry : record) {
      if (const T* effect = std::get_if<T>(&entry.effect)) found.push_back(*effect);
    }
    return found;
  }
  template <class T>
  std::optional<T> last() const {
    const std::vector<T> found = all<T>();
    if (found.empty()) return std::nullopt;
    return found.back();
  }
  /// Names of the datagrams it sent, in order.
  std::vector<std::string> sent() const;
  std::vector<OctetVector> datagrams(const std::string& message) const;
  /// Seconds since the start at which it sent a message of that name.
  std::vector<double> times(const std::string& message) const;
  bool dropped_with(const std::string& rule_part) const;
};

struct Datagram {
  TransportAddress from;
  TransportAddress to;
  OctetVector octets;
  std::string name;
};

class Ladder {
 public:
  explicit Ladder(const Config& config = {}, std::uint64_t seed = 1);
  Ladder(const Config& config, RandomSource& a_random, RandomSource& z_random);

  /// Every datagram passes here before it is delivered; the result is what arrives (none: lost; two: duplicated).
  std::function<std::vector<Datagram>(Datagram)> network;
  /// Loses the first `count` datagrams of that name.
  void lose(const std::string& message, int count = 1);
  /// Changes the first datagram of that name.
  void mangle(const std::string& message, std::function<void(OctetVector&)> change);

  /// A asks for TCP to Z's port 27015 with its own policies.
  NegotiationId acquire();
  NegotiationId acquire(std::uint16_t port, TargetNames target = {});
  Acquire acquire_event(std::uint16_t port = 27015, TargetNames target = {});
  void give(Peer& peer, const Event& event);
  void inject(Peer& to, const TransportAddress& from, OctetVector octets);
  /// Delivers until nothing is under way.
  void settle();
  /// Settles, then jumps to the next deadline of either engine, until `end`.
  void run_until(Duration end);
  /// Datagrams under way, in order of sending.
  std::vector<Datagram> under_way;

  Instant now;
  std::unique_ptr<RandomSource> own_a;
  std::unique_ptr<RandomSource> own_z;
  Peer a;
  Peer z;

 private:
  void collect(Peer& peer, std::vector<Effect> effects);
  void deliver(const Datagram& datagram);
  std::uint64_t last_id_ = 0;
};

TransportAddress a_end();
TransportAddress z_end();
/// The messages of a file of tests/authip/golden: "message NAME" and lines of hexadecimal octets.
std::vector<std::pair<std::string, OctetVector>> read_messages(const std::string& file);

}  // namespace ssx::authip::testing_support
