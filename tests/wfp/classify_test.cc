#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/wfp/arbitration.h"
#include "support/conformance.h"
#include "tests/wfp/allocations.h"
#include "tests/wfp/fixtures.h"

namespace ssx::wfp::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Registers a fixed answer under `key`; the log tells what was asked.
std::shared_ptr<FixedCallout::Log> answer(Engine& engine, const Guid& key, CalloutAction action, bool clears = false) {
  auto log = std::make_shared<FixedCallout::Log>();
  engine.register_callout(key, std::make_shared<FixedCallout>(action, clears, log));
  return log;
}

struct OverrideRow {
  const char* name;
  ActionResult current;
  ActionResult next;
  ActionResult result;
  bool vetoed;
};

constexpr ActionResult kNoResult{};
constexpr ActionResult kSoftPermit{Verdict::kPermit, false, false};
constexpr ActionResult kHardPermit{Verdict::kPermit, true, false};
constexpr ActionResult kHardBlock{Verdict::kBlock, true, false};
constexpr ActionResult kCalloutPermit{Verdict::kPermit, false, true};
constexpr ActionResult kCalloutHardPermit{Verdict::kPermit, true, true};
constexpr ActionResult kCalloutBlock{Verdict::kBlock, false, true};
constexpr ActionResult kCalloutHardBlock{Verdict::kBlock, true, true};

// Every row of the table in wfp-model.md 2.6.
constexpr OverrideRow kOverrideTable[] = {
    {"none, soft permit", kNoResult, kSoftPermit, kSoftPermit, false},
    {"none, hard permit", kNoResult, kHardPermit, kHardPermit, false},
    {"none, hard block", kNoResult, kHardBlock, kHardBlock, false},
    {"none, soft block", kNoResult, kCalloutBlock, kCalloutBlock, false},
    {"none, nothing", kNoResult, kNoResult, kNoResult, false},
    {"soft permit, soft permit", kSoftPermit, kCalloutPermit, kSoftPermit, false},
    {"soft permit, hard permit", kSoftPermit, kHardPermit, kHardPermit, false},
    {"soft permit, soft block", kSoftPermit, kCalloutBlock, kCalloutBlock, false},
    {"soft permit, hard block", kSoftPermit, kHardBlock, kHardBlock, false},
    {"soft permit, nothing", kSoftPermit, kNoResult, kSoftPermit, false},
    {"hard permit, soft permit", kHardPermit, kSoftPermit, kHardPermit, false},
    {"hard permit, hard permit", kHardPermit, kCalloutHardPermit, kHardPermit, false},
    {"hard permit, filter block", kHardPermit, kHardBlock, kHardPermit, false},
    {"hard permit, callout block", kHardPermit, kCalloutBlock, kCalloutHardBlock, true},
    {"hard permit, callout hard block", kHardPermit, kCalloutHardBlock, kCalloutHardBlock, true},
    {"soft block, soft permit", kCalloutBlock, kSoftPermit, kSoftPermit, false},
    {"soft block, hard permit", kCalloutBlock, kHardPermit, kHardPermit, false},
    {"soft block, soft block", kCalloutBlock, kCalloutBlock, kCalloutBlock, false},
    {"soft block, hard block", kCalloutBlock, kHardBlock, kHardBlock, false},
    {"hard block, soft permit", kHardBlock, kSoftPermit, kHardBlock, false},
    {"hard block, hard permit", kHardBlock, kHardPermit, kHardBlock, false},
    {"hard block, soft block", kHardBlock, kCalloutBlock, kHardBlock, false},
    {"hard block, hard block", kHardBlock, kCalloutHardBlock, kHardBlock, false},
};

TEST(OverrideTableTest, EveryRowHolds) {
  CONFORMANCE("W-104", "W-105", "W-106", "W-107", "W-108");
  for (const OverrideRow& row : kOverrideTable) {
    const Combination combined = combine(row.current, row.next);
    EXPECT_EQ(combined.result, row.result) << row.name;
    EXPECT_EQ(combined.vetoed, row.vetoed) << row.name;
    EXPECT_EQ(combined.changed, row.result != row.current) << row.name;
  }
}

