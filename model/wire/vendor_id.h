// model/wire/vendor_id.h: Vendor ID payload and the vendor IDs that the model knows. Source: RFC 2408 3.16,
// authip.md 1.14.
//   |      16 octets, for some followed by a 32-bit number          |
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/base/expected.h"
#include "model/base/octets.h"
#include "model/wire/payload_error.h"

namespace ssx::wire {

enum class VendorId : std::uint8_t {
  kMsNt5IsakmpOakley,  // with version
  kGssApi,
  kInitialContact,
  kNlbsPresent,
  kFragmentation,
  kRfc3947,
  kNatTDraft02,
  kNegotiationDiscovery,
  kMsMamieExists,
  kIkeCgaVersion1,
  kKeyMods,              // with module: 0 IKE, 1 AuthIP, 2 IKEv2
  kAuthIpInitKeDhGroup,  // with IKEEXT_DH_GROUP
};

inline constexpr std::size_t kVendorIdFixedOctets = 16;

struct VendorIdEntry {
  VendorId id;
  std::string_view name;  // as authip.md 1.14 prints it
  std::array<std::uint8_t, kVendorIdFixedOctets> octets;
  bool has_number;  // four more octets follow
};
/// Every vendor ID of authip.md 1.14, in its order.
inline constexpr std::array<VendorIdEntry, 12> kVendorIds{{
    {VendorId::kMsNt5IsakmpOakley,
     "MS NT5 ISAKMPOAKLEY",
     {0x1e, 0x2b, 0x51, 0x69, 0x05, 0x99, 0x1c, 0x7d, 0x7c, 0x96, 0xfc, 0xbf, 0xb5, 0x87, 0xe4, 0x61},
     true},
    {VendorId::kGssApi,
     "GSSAPI",
     {0x62, 0x1b, 0x04, 0xbb, 0x09, 0x88, 0x2a, 0xc1, 0xe1, 0x59, 0x35, 0xfe, 0xfa, 0x24, 0xae, 0xee},
     false},
    {VendorId::kInitialContact,
     "Vid-Initial-Contact",
     {0x26, 0x24, 0x4d, 0x38, 0xed, 0xdb, 0x61, 0xb3, 0x17, 0x2a, 0x36, 0xe3, 0xd0, 0xcf, 0xb8, 0x19},
     false},
    {VendorId::kNlbsPresent,
     "NLBS_PRESENT",
     {0x72, 0x87, 0x2b, 0x95, 0xfc, 0xda, 0x2e, 0xb7, 0x08, 0xef, 0xe3, 0x22, 0x11, 0x9b, 0x49, 0x71},
     false},
    {VendorId::kFragmentation,
     "FRAGMENTATION",
     {0x40, 0x48, 0xb7, 0xd5, 0x6e, 0xbc, 0xe8, 0x85, 0x25, 0xe7, 0xde, 0x7f, 0x00, 0xd6, 0xc2, 0xd3},
     false},
    {VendorId::kRfc3947,
     "RFC 3947",
     {0x4a, 0x13, 0x1c, 0x81, 0x07, 0x03, 0x58, 0x45, 0x5c, 0x57, 0x28, 0xf2, 0x0e, 0x95, 0x45, 0x2f},
     false},
    {VendorId::kNatTDraft02,
     "draft-ietf-ipsec-nat-t-ike-02\\n",
     {0x90, 0xcb, 0x80, 0x91, 0x3e, 0xbb, 0x69, 0x6e, 0x08, 0x63, 0x81, 0xb5, 0xec, 0x42, 0x7b, 0x1f},
     false},
    {VendorId::kNegotiationDiscovery,
     "MS-Negotiation Discovery Capable",
     {0xfb, 0x1d, 0xe3, 0xcd, 0xf3, 0x41, 0xb7, 0xea, 0x16, 0xb7, 0xe5, 0xbe, 0x08, 0x55, 0xf1, 0x20},
     false},
    {VendorId::kMsMamieExists,
     "MS-MamieExists",
     {0x21, 0x4c, 0xa4, 0xfa, 0xff, 0xa7, 0xf3, 0x2d, 0x67, 0x48, 0xe5, 0x30, 0x33, 0x95, 0xae, 0x83},
     false},
    {VendorId::kIkeCgaVersion1,
     "IKE CGA version 1",
     {0xe3, 0xa5, 0x96, 0x6a, 0x76, 0x37, 0x9f, 0xe7, 0x07, 0x22, 0x82, 0x31, 0xe5, 0xce, 0x86, 0x52},
     false},
    {VendorId::kKeyMods,
     "KEY_MODS",
     {0x01, 0x52, 0x8b, 0xbb, 0xc0, 0x06, 0x96, 0x12, 0x18, 0x49, 0xab, 0x9a, 0x1c, 0x5b, 0x2a, 0x51},
     true},
    {VendorId::kAuthIpInitKeDhGroup,
     "AUTHIP_INIT_KE_DH_GROUP",
     {0x7b, 0xb9, 0x38, 0x67, 0xd7, 0x6c, 0x8d, 0x80, 0xdf, 0x0f, 0x40, 0xfa, 0xe8, 0xfc, 0x3b, 0x19},
     true},
}};

struct VendorIdPayload {
  OctetVector octets;

  friend bool operator==(const VendorIdPayload&, const VendorIdPayload&) = default;
};

/// What a vendor ID says.
struct KnownVendorId {
  VendorId id = VendorId::kMsNt5IsakmpOakley;
  std::uint32_t number = 0;  // version, module or group; 0 for those without

  friend bool operator==(const KnownVendorId&, const KnownVendorId&) = default;
};

/// Nothing for an unknown one, which is ignored; one of the right octets but another length is unknown.
/// @conformance A-060
std::optional<KnownVendorId> recognise(const VendorIdPayload& payload);
VendorIdPayload vendor_id(VendorId id, std::uint32_t number = 0);
/// "FRAGMENTATION", "MS NT5 ISAKMPOAKLEY 9", or the octets in hexadecimal
std::string to_string(const VendorIdPayload& payload);

/// @errors kMalformed: no octets
expected<VendorIdPayload, PayloadErrorKind> parse_vendor_id(Octets body);
/// Appends the body.
void emit_body(OctetVector& out, const VendorIdPayload& payload);

}  // namespace ssx::wire
