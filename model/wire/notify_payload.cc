#include "model/wire/notify_payload.h"

#include <algorithm>
#include <cassert>

#include "model/wire/sa_payload.h"

namespace ssx::wire {
namespace {

bool has_data_of_type(const NotifyPayload& payload) {
  const std::optional<std::size_t> octets = notify_data_octets(payload.type);
  return !octets || *octets == payload.data.size();
}

}  // namespace

std::string to_string(NotifyType type) {
  switch (type) {
    case NotifyType::kNoProposalChosen: return "NO-PROPOSAL-CHOSEN";
    case NotifyType::kExchangeInfo: return "EXCHANGE_INFO";
    case NotifyType::kStatus: return "NOTIFY_STATUS";
    case NotifyType::kDosCookie: return "NOTIFY_DOS_COOKIE";
    case NotifyType::kAck: return "NOTIFY_ACK";
    case NotifyType::kQmSynchronize: return "NOTIFY_QM_SYNCHRONIZE";
    case NotifyType::kAcquire: return "NOTIFY_ACQUIRE";
  }
  return std::to_string(static_cast<unsigned>(type));
}

std::string to_string(const NotifyPayload& payload) {
  std::string text = to_string(payload.type);
  if (payload.protocol == kNotifyAboutMainMode) text += " about MM";
  if (payload.protocol == kNotifyAboutQuickMode) text += " about QM";
  if ((payload.flags & kNotifyReliable) != 0) text += ", reliable";
  if (!payload.data.empty()) text += ", data " + to_hex(payload.data);
  return text;
}

std::optional<std::size_t> notify_data_octets(NotifyType type) {
  switch (type) {
    case NotifyType::kNoProposalChosen:
    case NotifyType::kQmSynchronize: return 0;
    case NotifyType::kExchangeInfo:
    case NotifyType::kStatus:
    case NotifyType::kAck: return 4;
    case NotifyType::kDosCookie:
    case NotifyType::kAcquire: return 8;
  }
  return std::nullopt;
}

expected<NotifyPayload, PayloadErrorKind> parse_notify(Octets body) {
  ByteReader in{body};
  NotifyPayload payload;
  const std::uint32_t doi = in.u32();
  payload.protocol = in.u8();
  payload.flags = in.u8() & kNotifyReliable;  // authip.md 1.11: flags, not an SPI size; other bits are ignored
  payload.type = static_cast<NotifyType>(in.u16());
  payload.data = to_vector(in.take_rest());
  if (!in.ok()) return unexpected(PayloadErrorKind::kMalformed);
  if (doi != kDoiIpsec) return unexpected(PayloadErrorKind::kUnknownDoi);
  if (!has_data_of_type(payload)) return unexpected(PayloadErrorKind::kMalformed);
  return payload;
}

void emit_body(OctetVector& out, const NotifyPayload& payload) {
  assert((payload.flags & ~kNotifyReliable) == 0);
  assert(has_data_of_type(payload));
  ByteWriter writer{out};
  writer.u32(kDoiIpsec);
  writer.u8(payload.protocol);
  writer.u8(payload.flags);
  writer.u16(static_cast<std::uint16_t>(payload.type));
  writer.octets(payload.data);
}

NotifyPayload notify_acquire(std::uint8_t protocol, std::uint8_t flags, const AcquireData& data) {
  NotifyPayload payload{protocol, flags, NotifyType::kAcquire, {}};
  ByteWriter writer{payload.data};
  writer.u32(data.encapsulation_mode);
  writer.u32(data.flags);
  return payload;
}

std::optional<AcquireData> acquire_data(const NotifyPayload& payload) {
  if (payload.type != NotifyType::kAcquire || !has_data_of_type(payload)) return std::nullopt;
  return AcquireData{load_u32(payload.data), load_u32(Octets(payload.data).subspan(4))};
}

NotifyPayload notify_number(NotifyType type, std::uint8_t protocol, std::uint8_t flags, std::uint32_t number) {
  NotifyPayload payload{protocol, flags, type, {}};
  ByteWriter(payload.data).u32(number);
  return payload;
}

std::optional<std::uint32_t> number_of(const NotifyPayload& payload) {
  if (payload.data.size() != 4) return std::nullopt;
  return load_u32(payload.data);
}

std::optional<Cookie> dos_cookie_of(const NotifyPayload& payload) {
  if (payload.type != NotifyType::kDosCookie || !has_data_of_type(payload)) return std::nullopt;
  Cookie cookie{};
  std::ranges::copy(payload.data, cookie.begin());
  return cookie;
}

}  // namespace ssx::wire