TEST(ClassifyTest, W102TheHeaviestMatchingFilterOfASublayerDecides) {
  CONFORMANCE("W-102");
  Engine engine = arbitration_engine();
  const auto log = answer(engine, kTestCallout, CalloutAction::kBlock);
  engine.add(weighing(asking(kTestCallout), std::uint64_t{1})).value();
  const FilterId decides = engine.add(weighing(permit(), std::uint64_t{2})).value();
  Filter other_port = weighing(block(), std::uint64_t{3});
  other_port.conditions = {equal(Field::kIpRemotePort, std::uint16_t{1})};
  engine.add(other_port).value();
  EXPECT_EQ(outcome(engine), (ClassifyOutcome{Verdict::kPermit, false, false, decides}));
  EXPECT_EQ(log->calls, 0);
}

TEST(ClassifyTest, EqualWeightsGoByAge) {
  Engine engine;
  const FilterId older = engine.add(block()).value();
  engine.add(permit()).value();
  EXPECT_EQ(outcome(engine).filter, older);
}

TEST(ClassifyTest, W103EverySublayerIsVisitedAlsoAfterABlock) {
  CONFORMANCE("W-103");
  Engine engine = arbitration_engine();
  const auto log = answer(engine, kTestCallout, CalloutAction::kPermit);
  const FilterId blocking = engine.add(in_sublayer(block(), kHigh)).value();
  engine.add(in_sublayer(asking(kTestCallout), kLow)).value();
  EXPECT_EQ(outcome(engine), (ClassifyOutcome{Verdict::kBlock, true, false, blocking}));
  EXPECT_EQ(log->calls, 1);
  EXPECT_TRUE(log->right_was_clear);
}

TEST(ClassifyTest, W104AFilterBlockBelowOverridesASoftPermit) {
  CONFORMANCE("W-104");
  Engine engine = arbitration_engine();
  engine.add(in_sublayer(permit(), kHigh)).value();
  const FilterId blocking = engine.add(in_sublayer(block(), kLow)).value();
  EXPECT_EQ(outcome(engine), (ClassifyOutcome{Verdict::kBlock, true, false, blocking}));
}

TEST(ClassifyTest, W105AFilterBlockCannotBeOverridden) {
  CONFORMANCE("W-105");
  Engine engine = arbitration_engine();
  const FilterId blocking = engine.add(in_sublayer(block(), kHigh)).value();
  engine.add(in_sublayer(flagged(permit(), kFilterClearActionRight), kLow)).value();
  EXPECT_EQ(outcome(engine), (ClassifyOutcome{Verdict::kBlock, true, false, blocking}));
}

TEST(ClassifyTest, W106ACalloutBlockIsSoft) {
  CONFORMANCE("W-106");
  Engine engine = arbitration_engine();
  const auto log = answer(engine, kTestCallout, CalloutAction::kBlock);
  const FilterId asked = engine.add(in_sublayer(asking(kTestCallout), kHigh)).value();
  EXPECT_EQ(outcome(engine), (ClassifyOutcome{Verdict::kBlock, false, false, asked}));
  const FilterId permitting = engine.add(in_sublayer(permit(), kLow)).value();
  EXPECT_EQ(outcome(engine), (ClassifyOutcome{Verdict::kPermit, false, false, permitting}));
  EXPECT_FALSE(log->right_was_clear);
  // Not when the callout cleared the right.
  answer(engine, kTestCallout, CalloutAction::kBlock, true);
  EXPECT_EQ(outcome(engine), (ClassifyOutcome{Verdict::kBlock, true, false, asked}));
}

TEST(ClassifyTest, W107AHardPermitSurvivesAFilterBlock) {
  CONFORMANCE("W-107");
  Engine engine = arbitration_engine();
  const FilterId hard = engine.add(in_sublayer(flagged(permit(), kFilterClearActionRight), kHigh)).value();
  engine.add(in_sublayer(block(), kLow)).value();
  EXPECT_EQ(outcome(engine), (ClassifyOutcome{Verdict::kPermit, true, false, hard}));
}

TEST(ClassifyTest, W108ACalloutBlockVetoesAHardPermit) {
  CONFORMANCE("W-108");
  Engine engine = arbitration_engine();
  const auto log = answer(engine, kTestCallout, CalloutAction::kBlock);
  engine.add(in_sublayer(flagged(permit(), kFilterClearActionRight), kHigh)).value();
  const FilterId vetoing = engine.add(in_sublayer(asking(kTestCallout), kLow)).value();
  EXPECT_EQ(outcome(engine), (ClassifyOutcome{Verdict::kBlock, true, true, vetoing}));
  EXPECT_TRUE(log->right_was_clear);
}

