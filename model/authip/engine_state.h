// model/authip/engine_state.h: what an engine owns: sessions, pairs, and the jobs' way between them. Internal to
// engine*.cc.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "model/authip/engine.h"
#include "model/authip/session.h"

namespace ssx::authip {

/// authip.md 2.13.
inline constexpr std::size_t kMainModesPerPeerMax = 20;     // a further request is dropped if more exist
inline constexpr std::size_t kNegotiationsPerPeerMax = 35;  // likewise
inline constexpr Duration kRekeyTimer = std::chrono::seconds(60);

struct Engine::State {
  State(const Config& configuration, Environment surroundings) : config(configuration), environment(surroundings) {}

  // events (engine.cc)
  void on(const Acquire& acquire);
  void on(const DatagramReceived& datagram);
  void on(const TimerFired& timer);
  void on(const SaLifetimeReached& reached);
  void on(const SaRemoved& removed);
  void on(const CancelAcquire& cancel);
  void first_message(const Frame& frame, const TransportAddress& local, const TransportAddress& remote);
  void drop(const TransportAddress& remote, std::string reason, std::string rule);

  // jobs and pairs (engine_jobs.cc)
  void submit(Job job);
  void begin_main_mode(Job job);
  bool refuse_locally(const Job& job, const MainModeList& list);
  void report(const Job& job, const Failure& failure);
  void perform_upcalls();
  void on_upcall(JobSucceeded& done);
  void on_upcall(JobFailed& failed);
  void on_upcall(JobReleased& released);
  void on_upcall(PairInstalled& installed);
  void on_upcall(PairDeleted& deleted);
  void on_upcall(PeerAcquires& acquires);
  void rekey(Spi inbound_spi);
  void delete_pair(Spi inbound_spi);
  void delete_due_pairs();

  /// Runs `body(session, call)` with the SPIs that are being negotiated everywhere.
  template <class Body>
  void with_call(Body body) {
    ReservedSpis reserved;
    for (const auto& [id, session] : sessions) session.collect_reserved(reserved);
    const Surroundings at{config, environment, replays, now};
    Call call{at, reserved, effects, upcalls};
    body(call);
  }
  Session* find(MmSaId id);
  std::size_t main_modes_with(const IpAddress& remote) const;
  bool knows_peer(const IpAddress& remote) const { return main_modes_with(remote) != 0; }
  void sweep();

  Config config;
  Environment environment;
  Instant now;
  std::map<MmSaId, Session> sessions;
  std::map<Spi, PairRecord> pairs;
  identity::ReplayCache replays;
  std::uint64_t last_id = 0;
  std::vector<Effect> effects;  // of the step under way
  std::vector<Upcall> upcalls;  // likewise
};

}  // namespace ssx::authip
