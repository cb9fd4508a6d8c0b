#include "model/wire/isakmp_header.h"

#include <algorithm>

namespace ssx::wire {

bool is_authip(ExchangeType type) {
  return type == ExchangeType::kMainMode || type == ExchangeType::kQuickMode || type == ExchangeType::kExtendedMode ||
         type == ExchangeType::kNotify;
}

bool is_ike(ExchangeType type) {
  return type == ExchangeType::kIkeMainMode || type == ExchangeType::kIkeAggressiveMode ||
         type == ExchangeType::kIkeInformational || type == ExchangeType::kIkeQuickMode;
}

std::string to_string(ExchangeType type) {
  switch (type) {
    case ExchangeType::kIkeMainMode: return "IKEv1 main mode";
    case ExchangeType::kIkeAggressiveMode: return "IKEv1 aggressive mode";
    case ExchangeType::kIkeInformational: return "IKEv1 informational";
    case ExchangeType::kIkeQuickMode: return "IKEv1 quick mode";
    case ExchangeType::kMainMode: return "MM";
    case ExchangeType::kQuickMode: return "QM";
    case ExchangeType::kExtendedMode: return "EM";
    case ExchangeType::kNotify: return "Notify";
  }
  return std::to_string(static_cast<unsigned>(type));
}

std::string to_string(PayloadType type) {
  switch (type) {
    case PayloadType::kNone: return "none";
    case PayloadType::kSa: return "SA";
    case PayloadType::kProposal: return "Proposal";
    case PayloadType::kTransform: return "Transform";
    case PayloadType::kKeyExchange: return "KE";
    case PayloadType::kId: return "ID";
    case PayloadType::kCertificate: return "Certificate";
    case PayloadType::kCertificateRequest: return "Certificate Request";
    case PayloadType::kHash: return "Hash";
    case PayloadType::kSignature: return "Signature";
    case PayloadType::kNonce: return "Nonce";
    case PayloadType::kNotify: return "Notify";
    case PayloadType::kDelete: return "Delete";
    case PayloadType::kVendorId: return "Vendor ID";
    case PayloadType::kNatD: return "NAT-D";
    case PayloadType::kNatOa: return "NAT-OA";
    case PayloadType::kGssApi: return "GSS-API";
    case PayloadType::kNatDDraft: return "NAT-D (draft)";
    case PayloadType::kNatOaDraft: return "NAT-OA (draft)";
    case PayloadType::kFragment: return "Fragment";
    case PayloadType::kCrypto: return "Crypto";
    case PayloadType::kGssId: return "GSS_ID";
    case PayloadType::kAuth: return "Auth";
    case PayloadType::kKeyDictation: return "Key Dictation";
    case PayloadType::kKeyDictationWeight: return "Key Dictation Weight";
  }
  return std::to_string(static_cast<unsigned>(type));
}

std::string to_string(const IsakmpHeader& header) {
  OctetVector id;
  ByteWriter(id).u32(header.message_id.value);
  return to_string(header.exchange_type) + " " + to_hex(header.initiator_cookie) + "/" +
         to_hex(header.responder_cookie) + " id " + to_hex(id) + ", " + std::to_string(header.length) + " octets";
}

std::optional<IsakmpHeader> parse_isakmp_header(Octets message) {
  ByteReader in{message};
  IsakmpHeader header;
  const Octets initiator_cookie = in.take(header.initiator_cookie.size());
  const Octets responder_cookie = in.take(header.responder_cookie.size());
  header.next_payload = static_cast<PayloadType>(in.u8());
  header.version = in.u8();
  header.exchange_type = static_cast<ExchangeType>(in.u8());
  header.flags = in.u8();
  header.message_id = MessageId{in.u32()};
  header.length = in.u32();
  if (!in.ok()) return std::nullopt;
  std::ranges::copy(initiator_cookie, header.initiator_cookie.begin());
  std::ranges::copy(responder_cookie, header.responder_cookie.begin());
  return header;
}

void emit_isakmp_header(OctetVector& out, const IsakmpHeader& header) {
  ByteWriter writer{out};
  writer.octets(header.initiator_cookie);
  writer.octets(header.responder_cookie);
  writer.u8(static_cast<std::uint8_t>(header.next_payload));
  writer.u8(header.version);
  writer.u8(static_cast<std::uint8_t>(header.exchange_type));
  writer.u8(header.flags);
  writer.u32(header.message_id.value);
  writer.u32(header.length);
}

}  // namespace ssx::wire