TEST(ClassifyTest, W110AHardPermitAtOneLayerDoesNotReachAnother) {
  CONFORMANCE("W-110");
  Engine engine;
  engine.add(flagged(permit(LayerId::kAleAuthConnectV4), kFilterClearActionRight)).value();
  engine.add(block(LayerId::kOutboundTransportV4)).value();
  EXPECT_TRUE(outcome(engine, tcp_packet(), LayerId::kAleAuthConnectV4).permitted());
  EXPECT_FALSE(outcome(engine).permitted());
}

TEST(ClassifyTest, W111NothingMatchedMeansPermit) {
  CONFORMANCE("W-111");
  Engine engine;
  EXPECT_EQ(outcome(engine), (ClassifyOutcome{Verdict::kPermit, false, false, std::nullopt}));
  Filter elsewhere = block();
  elsewhere.conditions = {equal(Field::kIpProtocol, std::uint8_t{17})};
  engine.add(elsewhere).value();
  EXPECT_EQ(outcome(engine), (ClassifyOutcome{Verdict::kPermit, false, false, std::nullopt}));
}

TEST(ClassifyTest, W112AnUnregisteredCalloutBlocks) {
  CONFORMANCE("W-112");
  for (const ActionType action : {ActionType::kCalloutTerminating, ActionType::kCalloutUnknown}) {
    Engine engine = arbitration_engine();
    const FilterId asked = engine.add(asking(kTestCallout, action)).value();
    EXPECT_EQ(outcome(engine), (ClassifyOutcome{Verdict::kBlock, true, false, asked}));
    answer(engine, kTestCallout, CalloutAction::kPermit);
    EXPECT_TRUE(outcome(engine).permitted());
    engine.unregister_callout(kTestCallout);  // the filters stay
    EXPECT_FALSE(outcome(engine).permitted());
  }
}

TEST(ClassifyTest, W113WithTheFlagAnUnregisteredCalloutPermits) {
  CONFORMANCE("W-113");
  for (const ActionType action : {ActionType::kCalloutTerminating, ActionType::kCalloutUnknown}) {
    Engine engine = arbitration_engine();
    const Filter filter = flagged(asking(kTestCallout, action), kFilterPermitIfCalloutUnregistered);
    const FilterId asked = engine.add(filter).value();
    EXPECT_EQ(outcome(engine), (ClassifyOutcome{Verdict::kPermit, false, false, asked}));
    answer(engine, kTestCallout, CalloutAction::kBlock);
    EXPECT_FALSE(outcome(engine).permitted());
  }
}

TEST(ClassifyTest, W114AnUnregisteredInspectionIsSkipped) {
  CONFORMANCE("W-114");
  Engine engine = arbitration_engine();
  engine.add(weighing(asking(kTestCallout, ActionType::kCalloutInspection), std::uint64_t{2})).value();
  EXPECT_EQ(outcome(engine).filter, std::nullopt);
  const FilterId next = engine.add(weighing(block(), std::uint64_t{1})).value();
  EXPECT_EQ(outcome(engine).filter, next);
}

TEST(ClassifyTest, W115AfterContinueTheNextFilterIsEvaluated) {
  CONFORMANCE("W-115");
  Engine engine = arbitration_engine();
  const auto first = answer(engine, kTestCallout, CalloutAction::kContinue);
  const auto second = answer(engine, kOtherCallout, CalloutAction::kBlock);
  engine.add(weighing(asking(kTestCallout), std::uint64_t{2})).value();
  const FilterId next = engine.add(weighing(asking(kOtherCallout), std::uint64_t{1})).value();
  EXPECT_EQ(outcome(engine), (ClassifyOutcome{Verdict::kBlock, false, false, next}));
  EXPECT_EQ(first->calls, 1);
  EXPECT_EQ(second->calls, 1);
}

TEST(ClassifyTest, AnInspectionNeverDecides) {
  Engine engine = arbitration_engine();
  const auto log = answer(engine, kTestCallout, CalloutAction::kBlock, true);
  engine.add(asking(kTestCallout, ActionType::kCalloutInspection)).value();
  EXPECT_EQ(outcome(engine), (ClassifyOutcome{}));
  EXPECT_EQ(log->calls, 1);
}

TEST(ClassifyTest, FiltersForOtherEditionsAreNeverActive) {
  Engine engine;
  engine.add(flagged(block(), kFilterSystemOsOnly)).value();
  engine.add(flagged(block(), kFilterGameOsOnly)).value();
  EXPECT_TRUE(outcome(engine).permitted());
}

