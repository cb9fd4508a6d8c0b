// model/tcpip/listener.h: a listening TCP socket: LISTEN state, half-open connections, backlog. Source: RFC
// 9293 3.10.7.2.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "model/base/address.h"
#include "model/base/random.h"
#include "model/base/time.h"
#include "model/tcpip/segment.h"
#include "model/tcpip/tcp.h"

namespace ssx::tcpip {

/// Half-open connections one listener keeps; a SYN beyond is dropped, its sender will repeat it. No SYN cookies.
inline constexpr std::size_t kHalfOpenMax = 256;

/// The two ends of a connection of this host.
struct ConnectionKey {
  TransportAddress local;
  TransportAddress remote;
  friend constexpr auto operator<=>(const ConnectionKey&, const ConnectionKey&) = default;
};

enum class ListenDrop : std::uint8_t {
  kReset,         // a RST: there is nothing to reset
  kNoSyn,         // neither SYN nor ACK nor RST
  kKnown,         // this peer's connection is half-open or waits to be accepted already
  kHalfOpenFull,  // too many half-open connections
};
std::string_view to_string(ListenDrop why);

/// A child in SYN-RECEIVED, with what its first step wants done (its SYN-ACK). The caller keeps it under its key.
struct ListenAccepted {
  TcpConnection child;
  std::vector<TcpEffect> effects;
};
/// The backlog is full (Windows answers RST: connect fails with WSAECONNREFUSED), or the segment acknowledges nothing.
struct ListenRefused {
  SegmentHeader reset;
};
struct ListenDropped {
  ListenDrop why;
};
using ListenResult = std::variant<ListenAccepted, ListenRefused, ListenDropped>;

/// Counts children, does not own them: segments for a known child go to the child, never here.
class TcpListener {
 public:
  /// @param backlog  as given to listen(); less than 1 counts as 1. Half-open and not accepted children together.
  explicit TcpListener(int backlog);

  /// A segment for the listening port that belongs to no connection.
  /// @param config  for the child, as its path demands.
  /// @param random  one draw, the ISN, when a child is made.
  ListenResult on_segment(const Segment& segment, const ConnectionKey& key, const TcpConfig& config,
                          RandomSource& random, Instant now);
  /// A child told Connected: it joins the queue of accept().
  void on_connected(const ConnectionKey& key);
  /// A child told Closed before it was accepted. @return true if it was half-open or waiting.
  bool on_closed(const ConnectionKey& key);
  /// The oldest connected child, which then is the caller's business alone.
  std::optional<ConnectionKey> accept();
  void set_backlog(int backlog);

  std::size_t half_open() const { return half_open_.size(); }
  std::size_t waiting() const { return waiting_.size(); }
  /// Half-open and waiting children: those to abort when the listener closes.
  std::vector<ConnectionKey> children() const;

  friend bool operator==(const TcpListener&, const TcpListener&) = default;
  friend bool is_consistent(const TcpListener& listener);

 private:
  bool knows(const ConnectionKey& key) const;

  std::size_t backlog_;
  std::vector<ConnectionKey> half_open_;  // sorted
  std::deque<ConnectionKey> waiting_;     // connected, in the order of connecting
};
bool is_consistent(const TcpListener& listener);

}  // namespace ssx::tcpip
