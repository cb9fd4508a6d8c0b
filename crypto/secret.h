// crypto/secret.h: octets that wipe themselves when they are released (authip.md D-61).
#pragma once

#include <cstddef>

#include "model/base/octets.h"

namespace ssx::crypto {

/// Owned secret octets: keys, shared secrets, session keys. Wiped with a call that the compiler may not remove, on
/// destruction, assignment and move. Copies are explicit copies of a secret: each wipes itself.
class SecretOctets {
 public:
  SecretOctets() = default;
  explicit SecretOctets(Octets octets);
  explicit SecretOctets(std::size_t zeros);
  SecretOctets(const SecretOctets& other);
  SecretOctets(SecretOctets&& other) noexcept;
  SecretOctets& operator=(const SecretOctets& other);
  SecretOctets& operator=(SecretOctets&& other) noexcept;
  ~SecretOctets();

  std::size_t size() const { return octets_.size(); }
  bool empty() const { return octets_.empty(); }
  /// Borrowed; valid until this object changes.
  Octets view() const { return octets_; }
  MutableOctets mutable_view() { return octets_; }
  /// The first `count` octets as a secret of their own; count must not exceed size().
  SecretOctets first(std::size_t count) const;
  /// `count` octets from `offset`.
  SecretOctets slice(std::size_t offset, std::size_t count) const;

  /// Constant time in the contents.
  friend bool operator==(const SecretOctets& a, const SecretOctets& b);

 private:
  void wipe() noexcept;
  OctetVector octets_;
};

/// Compares two runs of equal length in constant time; false at once when the lengths differ.
bool constant_time_equal(Octets a, Octets b);
/// Overwrites octets; not removed by the optimiser.
void wipe(MutableOctets octets) noexcept;

}  // namespace ssx::crypto
