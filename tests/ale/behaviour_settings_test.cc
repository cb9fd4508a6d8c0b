// What WSASetSocketSecurity accepts, when it and its companions may be called, and names per peer.
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/ale/endpoint_security.h"
#include "model/wfp/guids.h"
#include "support/conformance.h"

namespace ssx::ale {
namespace {

Guid key_number(std::uint8_t number) {
  return *parse_guid("00000000-0000-0000-0000-0000000000" + std::string(1, '0') +
                     std::string(1, "0123456789abcdef"[number % 16]));
}

TransportAddress peer(std::uint32_t address, std::uint16_t port) { return {IpAddress::v4(address), port}; }

/// An engine with one context of each kind: 1 AuthIP main mode, 2 AuthIP quick mode, 3 IKE main mode, 4 general.
struct Contexts {
  Contexts() {
    add(1, wfp::ProviderContextType::kAuthipMm, main_mode());
    add(2, wfp::ProviderContextType::kAuthipQmTransport, quick_mode());
    add(3, wfp::ProviderContextType::kIkeMm, main_mode(wfp::AuthMethod::kPresharedKey));
    add(4, wfp::ProviderContextType::kGeneral, OctetVector{std::byte{1}});
  }
  wfp::ContextContent main_mode(wfp::AuthMethod method = wfp::AuthMethod::kKerberos) {
    wfp::MainModePolicy policy = *engine.provider_context(wfp::kContextSecureSocketAuthip)->main_mode();
    policy.methods.resize(1);
    policy.methods[0] = {method, 0, {}};
    return std::make_shared<const wfp::MainModePolicy>(policy);
  }
  wfp::ContextContent quick_mode() {
    wfp::QuickModePolicy policy = *engine.provider_context(wfp::kContextSecureSocketIpsec)->quick_mode();
    policy.extended_mode.reset();
    return std::make_shared<const wfp::QuickModePolicy>(policy);
  }
  void add(std::uint8_t number, wfp::ProviderContextType type, wfp::ContextContent content) {
    wfp::ProviderContext context;
    context.key = key_number(number);
    context.display.name = "test";
    context.type = type;
    context.content = std::move(content);
    const auto added = engine.add(context);
    EXPECT_TRUE(added) << int(number) << " " << (added ? "" : to_string(added.error()));
  }
  std::optional<SettingsError> check(const SecuritySettings& settings, const Behaviour& behaviour = {}) const {
    const auto checked = check_settings(settings, behaviour, engine);
    return checked ? std::nullopt : std::optional(checked.error());
  }
  wfp::Engine engine;
};

TEST(CheckSettings, C052NullSettingsAreAccepted) { EXPECT_EQ(Contexts().check(SecuritySettings{}), std::nullopt); }

TEST(CheckSettings, OnlyTheTwoSecurityFlagsExist) {
  const Contexts contexts;
  for (std::uint32_t bit = 0; bit < 32; ++bit) {
    SecuritySettings settings;
    settings.security_flags = 1U << bit;
    EXPECT_EQ(contexts.check(settings), bit < 2 ? std::nullopt : std::optional(SettingsError::kUnknownSecurityFlags))
        << bit;
  }
}

TEST(CheckSettings, IpsecFlagsDependOnTheApiLevel) {
  const Contexts contexts;
  Behaviour vista;
  vista.api_level = ApiLevel::kVista;
  for (std::uint32_t bit = 0; bit < 32; ++bit) {
    SecuritySettings settings;
    settings.ipsec_flags = 1U << bit;
    const auto refused = std::optional(SettingsError::kUnknownIpsecFlags);
    EXPECT_EQ(contexts.check(settings), bit < 4 ? std::nullopt : refused) << bit;
    EXPECT_EQ(contexts.check(settings, vista), bit < 1 ? std::nullopt : refused) << bit;
  }
}

TEST(CheckSettings, BothSecurityFlagsConflictOnlyUnderTheKnob) {
  const Contexts contexts;
  SecuritySettings settings;
  settings.security_flags = kGuaranteeEncryption | kAllowInsecure;
  EXPECT_EQ(contexts.check(settings), std::nullopt);
  Behaviour strict;
  strict.conflicting_flags = ConflictingFlags::kReject;
  EXPECT_EQ(contexts.check(settings, strict), SettingsError::kConflictingFlags);
}

TEST(CheckSettings, ReservedMembersMustBeZero) {
  const Contexts contexts;
  SecuritySettings settings;
  settings.reserved = key_number(1);
  EXPECT_EQ(contexts.check(settings), SettingsError::kReservedNotZero);
  settings.reserved = {};
  settings.reserved2 = 1;
  EXPECT_EQ(contexts.check(settings), SettingsError::kReservedNotZero);
}

TEST(CheckSettings, KeysMustNameAnAuthipContextOfTheirKind) {
  const Contexts contexts;
  using E = std::optional<SettingsError>;
  const E ok;
  const E type = SettingsError::kWrongPolicyType;
  const E missing = SettingsError::kNoSuchPolicy;
  const std::array<E, 6> main = {ok, ok, type, type, type, missing};  // keys 0 to 5
  const std::array<E, 6> quick = {ok, type, ok, type, type, missing};
  for (std::uint8_t number = 0; number < 6; ++number) {
    for (const std::uint32_t flags : {0U, kSkipFilterInstantiation}) {  // U-51: also without filters
      SecuritySettings settings;
      settings.ipsec_flags = flags;
      settings.main_mode_policy = number == 0 ? Guid{} : key_number(number);
      EXPECT_EQ(contexts.check(settings), main[number]) << int(number);
      settings.main_mode_policy = {};
      settings.quick_mode_policy = number == 0 ? Guid{} : key_number(number);
      EXPECT_EQ(contexts.check(settings), quick[number]) << int(number);
    }
  }
}

// --- api-contract.md 1.7
// ------------------------------------------------------------------------------------------------

struct OrderRow {
  SocketPhase phase;
  bool already_set;
  std::optional<OrderError> set;
  std::optional<OrderError> name;
  std::optional<OrderError> query;
};

const std::optional<OrderError> kFine;

std::optional<OrderError> outcome(const expected<void, OrderError>& result) {
  return result ? std::nullopt : std::optional(result.error());
}

TEST(Order, EveryRowOfTheStreamMatrixHolds) {
  CONFORMANCE("C-112", "C-116");
  using P = SocketPhase;
  using E = OrderError;
  const std::vector<OrderRow> rows = {
      {P::kFresh, false, kFine, kFine, E::kNotConnected},
      {P::kFresh, true, E::kTwice, kFine, E::kNotConnected},
      {P::kBound, false, E::kAfterBind, kFine, E::kNotConnected},
      {P::kListening, false, E::kAfterBind, kFine, E::kNotConnected},
      {P::kConnecting, false, E::kConnected, E::kConnected, E::kNotConnected},
      {P::kConnectFailed, false, E::kAfterBind, kFine, E::kNotConnected},
      {P::kConnected, false, E::kConnected, E::kConnected, kFine},
      {P::kReset, false, E::kConnected, E::kConnected, E::kReset},
  };
  for (const OrderRow& row : rows) {
    EXPECT_EQ(outcome(may_set_security(row.phase, row.already_set)), row.set) << int(row.phase);
    EXPECT_EQ(outcome(may_set_target_name(row.phase)), row.name) << int(row.phase);
    EXPECT_EQ(outcome(may_query_stream(row.phase)), row.query) << int(row.phase);
    const auto whole = [&](SecurityCall call) { return outcome(check_order(call, row.phase, true, row.already_set)); };
    EXPECT_EQ(whole(SecurityCall::kSetSecurity), row.set) << int(row.phase);
    EXPECT_EQ(whole(SecurityCall::kSetTargetName), row.name) << int(row.phase);
    EXPECT_EQ(whole(SecurityCall::kDeleteTargetName), kFine) << int(row.phase);
    EXPECT_EQ(whole(SecurityCall::kQuery), row.query) << int(row.phase);
    EXPECT_EQ(whole(SecurityCall::kImpersonate), row.query) << int(row.phase);
  }
}

TEST(Order, EveryRowOfTheDatagramMatrixHolds) {
  CONFORMANCE("C-081", "C-113");
  using P = SocketPhase;
  using E = OrderError;
  struct Row {
    P phase;
    bool already_set;
    std::optional<E> set, name;
  };
  for (const Row& row :
       {Row{P::kFresh, false, kFine, kFine}, Row{P::kFresh, true, E::kTwice, kFine},
        Row{P::kBound, false, E::kAfterBind, kFine}, Row{P::kConnected, false, E::kConnected, E::kConnected}}) {
    const auto whole = [&](SecurityCall call) { return outcome(check_order(call, row.phase, false, row.already_set)); };
    EXPECT_EQ(whole(SecurityCall::kSetSecurity), row.set) << int(row.phase);
    EXPECT_EQ(whole(SecurityCall::kSetTargetName), row.name) << int(row.phase);
    EXPECT_EQ(whole(SecurityCall::kDeleteTargetName), kFine) << int(row.phase);
    EXPECT_EQ(whole(SecurityCall::kQuery), kFine) << int(row.phase);
    EXPECT_EQ(whole(SecurityCall::kImpersonate), kFine) << int(row.phase);
  }
}

TEST(Order, SettingTwiceNeverSucceedsInAnyPhase) {
  for (const auto phase : {SocketPhase::kFresh, SocketPhase::kBound, SocketPhase::kListening, SocketPhase::kConnecting,
                           SocketPhase::kConnectFailed, SocketPhase::kConnected, SocketPhase::kReset}) {
    EXPECT_FALSE(may_set_security(phase, true)) << int(phase);
  }
}

// --- the endpoint
// -------------------------------------------------------------------------------------------------------

TEST(Endpoint, EveryCombinationOfFlagsHasItsMeaning) {
  struct Row {
    std::uint32_t flags;
    bool open, requires_security, encrypts;
  };
  for (const Row& row :
       {Row{0, false, true, false}, Row{kGuaranteeEncryption, false, true, true},
        Row{kAllowInsecure, true, false, false}, Row{kGuaranteeEncryption | kAllowInsecure, false, true, true}}) {
    EndpointSecurity endpoint;
    EXPECT_FALSE(endpoint.requires_security());
    EXPECT_FALSE(endpoint.instantiates_filters());
    SecuritySettings settings;
    settings.security_flags = row.flags;
    endpoint.set(settings);
    EXPECT_EQ(endpoint.is_open(), row.open) << row.flags;
    EXPECT_EQ(endpoint.requires_security(), row.requires_security) << row.flags;
    EXPECT_EQ(endpoint.guarantees_encryption(), row.encrypts) << row.flags;
    EXPECT_TRUE(endpoint.instantiates_filters());
  }
}

TEST(Endpoint, SkipLeavesTheRequirementsAndTakesTheFilters) {
  EndpointSecurity endpoint;
  SecuritySettings settings;
  settings.ipsec_flags = kSkipFilterInstantiation;
  endpoint.set(settings);
  EXPECT_TRUE(endpoint.requires_security());
  EXPECT_FALSE(endpoint.instantiates_filters());
}

TEST(Endpoint, AnAcceptedConnectionTakesTheSettingsButNotTheNames) {
  EndpointSecurity listener;
  SecuritySettings settings;
  settings.security_flags = kGuaranteeEncryption;
  listener.set(settings);
  listener.set_stream_name("host/client");
  const EndpointSecurity accepted = listener.inherited();
  EXPECT_EQ(accepted.settings(), settings);
  EXPECT_EQ(accepted.stream_name(), std::nullopt);
}

TEST(TargetNames, C106PortZeroStandsForEveryPortOfTheAddress) {
  CONFORMANCE("C-106");
  EndpointSecurity endpoint;
  endpoint.set_peer_name(peer(0x0A000002, 0), "any port");
  EXPECT_EQ(endpoint.name_for(peer(0x0A000002, 53)), "any port");
  EXPECT_EQ(endpoint.name_for(peer(0x0A000002, 65535)), "any port");
  EXPECT_EQ(endpoint.name_for(peer(0x0A000003, 53)), std::nullopt);
  endpoint.set_peer_name(peer(0x0A000002, 53), "one port");
  EXPECT_EQ(endpoint.name_for(peer(0x0A000002, 53)), "one port");
  EXPECT_EQ(endpoint.name_for(peer(0x0A000002, 54)), "any port");
}

TEST(TargetNames, C107NamesOfDifferentAddressesCoexist) {
  CONFORMANCE("C-107");
  EndpointSecurity endpoint;
  endpoint.set_peer_name(peer(0x0A000002, 53), "a");
  endpoint.set_peer_name(peer(0x0A000003, 53), "b");
  EXPECT_EQ(endpoint.name_for(peer(0x0A000002, 53)), "a");
  EXPECT_EQ(endpoint.name_for(peer(0x0A000003, 53)), "b");
}

TEST(TargetNames, C108TheSecondNameOfAnAddressReplacesTheFirst) {
  CONFORMANCE("C-108");
  EndpointSecurity endpoint;
  endpoint.set_peer_name(peer(0x0A000002, 53), "old");
  endpoint.set_peer_name(peer(0x0A000002, 53), "new");
  EXPECT_EQ(endpoint.name_for(peer(0x0A000002, 53)), "new");
  EXPECT_TRUE(endpoint.delete_peer_name(peer(0x0A000002, 53)));
  EXPECT_EQ(endpoint.name_for(peer(0x0A000002, 53)), std::nullopt);
}

TEST(TargetNames, DeletingPortZeroRemovesEveryNameOfTheAddressOnly) {
  EndpointSecurity endpoint;
  for (const std::uint16_t port : std::array<std::uint16_t, 3>{0, 53, 54})
    endpoint.set_peer_name(peer(0x0A000002, port), "a");
  endpoint.set_peer_name(peer(0x0A000003, 53), "b");
  EXPECT_TRUE(endpoint.delete_peer_name(peer(0x0A000002, 0)));
  EXPECT_EQ(endpoint.name_for(peer(0x0A000002, 53)), std::nullopt);
  EXPECT_EQ(endpoint.name_for(peer(0x0A000003, 53)), "b");
  EXPECT_FALSE(endpoint.delete_peer_name(peer(0x0A000002, 0)));
  EXPECT_FALSE(endpoint.delete_peer_name(peer(0x0A000003, 54)));
}

}  // namespace
}  // namespace ssx::ale
