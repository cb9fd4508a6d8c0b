// model/identity/replay_cache.h: which initiator tokens an acceptor has seen. Source: RFC 4120 3.2.3.
#pragma once

#include <cstddef>
#include <deque>
#include <set>

#include "model/base/expected.h"
#include "model/base/octets.h"
#include "model/base/time.h"
#include "model/identity/gss.h"

namespace ssx::identity {

/// A value that belongs to whoever accepts contexts (mechanisms are immutable). It remembers each mark for twice the
/// clock skew: as long as the token it came from could be accepted again.
class ReplayCache {
 public:
  static constexpr Duration kKeptByDefault = std::chrono::minutes(10);
  static constexpr std::size_t kMarksMax = 4096;

  explicit ReplayCache(Duration kept = kKeptByDefault, std::size_t marks_max = kMarksMax)
      : kept_(kept), marks_max_(marks_max) {}

  /// Records GssContext::replay_mark() of a context that is complete. An empty mark is good and not recorded.
  /// @param now  the host's own clock or modelled time; never goes back
  /// @errors 13827: the mark is here already; or the cache is full, and what it would forget could be replayed (RFC
  /// 4120
  ///         3.2.3: an acceptor that loses track rejects)
  expected<void, GssFailure> record(Octets mark, Instant now);

  std::size_t size() const { return marks_.size(); }

 private:
  struct Seen {
    Instant at;
    OctetVector mark;
  };
  Duration kept_;
  std::size_t marks_max_;
  std::deque<Seen> order_;  // oldest first
  std::set<OctetVector> marks_;
};

}  // namespace ssx::identity
