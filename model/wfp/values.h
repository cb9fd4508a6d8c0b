// model/wfp/values.h: what a classification knows of a packet or flow. Source: wfp-model.md 3.4, 3.5.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/base/address.h"
#include "model/base/octets.h"
#include "model/wfp/fields.h"

namespace ssx::wfp {

/// FWP_DATA_TYPE.
enum class DataType : std::uint16_t {
  kEmpty = 0,
  kUint8 = 1,
  kUint16 = 2,
  kUint32 = 3,
  kUint64 = 4,
  kInt8 = 5,
  kInt16 = 6,
  kInt32 = 7,
  kInt64 = 8,
  kFloat = 9,
  kDouble = 10,
  kByteArray16 = 11,
  kByteBlob = 12,
  kSid = 13,
  kSecurityDescriptor = 14,
  kTokenInformation = 15,
  kTokenAccessInformation = 16,
  kUnicodeString = 17,
  kByteArray6 = 18,
  kV4AddressMask = 256,
  kV6AddressMask = 257,
  kRange = 258,
};

/// FWP_EMPTY: the classifier does not know the field.
struct Empty {
  friend constexpr auto operator<=>(const Empty&, const Empty&) = default;
};
/// A field that stands for every value: protocol or port 0 of a quick-mode selector satisfies every condition (U-18).
struct AnyValue {
  friend constexpr auto operator<=>(const AnyValue&, const AnyValue&) = default;
};
using ByteArray16 = std::array<std::byte, 16>;

/// Well-known SID of the local system account; exemptions at ALE layers are for it alone (6.9).
inline constexpr std::string_view kLocalSystemSid = "S-1-5-18";

/// What an access check sees of an account: the SIDs of the principal and of its groups, in text form.
struct TokenSids {
  std::vector<std::string> sids;
  bool contains(std::string_view sid) const;
  friend bool operator==(const TokenSids&, const TokenSids&) = default;
};

/// A field's value at classification. Integers, ports and IPv4 addresses in host order, IPv6 addresses in network order
/// (W-138). Octets, SIDs and tokens are BORROWED: they must outlive the classification; a null token is EMPTY.
using FieldValue = std::variant<Empty, AnyValue, std::uint8_t, std::uint16_t, std::uint32_t, std::uint64_t, ByteArray16,
                                Octets, std::string_view, const TokenSids*>;

/// The values of one classification. No allocation, ever: unset fields are EMPTY, at most kCapacity fields are set.
struct FieldValues {
  static constexpr std::size_t kCapacity = 32;  // the model fills at most some twenty fields at a layer

  void set(Field field, const FieldValue& value);
  /// u32 in host order for IPv4, sixteen octets for IPv6.
  void set_address(Field field, const IpAddress& address);
  void set_protocol(IpProtocol protocol) { set(Field::kIpProtocol, static_cast<std::uint8_t>(protocol)); }
  /// ORs bits into FLAGS.
  void add_flags(std::uint32_t bits);
  const FieldValue& get(Field field) const;

 private:
  std::array<std::uint8_t, kFieldCount> slot_{};  // 1-based index into values_; 0: EMPTY
  std::array<FieldValue, kCapacity> values_{};
  std::size_t count_ = 0;
};

/// In words: "27015", "10.0.0.1" for addresses, "tcp" for IP_PROTOCOL, "unknown" for EMPTY.
std::string describe(Field field, const FieldValue& value);

/// FWP_CONDITION_FLAG_* (3.5).
inline constexpr std::uint32_t kFlagIsLoopback = 0x1;
inline constexpr std::uint32_t kFlagIsIpsecSecured = 0x2;
inline constexpr std::uint32_t kFlagIsReauthorize = 0x4;
inline constexpr std::uint32_t kFlagIsWildcardBind = 0x8;
inline constexpr std::uint32_t kFlagIsRawEndpoint = 0x10;
inline constexpr std::uint32_t kFlagIsFragment = 0x20;
inline constexpr std::uint32_t kFlagIsFragmentGroup = 0x40;
inline constexpr std::uint32_t kFlagIsIpsecNattReclassify = 0x80;
inline constexpr std::uint32_t kFlagRequiresAleClassify = 0x100;
inline constexpr std::uint32_t kFlagIsImplicitBind = 0x200;
inline constexpr std::uint32_t kFlagIsReassembled = 0x400;
inline constexpr std::uint32_t kFlagIsNameAppSpecified = 0x4000;
inline constexpr std::uint32_t kFlagIsPromiscuous = 0x8000;
inline constexpr std::uint32_t kFlagIsAuthFw = 0x10000;
inline constexpr std::uint32_t kFlagIsReclassify = 0x20000;
inline constexpr std::uint32_t kFlagIsOutboundPassThru = 0x40000;
inline constexpr std::uint32_t kFlagIsInboundPassThru = 0x80000;

/// FWP_CONDITION_REAUTHORIZE_REASON_* (3.5).
inline constexpr std::uint32_t kReauthPolicyChange = 0x1;
inline constexpr std::uint32_t kReauthNewArrivalInterface = 0x2;
inline constexpr std::uint32_t kReauthNewNexthopInterface = 0x4;
inline constexpr std::uint32_t kReauthProfileCrossing = 0x8;
inline constexpr std::uint32_t kReauthClassifyCompletion = 0x10;
inline constexpr std::uint32_t kReauthIpsecPropertiesChanged = 0x20;
inline constexpr std::uint32_t kReauthMidStreamInspection = 0x40;
inline constexpr std::uint32_t kReauthSocketPropertyChanged = 0x80;

/// NL_ADDRESS_TYPE (3.5).
inline constexpr std::uint8_t kAddressTypeUnspecified = 0;
inline constexpr std::uint8_t kAddressTypeUnicast = 1;
inline constexpr std::uint8_t kAddressTypeAnycast = 2;
inline constexpr std::uint8_t kAddressTypeMulticast = 3;
inline constexpr std::uint8_t kAddressTypeBroadcast = 4;
inline constexpr std::uint8_t kAddressTypeInvalid = 5;
/// The NL_ADDRESS_TYPE of an address: multicast, broadcast, unspecified or unicast.
std::uint8_t address_type(const IpAddress& address);

}  // namespace ssx::wfp
