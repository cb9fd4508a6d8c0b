// Kerberos rounds that fail, each for its own reason.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <limits>

#include "model/identity/gss_token.h"
#include "model/identity/kerberos.h"
#include "model/identity/replay_cache.h"
#include "model/identity/sealing.h"
#include "support/conformance.h"
#include "testbed.h"

namespace ssx::identity {
namespace {

// --- Before the first token ---

TEST(KerberosFailureTest, AnUnknownTargetIsRefusedWith13827) {
  const Realm realm;
  const auto mechanism = make_kerberos(realm.domain, realm.client);
  for (const char* name :
       {"host/nobody.example.test", "host/server.other.test", "", "cifs/server", "alice@EXAMPLE.TEST"}) {
    EXPECT_EQ(failure_of(mechanism->initiate({.target_name = name})), failure(KerberosError::kUnknownService)) << name;
  }
  EXPECT_EQ(failure(KerberosError::kUnknownService),
            (GssFailure{13827, "the target name is no service principal of the Kerberos realm"}));
}

TEST(KerberosFailureTest, AsAUserThereMustBeAUserOfTheRealm) {
  const Realm realm;
  const auto mechanism = make_kerberos(realm.domain, realm.client);
  GssInitiatorRequest request = to_server();
  request.as_user = true;
  EXPECT_EQ(failure_of(mechanism->initiate(request)), failure(KerberosError::kNoUser));
  request.user = Realm("OTHER.TEST").alice;
  EXPECT_EQ(failure_of(mechanism->initiate(request)), failure(KerberosError::kUnknownClient));
  request.user = realm.server;  // a machine is no user
  EXPECT_EQ(failure_of(mechanism->initiate(request)), failure(KerberosError::kUnknownClient));
}

TEST(KerberosFailureTest, AHostThatIsNotInTheDomainNeitherStartsNorAnswers) {
  const Realm realm;
  const auto mechanism = make_kerberos(realm.domain, workgroup_machine("server.example.test").value());
  EXPECT_FALSE(mechanism->can_accept());
  EXPECT_EQ(failure_of(mechanism->initiate(to_server())), failure(KerberosError::kNotInDomain));
  EXPECT_EQ(failure_of(mechanism->accept()), failure(KerberosError::kNotInDomain));
}

TEST(KerberosFailureTest, A238WithTokenGenerationDisabledTheHostAnswersButDoesNotStart) {
  CONFORMANCE("A-238");
  const Realm realm;
  const KerberosOptions options{.disable_initiator_token_generation = true};
  EXPECT_EQ(failure_of(make_kerberos(realm.domain, realm.client, options)->initiate(to_server())),
            failure(KerberosError::kInitiationDisabled));
  EXPECT_TRUE(make_kerberos(realm.domain, realm.server, options)->can_accept());
  EXPECT_TRUE(answer(realm, first_token(realm), options));
}

TEST(KerberosFailureTest, MoreGroupsThanATokenCarriesAreRefused) {
  Realm realm;
  const std::string long_sid = "S-1-5-21-4294967295-4294967295-4294967295-4294967295";
  const auto as_member_of = [&](const char* name, std::size_t groups) {
    const Principal user = realm.builder.add_user(name, "x", std::vector<std::string>(groups, long_sid)).value();
    GssInitiatorRequest request = to_server();
    request.as_user = true;
    request.user = user;
    crypto::SeededRandom random(1, "a");
    return initiate(*make_kerberos(realm.builder.build(), realm.client), request)->step({}, kNow, random);
  };
  const auto large = as_member_of("bob", 800);
  ASSERT_TRUE(large);
  EXPECT_LE(large->token.size(), kKerberosTokenOctetsMax);
  EXPECT_EQ(failure_of(as_member_of("carol", kGroupsMax - 1)), failure(KerberosError::kTokenTooLarge));
}

// --- Keys and names ---

TEST(KerberosFailureTest, AServerOfAnotherRealmRefusesTheTicket) {
  EXPECT_EQ(failure_of(answer(Realm("OTHER.TEST"), first_token(Realm()))), failure(KerberosError::kWrongRealm));
}

TEST(KerberosFailureTest, AServerWithAnotherKeyRefusesTheTicket) {
  EXPECT_EQ(failure_of(answer(Realm("EXAMPLE.TEST", "another secret"), first_token(Realm()))),
            failure(KerberosError::kWrongKey));
}

TEST(KerberosFailureTest, ATicketForAnotherHostIsRefused) {
  const Realm realm;
  EXPECT_EQ(failure_of(answer(realm, first_token(realm, {.target_name = "client$"}))),
            failure(KerberosError::kWrongService));
}

// --- Clocks ---

TEST(KerberosFailureTest, ClocksMayDifferByTheSkewAndNotMore) {
  const Realm realm;
  for (const Duration sign : {Duration(1), Duration(-1)}) {
    const auto with_offset = [&](Duration offset) {
      return answer(realm, first_token(realm, to_server(), {.clock_offset = offset * sign.count()}));
    };
    EXPECT_TRUE(with_offset(5min));
    EXPECT_EQ(failure_of(with_offset(5min + 1ns)), failure(KerberosError::kClockSkew));
  }
}

TEST(KerberosFailureTest, TheServersClockCountsToo) {
  const Realm realm;
  EXPECT_EQ(failure_of(answer(realm, first_token(realm), {.clock_offset = 6min})), failure(KerberosError::kClockSkew));
  EXPECT_TRUE(answer(realm, first_token(realm), {.clock_offset = 6min, .clock_skew_max = 7min}));
}

TEST(KerberosFailureTest, ATokenThatComesLateIsRefused) {
  const Realm realm;
  EXPECT_TRUE(answer(realm, first_token(realm), {}, kNow + 5min));
  EXPECT_EQ(failure_of(answer(realm, first_token(realm), {}, kNow + 5min + 1ns)), failure(KerberosError::kClockSkew));
}

TEST(KerberosFailureTest, TwoSlowClocksSeeATicketOfTheFuture) {
  const Realm realm;
  const auto with_offset = [&](Duration offset) {
    const KerberosOptions options{.clock_offset = offset};
    return answer(realm, first_token(realm, to_server(), options), options);
  };
  EXPECT_TRUE(with_offset(-5min));
  EXPECT_EQ(failure_of(with_offset(-5min - 1ns)), failure(KerberosError::kTicketNotYetValid));
}

TEST(KerberosFailureTest, TwoFastClocksSeeAnExpiredTicket) {
  const Realm realm;
  const auto with_offset = [&](Duration offset) {
    const KerberosOptions options{.clock_offset = offset};
    return answer(realm, first_token(realm, to_server(), options), options);
  };
  EXPECT_TRUE(with_offset(10h + 5min));
  EXPECT_EQ(failure_of(with_offset(10h + 5min + 1ns)), failure(KerberosError::kTicketExpired));
}

// --- Requests by somebody who holds the keys and does not keep the rules ---

/// A request made by hand: each part may be changed before it is sealed.
struct Forgery {
  Ticket ticket;
  Authenticator authenticator;
  std::uint32_t options = kApOptionMutualRequired;
};

OctetVector forge(const Realm& realm, const std::function<void(Forgery&)>& change) {
  crypto::SeededRandom random(3, "forger");
  Forgery forgery;
  forgery.ticket = {realm.client, kNow, kNow + 1h, crypto::SecretOctets(random.octets(32))};
  forgery.authenticator = {principal_name(realm.client), kNow, 1, kGssMutualFlag,
                           crypto::SecretOctets(random.octets(32))};
  change(forgery);
  ApRequest request{.options = forgery.options, .service = {"EXAMPLE.TEST", "host/server.example.test"}};
  request.ticket = seal(*realm.domain->key_of(realm.server), KeyUsage::kTicket, emit_service_name(request.service),
                        emit_ticket(forgery.ticket), random);
  request.authenticator = seal(forgery.ticket.session_key, KeyUsage::kApReqAuthenticator, authenticated_part(request),
                               emit_authenticator(forgery.authenticator), random);
  return emit_kerberos_frame(KerberosTokenId::kApReq, emit_ap_request(request));
}

TEST(KerberosFailureTest, AForgeryThatKeepsTheRulesIsAccepted) {
  const Realm realm;
  EXPECT_TRUE(answer(realm, forge(realm, [](Forgery&) {})));
}

TEST(KerberosFailureTest, TicketAndAuthenticatorMustNameOneClient) {
  const Realm realm;
  const OctetVector token = forge(realm, [](Forgery& f) { f.authenticator.client_name = "alice@EXAMPLE.TEST"; });
  EXPECT_EQ(failure_of(answer(realm, token)), failure(KerberosError::kNamesDiffer));
}

TEST(KerberosFailureTest, MutualAuthenticationMustBeAskedFor) {
  const Realm realm;
  EXPECT_EQ(failure_of(answer(realm, forge(realm, [](Forgery& f) { f.options = 0; }))),
            failure(KerberosError::kNotMutual));
  EXPECT_EQ(failure_of(answer(realm, forge(realm, [](Forgery& f) { f.authenticator.context_flags = 0; }))),
            failure(KerberosError::kNotMutual));
}

TEST(KerberosFailureTest, TheLongestTimesAreJudgedWithoutOverflow) {
  const Realm realm;
  const Instant first{Duration{std::numeric_limits<std::int64_t>::min()}};
  const Instant last{Duration{std::numeric_limits<std::int64_t>::max()}};
  for (const Instant time : {first, last}) {
    const OctetVector token = forge(realm, [&](Forgery& f) { f.authenticator.time = time; });
    EXPECT_EQ(failure_of(answer(realm, token)), failure(KerberosError::kClockSkew));
  }
  EXPECT_EQ(failure_of(answer(realm, forge(realm, [&](Forgery& f) { f.ticket.start = last; }))),
            failure(KerberosError::kTicketNotYetValid));
  EXPECT_EQ(failure_of(answer(realm, forge(realm, [&](Forgery& f) { f.ticket.end = first; }))),
            failure(KerberosError::kTicketExpired));
  EXPECT_TRUE(answer(realm, forge(realm, [&](Forgery& f) {
                       f.ticket.start = first;
                       f.ticket.end = last;
                     })));
}

// --- Damaged tokens ---

TEST(KerberosFailureTest, EveryPrefixOfARequestIsRefused) {
  const Realm realm;
  const OctetVector token = first_token(realm);
  for (std::size_t size = 0; size < token.size(); ++size) {
    EXPECT_EQ(failure_of(answer(realm, Octets(token).first(size))), failure(KerberosError::kMalformedToken)) << size;
  }
}

TEST(KerberosFailureTest, EveryFlippedBitOfARequestIsNoticed) {
  const Realm realm;
  const OctetVector token = first_token(realm);
  ASSERT_TRUE(answer(realm, token));
  for (std::size_t bit = 0; bit < token.size() * 8; ++bit) {
    OctetVector damaged = token;
    damaged[bit / 8] ^= std::byte{1} << (bit % 8);
    EXPECT_EQ(failure_of(answer(realm, damaged)).status, kStatusKerberosError) << "bit " << bit;
  }
}

TEST(KerberosFailureTest, AnOctetBehindTheRequestIsMalformed) {
  const Realm realm;
  OctetVector token = first_token(realm);
  token.push_back({});
  EXPECT_EQ(failure_of(answer(realm, token)), failure(KerberosError::kMalformedToken));
}

TEST(KerberosFailureTest, ARequestIsNoReply) {
  const Realm realm;
  crypto::SeededRandom random(1, "a");
  const auto a = initiate(*make_kerberos(realm.domain, realm.client));
  const OctetVector request = a->step({}, kNow, random).value().token;
  EXPECT_EQ(failure_of(a->step(request, kNow, random)), failure(KerberosError::kMalformedToken));
}

/// A's context behind its request, and Z's reply to it.
struct HalfRound {
  std::unique_ptr<GssContext> a;
  OctetVector request;
  OctetVector reply;
};
HalfRound half_round(const Realm& realm, std::uint64_t seed = 1) {
  crypto::SeededRandom random(seed, "a");
  HalfRound half;
  half.a = initiate(*make_kerberos(realm.domain, realm.client));
  half.request = half.a->step({}, kNow, random).value().token;
  half.reply = answer(realm, half.request).value().token;
  return half;
}

GssFailure told(const HalfRound& half, Octets reply) {
  crypto::SeededRandom random(1, "unused");
  return failure_of(half.a->clone()->step(reply, kNow, random));
}

TEST(KerberosFailureTest, EveryPrefixOfAReplyIsRefused) {
  const Realm realm;
  const HalfRound half = half_round(realm);
  for (std::size_t size = 0; size < half.reply.size(); ++size) {
    EXPECT_EQ(told(half, Octets(half.reply).first(size)), failure(KerberosError::kMalformedToken)) << size;
  }
}

TEST(KerberosFailureTest, EveryFlippedBitOfAReplyIsNoticed) {
  const Realm realm;
  const HalfRound half = half_round(realm);
  ASSERT_EQ(told(half, half.reply).status, 0U);
  for (std::size_t bit = 0; bit < half.reply.size() * 8; ++bit) {
    OctetVector damaged = half.reply;
    damaged[bit / 8] ^= std::byte{1} << (bit % 8);
    EXPECT_EQ(told(half, damaged).status, kStatusKerberosError) << "bit " << bit;
  }
}

TEST(KerberosFailureTest, AReplyToAnotherContextIsRefused) {
  const Realm realm;
  EXPECT_EQ(told(half_round(realm, 1), half_round(realm, 2).reply), failure(KerberosError::kWrongReplyKey));
}

TEST(KerberosFailureTest, AReplyWithAnotherTimeIsRefused) {
  const Realm realm;
  const HalfRound half = half_round(realm);
  // Z holds the ticket's key and answers a request that A did not make.
  const ApRequest request = parse_ap_request(parse_kerberos_frame(half.request)->body).value();
  const auto ticket_octets =
      open(*realm.domain->key_of(realm.server), KeyUsage::kTicket, emit_service_name(request.service), request.ticket);
  ASSERT_TRUE(ticket_octets);
  const Ticket ticket = parse_ticket(ticket_octets->view()).value();
  crypto::SeededRandom random(4, "z");
  const auto reply_at = [&](Instant time) {
    const OctetVector part = emit_ap_reply_part({time, 1, crypto::SecretOctets(random.octets(32))});
    const OctetVector sealed = seal(ticket.session_key, KeyUsage::kApRepPart, {}, part, random);
    return emit_kerberos_frame(KerberosTokenId::kApRep, emit_ap_reply(sealed));
  };
  EXPECT_EQ(told(half, reply_at(kNow)).status, 0U);
  EXPECT_EQ(told(half, reply_at(kNow + 1ns)), failure(KerberosError::kReplyMismatch));
}

// --- Turns ---

TEST(KerberosFailureTest, AContextThatWaitsForNothingRefusesTokens) {
  const Realm realm;
  crypto::SeededRandom random(1, "a");
  const auto fresh = initiate(*make_kerberos(realm.domain, realm.client));
  EXPECT_EQ(failure_of(fresh->step(hex("60"), kNow, random)), failure(KerberosError::kOutOfTurn));

  const HalfRound half = half_round(realm);
  ASSERT_TRUE(half.a->step(half.reply, kNow, random));
  EXPECT_EQ(failure_of(half.a->step(half.reply, kNow, random)), failure(KerberosError::kOutOfTurn));
  EXPECT_EQ(half.a->session_key().size(), 32U);

  const auto z = make_kerberos(realm.domain, realm.server)->accept().value();
  ASSERT_TRUE(z->step(half.request, kNow, random));
  EXPECT_EQ(failure_of(z->step(half.request, kNow, random)), failure(KerberosError::kOutOfTurn));
  EXPECT_EQ(z->session_key().size(), 32U);
}

TEST(KerberosFailureTest, AFailedContextStaysFailed) {
  const Realm realm;
  const HalfRound half = half_round(realm);
  crypto::SeededRandom random(1, "a");
  ASSERT_FALSE(half.a->step({}, kNow, random));
  EXPECT_EQ(failure_of(half.a->step(half.reply, kNow, random)), failure(KerberosError::kOutOfTurn));
  EXPECT_TRUE(half.a->session_key().empty());
  const auto z = make_kerberos(realm.domain, realm.server)->accept().value();
  ASSERT_FALSE(z->step({}, kNow, random));
  EXPECT_EQ(failure_of(z->step(half.request, kNow, random)), failure(KerberosError::kOutOfTurn));
  EXPECT_EQ(z->peer(), std::nullopt);
}

// --- Replay ---

OctetVector mark_of(const Realm& realm, Octets token) {
  crypto::SeededRandom random(1, "z");
  const auto z = make_kerberos(realm.domain, realm.server)->accept().value();
  EXPECT_TRUE(z->step(token, kNow, random));
  return z->replay_mark();
}

TEST(ReplayCacheTest, ASecondAcceptanceOfOneTokenIsAReplay) {
  const Realm realm;
  ReplayCache cache;
  const HalfRound half = half_round(realm, 1);
  EXPECT_TRUE(cache.record(mark_of(realm, half.request), kNow));
  EXPECT_EQ(failure_of(cache.record(mark_of(realm, half.request), kNow + 1s)), failure(KerberosError::kReplay));
  EXPECT_TRUE(cache.record(mark_of(realm, half_round(realm, 2).request), kNow + 1s));
}

TEST(ReplayCacheTest, AMarkIsKeptAsLongAsItsTokenCouldBeAccepted) {
  const Realm realm;
  // The initiator is as fast as can be: its token is good until ten minutes after its first arrival.
  const OctetVector token = first_token(realm, to_server(), {.clock_offset = 5min});
  ASSERT_TRUE(answer(realm, token, {}, kNow));
  ASSERT_TRUE(answer(realm, token, {}, kNow + 10min));
  ASSERT_FALSE(answer(realm, token, {}, kNow + 10min + 1ns));
  ReplayCache cache;
  const OctetVector mark = mark_of(realm, token);
  ASSERT_TRUE(cache.record(mark, kNow));
  EXPECT_FALSE(cache.record(mark, kNow + 10min));
  EXPECT_TRUE(cache.record(mark, kNow + 10min + 1ns));
  EXPECT_EQ(cache.size(), 1U);
}

TEST(ReplayCacheTest, AFullCacheRefusesRatherThanForgets) {
  ReplayCache cache(10min, 2);
  EXPECT_TRUE(cache.record(hex("01"), kNow));
  EXPECT_TRUE(cache.record(hex("02"), kNow + 1min));
  EXPECT_EQ(failure_of(cache.record(hex("03"), kNow + 2min)), failure(KerberosError::kReplayCacheFull));
  EXPECT_TRUE(cache.record(hex("03"), kNow + 10min + 1ns));  // 01 is out
  EXPECT_EQ(failure_of(cache.record(hex("02"), kNow + 10min + 1ns)), failure(KerberosError::kReplay));
}

TEST(ReplayCacheTest, AMechanismWithoutMarksIsNeverAReplay) {
  ReplayCache cache(10min, 1);
  EXPECT_TRUE(cache.record({}, kNow));
  EXPECT_TRUE(cache.record({}, kNow));
  EXPECT_EQ(cache.size(), 0U);
}

}  // namespace
}  // namespace ssx::identity
