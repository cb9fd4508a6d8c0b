#include "model/authip/transcript.h"

namespace ssx::authip {

ChainLink first_main_mode_link(Octets first_payloads) {
  return to_vector(crypto::hash(crypto::HashAlgorithm::kSha256, {first_payloads}).view());
}

ChainLink second_main_mode_link(Octets second_payloads, const ChainLink& first) {
  return to_vector(crypto::hash(crypto::HashAlgorithm::kSha256, {second_payloads, first}).view());
}

ChainLink next_link(crypto::HashAlgorithm hash, Octets payloads, const ChainLink& previous) {
  return to_vector(crypto::hash(hash, {payloads, previous}).view());
}

}  // namespace ssx::authip
