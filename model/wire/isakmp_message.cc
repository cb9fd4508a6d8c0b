#include "model/wire/isakmp_message.h"

#include <cassert>

namespace ssx::wire {
namespace {

constexpr unsigned kMajorVersion = 1;
constexpr std::size_t kTrailerOctets = 2;  // pad length, next payload
constexpr std::size_t kPadOctetsMax = 255;

using Content = expected<FrameContent, FrameError>;

/// authip.md 1.18 steps 1 to 3.
expected<IsakmpHeader, FrameError> read_header(Octets message) {
  const std::optional<IsakmpHeader> header = parse_isakmp_header(message);
  if (!header) return unexpected(FrameError::kTooShort);
  if (header->length != message.size()) return unexpected(FrameError::kLengthMismatch);
  if (header->major_version() != kMajorVersion) return unexpected(FrameError::kMajorVersion);
  if (!is_authip(header->exchange_type) && !is_ike(header->exchange_type)) {
    return unexpected(FrameError::kUnknownExchangeType);
  }
  return *header;
}

/// The body of a message whose one payload stands directly behind the header, E clear; nothing otherwise.
std::optional<Octets> sole_payload(const IsakmpHeader& header, Octets rest) {
  const auto chain = walk_chain(header.next_payload, rest);
  if (header.is_encrypted() || !chain || chain->size() != 1) return std::nullopt;
  return chain->front().body;
}

/// authip.md 1.19, D-38: exchange type 246; an initiator also accepts 243.
Content read_dos_cookie(const IsakmpHeader& header, Octets rest) {
  const bool right_exchange =
      header.exchange_type == ExchangeType::kNotify || header.exchange_type == ExchangeType::kMainMode;
  const std::optional<Octets> body = sole_payload(header, rest);
  if (!right_exchange || !body) return unexpected(FrameError::kFirstPayload);
  const auto notify = parse_notify(*body);
  if (!notify) return unexpected(FrameError::kFirstPayload);
  const std::optional<Cookie> cookie = dos_cookie_of(*notify);
  if (!cookie) return unexpected(FrameError::kFirstPayload);
  return FrameContent{DosCookieContent{*cookie}};
}

/// authip.md 1.17: E clear, no other payload.
Content read_fragment(const IsakmpHeader& header, Octets rest) {
  const std::optional<Octets> body = sole_payload(header, rest);
  if (!body) return unexpected(FrameError::kFirstPayload);
  const auto fragment = parse_fragment(*body);
  if (!fragment) return unexpected(FrameError::kFirstPayload);
  return FrameContent{FragmentContent{*fragment}};
}

Content read_crypto(Octets rest, CryptoForm form) {
  const std::optional<CryptoPayload> crypto = parse_crypto_payload(rest, form);
  if (!crypto) return unexpected(FrameError::kCryptoLength);
  const Octets behind = rest.subspan(crypto->octets());
  if (form == CryptoForm::kClear) {
    return FrameContent{ClearContent{crypto->sequence, crypto->iv, crypto->next_payload, behind}};
  }
  return FrameContent{EncryptedContent{crypto->sequence, crypto->iv, behind}};
}

Content read_content(const IsakmpHeader& header, Octets rest, FormRule rule) {
  if (is_ike(header.exchange_type)) return FrameContent{IkeContent{rest}};
  const bool encrypted = header.is_encrypted() && rule == FormRule::kFollowFlag;
  // authip.md 1.18 step 4: Crypto, or one of the two exceptions.
  if (header.next_payload == PayloadType::kCrypto) {
    return read_crypto(rest, encrypted ? CryptoForm::kEncrypted : CryptoForm::kClear);
  }
  if (header.next_payload == PayloadType::kNotify) return read_dos_cookie(header, rest);
  if (header.next_payload == PayloadType::kFragment) return read_fragment(header, rest);
  return unexpected(FrameError::kFirstPayload);
}

/// Header and Crypto payload; Length stays zero.
OctetVector front_of(const MessageFields& fields, std::uint8_t flags, const CryptoPayload& crypto) {
  assert(is_authip(fields.exchange_type));
  IsakmpHeader header;
  header.initiator_cookie = fields.initiator_cookie;
  header.responder_cookie = fields.responder_cookie;
  header.exchange_type = fields.exchange_type;
  header.flags = flags;
  header.message_id = fields.message_id;
  OctetVector out;
  emit_isakmp_header(out, header);
  emit_crypto_payload(out, crypto);
  return out;
}

void patch_length(OctetVector& message, std::size_t length) {
  ByteWriter(message).patch_u32(kIsakmpLengthOffset, static_cast<std::uint32_t>(length));
}

/// A message that holds nothing but one payload, without Crypto.
template <class Element>
OctetVector build_alone(IsakmpHeader header, PayloadType type, const Element& element) {
  header.next_payload = type;
  OctetVector out;
  emit_isakmp_header(out, header);
  ChainWriter chain{out};
  chain.start(type);
  emit_body(out, element);
  chain.finish();
  patch_length(out, out.size());
  return out;
}

}  // namespace

std::string_view to_string(FrameError error) {
  switch (error) {
    case FrameError::kTooShort: return "shorter than an ISAKMP header";
    case FrameError::kLengthMismatch: return "the header's Length is not the number of octets that came";
    case FrameError::kMajorVersion: return "the major version is not 1";
    case FrameError::kUnknownExchangeType: return "the exchange type is neither AuthIP's nor IKEv1's";
    case FrameError::kFirstPayload: return "the first payload is not Crypto, nor a DoS cookie or fragment alone";
    case FrameError::kCryptoLength: return "the Crypto payload has a length that its form cannot have";
  }
  return "unknown frame error";
}

expected<IsakmpFrame, FrameError> parse_frame(Octets message, FormRule rule) {
  const expected<IsakmpHeader, FrameError> header = read_header(message);
  if (!header) return unexpected(header.error());
  const Content content = read_content(*header, message.subspan(kIsakmpHeaderOctets), rule);
  if (!content) return unexpected(content.error());
  return IsakmpFrame{*header, *content};
}

OctetVector build_clear(const MessageFields& fields, std::uint32_t sequence, const PayloadChain& chain,
                        const std::optional<ClearIv>& iv) {
  const Octets iv_octets = iv ? Octets(*iv) : Octets();
  OctetVector out = front_of(fields, 0, {chain.first_type, sequence, iv_octets});
  append(out, chain.octets);
  patch_length(out, out.size());
  return out;
}

OctetVector build_encrypted_front(const MessageFields& fields, std::uint32_t sequence, Octets iv,
                                  std::size_t sealed_octets) {
  assert(!iv.empty());
  OctetVector out = front_of(fields, kIsakmpFlagEncrypted, {PayloadType::kNone, sequence, iv});
  out.reserve(out.size() + sealed_octets);
  patch_length(out, out.size() + sealed_octets);
  return out;
}

OctetVector build_dos_cookie(const MessageFields& fields, const Cookie& cookie) {
  IsakmpHeader header;
  header.initiator_cookie = fields.initiator_cookie;
  header.responder_cookie = fields.responder_cookie;
  header.exchange_type = ExchangeType::kNotify;
  header.message_id = fields.message_id;
  const NotifyPayload notify{kNotifyAboutMainMode, 0, NotifyType::kDosCookie, to_vector(cookie)};
  return build_alone(header, PayloadType::kNotify, notify);
}

OctetVector build_fragment(const IsakmpHeader& original, const FragmentPayload& fragment) {
  IsakmpHeader header = original;
  header.flags = static_cast<std::uint8_t>(header.flags & ~kIsakmpFlagEncrypted);
  return build_alone(header, PayloadType::kFragment, fragment);
}

OctetVector pad_inner(const PayloadChain& chain, std::size_t block_octets) {
  assert(block_octets > 0);
  assert(block_octets <= kPadOctetsMax);
  OctetVector plain = chain.octets;
  const std::size_t pad = (block_octets - (plain.size() + kTrailerOctets) % block_octets) % block_octets;
  ByteWriter writer{plain};
  for (std::size_t i = 1; i <= pad; ++i) writer.u8(static_cast<std::uint8_t>(i));
  writer.u8(static_cast<std::uint8_t>(pad));
  writer.u8(static_cast<std::uint8_t>(chain.first_type));
  return plain;
}

std::string_view to_string(InnerError error) {
  switch (error) {
    case InnerError::kTooShort: return "the plaintext has no room for its trailer";
    case InnerError::kPadLength: return "the pad length is larger than the plaintext";
    case InnerError::kPadContent: return "the padding is not 1, 2, 3, ...";
  }
  return "unknown inner error";
}

expected<InnerChain, InnerError> unpad_inner(Octets plaintext) {
  if (plaintext.size() < kTrailerOctets) return unexpected(InnerError::kTooShort);
  const Octets trailer = plaintext.last(kTrailerOctets);
  const Octets before = plaintext.first(plaintext.size() - kTrailerOctets);
  const auto pad = std::to_integer<std::size_t>(trailer[0]);
  if (pad > before.size()) return unexpected(InnerError::kPadLength);
  const Octets padding = before.last(pad);
  for (std::size_t i = 0; i < pad; ++i) {  // RFC 4303 2.4: the receiver SHOULD inspect the padding
    if (std::to_integer<std::size_t>(padding[i]) != i + 1) return unexpected(InnerError::kPadContent);
  }
  return InnerChain{static_cast<PayloadType>(trailer[1]), before.first(before.size() - pad)};
}

}  // namespace ssx::wire
