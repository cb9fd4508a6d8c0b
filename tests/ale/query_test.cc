// What a query reports of a flow: api-contract.md 1.4, wfp-model.md 4.5.
#include <gtest/gtest.h>

#include <vector>

#include "model/ale/query.h"
#include "support/conformance.h"

namespace ssx::ale {
namespace {

using identity::AccessToken;
using identity::TokenMode;
using identity::TokenType;

AccessToken token(TokenType type, TokenMode mode, const char* account) {
  return {type, mode, identity::Principal{.account = account}};
}

TEST(SecurityReport, C157C159AndC162FlagsFollowTheProtectionAndTheTokens) {
  CONFORMANCE("C-157", "C-159", "C-162");
  const std::vector<AccessToken> user{token(TokenType::kImpersonation, TokenMode::kExtended, "alice")};
  const std::vector<AccessToken> machine{token(TokenType::kMachine, TokenMode::kMain, "A$")};
  EXPECT_EQ(report_secured({}).flags, 0x1U);
  EXPECT_EQ(report_secured({.encrypted = true}).flags, 0x3U);
  EXPECT_EQ(report_secured({.peer_tokens = machine}).flags, 0x1U);
  EXPECT_EQ(report_secured({.peer_tokens = user}).flags, 0x5U);
  EXPECT_EQ(report_secured({.encrypted = true, .peer_tokens = user}).flags, 0x7U);
}

TEST(SecurityReport, TokensAreTakenByTypeMainModeFirst) {
  const std::vector<AccessToken> tokens{token(TokenType::kMachine, TokenMode::kExtended, "B$"),
                                        token(TokenType::kImpersonation, TokenMode::kExtended, "bob"),
                                        token(TokenType::kMachine, TokenMode::kMain, "A$"),
                                        token(TokenType::kImpersonation, TokenMode::kMain, "alice")};
  const SecurityReport report = report_secured({.peer_tokens = tokens});
  EXPECT_EQ(report.machine_token, tokens[2]);
  EXPECT_EQ(report.application_token, tokens[3]);
  const SecurityReport later = report_secured({.peer_tokens = std::span(tokens).first(2)});
  EXPECT_EQ(later.machine_token, tokens[0]);
  EXPECT_EQ(later.application_token, tokens[1]);
  EXPECT_EQ(report_secured({}).machine_token, std::nullopt);
}

TEST(SecurityReport, ASecuredFlowNamesItsSasAndNoError) {
  const Guid lookup = guid("01020304-0506-0708-090a-0b0c0d0e0f10");
  const SecurityReport report =
      report_secured({.main_mode = MmSaId{7}, .quick_mode = QmSaId{9}, .lookup_context = lookup});
  EXPECT_EQ(report.main_mode, MmSaId{7});
  EXPECT_EQ(report.quick_mode, QmSaId{9});
  EXPECT_EQ(report.lookup_context, lookup);
  EXPECT_EQ(report.negotiation_error, 0U);
}

TEST(SecurityReport, AClearFlowTellsNothingButTheReason) {
  SecurityReport expected;
  EXPECT_EQ(report_clear(0), expected);
  expected.negotiation_error = 13805;
  EXPECT_EQ(report_clear(13805), expected);
}

}  // namespace
}  // namespace ssx::ale
