// model/authip/session.h: one main-mode SA from its first packet to its end: numbers, seals and repeats the messages of
// its machines and leads from main mode to quick mode to extended mode. Source: authip.md 2, D-10, D-13, D-43, D-53,
// D-54.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "model/authip/em_initiator.h"
#include "model/authip/em_responder.h"
#include "model/authip/mm_initiator.h"
#include "model/authip/mm_responder.h"
#include "model/authip/notify_queue.h"
#include "model/authip/qm_initiator.h"
#include "model/authip/qm_responder.h"
#include "model/authip/receive_window.h"
#include "model/authip/requester.h"

namespace ssx::authip {

/// A half-open responder waits this long for the next message (authip.md 2.12).
inline constexpr Duration kResponderTimeout = std::chrono::seconds(60);

/// What somebody wants: an SA pair for a selector. Travels from session to session until it succeeds or fails.
struct Job {
  std::vector<NegotiationId> waiters;  // empty: a rekey, or a peer's NOTIFY_ACQUIRE
  ipsec::TrafficSelector selector;
  MainModeChoice main_mode;
  QuickModeChoice quick_mode;
  TargetNames target;
  std::optional<identity::Principal> user;  // set only where a policy says SOCKET_PRINCIPAL
  std::optional<Spi> replaces;              // rekey: the pair that is to be replaced
  std::size_t group_run = 0;                // D-16: which group is offered
  bool without_extended_mode = false;       // U-11: repeated once, since E1 was refused
};

/// An SA pair that exists in the SAD, with what it takes to negotiate its successor.
struct PairRecord {
  MmSaId session;
  MessageId quick_mode;
  ipsec::SaRole role = ipsec::SaRole::kInitiator;
  bool guarantee_encryption = false;
  std::string peer_name;  // as authenticated
  Job job;                // its successor, without waiters
  std::optional<Instant> delete_at;
};

// --- what a session tells its engine
// --------------------------------------------------------------------------------------

struct JobSucceeded {
  Job job;
  Spi inbound_spi;
};
struct JobFailed {
  Job job;
  Failure failure;
  std::vector<Job> waiting;  // jobs that waited for this one's main mode
};
struct JobReleased {  // the session ends and has not begun with it: to be submitted again
  Job job;
};
struct PairInstalled {
  Spi inbound_spi;
  PairRecord record;
};
struct PairDeleted {  // by the peer, or with its session
  Spi inbound_spi;
};
struct PeerAcquires {  // NOTIFY_ACQUIRE
  ipsec::TrafficSelector selector;
  bool guarantee_encryption = false;
};
using Upcall = std::variant<JobSucceeded, JobFailed, JobReleased, PairInstalled, PairDeleted, PeerAcquires>;

/// What one call of a session may use and fill.
struct Call {
  const Surroundings& at;
  const ReservedSpis& reserved;
  std::vector<Effect>& effects;
  std::vector<Upcall>& upcalls;
};

/// A request of this side and the answer that is awaited for it.
struct Outstanding {
  requester::State request;
  ExchangeType exchange = ExchangeType::kMainMode;
  std::uint32_t sequence = 0;
  bool encrypted = false;
};

struct QuickModeSlot {
  std::variant<qm_initiator::State, qm_responder::State> machine;
  Outstanding outstanding;
  std::optional<Job> job;  // initiator
  std::optional<Spi> installed_inbound;
  bool succeeded = false;
  std::optional<Instant> deadline;  // responder: 60 s for the next message
};

/// Notifies about the main mode, or about one quick mode.
struct NotifyChannel {
  notify_queue::State queue;
  requester::State request;
  std::uint32_t sequence = 0;  // of the outstanding one
};
struct NotifyChannelKey {
  std::uint8_t protocol = kProtocolMainMode;
  MessageId quick_mode;
  friend auto operator<=>(const NotifyChannelKey&, const NotifyChannelKey&) = default;
};

class Session {
 public:
  /// How far a session is.
  enum class Life : std::uint8_t {
    kNegotiating,  // first negotiation: main mode, first quick mode, extended mode
    kEstablished,
    kRetired,  // takes no new quick mode, goes with its last pair (authip.md 2.9)
    kClosing,  // no SA any more; a last notify awaits its acknowledgement
    kGone,
  };

