// model/authip/diffie_hellman.h: KE payloads and lifetimes as main mode uses them. Source: authip.md 1.12, 1.13, D-42.
#pragma once

#include <optional>

#include "crypto/dh.h"
#include "model/authip/payloads.h"

namespace ssx::authip {

/// D-42: an SA payload without a lifetime means this one.
inline constexpr std::uint32_t kLifetimeSecondsIfMissing = 28800;

/// g^xy. @errors 13833 for a wrong length, 13822 for a value outside the group
expected<crypto::SecretOctets, Invalid> diffie_hellman_secret(const crypto::DhKeyPair& own, Octets peer_public_value);
/// 13833 if the value does not have the group's length.
std::optional<Invalid> check_public_length(crypto::DhGroup group, Octets public_value);
/// The policy's name of a wire group, for the details of a main mode.
wfp::IkeDhGroup policy_group(std::uint16_t wire_group);

}  // namespace ssx::authip
