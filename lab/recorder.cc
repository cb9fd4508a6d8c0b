#include "lab/recorder.h"

#include <fmt/format.h>

#include "lab/constants.h"
#include "model/base/overloaded.h"
#include "model/wfp/layers.h"

namespace ssx::lab {
namespace {

struct Words {
  std::string kind;
  std::string text;
  bool detail = false;
};

std::string status_text(std::uint32_t status) { return status == 0 ? "" : " (" + error_name(status) + ")"; }

std::string near_misses(const Decision& decision) {
  std::string text;
  for (const NearMiss& miss : decision.beaten) text += fmt::format("; not {}: {}", miss.object, miss.why);
  return text;
}

Words words_of(const host::Classified& event) {
  return {"classify",
          fmt::format("{} {}: {}{}", wfp::layer_name(event.layer), to_string(event.tuple),
                      event.permitted ? "permit" : "block",
                      event.filter ? fmt::format(" by filter {}", event.filter->value) : std::string()),
          event.permitted};
}
Words words_of(const host::KeyingMessage& event) {
  return {"keying", fmt::format("{} {} {} ({} octets)", event.outbound ? "sends" : "gets",
                                event.name.empty() ? "a message" : event.name,
                                (event.outbound ? "to " : "from ") + to_string(event.peer), event.octets)};
}
Words words_of(const host::PacketDropped& event) {
  return {"drop", fmt::format("{} {}: {}{}", event.outbound ? "out" : "in", to_string(event.tuple), event.reason,
                              status_text(event.status))};
}
Words words_of(const host::SaInstalled& event) {
  const SaRecord sa = to_record("", event.pair);
  return {"sa", fmt::format("{} SA up, {}, SPI {:08x}, for {}", event.outbound ? "outbound" : "inbound",
                            protection_text(sa), event.outbound ? sa.outbound_spi : sa.inbound_spi, sa.selector)};
}
Words words_of(const host::SaDeleted& event) {
  return {"sa", fmt::format("SA pair of SPI {:08x} gone: {}", event.inbound_spi.value, event.reason)};
}
Words words_of(const host::NetEvent& event) {
  return {"event", fmt::format("{} {} {}: {}", name_of(event.kind), error_name(event.status), to_string(event.tuple),
                               event.words)};
}
Words words_of(const host::FlowChanged& event) {
  return {"flow", fmt::format("{}: {} -> {} ({})", to_string(event.tuple), event.from, event.to, event.why)};
}
Words words_of(const authip::MainModeEstablished& event) {
  const auto& details = event.details;
  return {"main mode", fmt::format("SA {} with {} up, cookies {} {}", details.id.value, to_string(details.remote),
                                   to_hex(details.initiator_cookie), to_hex(details.responder_cookie))};
}
Words words_of(const authip::MainModeDeleted& event) {
  return {"main mode", fmt::format("SA {} gone{}", event.id.value, status_text(event.status))};
}
Words words_of(const authip::NegotiationFailed& event) {
  return {"negotiation", fmt::format("failed with {}: {}", error_name(event.status), event.words)};
}
Words words_of(const Decision& event) {
  return {"decision",
          fmt::format("{} {}: {}{}{} [{}]", event.phase, event.subject, event.outcome,
                      event.object.empty() ? std::string() : ", decided by " + event.object, near_misses(event),
                      event.rule),
          true};
}

}  // namespace

std::string name_of(host::NetEvent::Kind kind) {
  switch (kind) {
    case host::NetEvent::Kind::kIkeextMmFailure: return "IKEEXT_MM_FAILURE";
    case host::NetEvent::Kind::kIkeextQmFailure: return "IKEEXT_QM_FAILURE";
    case host::NetEvent::Kind::kIkeextEmFailure: return "IKEEXT_EM_FAILURE";
    case host::NetEvent::Kind::kClassifyDrop: return "CLASSIFY_DROP";
    case host::NetEvent::Kind::kIpsecKernelDrop: return "IPSEC_KERNEL_DROP";
  }
  return "unknown";
}

std::string protection_text(const SaRecord& sa) {
  std::string text = sa.protocol == IpProtocol::kAh ? "AH" : fmt::format("ESP {}", crypto::to_string(sa.cipher));
  return text + ' ' + std::string(crypto::to_string(sa.integrity));
}

SaRecord to_record(const std::string& host, const ipsec::SaPair& pair) {
  SaRecord record;
  record.host = host;
  record.selector = to_string(pair.selector);
  record.protocol = pair.inbound.front().protocol;
  record.cipher = pair.inbound.front().cipher;
  record.integrity = pair.inbound.front().integrity;
  record.inbound_spi = pair.inbound.front().spi.value;
  record.outbound_spi = pair.outbound.empty() ? 0 : pair.outbound.front().spi.value;
  record.quick_mode = pair.quick_mode.value;
  record.initiator = pair.role == ipsec::SaRole::kInitiator;
  record.encrypts = pair.encrypts();
  record.peer = pair.peer_name;
  return record;
}

void Recorder::on_completed(const std::string&, const host::Completed&) {}  // steps tell of their calls themselves

void Recorder::on_trace(const std::string& host, const host::TraceRecord& record) {
  Words words = std::visit([](const auto& event) { return words_of(event); }, record.event);
  const std::lock_guard lock(mutex_);
  records_.lines.push_back({record.at, host, std::move(words.kind), std::move(words.text), words.detail});
  if (const auto* event = std::get_if<host::NetEvent>(&record.event)) {
    records_.events.push_back({record.at, host, name_of(event->kind), event->status, event->words});
  }
  const auto* installed = std::get_if<host::SaInstalled>(&record.event);
  if (installed != nullptr && !installed->outbound) records_.installed.push_back(to_record(host, installed->pair));
}

void Recorder::on_keys(const std::string&, const host::KeysLogged& keys, Instant) {
  const std::lock_guard lock(mutex_);
  records_.keys.push_back(keys);
}

void Recorder::on_wire(const std::string& host, Octets datagram, Instant at, sim::WireFate fate) {
  const std::lock_guard lock(mutex_);
  records_.wire.push_back({at, host, to_vector(datagram), fate});
}

void Recorder::add_step(StepRecord record) {
  const std::lock_guard lock(mutex_);
  records_.steps.push_back(std::move(record));
}

void Recorder::add_state(const std::string& name, const host::Host& host) {
  const std::lock_guard lock(mutex_);
  for (const ipsec::SaPair& pair : host.sa_pairs()) records_.live.push_back(to_record(name, pair));
  for (const authip::MainModeDetails& mode : host.main_modes()) {
    records_.main_modes.push_back({name, mode.proposal.cipher, mode.proposal.dh_group, mode.extended_mode_method});
  }
}

Records Recorder::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(records_, Records{});
}

}  // namespace ssx::lab
