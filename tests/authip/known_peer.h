// tests/authip/known_peer.h: one engine against a hand-made peer that has the keys of authip.md 3.7 and may say
// anything.
#pragma once

#include <map>
#include <string>

#include "model/authip/message_protection.h"
#include "testbed.h"

namespace ssx::authip::testing_support {

/// The engine plays I or R of authip.md 3.7 with its scripted octets, and seeded ones after them.
class KnownPeer {
 public:
  explicit KnownPeer(ipsec::SaRole engine_role, const Config& config = {});

  Ladder ladder;  // A is I, Z is R; only one of them runs here
  Peer& engine() { return role_ == ipsec::SaRole::kInitiator ? ladder.a : ladder.z; }

  /// A message of 3.7 as it was sent.
  const OctetVector& message(const std::string& name) const { return messages_.at(name); }
  /// Its payload chain in plaintext.
  PayloadChain plain(const std::string& name) const;
  /// Lets the negotiation of 3.7 happen up to and without the message `name`, which the peer would send.
  void play_until(const std::string& name);
  void play_all() { play_until("none"); }
  /// Gives the engine a datagram of the peer.
  void say(OctetVector datagram);
  /// The header of a message of 3.7.
  MessageHeader header(const std::string& name) const;
  void say_sealed(MessageHeader header, const PayloadChain& payloads);
  /// `name` with other payloads, sealed or clear as the original.
  void say_instead(const std::string& name, const PayloadChain& payloads);
  void say_notify(std::uint32_t sequence, const PayloadChain& payloads, std::uint32_t message_id = 0x0badcafe);

  /// Names of what the engine sent since the last call.
  std::vector<std::string> heard();
  /// The payloads of the engine's last datagram, opened.
  PayloadSet last_payloads() const;
  MessageHeader last_header() const;
  static ProtectionKeys keys();

 private:
  /// First a script, then a seeded stream.
  class Source final : public RandomSource {
   public:
    OctetVector script;
    std::size_t position = 0;
    crypto::SeededRandom rest{7, "known peer"};
    void fill(MutableOctets out) override;
  };
  KnownPeer(ipsec::SaRole engine_role, const Config& config, std::unique_ptr<Source> source);
  static std::unique_ptr<Source> script(ipsec::SaRole role);

  ipsec::SaRole role_;
  std::unique_ptr<Source> source_;
  std::map<std::string, OctetVector> messages_;
  std::vector<std::string> order_;
  std::size_t heard_ = 0;
  std::uint8_t iv_ = 0x90;
};

}  // namespace ssx::authip::testing_support
