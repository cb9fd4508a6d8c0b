#include "crypto/sa_transform.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "crypto/ah_mutable_fields.h"
#include "crypto/cipher.h"
#include "crypto/hash.h"
#include "crypto/ip_layout.h"
#include "crypto/tunnel_header.h"

namespace ssx::crypto {
namespace {

constexpr std::size_t kEspHeader = 8;   // SPI, sequence number
constexpr std::size_t kEspTrailer = 2;  // pad length, next header
constexpr std::size_t kAhFixed = 12;
constexpr std::size_t kIcvMax = 16;
constexpr std::size_t kBlockMax = 16;
constexpr std::size_t kLengthFieldMax = 0xFFFF;

void copy(Octets from, MutableOctets to) {
  assert(from.size() <= to.size());
  std::copy(from.begin(), from.end(), to.begin());
}

std::uint8_t octet(Octets octets, std::size_t index) { return std::to_integer<std::uint8_t>(octets[index]); }

std::size_t round_up(std::size_t size, std::size_t unit) { return (size + unit - 1) / unit * unit; }

/// RFC 791 3.1, RFC 8200 3: IPv4 counts its header in the length field, IPv6 does not.
bool fits_length_field(bool is_v4, std::size_t total) {
  return (is_v4 ? total : total - kIpv6Octets) <= kLengthFieldMax;
}

/// RFC 4303 2.4: padding 1, 2, 3, …, pad length, next header.
void write_trailer(MutableOctets trailer, std::uint8_t next_header) {
  const std::size_t padding = trailer.size() - kEspTrailer;
  for (std::size_t i = 0; i < padding; ++i) trailer[i] = static_cast<std::byte>(i + 1);
  trailer[padding] = static_cast<std::byte>(padding);
  trailer[padding + 1] = static_cast<std::byte>(next_header);
}

/// Octets of payload in front of the padding of a decrypted text. authip.md 7.4 step 7: the pad length is not larger
/// than the data, and the padding is 1, 2, 3, ….
expected<std::size_t, PacketError> payload_before_padding(Octets text) {
  const std::size_t padding = octet(text, text.size() - kEspTrailer);
  if (padding > text.size() - kEspTrailer) return unexpected(PacketError::kBadPadding);
  const std::size_t payload = text.size() - kEspTrailer - padding;
  for (std::size_t i = 0; i < padding; ++i) {
    if (octet(text, payload + i) != i + 1) return unexpected(PacketError::kBadPadding);
  }
  return payload;
}

expected<IpsecHeaderPosition, PacketError> ipsec_header_at(Octets datagram, const IpLayout& layout) {
  const auto protocol = static_cast<IpProtocol>(layout.upper.next);
  const std::size_t offset = layout.upper.offset;
  const Octets rest = datagram.first(layout.total).subspan(offset);
  if (protocol == IpProtocol::kEsp) {
    if (rest.size() < kEspHeader) return unexpected(PacketError::kTruncated);
    return IpsecHeaderPosition{protocol, offset, Spi{load_u32(rest)}, SequenceNumber{load_u32(rest.subspan(4))}, 0};
  }
  if (protocol != IpProtocol::kAh) return unexpected(PacketError::kNoSuchHeader);
  if (rest.size() < kAhFixed) return unexpected(PacketError::kTruncated);
  return IpsecHeaderPosition{protocol, offset, Spi{load_u32(rest.subspan(4))},
                             SequenceNumber{load_u32(rest.subspan(8))}, octet(rest, 0)};
}

/// A datagram on its way out: what stands in front of ESP or AH, and what they protect.
struct Frame {
  bool is_v4;                // the headers in front
  std::size_t headers;       // their octets
  std::size_t next_field;    // where they name what follows
  Octets datagram;           // as it was given
  Octets payload;            // the part of it that is protected
  std::uint8_t next_header;  // what the payload is
};

}  // namespace

std::string_view to_string(PacketError error) {
  switch (error) {
    case PacketError::kNotIp: return "no IP datagram whose lengths fit";
    case PacketError::kFragment: return "a fragment";
    case PacketError::kNoSuchHeader: return "no ESP or AH header";
    case PacketError::kTruncated: return "shorter than its headers say";
    case PacketError::kNotBlocks: return "the encrypted part is no multiple of the cipher's block";
    case PacketError::kIcvMismatch: return "wrong integrity check value";
    case PacketError::kBadPadding: return "wrong padding";
    case PacketError::kDummy: return "a dummy packet";
    case PacketError::kBufferTooSmall: return "the buffer is too small for the result";
    case PacketError::kTooLong: return "the protected datagram would be too long";
  }
  return "unknown";
}

expected<IpsecHeaderPosition, PacketError> find_ipsec_header(Octets datagram) {
  const auto layout = read_ip_layout(datagram);
  if (!layout) return unexpected(layout.error());
  return ipsec_header_at(datagram, *layout);
}

struct SaTransform::State {
  explicit State(SaTransformParameters given)
      : parameters(std::move(given)),
        is_esp(parameters.protocol == IpProtocol::kEsp),
        is_tunnel(parameters.mode == IpsecMode::kTunnel),
        // RFC 4303 2.4: without a cipher the ICV starts on a 4-octet boundary.
        alignment(std::max<std::size_t>(block_octets(parameters.cipher), 4)),
        iv_size(is_esp ? iv_octets(parameters.cipher) : 0),
        icv_size(icv_octets(parameters.integrity)),
        cipher(parameters.cipher, parameters.cipher_key.view()),
        hmac(hash_of(parameters.integrity), parameters.integrity_key.view()) {}

