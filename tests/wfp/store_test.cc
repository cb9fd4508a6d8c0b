#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "support/conformance.h"
#include "tests/wfp/fixtures.h"

namespace ssx::wfp::testing {
namespace {

constexpr Guid kKey = guid("33333333-0000-4000-8000-000000000001");
constexpr Guid kOtherKey = guid("33333333-0000-4000-8000-000000000002");
constexpr Guid kNoKey = guid("33333333-0000-4000-8000-00000000ffff");
constexpr Requester kSession1{SessionId{1}};
constexpr Requester kSession2{SessionId{2}};

Provider a_provider(const Guid& key = kKey) {
  Provider provider;
  provider.key = key;
  provider.display = named("test provider");
  return provider;
}

ProviderContext a_context(const Guid& key = kKey) {
  return quick_mode_context(ProviderContextType::kAuthipQmTransport, plain_quick_mode(), key);
}

Filter with_key(Filter filter, const Guid& key = kKey) {
  filter.key = key;
  return filter;
}
Filter with_provider(Filter filter, const Guid& key) {
  filter.provider = key;
  return filter;
}

TEST(StoreTest, W031OneGuidMayNameOneObjectOfEachKind) {
  CONFORMANCE("W-031");
  Engine engine;
  EXPECT_TRUE(engine.add(a_provider()));
  EXPECT_TRUE(engine.add(sublayer_weighing(5, kKey)));
  EXPECT_TRUE(engine.add(callout_object(kKey)));
  EXPECT_TRUE(engine.add(a_context()));
  EXPECT_TRUE(engine.add(with_key(permit())));
}

TEST(StoreTest, W032ASecondObjectOfTheKindWithThatKeyIsRefused) {
  CONFORMANCE("W-032");
  Engine engine;
  for (const auto expected : {std::optional<FwpError>{}, std::optional(FwpError::kAlreadyExists)}) {
    EXPECT_EQ(error_of(engine.add(a_provider())), expected);
    EXPECT_EQ(error_of(engine.add(sublayer_weighing(5, kKey))), expected);
    EXPECT_EQ(error_of(engine.add(callout_object(kKey))), expected);
    EXPECT_EQ(error_of(engine.add(a_context())), expected);
    EXPECT_EQ(error_of(engine.add(with_key(permit()))), expected);
  }
  EXPECT_EQ(error_of(engine.add(sublayer_weighing(5, kSublayerUniversal))), FwpError::kAlreadyExists);
}

TEST(StoreTest, W033AZeroKeyIsReplacedByOneThatTheIdLeadsTo) {
  CONFORMANCE("W-033");
  Engine engine{EngineConfig{.key_seed = 7}};
  std::set<Guid> keys;
  for (int i = 0; i < 100; ++i) {
    const FilterId id = engine.add(permit()).value();
    const Guid key = engine.filter(id)->key;
    EXPECT_EQ(key.data3 >> 12, 4);         // version 4
    EXPECT_EQ(key.data4[0] & 0xC0, 0x80);  // variant of RFC 4122
    EXPECT_EQ(engine.filter(key)->id, id);
    keys.insert(key);
  }
  EXPECT_EQ(keys.size(), 100U);
  EXPECT_FALSE(engine.add(a_provider(Guid{})).value().is_zero());
  EXPECT_FALSE(engine.add(a_context(Guid{})).value().is_zero());
  Engine other{EngineConfig{.key_seed = 8}};
  EXPECT_FALSE(keys.contains(other.filter(other.add(permit()).value())->key));
}

TEST(StoreTest, W034AMissingDisplayNameIsRefusedForEveryKind) {
  CONFORMANCE("W-034", "C-262");
  Engine engine;
  const auto nameless = [](auto object) {
    object.display.name.reset();
    return object;
  };
  EXPECT_EQ(error_of(engine.add(nameless(a_provider()))), FwpError::kNullDisplayName);
  EXPECT_EQ(error_of(engine.add(nameless(sublayer_weighing(5, kKey)))), FwpError::kNullDisplayName);
  EXPECT_EQ(error_of(engine.add(nameless(callout_object(kKey)))), FwpError::kNullDisplayName);
  EXPECT_EQ(error_of(engine.add(nameless(a_context()))), FwpError::kNullDisplayName);
  EXPECT_EQ(error_of(engine.add(nameless(permit()))), FwpError::kNullDisplayName);
  // C-262, the rest of it: a new key is accepted, an existing one is not, and zero proposals are an empty array.
  EXPECT_TRUE(engine.add(a_context()));
  EXPECT_EQ(error_of(engine.add(a_context())), FwpError::kAlreadyExists);
  EXPECT_EQ(error_of(engine.add(quick_mode_context(ProviderContextType::kAuthipQmTransport, QuickModePolicy{}))),
            FwpError::kZeroLengthArray);
}

TEST(StoreTest, W035ToW039AFilterMayOnlyNameWhatExists) {
  CONFORMANCE("W-035", "W-036", "W-037", "W-038", "W-039");
  Engine engine;
  EXPECT_EQ(error_of(engine.add(with_provider(permit(), kNoKey))), FwpError::kProviderNotFound);
  EXPECT_EQ(error_of(engine.add(in_sublayer(permit(), kNoKey))), FwpError::kSublayerNotFound);
  EXPECT_EQ(error_of(engine.add(permit(LayerId::kUnknown))), FwpError::kLayerNotFound);
  EXPECT_EQ(error_of(engine.add(asking(kNoKey))), FwpError::kCalloutNotFound);
  EXPECT_EQ(error_of(engine.add(policy_filter(LayerId::kIpsecV4, kNoKey))), FwpError::kProviderContextNotFound);
  EXPECT_TRUE(engine.filters().empty());
}

TEST(StoreTest, W040DeletingWhatIsNotThereNamesItsKind) {
  CONFORMANCE("W-040", "C-264");
  Engine engine;
  EXPECT_EQ(error_of(engine.delete_provider(kNoKey)), FwpError::kProviderNotFound);
  EXPECT_EQ(error_of(engine.delete_sublayer(kNoKey)), FwpError::kSublayerNotFound);
  EXPECT_EQ(error_of(engine.delete_callout(kNoKey)), FwpError::kCalloutNotFound);
  EXPECT_EQ(error_of(engine.delete_provider_context(kNoKey)), FwpError::kProviderContextNotFound);
  EXPECT_EQ(error_of(engine.delete_filter(kNoKey)), FwpError::kFilterNotFound);
  EXPECT_EQ(error_of(engine.delete_filter(FilterId{99})), FwpError::kFilterNotFound);
  // C-264, the rest of it: held by an open secured socket.
  engine.add(a_context()).value();
  engine.hold_provider_context(kKey).value();
  EXPECT_EQ(error_of(engine.delete_provider_context(kKey)), FwpError::kInUse);
  engine.release_provider_context(kKey);
  EXPECT_EQ(error_of(engine.delete_provider_context(kKey)), std::nullopt);
  EXPECT_EQ(error_of(engine.hold_provider_context(kKey)), FwpError::kProviderContextNotFound);
}

TEST(StoreTest, W041AProviderInUseStays) {
  CONFORMANCE("W-041");
  Engine engine;
  engine.add(a_provider()).value();
  Sublayer sublayer = sublayer_weighing(5, kKey);
  sublayer.provider = kKey;
  engine.add(sublayer).value();
  EXPECT_EQ(error_of(engine.delete_provider(kKey)), FwpError::kInUse);
  engine.delete_sublayer(kKey).value();
  CalloutObject callout = callout_object(kKey);
  callout.provider = kKey;
  engine.add(callout).value();
  EXPECT_EQ(error_of(engine.delete_provider(kKey)), FwpError::kInUse);
  engine.delete_callout(kKey).value();
  ProviderContext context = a_context();
  context.provider = kKey;
  engine.add(context).value();
  EXPECT_EQ(error_of(engine.delete_provider(kKey)), FwpError::kInUse);
  engine.delete_provider_context(kKey).value();
  const FilterId id = engine.add(with_provider(permit(), kKey)).value();
  EXPECT_EQ(error_of(engine.delete_provider(kKey)), FwpError::kInUse);
  engine.delete_filter(id).value();
  EXPECT_EQ(error_of(engine.delete_provider(kKey)), std::nullopt);
  EXPECT_EQ(engine.provider(kKey), nullptr);
}

TEST(StoreTest, W042ASublayerWithAFilterStays) {
  CONFORMANCE("W-042");
  Engine engine;
  engine.add(sublayer_weighing(5, kKey)).value();
  const FilterId first = engine.add(in_sublayer(permit(), kKey)).value();
  const FilterId second = engine.add(in_sublayer(permit(), kKey)).value();
  EXPECT_EQ(error_of(engine.delete_sublayer(kKey)), FwpError::kInUse);
  engine.delete_filter(first).value();
  EXPECT_EQ(error_of(engine.delete_sublayer(kKey)), FwpError::kInUse);
  engine.delete_filter(second).value();
  EXPECT_EQ(error_of(engine.delete_sublayer(kKey)), std::nullopt);
}

TEST(StoreTest, W043AContextWithAFilterStays) {
  CONFORMANCE("W-043", "W-253");
  Engine engine;
  engine.add(a_context()).value();
  const FilterId id = engine.add(policy_filter(LayerId::kIpsecV4, kKey)).value();
  EXPECT_EQ(error_of(engine.delete_provider_context(kKey)), FwpError::kInUse);
  engine.hold_provider_context(kKey).value();
  engine.delete_filter(id).value();
  EXPECT_EQ(error_of(engine.delete_provider_context(kKey)), FwpError::kInUse);  // the socket still holds it
  engine.release_provider_context(kKey);
  EXPECT_EQ(error_of(engine.delete_provider_context(kKey)), std::nullopt);
}

TEST(StoreTest, W044ACalloutWithAFilterStays) {
  CONFORMANCE("W-044");
  Engine engine;
  engine.add(callout_object(kKey)).value();
  const FilterId id = engine.add(asking(kKey)).value();
  EXPECT_EQ(error_of(engine.delete_callout(kKey)), FwpError::kInUse);
  engine.delete_filter(id).value();
  EXPECT_EQ(error_of(engine.delete_callout(kKey)), std::nullopt);
}

TEST(StoreTest, W045BuiltInObjectsCannotBeDeleted) {
  CONFORMANCE("W-045", "C-244");
  Engine engine;
  EXPECT_EQ(error_of(engine.delete_sublayer(kSublayerUniversal)), FwpError::kBuiltinObject);
  EXPECT_EQ(error_of(engine.delete_callout(kCalloutIpsecAleConnectV4)), FwpError::kBuiltinObject);
  EXPECT_EQ(error_of(engine.delete_provider(kProviderIkeext)), FwpError::kBuiltinObject);
  EXPECT_EQ(error_of(engine.delete_provider_context(kContextSecureSocketAuthip)), FwpError::kBuiltinObject);
  EXPECT_EQ(error_of(engine.delete_provider_context(kContextSecureSocketIpsec)), FwpError::kBuiltinObject);
}

TEST(StoreTest, W046AStaticFilterMayNotNameADynamicContext) {
  CONFORMANCE("W-046");
  Engine engine;
  engine.add(a_context(), kSession1).value();
  EXPECT_EQ(error_of(engine.add(policy_filter(LayerId::kIpsecV4, kKey))), FwpError::kLifetimeMismatch);
  EXPECT_TRUE(engine.add(policy_filter(LayerId::kIpsecV4, kKey), kSession1));
}

TEST(StoreTest, W047APersistentFilterMayNotBeInAStaticSublayer) {
  CONFORMANCE("W-047");
  Engine engine;
  engine.add(sublayer_weighing(5, kKey)).value();
  EXPECT_EQ(error_of(engine.add(flagged(in_sublayer(permit(), kKey), kFilterPersistent))), FwpError::kLifetimeMismatch);
  EXPECT_EQ(error_of(engine.add(flagged(in_sublayer(permit(), kKey), kFilterBootTime))), FwpError::kLifetimeMismatch);
}

TEST(StoreTest, W048APersistentObjectMayNotNameAnotherProvidersPersistentObject) {
  CONFORMANCE("W-048");
  Engine engine;
  Provider provider = a_provider(kKey);
  provider.flags = kProviderPersistent;
  engine.add(provider).value();
  provider.key = kOtherKey;
  engine.add(provider).value();
  Sublayer sublayer = sublayer_weighing(5, kKey);
  sublayer.flags = kSublayerPersistent;
  sublayer.provider = kKey;
  engine.add(sublayer).value();
  const Filter filter = flagged(in_sublayer(permit(), kKey), kFilterPersistent);
  EXPECT_EQ(error_of(engine.add(with_provider(filter, kOtherKey))), FwpError::kLifetimeMismatch);
  EXPECT_EQ(error_of(engine.add(filter)), FwpError::kLifetimeMismatch);
  EXPECT_EQ(error_of(engine.add(with_provider(filter, kKey))), std::nullopt);
  // A persistent object of no provider is open to all.
  sublayer.key = kOtherKey;
  sublayer.provider.reset();
  engine.add(sublayer).value();
  const Filter elsewhere = flagged(in_sublayer(permit(), kOtherKey), kFilterPersistent);
  EXPECT_EQ(error_of(engine.add(with_provider(elsewhere, kKey))), std::nullopt);
}

TEST(StoreTest, W049ADynamicFilterMayNameLongerLivedObjects) {
  CONFORMANCE("W-049");
  Engine engine;
  Sublayer sublayer = sublayer_weighing(5, kKey);
  engine.add(sublayer).value();
  sublayer.key = kOtherKey;
  sublayer.flags = kSublayerPersistent;
  engine.add(sublayer).value();
  EXPECT_TRUE(engine.add(in_sublayer(permit(), kKey), kSession1));
  EXPECT_TRUE(engine.add(in_sublayer(permit(), kOtherKey), kSession1));
  EXPECT_TRUE(engine.add(in_sublayer(permit(), kSublayerUniversal), kSession1));
}

TEST(StoreTest, W050ADynamicFilterMayNotNameAnotherSessionsObject) {
  CONFORMANCE("W-050");
  Engine engine;
  engine.add(sublayer_weighing(5, kKey), kSession1).value();
  EXPECT_EQ(error_of(engine.add(in_sublayer(permit(), kKey), kSession2)), FwpError::kLifetimeMismatch);
  EXPECT_EQ(error_of(engine.add(in_sublayer(permit(), kKey))), FwpError::kLifetimeMismatch);
  EXPECT_EQ(error_of(engine.add(in_sublayer(permit(), kKey), kSession1)), std::nullopt);
}

TEST(StoreTest, W051EveryLifetimeMayNameABuiltInObject) {
  CONFORMANCE("W-051");
  Engine engine;
  EXPECT_TRUE(engine.add(permit()));
  EXPECT_TRUE(engine.add(permit(), kSession1));
  EXPECT_TRUE(engine.add(flagged(permit(), kFilterPersistent)));
  EXPECT_TRUE(engine.add(flagged(permit(), kFilterBootTime)));
  EXPECT_TRUE(engine.add(flagged(policy_filter(LayerId::kIpsecV4, kContextSecureSocketIpsec), kFilterPersistent)));
}

TEST(StoreTest, W052ADynamicSessionMayNotDeleteAStaticObject) {
  CONFORMANCE("W-052");
  Engine engine;
  const FilterId id = engine.add(permit()).value();
  EXPECT_EQ(error_of(engine.delete_filter(id, kSession1)), FwpError::kDynamicSessionInProgress);
  EXPECT_NE(engine.filter(id), nullptr);
}

TEST(StoreTest, W053ADynamicSessionMayNotDeleteAnotherOnesObject) {
  CONFORMANCE("W-053");
  Engine engine;
  const FilterId id = engine.add(permit(), kSession1).value();
  EXPECT_EQ(error_of(engine.delete_filter(id, kSession2)), FwpError::kWrongSession);
  EXPECT_EQ(error_of(engine.delete_filter(id, kSession1)), std::nullopt);
}

TEST(StoreTest, W054PersistentAndBootTimeExcludeEachOther) {
  CONFORMANCE("W-054");
  Engine engine;
  EXPECT_EQ(error_of(engine.add(flagged(permit(), kFilterPersistent | kFilterBootTime))), FwpError::kInvalidFlags);
  EXPECT_EQ(error_of(engine.add(flagged(permit(), kFilterPersistent), kSession1)), FwpError::kDynamicSessionInProgress);
}

TEST(StoreTest, W055ABootTimeFilterNeedsAKernelLayer) {
  CONFORMANCE("W-055");
  Engine engine;
  const Filter filter = flagged(policy_filter(LayerId::kIpsecV4, kContextSecureSocketIpsec), kFilterBootTime);
  EXPECT_EQ(error_of(engine.add(filter)), FwpError::kIncompatibleLayer);
}

TEST(StoreTest, W062SublayersNeverShareAWeight) {
  CONFORMANCE("W-062");
  Engine engine;
  engine.add(sublayer_weighing(100, kKey)).value();
  engine.add(sublayer_weighing(100, kOtherKey)).value();
  EXPECT_EQ(engine.sublayer(kKey)->weight, 100);
  EXPECT_EQ(engine.sublayer(kOtherKey)->weight, 99);  // P-1: downwards
  // Directly below UNIVERSAL lies LIPS.
  EXPECT_EQ(engine.sublayer(engine.add(sublayer_weighing(0x8000)).value())->weight, 0x7FFE);
  // Nothing is free below: upwards. 0 to 6 are built in but for 7.
  EXPECT_EQ(engine.sublayer(engine.add(sublayer_weighing(3)).value())->weight, 7);
}

TEST(StoreTest, W129W130PolicyLayersTakeOnlyPermit) {
  CONFORMANCE("W-129", "W-130");
  for (const LayerId layer : {LayerId::kIkeextV4, LayerId::kIpsecV6, LayerId::kIpsecKmDemuxV4}) {
    Engine engine;
    EXPECT_EQ(error_of(engine.add(block(layer))), FwpError::kActionIncompatibleWithLayer);
    engine.add(callout_object(kKey, layer)).value();
    for (const ActionType action :
         {ActionType::kCalloutTerminating, ActionType::kCalloutInspection, ActionType::kCalloutUnknown}) {
      EXPECT_EQ(error_of(engine.add(asking(kKey, action, layer))), FwpError::kActionIncompatibleWithLayer);
    }
  }
  Engine engine;
  engine.add(callout_object(kKey, LayerId::kKmAuthorization)).value();
  EXPECT_EQ(error_of(engine.add(asking(kKey, ActionType::kCalloutTerminating, LayerId::kKmAuthorization))),
            FwpError::kActionIncompatibleWithLayer);
}

TEST(StoreTest, ActionsThatAreOnlyResultsAreRefused) {
  Engine engine;
  for (const ActionType action : {ActionType::kContinue, ActionType::kNone, ActionType::kNoneNoMatch,
                                  ActionType::kBitmapIndexSet, static_cast<ActionType>(0)}) {
    EXPECT_EQ(error_of(engine.add(filter_at(LayerId::kStreamV4, action))), FwpError::kInvalidActionType);
  }
}

TEST(StoreTest, FlagsThatCallersMayNotSetAreRefused) {
  Engine engine;
  for (const std::uint32_t flag : {kFilterDisabled, 0x1000U, 0x2000U, 0x4000U, kFilterPermitIfCalloutUnregistered}) {
    EXPECT_EQ(error_of(engine.add(flagged(permit(), flag))), FwpError::kInvalidFlags) << flag;
  }
  engine.add(callout_object(kKey)).value();
  EXPECT_TRUE(engine.add(flagged(asking(kKey), kFilterPermitIfCalloutUnregistered)));
  EXPECT_EQ(
      error_of(engine.add(flagged(asking(kKey, ActionType::kCalloutInspection), kFilterPermitIfCalloutUnregistered))),
      FwpError::kInvalidFlags);
}

TEST(StoreTest, ACalloutOfAnotherLayerIsRefused) {
  Engine engine;
  EXPECT_EQ(error_of(engine.add(asking(kCalloutIpsecInboundTransportV4))), FwpError::kIncompatibleLayer);
}

TEST(StoreTest, EachLayerTakesItsOwnContexts) {
  Engine engine;
  const Guid main_mode = kContextSecureSocketAuthip;
  const Guid quick_mode = kContextSecureSocketIpsec;
  EXPECT_TRUE(engine.add(policy_filter(LayerId::kIkeextV4, main_mode)));
  EXPECT_EQ(error_of(engine.add(policy_filter(LayerId::kIkeextV4, quick_mode))), FwpError::kProviderContextMismatch);
  EXPECT_EQ(error_of(engine.add(policy_filter(LayerId::kIpsecV4, main_mode))), FwpError::kProviderContextMismatch);
  EXPECT_EQ(error_of(engine.add(policy_filter(LayerId::kStreamV4, main_mode))), FwpError::kProviderContextMismatch);
  EXPECT_EQ(error_of(engine.add(permit(LayerId::kIkeextV4))), FwpError::kContextIncompatibleWithLayer);
  EXPECT_EQ(error_of(engine.add(permit(LayerId::kIpsecV6))), FwpError::kContextIncompatibleWithLayer);
}

TEST(StoreTest, BuiltInCalloutsTakeTheirRawContexts) {
  Engine engine;
  const auto with_raw = [](const Guid& callout, LayerId layer, std::uint64_t raw) {
    Filter filter = asking(callout, ActionType::kCalloutTerminating, layer);
    filter.raw_context = raw;
    return filter;
  };
  const LayerId out = LayerId::kOutboundTransportV4;
  EXPECT_TRUE(engine.add(with_raw(kCalloutIpsecOutboundTransportV4, out, 0x7)));
  EXPECT_EQ(error_of(engine.add(with_raw(kCalloutIpsecOutboundTransportV4, out, 0x8))),
            FwpError::kContextIncompatibleWithCallout);
  const LayerId connect = LayerId::kAleAuthConnectV4;
  EXPECT_TRUE(engine.add(with_raw(kCalloutIpsecAleConnectV4, connect, 0x22)));
  EXPECT_EQ(error_of(engine.add(with_raw(kCalloutIpsecAleConnectV4, connect, 0x20))),
            FwpError::kContextIncompatibleWithCallout);
  EXPECT_EQ(error_of(engine.add(with_raw(kCalloutSetOptionsAuthConnectLayerV4, connect, 0))),
            FwpError::kContextIncompatibleWithCallout);
}

TEST(StoreTest, CalloutsAndContextsMustFitEachOther) {
  Engine engine;
  ProviderContext options;
  options.key = kKey;
  options.display = named("options");
  options.type = ProviderContextType::kClassifyOptions;
  options.content = ClassifyOptions{{{ClassifyOptionType::kSecureSocketSecurityFlags, std::uint32_t{1}}}};
  engine.add(options).value();
  ProviderContext general;
  general.key = kOtherKey;
  general.display = named("general");
  general.content = OctetVector{};
  engine.add(general).value();
  const LayerId connect = LayerId::kAleAuthConnectV4;
  const auto with_context = [&](const Guid& callout, const Guid& context) {
    Filter filter = flagged(asking(callout, ActionType::kCalloutInspection, connect), kFilterHasProviderContext);
    filter.provider_context = context;
    return filter;
  };
  EXPECT_TRUE(engine.add(with_context(kCalloutSetOptionsAuthConnectLayerV4, kKey)));
  EXPECT_EQ(error_of(engine.add(with_context(kCalloutSetOptionsAuthConnectLayerV4, kOtherKey))),
            FwpError::kContextIncompatibleWithCallout);
  engine.add(callout_object(kKey, connect)).value();  // of a third party, without USES_PROVIDER_CONTEXT
  EXPECT_EQ(error_of(engine.add(with_context(kKey, kOtherKey))), FwpError::kContextIncompatibleWithCallout);
  CalloutObject user = callout_object(kOtherKey, connect);
  user.flags = kCalloutUsesProviderContext;
  engine.add(user).value();
  EXPECT_TRUE(engine.add(with_context(kOtherKey, kOtherKey)));
  EXPECT_EQ(error_of(engine.add(asking(kOtherKey, ActionType::kCalloutInspection, connect))),
            FwpError::kContextIncompatibleWithCallout);
}

// P-2: the first failing step names the error.
TEST(StoreTest, TheFirstFailingStepNamesTheError) {
  Engine engine;
  Filter filter = asking(kNoKey);
  filter.display.name.reset();
  filter.flags = kFilterDisabled;
  filter.sublayer = kNoKey;
  filter.provider = kNoKey;
  filter.weight = std::uint8_t{99};
  filter.conditions = {equal(Field::kUnknown, Empty{})};
  std::vector<std::optional<FwpError>> errors;
  const auto next = [&] { errors.push_back(error_of(engine.add(filter))); };
  next();
  filter.display.name = "named";
  next();
  filter.flags = 0;
  next();
  filter.sublayer = kSublayerUniversal;
  next();
  filter.provider.reset();
  next();
  filter.action.type = ActionType::kPermit;
  next();
  filter.weight = Empty{};
  next();
  filter.conditions.clear();
  next();
  EXPECT_THAT(errors,
              ::testing::ElementsAre(FwpError::kNullDisplayName, FwpError::kInvalidFlags, FwpError::kSublayerNotFound,
                                     FwpError::kProviderNotFound, FwpError::kCalloutNotFound, FwpError::kInvalidWeight,
                                     FwpError::kConditionNotFound, std::nullopt));
}

TEST(StoreTest, ACopyIsAnotherStore) {
  Engine engine;
  const FilterId blocking = engine.add(block()).value();
  Engine copy = engine;
  engine.delete_filter(blocking).value();
  EXPECT_TRUE(outcome(engine).permitted());
  EXPECT_FALSE(outcome(copy).permitted());
  copy.delete_filter(blocking).value();
  EXPECT_TRUE(outcome(copy).permitted());
  EXPECT_GT(copy.generation(), 0U);
}

TEST(StoreTest, FiltersStaySortedThroughInsertionAndRemoval) {
  Engine engine = arbitration_engine();
  std::vector<FilterId> ids;
  for (const std::uint64_t weight : {5U, 9U, 1U, 9U, 7U}) ids.push_back(engine.add(weighing(permit(), weight)).value());
  engine.add(in_sublayer(weighing(permit(), std::uint64_t{3}), kLow)).value();
  engine.add(in_sublayer(weighing(permit(), std::uint64_t{3}), kHigh)).value();
  const auto universal = [&] {
    std::vector<std::uint64_t> found;
    for (const Filter* filter : engine.filters_at(LayerId::kOutboundTransportV4)[1].filters)
      found.push_back(filter->id.value);
    return found;
  };
  const auto groups = engine.filters_at(LayerId::kOutboundTransportV4);
  ASSERT_EQ(groups.size(), 3U);
  EXPECT_EQ(groups[0].sublayer, kHigh);
  EXPECT_EQ(groups[2].sublayer, kLow);
  EXPECT_THAT(universal(),
              ::testing::ElementsAre(ids[1].value, ids[3].value, ids[4].value, ids[0].value, ids[2].value));
  engine.delete_filter(ids[3]).value();
  EXPECT_THAT(universal(), ::testing::ElementsAre(ids[1].value, ids[4].value, ids[0].value, ids[2].value));
}

}  // namespace
}  // namespace ssx::wfp::testing
