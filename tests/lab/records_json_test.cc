// What a host process hands to its parent arrives as it was.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lab/records_json.h"

namespace ssx::lab {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

Instant at(int span) { return Instant{.since_epoch = milliseconds(span)}; }

host::EspSaKeys sa_keys() {
  host::EspSaKeys sa;
  sa.source = *parse_address("fd00::1");
  sa.destination = *parse_address("fd00::2");
  sa.keys.protocol = IpProtocol::kAh;
  sa.keys.spi = Spi{0xFFFFFFFE};
  sa.keys.cipher = crypto::CipherAlgorithm::kNull;
  sa.keys.integrity = crypto::IntegrityAlgorithm::kHmacSha256_128;
  sa.keys.integrity_key = crypto::SecretOctets{hex("000102ff")};
  return sa;
}

/// A value in every member.
Records full_records() {
  Records records;
  records.steps = {{at(1), at(2), "program", "host", "send s", "5 octets", "expected more", {"a b.yaml", 3, 4}}};
  records.lines = {{at(3), "host", "keying", "a line with \"quotes\" and\na break", true}};
  records.wire = {{at(4), "host", hex("4500ff00"), sim::WireFate::kCorrupted}};
  records.events = {{at(5), "host", "IKEEXT_MM_FAILURE", 13868, "words"}};
  records.installed = {{"host", "any", IpProtocol::kAh, crypto::CipherAlgorithm::kTripleDes,
                        crypto::IntegrityAlgorithm::kHmacSha256_128, 0xFFFFFFFF, 1, 2, false, true, "host/peer"}};
  records.live = {{"other", "tcp", IpProtocol::kEsp, crypto::CipherAlgorithm::kAes128,
                   crypto::IntegrityAlgorithm::kHmacSha1_96, 3, 4, 5, true, false, ""}};
  records.main_modes = {{"host", wfp::IkeCipher::k3Des, wfp::IkeDhGroup::kGroup14, wfp::AuthMethod::kKerberos},
                        {"host", wfp::IkeCipher::kAes128, wfp::IkeDhGroup::kEcp256, std::nullopt}};
  records.keys = {{sa_keys()}, {authip::KeyLog{hex("1122334455667788"), crypto::SecretOctets{hex("aabb")}}}};
  records.stuck = {"client waits for signal x"};
  return records;
}

TEST(RecordsJson, IsOneLine) { EXPECT_THAT(to_json_line(full_records()), Not(HasSubstr("\n"))); }

TEST(RecordsJson, StepsAndLinesComeBackAsTheyWere) {
  const auto back = records_from_json(to_json_line(full_records()));
  ASSERT_TRUE(back.has_value());
  ASSERT_EQ(back->steps.size(), 1U);
  const StepRecord& step = back->steps[0];
  EXPECT_EQ(step.began, at(1));
  EXPECT_EQ(step.ended, at(2));
  EXPECT_EQ(step.program + '|' + step.host + '|' + step.text + '|' + step.result + '|' + step.complaint,
            "program|host|send s|5 octets|expected more");
  EXPECT_EQ(to_string(step.position), "a b.yaml:3:4");
  ASSERT_EQ(back->lines.size(), 1U);
  EXPECT_EQ(back->lines[0].at, at(3));
  EXPECT_EQ(back->lines[0].kind, "keying");
  EXPECT_EQ(back->lines[0].text, "a line with \"quotes\" and\na break");
  EXPECT_TRUE(back->lines[0].detail);
  EXPECT_EQ(back->stuck, full_records().stuck);
}

TEST(RecordsJson, DatagramsAndEventsComeBackAsTheyWere) {
  const auto back = records_from_json(to_json_line(full_records()));
  ASSERT_TRUE(back.has_value());
  ASSERT_EQ(back->wire.size(), 1U);
  EXPECT_EQ(back->wire[0].at, at(4));
  EXPECT_EQ(back->wire[0].datagram, hex("4500ff00"));
  EXPECT_EQ(back->wire[0].fate, sim::WireFate::kCorrupted);
  ASSERT_EQ(back->events.size(), 1U);
  EXPECT_EQ(back->events[0].kind, "IKEEXT_MM_FAILURE");
  EXPECT_EQ(back->events[0].status, 13868U);
  EXPECT_EQ(back->events[0].words, "words");
}

TEST(RecordsJson, SecurityAssociationsComeBackAsTheyWere) {
  const auto back = records_from_json(to_json_line(full_records()));
  ASSERT_TRUE(back.has_value());
  ASSERT_EQ(back->installed.size(), 1U);
  const SaRecord& sa = back->installed[0];
  EXPECT_EQ(sa.selector, "any");
  EXPECT_EQ(sa.protocol, IpProtocol::kAh);
  EXPECT_EQ(sa.cipher, crypto::CipherAlgorithm::kTripleDes);
  EXPECT_EQ(sa.integrity, crypto::IntegrityAlgorithm::kHmacSha256_128);
  EXPECT_EQ(sa.inbound_spi, 0xFFFFFFFFU);
  EXPECT_EQ(sa.outbound_spi, 1U);
  EXPECT_EQ(sa.quick_mode, 2U);
  EXPECT_FALSE(sa.initiator);
  EXPECT_TRUE(sa.encrypts);
  EXPECT_EQ(sa.peer, "host/peer");
  ASSERT_EQ(back->live.size(), 1U);
  EXPECT_EQ(back->live[0].host, "other");
  EXPECT_TRUE(back->live[0].initiator);
  ASSERT_EQ(back->main_modes.size(), 2U);
  EXPECT_EQ(back->main_modes[0].cipher, wfp::IkeCipher::k3Des);
  EXPECT_EQ(back->main_modes[0].group, wfp::IkeDhGroup::kGroup14);
  EXPECT_EQ(back->main_modes[0].extended_method, wfp::AuthMethod::kKerberos);
  EXPECT_EQ(back->main_modes[1].extended_method, std::nullopt);
}

TEST(RecordsJson, KeysComeBackAsTheyWere) {
  const auto back = records_from_json(to_json_line(full_records()));
  ASSERT_TRUE(back.has_value());
  ASSERT_EQ(back->keys.size(), 2U);
  const auto* sa = std::get_if<host::EspSaKeys>(&back->keys[0].keys);
  ASSERT_NE(sa, nullptr);
  EXPECT_EQ(to_string(sa->source), "fd00::1");
  EXPECT_EQ(to_string(sa->destination), "fd00::2");
  EXPECT_EQ(sa->keys.protocol, IpProtocol::kAh);
  EXPECT_EQ(sa->keys.spi, Spi{0xFFFFFFFE});
  EXPECT_EQ(sa->keys.integrity, crypto::IntegrityAlgorithm::kHmacSha256_128);
  EXPECT_TRUE(sa->keys.cipher_key.empty());
  EXPECT_EQ(to_hex(sa->keys.integrity_key.view()), "000102ff");
  const auto* mode = std::get_if<authip::KeyLog>(&back->keys[1].keys);
  ASSERT_NE(mode, nullptr);
  EXPECT_EQ(mode->initiator_cookie, hex("1122334455667788"));
  EXPECT_EQ(to_hex(mode->cipher_key.view()), "aabb");
}

TEST(RecordsJson, OctetsThatAreNoUtf8DoNotBreakTheLine) {
  Records records;
  records.stuck = {"\xff"};
  const auto back = records_from_json(to_json_line(records));
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(back->stuck, std::vector<std::string>{"\xef\xbf\xbd"});
}

TEST(RecordsJson, WhatIsNoRecordIsASentence) {
  for (const char* text : {"", "{", "{}", "[]", R"({"steps":[7]})"}) {
    const auto back = records_from_json(text);
    ASSERT_FALSE(back.has_value()) << text;
    EXPECT_THAT(back.error(), StartsWith("a host process sent records that cannot be read: "));
  }
}

TEST(RecordsJson, EveryPrefixOfARecordIsRefused) {
  const std::string whole = to_json_line(full_records());
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_FALSE(records_from_json(std::string_view(whole).substr(0, length)).has_value()) << length;
  }
}

TEST(Records, MergeKeepsEverythingAndSortOrdersByTime) {
  Records whole = full_records();
  Records part = full_records();
  part.wire[0].at = at(1);
  part.wire[0].host = "earlier";
  part.lines[0].at = at(0);
  merge(whole, std::move(part));
  sort_by_time(whole);
  EXPECT_EQ(whole.steps.size(), 2U);
  EXPECT_EQ(whole.keys.size(), 4U);
  EXPECT_EQ(whole.main_modes.size(), 4U);
  EXPECT_EQ(whole.stuck.size(), 2U);
  EXPECT_EQ(whole.live.size() + whole.installed.size() + whole.events.size(), 6U);
  ASSERT_EQ(whole.wire.size(), 2U);
  EXPECT_EQ(whole.wire[0].host, "earlier");
  EXPECT_EQ(whole.lines[0].at, at(0));
}

}  // namespace
}  // namespace ssx::lab
