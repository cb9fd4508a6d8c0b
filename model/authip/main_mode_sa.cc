#include "model/authip/main_mode_sa.h"

#include <algorithm>

#include "crypto/cipher.h"
#include "model/authip/status.h"

namespace ssx::authip {
namespace {

using crypto::SecretOctets;

bool is_des(crypto::CipherAlgorithm cipher) {
  return cipher == crypto::CipherAlgorithm::kDes || cipher == crypto::CipherAlgorithm::kTripleDes;
}

/// authip.md 3.3: one direction's keys, encryption key first (D-07).
ipsec::SaKeys derive_sa(const MainModeSa& main_mode, const QuickModeAgreement& agreement, const QuickModeSuite& suite,
                        Spi spi, const SecretOctets& em) {
  const std::size_t cipher_octets = crypto::key_octets(suite.cipher);
  const std::size_t integrity_octets = crypto::key_octets(suite.integrity);
  const SecretOctets key =
      crypto::derive_ipsec_key(main_mode.terms.kdf(), {}, agreement.id, spi, agreement.ni, agreement.nr,
                               main_mode.keys.skeyid_d, em.view(), cipher_octets + integrity_octets);
  return {suite.protocol,
          spi,
          suite.cipher,
          suite.integrity,
          key.first(cipher_octets),
          key.slice(cipher_octets, integrity_octets)};
}

/// P of authip.md 3.3: Ni | Nr | SKEYID_em, empty without extended mode.
SecretOctets extended_part(const MainModeSa& main_mode, const ExtendedModeResult* extended_mode) {
  if (extended_mode == nullptr) return {};
  OctetVector joined = concatenate({main_mode.terms.ni, main_mode.terms.nr, extended_mode->skeyid_em.view()});
  SecretOctets p{Octets(joined)};
  crypto::wipe(joined);
  return p;
}

std::uint32_t bundle_flags(const MainModeSa& main_mode, const QuickModeAgreement& agreement) {
  const std::uint32_t policy = agreement.choice.policy->flags;
  std::uint32_t flags = 0;
  if ((policy & wfp::kPolicyNdSecure) != 0) flags |= ipsec::kBundleNdSecure;
  if ((policy & wfp::kPolicyNdBoundary) != 0) flags |= ipsec::kBundleNdBoundary;
  if (agreement.guarantee_encryption) flags |= ipsec::kBundleGuaranteeEncryption;
  if (agreement.peer_boundary) flags |= ipsec::kBundleNdPeerBoundary;
  if (agreement.target_name.empty()) flags |= ipsec::kBundleAllowNullTargetNameMatch;
  // A peer that knows negotiation discovery can be told of guaranteed encryption (5.7).
  if (main_mode.terms.peer.negotiation_discovery) flags |= ipsec::kBundlePeerSupportsGuaranteeEncryption;
  return flags;
}

void add_token(std::vector<identity::AccessToken>& tokens, const Authenticated& authentication,
               identity::TokenMode mode) {
  if (!authentication.peer) return;
  const bool machine = authentication.peer->kind == identity::PrincipalKind::kMachine;  // U-45: by the kind of identity
  tokens.push_back(
      {machine ? identity::TokenType::kMachine : identity::TokenType::kImpersonation, mode, *authentication.peer});
}

std::uint32_t idle_timeout(const MainModeSa& main_mode, const wfp::QuickModePolicy& policy) {
  return main_mode.terms.peer.cluster_member ? policy.idle_timeout_failover_seconds : policy.idle_timeout_seconds;
}

}  // namespace

crypto::KdfContext MainModeTerms::kdf() const {
  return {hash_of(suite), cipher_of(suite), z.view(), initiator_cookie, responder_cookie};
}

expected<std::shared_ptr<const MainModeSa>, Invalid> derive_main_mode_sa(MainModeTerms terms,
                                                                         Authenticated authentication,
                                                                         const ChainLink& chain, const Config& config) {
  auto sa = std::make_shared<MainModeSa>();
  sa->keys = crypto::derive_main_mode_keys(terms.kdf(), terms.ni, terms.nr, authentication.secret.view());
  const crypto::HashAlgorithm hash = hash_of(terms.suite);
  const crypto::CipherAlgorithm cipher = cipher_of(terms.suite);
  if (is_des(cipher) && crypto::is_weak_des_key(sa->keys.cipher_key.view())) {
    return unexpected(Invalid{kStatusGeneralProcessing, "the derived message key is weak"});
  }
  sa->auth1 = crypto::auth_proof(hash, sa->keys.skeyid, chain, std::byte{1});
  sa->auth2 = crypto::auth_proof(hash, sa->keys.skeyid, chain, std::byte{2});
  sa->protection = {hash, cipher, sa->keys.cipher_key, sa->keys.skeyid_a,
                    message_icv_octets(hash, config.ms_nt5_version, terms.peer)};
  sa->terms = std::move(terms);
  sa->authentication = std::move(authentication);
  return std::shared_ptr<const MainModeSa>(std::move(sa));
}

ipsec::SaPair make_pair(MmSaId id, const MainModeSa& main_mode, const QuickModeAgreement& agreement,
                        const ExtendedModeResult* extended_mode) {
  const SecretOctets em = extended_part(main_mode, extended_mode);
  const wfp::QuickModePolicy& policy = *agreement.choice.policy;
  ipsec::SaPair pair;
  pair.role = agreement.role;
  pair.main_mode = id;
  const AgreedSuite& front = agreement.suites.front();
  const bool initiator = agreement.role == ipsec::SaRole::kInitiator;
  pair.quick_mode = quick_mode_id(main_mode, agreement.id, initiator ? front.inbound : front.outbound,
                                  initiator ? front.outbound : front.inbound);
  pair.message_id = agreement.id;
  pair.selector = agreement.selector;
  for (const AgreedSuite& agreed : agreement.suites) {
    pair.inbound.push_back(derive_sa(main_mode, agreement, agreed.suite, agreed.inbound, em));
    pair.outbound.push_back(derive_sa(main_mode, agreement, agreed.suite, agreed.outbound, em));
  }
  pair.lifetime = agreement.lifetime;
  pair.idle_timeout_seconds = idle_timeout(main_mode, policy);
  pair.nd_allow_clear_timeout_seconds = policy.nd_allow_clear_timeout_seconds;
  pair.flags = bundle_flags(main_mode, agreement);
  pair.main_mode_policy = main_mode.terms.choice.policy_key;
  pair.quick_mode_policy = agreement.choice.policy_key;
  pair.quick_mode_filter = agreement.choice.filter;
  pair.lookup_context = lookup_context(main_mode);
  add_token(pair.peer_tokens, main_mode.authentication, identity::TokenMode::kMain);
  if (extended_mode != nullptr)
    add_token(pair.peer_tokens, extended_mode->authentication, identity::TokenMode::kExtended);
  pair.target_name = agreement.target_name;
  pair.peer_name = authenticated_peer_name(main_mode, extended_mode);
  pair.impersonated_user = agreement.user;
  return pair;
}

QmSaId quick_mode_id(const MainModeSa& main_mode, MessageId message_id, Spi initiator_spi, Spi responder_spi) {
  OctetVector tail;
  ByteWriter out(tail);
  out.u32(message_id.value);
  out.u32(initiator_spi.value);
  out.u32(responder_spi.value);
  const crypto::Digest digest = crypto::hash(
      crypto::HashAlgorithm::kSha256, {main_mode.terms.initiator_cookie, main_mode.terms.responder_cookie, tail});
  const std::uint32_t id = load_u32(digest.view());
  return QmSaId{id == 0 ? 1 : id};
}

Guid lookup_context(const MainModeSa& main_mode) {
  const std::array role{main_mode.terms.role == ipsec::SaRole::kInitiator ? std::byte{1} : std::byte{2}};
  const crypto::Digest digest = crypto::hash(
      crypto::HashAlgorithm::kSha256,
      {as_octets("SaLookupContext"), main_mode.terms.initiator_cookie, main_mode.terms.responder_cookie, role});
  ByteReader in(digest.view());
  Guid guid;
  guid.data1 = in.u32() | 1U;  // never the zero GUID
  guid.data2 = in.u16();
  guid.data3 = in.u16();
  for (std::uint8_t& octet : guid.data4) octet = in.u8();
  return guid;
}

std::string authenticated_peer_name(const MainModeSa& main_mode, const ExtendedModeResult* extended_mode) {
  if (extended_mode != nullptr && extended_mode->authentication.peer) {
    return identity::principal_name(*extended_mode->authentication.peer);
  }
  if (main_mode.authentication.peer) return identity::principal_name(*main_mode.authentication.peer);
  return {};
}

}  // namespace ssx::authip
