#include "lab/expectations.h"

#include <algorithm>
#include <set>

#include "lab/constants.h"
#include "lab/recorder.h"
#include "lab/wire_monitor.h"

namespace ssx::lab {
namespace {

std::string at_time(Instant at) {
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(at.since_epoch).count();
  std::string fraction = std::to_string(micros % 1'000'000);
  fraction.insert(0, 6 - fraction.size(), '0');
  return std::to_string(micros / 1'000'000) + '.' + fraction + " s";
}

std::string packet_place(const WireRecord& record) {
  return "a packet of " + record.host + " at " + at_time(record.at);
}

class Judge {
 public:
  Judge(const Scenario& scenario, const Records& records) : scenario_(scenario), records_(records) {}

  std::string complaint(const Expectation& expectation) const {
    return std::visit([&](const auto& what) { return on(what); }, expectation.what);
  }

 private:
  std::string on(const PayloadOnWire& expected) const {
    const WireRecord* found = nullptr;
    for (const WireRecord& record : records_.wire) {
      const auto packet = see(record.datagram);
      if (packet && carries_clear_payload(*packet)) found = found == nullptr ? &record : found;
    }
    if (!expected.clear && found != nullptr) return "payload in clear in " + packet_place(*found);
    if (expected.clear && found == nullptr) return "no payload was seen in clear";
    return expected.clear ? "" : plaintext_in_ciphertext();
  }

  /// Where every SA of the run encrypts, no payload of a send step may stand in any packet, protected or not.
  std::string plaintext_in_ciphertext() const {
    if (!std::ranges::all_of(records_.installed, &SaRecord::encrypts)) return "";
    for (const Program& program : scenario_.programs) {
      for (const Step& step : program.steps) {
        const auto* send = std::get_if<SendStep>(&step.body);
        if (send == nullptr) continue;
        const Octets needle = Octets(send->data).first(std::min<std::size_t>(send->data.size(), 64));
        for (const WireRecord& record : records_.wire) {
          if (contains(record.datagram, needle)) return "a sent text stands readable in " + packet_place(record);
        }
      }
    }
    return "";
  }

  std::string on(const OnlyKeyingFrom& expected) const {
    for (const WireRecord& record : records_.wire) {
      if (record.host != expected.host) continue;
      const auto packet = see(record.datagram);
      if (!packet || packet->kind != SeenPacket::Kind::kKeying) return packet_place(record) + " is no keying message";
    }
    return "";
  }

  bool goes_to(const SeenPacket& packet, const std::string& host) const {
    for (const IpAddress& address : scenario_.find_host(host)->addresses) {
      if (to_hex(address.octets()) == packet.destination) return true;
    }
    return false;
  }

  std::string on(const ProtectionOnWire& expected) const {
    const auto wanted = expected.protocol == IpProtocol::kEsp ? SeenPacket::Kind::kEsp : SeenPacket::Kind::kAh;
    std::size_t count = 0;
    for (const WireRecord& record : records_.wire) {
      if (record.host != expected.from) continue;
      const auto packet = see(record.datagram);
      if (!packet || !goes_to(*packet, expected.to)) continue;
      const bool is_protected = packet->kind == SeenPacket::Kind::kEsp || packet->kind == SeenPacket::Kind::kAh;
      if (is_protected && packet->kind != wanted) return packet_place(record) + " is protected by the other protocol";
      count += is_protected ? 1 : 0;
    }
    return count == 0 ? "no protected packet was seen" : "";
  }

  static bool fits(const SaExpected& expected, const SaRecord& sa) {
    return sa.host == expected.host && (!expected.protocol || sa.protocol == *expected.protocol) &&
           (!expected.cipher || sa.cipher == *expected.cipher) &&
           (!expected.integrity || sa.integrity == *expected.integrity);
  }

  std::string on(const SaExpected& expected) const {
    const auto count = static_cast<std::size_t>(
        std::ranges::count_if(records_.live, [&](const SaRecord& sa) { return fits(expected, sa); }));
    if (count == expected.count) return "";
    std::string text = "expected " + std::to_string(expected.count) + " such SA pairs, found " + std::to_string(count);
    for (const SaRecord& sa : records_.live) {
      if (sa.host == expected.host && !fits(expected, sa))
        text += "; there is " + protection_text(sa) + " for " + sa.selector;
    }
    return text;
  }

  std::string on(const MainModeExpected& expected) const {
    const auto fits_mode = [&](const MainModeRecord& mode) {
      return mode.host == expected.host && (!expected.cipher || mode.cipher == *expected.cipher) &&
             (!expected.group || mode.group == *expected.group) &&
             (!expected.extended_method || mode.extended_method == expected.extended_method);
    };
    if (std::ranges::any_of(records_.main_modes, fits_mode)) return "";
    return "no such main mode among the " + std::to_string(records_.main_modes.size()) + " of the run";
  }

  std::string on(const EventExpected& expected) const {
    std::size_t count = 0;
    std::set<std::string> others;
    for (const EventRecord& event : records_.events) {
      if (event.host != expected.host) continue;
      if (event.kind == expected.kind && event.status == expected.status) {
        ++count;
      } else {
        others.insert(event.kind + ' ' + error_name(event.status));
      }
    }
    if (count == expected.count) return "";
    std::string text = "expected " + std::to_string(expected.count) + ", found " + std::to_string(count);
    for (const std::string& other : others) text += "; there was " + other;
    return text;
  }

  const Scenario& scenario_;
  const Records& records_;
};

}  // namespace

std::vector<ExpectationRecord> judge(const Scenario& scenario, const Records& records) {
  const Judge judge(scenario, records);
  std::vector<ExpectationRecord> results;
  for (const Expectation& expectation : scenario.expectations) {
    results.push_back({expectation.position, expectation.text, judge.complaint(expectation)});
  }
  return results;
}

}  // namespace ssx::lab
