// model/ipsec/sad.h: the SA database of one host: which SA protects a packet, sequence numbers, replay windows,
// lifetimes. No I/O, no clock. Source: RFC 4301 4.4.2, 4303 3.3 and 3.4, 4302 3.3 and 3.4; authip.md 5.3, 7.3, 7.4,
// D-29, D-44, D-45, D-52.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "model/base/address.h"
#include "model/base/expected.h"
#include "model/base/octets.h"
#include "model/base/random.h"
#include "model/base/time.h"
#include "model/ipsec/sa.h"

namespace ssx::ipsec {

/// What a packet that wants protection demands of its SA (U-21, D-55, authip.md 5.3).
struct OutboundQuery {
  FiveTuple packet;
  bool guarantee_encryption = false;  // the flow's GE mark: an SA with the other mark counts as none
  bool requires_encryption = false;   // a cipher, whatever the mark
  /// Whether the pair's authenticated peer is the one the application named; empty: any pair will do (C-230).
  std::function<bool(const SaPair&)> accepts_peer;
  /// Account whose credentials must have made the pair; "": none's, that is the computer's own; nothing: not asked
  /// (authip.md 2.16).
  std::optional<std::string> user;
};

/// A packet that came under an SA.
struct Arrival {
  SaContextId context;
  bool encrypted = false;
  bool guarantee_encryption = false;
  friend bool operator==(const Arrival&, const Arrival&) = default;
};

/// The pair is to be replaced: seconds, kilobytes, packets or sequence numbers are used up. Said once.
struct LifetimeReached {
  SaContextId context;
  Spi inbound_spi;
  friend bool operator==(const LifetimeReached&, const LifetimeReached&) = default;
};
/// The pair is gone: 13808 idle, 13895 expired.
struct PairRemoved {
  SaContextId context;
  Spi inbound_spi;
  QmSaId quick_mode;
  std::uint32_t status = 0;
  friend bool operator==(const PairRemoved&, const PairRemoved&) = default;
};
using SadEvent = std::variant<LifetimeReached, PairRemoved>;

/// IPSEC_STATISTICS, as far as the model counts. Pairs in the first four, packets in the others.
struct SadStatistics {
  std::uint64_t active = 0;
  std::uint64_t added = 0;
  std::uint64_t deleted = 0;
  std::uint64_t rekeys_asked = 0;
  std::uint64_t protected_outbound = 0;
  std::uint64_t opened_inbound = 0;  // dummy packets as well
  std::uint64_t invalid_spis_inbound = 0;
  std::uint64_t replayed_inbound = 0;
  std::uint64_t integrity_failures_inbound = 0;
  std::uint64_t invalid_inbound = 0;
  std::uint64_t wrong_sa_inbound = 0;
  std::uint64_t expired_inbound = 0;
  friend bool operator==(const SadStatistics&, const SadStatistics&) = default;
};

inline constexpr Duration kIdleGranularity = std::chrono::seconds(1);   // D-52
inline constexpr Duration kHardExpiryDelay = std::chrono::seconds(60);  // 2.11: the old pair goes 60 s after the rekey
inline constexpr Spi kSpiFirst{256};                                    // RFC 4303 2.1: 0 to 255 belong to nobody

struct SadConfig {
  std::size_t replay_window = 64;                // knob replay_window, a multiple of 32
  std::uint32_t rekey_soft_limit_percent = 100;  // knob rekey_soft_limit: of the seconds of a lifetime (D-44)
  SequenceNumber sequence_last{0xFFFFFFFF};      // RFC 4303 3.3.3: the last number an SA may use; never wraps
};

/// One pair as an enumeration shows it (IPSEC_SA_CONTEXT).
struct SaContextDetails {
  SaContextId id;
  const SaPair* pair = nullptr;  // borrowed until the database changes
  Instant installed;
  Instant last_used;
  bool outbound_installed = false;
  std::optional<Instant> expires;  // a rekey was asked for: the pair goes then
  std::uint64_t octets = 0;        // both directions, as D-45 counts
  std::uint64_t packets = 0;
};

class Sad {
 public:
  explicit Sad(const SadConfig& config);
  explicit Sad(std::size_t replay_window);
  ~Sad();
  Sad(Sad&&) noexcept;
  Sad& operator=(Sad&&) noexcept;

