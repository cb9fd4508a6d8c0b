// lab/recorder.h: turns what a driver reports into records. The only place that puts trace events into words.
#pragma once

#include <mutex>
#include <string>

#include "lab/records.h"
#include "model/host/host.h"
#include "model/sim/observer.h"

namespace ssx::lab {

/// Collects; may be called from several threads.
class Recorder final : public sim::Observer {
 public:
  void on_completed(const std::string& host, const host::Completed& completed) override;
  void on_trace(const std::string& host, const host::TraceRecord& record) override;
  void on_keys(const std::string& host, const host::KeysLogged& keys, Instant at) override;
  void on_wire(const std::string& host, Octets datagram, Instant at, sim::WireFate fate) override;

  void add_step(StepRecord record);
  /// What the host holds now; called when all programs have ended.
  void add_state(const std::string& name, const host::Host& host);

  /// Everything so far; the recorder is empty then.
  Records take();

 private:
  std::mutex mutex_;
  Records records_;
};

/// The name of a net event's kind: "IKEEXT_MM_FAILURE".
std::string name_of(host::NetEvent::Kind kind);
/// "ESP AES-128 HMAC-SHA1-96"
std::string protection_text(const SaRecord& sa);
SaRecord to_record(const std::string& host, const ipsec::SaPair& pair);

}  // namespace ssx::lab
