// model/identity/gss.h: the GSS-API mechanisms AuthIP authenticates with, without I/O: a token in, a token out.
// Source: authip.md 1.8, 4; RFC 2743 for the shape.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "crypto/secret.h"
#include "model/base/expected.h"
#include "model/base/octets.h"
#include "model/base/random.h"
#include "model/base/time.h"
#include "model/identity/principal.h"

namespace ssx::identity {

/// Why an attempt failed: `status` is the Win32 code that goes into a GSS-API payload, `words` are for people.
struct GssFailure {
  std::uint32_t status = 0;  // 13827 Kerberos, 13806 no certificate, 13801 other
  std::string words;
  friend bool operator==(const GssFailure&, const GssFailure&) = default;
};

/// What one call of a context gives.
struct GssStep {
  OctetVector token;      // to be sent; may be empty
  bool complete = false;  // this side's context is established
};

/// One side of one authentication attempt. A value behind a pointer: clone() copies the state.
class GssContext {
 public:
  virtual ~GssContext() = default;
  /// Processes the peer's token (empty for the initiator's first call).
  virtual expected<GssStep, GssFailure> step(Octets token, Instant now, RandomSource& random) = 0;
  /// Once complete: the secret that enters SKEYID or SKEYID_em (authip.md D-26).
  virtual crypto::SecretOctets session_key() const = 0;
  /// Once complete: the authenticated peer; nothing where the mechanism does not authenticate this direction.
  virtual std::optional<Principal> peer() const = 0;
  /// Once complete, on a responder: octets that only a copy of the initiator's token has too, for a ReplayCache. Empty
  /// where the mechanism itself excludes replay.
  virtual OctetVector replay_mark() const { return {}; }
  virtual std::unique_ptr<GssContext> clone() const = 0;
};

/// The names and flags of an attempt, on the initiator.
struct GssInitiatorRequest {
  std::string target_name;        // the peer's principal name, from GSS_ID or the application
  bool as_user = false;           // authenticate as the socket's user (impersonation), else as the machine
  std::optional<Principal> user;  // that user
};

/// One mechanism with this host's credentials for it. Immutable; may be shared.
class GssMechanism {
 public:
  virtual ~GssMechanism() = default;
  /// A context for an initiator, or why none can be made (no credential, unknown target).
  virtual expected<std::unique_ptr<GssContext>, GssFailure> initiate(const GssInitiatorRequest& request) const = 0;
  /// A context for a responder, or why none can be made.
  virtual expected<std::unique_ptr<GssContext>, GssFailure> accept() const = 0;
  /// Whether a responder lists this method at all (authip.md D-23: "with a credential at hand").
  virtual bool can_accept() const = 0;
};

}  // namespace ssx::identity
