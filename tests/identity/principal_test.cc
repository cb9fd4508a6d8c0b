// Names of principals and their equivalence; access tokens.
#include "model/identity/principal.h"

#include <gtest/gtest.h>

#include <array>

#include "model/identity/credentials.h"
#include "model/identity/target_name.h"
#include "model/identity/token.h"
#include "support/conformance.h"

namespace ssx::identity {
namespace {

bool same(std::string_view a, std::string_view b) {
  const bool forward = same_target_name(a, b, false);
  EXPECT_EQ(forward, same_target_name(b, a, false)) << a << " and " << b << ": not symmetric";
  return forward;
}

TEST(TargetNameTest, C121EveryFormOfAComputersNameIsEquivalentInAnyCase) {
  CONFORMANCE("C-121");
  constexpr std::array kForms{"host/server.example.test", "host/server", "server.example.test", "server", "server$",
                              "HOST/Server.Example.TEST", "SERVER$"};
  for (const char* a : kForms) {
    for (const char* b : kForms) EXPECT_TRUE(same(a, b)) << a << " and " << b;
  }
}

TEST(TargetNameTest, C121OtherComputersAreNotEquivalent) {
  CONFORMANCE("C-121");
  for (const char* other :
       {"host/server2.example.test", "server.example.org", "host/server.example.test.evil.test", "serve", "servers$",
        "example.test", "host/example", "test", "", "host/", "$", "host", "@EXAMPLE.TEST"}) {
    EXPECT_FALSE(same("host/server.example.test", other)) << other;
  }
  EXPECT_FALSE(same("", ""));
  EXPECT_FALSE(same("host/", "host/"));
}

TEST(TargetNameTest, OtherServicesAndInstancesOfAHostAreOtherPrincipals) {
  EXPECT_FALSE(same("host/server", "cifs/server"));
  EXPECT_FALSE(same("host/server", "host/server:5000"));
  EXPECT_TRUE(same("cifs/server.example.test", "CIFS/server"));
  EXPECT_TRUE(same("host/server:5000/a", "host/server.example.test:5000/A"));
}

TEST(TargetNameTest, AnAddressHasNoShortName) {
  EXPECT_FALSE(same("10.0.0.1", "10"));
  EXPECT_FALSE(same("10.0.0.1", "10.0.0.2"));
  EXPECT_TRUE(same("10.0.0.1", "host/10.0.0.1"));
}

TEST(TargetNameTest, ARealmMustAgreeWithTheOthersRealmOrDnsDomain) {
  EXPECT_TRUE(same("server$@EXAMPLE.TEST", "host/server.example.test"));
  EXPECT_TRUE(same("server$@EXAMPLE.TEST", "server$@example.test"));
  EXPECT_TRUE(same("server$@EXAMPLE.TEST", "server"));
  EXPECT_TRUE(same("host/server.example.test@CORP.TEST", "server.example.test"));
  EXPECT_FALSE(same("server$@OTHER.TEST", "host/server.example.test"));
  EXPECT_FALSE(same("server$@OTHER.TEST", "server$@EXAMPLE.TEST"));
}

TEST(TargetNameTest, AUserIsNoComputer) {
  EXPECT_TRUE(same("alice@EXAMPLE.TEST", "Alice@example.test"));
  EXPECT_FALSE(same("alice@EXAMPLE.TEST", "alice"));
  EXPECT_FALSE(same("alice@EXAMPLE.TEST", "host/alice.example.test"));
  EXPECT_FALSE(same("alice@EXAMPLE.TEST", "alice$@EXAMPLE.TEST"));
  EXPECT_FALSE(same("alice@EXAMPLE.TEST", "alice@OTHER.TEST"));
}

TEST(TargetNameTest, C122RawNamesAreComparedAsGiven) {
  CONFORMANCE("C-122");
  EXPECT_TRUE(same_target_name("host/server.example.test", "host/server.example.test", true));
  EXPECT_TRUE(same_target_name("any words", "any words", true));
  for (const char* form : {"HOST/server.example.test", "host/server", "server.example.test", "server$", ""}) {
    EXPECT_FALSE(same_target_name("host/server.example.test", form, true)) << form;
  }
}

TEST(TargetNameTest, OctetsOutsideAsciiAreComparedAsTheyAre) {
  EXPECT_TRUE(
      same("b\xc3\xbc"
           "cher",
           "B\xc3\xbc"
           "CHER"));
  EXPECT_FALSE(
      same("b\xc3\xbc"
           "cher",
           "b\xc3\x9c"
           "cher"));
}

TEST(PrincipalNameTest, MachinesAreHostServicesAndUsersHaveTheirRealm) {
  EXPECT_EQ(principal_name({.account = "SERVER$", .realm = "EXAMPLE.TEST", .host = "server.example.test"}),
            "host/server.example.test");
  EXPECT_EQ(principal_name({.kind = PrincipalKind::kUser, .account = "alice", .realm = "EXAMPLE.TEST"}),
            "alice@EXAMPLE.TEST");
}

TEST(CredentialsTest, A233TheDefaultGssIdIsHostAndTheQualifiedName) {
  CONFORMANCE("A-233");
  const CredentialStore store = default_credentials({.account = "SERVER$", .host = "server.example.test"});
  EXPECT_EQ(store.gss_id, "host/server.example.test");
}

TEST(CredentialsTest, WithoutDomainAndCertificateOnlyTlsIsThereAndRefusesWith13806) {
  const CredentialStore store = default_credentials({.account = "SERVER$", .host = "server.example.test"});
  EXPECT_EQ(store.find(kKerberosMethod), nullptr);
  EXPECT_EQ(store.find(kNtlmMethod), nullptr);
  const GssMechanism* tls = store.find(kTlsMethod);
  ASSERT_NE(tls, nullptr);
  EXPECT_FALSE(tls->can_accept());
  const GssFailure no_certificate{13806, "this host has no certificate"};
  EXPECT_EQ(tls->initiate({.target_name = "host/peer"}).error(), no_certificate);
  EXPECT_EQ(tls->accept().error(), no_certificate);
}

TEST(AccessTokenTest, AMachineGivesAMachineTokenAUserAnImpersonationToken) {
  const Principal machine{.account = "SERVER$", .sid = {"S-1-5-21-1-2-3-1000"}, .groups = {{"S-1-5-21-1-2-3-515"}}};
  const AccessToken token = access_token(machine, TokenMode::kMain);
  EXPECT_EQ(token, (AccessToken{TokenType::kMachine, TokenMode::kMain, machine}));
  const Principal user{.kind = PrincipalKind::kUser, .account = "alice"};
  EXPECT_EQ(access_token(user, TokenMode::kExtended),
            (AccessToken{TokenType::kImpersonation, TokenMode::kExtended, user}));
}

TEST(AccessTokenTest, HoldsItsOwnSidAndItsGroupsOnly) {
  const AccessToken token{.principal = {.sid = {"S-1-5-21-1-2-3-1000"}, .groups = {{"S-1-5-21-1-2-3-515"}}}};
  EXPECT_TRUE(holds(token, {"S-1-5-21-1-2-3-1000"}));
  EXPECT_TRUE(holds(token, {"S-1-5-21-1-2-3-515"}));
  EXPECT_FALSE(holds(token, {"S-1-5-21-1-2-3-513"}));
}

}  // namespace
}  // namespace ssx::identity
