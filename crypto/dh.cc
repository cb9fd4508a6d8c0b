#define OPENSSL_SUPPRESS_DEPRECATED  // EC_KEY-free use of EC_POINT and BN: private values must come from the caller
#include "crypto/dh.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>

#include <cassert>

namespace ssx::crypto {
namespace {

struct FreeOpenssl {
  void operator()(BIGNUM* number) const { BN_clear_free(number); }
  void operator()(BN_CTX* context) const { BN_CTX_free(context); }
  void operator()(BN_MONT_CTX* context) const { BN_MONT_CTX_free(context); }
  void operator()(EC_GROUP* group) const { EC_GROUP_free(group); }
  void operator()(EC_POINT* point) const { EC_POINT_free(point); }
};
template <class T>
using Owned = std::unique_ptr<T, FreeOpenssl>;

constexpr std::size_t kModpExponentOctets = 32;  // 256 bits: twice the strength of the largest group here

const unsigned char* raw(Octets octets) { return reinterpret_cast<const unsigned char*>(octets.data()); }
unsigned char* raw_out(MutableOctets octets) { return reinterpret_cast<unsigned char*>(octets.data()); }

Owned<BIGNUM> number(Octets octets) { return Owned<BIGNUM>(BN_bin2bn(raw(octets), static_cast<int>(octets.size()), nullptr)); }

bool is_ecp(DhGroup group) { return group == DhGroup::kEcp256 || group == DhGroup::kEcp384; }

/// RFC 2409 6.1, 6.2; RFC 3526 3.
Owned<BIGNUM> modp_prime(DhGroup group) {
  switch (group) {
    case DhGroup::kModp768: return Owned<BIGNUM>(BN_get_rfc2409_prime_768(nullptr));
    case DhGroup::kModp1024: return Owned<BIGNUM>(BN_get_rfc2409_prime_1024(nullptr));
    default: return Owned<BIGNUM>(BN_get_rfc3526_prime_2048(nullptr));
  }
}

Owned<EC_GROUP> ecp_group(DhGroup group) {
  return Owned<EC_GROUP>(EC_GROUP_new_by_curve_name(group == DhGroup::kEcp256 ? NID_X9_62_prime256v1 : NID_secp384r1));
}

OctetVector modp_power(DhGroup group, const BIGNUM* base, const BIGNUM* exponent) {
  const Owned<BN_CTX> context(BN_CTX_new());
  const Owned<BIGNUM> prime = modp_prime(group);
  const Owned<BIGNUM> result(BN_new());
  [[maybe_unused]] const int ok = BN_mod_exp_mont_consttime(result.get(), base, exponent, prime.get(), context.get(), nullptr);
  assert(ok == 1);
  OctetVector out(public_value_octets(group));
  BN_bn2binpad(result.get(), raw_out(out), static_cast<int>(out.size()));
  return out;
}

/// x | y of k * G, or of k * point.
OctetVector ecp_multiply(DhGroup group, const BIGNUM* scalar, const EC_POINT* point) {
  const Owned<EC_GROUP> curve = ecp_group(group);
  const Owned<BN_CTX> context(BN_CTX_new());
  const Owned<EC_POINT> product(EC_POINT_new(curve.get()));
  const BIGNUM* of_generator = point == nullptr ? scalar : nullptr;
  [[maybe_unused]] int ok = EC_POINT_mul(curve.get(), product.get(), of_generator, point, point == nullptr ? nullptr : scalar, context.get());
  assert(ok == 1);
  OctetVector uncompressed(1 + public_value_octets(group));
  const std::size_t written = EC_POINT_point2oct(curve.get(), product.get(), POINT_CONVERSION_UNCOMPRESSED, raw_out(uncompressed),
                                                 uncompressed.size(), context.get());
  assert(written == uncompressed.size());
  static_cast<void>(written);
  uncompressed.erase(uncompressed.begin());  // the form octet 04
  return uncompressed;
}

bool private_is_in_range(DhGroup group, Octets value) {
  const Owned<BIGNUM> secret = number(value);
  if (BN_is_zero(secret.get()) != 0) return false;
  if (is_ecp(group)) return BN_cmp(secret.get(), EC_GROUP_get0_order(ecp_group(group).get())) < 0;
  return BN_cmp(secret.get(), modp_prime(group).get()) < 0;
}

OctetVector public_from_private(DhGroup group, Octets value) {
  const Owned<BIGNUM> secret = number(value);
  BN_set_flags(secret.get(), BN_FLG_CONSTTIME);
  if (is_ecp(group)) return ecp_multiply(group, secret.get(), nullptr);
  const Owned<BIGNUM> generator(BN_new());
  BN_set_word(generator.get(), 2);
  return modp_power(group, generator.get(), secret.get());
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
  DhGroup group;
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
  assert(group != DhGroup::kNone);
  const std::size_t octets = is_ecp(group) ? public_value_octets(group) / 2 : kModpExponentOctets;
  SecretOctets secret(octets);
  do random.fill(secret.mutable_view());
  while (!private_is_in_range(group, secret.view()));
  OctetVector public_value = public_from_private(group, secret.view());
  return DhKeyPair(std::make_shared<const State>(State{group, std::move(secret), std::move(public_value)}));
}

expected<DhKeyPair, DhError> DhKeyPair::from_private(DhGroup group, Octets private_value) {
  if (!private_is_in_range(group, private_value)) return unexpected(DhError::kBadPrivate);
  OctetVector public_value = public_from_private(group, private_value);
  return DhKeyPair(std::make_shared<const State>(State{group, SecretOctets(private_value), std::move(public_value)}));
}

DhGroup DhKeyPair::group() const { return state_->group; }
const OctetVector& DhKeyPair::public_value() const { return state_->public_value; }

namespace {

expected<SecretOctets, DhError> ecp_secret(DhGroup group, const BIGNUM* secret, Octets peer) {
  const Owned<EC_GROUP> curve = ecp_group(group);
  const Owned<BN_CTX> context(BN_CTX_new());
  const Owned<EC_POINT> point(EC_POINT_new(curve.get()));
  const std::size_t field = peer.size() / 2;
  const Owned<BIGNUM> x = number(peer.first(field));
  const Owned<BIGNUM> y = number(peer.subspan(field));
  // a value that is not on the curve is refused; OpenSSL's setter checks it.
  if (EC_POINT_set_affine_coordinates(curve.get(), point.get(), x.get(), y.get(), context.get()) != 1) {
    return unexpected(DhError::kNotInGroup);
  }
  OctetVector product = ecp_multiply(group, secret, point.get());
  SecretOctets shared(Octets(product).first(field));  // D-08: the x coordinate only
  wipe(product);
  return shared;
}

expected<SecretOctets, DhError> modp_secret(DhGroup group, const BIGNUM* secret, Octets peer) {
  const Owned<BIGNUM> value = number(peer);
  const Owned<BIGNUM> last = modp_prime(group);
  BN_sub_word(last.get(), 1);
  // 0, 1, p - 1 and larger values are refused.
  if (BN_is_zero(value.get()) != 0 || BN_is_one(value.get()) != 0 || BN_cmp(value.get(), last.get()) >= 0) {
    return unexpected(DhError::kNotInGroup);
  }
  OctetVector power = modp_power(group, value.get(), secret);
  SecretOctets shared{Octets(power)};
  wipe(power);
  return shared;
}

}  // namespace

expected<SecretOctets, DhError> DhKeyPair::shared_secret(Octets peer_public_value) const {
  if (peer_public_value.size() != public_value_octets(state_->group)) return unexpected(DhError::kBadLength);
  const Owned<BIGNUM> secret = number(state_->private_value.view());
  BN_set_flags(secret.get(), BN_FLG_CONSTTIME);
  return is_ecp(state_->group) ? ecp_secret(state_->group, secret.get(), peer_public_value)
                               : modp_secret(state_->group, secret.get(), peer_public_value);
}

}  // namespace ssx::crypto
