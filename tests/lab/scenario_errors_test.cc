// What is wrong with a scenario file is said with file, line, column and what was expected.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "lab/scenario_files.h"
#include "lab/scenario_parser.h"

namespace ssx::lab {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using testing::with_steps;
using testing::write_scenario;

struct BadFile {
  const char* name;
  std::string text;
  const char* place;     // "line:column"
  const char* sentence;  // what the message says, whole or in part
};

void PrintTo(const BadFile& bad, std::ostream* out) { *out << bad.name; }

class ScenarioErrors : public ::testing::TestWithParam<BadFile> {};

TEST_P(ScenarioErrors, NameThePlaceAndWhatWasExpected) {
  const std::string path = write_scenario(GetParam().text);
  const auto loaded = load_scenario(path);
  ASSERT_FALSE(loaded.has_value());
  EXPECT_THAT(loaded.error(), StartsWith(path + ':' + GetParam().place + ": "));
  EXPECT_THAT(loaded.error(), HasSubstr(GetParam().sentence));
}

const std::string kHosts =
    "scenario: S\nhosts:\n  a: {addresses: [10.0.0.1]}\n  b: {addresses: [10.0.0.2]}\n";  // lines 1 to 4
const std::string kWhole = kHosts + "programs: {a: []}\n";                                // line 5

std::string host(const std::string& text) { return "scenario: S\nhosts:\n  a: " + text + "\nprograms: {}\n"; }
std::string policy(const std::string& text) { return host("{addresses: [10.0.0.1], policies: {p: " + text + "}}"); }

const BadFile kStructure[] = {
    {"empty", "", "1:1", "expected a map with the key 'scenario', found nothing"},
    {"unclosed_list", "scenario: [\n", "2:1", "expected YAML: "},
    {"tab_as_indent", "scenario: S\nhosts:\n\ta: 1\n", "3:3", "expected YAML: "},
    {"list_as_file", "- scenario\n", "1:1", "expected a map with the key 'scenario', found a list"},
    {"no_title", "hosts: {}\n", "1:1", "expected the key 'scenario'"},
    {"title_is_a_map", "scenario: {a: b}\n", "1:11", "expected the scenario's title, found a map"},
    {"no_hosts", "scenario: S\n", "1:1", "expected the key 'hosts'"},
    {"no_host", "scenario: S\nhosts: {}\n", "2:8", "expected at least one host"},
    {"hosts_are_a_list", "scenario: S\nhosts: [a]\n", "2:8", "expected hosts as a map, found a list"},
    {"no_programs", kHosts, "1:1", "expected the key 'programs'"},
    {"unknown_key", kWhole + "sed: 7\n", "6:1",
     "unknown key 'sed'; expected one of: about, conformance, expect, hosts, network, programs, real_speed, realm, "
     "scenario, seed, "
     "time_limit, users"},
    {"key_twice", kWhole + "scenario: T\n", "6:1", "the key 'scenario' stands here twice"},
    {"host_twice", "scenario: S\nhosts:\n  a: {addresses: [10.0.0.1]}\n  a: {addresses: [10.0.0.2]}\n", "4:3",
     "the key 'a' stands here twice"},
    {"seed_is_no_number", kWhole + "seed: many\n", "6:7",
     "expected a seed, a number from 0 to 18446744073709551615; found 'many'"},
    {"seed_is_negative", kWhole + "seed: -1\n", "6:7", "found '-1'"},
    {"speed_out_of_range", kWhole + "real_speed: 0\n", "6:13",
     "expected modelled seconds per real second, a number from 1 to 1000; found '0'"},
    {"duration_without_unit", kWhole + "time_limit: 20\n", "6:13",
     "expected a limit of virtual time, a duration like '20 ms', '3 s' or '2 h'; found '20'"},
    {"duration_of_another_unit", kWhole + "time_limit: 3 weeks\n", "6:13", "found '3 weeks'"},
    {"negative_duration", kWhole + "time_limit: -3 s\n", "6:13", "found '-3 s'"},
    {"duration_beyond_a_century", kWhole + "time_limit: 1000000 h\n", "6:13", "found '1000000 h'"},
    {"conformance_is_no_list", kWhole + "conformance: C-001\n", "6:14",
     "expected ids of docs/spec as a list, found 'C-001'"},
    {"conformance_of_maps", kWhole + "conformance: [{a: b}]\n", "6:15", "expected an id of docs/spec, found a map"},
};

const BadFile kHostErrors[] = {
    {"no_addresses", host("{}"), "3:6", "expected the key 'addresses'"},
    {"no_address", host("{addresses: []}"), "3:6", "expected at least one address"},
    {"bad_address", host("{addresses: [10.0.0.300]}"), "3:19",
     "expected an address of the host, an IPv4 or IPv6 address; found '10.0.0.300'"},
    {"address_twice", "scenario: S\nhosts:\n  a: {addresses: [10.0.0.1]}\n  b: {addresses: [10.0.0.1]}\nprograms: {}\n",
     "4:6", "the address 10.0.0.1 belongs to another host already"},
    {"unknown_host_key", host("{addresses: [10.0.0.1], port: 1}"), "3:30",
     "unknown key 'port'; expected one of: addresses, "},
    {"ipsec_is_no_flag", host("{addresses: [10.0.0.1], ipsec: maybe}"), "3:37",
     "one of true, false, yes, no; found 'maybe'"},
    {"unknown_credential", host("{addresses: [10.0.0.1], credential: password}"), "3:42",
     "expected a credential: one of kerberos, none; found 'password'"},
    {"unknown_user", host("{addresses: [10.0.0.1], user: nobody}"), "3:36", "no user 'nobody' under users"},
    {"port_out_of_range", host("{addresses: [10.0.0.1], real_port: 65536}"), "3:41",
     "a number from 1 to 65535; found '65536'"},
    {"behaviour_is_a_list", host("{addresses: [10.0.0.1], behaviour: [a]}"), "3:41",
     "expected behaviour as a map, found a list"},
    {"user_without_password", "scenario: S\nusers:\n  u: {groups: [g]}\nhosts: {}\n", "3:6",
     "expected the key 'password'"},
};

const BadFile kNetworkErrors[] = {
    {"percent_without_sign", kWhole + "network: {loss: 20}\n", "6:17",
     "expected a loss rate, a share like '20 %'; found '20'"},
    {"percent_above_hundred", kWhole + "network: {loss: 101 %}\n", "6:17", "found '101 %'"},
    {"unknown_fault", kWhole + "network: {losses: 1 %}\n", "6:11", "unknown key 'losses'"},
    {"link_from_nowhere", kWhole + "network:\n  links:\n    - {from: c, to: b}\n", "8:14", "no host 'c' under hosts"},
    {"links_are_a_map", kWhole + "network: {links: {}}\n", "6:18", "expected links as a list, found a map"},
};

const BadFile kPolicyErrors[] = {
    {"no_type", policy("{}"), "3:44", "expected the key 'type'"},
    {"unknown_type", policy("{type: tunnel}"), "3:51",
     "expected a type of policy: one of main-mode, quick-mode; found 'tunnel'"},
    {"bad_key", policy("{type: quick-mode, key: 12}"), "3:68",
     "expected a GUID like b25ea800-0d02-46ed-92bd-7fa84bb73e9d"},
    {"unknown_cipher", policy("{type: quick-mode, proposals: [{protocol: ESP, cipher: ROT13}]}"), "3:99",
     "expected a cipher: one of NULL, 3DES, AES-128, AES-192, AES-256; found 'ROT13'"},
    {"ah_with_cipher", policy("{type: quick-mode, proposals: [{protocol: AH, cipher: 3DES}]}"), "3:98",
     "AH has no cipher"},
    {"unknown_protocol", policy("{type: quick-mode, proposals: [{protocol: IP}]}"), "3:86",
     "expected a protocol: one of ESP, AH; found 'IP'"},
    {"proposals_are_a_map", policy("{type: quick-mode, proposals: {}}"), "3:74",
     "expected quick-mode proposals as a list, found a map"},
    {"no_method", policy("{type: main-mode, proposals: []}"), "3:44", "expected the key 'methods'"},
    {"unknown_method", policy("{type: main-mode, methods: TELEPATHY, proposals: []}"), "3:71",
     "expected an authentication method: one of "},
    {"unknown_group",
     policy("{type: main-mode, methods: ANONYMOUS, proposals: [{cipher: DES, integrity: MD5, dh_group: GROUP_3}]}"),
     "3:134",
     "expected a Diffie-Hellman group: one of NONE, GROUP_1, GROUP_2, GROUP_14, ECP_256, ECP_384; found 'GROUP_3'"},
    {"unknown_policy_key", policy("{type: quick-mode, proposals: [], transforms: []}"), "3:78",
     "unknown key 'transforms'"},
};

const BadFile kStepErrors[] = {
    {"step_is_text", with_steps("    - connect\n"), "7:7",
     "expected a step like 'connect: {socket: s, to: \"10.0.0.2:27015\"}'"},
    {"two_calls", with_steps("    - socket: {as: s}\n      listen: {socket: s}\n"), "7:7",
     "expected one call, with 'fails' beside it at most"},
    {"no_call", with_steps("    - fails: WSAEINVAL\n"), "7:7", "expected one call"},
    {"unknown_call", with_steps("    - conect: {}\n"), "7:7",
     "expected the name of a call: socket, bind, listen, accept, connect, send, sendto, recv, recvfrom, shutdown, "
     "closesocket, "
     "WSASetSocketSecurity, WSASetSocketPeerTargetName, WSADeleteSocketPeerTargetName, WSAQuerySocketSecurity, "
     "WSAImpersonateSocketPeer, WSARevertImpersonation, setsockopt, getsockopt, sleep, signal, wait"},
    {"unknown_error", with_steps("    - listen: {socket: s}\n      fails: EINVAL\n"), "8:14",
     "expected a WSA error: one of WSAEINTR, "},
    {"lab_step_that_fails", with_steps("    - sleep: 1 s\n      fails: WSAEINVAL\n"), "7:7", "only calls have 'fails'"},
    {"unknown_argument", with_steps("    - listen: {socket: s, queue: 3}\n"), "7:27",
     "unknown key 'queue'; expected one of: backlog, "},
    {"argument_twice", with_steps("    - listen: {socket: s, socket: t}\n"), "7:27",
     "the key 'socket' stands here twice"},
    {"call_without_arguments", with_steps("    - listen: s\n"), "7:15",
     "expected a map with the key 'socket', found 's'"},
    {"revert_with_text", with_steps("    - WSARevertImpersonation: now\n"), "7:31", "expected {}, found 'now'"},
    {"no_socket_name", with_steps("    - listen: {backlog: 3}\n"), "7:15", "expected the key 'socket'"},
    {"unknown_family", with_steps("    - socket: {as: s, family: AF_UNIX}\n"), "7:31",
     "one of AF_INET, AF_INET6; found 'AF_UNIX'"},
    {"address_without_port", with_steps("    - connect: {socket: s, to: 10.0.0.2}\n"), "7:32",
     "expected the peer's address, like '10.0.0.1:27015' or '[fd00::1]:27015'; found '10.0.0.2'"},
    {"port_too_great", with_steps("    - connect: {socket: s, to: \"10.0.0.2:65536\"}\n"), "7:32",
     "found '10.0.0.2:65536'"},
    {"v6_without_brackets", with_steps("    - connect: {socket: s, to: \"fd00::1:1\"}\n"), "7:32", "found 'fd00::1:1'"},
    {"v4_in_brackets", with_steps("    - connect: {socket: s, to: \"[10.0.0.2]:1\"}\n"), "7:32",
     "found '[10.0.0.2]:1'"},
    {"backlog_zero", with_steps("    - listen: {socket: s, backlog: 0}\n"), "7:36",
     "expected a backlog, a number from 1 to 1000; found '0'"},
    {"bad_hex", with_steps("    - send: {socket: s, data: {hex: abc}}\n"), "7:37",
     "expected hexadecimal digits, two an octet"},
    {"repeat_without_times", with_steps("    - send: {socket: s, data: {repeat: a}}\n"), "7:31",
     "expected the key 'times'"},
    {"unknown_direction", with_steps("    - shutdown: {socket: s, how: SD_UP}\n"), "7:34",
     "one of SD_RECEIVE, SD_SEND, SD_BOTH; found 'SD_UP'"},
    {"no_settings", with_steps("    - WSASetSocketSecurity: {socket: s}\n"), "7:29", "expected the key 'settings'"},
    {"unknown_policy", with_steps("    - WSASetSocketSecurity: {socket: s, settings: {AuthipMMPolicyKey: theirs}}\n"),
     "7:71", "no policy 'theirs' on this host, and no GUID"},
    {"unknown_security_flag", with_steps("    - WSASetSocketSecurity: {socket: s, settings: {SecurityFlags: SAFE}}\n"),
     "7:67", "expected SecurityFlags: one of GUARANTEE_ENCRYPTION, ALLOW_INSECURE; found 'SAFE'"},
    {"unknown_query_flag", with_steps("    - WSAQuerySocketSecurity: {socket: s, flags: [SECURED, SEALED]}\n"), "7:60",
     "one of SECURED, ENCRYPTED, IMPERSONATED; found 'SEALED'"},
    {"unknown_ipsec_error", with_steps("    - WSAQuerySocketSecurity: {socket: s, negotiation_error: WSAEINVAL}\n"),
     "7:62", "expected an ERROR_IPSEC code: one of "},
    {"unknown_option", with_steps("    - getsockopt: {socket: s, option: SO_LINGER, expect: 1}\n"), "7:39",
     "expected a socket option: one of SO_REUSEADDR, "},
    {"program_of_no_host", kHosts + "programs:\n  c: []\n", "6:6",
     "no host 'c' under hosts; a program of another name says 'host:' and 'steps:'"},
    {"program_on_no_host", kHosts + "programs:\n  c: {host: d, steps: []}\n", "6:13", "no host 'd' under hosts"},
    {"program_without_steps", kHosts + "programs:\n  c: {host: a}\n", "6:6", "expected the key 'steps'"},
    {"program_is_text", kHosts + "programs:\n  a: socket\n", "6:6", "expected steps as a list, found 'socket'"},
};

std::string expecting(const std::string& text) { return kWhole + "expect:\n  - " + text + "\n"; }  // line 7, column 5

const BadFile kExpectationErrors[] = {
    {"expectation_is_text", expecting("secured"), "7:5",
     "expected one of: payload_in_clear, only_keying_from, protection, sa, main_mode, event"},
    {"two_expectations", expecting("{payload_in_clear: never, sa: {host: a}}"), "7:5", "expected one of: "},
    {"unknown_expectation", expecting("{speed: 3}"), "7:6", "unknown key 'speed'"},
    {"payload_perhaps", expecting("payload_in_clear: perhaps"), "7:23", "one of never, seen; found 'perhaps'"},
    {"keying_of_no_host", expecting("only_keying_from: c"), "7:23", "no host 'c' under hosts"},
    {"protection_without_protocol", expecting("protection: {from: a, to: b}"), "7:17", "expected the key 'protocol'"},
    {"sa_with_unknown_cipher", expecting("sa: {host: a, cipher: DES}"), "7:27",
     "expected a cipher: one of NULL, 3DES, AES-128, AES-192, AES-256; found 'DES'"},
    {"sa_with_unknown_integrity", expecting("sa: {host: a, integrity: CRC}"), "7:30",
     "expected an integrity algorithm: one of "},
    {"sa_with_unknown_key", expecting("sa: {host: a, spi: 1}"), "7:19", "unknown key 'spi'"},
    {"main_mode_without_host", expecting("main_mode: {cipher: 3DES}"), "7:16", "expected the key 'host'"},
    {"event_of_unknown_kind", expecting("event: {host: a, kind: FIRE, status: ERROR_IPSEC_IKE_AUTH_FAIL}"), "7:28",
     "expected a net event: one of "},
    {"event_without_status", expecting("event: {host: a, kind: CLASSIFY_DROP}"), "7:12", "expected the key 'status'"},
    {"count_is_no_number", expecting("sa: {host: a, count: few}"), "7:26",
     "expected a count, a number from 0 to 1000; found 'few'"},
};

std::string name_of(const ::testing::TestParamInfo<BadFile>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(Structure, ScenarioErrors, ::testing::ValuesIn(kStructure), name_of);
INSTANTIATE_TEST_SUITE_P(Hosts, ScenarioErrors, ::testing::ValuesIn(kHostErrors), name_of);
INSTANTIATE_TEST_SUITE_P(Network, ScenarioErrors, ::testing::ValuesIn(kNetworkErrors), name_of);
INSTANTIATE_TEST_SUITE_P(Policies, ScenarioErrors, ::testing::ValuesIn(kPolicyErrors), name_of);
INSTANTIATE_TEST_SUITE_P(Steps, ScenarioErrors, ::testing::ValuesIn(kStepErrors), name_of);
INSTANTIATE_TEST_SUITE_P(Expectations, ScenarioErrors, ::testing::ValuesIn(kExpectationErrors), name_of);

TEST(ScenarioFiles, AMissingFileIsNamedWithTheReason) {
  const std::string path = ::testing::TempDir() + "no-such-scenario.yaml";
  const auto loaded = load_scenario(path);
  ASSERT_FALSE(loaded.has_value());
  EXPECT_EQ(loaded.error(), path + ": cannot be read: No such file or directory");
}

TEST(ScenarioFiles, AFolderIsNoScenario) {
  const auto loaded = load_scenario(::testing::TempDir());
  ASSERT_FALSE(loaded.has_value());
  EXPECT_THAT(loaded.error(), StartsWith(::testing::TempDir() + ": cannot be read"));
  EXPECT_THAT(loaded.error(), EndsWith("expected a YAML file"));
}

}  // namespace
}  // namespace ssx::lab
