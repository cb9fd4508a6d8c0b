#include "model/authip/message_protection.h"

#include <array>
#include <cassert>

#include "crypto/cipher.h"
#include "crypto/hash.h"
#include "model/authip/payload_rules.h"

namespace ssx::authip {
namespace {

constexpr std::uint8_t kFlagEncrypted = 0x01;
constexpr std::size_t kCryptoFixedOctets = 8;  // generic header and seqNUM
constexpr std::size_t kClearIvOctets = 8;
constexpr std::size_t kTrailerOctets = 2;  // pad length, next payload
constexpr std::size_t kTruncatedIcvOctets = 12;

FrameError drop(std::string reason, std::string rule) { return {std::move(reason), std::move(rule)}; }

bool is_authip(std::uint8_t exchange) { return exchange >= 243 && exchange <= 246; }

/// Steps 2 to 4 of authip.md 1.18.
std::optional<FrameError> check_header(const IsakmpHeader& header, std::size_t datagram_octets) {
  if (header.length != datagram_octets) {
    return drop("Length " + std::to_string(header.length) + " is not the datagram's", "authip.md 1.18 A-002");
  }
  const int major = header.version >> 4;
  if (major != 1) return drop("major version " + std::to_string(major), "authip.md 1.18 A-005 A-006");
  if (!is_authip(header.exchange_type)) {
    return drop("exchange type " + std::to_string(header.exchange_type) + " is not AuthIP's", "authip.md 1.3 A-008");
  }
  if (header.next_payload == payload_type::kFragment) {
    return drop("fragments are not reassembled yet", "authip.md 1.17");
  }
  if (header.next_payload == payload_type::kNotify) {
    return drop("DoS cookies are not handled yet", "authip.md 1.19");
  }
  if (header.next_payload != payload_type::kCrypto) {
    return drop("first payload is " + payload_name(header.next_payload) + ", not Crypto", "authip.md 1.18 A-023");
  }
  return std::nullopt;
}

MessageHeader address_of(const IsakmpHeader& header, std::uint32_t sequence) {
  return {header.initiator_cookie, header.responder_cookie, static_cast<ExchangeType>(header.exchange_type),
          MessageId{header.message_id}, sequence};
}

OctetVector header_octets(const MessageHeader& header, bool encrypted) {
  IsakmpHeader raw;
  raw.initiator_cookie = header.initiator_cookie;
  raw.responder_cookie = header.responder_cookie;
  raw.next_payload = payload_type::kCrypto;
  raw.exchange_type = static_cast<std::uint8_t>(header.exchange);
  raw.flags = encrypted ? kFlagEncrypted : std::uint8_t{0};
  raw.message_id = header.message_id.value;
  OctetVector out;
  emit(raw, out);
  return out;
}

void crypto_header(OctetVector& out, std::uint8_t first_type, std::size_t iv_octets, std::uint32_t sequence) {
  ByteWriter writer(out);
  writer.u8(first_type);
  writer.u8(0);
  writer.u16(static_cast<std::uint16_t>(kCryptoFixedOctets + iv_octets));
  writer.u32(sequence);
}

/// ICV over everything before it, with the header's Length as zero.
crypto::Digest icv_of(Octets covered, const ProtectionKeys& keys) {
  const std::array<std::byte, 4> zero_length{};
  return crypto::hmac(keys.hash, keys.skeyid_a.view(),
                      {covered.first(kIsakmpLengthOffset), zero_length, covered.subspan(kIsakmpHeaderOctets)});
}

/// Inner chain, padding 1, 2, 3, …, pad length, type of the first payload.
OctetVector padded(const PayloadChain& payloads, std::size_t block) {
  OctetVector plain = payloads.octets;
  const std::size_t pad = (block - (plain.size() + kTrailerOctets) % block) % block;
  ByteWriter out(plain);
  for (std::size_t i = 1; i <= pad; ++i) out.u8(static_cast<std::uint8_t>(i));
  out.u8(static_cast<std::uint8_t>(pad));
  out.u8(payloads.first_type);
  return plain;
}

}  // namespace

std::size_t message_icv_octets(crypto::HashAlgorithm hash, std::uint32_t own_version, const PeerCapabilities& peer) {
  const auto old = [](std::uint32_t version) { return version >= 5 && version <= 7; };
  if (old(own_version) || (peer.nt5_version && old(*peer.nt5_version))) return kTruncatedIcvOctets;
  switch (hash) {
    case crypto::HashAlgorithm::kMd5:
    case crypto::HashAlgorithm::kSha1: return kTruncatedIcvOctets;
    case crypto::HashAlgorithm::kSha256: return 16;                 // A-037, RFC 4868 2.3
    case crypto::HashAlgorithm::kSha384: return 24;
  }
  return kTruncatedIcvOctets;
}

expected<Frame, FrameError> read_frame(Octets datagram) {
  const std::optional<IsakmpHeader> header = parse_isakmp_header(datagram);
  if (!header) return unexpected(drop("shorter than an ISAKMP header", "authip.md 1.18 A-001"));
  if (auto error = check_header(*header, datagram.size())) return unexpected(std::move(*error));
  ByteReader in(datagram.subspan(kIsakmpHeaderOctets));
  Frame frame;
  frame.first_type = in.u8();
  in.skip(1);
  const std::size_t length = in.u16();
  const std::uint32_t sequence = in.u32();
  frame.encrypted = (header->flags & kFlagEncrypted) != 0;
  // Step 5: 8 or 16 in clear; encrypted 8 and one block, which the keys will tell. A first message may have E set
  //
  const bool clear_length = length == kCryptoFixedOctets || length == kCryptoFixedOctets + kClearIvOctets;
  const bool sealed_length = length == kCryptoFixedOctets + 8 || length == kCryptoFixedOctets + 16;
  if (!in.ok() || !(frame.encrypted ? sealed_length || length == kCryptoFixedOctets : clear_length)) {
    return unexpected(drop("Crypto length " + std::to_string(length), "authip.md 1.18 step 5 A-027"));
  }
  frame.iv = in.take(length - kCryptoFixedOctets);
  frame.body = in.take_rest();
  if (!in.ok()) return unexpected(drop("ends inside the Crypto payload", "authip.md 1.18 step 5"));
  frame.header = address_of(*header, sequence);
  frame.datagram = datagram;
  return frame;
}

Frame as_clear(const Frame& frame) {
  Frame clear = frame;
  clear.encrypted = false;
  return clear;
}

PayloadChain clear_chain(const Frame& frame) { return {frame.first_type, to_vector(frame.body)}; }

expected<PayloadChain, FrameError> open_frame(const Frame& frame, const ProtectionKeys& keys) {
  const std::size_t block = crypto::iv_octets(keys.cipher);
  if (frame.iv.size() != block) return unexpected(drop("IV of another cipher's size", "authip.md 1.18 step 5 A-028"));
  if (frame.body.size() < keys.icv_octets + block || (frame.body.size() - keys.icv_octets) % block != 0) {
    return unexpected(drop("the encrypted part is no multiple of the block", "authip.md 1.18 step 7"));
  }
  const Octets covered = frame.datagram.first(frame.datagram.size() - keys.icv_octets);
  const crypto::Digest icv = icv_of(covered, keys);
  if (!crypto::constant_time_equal(icv.view().first(keys.icv_octets), frame.datagram.last(keys.icv_octets))) {
    return unexpected(drop("the integrity check value is wrong", "authip.md 1.18 step 7 A-041"));
  }
  const Octets sealed = frame.body.first(frame.body.size() - keys.icv_octets);
  OctetVector plain(sealed.size());
  crypto::CbcCipher(keys.cipher, keys.cipher_key.view()).decrypt(frame.iv, sealed, plain);
  const auto pad = std::to_integer<std::size_t>(plain[plain.size() - kTrailerOctets]);
  if (pad + kTrailerOctets > plain.size()) {
    return unexpected(drop("the padding is longer than the message", "authip.md 1.7"));
  }
  PayloadChain chain{std::to_integer<std::uint8_t>(plain.back()), std::move(plain)};
  chain.octets.resize(chain.octets.size() - pad - kTrailerOctets);
  return chain;
}

OctetVector write_clear(const MessageHeader& header, bool with_iv, const PayloadChain& payloads) {
  OctetVector out = header_octets(header, false);
  crypto_header(out, payloads.first_type, with_iv ? kClearIvOctets : 0, header.sequence);
  ByteWriter writer(out);
  if (with_iv) writer.zeros(kClearIvOctets);  // D-35
  writer.octets(payloads.octets);
  writer.patch_u32(kIsakmpLengthOffset, static_cast<std::uint32_t>(out.size()));
  return out;
}

OctetVector write_sealed(const MessageHeader& header, Octets iv, const PayloadChain& payloads,
                         const ProtectionKeys& keys) {
  assert(iv.size() == crypto::iv_octets(keys.cipher));
  OctetVector out = header_octets(header, true);
  crypto_header(out, 0, iv.size(), header.sequence);
  append(out, iv);
  const OctetVector plain = padded(payloads, iv.size());
  OctetVector sealed(plain.size());
  crypto::CbcCipher(keys.cipher, keys.cipher_key.view()).encrypt(iv, plain, sealed);
  append(out, sealed);
  const crypto::Digest icv = icv_of(out, keys);
  append(out, icv.view().first(keys.icv_octets));
  ByteWriter(out).patch_u32(kIsakmpLengthOffset, static_cast<std::uint32_t>(out.size()));
  return out;
}

}  // namespace ssx::authip
