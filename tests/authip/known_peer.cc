#include "known_peer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

namespace ssx::authip::testing_support {
namespace {

OctetVector run(int first, std::size_t count) {
  OctetVector octets;
  for (std::size_t i = 0; i < count; ++i) octets.push_back(static_cast<std::byte>(static_cast<std::size_t>(first) + i));
  return octets;
}

}  // namespace

void KnownPeer::Source::fill(MutableOctets out) {
  if (position + out.size() > script.size()) return rest.fill(out);
  std::copy_n(script.begin() + static_cast<std::ptrdiff_t>(position), out.size(), out.begin());
  position += out.size();
}

std::unique_ptr<KnownPeer::Source> KnownPeer::script(ipsec::SaRole role) {
  auto source = std::make_unique<Source>();
  const bool initiator = role == ipsec::SaRole::kInitiator;
  const auto add = [&](const OctetVector& octets) { append(source->script, octets); };
  add(run(initiator ? 0x01 : 0x11, 8));
  add(run(initiator ? 0x20 : 0x40, 32));
  if (!initiator) add(run(0x80, 32));
  add(hex(initiator ? "c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433"
                    : "c6ef9c5d78ae012a011164acb397ce2088685d8f06bf9be0b283ab46476bee53"));
  add(hex(initiator ? "11223344" : "55667788"));
  if (initiator) add(run(0x60, 32));
  const std::vector<int> ivs =
      initiator ? std::vector{0xb0, 0xd0, 0xf0, 0x10, 0x30} : std::vector{0xc0, 0xe0, 0x00, 0x20, 0x40};
  for (const int iv : ivs) add(run(iv, 16));
  return source;
}

KnownPeer::KnownPeer(ipsec::SaRole engine_role, const Config& config)
    : KnownPeer(engine_role, config, script(engine_role)) {}

KnownPeer::KnownPeer(ipsec::SaRole engine_role, const Config& config, std::unique_ptr<Source> source)
    : ladder(config, *source, *source), role_(engine_role), source_(std::move(source)) {
  for (auto& [name, octets] : read_messages("negotiation.txt")) {
    order_.push_back(name);
    messages_.emplace(name, std::move(octets));
  }
}

ProtectionKeys KnownPeer::keys() {
  return {crypto::HashAlgorithm::kSha1, crypto::CipherAlgorithm::kAes128,
          crypto::SecretOctets(Octets(hex("25e701448fb6cc5b97d2d2daaec41792"))),
          crypto::SecretOctets(Octets(hex("399e79b8f6c0737c3f1e8f87926115946e0b603a"))), 12};
}

PayloadChain KnownPeer::plain(const std::string& name) const {
  const auto frame = read_frame(message(name));
  if (!frame) throw std::logic_error(name);
  if (!frame->encrypted) return clear_chain(*frame);
  auto chain = open_frame(*frame, keys());
  if (!chain) throw std::logic_error(name);
  return *chain;
}

MessageHeader KnownPeer::header(const std::string& name) const { return read_frame(message(name))->header; }

void KnownPeer::play_until(const std::string& name) {
  const bool initiator = role_ == ipsec::SaRole::kInitiator;
  if (initiator) ladder.acquire();
  for (std::size_t i = initiator ? 1 : 0; i < order_.size(); i += 2) {
    if (order_[i] == name) break;
    say(message(order_[i]));
  }
  ladder.under_way.clear();
  heard();
}

void KnownPeer::say(OctetVector datagram) {
  ladder.inject(engine(), role_ == ipsec::SaRole::kInitiator ? z_end() : a_end(), std::move(datagram));
  ladder.under_way.clear();
}

void KnownPeer::say_sealed(MessageHeader header, const PayloadChain& payloads) {
  say(write_sealed(header, run(iv_++, 16), payloads, keys()));
}

void KnownPeer::say_instead(const std::string& name, const PayloadChain& payloads) {
  const auto frame = read_frame(message(name));
  if (frame->encrypted) return say_sealed(frame->header, payloads);
  say(write_clear(frame->header, false, payloads));
}

void KnownPeer::say_notify(std::uint32_t sequence, const PayloadChain& payloads, std::uint32_t message_id) {
  MessageHeader notify = header("QM#5");
  notify.exchange = ExchangeType::kNotify;
  notify.message_id = MessageId{message_id};
  notify.sequence = sequence;
  say_sealed(notify, payloads);
}

std::vector<std::string> KnownPeer::heard() {
  std::vector<std::string> names = engine().sent();
  std::vector<std::string> fresh(names.begin() + static_cast<std::ptrdiff_t>(heard_), names.end());
  heard_ = names.size();
  return fresh;
}

PayloadSet KnownPeer::last_payloads() const {
  const Peer& peer = role_ == ipsec::SaRole::kInitiator ? ladder.a : ladder.z;
  const OctetVector octets = peer.all<SendDatagram>().back().octets;
  const auto frame = read_frame(octets);
  const auto chain = frame->encrypted ? *open_frame(*frame, keys()) : clear_chain(*frame);
  return *read_payloads(chain);
}

MessageHeader KnownPeer::last_header() const {
  const Peer& peer = role_ == ipsec::SaRole::kInitiator ? ladder.a : ladder.z;
  const OctetVector octets = peer.all<SendDatagram>().back().octets;
  return read_frame(octets)->header;
}

}  // namespace ssx::authip::testing_support