  /// An initiator's session: sends #1. Draws the cookie (8, repeated while it is zero), then what mm_initiator draws.
  static Session initiate(MmSaId id, Job job, std::vector<MainModeEntry> run, TransportAddress local,
                          TransportAddress remote, bool initial_contact, Call& call);
  /// A responder's session for a #1 that passed the quotas. Gone at once if it was refused.
  static Session respond(MmSaId id, const Frame& frame, MainModeChoice choice, TransportAddress local,
                         TransportAddress remote, bool initial_contact, Call& call);

  /// Whether a datagram with these cookies between these endpoints belongs here (authip.md 1.1).
  bool owns(const MessageHeader& header, const TransportAddress& local, const TransportAddress& remote) const;
  void receive(const Frame& frame, Call& call);
  void timer_fired(Call& call);
  std::optional<Instant> next_deadline() const;

  /// Queues a job until the first negotiation is over, or begins a later quick mode for it.
  void add_job(Job job, Call& call);
  /// A waiter lost interest. A negotiation that nobody waits for is given up.
  void cancel(NegotiationId id, Call& call);
  /// The waiters of a job that negotiates or waits here; nullptr if there is none like it.
  Job* find_equal_job(const Job& job);
  /// A pair of this session is gone on this host.
  void pair_removed(MessageId quick_mode, bool tell_peer, std::uint32_t status, Call& call);
  /// Asks the peer to start a negotiation (NOTIFY_ACQUIRE).
  void send_acquire(const ipsec::TrafficSelector& selector, bool guarantee_encryption, Call& call);

  MmSaId id() const { return id_; }
  Life life() const { return life_; }
  ipsec::SaRole role() const { return role_; }
  const TransportAddress& local() const { return local_; }
  const TransportAddress& remote() const { return remote_; }
  bool serves(const Job& job) const;     // D-55: an established main mode that the job may use
  bool may_serve(const Job& job) const;  // the same question of a first negotiation under way
  bool may_start_quick_mode() const;     // D-28
  std::size_t negotiations() const;      // in progress, for the quota
  void collect_reserved(ReservedSpis& out) const;
  MainModeDetails details() const;
  bool is_consistent() const;

 private:
  Session() = default;

  MessageHeader header(ExchangeType exchange, MessageId id, std::uint32_t sequence) const;
  OctetVector seal(const MessageHeader& header, bool encrypted, bool clear_iv, const PayloadChain& payloads,
                   Call& call);
  void transmit(OctetVector datagram, std::string name, Call& call) const;
  void drop(std::string reason, std::string rule, Call& call) const;
  void decide(std::string phase, std::string outcome, std::string rule, Call& call) const;

  // requests of this side (session_send.cc)
  void send_request(Outstanding& outstanding, MessageId id, SendRequest request, Call& call);
  void perform(requester::Step step, requester::State& state, bool& gave_up, Call& call);
  void answer(ExchangeType exchange, MessageId id, std::uint32_t sequence, SendResponse response, Call& call);
  void post_notify(NotifyChannelKey key, PayloadChain payloads, bool reliable, Call& call);
  void transmit_notify(NotifyChannelKey key, const notify_queue::Transmit& transmit, Call& call);
  void tell_peer(const Failure& failure, MessageId quick_mode, Call& call);

  // received messages (session_receive.cc)
  void receive_response(Outstanding& outstanding, const Frame& frame, Call& call);
  void receive_main_mode_request(const Frame& frame, Call& call);
  void receive_quick_mode_request(const Frame& frame, Call& call);
  void receive_extended_mode_request(const Frame& frame, Call& call);
  bool is_new_request(OrderedWindow& window, const Frame& frame, Call& call);
  std::optional<Message> open_message(const Frame& frame, Phase phase, Call& call);
  void first_quick_mode_request(const Message& message, Call& call);
  void later_quick_mode_request(const Message& message, Call& call);
  Outstanding* outstanding_for(const Frame& frame);
  void route_response(const Message& message, Call& call);

