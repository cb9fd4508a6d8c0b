// model/authip/isakmp_codec.h: the generic parts of ISAKMP that AuthIP's payloads are made of: header, payload chain,
// SA with its proposals, transforms and attributes. Form only. Source: RFC 2408 3.1 to 3.6, authip.md 1.2, 1.6, 1.12.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "model/base/octets.h"

namespace ssx::authip {

inline constexpr std::size_t kIsakmpHeaderOctets = 28;
inline constexpr std::size_t kIsakmpLengthOffset = 24;
inline constexpr std::size_t kGenericHeaderOctets = 4;

/// The fixed header of a message.
struct IsakmpHeader {
  std::array<std::byte, 8> initiator_cookie{};
  std::array<std::byte, 8> responder_cookie{};
  std::uint8_t next_payload = 0;
  std::uint8_t version = 0x10;
  std::uint8_t exchange_type = 0;
  std::uint8_t flags = 0;
  std::uint32_t message_id = 0;
  std::uint32_t length = 0;
};
/// Reads the first 28 octets; nothing if there are fewer.
std::optional<IsakmpHeader> parse_isakmp_header(Octets datagram);
void emit(const IsakmpHeader& header, OctetVector& out);

/// One payload of a chain; `body` is borrowed and without the generic header.
struct RawPayload {
  std::uint8_t type = 0;
  Octets body;
};
/// Walks a chain that must end exactly with `octets`; nothing if a length is below 4 or leaves it.
std::optional<std::vector<RawPayload>> parse_chain(std::uint8_t first_type, Octets octets);
/// Appends a generic header and a body.
void emit_payload(std::uint8_t next_type, Octets body, OctetVector& out);

/// A data attribute: TV (2-octet value) or TLV.
struct RawAttribute {
  std::uint16_t type = 0;
  OctetVector value;
  bool basic = false;
  /// The value as a number; nothing if it is longer than 4 octets or empty.
  std::optional<std::uint32_t> number() const;
  friend bool operator==(const RawAttribute&, const RawAttribute&) = default;
};
RawAttribute basic_attribute(std::uint16_t type, std::uint16_t value);
RawAttribute long_attribute(std::uint16_t type, std::uint32_t value);  // 4-octet TLV (D-17)

struct RawTransform {
  std::uint8_t number = 0;
  std::uint8_t id = 0;
  std::vector<RawAttribute> attributes;
  friend bool operator==(const RawTransform&, const RawTransform&) = default;
};
struct RawProposal {
  std::uint8_t number = 0;
  std::uint8_t protocol = 0;
  OctetVector spi;
  std::vector<RawTransform> transforms;
  friend bool operator==(const RawProposal&, const RawProposal&) = default;
};
struct RawSa {
  std::uint32_t doi = 1;
  std::uint32_t situation = 1;
  std::vector<RawProposal> proposals;
  friend bool operator==(const RawSa&, const RawSa&) = default;
};
/// Which part of an SA payload is malformed.
enum class SaError : std::uint8_t { kSa, kProposal, kTransform };
/// @param body without the generic header
/// @errors kSa: too short, or its chain does not end with it; kProposal, kTransform: the same one level down
std::optional<RawSa> parse_sa(Octets body, SaError& error);
OctetVector emit_sa(const RawSa& sa);

}  // namespace ssx::authip
