#include "model/authip/status.h"

#include <algorithm>
#include <array>

namespace ssx::authip {
namespace {

struct Meaning {
  std::uint32_t status;
  std::string_view words;
};

constexpr std::array kMeanings{
    Meaning{kStatusAuthFail, "authentication failed"},
    Meaning{kStatusGeneralProcessing, "general processing error"},
    Meaning{kStatusTimedOut, "timed out"},
    Meaning{kStatusNoCert, "no usable certificate"},
    Meaning{kStatusSaDeleted, "deleted before it was complete"},
    Meaning{kStatusSaReaped, "idle for too long"},
    Meaning{kStatusDhFail, "invalid Diffie-Hellman public value"},
    Meaning{kStatusNoPolicy, "no quick-mode policy"},
    Meaning{13827, "Kerberos context failure"},
    Meaning{kStatusProcessErrSa, "malformed SA payload"},
    Meaning{kStatusProcessErrProposal, "malformed proposal"},
    Meaning{kStatusProcessErrTransform, "malformed transform"},
    Meaning{kStatusProcessErrKe, "malformed key exchange payload"},
    Meaning{kStatusProcessErrId, "malformed ID payload"},
    Meaning{kStatusProcessErrHash, "malformed hash payload"},
    Meaning{kStatusProcessErrNonce, "malformed nonce"},
    Meaning{kStatusProcessErrNotify, "malformed notify payload"},
    Meaning{kStatusProcessErrVendor, "malformed vendor id"},
    Meaning{kStatusInvalidPayload, "payload not allowed here"},
    Meaning{13849, "policy changed"},
    Meaning{13850, "no main-mode policy"},
    Meaning{kStatusUnknownDoi, "unknown domain of interpretation"},
    Meaning{kStatusInvalidSituation, "invalid situation"},
    Meaning{13865, "invalid group"},
    Meaning{kStatusPolicyMatch, "no common proposal"},
    Meaning{kStatusUnsupportedId, "unsupported ID type"},
    Meaning{13877, "deleted by an administrator"},
    Meaning{kStatusMmLimit, "too many main-mode SAs with the peer"},
    Meaning{kStatusQmLimit, "too many quick modes under one main mode"},
    Meaning{kStatusMmExpired, "main mode expired"},
    Meaning{kStatusInvalidAuthPayload, "malformed Auth payload"},
    Meaning{13891, "shutting down"},
    Meaning{kStatusProcessErrNatOa, "malformed NAT-OA payload"},
    Meaning{kStatusInvalidMmForQm, "main mode takes no quick mode"},
    Meaning{kStatusQmExpired, "quick mode expired"},
    Meaning{13905, "not authorised"},
};

}  // namespace

std::string_view status_meaning(std::uint32_t status) {
  const auto found = std::ranges::find(kMeanings, status, &Meaning::status);
  return found == kMeanings.end() ? std::string_view("other status") : found->words;
}

std::string status_text(std::uint32_t status) {
  return std::to_string(status) + " " + std::string(status_meaning(status));
}

}  // namespace ssx::authip
