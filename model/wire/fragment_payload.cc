#include "model/wire/fragment_payload.h"

#include <cassert>

namespace ssx::wire {

expected<FragmentPayload, PayloadErrorKind> parse_fragment(Octets body) {
  ByteReader in{body};
  FragmentPayload payload;
  payload.id = in.u16();
  payload.number = in.u8();
  payload.last = (in.u8() & kFragmentFlagLast) != 0;
  payload.data = in.take_rest();
  if (!in.ok() || payload.number == 0) return unexpected(PayloadErrorKind::kMalformed);  // authip.md 1.17: from 1
  return payload;
}

void emit_body(OctetVector& out, const FragmentPayload& payload) {
  assert(payload.number != 0);
  ByteWriter writer{out};
  writer.u16(payload.id);
  writer.u8(payload.number);
  writer.u8(payload.last ? kFragmentFlagLast : std::uint8_t{0});
  writer.octets(payload.data);
}

}  // namespace ssx::wire
