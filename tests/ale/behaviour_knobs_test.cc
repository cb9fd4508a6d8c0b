// Behaviour::set: every knob of docs/spec/README.md 2 by name, its values, its limits and its errors.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "model/ale/behaviour.h"

namespace ssx::ale {
namespace {

using ::testing::HasSubstr;

struct Choice {
  const char* knob;
  const char* value;
  std::function<bool(const Behaviour&)> took;
  bool is_default;
};

const std::vector<Choice>& choices() {
  static const std::vector<Choice> all = {
      {"api_level", "win7", [](const auto& b) { return b.api_level == ApiLevel::kWin7; }, true},
      {"api_level", "vista", [](const auto& b) { return b.api_level == ApiLevel::kVista; }, false},
      {"varlen_min", "sizeof", [](const auto& b) { return b.varlen_min == VarlenMin::kSizeof; }, true},
      {"varlen_min", "offsetof", [](const auto& b) { return b.varlen_min == VarlenMin::kOffsetof; }, false},
      {"conflicting_flags", "encrypt_wins",
       [](const auto& b) { return b.conflicting_flags == ConflictingFlags::kEncryptWins; }, true},
      {"conflicting_flags", "reject", [](const auto& b) { return b.conflicting_flags == ConflictingFlags::kReject; },
       false},
      {"ipsec_struct_as_default", "reject",
       [](const auto& b) { return b.ipsec_struct_as_default == IpsecStructAsDefault::kReject; }, true},
      {"ipsec_struct_as_default", "ignore",
       [](const auto& b) { return b.ipsec_struct_as_default == IpsecStructAsDefault::kIgnore; }, false},
      {"peer_name_len", "auto", [](const auto& b) { return b.peer_name_len == PeerNameLen::kAuto; }, true},
      {"peer_name_len", "bytes", [](const auto& b) { return b.peer_name_len == PeerNameLen::kBytes; }, false},
      {"inbound_target_name", "enforce",
       [](const auto& b) { return b.inbound_target_name == InboundTargetName::kEnforce; }, true},
      {"inbound_target_name", "ignore",
       [](const auto& b) { return b.inbound_target_name == InboundTargetName::kIgnore; }, false},
      {"delete_missing_name", "ok", [](const auto& b) { return b.delete_missing_name == DeleteMissingName::kOk; },
       true},
      {"delete_missing_name", "einval",
       [](const auto& b) { return b.delete_missing_name == DeleteMissingName::kEinval; }, false},
      {"query_size_error", "auto", [](const auto& b) { return b.query_size_error == QuerySizeError::kAuto; }, true},
      {"query_size_error", "efault", [](const auto& b) { return b.query_size_error == QuerySizeError::kEfault; },
       false},
      {"query_size_error", "emsgsize", [](const auto& b) { return b.query_size_error == QuerySizeError::kEmsgsize; },
       false},
      {"impersonate_socket_check", "nonblocking",
       [](const auto& b) { return b.impersonate_socket_check == ImpersonateSocketCheck::kNonblocking; }, true},
      {"impersonate_socket_check", "strict",
       [](const auto& b) { return b.impersonate_socket_check == ImpersonateSocketCheck::kStrict; }, false},
      {"impersonate_socket_check", "off",
       [](const auto& b) { return b.impersonate_socket_check == ImpersonateSocketCheck::kOff; }, false},
      {"allow_insecure_mode", "clear_then_upgrade",
       [](const auto& b) { return b.allow_insecure_mode == AllowInsecureMode::kClearThenUpgrade; }, true},
      {"allow_insecure_mode", "negotiate_first",
       [](const auto& b) { return b.allow_insecure_mode == AllowInsecureMode::kNegotiateFirst; }, false},
      {"overlapped_mode", "immediate", [](const auto& b) { return b.overlapped_mode == OverlappedMode::kImmediate; },
       true},
      {"overlapped_mode", "pending", [](const auto& b) { return b.overlapped_mode == OverlappedMode::kPending; },
       false},
      {"default_policy", "documented",
       [](const auto& b) { return b.default_policy == wfp::DefaultPolicy::kDocumented; }, true},
      {"default_policy", "observed", [](const auto& b) { return b.default_policy == wfp::DefaultPolicy::kObserved; },
       false},
      {"wfp_compat", "win7", [](const auto& b) { return b.wfp_compat == wfp::Compatibility::kWin7; }, true},
      {"wfp_compat", "vista", [](const auto& b) { return b.wfp_compat == wfp::Compatibility::kVista; }, false},
  };
  return all;
}

struct Number {
  const char* knob;
  std::function<std::uint32_t(const Behaviour&)> value;
  std::uint32_t standard;
};

const std::vector<Number>& numbers() {
  static const std::vector<Number> all = {
      {"bad_socket_family_error", [](const auto& b) { return b.bad_socket_family_error; }, 10022},
      {"set_after_bind_error", [](const auto& b) { return b.set_after_bind_error; }, 10022},
      {"set_twice_error", [](const auto& b) { return b.set_twice_error; }, 10022},
      {"query_unconnected_error", [](const auto& b) { return b.query_unconnected_error; }, 10057},
      {"no_identity_error", [](const auto& b) { return b.no_identity_error; }, 10013},
      {"connect_security_failure_error", [](const auto& b) { return b.connect_security_failure_error; }, 10060},
      {"no_policy_error", [](const auto& b) { return b.no_policy_error; }, 10013},
  };
  return all;
}

TEST(Knobs, EveryChoiceIsTakenAndTheFirstIsTheDefault) {
  for (const Choice& choice : choices()) {
    EXPECT_EQ(choice.took(Behaviour{}), choice.is_default) << choice.knob << ' ' << choice.value;
    Behaviour behaviour;
    EXPECT_TRUE(behaviour.set(choice.knob, choice.value)) << choice.knob;
    EXPECT_TRUE(choice.took(behaviour)) << choice.knob << ' ' << choice.value;
  }
}

TEST(Knobs, AnUnknownChoiceIsRefusedWithTheKnobAndItsChoices) {
  for (const Choice& choice : choices()) {
    for (const char* bad : {"", "neither", "0", "Win7"}) {
      Behaviour behaviour;
      const auto set = behaviour.set(choice.knob, bad);
      ASSERT_FALSE(set) << choice.knob << " '" << bad << "'";
      EXPECT_THAT(set.error(), HasSubstr(choice.knob));
      EXPECT_THAT(set.error(), HasSubstr(choice.value));
      EXPECT_EQ(choice.took(behaviour), choice.is_default) << choice.knob;
    }
  }
}

TEST(Knobs, ErrorCodesAreNumbersOrNames) {
  for (const Number& number : numbers()) {
    Behaviour behaviour;
    EXPECT_EQ(number.value(behaviour), number.standard) << number.knob;
    ASSERT_TRUE(behaviour.set(number.knob, "10065"));
    EXPECT_EQ(number.value(behaviour), 10065U) << number.knob;
    ASSERT_TRUE(behaviour.set(number.knob, "WSAEACCES"));
    EXPECT_EQ(number.value(behaviour), 10013U) << number.knob;
    ASSERT_TRUE(behaviour.set(number.knob, "10065"));
    for (const char* bad : {"", "x", "0", "WSAENOPE", "-1", "1x", " 1", "4294967296", "0x10"}) {
      const auto set = behaviour.set(number.knob, bad);
      ASSERT_FALSE(set) << number.knob << " '" << bad << "'";
      EXPECT_THAT(set.error(), HasSubstr(number.knob));
      EXPECT_EQ(number.value(behaviour), 10065U) << number.knob;
    }
  }
}

TEST(Knobs, TimesAreSecondsUpToAMillion) {
  Behaviour behaviour;
  EXPECT_EQ(behaviour.connect_failure_delay, std::chrono::seconds(21));
  EXPECT_EQ(behaviour.allow_insecure_wait, std::chrono::seconds(10));
  ASSERT_TRUE(behaviour.set("connect_failure_delay", "0"));
  ASSERT_TRUE(behaviour.set("allow_insecure_wait", "1000000"));
  EXPECT_EQ(behaviour.connect_failure_delay, std::chrono::seconds(0));
  EXPECT_EQ(behaviour.allow_insecure_wait, std::chrono::seconds(1'000'000));
  for (const char* knob : {"connect_failure_delay", "allow_insecure_wait"}) {
    for (const char* bad : {"", "1000001", "1s", "-1", "0.5"}) {
      const auto set = behaviour.set(knob, bad);
      ASSERT_FALSE(set) << knob << " '" << bad << "'";
      EXPECT_THAT(set.error(), HasSubstr("seconds"));
    }
  }
}

TEST(Knobs, TheReplayWindowIsAMultipleOf32) {
  Behaviour behaviour;
  EXPECT_EQ(behaviour.replay_window, 64U);
  for (const char* good : {"32", "64", "1024", "65536"}) EXPECT_TRUE(behaviour.set("replay_window", good)) << good;
  EXPECT_EQ(behaviour.replay_window, 65536U);
  for (const char* bad : {"", "0", "31", "33", "63", "65568", "4294967296"}) {
    EXPECT_FALSE(behaviour.set("replay_window", bad)) << bad;
  }
  EXPECT_EQ(behaviour.replay_window, 65536U);
}

TEST(Knobs, AnUnknownKnobIsNamed) {
  Behaviour behaviour;
  const auto set = behaviour.set("replay_windo", "64");
  ASSERT_FALSE(set);
  EXPECT_THAT(set.error(), HasSubstr("'replay_windo'"));
}

}  // namespace
}  // namespace ssx::ale
