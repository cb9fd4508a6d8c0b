#include "model/wire/crypto_payload.h"

#include <cassert>

namespace ssx::wire {
namespace {

bool is_iv_size(std::size_t octets, CryptoForm form) {
  if (form == CryptoForm::kClear) return octets == 0 || octets == kClearIvOctets;
  return octets == kIvOctetsDes || octets == kIvOctetsAes;
}

}  // namespace

std::string to_string(const CryptoPayload& payload) {
  const std::string text = "seqNUM " + std::to_string(payload.sequence);
  return payload.iv.empty() ? text : text + ", IV of " + std::to_string(payload.iv.size()) + " octets";
}

std::optional<CryptoPayload> parse_crypto_payload(Octets octets, CryptoForm form) {
  ByteReader in{octets};
  CryptoPayload payload;
  payload.next_payload = static_cast<PayloadType>(in.u8());
  in.skip(1);
  const std::size_t length = in.u16();
  payload.sequence = in.u32();
  // authip.md 1.18 step 5: 8 or 16 in clear, 8 and one block when encrypted.
  if (!in.ok() || length < kCryptoFixedOctets || !is_iv_size(length - kCryptoFixedOctets, form)) return std::nullopt;
  payload.iv = in.take(length - kCryptoFixedOctets);
  if (!in.ok()) return std::nullopt;
  return payload;
}

void emit_crypto_payload(OctetVector& out, const CryptoPayload& payload) {
  assert(payload.iv.empty() || payload.iv.size() == kIvOctetsDes || payload.iv.size() == kIvOctetsAes);
  ByteWriter writer{out};
  writer.u8(static_cast<std::uint8_t>(payload.next_payload));
  writer.u8(0);
  writer.u16(static_cast<std::uint16_t>(payload.octets()));
  writer.u32(payload.sequence);
  writer.octets(payload.iv);
}

}  // namespace ssx::wire
