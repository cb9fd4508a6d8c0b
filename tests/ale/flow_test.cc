// The flow machine: every state and event of wfp-model.md 4.7, and what holds on every way through it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "crypto/seeded_random.h"
#include "model/ale/flow.h"
#include "model/base/overloaded.h"

namespace ssx::ale {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr Instant kNow{100s};
constexpr UsableSa kPlain{SaContextId{1}, false};
constexpr UsableSa kCipher{SaContextId{2}, true};
constexpr FlowConfig kNothing{};
constexpr FlowConfig kSecurity{.requirements = {.security = true}};
constexpr FlowConfig kEncryption{.requirements = {.security = true, .encryption = true}};
constexpr FlowConfig kEncryptionOnly{.requirements = {.encryption = true}};
constexpr FlowConfig kWaiting{.wait = 10s};

/// One row of the table of 4.7.
void expect_step(const FlowState& from, const FlowEvent& event, const FlowConfig& config, const FlowState& to,
                 const std::vector<FlowEffect>& effects, int line) {
  const FlowStep taken = step(from, event, kNow, config);
  EXPECT_TRUE(taken.next == to) << "line " << line << ": " << to_string(from) << " -> " << to_string(taken.next);
  EXPECT_TRUE(taken.effects == effects) << "line " << line << ": " << taken.effects.size() << " effects";
  EXPECT_TRUE(is_consistent(taken.next, config)) << "line " << line;
}
#define EXPECT_STEP(from, event, config, to, ...) \
  expect_step(from, event, config, to, std::vector<FlowEffect>{__VA_ARGS__}, __LINE__)

TEST(FlowMachine, PendingGoesWhereTheFirstPacketsRulesSay) {
  EXPECT_STEP(Pending{}, Authorised{}, kNothing, Clear{}, );
  EXPECT_STEP(Pending{}, Authorised{.protection_wanted = true}, kNothing, Negotiating{}, StartNegotiation{});
  EXPECT_STEP(Pending{}, (Authorised{.protection_wanted = true, .clear_allowed = true}), kNothing,
              Negotiating{.clear_allowed = true}, StartNegotiation{});
  // A requirement needs no callout, and discovery does not soften it.
  EXPECT_STEP(Pending{}, Authorised{}, kSecurity, Negotiating{}, StartNegotiation{});
  EXPECT_STEP(Pending{}, (Authorised{.protection_wanted = true, .clear_allowed = true}), kSecurity, Negotiating{},
              StartNegotiation{});
  EXPECT_STEP(Pending{}, (Authorised{.protection_wanted = true, .clear_allowed = true}), kEncryptionOnly, Negotiating{},
              StartNegotiation{true});
  EXPECT_STEP(Pending{}, Authorised{.has_policy = false}, kSecurity, Dead{}, DropHeld{},
              ReportFailure{FlowFailure::kNoPolicy});
  EXPECT_STEP(Pending{}, Authorised{.has_policy = false}, kNothing, Clear{}, );
  EXPECT_STEP(Pending{}, Refused{}, kNothing, Dead{}, DropHeld{}, ReportFailure{FlowFailure::kBlocked});
}

TEST(FlowMachine, AFlowThatComesUnderAnSaBeginsSecured) {
  EXPECT_STEP(Pending{}, Authorised{.sa = kPlain}, kSecurity, (Secured{kPlain.context, false}), );
  EXPECT_STEP(Pending{}, Authorised{.sa = kCipher}, kEncryption, (Secured{kCipher.context, true}), );
  // ALLOW_FIRST_INBOUND_PKT_UNENCRYPTED (U-31): an encrypting quick mode follows.
  EXPECT_STEP(Pending{}, Authorised{.sa = kPlain}, kEncryption, Negotiating{.was_secure = true},
              StartNegotiation{true});
}

TEST(FlowMachine, NegotiatingEndsWithAnSaThatSatisfies) {
  EXPECT_STEP(Negotiating{}, SaReady{kPlain}, kSecurity, (Secured{kPlain.context, false}), ReleaseHeld{false});
  EXPECT_STEP(Negotiating{.clear_allowed = true}, ArrivedSecured{kPlain}, kNothing, (Secured{kPlain.context, false}),
              ReleaseHeld{false});
  EXPECT_STEP(Negotiating{}, SaReady{kCipher}, kEncryption, (Secured{kCipher.context, true}), ReleaseHeld{false});
}

TEST(FlowMachine, WithoutACipherASecondQuickModeAsksForOneAndOnlyOne) {
  const Negotiating second{.was_secure = true, .second = true};
  EXPECT_STEP(Negotiating{}, SaReady{kPlain}, kEncryption, second, StartNegotiation{true});
  EXPECT_STEP(second, SaReady{kCipher}, kEncryption, (Secured{kCipher.context, true}), ReleaseHeld{false});
  EXPECT_STEP(second, SaReady{kPlain}, kEncryption, (Failed{0, true}), DropHeld{},
              ReportFailure{FlowFailure::kSecurity});
  EXPECT_STEP(Negotiating{}, ArrivedSecured{kPlain}, kEncryption, Negotiating{.was_secure = true}, );
}

TEST(FlowMachine, AFailureFallsBackOnlyWhereClearIsAllowed) {
  const NegotiationFailed failure{13805, false};
  EXPECT_STEP(Negotiating{.clear_allowed = true}, failure, kNothing, Clear{13805}, ReleaseHeld{true});
  EXPECT_STEP(Negotiating{}, failure, kSecurity, Failed{13805}, DropHeld{},
              (ReportFailure{FlowFailure::kSecurity, 13805}));
  // U-34: never after a wrong name, not even in discovery.
  EXPECT_STEP(Negotiating{.clear_allowed = true}, (NegotiationFailed{13801, true}), kNothing, Failed{13801}, DropHeld{},
              (ReportFailure{FlowFailure::kSecurity, 13801}));
}

TEST(FlowMachine, OneNegotiationAtATime) {
  EXPECT_STEP(Negotiating{.clear_allowed = true}, ProtectionNeeded{true}, kNothing,
              Negotiating{.clear_allowed = true}, );
  EXPECT_STEP(Negotiating{}, Requested{}, kSecurity, Negotiating{}, );
}

TEST(FlowMachine, AClearFlowThatFailedStartsNoFurtherNegotiation) {
  EXPECT_STEP(Clear{}, ProtectionNeeded{true}, kNothing, Negotiating{.clear_allowed = true}, StartNegotiation{});
  EXPECT_STEP(Clear{13805}, ProtectionNeeded{true}, kNothing, Clear{13805}, );
  EXPECT_STEP(Clear{13805}, Requested{}, kNothing, Clear{13805}, );
  EXPECT_STEP(Clear{13805}, ProtectionNeeded{false}, kNothing, Negotiating{}, StartNegotiation{});
  EXPECT_STEP(Clear{13805}, SaReady{kPlain}, kNothing, (Secured{kPlain.context, false}), );
  EXPECT_STEP(Clear{}, ArrivedSecured{kCipher}, kNothing, (Secured{kCipher.context, true}), );
}

TEST(FlowMachine, ASecuredFlowWithoutSaNegotiatesWithItsNextPacketAndNeverInClear) {
  const Secured before{kPlain.context, false};
  const Secured idle{std::nullopt, false};
  EXPECT_STEP(before, SaGone{kPlain.context}, kNothing, idle, );
  EXPECT_STEP(before, SaGone{SaContextId{77}}, kNothing, before, );
  EXPECT_STEP(idle, ProtectionNeeded{true}, kNothing, Negotiating{.was_secure = true}, StartNegotiation{});
  EXPECT_STEP(Negotiating{.was_secure = true}, (NegotiationFailed{13805, false}), kNothing, (Failed{13805, true}),
              DropHeld{}, (ReportFailure{FlowFailure::kSecurity, 13805}));
  EXPECT_STEP(before, SaReady{kCipher}, kNothing, (Secured{kCipher.context, true}), );  // rekeyed
  EXPECT_STEP(before, (NegotiationFailed{13805, false}), kNothing, before, );           // a rekey that failed
}

TEST(FlowMachine, AFailedFlowIsRestartedByTheApplicationOnly) {
  EXPECT_STEP(Failed{13805}, ProtectionNeeded{true}, kNothing, Failed{13805}, );
  EXPECT_STEP(Failed{13805}, Requested{}, kSecurity, Negotiating{}, StartNegotiation{});
  EXPECT_STEP((Failed{13805, true}), Requested{}, kNothing, Negotiating{.was_secure = true}, StartNegotiation{});
  EXPECT_STEP(Failed{13805}, SaReady{kPlain}, kSecurity, (Secured{kPlain.context, false}), );
  EXPECT_STEP(Failed{13805}, SaReady{kPlain}, kEncryption, Failed{13805}, );
}

TEST(FlowMachine, AnOpenSocketsFirstPacketWaitsForTheOutcomeAtMostTheKnob) {
  const FlowState waiting = Negotiating{.clear_allowed = true, .waits_until = kNow + 10s};
  EXPECT_STEP(Pending{}, (Authorised{.protection_wanted = true, .clear_allowed = true}), kWaiting, waiting,
              StartNegotiation{});
  EXPECT_EQ(next_deadline(waiting), kNow + 10s);
  EXPECT_STEP(waiting, TimerFired{}, kWaiting, waiting, );  // early
  const FlowStep over = step(waiting, TimerFired{}, kNow + 10s, kWaiting);
  EXPECT_TRUE(over.next == FlowState(Negotiating{.clear_allowed = true}));
  EXPECT_THAT(over.effects, ElementsAre(FlowEffect(ReleaseHeld{true})));
  EXPECT_EQ(next_deadline(over.next), std::nullopt);
  // A flow that may not send clear has nothing to wait for.
  EXPECT_STEP(Pending{}, (Authorised{.protection_wanted = true}), kWaiting, Negotiating{}, StartNegotiation{});
}

std::vector<FlowState> some_states() {
  return {Pending{},
          Negotiating{},
          Negotiating{.clear_allowed = true},
          Negotiating{.was_secure = true},
          Clear{},
          Clear{13805},
          Secured{kPlain.context, false},
          Secured{kCipher.context, true},
          Failed{13805},
          Failed{1, true},
          Dead{}};
}
std::vector<FlowEvent> some_events() {
  return {Authorised{},
          Authorised{.protection_wanted = true},
          Authorised{.protection_wanted = true, .clear_allowed = true},
          Authorised{.has_policy = false},
          Authorised{.sa = kPlain},
          Authorised{.sa = kCipher},
          Refused{},
          ProtectionNeeded{true},
          ProtectionNeeded{false},
          SaReady{kPlain},
          SaReady{kCipher},
          ArrivedSecured{kPlain},
          ArrivedSecured{kCipher},
          SaGone{kPlain.context},
          SaGone{kCipher.context},
          NegotiationFailed{13805, false},
          NegotiationFailed{13801, true},
          Requested{},
          Ended{},
          TimerFired{}};
}

TEST(FlowMachine, DeadIsForEverAndEveryFlowCanEnd) {
  for (const FlowEvent& event : some_events()) {
    const FlowStep taken = step(Dead{}, event, kNow, kNothing);
    EXPECT_TRUE(taken.next == FlowState(Dead{}));
    EXPECT_THAT(taken.effects, IsEmpty());
  }
  for (const FlowState& state : some_states()) {
    EXPECT_TRUE(step(state, Ended{}, kNow, kNothing).next == FlowState(Dead{}));
    EXPECT_TRUE(step(state, Refused{}, kNow, kNothing).next == FlowState(Dead{}));
  }
}

TEST(FlowMachine, ANegotiationStartsOnlyOnTheWayIntoNegotiating) {
  for (const FlowConfig& config : {kNothing, kSecurity, kEncryption, kWaiting}) {
    for (const FlowState& state : some_states()) {
      if (!is_consistent(state, config)) continue;
      for (const FlowEvent& event : some_events()) {
        const FlowStep taken = step(state, event, kNow, config);
        EXPECT_TRUE(is_consistent(taken.next, config)) << to_string(state) << " -> " << to_string(taken.next);
        for (const FlowEffect& effect : taken.effects) {
          if (!std::holds_alternative<StartNegotiation>(effect)) continue;
          EXPECT_TRUE(is_negotiating(taken.next));
        }
        const bool entered = is_negotiating(taken.next) && !is_negotiating(state);
        EXPECT_EQ(entered && taken.effects.empty(), false) << to_string(state);
      }
    }
  }
}

/// 100 random ways of 200 events: what was said once stays true.
TEST(FlowMachine, NoWayLeadsBackToClear) {
  crypto::SeededRandom random(7, "flows");
  const std::vector<FlowEvent> events = some_events();
  int secured = 0;
  for (int way = 0; way < 100; ++way) {
    for (const FlowConfig& config : {kNothing, kSecurity, kEncryption, kWaiting}) {
      FlowState state = Pending{};
      bool forbidden = forbids_clear(state, config);
      for (int i = 0; i < 200; ++i) {
        const std::size_t at = static_cast<std::size_t>(random.below(events.size()));
        if (std::holds_alternative<Ended>(events[at]) || std::holds_alternative<Refused>(events[at])) continue;
        const FlowStep taken = step(state, events[at], kNow, config);
        if (forbidden) {
          EXPECT_TRUE(forbids_clear(taken.next, config)) << to_string(state) << " -> " << to_string(taken.next);
          EXPECT_THAT(taken.effects, ::testing::Not(::testing::Contains(FlowEffect(ReleaseHeld{true}))));
        }
        state = taken.next;
        forbidden = forbidden || has_been_secure(state);
        secured += has_been_secure(state) ? 1 : 0;
      }
    }
  }
  EXPECT_GT(secured, 1000) << "the walks reach what they are about";
}

}  // namespace
}  // namespace ssx::ale
