#include "model/wire/payload_error.h"

namespace ssx::wire {
namespace {

/// authip.md 2.17: PROCESS_ERR_... of the payload, INVALID_PAYLOAD where there is none of its own.
std::uint32_t malformed_status(PayloadType type) {
  constexpr std::uint32_t kInvalidPayload = 13843;
  switch (type) {
    case PayloadType::kSa: return 13830;
    case PayloadType::kProposal: return 13831;
    case PayloadType::kTransform: return 13832;
    case PayloadType::kKeyExchange: return 13833;
    case PayloadType::kId: return 13834;
    case PayloadType::kCertificate: return 13835;
    case PayloadType::kCertificateRequest: return 13836;
    case PayloadType::kHash: return 13837;
    case PayloadType::kSignature: return 13838;
    case PayloadType::kNonce: return 13839;
    case PayloadType::kNotify: return 13840;
    case PayloadType::kDelete: return 13841;
    case PayloadType::kVendorId: return 13842;
    case PayloadType::kAuth: return 13889;
    case PayloadType::kNatOa:
    case PayloadType::kNatOaDraft: return 13893;
    case PayloadType::kNone:
    case PayloadType::kNatD:
    case PayloadType::kNatDDraft:
    case PayloadType::kGssApi:
    case PayloadType::kFragment:
    case PayloadType::kCrypto:
    case PayloadType::kGssId:
    case PayloadType::kKeyDictation:
    case PayloadType::kKeyDictationWeight: return kInvalidPayload;
  }
  return kInvalidPayload;
}

}  // namespace

std::string_view to_string(PayloadErrorKind kind) {
  switch (kind) {
    case PayloadErrorKind::kBadGenericLength: return "its length is below 4 or leaves the message";
    case PayloadErrorKind::kTrailingOctets: return "the chain ends before the message does";
    case PayloadErrorKind::kMalformed: return "its body is not what the type says";
    case PayloadErrorKind::kNotAllowed: return "no AuthIP message may hold a payload of this type here";
    case PayloadErrorKind::kUnknownDoi: return "its DOI is not 1 (IPSEC)";
    case PayloadErrorKind::kInvalidSituation: return "its situation is not 1 (identity only)";
    case PayloadErrorKind::kUnsupportedId: return "its ID type is neither an address nor a subnet nor a range";
  }
  return "unknown payload error";
}

std::string to_string(const PayloadError& error) {
  return to_string(error.type) + " payload at " + std::to_string(error.offset) + ": " +
         std::string(to_string(error.kind));
}

std::uint32_t status_code(const PayloadError& error) {
  switch (error.kind) {
    case PayloadErrorKind::kMalformed: return malformed_status(error.type);
    case PayloadErrorKind::kUnknownDoi: return 13862;
    case PayloadErrorKind::kInvalidSituation: return 13863;
    case PayloadErrorKind::kUnsupportedId: return 13869;
    case PayloadErrorKind::kBadGenericLength:
    case PayloadErrorKind::kTrailingOctets:
    case PayloadErrorKind::kNotAllowed: return 13843;
  }
  return 13843;
}

}  // namespace ssx::wire
