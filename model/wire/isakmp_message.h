// model/wire/isakmp_message.h: the frame of an AuthIP message: header, Crypto payload, what is behind. No keys here.
// Source: authip.md 1.2 to 1.7, 1.17 to 1.19.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "model/base/expected.h"
#include "model/base/octets.h"
#include "model/wire/crypto_payload.h"
#include "model/wire/fragment_payload.h"
#include "model/wire/isakmp_header.h"
#include "model/wire/payloads.h"

namespace ssx::wire {

/// Why a message is dropped without a reply: authip.md 1.18 steps 1 to 5.
enum class FrameError : std::uint8_t {
  kTooShort,             // fewer than 28 octets
  kLengthMismatch,       // Length is not the number of octets that came
  kMajorVersion,         // 0 or above 1 (D-02)
  kUnknownExchangeType,  // neither AuthIP's nor IKEv1's (D-03)
  kFirstPayload,         // neither Crypto, nor a DoS cookie alone, nor a fragment alone
  kCryptoLength,         // the Crypto payload has a length that its form cannot have
};
/// One sentence for people.
std::string_view to_string(FrameError error);

/// E clear: the payloads are there to be read.
struct ClearContent {
  std::uint32_t sequence = 0;  // seqNUM
  Octets iv;                   // 0 or 8 octets without a use
  PayloadType first_type = PayloadType::kNone;
  Octets chain;
};
/// E set: who has the keys verifies the ICV, decrypts and calls unpad_inner.
struct EncryptedContent {
  std::uint32_t sequence = 0;
  Octets iv;      // 8 or 16 octets: compare with the cipher's block (1.18 step 5)
  Octets sealed;  // ciphertext and ICV
};
/// The DoS cookie message, authip.md 1.19.
struct DosCookieContent {
  Cookie cookie{};
};
/// A fragment, authip.md 1.17.
struct FragmentContent {
  FragmentPayload fragment;
};
/// A message for the IKEv1 module.
struct IkeContent {
  Octets chain;  // all behind the header, encrypted or not; header.next_payload is its first type
};
using FrameContent = std::variant<ClearContent, EncryptedContent, DosCookieContent, FragmentContent, IkeContent>;

/// Octets in it are BORROWED from the message that was parsed.
struct IsakmpFrame {
  IsakmpHeader header;
  FrameContent content;
};

/// kIgnoreFlag: for the first message a responder sees, whose E it ignores (authip.md 1.4, A-046).
enum class FormRule : std::uint8_t { kFollowFlag, kIgnoreFlag };

/// Reads a message up to its payload chain. Total: every input gives a value or an error.
/// @param message  UDP payload without non-ESP marker; borrowed by the result.
/// @source authip.md 1.18 steps 1 to 5
/// @conformance
expected<IsakmpFrame, FrameError> parse_frame(Octets message, FormRule rule = FormRule::kFollowFlag);

/// What the sender of a message chooses; version, Next payload, E and Length follow from what is built.
struct MessageFields {
  Cookie initiator_cookie{};
  Cookie responder_cookie{};
  ExchangeType exchange_type = ExchangeType::kMainMode;
  MessageId message_id;

  friend bool operator==(const MessageFields&, const MessageFields&) = default;
};

using ClearIv = std::array<std::byte, kClearIvOctets>;
/// A whole message with E clear.
/// @param iv  D-35: only in the responder's messages that carry RESPONDER_AUTH_COMPLETE
OctetVector build_clear(const MessageFields& fields, std::uint32_t sequence, const PayloadChain& chain,
                        const std::optional<ClearIv>& iv = std::nullopt);

/// The clear front of a message with E set: ISAKMP header and Crypto payload. Append ciphertext and ICV.
/// @param iv  one block of the cipher, 8 or 16 octets
/// @param sealed_octets  ciphertext and ICV together; they count in Length, not in the Crypto payload's length
OctetVector build_encrypted_front(const MessageFields& fields, std::uint32_t sequence, Octets iv,
                                  std::size_t sealed_octets);

/// The DoS cookie message: exchange type 246, Notify alone, no Crypto payload (D-38).
/// @param fields  exchange_type is not used
OctetVector build_dos_cookie(const MessageFields& fields, const Cookie& cookie);

/// One fragment of a message: the original's header with Next payload 0x84 and E clear.
OctetVector build_fragment(const IsakmpHeader& original, const FragmentPayload& fragment);

/// The plaintext of an encrypted message: chain, padding 1, 2, 3, ..., pad length, type of the first payload; a
/// multiple of `block_octets`.
/// @source authip.md 1.7, RFC 4303 2.4  @conformance
OctetVector pad_inner(const PayloadChain& chain, std::size_t block_octets);

/// Why a decrypted plaintext has no chain.
enum class InnerError : std::uint8_t {
  kTooShort,    // fewer than two octets
  kPadLength,   // more padding than there are octets
  kPadContent,  // padding other than 1, 2, 3, ...
};
std::string_view to_string(InnerError error);

struct InnerChain {
  PayloadType first_type = PayloadType::kNone;
  Octets octets;  // BORROWED
};
/// Takes the trailer off.
/// @param plaintext  decrypted, ICV already verified; borrowed by the result.
expected<InnerChain, InnerError> unpad_inner(Octets plaintext);

}  // namespace ssx::wire
