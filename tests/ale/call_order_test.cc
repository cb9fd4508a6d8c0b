// The whole matrix of api-contract.md 1.7, and the knobs that other tests leave out.
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "model/ale/endpoint_security.h"

namespace ssx::ale {
namespace {

/// A cell as the page writes it.
std::string cell(SecurityCall call, SocketPhase phase, bool stream, bool already_set) {
  const auto allowed = check_order(call, phase, stream, already_set);
  if (allowed) return "0";
  EXPECT_NE(to_string(allowed.error()), "unknown");
  switch (allowed.error()) {
    case OrderError::kAfterBind:
    case OrderError::kTwice: return "WSAEINVAL";
    case OrderError::kConnected: return "WSAEISCONN";
    case OrderError::kNotConnected: return "WSAENOTCONN";
    case OrderError::kReset: return "WSAECONNRESET";
  }
  return "?";
}

struct Row {
  const char* name;
  SocketPhase phase;
  bool stream;
  bool already_set;
  const char* set_security;
  const char* set_name;
  const char* query;  // impersonation asks the same question
};

TEST(CallOrder, EveryCellOfTheMatrix) {
  using enum SocketPhase;
  const Row rows[] = {
      {"TCP fresh", kFresh, true, false, "0", "0", "WSAENOTCONN"},
      {"TCP fresh, set", kFresh, true, true, "WSAEINVAL", "0", "WSAENOTCONN"},
      {"TCP bound", kBound, true, false, "WSAEINVAL", "0", "WSAENOTCONN"},
      {"TCP listening", kListening, true, true, "WSAEINVAL", "0", "WSAENOTCONN"},
      {"TCP connecting", kConnecting, true, true, "WSAEISCONN", "WSAEISCONN", "WSAENOTCONN"},
      {"TCP connect failed", kConnectFailed, true, true, "WSAEINVAL", "0", "WSAENOTCONN"},
      {"TCP connected", kConnected, true, false, "WSAEISCONN", "WSAEISCONN", "0"},
      {"TCP reset", kReset, true, true, "WSAEISCONN", "WSAEISCONN", "WSAECONNRESET"},
      {"UDP fresh", kFresh, false, false, "0", "0", "0"},
      {"UDP fresh, set", kFresh, false, true, "WSAEINVAL", "0", "0"},
      {"UDP bound", kBound, false, false, "WSAEINVAL", "0", "0"},
      {"UDP connected", kConnected, false, true, "WSAEISCONN", "WSAEISCONN", "0"},
  };
  for (const Row& row : rows) {
    const auto is = [&row](SecurityCall call) { return cell(call, row.phase, row.stream, row.already_set); };
    EXPECT_EQ(is(SecurityCall::kSetSecurity), row.set_security) << row.name;
    EXPECT_EQ(is(SecurityCall::kSetTargetName), row.set_name) << row.name;
    EXPECT_EQ(is(SecurityCall::kDeleteTargetName), "0") << row.name;
    EXPECT_EQ(is(SecurityCall::kQuery), row.query) << row.name;
    EXPECT_EQ(is(SecurityCall::kImpersonate), row.query) << row.name;
  }
}

TEST(CallOrder, DeletingANameDoesNothingToAConnectionThatExists) {
  EXPECT_FALSE(delete_has_effect(SocketPhase::kConnected, true));
  EXPECT_FALSE(delete_has_effect(SocketPhase::kReset, true));
  EXPECT_TRUE(delete_has_effect(SocketPhase::kFresh, true));
  EXPECT_TRUE(delete_has_effect(SocketPhase::kListening, true));
  EXPECT_TRUE(delete_has_effect(SocketPhase::kConnected, false));
}

TEST(Knobs, ErrorsMayBeNamed) {
  Behaviour behaviour;
  ASSERT_TRUE(behaviour.set("no_policy_error", "WSAEHOSTUNREACH"));
  EXPECT_EQ(behaviour.no_policy_error, 10065U);
  EXPECT_FALSE(behaviour.set("no_policy_error", "WSAENOTHING"));
  EXPECT_FALSE(behaviour.set("no_policy_error", "0"));
  EXPECT_EQ(behaviour.no_policy_error, 10065U);
}

TEST(Knobs, OverlappedCallsMayBePending) {
  Behaviour behaviour;
  EXPECT_EQ(behaviour.overlapped_mode, OverlappedMode::kImmediate);
  ASSERT_TRUE(behaviour.set("overlapped_mode", "pending"));
  EXPECT_EQ(behaviour.overlapped_mode, OverlappedMode::kPending);
  ASSERT_TRUE(behaviour.set("overlapped_mode", "immediate"));
  EXPECT_EQ(behaviour.overlapped_mode, OverlappedMode::kImmediate);
}

}  // namespace
}  // namespace ssx::ale
