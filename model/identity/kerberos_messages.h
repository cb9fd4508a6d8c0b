// model/identity/kerberos_messages.h: the bodies of the Kerberos stand-in's tokens and what is sealed inside them.
// Internal. Source: docs/kerberos-stand-in.md; RFC 4120 5.3, 5.5 for the fields. All numbers are big endian.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "crypto/secret.h"
#include "model/base/octets.h"
#include "model/base/time.h"
#include "model/identity/principal.h"

namespace ssx::identity {

inline constexpr std::uint8_t kKerberosBodyVersion = 1;
/// APOptions mutual-required (RFC 4120 5.5.1).
inline constexpr std::uint32_t kApOptionMutualRequired = 0x20000000;
/// Context request flags (RFC 4121 4.1.1.1).
inline constexpr std::uint32_t kGssMutualFlag = 0x02;
inline constexpr std::uint32_t kGssConfidentialityFlag = 0x10;

/// The service a ticket is for, readable on the wire and covered by the ticket's tag.
struct ServiceName {
  std::string realm;
  std::string name;
  friend bool operator==(const ServiceName&, const ServiceName&) = default;
};

/// The body of TOK_ID 01 00.
//   |  version (1)  |  AP options (4)  |  realm  |  service name  |  sealed ticket  |  sealed authenticator  |
//   a text or a sealed part is its length in two octets and its octets
struct ApRequest {
  std::uint32_t options = 0;
  ServiceName service;
  OctetVector ticket;
  OctetVector authenticator;
  friend bool operator==(const ApRequest&, const ApRequest&) = default;
};

/// Sealed under the service's long-term key.
//   |  client: kind (1)  account  realm  host  SID  group count (2)  groups  |  start (8)  |  end (8)  |  session key
//   (32)  |
struct Ticket {
  Principal client;
  Instant start;  // by the domain's clock
  Instant end;
  crypto::SecretOctets session_key;
  friend bool operator==(const Ticket&, const Ticket&) = default;
};

/// Sealed under the ticket's session key.
//   |  client name  |  time (8)  |  sequence number (4)  |  context flags (4)  |  subkey (32)  |
struct Authenticator {
  std::string client_name;
  Instant time;  // by the initiator's clock
  std::uint32_t sequence_number = 0;
  std::uint32_t context_flags = 0;
  crypto::SecretOctets subkey;
  friend bool operator==(const Authenticator&, const Authenticator&) = default;
};

/// Sealed under the ticket's session key; the body of TOK_ID 02 00 is the version (1) and the sealed part, with its
/// length.
//   |  time of the authenticator (8)  |  sequence number (4)  |  subkey (32)  |
struct ApReplyPart {
  Instant time;
  std::uint32_t sequence_number = 0;
  crypto::SecretOctets subkey;
  friend bool operator==(const ApReplyPart&, const ApReplyPart&) = default;
};

// Each parse is total, and gives nothing on a short read, an octet left over, a value that cannot be. Each emit asserts
// what the domain has already held to its limits. The secret comes last in every sealed part, so that a growing buffer
// never leaves a copy of it behind; the caller wipes what emit_… gave.

std::optional<ApRequest> parse_ap_request(Octets body);
OctetVector emit_ap_request(const ApRequest& request);
/// The octets of the request in front of the sealed authenticator's length: what the authenticator's tag covers too.
OctetVector authenticated_part(const ApRequest& request);
/// What the ticket's tag covers besides the ticket.
OctetVector emit_service_name(const ServiceName& service);

std::optional<Ticket> parse_ticket(Octets plaintext);
OctetVector emit_ticket(const Ticket& ticket);
std::optional<Authenticator> parse_authenticator(Octets plaintext);
OctetVector emit_authenticator(const Authenticator& authenticator);

/// The sealed part of a reply's body, borrowed.
std::optional<Octets> parse_ap_reply(Octets body);
OctetVector emit_ap_reply(Octets sealed_part);
std::optional<ApReplyPart> parse_ap_reply_part(Octets plaintext);
OctetVector emit_ap_reply_part(const ApReplyPart& part);

}  // namespace ssx::identity