  expected<std::size_t, PacketError> seal(Octets datagram, SequenceNumber number, Octets iv, MutableOctets out);
  expected<std::size_t, PacketError> open(Octets datagram, MutableOctets out);

  SaTransformParameters parameters;
  bool is_esp;
  bool is_tunnel;
  std::size_t alignment;
  std::size_t iv_size;
  std::size_t icv_size;

 private:
  /// RFC 4302 2.6: AH is a multiple of 4 octets for IPv4, of 8 for IPv6.
  std::size_t ah_size(bool is_v4) const { return round_up(kAhFixed + icv_size, is_v4 ? 4 : 8); }
  std::size_t text_size(const Frame& frame) const { return round_up(frame.payload.size() + kEspTrailer, alignment); }
  std::size_t sealed_size(const Frame& frame) const {
    return frame.headers +
           (is_esp ? kEspHeader + iv_size + text_size(frame) + icv_size : ah_size(frame.is_v4) + frame.payload.size());
  }

  expected<Frame, PacketError> frame_of(Octets datagram) const;
  void write_headers(const Frame& frame, MutableOctets out) const;
  void seal_esp(const Frame& frame, SequenceNumber number, Octets iv, MutableOctets out);
  void seal_ah(const Frame& frame, SequenceNumber number, MutableOctets out);
  void write_text(const Frame& frame, Octets iv, MutableOctets text);
  void tag(std::span<const Octets> parts, MutableOctets out) { hmac.tag(parts, out.first(icv_size)); }
  bool tag_is(std::span<const Octets> parts, Octets icv);

  expected<std::size_t, PacketError> open_esp(Octets datagram, const IpLayout& layout, MutableOctets out);
  expected<std::size_t, PacketError> open_ah(Octets datagram, const IpLayout& layout, MutableOctets out);
  expected<std::size_t, PacketError> finish_open(Octets datagram, const IpLayout& layout, std::uint8_t next_header,
                                                 std::size_t payload, MutableOctets out) const;

