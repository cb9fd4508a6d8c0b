// model/ipsec/sad.h: the SA database of one host: which SA protects a packet, sequence numbers, replay windows, lifetimes.
// No I/O, no clock. Source: RFC 4301 4.4.2, 4303 3.3 and 3.4, 4302 3.3 and 3.4; authip.md 5.3, 7.3, 7.4, D-29, D-44, D-45, D-52.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "crypto/replay_window.h"
#include "crypto/sa_transform.h"
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
  bool guarantee_encryption = false;
  bool requires_encryption = false;               // a cipher, whatever the mark
  /// Whether the pair's authenticated peer is the one the application named; empty: any pair will do (C-230).
  std::function<bool(const SaPair&)> accepts_peer;
  std::optional<std::string> user;                // account whose credentials must have made the pair
};

/// A packet that came under an SA.
struct Arrival {
  SaContextId context;
  bool encrypted = false;
  bool guarantee_encryption = false;
};

/// The pair is to be replaced: its lifetime is over (D-44), or nearly used up.
struct LifetimeReached {
  SaContextId context;
  Spi inbound_spi;
};
/// The pair is gone: 13808 idle, 13895 expired.
struct PairRemoved {
  SaContextId context;
  Spi inbound_spi;
  QmSaId quick_mode;
  std::uint32_t status = 0;
};
using SadEvent = std::variant<LifetimeReached, PairRemoved>;

/// IPSEC_STATISTICS, as far as the model counts.
struct SadStatistics {
  std::uint64_t active = 0;
  std::uint64_t added = 0;
  std::uint64_t invalid_spis_inbound = 0;
  std::uint64_t replayed_inbound = 0;
  std::uint64_t integrity_failures_inbound = 0;
  std::uint64_t invalid_inbound = 0;
  std::uint64_t protected_outbound = 0;
  std::uint64_t opened_inbound = 0;
};

inline constexpr Duration kIdleGranularity = std::chrono::seconds(1);   // D-52
inline constexpr Duration kHardExpiryDelay = std::chrono::seconds(60);  // 2.11: the old pair goes 60 s after the rekey

class Sad {
 public:
  explicit Sad(std::size_t replay_window);
  ~Sad();
  Sad(Sad&&) noexcept;
  Sad& operator=(Sad&&) noexcept;

  /// The pair's inbound SAs work from now on.
  SaContextId install_inbound(const SaPair& pair, Instant now);
  /// … and its outbound SAs. The inbound half must have been installed.
  void install_outbound(const SaPair& pair, Instant now);
  /// @return the quick mode's id, if there was such a pair
  std::optional<QmSaId> remove(Spi inbound_spi);
  bool spi_in_use(Spi spi) const;

  /// The newest pair that may carry the packet (D-29); nothing: negotiate.
  std::optional<SaContextId> find_outbound(const OutboundQuery& query) const;
  /// Any pair, inbound half installed, whose selector matches the packet as it would arrive (D-48).
  std::optional<SaContextId> find_for_traffic(const FiveTuple& packet) const;
  /// Null if it is gone.
  const SaPair* pair(SaContextId context) const;
  std::optional<Instant> installed_at(SaContextId context) const;

  /// Protects a whole datagram; `out` gets the result, its capacity is kept from call to call.
  /// @errors kLifetimeExpired: the sequence numbers are used up; kInvalidPacket: the datagram cannot be protected
  expected<void, DropReason> protect(SaContextId context, Octets datagram, RandomSource& random, Instant now, OctetVector& out);
  /// Verifies and opens a datagram that has an ESP or AH header, in the order of authip.md 7.4. A dummy packet gives
  /// nothing (step 8).
  expected<std::optional<Arrival>, DropReason> unprotect(Octets datagram, Instant now, OctetVector& out);

  /// When advance() is wanted.
  std::optional<Instant> next_deadline() const;
  std::vector<SadEvent> advance(Instant now);

  std::vector<SaPair> pairs() const;
  const SadStatistics& statistics() const { return statistics_; }

 private:
  struct Direction;
  struct Context;
  Context* find(SaContextId context);
  const Context* find(SaContextId context) const;
  expected<void, DropReason> open_layer(Octets datagram, Instant now, Context*& context, OctetVector& out);
  bool selectors_fit(const Context& context, Octets datagram) const;

  std::size_t replay_window_;
  std::map<SaContextId, Context> contexts_;
  std::map<Spi, SaContextId> by_inbound_spi_;
  std::uint64_t next_context_ = 1;
  SadStatistics statistics_;
  OctetVector layer_;  // between ESP and AH of a pair that has both
};

/// The five-tuple of a datagram as its receiver (or sender) sees it; ports 0 where the protocol has none.
std::optional<FiveTuple> tuple_of(Octets datagram, bool inbound);

}  // namespace ssx::ipsec
