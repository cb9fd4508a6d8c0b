#define OPENSSL_SUPPRESS_DEPRECATED  // EC_POINT and BN instead of EVP_PKEY: private values must come from the caller
#include "crypto/dh.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>

#include <algorithm>
#include <array>
#include <cassert>

namespace ssx::crypto {
namespace {

struct FreeOpenssl {
  void operator()(BIGNUM* number) const { BN_clear_free(number); }
  void operator()(BN_CTX* context) const { BN_CTX_free(context); }
  void operator()(BN_MONT_CTX* context) const { BN_MONT_CTX_free(context); }
  void operator()(EC_GROUP* group) const { EC_GROUP_free(group); }
  void operator()(EC_POINT* point) const { EC_POINT_clear_free(point); }
};
template <class T>
using Owned = std::unique_ptr<T, FreeOpenssl>;

constexpr std::size_t kModpExponentOctets = 32;  // 256 bits: twice the strength of the largest group here
constexpr std::size_t kFieldOctetsMax = 48;

const unsigned char* raw(Octets octets) { return reinterpret_cast<const unsigned char*>(octets.data()); }
unsigned char* raw(MutableOctets octets) { return reinterpret_cast<unsigned char*>(octets.data()); }

Owned<BIGNUM> number(Octets octets) {
  return Owned<BIGNUM>(BN_bin2bn(raw(octets), static_cast<int>(octets.size()), nullptr));
}

Owned<BIGNUM> secret_number(const SecretOctets& secret) {
  Owned<BIGNUM> value = number(secret.view());
  BN_set_flags(value.get(), BN_FLG_CONSTTIME);
  return value;
}

bool is_ecp(DhGroup group) { return group == DhGroup::kEcp256 || group == DhGroup::kEcp384; }

/// RFC 2409 6.1, 6.2; RFC 3526 3.
Owned<BIGNUM> modp_prime(DhGroup group) {
  if (group == DhGroup::kModp768) return Owned<BIGNUM>(BN_get_rfc2409_prime_768(nullptr));
  if (group == DhGroup::kModp1024) return Owned<BIGNUM>(BN_get_rfc2409_prime_1024(nullptr));
  assert(group == DhGroup::kModp2048);
  return Owned<BIGNUM>(BN_get_rfc3526_prime_2048(nullptr));
}

/// A MODP group with its Montgomery form, or a curve; made once for a key pair.
struct Domain {
  explicit Domain(DhGroup given) : group(given) {
    assert(group != DhGroup::kNone);
    if (is_ecp(group)) {
      curve.reset(EC_GROUP_new_by_curve_name(group == DhGroup::kEcp256 ? NID_X9_62_prime256v1 : NID_secp384r1));
      assert(curve);
      return;
    }
    prime = modp_prime(group);
    montgomery.reset(BN_MONT_CTX_new());
    const Owned<BN_CTX> scratch(BN_CTX_new());
    [[maybe_unused]] const int ok = BN_MONT_CTX_set(montgomery.get(), prime.get(), scratch.get());
    assert(ok == 1);
  }

  /// Private values lie in [1, limit).
  const BIGNUM* limit() const { return curve ? EC_GROUP_get0_order(curve.get()) : prime.get(); }
  std::size_t private_octets() const { return curve ? public_value_octets(group) / 2 : kModpExponentOctets; }

