#include "lab/records_json.h"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "model/base/overloaded.h"

namespace ssx {

void to_json(nlohmann::json& json, const Instant& at) { json = at.since_epoch.count(); }
void from_json(const nlohmann::json& json, Instant& at) { at = Instant{Duration{json.get<std::int64_t>()}}; }

namespace lab {

using nlohmann::json;

void to_json(json& out, const Position& position) { out = {position.file, position.line, position.column}; }
void from_json(const json& in, Position& position) {
  in.at(0).get_to(position.file);
  in.at(1).get_to(position.line);
  in.at(2).get_to(position.column);
}

void to_json(json& out, const StepRecord& step) {
  out = {{"began", step.began}, {"ended", step.ended},   {"program", step.program},     {"host", step.host},
         {"text", step.text},   {"result", step.result}, {"complaint", step.complaint}, {"position", step.position}};
}
void from_json(const json& in, StepRecord& step) {
  in.at("began").get_to(step.began);
  in.at("ended").get_to(step.ended);
  in.at("program").get_to(step.program);
  in.at("host").get_to(step.host);
  in.at("text").get_to(step.text);
  in.at("result").get_to(step.result);
  in.at("complaint").get_to(step.complaint);
  in.at("position").get_to(step.position);
}

void to_json(json& out, const TraceLine& line) { out = {line.at, line.host, line.kind, line.text, line.detail}; }
void from_json(const json& in, TraceLine& line) {
  in.at(0).get_to(line.at);
  in.at(1).get_to(line.host);
  in.at(2).get_to(line.kind);
  in.at(3).get_to(line.text);
  in.at(4).get_to(line.detail);
}

void to_json(json& out, const WireRecord& record) {
  out = {record.at, record.host, to_hex(record.datagram), static_cast<int>(record.fate)};
}
void from_json(const json& in, WireRecord& record) {
  in.at(0).get_to(record.at);
  in.at(1).get_to(record.host);
  record.datagram = from_hex(in.at(2).get<std::string>()).value_or(OctetVector{});
  record.fate = static_cast<sim::WireFate>(in.at(3).get<int>());
}

void to_json(json& out, const EventRecord& event) {
  out = {event.at, event.host, event.kind, event.status, event.words};
}
void from_json(const json& in, EventRecord& event) {
  in.at(0).get_to(event.at);
  in.at(1).get_to(event.host);
  in.at(2).get_to(event.kind);
  in.at(3).get_to(event.status);
  in.at(4).get_to(event.words);
}

void to_json(json& out, const SaRecord& sa) {
  out = {{"host", sa.host},
         {"selector", sa.selector},
         {"protocol", static_cast<int>(sa.protocol)},
         {"cipher", static_cast<int>(sa.cipher)},
         {"integrity", static_cast<int>(sa.integrity)},
         {"inbound_spi", sa.inbound_spi},
         {"outbound_spi", sa.outbound_spi},
         {"quick_mode", sa.quick_mode},
         {"initiator", sa.initiator},
         {"encrypts", sa.encrypts},
         {"peer", sa.peer}};
}
void from_json(const json& in, SaRecord& sa) {
  in.at("host").get_to(sa.host);
  in.at("selector").get_to(sa.selector);
  sa.protocol = static_cast<IpProtocol>(in.at("protocol").get<int>());
  sa.cipher = static_cast<crypto::CipherAlgorithm>(in.at("cipher").get<int>());
  sa.integrity = static_cast<crypto::IntegrityAlgorithm>(in.at("integrity").get<int>());
  in.at("inbound_spi").get_to(sa.inbound_spi);
  in.at("outbound_spi").get_to(sa.outbound_spi);
  in.at("quick_mode").get_to(sa.quick_mode);
  in.at("initiator").get_to(sa.initiator);
  in.at("encrypts").get_to(sa.encrypts);
  in.at("peer").get_to(sa.peer);
}

void to_json(json& out, const MainModeRecord& mode) {
  out = {mode.host, static_cast<int>(mode.cipher), static_cast<int>(mode.group),
         mode.extended_method ? static_cast<int>(*mode.extended_method) : -1};
}
void from_json(const json& in, MainModeRecord& mode) {
  in.at(0).get_to(mode.host);
  mode.cipher = static_cast<wfp::IkeCipher>(in.at(1).get<int>());
  mode.group = static_cast<wfp::IkeDhGroup>(in.at(2).get<int>());
  const int method = in.at(3).get<int>();
  if (method >= 0) mode.extended_method = static_cast<wfp::AuthMethod>(method);
}

namespace {

json keys_to_json(const host::KeysLogged& logged) {
  return std::visit(Overloaded{
                        [](const host::EspSaKeys& sa) -> json {
                          return {{"source", to_string(sa.source)},
                                  {"destination", to_string(sa.destination)},
                                  {"protocol", static_cast<int>(sa.keys.protocol)},
                                  {"spi", sa.keys.spi.value},
                                  {"cipher", static_cast<int>(sa.keys.cipher)},
                                  {"integrity", static_cast<int>(sa.keys.integrity)},
                                  {"cipher_key", to_hex(sa.keys.cipher_key.view())},
                                  {"integrity_key", to_hex(sa.keys.integrity_key.view())}};
                        },
                        [](const authip::KeyLog& log) -> json {
                          return {{"cookie", to_hex(log.initiator_cookie)}, {"key", to_hex(log.cipher_key.view())}};
                        },
                    },
                    logged.keys);
}

OctetVector octets_of(const json& text) { return from_hex(text.get<std::string>()).value_or(OctetVector{}); }

host::KeysLogged keys_from_json(const json& in) {
  if (in.contains("cookie"))
    return {authip::KeyLog{octets_of(in.at("cookie")), crypto::SecretOctets{octets_of(in.at("key"))}}};
  host::EspSaKeys sa;
  sa.source = parse_address(in.at("source").get<std::string>()).value_or(IpAddress{});
  sa.destination = parse_address(in.at("destination").get<std::string>()).value_or(IpAddress{});
  sa.keys.protocol = static_cast<IpProtocol>(in.at("protocol").get<int>());
  sa.keys.spi = Spi{in.at("spi").get<std::uint32_t>()};
  sa.keys.cipher = static_cast<crypto::CipherAlgorithm>(in.at("cipher").get<int>());
  sa.keys.integrity = static_cast<crypto::IntegrityAlgorithm>(in.at("integrity").get<int>());
  sa.keys.cipher_key = crypto::SecretOctets{octets_of(in.at("cipher_key"))};
  sa.keys.integrity_key = crypto::SecretOctets{octets_of(in.at("integrity_key"))};
  return {sa};
}

template <class T>
void take_all(std::vector<T>& whole, std::vector<T>& part) {
  whole.insert(whole.end(), std::make_move_iterator(part.begin()), std::make_move_iterator(part.end()));
}

}  // namespace

std::string to_json_line(const Records& records) {
  json out{{"steps", records.steps},           {"lines", records.lines},         {"wire", records.wire},
           {"events", records.events},         {"installed", records.installed}, {"live", records.live},
           {"main_modes", records.main_modes}, {"stuck", records.stuck}};
  auto& keys = out["keys"] = json::array();
  for (const host::KeysLogged& logged : records.keys) keys.push_back(keys_to_json(logged));
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

expected<Records, std::string> records_from_json(std::string_view text) {
  try {
    const json in = json::parse(text);
    Records records;
    in.at("steps").get_to(records.steps);
    in.at("lines").get_to(records.lines);
    in.at("wire").get_to(records.wire);
    in.at("events").get_to(records.events);
    in.at("installed").get_to(records.installed);
    in.at("live").get_to(records.live);
    in.at("main_modes").get_to(records.main_modes);
    in.at("stuck").get_to(records.stuck);
    for (const json& keys : in.at("keys")) records.keys.push_back(keys_from_json(keys));
    return records;
  } catch (const json::exception& error) {
    return unexpected("a host process sent records that cannot be read: " + std::string(error.what()));
  }
}

void merge(Records& whole, Records part) {
  take_all(whole.steps, part.steps);
  take_all(whole.lines, part.lines);
  take_all(whole.wire, part.wire);
  take_all(whole.events, part.events);
  take_all(whole.installed, part.installed);
  take_all(whole.live, part.live);
  take_all(whole.main_modes, part.main_modes);
  take_all(whole.keys, part.keys);
  take_all(whole.stuck, part.stuck);
}

void sort_by_time(Records& records) {
  std::ranges::stable_sort(records.steps, {}, &StepRecord::ended);
  std::ranges::stable_sort(records.lines, {}, &TraceLine::at);
  std::ranges::stable_sort(records.wire, {}, &WireRecord::at);
  std::ranges::stable_sort(records.events, {}, &EventRecord::at);
}

}  // namespace lab
}  // namespace ssx
