#include "lab/account.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "lab/recorder.h"
#include "lab/wire_monitor.h"

namespace ssx::lab {
namespace {

double seconds(Instant at) { return std::chrono::duration<double>(at.since_epoch).count(); }

/// A line of the account with what it is sorted by.
struct Line {
  Instant at;
  std::string text;
};

std::string step_text(const StepRecord& step) {
  const std::string result = step.result.empty() ? "" : " -> " + step.result;
  std::string text = fmt::format("{:<10} {}{}", step.program, step.text, result);
  if (step.ended - step.began >= std::chrono::milliseconds(1)) {
    text += fmt::format("  (took {:.3f} s)", std::chrono::duration<double>(step.ended - step.began).count());
  }
  if (!step.complaint.empty())
    text += fmt::format("\n{:>13}FAILED {}: {}", "", to_string(step.position), step.complaint);
  return text;
}

std::vector<Line> all_lines(const Records& records, const AccountOptions& options) {
  std::vector<Line> lines;
  for (const TraceLine& line : records.lines) {
    if (line.detail && !options.trace) continue;
    lines.push_back({line.at, fmt::format("{:<10}   {}: {}", line.host, line.kind, line.text)});
  }
  for (const StepRecord& step : records.steps) lines.push_back({step.ended, step_text(step)});
  std::ranges::stable_sort(lines, {}, &Line::at);
  return lines;
}

/// How many packets of each kind were on the wire.
std::string wire_summary(const Records& records) {
  std::size_t clear = 0;
  std::size_t keying = 0;
  std::size_t esp = 0;
  std::size_t ah = 0;
  std::size_t lost = 0;
  for (const WireRecord& record : records.wire) {
    lost += record.fate == sim::WireFate::kLost ? 1U : 0U;
    const auto packet = see(record.datagram);
    if (!packet) continue;
    clear += packet->kind == SeenPacket::Kind::kClearTransport ? 1U : 0U;
    keying += packet->kind == SeenPacket::Kind::kKeying ? 1U : 0U;
    esp += packet->kind == SeenPacket::Kind::kEsp ? 1U : 0U;
    ah += packet->kind == SeenPacket::Kind::kAh ? 1U : 0U;
  }
  return fmt::format("{} packets: {} keying, {} ESP, {} AH, {} in clear; {} lost on the way", records.wire.size(),
                     keying, esp, ah, clear, lost);
}

nlohmann::json position_json(const Position& position) {
  return {{"file", position.file}, {"line", position.line}, {"column", position.column}};
}

nlohmann::json sa_json(const SaRecord& sa) {
  return {{"host", sa.host},
          {"selector", sa.selector},
          {"protection", protection_text(sa)},
          {"encrypts", sa.encrypts},
          {"inbound_spi", sa.inbound_spi},
          {"outbound_spi", sa.outbound_spi},
          {"quick_mode_sa_id", sa.quick_mode},
          {"role", sa.initiator ? "initiator" : "responder"},
          {"peer", sa.peer}};
}

std::string_view fate_text(sim::WireFate fate) {
  switch (fate) {
    case sim::WireFate::kSent: return "sent";
    case sim::WireFate::kLost: return "lost";
    case sim::WireFate::kCorrupted: return "corrupted";
    case sim::WireFate::kNoSuchHost: return "no such host";
  }
  return "unknown";
}

}  // namespace

std::string account(const Scenario& scenario, const Records& records, const AccountOptions& options) {
  std::string text = fmt::format("== {} (seed {})\n", scenario.title, scenario.seed);
  for (const Line& line : all_lines(records, options))
    text += fmt::format("{:>12.6f} {}\n", seconds(line.at), line.text);
  text += fmt::format("   wire: {}\n", wire_summary(records));
  for (const SaRecord& sa : records.live) {
    text +=
        fmt::format("   SA:   {:<10} {} as {}, {}{}\n", sa.host, protection_text(sa),
                    sa.initiator ? "initiator" : "responder", sa.selector, sa.peer.empty() ? "" : ", peer " + sa.peer);
  }
  for (const std::string& stuck : records.stuck) text += fmt::format("   STUCK: {}\n", stuck);
  for (const ExpectationRecord& expectation : records.expectations) {
    text += expectation.complaint.empty() ? fmt::format("   holds: {}\n", expectation.text)
                                          : fmt::format("   FAILED {}: {}: {}\n", to_string(expectation.position),
                                                        expectation.text, expectation.complaint);
  }
  return text + (records.passed() ? "PASS " : "FAIL ") + scenario.path + '\n';
}

std::string json_report(const Scenario& scenario, const Records& records) {
  nlohmann::json report{
      {"scenario", scenario.title}, {"file", scenario.path}, {"seed", scenario.seed}, {"passed", records.passed()}};
  auto& steps = report["steps"] = nlohmann::json::array();
  for (const StepRecord& step : records.steps) {
    steps.push_back({{"program", step.program},
                     {"host", step.host},
                     {"step", step.text},
                     {"began", seconds(step.began)},
                     {"ended", seconds(step.ended)},
                     {"result", step.result},
                     {"complaint", step.complaint},
                     {"position", position_json(step.position)}});
  }
  auto& lines = report["trace"] = nlohmann::json::array();
  for (const TraceLine& line : records.lines) {
    lines.push_back({{"at", seconds(line.at)},
                     {"host", line.host},
                     {"kind", line.kind},
                     {"text", line.text},
                     {"detail", line.detail}});
  }
  auto& events = report["events"] = nlohmann::json::array();
  for (const EventRecord& event : records.events) {
    events.push_back({{"at", seconds(event.at)},
                      {"host", event.host},
                      {"kind", event.kind},
                      {"status", event.status},
                      {"words", event.words}});
  }
  auto& wire = report["wire"] = nlohmann::json::array();
  for (const WireRecord& record : records.wire) {
    wire.push_back({{"at", seconds(record.at)},
                    {"host", record.host},
                    {"fate", fate_text(record.fate)},
                    {"datagram", to_hex(record.datagram)}});
  }
  auto& sas = report["security_associations"] = nlohmann::json::array();
  for (const SaRecord& sa : records.live) sas.push_back(sa_json(sa));
  auto& expectations = report["expectations"] = nlohmann::json::array();
  for (const ExpectationRecord& expectation : records.expectations) {
    expectations.push_back({{"text", expectation.text},
                            {"holds", expectation.complaint.empty()},
                            {"complaint", expectation.complaint},
                            {"position", position_json(expectation.position)}});
  }
  report["stuck"] = records.stuck;
  return report.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

}  // namespace ssx::lab
