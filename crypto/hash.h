// crypto/hash.h: digests and HMAC over several parts, and a keyed HMAC that keeps its inner and outer states.
#pragma once

#include <array>
#include <initializer_list>
#include <memory>

#include "crypto/algorithms.h"
#include "model/base/octets.h"

namespace ssx::crypto {

/// A hash or HMAC result of 16 to 48 octets.
class Digest {
 public:
  Digest() = default;
  explicit Digest(std::size_t size) : size_(size) {}
  Octets view() const { return Octets(octets_).first(size_); }
  MutableOctets mutable_view() { return MutableOctets(octets_).first(size_); }
  std::size_t size() const { return size_; }
  /// Constant time in the contents.
  friend bool operator==(const Digest& a, const Digest& b);

 private:
  std::array<std::byte, 48> octets_{};
  std::size_t size_ = 0;
};

/// Hash of all parts, one behind the other.
Digest hash(HashAlgorithm algorithm, std::initializer_list<Octets> parts);
/// HMAC (RFC 2104) of all parts under `key`, full length.
Digest hmac(HashAlgorithm algorithm, Octets key, std::initializer_list<Octets> parts);

/// An HMAC key whose padded inner and outer states are computed once. tag() does not allocate and may be called again
/// and again. One thread at a time.
class HmacKey {
 public:
  HmacKey(HashAlgorithm algorithm, Octets key);
  HmacKey(const HmacKey& other);
  HmacKey(HmacKey&&) noexcept;
  HmacKey& operator=(const HmacKey& other);
  HmacKey& operator=(HmacKey&&) noexcept;
  ~HmacKey();

  /// Writes the leftmost out.size() octets of HMAC over `parts`; out.size() is at most the digest's size.
  void tag(std::span<const Octets> parts, MutableOctets out);

 private:
  struct States;
  std::unique_ptr<States> states_;
};

}  // namespace ssx::crypto
