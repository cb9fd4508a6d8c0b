// Expectations judged on records made by hand: each kind holds, and each kind fails with what was found instead.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lab/datagrams.h"
#include "lab/expectations.h"

namespace ssx::lab {
namespace {

using namespace testing;
using std::chrono::milliseconds;
using ::testing::HasSubstr;

Scenario two_hosts() {
  Scenario scenario;
  scenario.hosts.resize(2);
  scenario.hosts[0].name = "client";
  scenario.hosts[0].addresses = {IpAddress::v4(0x0A000001)};
  scenario.hosts[1].name = "server";
  scenario.hosts[1].addresses = {IpAddress::v4(0x0A000002)};
  return scenario;
}

WireRecord sent_by(const char* host, OctetVector datagram) {
  return {Instant{.since_epoch = milliseconds(1500)}, host, std::move(datagram)};
}

/// The complaint about one expectation; empty: it holds.
template <class Expected>
std::string complaint(Scenario scenario, const Records& records, Expected expected) {
  scenario.expectations.push_back({{"file.yaml", 1, 2}, "words", expected});
  const auto judged = judge(scenario, records);
  EXPECT_EQ(judged.size(), 1U);
  EXPECT_EQ(judged.at(0).text, "words");
  EXPECT_EQ(to_string(judged.at(0).position), "file.yaml:1:2");
  return judged.at(0).complaint;
}
template <class Expected>
std::string complaint(const Records& records, Expected expected) {
  return complaint(two_hosts(), records, expected);
}

const OctetVector kText = to_vector(as_octets("a text"));

TEST(PayloadInClear, NeverHoldsOverEspKeyingAndEmptySegments) {
  Records records;
  records.wire = {sent_by("client", ipv4(50, esp(7, kText))), sent_by("client", ipv4(17, udp(500, 500, kText))),
                  sent_by("client", ipv4(6, tcp({})))};
  EXPECT_EQ(complaint(records, PayloadOnWire{false}), "");
}

TEST(PayloadInClear, NeverFailsAtTheFirstPayload) {
  Records records;
  records.wire = {sent_by("client", ipv4(6, tcp(kText)))};
  EXPECT_EQ(complaint(records, PayloadOnWire{false}), "payload in clear in a packet of client at 1.500000 s");
}

TEST(PayloadInClear, SeenWantsAPayload) {
  Records records;
  EXPECT_EQ(complaint(records, PayloadOnWire{true}), "no payload was seen in clear");
  records.wire = {sent_by("server", ipv4(17, udp(7, 8, kText)))};
  EXPECT_EQ(complaint(records, PayloadOnWire{true}), "");
}

/// A scenario whose client sends kText.
Scenario sending() {
  Scenario scenario = two_hosts();
  scenario.programs.push_back({"client", "client", {}});
  scenario.programs[0].steps.push_back({{}, "send s", SendStep{"s", kText, std::nullopt}, {}});
  return scenario;
}

TEST(PayloadInClear, NeverFailsWhereAnEncryptingSaLetsATextThrough) {
  Records records;
  records.wire = {sent_by("client", ipv4(50, esp(7, kText)))};
  records.installed.resize(1);
  records.installed[0].encrypts = true;
  EXPECT_EQ(complaint(sending(), records, PayloadOnWire{false}),
            "a sent text stands readable in a packet of client at 1.500000 s");
}

TEST(PayloadInClear, AnSaThatOnlyAuthenticatesMayShowTheText) {
  Records records;
  records.wire = {sent_by("client", ipv4(50, esp(7, kText)))};
  records.installed.resize(2);
  records.installed[0].encrypts = true;
  EXPECT_EQ(complaint(sending(), records, PayloadOnWire{false}), "");
}

TEST(OnlyKeyingFrom, LooksAtThatHostAlone) {
  Records records;
  records.wire = {sent_by("client", ipv4(17, udp(500, 500, kText))), sent_by("server", ipv4(6, tcp({})))};
  EXPECT_EQ(complaint(records, OnlyKeyingFrom{"client"}), "");
  EXPECT_EQ(complaint(records, OnlyKeyingFrom{"server"}), "a packet of server at 1.500000 s is no keying message");
}

TEST(OnlyKeyingFrom, EspIsNotKeying) {
  Records records;
  records.wire = {sent_by("client", ipv4(50, esp(7, kText)))};
  EXPECT_EQ(complaint(records, OnlyKeyingFrom{"client"}), "a packet of client at 1.500000 s is no keying message");
}

TEST(Protection, WantsAPacketOfThatProtocolBetweenTheTwo) {
  Records records;
  const ProtectionOnWire esp_wanted{"client", "server", IpProtocol::kEsp};
  EXPECT_EQ(complaint(records, esp_wanted), "no protected packet was seen");
  records.wire = {sent_by("client", ipv4(50, esp(7, kText)))};
  EXPECT_EQ(complaint(records, esp_wanted), "");
  EXPECT_EQ(complaint(records, ProtectionOnWire{"client", "server", IpProtocol::kAh}),
            "a packet of client at 1.500000 s is protected by the other protocol");
  EXPECT_EQ(complaint(records, ProtectionOnWire{"server", "client", IpProtocol::kEsp}), "no protected packet was seen");
  EXPECT_EQ(complaint(records, ProtectionOnWire{"client", "client", IpProtocol::kEsp}), "no protected packet was seen");
  records.wire = {sent_by("client", ipv4(51, ah(7, tcp(kText))))};
  EXPECT_EQ(complaint(records, ProtectionOnWire{"client", "server", IpProtocol::kAh}), "");
}

SaRecord aes_on(const char* host) {
  SaRecord sa;
  sa.host = host;
  sa.selector = "tcp";
  sa.cipher = crypto::CipherAlgorithm::kAes128;
  sa.encrypts = true;
  return sa;
}

TEST(SaExpectation, CountsThePairsThatFit) {
  Records records;
  records.live = {aes_on("client"), aes_on("server")};
  EXPECT_EQ(complaint(records, SaExpected{.host = "client",
                                          .protocol = IpProtocol::kEsp,
                                          .cipher = crypto::CipherAlgorithm::kAes128,
                                          .integrity = crypto::IntegrityAlgorithm::kHmacSha1_96}),
            "");
  EXPECT_EQ(complaint(records, SaExpected{.host = "client", .count = 0}), "expected 0 such SA pairs, found 1");
  EXPECT_EQ(complaint(records, SaExpected{.host = "client", .count = 2}), "expected 2 such SA pairs, found 1");
}

TEST(SaExpectation, EachMemberIsCompared) {
  Records records;
  records.live = {aes_on("client")};
  const auto found = [&](const SaExpected& wanted) { return complaint(records, wanted); };
  const std::string others = "expected 1 such SA pairs, found 0; there is ESP AES-128";
  EXPECT_THAT(found({.host = "client", .protocol = IpProtocol::kAh}), HasSubstr(others));
  EXPECT_THAT(found({.host = "client", .cipher = crypto::CipherAlgorithm::kTripleDes}), HasSubstr(others));
  EXPECT_THAT(found({.host = "client", .integrity = crypto::IntegrityAlgorithm::kHmacSha256_128}), HasSubstr(others));
  EXPECT_EQ(found({.host = "server"}), "expected 1 such SA pairs, found 0");
}

TEST(SaExpectation, PairsThatAreGoneDoNotCount) {
  Records records;
  records.installed = {aes_on("client")};
  EXPECT_EQ(complaint(records, SaExpected{.host = "client"}), "expected 1 such SA pairs, found 0");
}

TEST(MainModeExpectation, EachMemberIsCompared) {
  Records records;
  records.main_modes = {{"client", wfp::IkeCipher::kAes128, wfp::IkeDhGroup::kEcp256, wfp::AuthMethod::kKerberos}};
  const auto found = [&](const MainModeExpected& wanted) { return complaint(records, wanted); };
  const std::string none = "no such main mode among the 1 of the run";
  EXPECT_EQ(found({.host = "client"}), "");
  EXPECT_EQ(found({.host = "client",
                   .cipher = wfp::IkeCipher::kAes128,
                   .group = wfp::IkeDhGroup::kEcp256,
                   .extended_method = wfp::AuthMethod::kKerberos}),
            "");
  EXPECT_EQ(found({.host = "server"}), none);
  EXPECT_EQ(found({.host = "client", .cipher = wfp::IkeCipher::k3Des}), none);
  EXPECT_EQ(found({.host = "client", .group = wfp::IkeDhGroup::kGroup2}), none);
  EXPECT_EQ(found({.host = "client", .extended_method = wfp::AuthMethod::kSsl}), none);
}

TEST(EventExpectation, CountsEventsOfThatKindAndStatus) {
  Records records;
  records.events = {{{}, "client", "IKEEXT_MM_FAILURE", 13868, ""},
                    {{}, "client", "IKEEXT_QM_FAILURE", 13868, ""},
                    {{}, "server", "IKEEXT_MM_FAILURE", 13868, ""}};
  const auto found = [&](const EventExpected& wanted) { return complaint(records, wanted); };
  EXPECT_EQ(found({.host = "client", .kind = "IKEEXT_MM_FAILURE", .status = 13868}), "");
  EXPECT_EQ(found({.host = "client", .kind = "IKEEXT_MM_FAILURE", .status = 13868, .count = 2}),
            "expected 2, found 1; there was IKEEXT_QM_FAILURE ERROR_IPSEC_IKE_POLICY_MATCH");
  EXPECT_EQ(found({.host = "server", .kind = "IKEEXT_MM_FAILURE", .status = 13801}),
            "expected 1, found 0; there was IKEEXT_MM_FAILURE ERROR_IPSEC_IKE_POLICY_MATCH");
  EXPECT_EQ(found({.host = "server", .kind = "CLASSIFY_DROP", .status = 13868, .count = 0}), "");
}

TEST(Verdict, ARunPassesWhenNothingComplains) {
  Records records;
  EXPECT_TRUE(records.passed());
  records.steps.resize(1);
  records.expectations.resize(1);
  EXPECT_TRUE(records.passed());
  records.steps[0].complaint = "wrong";
  EXPECT_FALSE(records.passed());
  records.steps[0].complaint = "";
  records.expectations[0].complaint = "wrong";
  EXPECT_FALSE(records.passed());
  records.expectations[0].complaint = "";
  records.stuck = {"client"};
  EXPECT_FALSE(records.passed());
}

}  // namespace
}  // namespace ssx::lab
