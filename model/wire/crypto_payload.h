// model/wire/crypto_payload.h: the Crypto payload that opens an AuthIP message. Source: authip.md 1.7.
//   | Next payload  |       0       |  length = 8 + IV octets       |
//   |                    seqNUM                                     |
//   |   IV: clear 0 or 8 octets, encrypted one block of the cipher  |
// The length never covers the payloads behind it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/base/octets.h"
#include "model/wire/isakmp_header.h"

namespace ssx::wire {

inline constexpr std::size_t kCryptoFixedOctets = 8;
inline constexpr std::size_t kClearIvOctets = 8;
inline constexpr std::size_t kIvOctetsDes = 8;  // 3DES, too
inline constexpr std::size_t kIvOctetsAes = 16;

enum class CryptoForm : std::uint8_t { kClear, kEncrypted };

struct CryptoPayload {
  PayloadType next_payload = PayloadType::kNone;  // clear: first payload behind it; encrypted: kNone when sent
  std::uint32_t sequence = 0;                     // seqNUM
  Octets iv;                                      // BORROWED

  std::size_t octets() const { return kCryptoFixedOctets + iv.size(); }
  friend bool operator==(const CryptoPayload& a, const CryptoPayload& b) {
    return a.next_payload == b.next_payload && a.sequence == b.sequence && equal(a.iv, b.iv);
  }
};
/// "seqNUM 1, IV of 16 octets"
std::string to_string(const CryptoPayload& payload);

/// Reads the Crypto payload at the front of `octets`. Which block size is right is known to who has the keys: compare
/// iv.size().
/// @param octets  behind the ISAKMP header; borrowed by the result.
/// @return nothing if the length is not 8 or 16 (clear), 16 or 24 (encrypted), or leaves `octets`
/// @conformance
std::optional<CryptoPayload> parse_crypto_payload(Octets octets, CryptoForm form);
/// Appends it. IV of 0, 8 or 16 octets.
void emit_crypto_payload(OctetVector& out, const CryptoPayload& payload);

}  // namespace ssx::wire