  // notifies (session_notify.cc)
  void receive_notify(const Frame& frame, Call& call);
  void receive_clear_notify(const Frame& frame, Call& call);
  void acknowledge(const Message& message, const Frame& frame, Call& call);
  void on_ack(const NotifyContent& ack, Call& call);
  void on_status(std::uint8_t protocol, std::uint32_t status, MessageId message_id, Call& call);
  void on_main_mode_status(std::uint32_t status, Call& call);
  void on_quick_mode_status(std::uint32_t status, MessageId id, Call& call);
  void on_acquire(const Message& message, Call& call);
  void refuse_quick_mode(MessageId id, std::uint32_t status, Call& call);

  // machines (session_machines.cc)
  void main_mode_event(const mm_initiator::Event& event, Call& call);
  void main_mode_event(const mm_responder::Event& event, const MessageHeader& request, Call& call);
  void quick_mode_event(MessageId id, const qm_initiator::Event& event, Call& call);
  void quick_mode_event(MessageId id, const qm_responder::Event& event, const MessageHeader& request, Call& call);
  void extended_mode_event(const em_initiator::Event& event, Call& call);
  void extended_mode_event(const em_responder::Event& event, const MessageHeader& request, Call& call);
  void apply(std::vector<MachineEffect> effects, Outstanding* outstanding, MessageId quick_mode,
             const MessageHeader* request, Call& call);
  void keys_ready(std::shared_ptr<const MainModeSa> sa, Call& call);
  void start_first_quick_mode(Call& call);
  void start_later_quick_mode(Job job, Call& call);
  void begin_quick_mode(MessageId id, Job job, Call& call);
  void after_first_quick_mode(Call& call);
  void install(MessageId id, bool inbound, Call& call);
  void establish(Call& call);
  void quick_mode_succeeded(MessageId id, Call& call);

  // the end (session_end.cc)
  void fail_negotiation(Failure failure, MessageId quick_mode, Call& call);
  void fail_quick_mode(MessageId id, Failure failure, Call& call);
  void tear_down(std::uint32_t status, bool with_pairs, std::string why, Call& call);
  void remove_pair(MessageId id, std::uint32_t status, Call& call);
  void close(std::uint32_t status, Call& call);
  void retire(std::uint32_t status, Call& call);
  void leave_if_done(Call& call);
  void expire(Call& call);
  void release_jobs(Call& call);

  const ExtendedModeResult* extended_result() const;
  bool extended_mode_pending() const;
  QuickModeSlot* slot(MessageId id);
  std::optional<Job>& job_of(MessageId id);

  MmSaId id_;
  ipsec::SaRole role_ = ipsec::SaRole::kInitiator;
  Life life_ = Life::kNegotiating;
  TransportAddress local_;
  TransportAddress remote_;
  Cookie initiator_cookie_{};
  Cookie responder_cookie_{};
  std::uint32_t policy_flags_ = 0;         // of the main-mode policy
  std::uint32_t retransmit_duration_ = 0;  // of the main-mode policy, seconds
  std::variant<mm_initiator::State, mm_responder::State> main_mode_;
  std::shared_ptr<const MainModeSa> sa_;
  Outstanding main_mode_outstanding_;
  std::map<MessageId, QuickModeSlot> quick_modes_;
  std::variant<std::monostate, em_initiator::State, em_responder::State> extended_mode_;
  Outstanding extended_mode_outstanding_;
  std::map<NotifyChannelKey, NotifyChannel> notifies_;
  std::array<std::uint32_t, 4> next_sequence_{};  // own exchanges, by class
  OrderedWindow main_mode_window_;
  OrderedWindow quick_mode_window_;
  OrderedWindow extended_mode_window_;
  NotifyWindow notify_window_;
  std::optional<Job> first_job_;
  std::optional<identity::Principal> first_user_;  // whose credentials made the main mode, if not the machine's (D-55)
  std::deque<Job> waiting_jobs_;
  std::optional<Instant> half_open_until_;
  std::optional<Instant> expires_at_;
  std::uint32_t quick_modes_done_ = 0;
  bool announced_ = false;  // MainModeEstablished was told
  std::uint32_t end_status_ = 0;
};

/// #1 and #2 before a session exists or matches: clear payloads, checked for form.
expected<Message, Invalid> read_clear_message(const Frame& frame);
/// NOTIFY_STATUS with a code.
PayloadChain status_notify(std::uint8_t protocol, bool reliable, std::uint32_t status);

}  // namespace ssx::authip
