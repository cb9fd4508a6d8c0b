// model/authip/main_mode_sa.h: what a main mode (and an extended mode) agreed on, as shared values. Source:
// authip.md 3.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "crypto/key_derivation.h"
#include "model/authip/engine.h"
#include "model/authip/gss_rounds.h"
#include "model/authip/message_protection.h"
#include "model/authip/payloads.h"
#include "model/authip/transcript.h"
#include "model/authip/vendor_ids.h"

namespace ssx::authip {

/// What is agreed after #2, before the authentication.
struct MainModeTerms {
  ipsec::SaRole role = ipsec::SaRole::kInitiator;
  MainModeChoice choice;
  wfp::MainModeProposal proposal;  // as negotiated: effective lifetime, group as used
  MainModeSuite suite;
  Cookie initiator_cookie{};
  Cookie responder_cookie{};
  crypto::SecretOctets z;  // g^xy, empty without Diffie-Hellman
  OctetVector ni;
  OctetVector nr;
  OctetVector nr_qm;  // for the first quick mode
  PeerCapabilities peer;
  std::string peer_gss_id;  // initiator: from #2

  crypto::KdfContext kdf() const;
};

/// A main-mode SA with its keys. Immutable; quick modes share it.
struct MainModeSa {
  MainModeTerms terms;
  Authenticated authentication;
  crypto::MainModeKeys keys;
  ProtectionKeys protection;
  crypto::Digest auth1;
  crypto::Digest auth2;
};
/// Derives everything that follows from the agreed terms, the GSS secret and the last chain link before #5.
/// @errors 13804 for a weak DES or 3DES key (D-58)
expected<std::shared_ptr<const MainModeSa>, Invalid> derive_main_mode_sa(MainModeTerms terms,
                                                                         Authenticated authentication,
                                                                         const ChainLink& chain, const Config& config);

/// The outcome of an extended mode.
struct ExtendedModeResult {
  Authenticated authentication;
  crypto::SecretOctets skeyid_em;
  std::string peer_gss_id;
};

/// A transform that both ends agreed on, with both SPIs.
struct AgreedSuite {
  QuickModeSuite suite;
  Spi inbound;
  Spi outbound;
};
/// What a quick mode agreed on. Keys are derived when the SAs are installed: after extended mode where it follows
/// (3.3).
struct QuickModeAgreement {
  ipsec::SaRole role = ipsec::SaRole::kInitiator;  // in this quick mode
  MessageId id;
  ipsec::TrafficSelector selector;  // this host's point of view
  std::vector<AgreedSuite> suites;  // ESP before AH
  wfp::SaLifetime lifetime;         // effective
  OctetVector ni;
  OctetVector nr;
  bool guarantee_encryption = false;
  bool peer_boundary = false;
  bool fast = false;
  QuickModeChoice choice;
  std::string target_name;
  std::optional<identity::Principal> user;
};

/// The SA pair that the host's SAD takes: flags, tokens, names, lifetimes and keys (encryption key first, D-07).
ipsec::SaPair make_pair(MmSaId id, const MainModeSa& main_mode, const QuickModeAgreement& agreement,
                        const ExtendedModeResult* extended_mode);
/// api-contract.md 3.7: equal on both ends.
QmSaId quick_mode_id(const MainModeSa& main_mode, MessageId message_id, Spi initiator_spi, Spi responder_spi);
/// A local name for the SA that an application may look its details up by; never zero.
Guid lookup_context(const MainModeSa& main_mode);
/// The principal name that the peer proved, extended mode before main mode; empty if it proved none.
std::string authenticated_peer_name(const MainModeSa& main_mode, const ExtendedModeResult* extended_mode);

}  // namespace ssx::authip
