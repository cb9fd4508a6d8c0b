// model/identity/kerberos_contexts.h: the two sides of one Kerberos attempt. Internal. Source: RFC 4120 3.2, RFC
// 4121 4.1.
#pragma once

#include <memory>
#include <optional>
#include <variant>

#include "crypto/secret.h"
#include "model/identity/domain.h"
#include "model/identity/gss.h"
#include "model/identity/kerberos.h"

namespace ssx::identity {

/// What the contexts of one mechanism share. `self` has an account in `domain`.
struct KerberosHost {
  std::shared_ptr<const Domain> domain;
  Principal self;
  KerberosOptions options;

  Instant clock(Instant now) const { return now + options.clock_offset; }
};

/// The secret of the context, of which both sides made a part: HMAC-SHA-256 under the ticket's session key.
crypto::SecretOctets kerberos_context_key(const crypto::SecretOctets& session_key,
                                          const crypto::SecretOctets& initiator_subkey,
                                          const crypto::SecretOctets& acceptor_subkey);

using GssStepResult = expected<GssStep, GssFailure>;

class KerberosInitiator final : public GssContext {
 public:
  KerberosInitiator(KerberosHost host, Principal client, Principal service)
      : host_(std::move(host)), client_(std::move(client)), service_(std::move(service)) {}

  GssStepResult step(Octets token, Instant now, RandomSource& random) override;
  crypto::SecretOctets session_key() const override;
  std::optional<Principal> peer() const override;
  std::unique_ptr<GssContext> clone() const override { return std::make_unique<KerberosInitiator>(*this); }

 private:
  struct Fresh {};
  struct RequestSent {
    crypto::SecretOctets session_key;
    crypto::SecretOctets subkey;
    Instant time;  // in the authenticator; the reply repeats it
  };
  struct Complete {
    crypto::SecretOctets context_key;
  };
  struct Failed {};

  GssStepResult send_request(Instant now, RandomSource& random);
  GssStepResult read_reply(const RequestSent& sent, Octets token);
  GssStepResult fail(KerberosError error);

  KerberosHost host_;
  Principal client_;
  Principal service_;
  std::variant<Fresh, RequestSent, Complete, Failed> state_;
};

class KerberosAcceptor final : public GssContext {
 public:
  explicit KerberosAcceptor(KerberosHost host) : host_(std::move(host)) {}

  GssStepResult step(Octets token, Instant now, RandomSource& random) override;
  crypto::SecretOctets session_key() const override;
  std::optional<Principal> peer() const override;
  OctetVector replay_mark() const override;
  std::unique_ptr<GssContext> clone() const override { return std::make_unique<KerberosAcceptor>(*this); }

 private:
  struct Fresh {};
  struct Complete {
    crypto::SecretOctets context_key;
    Principal client;
    OctetVector replay_mark;
  };
  struct Failed {};

  KerberosHost host_;
  std::variant<Fresh, Complete, Failed> state_;
};

}  // namespace ssx::identity
