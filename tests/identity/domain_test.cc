// The simulated realm: accounts, SIDs, keys, look-ups.
#include "model/identity/domain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/identity/key_derivation.h"
#include "testbed.h"

namespace ssx::identity {
namespace {

using ::testing::ElementsAre;

std::string pbkdf2_hex(crypto::HashAlgorithm hash, std::string_view password, std::string_view salt,
                       std::uint32_t iterations, std::size_t octets) {
  return to_hex(pbkdf2(hash, as_octets(password), as_octets(salt), iterations, octets).view());
}

TEST(Pbkdf2Test, Rfc6070Vectors) {
  constexpr auto kSha1 = crypto::HashAlgorithm::kSha1;
  EXPECT_EQ(pbkdf2_hex(kSha1, "password", "salt", 1, 20), "0c60c80f961f0e71f3a9b524af6012062fe037a6");
  EXPECT_EQ(pbkdf2_hex(kSha1, "password", "salt", 2, 20), "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957");
  EXPECT_EQ(pbkdf2_hex(kSha1, "password", "salt", 4096, 20), "4b007901b765489abead49d926f721d065a429c1");
  EXPECT_EQ(pbkdf2_hex(kSha1, "passwordPASSWORDpassword", "saltSALTsaltSALTsaltSALTsaltSALTsalt", 4096, 25),
            "3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038");
  EXPECT_EQ(pbkdf2_hex(kSha1, std::string_view("pass\0word", 9), std::string_view("sa\0lt", 5), 4096, 16),
            "56fa6aa75548099dcc37d7f03425e0c3");
}

TEST(Pbkdf2Test, Rfc7914VectorWithSha256) {
  EXPECT_EQ(pbkdf2_hex(crypto::HashAlgorithm::kSha256, "passwd", "salt", 1, 64),
            "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
            "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783");
}

TEST(DomainTest, AccountsHaveTheFieldsOfTheirKind) {
  const Realm realm;
  EXPECT_EQ(realm.server.kind, PrincipalKind::kMachine);
  EXPECT_EQ(realm.server.account, "SERVER$");
  EXPECT_EQ(realm.server.realm, "EXAMPLE.TEST");
  EXPECT_EQ(realm.server.host, "server.example.test");
  EXPECT_THAT(realm.server.groups, ElementsAre(Sid{realm.domain->sid().text + "-515"}));
  EXPECT_EQ(realm.alice.kind, PrincipalKind::kUser);
  EXPECT_EQ(realm.alice.account, "alice");
  EXPECT_EQ(realm.alice.host, "");
  EXPECT_THAT(realm.alice.groups, ElementsAre(Sid{realm.domain->sid().text + "-513"}, realm.operators));
}

TEST(DomainTest, SidsFollowFromTheRealmAndTheOrderOfTheCalls) {
  const Realm realm;
  EXPECT_EQ(realm.domain->sid().text, "S-1-5-21-2815773582-3856382162-500284219");
  EXPECT_EQ(realm.client.sid.text, realm.domain->sid().text + "-1000");
  EXPECT_EQ(realm.server.sid.text, realm.domain->sid().text + "-1001");
  EXPECT_EQ(realm.operators.text, realm.domain->sid().text + "-1002");
  EXPECT_EQ(realm.alice.sid.text, realm.domain->sid().text + "-1003");
  EXPECT_EQ(Realm("example.test").domain->sid(), realm.domain->sid());
  EXPECT_NE(Realm("OTHER.TEST").domain->sid(), realm.domain->sid());
}

TEST(DomainTest, FindsAMachineByEveryEquivalentName) {
  const Realm realm;
  for (const char* name : {"host/server.example.test", "host/server", "server.example.test", "server", "server$",
                           "SERVER$", "HOST/SERVER.example.TEST", "server$@EXAMPLE.TEST", "host/server@example.test"}) {
    const Principal* found = realm.domain->find_machine(name);
    ASSERT_NE(found, nullptr) << name;
    EXPECT_EQ(*found, realm.server) << name;
    EXPECT_TRUE(same_target_name(principal_name(*found), name, false)) << name;
  }
  for (const char* name : {"", "host/", "server.other.test", "cifs/server", "host/server:80", "server$@OTHER.TEST",
                           "alice", "alice@EXAMPLE.TEST", "alice$", "server.", "host/server$", "nobody"}) {
    EXPECT_EQ(realm.domain->find_machine(name), nullptr) << name;
  }
}

TEST(DomainTest, FindsAUserByEveryForm) {
  const Realm realm;
  for (const char* name :
       {"alice", "ALICE", "alice@EXAMPLE.TEST", "alice@example.test", "EXAMPLE\\alice", "example.test\\Alice"}) {
    const Principal* found = realm.domain->find_user(name);
    ASSERT_NE(found, nullptr) << name;
    EXPECT_EQ(*found, realm.alice) << name;
  }
  for (const char* name :
       {"", "bob", "alice@OTHER.TEST", "OTHER\\alice", "\\alice", "server$", "alice@", "@EXAMPLE.TEST"}) {
    EXPECT_EQ(realm.domain->find_user(name), nullptr) << name;
  }
}

TEST(DomainTest, OnlyTheRightPasswordLogsOn) {
  const Realm realm;
  EXPECT_EQ(realm.domain->log_on("EXAMPLE\\alice", "correct horse"), realm.alice);
  EXPECT_EQ(realm.domain->log_on("alice", "correct horse "), std::nullopt);
  EXPECT_EQ(realm.domain->log_on("alice", ""), std::nullopt);
  EXPECT_EQ(realm.domain->log_on("bob", "correct horse"), std::nullopt);
}

TEST(DomainTest, AnAccountOfAnotherRealmIsNotFoundByPrincipal) {
  const Realm realm;
  const Realm other("OTHER.TEST");
  EXPECT_NE(realm.domain->find(realm.server), nullptr);
  EXPECT_EQ(realm.domain->find(other.server), nullptr);
  EXPECT_EQ(realm.domain->key_of(other.server), nullptr);
  Principal impostor = realm.server;
  impostor.sid = realm.client.sid;
  EXPECT_EQ(realm.domain->find(impostor), nullptr);
  impostor = realm.server;
  impostor.realm = "OTHER.TEST";
  EXPECT_EQ(realm.domain->find(impostor), nullptr);
  impostor = realm.server;
  impostor.kind = PrincipalKind::kUser;
  EXPECT_EQ(realm.domain->find(impostor), nullptr);
}

TEST(DomainTest, KeysDependOnAccountRealmAndSecret) {
  const Realm realm;
  const crypto::SecretOctets& server = *realm.domain->key_of(realm.server);
  EXPECT_EQ(server.size(), kKerberosKeyOctets);
  EXPECT_FALSE(server == *realm.domain->key_of(realm.client));
  const Realm other("OTHER.TEST");
  EXPECT_FALSE(server == *other.domain->key_of(other.server));
  const Realm same_name("EXAMPLE.TEST", "another secret");
  EXPECT_FALSE(server == *same_name.domain->key_of(same_name.server));
  const Realm twin;
  EXPECT_TRUE(server == *twin.domain->key_of(twin.server));
}

TEST(DomainBuilderTest, RefusesWhatCannotBeAName) {
  DomainBuilder builder("EXAMPLE.TEST");
  for (const char* name : {"", ".", ".example.test", "server.", "a..b", "ser ver", "server$", "host/server", "a@b",
                           "a\\b", "10.0.0.1", "10"}) {
    EXPECT_EQ(builder.add_machine(name).error(), DomainError::kBadName) << name;
  }
  EXPECT_EQ(builder.add_machine(std::string(256, 'a')).error(), DomainError::kBadName);
  for (const char* name : {"", "al ice", "alice$", "alice@EXAMPLE.TEST", "EXAMPLE\\alice"}) {
    EXPECT_EQ(builder.add_user(name, "x").error(), DomainError::kBadName) << name;
  }
  EXPECT_EQ(builder.add_group("").error(), DomainError::kBadName);
}

TEST(DomainBuilderTest, RefusesASecondAccountOfOneName) {
  DomainBuilder builder("EXAMPLE.TEST");
  EXPECT_TRUE(builder.add_machine("server.a.example.test"));
  EXPECT_EQ(builder.add_machine("SERVER.b.example.test").error(), DomainError::kDuplicate);
  EXPECT_TRUE(builder.add_user("alice", "x"));
  EXPECT_EQ(builder.add_user("Alice", "y").error(), DomainError::kDuplicate);
  EXPECT_TRUE(builder.add_group("Operators"));
  EXPECT_EQ(builder.add_group("OPERATORS").error(), DomainError::kDuplicate);
}

TEST(DomainBuilderTest, GroupsAreKnownNamesOrSids) {
  DomainBuilder builder("EXAMPLE.TEST");
  const Principal user = builder.add_user("alice", "x", {"S-1-5-32-544"}).value();
  EXPECT_EQ(user.groups.back(), Sid{"S-1-5-32-544"});
  for (const char* group : {"Operators", "", "S-1-", "S-1-5-", "S-1-5--32", "S-1-5-x", "S-2-5-32"}) {
    EXPECT_EQ(builder.add_user("bob", "x", {group}).error(), DomainError::kBadGroup) << group;
  }
  const std::vector<std::string> many(kGroupsMax, "S-1-5-32-544");
  EXPECT_EQ(builder.add_user("bob", "x", many).error(), DomainError::kTooManyGroups);
}

TEST(DomainBuilderTest, AFinishedDomainDoesNotChange) {
  DomainBuilder builder("EXAMPLE.TEST");
  const auto domain = builder.build();
  ASSERT_TRUE(builder.add_machine("server.example.test"));
  EXPECT_EQ(domain->find_machine("server"), nullptr);
  EXPECT_NE(builder.build()->find_machine("server"), nullptr);
}

TEST(WorkgroupTest, AMachineWithoutDomainHasNoRealm) {
  const Principal machine = workgroup_machine("Alone.example.test").value();
  EXPECT_EQ(machine.account, "ALONE$");
  EXPECT_EQ(machine.realm, "");
  EXPECT_EQ(principal_name(machine), "host/alone.example.test");
  EXPECT_NE(machine.sid, workgroup_machine("other.example.test").value().sid);
  EXPECT_EQ(workgroup_machine("").error(), DomainError::kBadName);
}

}  // namespace
}  // namespace ssx::identity