  DhGroup group;
  Owned<BIGNUM> prime;
  Owned<BN_MONT_CTX> montgomery;
  Owned<EC_GROUP> curve;
};

bool is_in_range(const Domain& domain, const BIGNUM* secret) {
  return BN_is_zero(secret) == 0 && BN_cmp(secret, domain.limit()) < 0;
}

/// base ^ exponent, as long as the prime.
SecretOctets modp_power(const Domain& domain, const BIGNUM* base, const BIGNUM* exponent) {
  const Owned<BN_CTX> scratch(BN_CTX_secure_new());
  const Owned<BIGNUM> power(BN_new());
  [[maybe_unused]] int ok = BN_mod_exp_mont_consttime(power.get(), base, exponent, domain.prime.get(), scratch.get(),
                                                      domain.montgomery.get());
  assert(ok == 1);
  SecretOctets out(public_value_octets(domain.group));
  ok = BN_bn2binpad(power.get(), raw(out.mutable_view()), static_cast<int>(out.size()));
  assert(ok == static_cast<int>(out.size()));
  return out;
}

/// x | y of scalar * point, or of scalar * G without a point.
SecretOctets ecp_product(const Domain& domain, const BIGNUM* scalar, const EC_POINT* point) {
  const EC_GROUP* curve = domain.curve.get();
  const Owned<BN_CTX> scratch(BN_CTX_secure_new());
  const Owned<EC_POINT> product(EC_POINT_new(curve));
  [[maybe_unused]] const int ok = point == nullptr
                                      ? EC_POINT_mul(curve, product.get(), scalar, nullptr, nullptr, scratch.get())
                                      : EC_POINT_mul(curve, product.get(), nullptr, point, scalar, scratch.get());
  assert(ok == 1);
  SecretOctets uncompressed(1 + public_value_octets(domain.group));
  [[maybe_unused]] const std::size_t written =
      EC_POINT_point2oct(curve, product.get(), POINT_CONVERSION_UNCOMPRESSED, raw(uncompressed.mutable_view()),
                         uncompressed.size(), scratch.get());
  assert(written == uncompressed.size());
  return uncompressed.slice(1, uncompressed.size() - 1);  // without the form octet 04
}

OctetVector public_from_private(const Domain& domain, const BIGNUM* secret) {
  if (domain.curve) return to_vector(ecp_product(domain, secret, nullptr).view());
  const Owned<BIGNUM> generator(BN_new());
  BN_set_word(generator.get(), 2);
  return to_vector(modp_power(domain, generator.get(), secret).view());
}

expected<SecretOctets, DhError> ecp_shared_secret(const Domain& domain, const BIGNUM* secret, Octets peer) {
  std::array<std::byte, 1 + 2 * kFieldOctetsMax> uncompressed{std::byte{POINT_CONVERSION_UNCOMPRESSED}};
  std::copy(peer.begin(), peer.end(), uncompressed.begin() + 1);
  const Owned<BN_CTX> scratch(BN_CTX_new());
  const Owned<EC_POINT> point(EC_POINT_new(domain.curve.get()));
  // A-081, RFC 5903 7: the reader refuses coordinates that are not below the field's prime and points off the curve.
  if (EC_POINT_oct2point(domain.curve.get(), point.get(), raw(Octets(uncompressed)), 1 + peer.size(), scratch.get()) !=
      1) {
    return unexpected(DhError::kNotInGroup);
  }
  return ecp_product(domain, secret, point.get()).first(peer.size() / 2);  // D-08: the x coordinate only
}

expected<SecretOctets, DhError> modp_shared_secret(const Domain& domain, const BIGNUM* secret, Octets peer) {
  const Owned<BIGNUM> value = number(peer);
  const Owned<BIGNUM> last(BN_dup(domain.prime.get()));
  BN_sub_word(last.get(), 1);
  // 0, 1, p - 1 and larger values are refused.
  if (BN_is_zero(value.get()) != 0 || BN_is_one(value.get()) != 0 || BN_cmp(value.get(), last.get()) >= 0) {
    return unexpected(DhError::kNotInGroup);
  }
  return modp_power(domain, value.get(), secret);
}

}  // namespace

std::string_view to_string(DhError error) {
  switch (error) {
    case DhError::kBadLength: return "the public value does not have the group's length";
    case DhError::kNotInGroup: return "the public value is not a usable element of the group";
    case DhError::kBadPrivate: return "the private value is 0 or not below the group's order";
  }
  return "unknown";
}

struct DhKeyPair::State {
  Domain domain;
  SecretOctets private_value;
  OctetVector public_value;
};

DhKeyPair::DhKeyPair(std::shared_ptr<const State> state) : state_(std::move(state)) {}
DhKeyPair::DhKeyPair(DhKeyPair&&) noexcept = default;
DhKeyPair& DhKeyPair::operator=(DhKeyPair&&) noexcept = default;
DhKeyPair::DhKeyPair(const DhKeyPair&) = default;
DhKeyPair& DhKeyPair::operator=(const DhKeyPair&) = default;
DhKeyPair::~DhKeyPair() = default;

DhKeyPair DhKeyPair::generate(DhGroup group, RandomSource& random) {
  Domain domain(group);
  SecretOctets secret(domain.private_octets());
  for (;;) {
    random.fill(secret.mutable_view());
    const Owned<BIGNUM> value = secret_number(secret);
    if (!is_in_range(domain, value.get())) continue;
    OctetVector public_value = public_from_private(domain, value.get());
    return DhKeyPair(
        std::make_shared<const State>(State{std::move(domain), std::move(secret), std::move(public_value)}));
  }
}

expected<DhKeyPair, DhError> DhKeyPair::from_private(DhGroup group, Octets private_value) {
  Domain domain(group);
  SecretOctets secret(private_value);
  const Owned<BIGNUM> value = secret_number(secret);
  if (!is_in_range(domain, value.get())) return unexpected(DhError::kBadPrivate);
  OctetVector public_value = public_from_private(domain, value.get());
  return DhKeyPair(std::make_shared<const State>(State{std::move(domain), std::move(secret), std::move(public_value)}));
}

DhGroup DhKeyPair::group() const { return state_->domain.group; }
const OctetVector& DhKeyPair::public_value() const { return state_->public_value; }

expected<SecretOctets, DhError> DhKeyPair::shared_secret(Octets peer_public_value) const {
  const Domain& domain = state_->domain;
  if (peer_public_value.size() != public_value_octets(domain.group)) return unexpected(DhError::kBadLength);
  const Owned<BIGNUM> secret = secret_number(state_->private_value);
  return domain.curve ? ecp_shared_secret(domain, secret.get(), peer_public_value)
                      : modp_shared_secret(domain, secret.get(), peer_public_value);
}

}  // namespace ssx::crypto