  CbcCipher cipher;
  HmacKey hmac;
};

// ---- sealing ----

expected<Frame, PacketError> SaTransform::State::frame_of(Octets datagram) const {
  const auto layout = read_ip_layout(datagram);
  if (!layout) return unexpected(layout.error());
  datagram = datagram.first(layout->total);
  if (!is_tunnel) {
    const HeaderBoundary& at = layout->insertion;
    return Frame{layout->is_v4, at.offset, at.next_field, datagram, datagram.subspan(at.offset), at.next};
  }
  // authip.md 7.6: the whole datagram is the payload.
  const bool outer_is_v4 = parameters.tunnel_source.is_v4();
  const IpProtocol inner = layout->is_v4 ? IpProtocol::kIpv4 : IpProtocol::kIpv6;
  return Frame{outer_is_v4,
               tunnel_header_octets(parameters.tunnel_source),
               outer_is_v4 ? kIpv4ProtocolAt : kIpv6NextHeaderAt,
               datagram,
               datagram,
               static_cast<std::uint8_t>(inner)};
}

/// Everything in front of ESP or AH, final: lengths, protocol and IPv4 checksum are those of the sealed datagram.
void SaTransform::State::write_headers(const Frame& frame, MutableOctets out) const {
  if (is_tunnel) {
    write_tunnel_header(frame.datagram, parameters.tunnel_source, parameters.tunnel_destination, out);
  } else {
    copy(frame.datagram.first(frame.headers), out);
  }
  out[frame.next_field] = static_cast<std::byte>(parameters.protocol);
  write_ip_length(out, frame.is_v4, sealed_size(frame));
}

/// The payload with its trailer, encrypted from where it is: only the last blocks go through a buffer.
void SaTransform::State::write_text(const Frame& frame, Octets iv, MutableOctets text) {
  const std::size_t whole = frame.payload.size() / alignment * alignment;
  const Octets rest = frame.payload.subspan(whole);
  std::array<std::byte, 2 * kBlockMax> last;
  const MutableOctets tail = MutableOctets(last).first(text.size() - whole);
  copy(rest, tail);
  write_trailer(tail.subspan(rest.size()), frame.next_header);
  cipher.encrypt(iv, frame.payload.first(whole), tail, text);
}

void SaTransform::State::seal_esp(const Frame& frame, SequenceNumber number, Octets iv, MutableOctets out) {
  store_u32(out, parameters.spi.value);
  store_u32(out.subspan(4), number.value);
  copy(iv, out.subspan(kEspHeader));
  const std::size_t covered = out.size() - icv_size;
  write_text(frame, iv, out.first(covered).subspan(kEspHeader + iv_size));
  const std::array<Octets, 1> parts{out.first(covered)};
  tag(parts, out.subspan(covered));
}

/// Writes AH and payload behind the headers, which stand in `out` already.
void SaTransform::State::seal_ah(const Frame& frame, SequenceNumber number, MutableOctets out) {
  const std::size_t size = ah_size(frame.is_v4);
  const MutableOctets ah = out.subspan(frame.headers, size);
  ah[0] = static_cast<std::byte>(frame.next_header);
  ah[1] = static_cast<std::byte>(size / 4 - 2);  // RFC 4302 2.2
  store_u16(ah.subspan(2), 0);
  store_u32(ah.subspan(4), parameters.spi.value);
  store_u32(ah.subspan(8), number.value);
  std::ranges::fill(ah.subspan(kAhFixed), std::byte{0});
  copy(frame.payload, out.subspan(frame.headers + size));

  // The ICV sees other headers than the wire: they are muted in place, so that one pass covers all, and written again.
  zero_mutable_fields(out.first(frame.headers), frame.is_v4);
  const std::array<Octets, 1> parts{out};
  std::array<std::byte, kIcvMax> icv;
  tag(parts, icv);
  copy(Octets(icv).first(icv_size), ah.subspan(kAhFixed));
  write_headers(frame, out);
}

expected<std::size_t, PacketError> SaTransform::State::seal(Octets datagram, SequenceNumber number, Octets iv,
                                                            MutableOctets out) {
  assert(iv.size() == iv_size);
  const auto frame = frame_of(datagram);
  if (!frame) return unexpected(frame.error());
  const std::size_t total = sealed_size(*frame);
  if (!fits_length_field(frame->is_v4, total)) return unexpected(PacketError::kTooLong);
  if (out.size() < total) return unexpected(PacketError::kBufferTooSmall);
  out = out.first(total);
  write_headers(*frame, out);
  if (is_esp) {
    seal_esp(*frame, number, iv, out.subspan(frame->headers));
  } else {
    seal_ah(*frame, number, out);
  }
  return total;
}

// ---- opening ----

bool SaTransform::State::tag_is(std::span<const Octets> parts, Octets icv) {
  std::array<std::byte, kIcvMax> computed;
  tag(parts, computed);
  return constant_time_equal(Octets(computed).first(icv_size), icv);
}

expected<std::size_t, PacketError> SaTransform::State::open_esp(Octets datagram, const IpLayout& layout,
                                                                MutableOctets out) {
  const Octets esp = datagram.subspan(layout.upper.offset);
  // authip.md 7.4 step 3.
  if (esp.size() < kEspHeader + iv_size + kEspTrailer + icv_size) return unexpected(PacketError::kTruncated);
  const std::size_t covered = esp.size() - icv_size;
  const Octets text = esp.first(covered).subspan(kEspHeader + iv_size);
  if (text.size() % block_octets(parameters.cipher) != 0) return unexpected(PacketError::kNotBlocks);
  // Step 5.
  const std::array<Octets, 1> parts{esp.first(covered)};
  if (!tag_is(parts, esp.subspan(covered))) return unexpected(PacketError::kIcvMismatch);
  // Step 7.
  const MutableOctets plain = out.subspan(is_tunnel ? 0 : layout.upper.offset, text.size());
  cipher.decrypt(esp.subspan(kEspHeader, iv_size), text, plain);
  const auto payload = payload_before_padding(plain);
  if (!payload) return payload;
  return finish_open(datagram, layout, octet(plain, plain.size() - 1), *payload, out);
}

expected<std::size_t, PacketError> SaTransform::State::open_ah(Octets datagram, const IpLayout& layout,
                                                               MutableOctets out) {
  const std::size_t headers = layout.upper.offset;
  const std::size_t size = ah_size(layout.is_v4);
  const Octets ah = datagram.subspan(headers);
  // RFC 4302 3.4.4: the length must be the one that this SA's algorithm gives.
  if (ah.size() < size || (octet(ah, 1) + 2U) * 4 != size) return unexpected(PacketError::kTruncated);
  copy(datagram.first(headers), out);
  zero_mutable_fields(out.first(headers), layout.is_v4);
  static constexpr std::array<std::byte, kIcvMax> kZeros{};
  const std::array<Octets, 4> parts{out.first(headers), ah.first(kAhFixed), Octets(kZeros).first(icv_size),
                                    ah.subspan(kAhFixed + icv_size)};
  if (!tag_is(parts, ah.subspan(kAhFixed, icv_size))) return unexpected(PacketError::kIcvMismatch);
  const Octets payload = ah.subspan(size);
  copy(payload, out.subspan(is_tunnel ? 0 : headers));
  return finish_open(datagram, layout, octet(ah, 0), payload.size(), out);
}

/// Makes a datagram of `payload` octets that stand in `out`: at its front in tunnel mode, else behind the headers'
/// place.
expected<std::size_t, PacketError> SaTransform::State::finish_open(Octets datagram, const IpLayout& layout,
                                                                   std::uint8_t next_header, std::size_t payload,
                                                                   MutableOctets out) const {
  // RFC 4303 2.6, authip.md 7.4 step 8.
  if (next_header == static_cast<std::uint8_t>(IpProtocol::kNoNext)) return unexpected(PacketError::kDummy);
  if (is_tunnel) return finish_inner_datagram(datagram, next_header, out.first(payload));
  const std::size_t total = layout.upper.offset + payload;
  copy(datagram.first(layout.upper.offset), out);
  out[layout.upper.next_field] = static_cast<std::byte>(next_header);
  write_ip_length(out, layout.is_v4, total);
  return total;
}

expected<std::size_t, PacketError> SaTransform::State::open(Octets datagram, MutableOctets out) {
  const auto layout = read_ip_layout(datagram);
  if (!layout) return unexpected(layout.error());
  datagram = datagram.first(layout->total);
  const auto position = ipsec_header_at(datagram, *layout);
  if (!position) return unexpected(position.error());
  if (position->protocol != parameters.protocol || position->spi != parameters.spi) {
    return unexpected(PacketError::kNoSuchHeader);
  }
  if (out.size() < datagram.size()) return unexpected(PacketError::kBufferTooSmall);
  return is_esp ? open_esp(datagram, *layout, out) : open_ah(datagram, *layout, out);
}

// ---- the public face ----

SaTransform::SaTransform(SaTransformParameters parameters) {
  assert(parameters.protocol == IpProtocol::kEsp || parameters.protocol == IpProtocol::kAh);
  assert(parameters.protocol == IpProtocol::kEsp || parameters.cipher == CipherAlgorithm::kNull);
  assert(parameters.tunnel_source.version() == parameters.tunnel_destination.version());
  assert(parameters.cipher_key.size() == key_octets(parameters.cipher));
  assert(parameters.integrity_key.size() == key_octets(parameters.integrity));
  state_ = std::make_unique<State>(std::move(parameters));
}
SaTransform::SaTransform(SaTransform&&) noexcept = default;
SaTransform& SaTransform::operator=(SaTransform&&) noexcept = default;
SaTransform::~SaTransform() = default;

std::size_t SaTransform::sealed_octets_max(std::size_t datagram_octets) const {
  const std::size_t outer = state_->is_tunnel ? kIpv6Octets : 0;
  const std::size_t esp = kEspHeader + state_->iv_size + kEspTrailer + state_->alignment - 1 + state_->icv_size;
  const std::size_t ah = round_up(kAhFixed + state_->icv_size, 8);
  return datagram_octets + outer + (state_->is_esp ? esp : ah);
}

expected<std::size_t, PacketError> SaTransform::seal(Octets datagram, SequenceNumber sequence_number, Octets iv,
                                                     MutableOctets out) {
  return state_->seal(datagram, sequence_number, iv, out);
}

void SaTransform::seal(std::span<SealJob> jobs) {
  for (SealJob& job : jobs) job.written = state_->seal(job.datagram, job.sequence_number, job.iv, job.out);
}

expected<std::size_t, PacketError> SaTransform::open(Octets datagram, MutableOctets out) {
  return state_->open(datagram, out);
}

const SaTransformParameters& SaTransform::parameters() const { return state_->parameters; }

}  // namespace ssx::crypto
