#include "model/identity/key_derivation.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "crypto/hash.h"

namespace ssx::identity {
namespace {

/// F(P, S, c, i) of RFC 8018 5.2: the exclusive or of U1 … Uc.
crypto::Digest pbkdf2_block(crypto::HmacKey& key, std::size_t digest_octets, Octets salt, std::uint32_t iterations,
                            std::uint32_t index) {
  std::array<std::byte, 4> index_octets{};
  store_u32(index_octets, index);
  crypto::Digest u(digest_octets);
  const std::array<Octets, 2> first{salt, Octets(index_octets)};
  key.tag(first, u.mutable_view());
  crypto::Digest sum = u;
  for (std::uint32_t i = 1; i < iterations; ++i) {
    const std::array<Octets, 1> previous{u.view()};
    key.tag(previous, u.mutable_view());
    std::ranges::transform(sum.view(), u.view(), sum.mutable_view().begin(),
                           [](std::byte a, std::byte b) { return a ^ b; });
  }
  crypto::wipe(u.mutable_view());
  return sum;
}

}  // namespace

crypto::SecretOctets pbkdf2(crypto::HashAlgorithm hash, Octets password, Octets salt, std::uint32_t iterations,
                            std::size_t octets) {
  assert(iterations >= 1);
  crypto::HmacKey key(hash, password);
  crypto::SecretOctets out(octets);
  MutableOctets rest = out.mutable_view();
  for (std::uint32_t index = 1; !rest.empty(); ++index) {
    crypto::Digest block = pbkdf2_block(key, crypto::digest_octets(hash), salt, iterations, index);
    const std::size_t count = std::min(rest.size(), block.size());
    std::ranges::copy(block.view().first(count), rest.begin());
    rest = rest.subspan(count);
    crypto::wipe(block.mutable_view());
  }
  return out;
}

}  // namespace ssx::identity
