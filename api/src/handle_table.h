// api/src/handle_table.h: the one table behind SOCKET, HANDLE, token and engine handles. A handle has a type and a
// generation: a stale, foreign or forged one is found out, never dereferenced.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <variant>
#include <vector>

#include "model/base/strong.h"
#include "model/host/calls.h"
#include "model/identity/principal.h"

namespace ssx::api {

/// A socket as the edge knows it: what the host does not need to know.
struct SocketEntry {
  SocketId socket;
  IpVersion version = IpVersion::kV4;
  host::SocketType type = host::SocketType::kStream;
  bool overlapped = true;
  bool non_blocking = false;
  std::uint32_t receive_timeout_milliseconds = 0;  // 0: none
  std::uint32_t send_timeout_milliseconds = 0;
};
/// An access token with the rights it was opened with.
struct TokenEntry {
  std::shared_ptr<const identity::AccessToken> token;
  std::uint32_t access = 0;
};
using HandleEntry = std::variant<SocketEntry, TokenEntry>;

/// Thread-safe. Handle values are multiples of four, never 0 and never INVALID_SOCKET, as on Windows.
class HandleTable {
 public:
  std::uint64_t add(HandleEntry entry);
  /// A copy of the entry; nothing for a handle that is not open.
  std::optional<HandleEntry> find(std::uint64_t handle) const;
  template <class T>
  std::optional<T> find_as(std::uint64_t handle) const {
    auto entry = find(handle);
    if (!entry || !std::holds_alternative<T>(*entry)) return std::nullopt;
    return std::get<T>(std::move(*entry));
  }
  /// Replaces the entry of an open handle; false if it is not open.
  bool replace(std::uint64_t handle, HandleEntry entry);
  /// Closes; false if it was not open.
  bool remove(std::uint64_t handle);
  /// How many handles are open: leaks show.
  std::size_t size() const;

 private:
  struct Slot {
    std::uint32_t generation = 0;
    std::optional<HandleEntry> entry;
  };
  static std::optional<std::size_t> index_of(std::uint64_t handle, const std::vector<Slot>& slots);

  mutable std::mutex mutex_;
  std::vector<Slot> slots_;
  std::deque<std::size_t> free_;  // oldest first, so that a stale handle is not soon valid again
};

}  // namespace ssx::api
