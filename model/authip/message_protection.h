// model/authip/message_protection.h: the Crypto payload: a message in clear or sealed under SKEYID_e and SKEYID_a, and
// the checks of authip.md 1.18 before anything inside is read. Source: authip.md 1.2, 1.7.
#pragma once

#include <cstdint>
#include <string>

#include "model/authip/payloads.h"
#include "model/authip/vendor_ids.h"

namespace ssx::authip {

enum class ExchangeType : std::uint8_t { kMainMode = 243, kQuickMode = 244, kExtendedMode = 245, kNotify = 246 };

/// What addresses a message: its ISAKMP header without the fields that follow from the contents, and its seqNUM.
struct MessageHeader {
  Cookie initiator_cookie{};
  Cookie responder_cookie{};
  ExchangeType exchange = ExchangeType::kMainMode;
  MessageId message_id;
  std::uint32_t sequence = 0;
};

struct ProtectionKeys {
  crypto::HashAlgorithm hash = crypto::HashAlgorithm::kSha1;
  crypto::CipherAlgorithm cipher = crypto::CipherAlgorithm::kAes128;
  crypto::SecretOctets cipher_key;
  crypto::SecretOctets skeyid_a;
  std::size_t icv_octets = 12;
};
/// authip.md 1.7: 12, or the RFC 4868 size unless a side announces version 5, 6 or 7.
std::size_t message_icv_octets(crypto::HashAlgorithm hash, std::uint32_t own_version, const PeerCapabilities& peer);

/// A datagram that passed steps 1 to 5 of authip.md 1.18. Borrows the datagram.
struct Frame {
  MessageHeader header;
  bool encrypted = false;       // E
  std::uint8_t first_type = 0;  // clear: of the first payload
  Octets iv;                    // empty if there is none
  Octets body;                  // clear payloads, or ciphertext and ICV
  Octets datagram;
};
/// Why a datagram is dropped without reply, with its rule.
struct FrameError {
  std::string reason;
  std::string rule;
};
/// @errors every reason of steps 1 to 5, and the frame kinds that belong to features outside this module
expected<Frame, FrameError> read_frame(Octets datagram);
/// reads a first message whose E flag is set although its contents are clear.
Frame as_clear(const Frame& frame);

/// The payload chain of a clear frame.
PayloadChain clear_chain(const Frame& frame);
/// Step 7: ICV first, in constant time, then decryption and the trailer.
expected<PayloadChain, FrameError> open_frame(const Frame& frame, const ProtectionKeys& keys);

/// HDR: payloads in clear. `with_iv`: 8 zero octets follow seqNUM (D-35).
OctetVector write_clear(const MessageHeader& header, bool with_iv, const PayloadChain& payloads);
/// HDR*: payloads sealed; `iv` has one block.
OctetVector write_sealed(const MessageHeader& header, Octets iv, const PayloadChain& payloads,
                         const ProtectionKeys& keys);

}  // namespace ssx::authip