TEST(ClassifyTest, WithoutARecorderNothingIsAllocated) {
  Engine engine = arbitration_engine();
  answer(engine, kTestCallout, CalloutAction::kContinue);
  engine.add(in_sublayer(asking(kTestCallout), kHigh)).value();
  for (std::uint16_t port = 1; port <= 50; ++port) {
    Filter filter = block();
    filter.conditions = {equal(Field::kIpRemotePort, port),
                         address_in(Field::kIpRemoteAddress, IpAddress::v4(0x0A000000), 8)};
    engine.add(filter).value();
  }
  const FilterId last = engine.add(in_sublayer(permit(), kLow)).value();
  ClassifyMetadata metadata;
  const std::size_t before = allocations();
  const FieldValues values = tcp_packet();
  const ClassifyOutcome result = classify(engine, LayerId::kOutboundTransportV4, values, metadata);
  const std::size_t after = allocations();
  EXPECT_EQ(after - before, 0U);
  EXPECT_GT(after, 0U);  // the counter does count
  EXPECT_EQ(result.filter, last);
}

TEST(ExplainTest, ADecisionTellsWhatItBeatAndWhatNearlyMatched) {
  Engine engine = arbitration_engine();
  const FilterId soft = engine.add(in_sublayer(permit(), kHigh)).value();
  Filter near = weighing(block(), std::uint64_t{9});
  near.display = named("other port");
  near.conditions = {equal(Field::kIpProtocol, std::uint8_t{6}), equal(Field::kIpRemotePort, std::uint16_t{27016})};
  engine.add(near).value();
  Filter far = near;  // two fields differ: not near
  far.display = named("far");
  far.conditions[0] = equal(Field::kIpProtocol, std::uint8_t{17});
  engine.add(far).value();
  const FilterId blocking = engine.add(weighing(block(), std::uint64_t{5})).value();
  const FilterId lighter = engine.add(weighing(permit(), std::uint64_t{1})).value();

  DecisionRecorder recorder{"tcp 10.0.0.1:49152 -> 10.0.0.2:27015", {}};
  ClassifyMetadata metadata;
  const ClassifyOutcome result = classify(engine, LayerId::kOutboundTransportV4, tcp_packet(), metadata, &recorder);
  EXPECT_EQ(result, outcome(engine));  // being watched changes nothing
  ASSERT_EQ(recorder.decisions.size(), 1U);
  const Decision& decision = recorder.decisions.front();
  EXPECT_EQ(decision.phase, "OUTBOUND_TRANSPORT_V4");
  EXPECT_EQ(decision.subject, "tcp 10.0.0.1:49152 -> 10.0.0.2:27015");
  EXPECT_EQ(decision.outcome, "block (hard)");
  EXPECT_EQ(decision.object, describe(*engine.filter(blocking)));
  EXPECT_EQ(decision.rule, "wfp-model.md 2.6 W-104");
  ASSERT_EQ(decision.beaten.size(), 3U);
  EXPECT_EQ(decision.beaten[0].object, describe(*engine.filter(soft)));
  EXPECT_THAT(decision.beaten[0].why, HasSubstr("its soft permit gives way to filter"));
  EXPECT_EQ(decision.beaten[1].why, "IP_REMOTE_PORT is 27015, not = 27016");
  EXPECT_THAT(decision.beaten[1].object, HasSubstr("'other port' (UNIVERSAL, BLOCK)"));
  EXPECT_EQ(decision.beaten[2].object, describe(*engine.filter(lighter)));
  EXPECT_THAT(decision.beaten[2].why, HasSubstr("comes first (W-102)"));
}

TEST(ExplainTest, RulesFollowTheOutcome) {
  const auto rule = [](const Engine& engine) {
    DecisionRecorder recorder;
    ClassifyMetadata metadata;
    classify(engine, LayerId::kOutboundTransportV4, tcp_packet(), metadata, &recorder);
    return recorder.decisions.at(0).outcome + ": " + recorder.decisions.at(0).rule;
  };
  Engine engine = arbitration_engine();
  EXPECT_EQ(rule(engine), "permit: wfp-model.md 2.1 W-111");
  engine.add(in_sublayer(asking(kTestCallout), kLow)).value();
  EXPECT_EQ(rule(engine), "block (hard): wfp-model.md 2.5 W-112");
  answer(engine, kTestCallout, CalloutAction::kBlock);
  EXPECT_EQ(rule(engine), "block: wfp-model.md 2.1 W-102");
  engine.add(in_sublayer(flagged(permit(), kFilterClearActionRight), kHigh)).value();
  EXPECT_EQ(rule(engine), "block (veto): wfp-model.md 2.6 W-108");
}

}  // namespace
}  // namespace ssx::wfp::testing
