// crypto/dh.h: Diffie-Hellman over MODP and ECP groups. Private values come from the caller's seeded source.
#pragma once

#include <memory>
#include <string_view>

#include "crypto/algorithms.h"
#include "crypto/secret.h"
#include "model/base/expected.h"
#include "model/base/random.h"

namespace ssx::crypto {

enum class DhError : std::uint8_t {
  kBadLength,   // the public value does not have the group's length (authip.md A-080)
  kNotInGroup,  // ECP: not a point of the curve; MODP: 0, 1, p - 1 or larger
  kBadPrivate,  // the private value is 0 or not below the group's order
};
std::string_view to_string(DhError error);

/// One end's key pair. Draw order from `random` is part of the reproducible behaviour: one draw of the private value's
/// octets (MODP: 32 octets, a 256-bit exponent; ECP: the field size), repeated while the value is out of range.
class DhKeyPair {
 public:
  static DhKeyPair generate(DhGroup group, RandomSource& random);
  /// From a known private value, big endian (known answers).
  static expected<DhKeyPair, DhError> from_private(DhGroup group, Octets private_value);

  DhKeyPair(DhKeyPair&&) noexcept;
  DhKeyPair& operator=(DhKeyPair&&) noexcept;
  DhKeyPair(const DhKeyPair&);
  DhKeyPair& operator=(const DhKeyPair&);
  ~DhKeyPair();

  DhGroup group() const;
  /// As it goes into a KE payload: MODP big endian, padded to the prime's length; ECP x | y.
  const OctetVector& public_value() const;
  /// g^xy: MODP padded to the prime's length; ECP the x coordinate only (authip.md D-08).
  expected<SecretOctets, DhError> shared_secret(Octets peer_public_value) const;

 private:
  struct State;
  explicit DhKeyPair(std::shared_ptr<const State> state);
  std::shared_ptr<const State> state_;
};

}  // namespace ssx::crypto
