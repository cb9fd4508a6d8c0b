// tests/identity/testbed.h: one small realm, its hosts and two-party rounds for the Kerberos tests.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

#include "crypto/seeded_random.h"
#include "model/identity/kerberos.h"
#include "model/identity/kerberos_messages.h"

namespace ssx::identity {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""ns;
using std::chrono_literals::operator""s;

inline constexpr Instant kNow{24h};

/// EXAMPLE.TEST with the machines client and server and the user alice, member of the group Operators.
struct Realm {
  explicit Realm(std::string_view realm = "EXAMPLE.TEST", std::string_view secret = {}) : builder(realm, secret) {
    client = builder.add_machine("client.example.test").value();
    server = builder.add_machine("server.example.test").value();
    operators = builder.add_group("Operators").value();
    alice = builder.add_user("alice", "correct horse", {"Operators"}).value();
    domain = builder.build();
  }

  DomainBuilder builder;
  Principal client;
  Principal server;
  Sid operators;
  Principal alice;
  std::shared_ptr<const Domain> domain;
};

inline GssInitiatorRequest to_server() { return {.target_name = "host/server.example.test"}; }

/// A context that the mechanism must be able to make.
inline std::unique_ptr<GssContext> initiate(const GssMechanism& mechanism,
                                            const GssInitiatorRequest& request = to_server()) {
  auto context = mechanism.initiate(request);
  EXPECT_TRUE(context) << (context ? "" : context.error().words);
  return context ? std::move(*context) : nullptr;
}

/// The first token of the client, as machine or as asked.
inline OctetVector first_token(const Realm& realm, const GssInitiatorRequest& request = to_server(),
                               KerberosOptions options = {}, Instant now = kNow) {
  crypto::SeededRandom random(7, "first token");
  return initiate(*make_kerberos(realm.domain, realm.client, options), request)->step({}, now, random).value().token;
}

/// What the server says to a token.
inline expected<GssStep, GssFailure> answer(const Realm& realm, Octets token, KerberosOptions options = {},
                                            Instant now = kNow) {
  crypto::SeededRandom random(7, "answer");
  return make_kerberos(realm.domain, realm.server, options)->accept().value()->step(token, now, random);
}

/// Success, or the failure, for comparing.
template <class T>
GssFailure failure_of(const expected<T, GssFailure>& result) {
  return result ? GssFailure{0, "no failure"} : result.error();
}

inline void PrintTo(const GssFailure& failure, std::ostream* out) { *out << failure.status << " " << failure.words; }

}  // namespace ssx::identity
