#include "model/authip/diffie_hellman.h"

#include "model/authip/status.h"

namespace ssx::authip {

expected<crypto::SecretOctets, Invalid> diffie_hellman_secret(const crypto::DhKeyPair& own, Octets peer_public_value) {
  expected<crypto::SecretOctets, crypto::DhError> secret = own.shared_secret(peer_public_value);
  if (secret) return std::move(*secret);
  const std::uint32_t status = secret.error() == crypto::DhError::kBadLength ? kStatusProcessErrKe : kStatusDhFail;
  return unexpected(Invalid{status, "KE: " + std::string(crypto::to_string(secret.error()))});
}

std::optional<Invalid> check_public_length(crypto::DhGroup group, Octets public_value) {
  if (public_value.size() == crypto::public_value_octets(group)) return std::nullopt;
  return Invalid{kStatusProcessErrKe, "KE has " + std::to_string(public_value.size()) + " octets, " +
                                          std::string(crypto::to_string(group)) + " needs " +
                                          std::to_string(crypto::public_value_octets(group))};
}

wfp::IkeDhGroup policy_group(std::uint16_t wire_group) {
  switch (wire_group) {
    case 1: return wfp::IkeDhGroup::kGroup1;
    case 2: return wfp::IkeDhGroup::kGroup2;
    case 14: return wfp::IkeDhGroup::kGroup14;
    case 19: return wfp::IkeDhGroup::kEcp256;
    case 20: return wfp::IkeDhGroup::kEcp384;
    case 24: return wfp::IkeDhGroup::kGroup24;
    default: return wfp::IkeDhGroup::kNone;
  }
}

}  // namespace ssx::authip