  /// The pair's inbound SAs work from now on. Their SPIs are this host's: not in use, none below kSpiFirst.
  SaContextId install_inbound(const SaPair& pair, Instant now);
  /// … and its outbound SAs. The inbound half must have been installed, this one not.
  void install_outbound(const SaPair& pair, Instant now);
  /// @return the quick mode's id, if there was such a pair
  std::optional<QmSaId> remove(Spi inbound_spi);
  bool spi_in_use(Spi spi) const { return by_inbound_spi_.contains(spi); }

  /// The newest pair that may carry the packet (D-29); nothing: negotiate.
  std::optional<SaContextId> find_outbound(const OutboundQuery& query) const;
  /// The newest pair, inbound half installed, whose selector matches the packet as it would arrive (D-48).
  std::optional<SaContextId> find_for_traffic(const FiveTuple& packet) const;
  std::optional<SaContextId> find_by_spi(Spi inbound_spi) const;
  /// Null if it is gone.
  const SaPair* pair(SaContextId context) const;
  std::optional<Instant> installed_at(SaContextId context) const;

  /// Protects a whole datagram; `out` gets the result, its capacity is kept from call to call. Allocates nothing once
  /// `out` is large enough.
  /// @errors kLifetimeExpired: the pair is over, or its sequence numbers are used up; kInvalidPacket: the
  /// datagram
  ///   cannot be protected (not IP, a fragment, too long)
  expected<void, DropReason> protect(SaContextId context, Octets datagram, RandomSource& random, Instant now,
                                     OctetVector& out);
  /// Verifies and opens a datagram that has an ESP or AH header, in the order of authip.md 7.4. A dummy packet gives
  /// nothing (step 8). `out` as for protect(), and meaningless unless there is an arrival.
  expected<std::optional<Arrival>, DropReason> unprotect(Octets datagram, Instant now, OctetVector& out);

  /// When advance() is wanted. May be early: then advance() gives nothing and the next deadline is later.
  std::optional<Instant> next_deadline() const;
  std::vector<SadEvent> advance(Instant now);

  std::vector<SaPair> pairs() const;
  /// In the order of installation.
  std::vector<SaContextDetails> contexts() const;
  const SadStatistics& statistics() const { return statistics_; }

 private:
  struct Direction;
  struct Context;

  Context* find(SaContextId context) const;
  /// The context and its index in `inbound`, by {SPI, protocol, destination}.
  std::pair<Context*, std::size_t> find_inbound(Octets datagram, Spi spi, IpProtocol protocol) const;
  enum class Layer : std::uint8_t { kOpened, kDummy };
  expected<Layer, DropReason> open_layer(Context& context, std::size_t index, Octets datagram, Instant now,
                                         OctetVector& out);
  expected<std::optional<Arrival>, DropReason> open(Octets datagram, Instant now, OctetVector& out);
  void count_drop(DropReason reason);
  void count_traffic(Context& context, std::size_t octets, Instant now);
  bool used_up(const Context& context) const;
  std::optional<Instant> soft_end(const Context& context) const;
  std::optional<Instant> due(const Context& context) const;
  void schedule(Context& context, std::optional<Instant> at);
  void erase(Context& context);

  SadConfig config_;
  std::map<SaContextId, std::unique_ptr<Context>> contexts_;
  std::map<Spi, SaContextId> by_inbound_spi_;
  std::map<IpAddress, std::vector<Context*>> by_remote_;
  std::set<std::pair<Instant, SaContextId>> schedule_;
  std::uint64_t next_context_ = 1;
  std::uint64_t next_outbound_ = 1;
  SadStatistics statistics_;
  OctetVector layer_;  // between ESP and AH of a pair that has both
};

/// The five-tuple of a datagram as its receiver (or sender) sees it; ports 0 where the protocol has none.
/// @return nothing if the headers cannot be walked, or the ports are cut off
std::optional<FiveTuple> tuple_of(Octets datagram, bool inbound);
/// Octets in front of the transport header, IPv6 extension headers included (RFC 8200 4).
std::optional<std::size_t> upper_offset_of(Octets datagram);

}  // namespace ssx::ipsec
