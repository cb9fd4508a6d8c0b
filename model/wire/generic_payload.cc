#include "model/wire/generic_payload.h"

#include <cassert>

namespace ssx::wire {
namespace {

constexpr std::size_t kLengthOffset = 2;

}  // namespace

expected<std::vector<RawPayload>, PayloadError> walk_chain(PayloadType first_type, Octets octets) {
  std::vector<RawPayload> payloads;
  PayloadType type = first_type;
  std::size_t offset = 0;
  while (type != PayloadType::kNone) {
    ByteReader in{octets.subspan(offset)};
    const auto next = static_cast<PayloadType>(in.u8());
    in.skip(1);  // authip.md 1.6: RESERVED is sent as 0 and ignored on receipt
    const std::size_t length = in.u16();
    if (!in.ok() || length < kGenericHeaderOctets || length > octets.size() - offset) {
      return unexpected(PayloadError{PayloadErrorKind::kBadGenericLength, type, offset});
    }
    const Octets whole = octets.subspan(offset, length);
    payloads.push_back({type, whole.subspan(kGenericHeaderOctets), whole, offset});
    type = next;
    offset += length;
  }
  if (offset != octets.size()) {
    return unexpected(PayloadError{PayloadErrorKind::kTrailingOctets, PayloadType::kNone, offset});
  }
  return payloads;
}

void ChainWriter::start(PayloadType type) {
  assert(type != PayloadType::kNone);
  if (last_) {
    out_[*last_] = static_cast<std::byte>(type);
  } else {
    first_type_ = type;
  }
  last_ = out_.size();
  ByteWriter writer{out_};
  writer.zeros(kGenericHeaderOctets);  // Next payload, RESERVED, length
}

void ChainWriter::finish() {
  assert(last_.has_value());
  const std::size_t length = out_.size() - *last_;
  assert(length <= kGenericHeaderOctets + kPayloadBodyOctetsMax);
  ByteWriter(out_).patch_u16(*last_ + kLengthOffset, static_cast<std::uint16_t>(length));
}

void ChainWriter::append(PayloadType type, Octets body) {
  start(type);
  ssx::append(out_, body);
  finish();
}

}  // namespace ssx::wire
