#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/conformance.h"
#include "tests/wfp/fixtures.h"

namespace ssx::wfp::testing {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Field;
using Type = ProviderContextType;

std::optional<FwpError> add_main_mode(Type type, MainModePolicy policy) {
  Engine engine;
  return error_of(engine.add(main_mode_context(type, std::move(policy))));
}
std::optional<FwpError> add_quick_mode(Type type, QuickModePolicy policy) {
  Engine engine;
  return error_of(engine.add(quick_mode_context(type, std::move(policy))));
}

MainModePolicy with_method(AuthMethod method) {
  MainModePolicy policy = default_main_mode_policy();
  policy.methods = {{method, 0, {}}};
  return policy;
}
QuickModePolicy with_transforms(std::vector<QuickModeTransform> transforms) {
  QuickModePolicy policy = plain_quick_mode();
  policy.proposals.resize(1);
  policy.proposals[0].transforms = std::move(transforms);
  return policy;
}

constexpr QuickModeTransform kAh{TransformType::kAh};
constexpr QuickModeTransform kEspAuth{TransformType::kEspAuth};
constexpr QuickModeTransform kEspAes{TransformType::kEspAuthAndCipher, AuthType::kSha1, AuthConfig::kHmacSha1_96,
                                     CipherType::kAes128, CipherConfig::kCbcAes128};

TEST(DefaultPolicyTest, C243TheBuiltInContextsHoldTheDocumentedPolicies) {
  CONFORMANCE("C-243", "W-076");
  Engine engine;
  const ProviderContext* main_mode = engine.provider_context(guid("b25ea800-0d02-46ed-92bd-7fa84bb73e9d"));
  ASSERT_NE(main_mode, nullptr);
  EXPECT_EQ(static_cast<int>(main_mode->type), 6);
  EXPECT_EQ(main_mode->id, 0x8000000000000000U);
  MainModePolicy expected_main_mode;
  expected_main_mode.methods = {{static_cast<AuthMethod>(3), 0, {}}};
  expected_main_mode.proposals = {
      {static_cast<IkeCipher>(2), static_cast<IkeIntegrity>(1), 7200, static_cast<IkeDhGroup>(4), 0},
      {static_cast<IkeCipher>(1), static_cast<IkeIntegrity>(1), 7200, static_cast<IkeDhGroup>(2), 0}};
  EXPECT_EQ(*main_mode->main_mode(), expected_main_mode);

  const ProviderContext* quick_mode = engine.provider_context(guid("8c2d4144-f8e0-42c0-94ce-7ccfc63b2f9b"));
  ASSERT_NE(quick_mode, nullptr);
  EXPECT_EQ(static_cast<int>(quick_mode->type), 3);
  EXPECT_EQ(quick_mode->id, 0x8000000000000001U);
  const QuickModePolicy policy = *quick_mode->quick_mode();
  EXPECT_EQ(policy.flags, 0x4U);
  EXPECT_EQ(policy.nd_allow_clear_timeout_seconds, 10U);
  EXPECT_EQ(policy.idle_timeout_seconds, 300U);
  EXPECT_EQ(policy.idle_timeout_failover_seconds, 60U);
  ASSERT_EQ(policy.proposals.size(), 4U);
  const QuickModeTransform triple_des{TransformType::kEspAuthAndCipher, AuthType::kSha1, AuthConfig::kHmacSha1_96,
                                      CipherType::k3Des, CipherConfig::kCbc3Des};
  EXPECT_THAT(policy.proposals[0].transforms, ElementsAre(kEspAuth));
  EXPECT_THAT(policy.proposals[1].transforms, ElementsAre(kEspAes));
  EXPECT_THAT(policy.proposals[2].transforms, ElementsAre(triple_des));
  EXPECT_THAT(policy.proposals[3].transforms, ElementsAre(kAh));
  EXPECT_THAT(policy.proposals, Each(Field(&QuickModeProposal::pfs_group, PfsGroup::kNone)));
  const std::vector<AuthenticationMethod> methods{
      {AuthMethod::kSsl, 0, {}}, {AuthMethod::kKerberos, 0, {}}, {AuthMethod::kSsl, 0, {}}};
  EXPECT_EQ(policy.extended_mode->methods, methods);
  EXPECT_EQ(policy.extended_mode->initiator_impersonation, ImpersonationType::kNone);
  // W-076: they exist, and cannot be deleted.
  EXPECT_EQ(error_of(engine.delete_provider_context(main_mode->key)), FwpError::kBuiltinObject);
  EXPECT_EQ(error_of(engine.delete_provider_context(quick_mode->key)), FwpError::kBuiltinObject);
}

TEST(DefaultPolicyTest, C245TheDefaultByteLifetimeIs55Gigabytes) {
  CONFORMANCE("C-245");
  const Engine engine;
  const auto policy = engine.provider_context(kContextSecureSocketIpsec)->quick_mode();
  EXPECT_THAT(policy->proposals, Each(Field(&QuickModeProposal::lifetime, SaLifetime{3600, 57'671'680, 0x7FFFFFFF})));
}

// U-01, P-18.
TEST(DefaultPolicyTest, TheObservedPolicyDiffersInLifetimeAndExtendedMode) {
  const Engine engine{EngineConfig{.default_policy = DefaultPolicy::kObserved}};
  EXPECT_EQ(*engine.provider_context(kContextSecureSocketAuthip)->main_mode(), default_main_mode_policy());
  QuickModePolicy policy = *engine.provider_context(kContextSecureSocketIpsec)->quick_mode();
  EXPECT_THAT(policy.proposals, Each(Field(&QuickModeProposal::lifetime, SaLifetime{3600, 56'320, 0x7FFFFFFF})));
  const std::vector<AuthenticationMethod> methods{{AuthMethod::kKerberos, 0, {}}, {AuthMethod::kSsl, 0, {}}};
  EXPECT_EQ(policy.extended_mode->methods, methods);
  EXPECT_EQ(policy.extended_mode->initiator_impersonation, ImpersonationType::kSocketPrincipal);
}

// P-19, U-53.
TEST(DefaultPolicyTest, Default2IsTheDefaultWithoutIntegrityOnlyProposals) {
  Engine engine;
  const auto policy = engine.provider_context(kContextSocketDefault2QmPolicy)->quick_mode();
  ASSERT_EQ(policy->proposals.size(), 2U);
  EXPECT_TRUE(policy->proposals[0].encrypts());
  EXPECT_EQ(policy->proposals[0].transforms[0].cipher, CipherType::kAes128);
  EXPECT_EQ(policy->proposals[1].transforms[0].cipher, CipherType::k3Des);
  EXPECT_EQ(*policy, default2_quick_mode_policy());
  EXPECT_EQ(error_of(engine.delete_provider_context(kContextSocketDefault2QmPolicy)), FwpError::kBuiltinObject);
}

TEST(ContextChecksTest, W063IkeHasNoExtendedMode) {
  CONFORMANCE("W-063");
  QuickModePolicy policy = plain_quick_mode();
  policy.extended_mode = ExtendedModePolicy{{{AuthMethod::kKerberos, 0, {}}}, ImpersonationType::kNone};
  EXPECT_EQ(add_quick_mode(Type::kIkeQmTransport, policy), FwpError::kEmNotSupported);
  EXPECT_EQ(add_quick_mode(Type::kAuthipQmTransport, policy), std::nullopt);
  EXPECT_EQ(add_quick_mode(Type::kIkeQmTransport, plain_quick_mode()), std::nullopt);
}

TEST(ContextChecksTest, W064W065W066EachModuleKnowsItsMethods) {
  CONFORMANCE("W-064", "W-065", "W-066");
  struct Row {
    AuthMethod method;
    bool ike, authip, ikev2;
  };
  constexpr Row kTable[] = {
      // wfp-model.md 5.3.4
      {AuthMethod::kPresharedKey, true, false, true},
      {AuthMethod::kCertificate, true, false, true},
      {AuthMethod::kKerberos, true, true, false},
      {AuthMethod::kAnonymous, false, true, false},
      {AuthMethod::kSsl, false, true, false},
      {AuthMethod::kNtlmV2, false, true, false},
      {AuthMethod::kCertificateEcdsaP256, true, false, true},
      {AuthMethod::kCertificateEcdsaP384, true, false, true},
      {AuthMethod::kSslEcdsaP256, false, true, false},
      {AuthMethod::kSslEcdsaP384, false, true, false},
      {AuthMethod::kEap, false, false, true},
      {AuthMethod::kReserved, false, true, false},
  };
  for (const Row& row : kTable) {
    const auto expected = [](bool known) {
      return known ? std::nullopt : std::optional(FwpError::kIncompatibleAuthMethod);
    };
    const int number = static_cast<int>(row.method);
    EXPECT_EQ(add_main_mode(Type::kIkeMm, with_method(row.method)), expected(row.ike)) << number;
    EXPECT_EQ(add_main_mode(Type::kAuthipMm, with_method(row.method)), expected(row.authip)) << number;
    EXPECT_EQ(add_main_mode(Type::kIkev2Mm, with_method(row.method)), expected(row.ikev2)) << number;
    QuickModePolicy quick_mode = plain_quick_mode();
    quick_mode.extended_mode = ExtendedModePolicy{{{row.method, 0, {}}}, ImpersonationType::kNone};
    EXPECT_EQ(add_quick_mode(Type::kAuthipQmTransport, quick_mode), expected(row.authip)) << number;
  }
}

TEST(ContextChecksTest, W067W068OnlyAuthipMayDoWithoutAGroup) {
  CONFORMANCE("W-067", "W-068");
  MainModePolicy policy = preshared_main_mode();
  policy.proposals[1].dh_group = IkeDhGroup::kNone;
  EXPECT_EQ(add_main_mode(Type::kIkeMm, policy), FwpError::kIncompatibleDhGroup);
  EXPECT_EQ(add_main_mode(Type::kIkev2Mm, policy), FwpError::kIncompatibleDhGroup);
  policy.methods = {{AuthMethod::kKerberos, 0, {}}};
  EXPECT_EQ(add_main_mode(Type::kAuthipMm, policy), std::nullopt);
}

TEST(ContextChecksTest, W069EmptyListsAreRefused) {
  CONFORMANCE("W-069");
  MainModePolicy policy = default_main_mode_policy();
  policy.methods.clear();
  EXPECT_EQ(add_main_mode(Type::kAuthipMm, policy), FwpError::kZeroLengthArray);
  policy = default_main_mode_policy();
  policy.proposals.clear();
  EXPECT_EQ(add_main_mode(Type::kAuthipMm, policy), FwpError::kZeroLengthArray);
  EXPECT_EQ(add_quick_mode(Type::kAuthipQmTransport, with_transforms({})), FwpError::kZeroLengthArray);
}

TEST(ContextChecksTest, W070NoLifetimeMayBeZero) {
  CONFORMANCE("W-070");
  for (std::uint32_t SaLifetime::*unit : {&SaLifetime::seconds, &SaLifetime::kilobytes, &SaLifetime::packets}) {
    QuickModePolicy policy = plain_quick_mode();
    policy.proposals[2].lifetime.*unit = 0;
    EXPECT_EQ(add_quick_mode(Type::kAuthipQmTransport, policy), FwpError::kInvalidInterval);
  }
}

TEST(ContextChecksTest, W071TwoTransformsAreAhAndEsp) {
  CONFORMANCE("W-071");
  const Type type = Type::kAuthipQmTransport;
  EXPECT_EQ(add_quick_mode(type, with_transforms({kEspAuth, kEspAes})), FwpError::kInvalidTransformCombination);
  EXPECT_EQ(add_quick_mode(type, with_transforms({kAh, kAh})), FwpError::kInvalidTransformCombination);
  EXPECT_EQ(add_quick_mode(type, with_transforms({kAh, kEspAes, kEspAes})), FwpError::kInvalidTransformCombination);
  EXPECT_EQ(add_quick_mode(type, with_transforms({kAh, kEspAes})), std::nullopt);
  EXPECT_EQ(add_quick_mode(type, with_transforms({kEspAes, kAh})), std::nullopt);
}

TEST(ContextChecksTest, W072AKeyingPolicyListsAModuleOnce) {
  CONFORMANCE("W-072");
  ProviderContext context;
  context.display = named("keying");
  context.type = Type::kKeying;
  context.content = KeyingPolicy{{kKeyingModuleIke, kKeyingModuleAuthip, kKeyingModuleIke}};
  Engine engine;
  EXPECT_EQ(error_of(engine.add(context)), FwpError::kDuplicateKeymod);
  context.content = KeyingPolicy{{kKeyingModuleIke, kKeyingModuleAuthip}};
  EXPECT_EQ(error_of(engine.add(context)), std::nullopt);
}

TEST(ContextChecksTest, W073ATypeAbove12IsRefused) {
  CONFORMANCE("W-073");
  EXPECT_EQ(add_main_mode(static_cast<Type>(13), default_main_mode_policy()), FwpError::kInvalidEnumerator);
}

TEST(ContextChecksTest, W074IkeWithCgaIsNotSupported) {
  CONFORMANCE("W-074");
  EXPECT_EQ(add_main_mode(Type::kIkeMm, with_method(AuthMethod::kIpv6Cga)), FwpError::kNotSupported);
  EXPECT_EQ(code(FwpError::kNotSupported), 50U);
  EXPECT_EQ(add_main_mode(Type::kAuthipMm, with_method(AuthMethod::kIpv6Cga)), FwpError::kIncompatibleAuthMethod);
}

TEST(ContextChecksTest, AMethodMayBeListedOnce) {
  MainModePolicy policy = default_main_mode_policy();
  policy.methods.push_back(policy.methods.front());
  EXPECT_EQ(add_main_mode(Type::kAuthipMm, policy), FwpError::kDuplicateAuthMethod);
  // U-12: so a caller cannot store what the built-in context holds.
  EXPECT_EQ(add_quick_mode(Type::kAuthipQmTransport, default_quick_mode_policy()), FwpError::kDuplicateAuthMethod);
}

TEST(ContextChecksTest, TransformsMustBeKnownPairs) {
  const auto check = [](QuickModeTransform transform) {
    return add_quick_mode(Type::kAuthipQmTransport, with_transforms({transform}));
  };
  QuickModeTransform transform = kEspAes;
  transform.auth_config = AuthConfig::kHmacSha256_128;
  EXPECT_EQ(check(transform), FwpError::kInvalidAuthTransform);
  transform = kEspAes;
  transform.cipher_config = CipherConfig::kCbcAes256;
  EXPECT_EQ(check(transform), FwpError::kInvalidCipherTransform);
  transform = kEspAes;
  transform.cipher_config = CipherConfig::kGcmAes128;
  EXPECT_EQ(check(transform), FwpError::kIncompatibleCipherTransform);
  transform.auth = AuthType::kAes128;
  transform.auth_config = AuthConfig::kGcmAes128;
  EXPECT_EQ(check(transform), std::nullopt);  // storable; AuthIP skips it (U-16)
  transform.cipher = CipherType::kAes256;
  transform.cipher_config = CipherConfig::kGcmAes256;
  EXPECT_EQ(check(transform), FwpError::kIncompatibleCipherTransform);  // GMAC of another key size
  EXPECT_EQ(check({static_cast<TransformType>(6)}), FwpError::kInvalidEnumerator);
}

TEST(ContextChecksTest, UndefinedFlagsAndMissingContentAreRefused) {
  MainModePolicy main_mode = default_main_mode_policy();
  main_mode.flags = 0x10;
  EXPECT_EQ(add_main_mode(Type::kAuthipMm, main_mode), FwpError::kInvalidFlags);
  QuickModePolicy quick_mode = plain_quick_mode();
  quick_mode.flags = 0x8000;
  EXPECT_EQ(add_quick_mode(Type::kAuthipQmTransport, quick_mode), FwpError::kInvalidFlags);
  EXPECT_EQ(add_quick_mode(Type::kAuthipMm, plain_quick_mode()), FwpError::kNullPointer);
  EXPECT_EQ(add_main_mode(Type::kAuthipQmTransport, default_main_mode_policy()), FwpError::kNullPointer);
}

}  // namespace
}  // namespace ssx::wfp::testing
