#include "model/authip/payloads.h"

#include <algorithm>
#include <cassert>

#include "model/authip/payload_rules.h"
#include "model/authip/status.h"

namespace ssx::authip {
namespace {

constexpr std::size_t kNonceOctetsMin = 8;  // RFC 2409 section 5
constexpr std::size_t kNonceOctetsMax = 256;
constexpr std::uint32_t kDoiIpsec = 1;
constexpr std::uint32_t kSituationIdentityOnly = 1;
constexpr std::uint8_t kIdIpv4 = 1;  // RFC 2407 4.6.2
constexpr std::uint8_t kIdIpv6 = 5;
constexpr std::uint8_t kFirstPrivateType = 128;

using Result = std::optional<Invalid>;  // nothing: the payload was read

Result read_sa(Octets body, PayloadSet& out) {
  SaError error{};
  std::optional<RawSa> sa = parse_sa(body, error);
  if (!sa) {
    switch (error) {
      case SaError::kSa: return Invalid{kStatusProcessErrSa, "malformed SA payload"};
      case SaError::kProposal: return Invalid{kStatusProcessErrProposal, "malformed proposal"};
      case SaError::kTransform: return Invalid{kStatusProcessErrTransform, "malformed transform"};
    }
  }
  if (sa->doi != kDoiIpsec) return Invalid{kStatusUnknownDoi, "SA with DOI " + std::to_string(sa->doi)};
  if (sa->situation != kSituationIdentityOnly) {
    return Invalid{kStatusInvalidSituation, "situation " + std::to_string(sa->situation)};
  }
  out.sa = std::move(*sa);
  return std::nullopt;
}

Result read_auth(Octets body, PayloadSet& out) {
  if (body.empty() || body.size() % 4 != 0) {
    return Invalid{kStatusInvalidAuthPayload, "Auth payload of " + std::to_string(body.size()) + " octets"};
  }
  out.methods.emplace();
  ByteReader in(body);
  while (in.remaining() > 0) {
    out.methods->push_back(in.u16());
    in.skip(2);  // flags are ignored
  }
  return std::nullopt;
}

Result read_nonce(Octets body, PayloadSet& out) {
  if (body.size() < kNonceOctetsMin || body.size() > kNonceOctetsMax) {
    return Invalid{kStatusProcessErrNonce, "nonce of " + std::to_string(body.size()) + " octets"};
  }
  out.nonces.push_back(to_vector(body));
  return std::nullopt;
}

Result read_id(Octets body, PayloadSet& out) {
  ByteReader in(body);
  const std::uint8_t type = in.u8();
  IdContent id;
  id.protocol = static_cast<IpProtocol>(in.u8());
  id.endpoint.port = in.u16();
  const Octets data = in.take_rest();
  if (!in.ok()) return Invalid{kStatusProcessErrId, "ID payload too short"};
  if (type != kIdIpv4 && type != kIdIpv6) {
    return Invalid{kStatusUnsupportedId, "ID type " + std::to_string(type) + " is not one address"};
  }
  const std::optional<IpAddress> address = IpAddress::from_octets(data);
  if (!address || address->is_v4() != (type == kIdIpv4)) return Invalid{kStatusProcessErrId, "malformed ID address"};
  id.endpoint.address = *address;
  out.ids.push_back(id);
  return std::nullopt;
}

Result read_notify(Octets body, PayloadSet& out) {
  ByteReader in(body);
  const std::uint32_t doi = in.u32();
  NotifyContent notify;
  notify.protocol = in.u8();
  notify.flags = in.u8();  // not an SPI size
  notify.type = in.u16();
  notify.data = to_vector(in.take_rest());
  if (!in.ok()) return Invalid{kStatusProcessErrNotify, "notify payload too short"};
  if (doi != kDoiIpsec) return Invalid{kStatusUnknownDoi, "notify with DOI " + std::to_string(doi)};
  out.notifies.push_back(std::move(notify));
  return std::nullopt;
}

Result read_gss(Octets body, PayloadSet& out) {
  ByteReader in(body);
  GssMessage message;
  message.status = in.u32();
  message.flags = in.u8();
  message.token = to_vector(in.take_rest());
  if (!in.ok()) return Invalid{kStatusInvalidPayload, "GSS-API payload too short"};
  out.gss = std::move(message);
  return std::nullopt;
}

/// UTF-16, little endian, without terminator (authip.md 1.9). Characters outside ASCII travel as UTF-8 inside the
/// model.
Result read_gss_id(Octets body, PayloadSet& out) {
  if (body.empty() || body.size() % 2 != 0)
    return Invalid{kStatusInvalidPayload, "GSS_ID of odd or no length"};
  std::optional<std::string> name = utf8_from_utf16le(body);
  if (!name || name->find('\0') != std::string::npos) return Invalid{kStatusInvalidPayload, "GSS_ID is no name"};
  out.gss_id = std::move(*name);
  return std::nullopt;
}

Result keep(std::optional<OctetVector>& slot, Octets body) {
  slot = to_vector(body);
  return std::nullopt;
}
Result keep(std::vector<OctetVector>& slots, Octets body) {
  slots.push_back(to_vector(body));
  return std::nullopt;
}

/// D-37: unknown types of 128 and above are ignored, those below are invalid; dictated keys are invalid (D-36).
Result read_other(std::uint8_t type) {
  const bool ignored = type >= kFirstPrivateType && type != payload_type::kKeyDictation &&
                       type != payload_type::kCrypto && type != payload_type::kFragment;
  if (ignored) return std::nullopt;
  return Invalid{kStatusInvalidPayload, payload_name(type) + " payload is not allowed in AuthIP"};
}

Result read_one(const RawPayload& payload, PayloadSet& out) {
  switch (payload.type) {
    case payload_type::kSa: return read_sa(payload.body, out);
    case payload_type::kKeyExchange: return keep(out.key_exchange, payload.body);
    case payload_type::kId: return read_id(payload.body, out);
    case payload_type::kHash: return keep(out.hash, payload.body);
    case payload_type::kNonce: return read_nonce(payload.body, out);
    case payload_type::kNotify: return read_notify(payload.body, out);
    case payload_type::kVendorId: return keep(out.vendor_ids, payload.body);
    case payload_type::kNatD: return keep(out.nat_d, payload.body);
    case payload_type::kNatOa: return std::nullopt;  // means something behind a NAT only
    case payload_type::kGssApi: return read_gss(payload.body, out);
    case payload_type::kGssId: return read_gss_id(payload.body, out);
    case payload_type::kAuth: return read_auth(payload.body, out);
    default: return read_other(payload.type);
  }
}

/// A second SA, KE, Auth, Hash, GSS-API or GSS_ID is invalid (D-37).
bool is_single(std::uint8_t type) {
  return type == payload_type::kSa || type == payload_type::kKeyExchange || type == payload_type::kAuth ||
         type == payload_type::kHash || type == payload_type::kGssApi || type == payload_type::kGssId;
}

}  // namespace

std::uint32_t PayloadSet::exchange_info() const {
  const NotifyContent* info = find_notify(kNotifyExchangeInfo);
  return info == nullptr || info->data.size() != 4 ? 0 : load_u32(info->data);
}

const NotifyContent* PayloadSet::find_notify(std::uint16_t type) const {
  const auto found = std::ranges::find(notifies, type, &NotifyContent::type);
  return found == notifies.end() ? nullptr : &*found;
}

expected<PayloadSet, Invalid> read_payloads(const PayloadChain& chain) {
  const auto raw = parse_chain(chain.first_type, chain.octets);
  if (!raw) return unexpected(Invalid{kStatusInvalidPayload, "the payload chain is broken"});
  PayloadSet set;
  for (const RawPayload& payload : *raw) {
    if (is_single(payload.type) && std::ranges::find(set.types, payload.type) != set.types.end()) {
      return unexpected(Invalid{kStatusInvalidPayload, "a second " + payload_name(payload.type) + " payload"});
    }
    set.types.push_back(payload.type);
    if (Result invalid = read_one(payload, set)) return unexpected(std::move(*invalid));
  }
  return set;
}

PayloadBuilder& PayloadBuilder::add(std::uint8_t type, OctetVector body) {
  parts_.push_back({type, std::move(body)});
  return *this;
}

PayloadBuilder& PayloadBuilder::auth(const std::vector<std::uint16_t>& methods) {
  OctetVector body;
  ByteWriter out(body);
  for (const std::uint16_t method : methods) {
    out.u16(method);
    out.u16(0);
  }
  return add(payload_type::kAuth, std::move(body));
}

PayloadBuilder& PayloadBuilder::nonce(Octets value) { return add(payload_type::kNonce, to_vector(value)); }
PayloadBuilder& PayloadBuilder::key_exchange(Octets value) { return add(payload_type::kKeyExchange, to_vector(value)); }
PayloadBuilder& PayloadBuilder::hash(Octets value) { return add(payload_type::kHash, to_vector(value)); }
PayloadBuilder& PayloadBuilder::vendor_id(Octets value) { return add(payload_type::kVendorId, to_vector(value)); }
PayloadBuilder& PayloadBuilder::nat_d(Octets value) { return add(payload_type::kNatD, to_vector(value)); }

PayloadBuilder& PayloadBuilder::id(const IdContent& value) {
  OctetVector body;
  ByteWriter out(body);
  out.u8(value.endpoint.address.is_v4() ? kIdIpv4 : kIdIpv6);
  out.u8(static_cast<std::uint8_t>(value.protocol));
  out.u16(value.endpoint.port);
  out.octets(value.endpoint.address.octets());
  return add(payload_type::kId, std::move(body));
}

PayloadBuilder& PayloadBuilder::gss(const GssMessage& value) {
  OctetVector body;
  ByteWriter out(body);
  out.u32(value.status);
  out.u8(value.flags);
  out.octets(value.token);
  return add(payload_type::kGssApi, std::move(body));
}

PayloadBuilder& PayloadBuilder::gss_id(const std::string& name) {
  return add(payload_type::kGssId, utf16le_from_utf8(name));
}

PayloadBuilder& PayloadBuilder::notify(const NotifyContent& value) {
  OctetVector body;
  ByteWriter out(body);
  out.u32(kDoiIpsec);
  out.u8(value.protocol);
  out.u8(value.flags);
  out.u16(value.type);
  out.octets(value.data);
  return add(payload_type::kNotify, std::move(body));
}

PayloadChain PayloadBuilder::finish() const {
  assert(!parts_.empty());
  PayloadChain chain{parts_.front().type, {}};
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const std::uint8_t next = i + 1 < parts_.size() ? parts_[i + 1].type : std::uint8_t{0};
    emit_payload(next, parts_[i].body, chain.octets);
  }
  return chain;
}

}  // namespace ssx::authip
