// model/authip/transcript.h: the hash chains over the payloads of a negotiation, as values. Source: authip.md 3.4,
// D-04.
#pragma once

#include "crypto/hash.h"
#include "model/base/octets.h"

namespace ssx::authip {

/// One link of a chain, C(n) or X(n): what Auth1 to Auth4 are computed over.
using ChainLink = OctetVector;

/// C1 = SHA-256(B(#1)), C2 = SHA-256(B(#2) | C1): always SHA-256, whatever hash is negotiated.
ChainLink first_main_mode_link(Octets first_payloads);
ChainLink second_main_mode_link(Octets second_payloads, const ChainLink& first);
/// C(n) = H(B(#n) | C(n-1)) from #3 on, and X(k) of extended mode; an empty `previous` gives X1 = H(B(E1)).
ChainLink next_link(crypto::HashAlgorithm hash, Octets payloads, const ChainLink& previous);

}  // namespace ssx::authip
