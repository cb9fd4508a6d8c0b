#include "crypto/sa_transform.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>

#include "crypto/cipher.h"
#include "crypto/hash.h"
#include "crypto/ip_layout.h"

namespace ssx::crypto {
namespace {

constexpr std::size_t kEspHeader = 8;      // SPI, sequence number
constexpr std::size_t kEspTrailer = 2;     // pad length, next header
constexpr std::size_t kAhFixed = 12;
constexpr std::size_t kDatagramMax = 65'535;
constexpr std::size_t kV6PayloadMax = 65'535;
constexpr std::size_t kHeadersMax = 512;   // of a datagram that AH covers; more is refused

void copy(Octets from, MutableOctets to) { std::memcpy(to.data(), from.data(), from.size()); }

std::uint8_t octet(Octets octets, std::size_t index) { return std::to_integer<std::uint8_t>(octets[index]); }

bool fits_ip(bool is_v4, std::size_t total) { return total <= (is_v4 ? kDatagramMax : kV6PayloadMax + 40); }

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
  const auto protocol = static_cast<IpProtocol>(layout->next);
  if (protocol != IpProtocol::kEsp && protocol != IpProtocol::kAh) return unexpected(PacketError::kNoSuchHeader);
  const Octets rest = datagram.first(layout->total).subspan(layout->headers);
  if (protocol == IpProtocol::kEsp) {
    if (rest.size() < kEspHeader) return unexpected(PacketError::kTruncated);
    return IpsecHeaderPosition{protocol, layout->headers, Spi{load_u32(rest)}, SequenceNumber{load_u32(rest.subspan(4))}, 0};
  }
  if (rest.size() < kAhFixed) return unexpected(PacketError::kTruncated);
  return IpsecHeaderPosition{protocol, layout->headers, Spi{load_u32(rest.subspan(4))}, SequenceNumber{load_u32(rest.subspan(8))},
                             octet(rest, 0)};
}

struct SaTransform::State {
  explicit State(SaTransformParameters given)
      : parameters(std::move(given)),
        cipher(parameters.cipher, parameters.cipher_key.view()),
        hmac(hash_of(parameters.integrity), parameters.integrity_key.view()),
        iv_size(iv_octets(parameters.cipher)),
        // RFC 4303 2.4: without a cipher the ICV starts on a 4-octet boundary.
        alignment(std::max<std::size_t>(block_octets(parameters.cipher), 4)),
        icv_size(icv_octets(parameters.integrity)) {}

  SaTransformParameters parameters;
  CbcCipher cipher;
  HmacKey hmac;
  std::size_t iv_size;
  std::size_t alignment;
  std::size_t icv_size;

  /// RFC 4302 2.6: AH is a multiple of 4 octets for IPv4, of 8 for IPv6.
  std::size_t ah_size(bool is_v4) const {
    const std::size_t size = kAhFixed + icv_size;
    return is_v4 ? size : (size + 7) / 8 * 8;
  }

  void icv_of(Octets covered, MutableOctets out) {
    const std::array<Octets, 1> parts{covered};
    hmac.tag(parts, out);
  }

  // --- sealing ---

  /// Writes SPI .. ICV for `payload`, which is copied once: straight into the cipher's output.
  std::size_t seal_esp(Octets payload, std::uint8_t next_header, SequenceNumber sequence_number, Octets iv, MutableOctets out) {
    store_u32(out, parameters.spi.value);
    store_u32(out.subspan(4), sequence_number.value);
    copy(iv, out.subspan(kEspHeader));
    const MutableOctets text = out.subspan(kEspHeader + iv_size);
    const std::size_t text_size = (payload.size() + kEspTrailer + alignment - 1) / alignment * alignment;
    if (parameters.cipher == CipherAlgorithm::kNull) {
      copy(payload, text);
      write_trailer(text.subspan(payload.size(), text_size - payload.size()), next_header);
    } else {
      encrypt(payload, next_header, text_size, iv, text);
    }
    const std::size_t covered = kEspHeader + iv_size + text_size;
    icv_of(out.first(covered), out.subspan(covered, icv_size));
    return covered + icv_size;
  }

  /// RFC 4303 2.4: padding 1, 2, 3, …, pad length, next header.
  static void write_trailer(MutableOctets trailer, std::uint8_t next_header) {
    const std::size_t padding = trailer.size() - kEspTrailer;
    for (std::size_t i = 0; i < padding; ++i) trailer[i] = static_cast<std::byte>(i + 1);
    trailer[padding] = static_cast<std::byte>(padding);
    trailer[padding + 1] = static_cast<std::byte>(next_header);
  }

  /// Whole blocks of the payload are encrypted from where they are; the last ones go over a small buffer with the trailer.
  void encrypt(Octets payload, std::uint8_t next_header, std::size_t text_size, Octets iv, MutableOctets text) {
    const std::size_t whole = payload.size() / alignment * alignment;
    std::array<std::byte, 64> last{};
    const MutableOctets tail = MutableOctets(last).first(text_size - whole);
    copy(payload.subspan(whole), tail);
    write_trailer(tail.subspan(payload.size() - whole), next_header);
    cipher.encrypt(iv, payload.first(whole), text);
    const Octets chained = whole == 0 ? iv : Octets(text).subspan(whole - alignment, alignment);
    std::array<std::byte, 16> chain{};
    copy(chained, chain);
    cipher.encrypt(Octets(chain).first(alignment), tail, text.subspan(whole));
  }

  /// Writes AH in front of `payload` at out[headers..]; out[0..headers) is final but for length fields set by the caller.
  void seal_ah(bool is_v4, std::size_t headers, std::uint8_t next_header, SequenceNumber sequence_number, MutableOctets datagram) {
    const std::size_t size = ah_size(is_v4);
    const MutableOctets ah = datagram.subspan(headers, size);
    ah[0] = static_cast<std::byte>(next_header);
    ah[1] = static_cast<std::byte>(size / 4 - 2);
    store_u16(ah.subspan(2), 0);
    store_u32(ah.subspan(4), parameters.spi.value);
    store_u32(ah.subspan(8), sequence_number.value);
    std::fill(ah.begin() + kAhFixed, ah.end(), std::byte{0});
    std::array<std::byte, 32> icv{};
    ah_icv(is_v4, headers, datagram, MutableOctets(icv).first(icv_size));
    copy(Octets(icv).first(icv_size), ah.subspan(kAhFixed));
  }

  /// The ICV over a datagram whose ICV field is taken as zero.
  void ah_icv(bool is_v4, std::size_t headers, Octets datagram, MutableOctets out) {
    std::array<std::byte, kHeadersMax> muted{};
    const MutableOctets front = MutableOctets(muted).first(headers);
    copy(datagram.first(headers), front);
    zero_mutable_fields(front, is_v4);
    static constexpr std::array<std::byte, 32> kZeros{};
    const std::size_t icv_at = headers + kAhFixed;
    const std::array<Octets, 4> parts{front, datagram.subspan(headers, kAhFixed), Octets(kZeros).first(icv_size),
                                      datagram.subspan(icv_at + icv_size)};
    hmac.tag(parts, out);
  }

  expected<std::size_t, PacketError> seal(Octets datagram, SequenceNumber sequence_number, Octets iv, MutableOctets out);
  expected<std::size_t, PacketError> write_outer(Octets inner, MutableOctets out) const;
  expected<std::size_t, PacketError> open_esp(Octets datagram, const IpLayout& layout, MutableOctets out);
  expected<std::size_t, PacketError> open_ah(Octets datagram, const IpLayout& layout, MutableOctets out);
  expected<std::size_t, PacketError> rebuild(Octets headers, const IpLayout& layout, std::uint8_t next, std::size_t payload,
                                             MutableOctets out) const;
};

// authip.md 7.6: a new IP header around a whole datagram. DSCP and ECN are copied, TTL and hop limit made new.
expected<std::size_t, PacketError> SaTransform::State::write_outer(Octets inner, MutableOctets out) const {
  const bool inner_v4 = octet(inner, 0) >> 4 == 4;
  const auto traffic_class = static_cast<std::uint8_t>(inner_v4 ? octet(inner, 1) : (load_u16(inner) >> 4) & 0xFF);
  const bool is_v4 = parameters.tunnel_source.is_v4();
  const std::size_t size = is_v4 ? 20 : 40;
  if (out.size() < size) return unexpected(PacketError::kBufferTooSmall);
  std::fill_n(out.begin(), size, std::byte{0});
  if (is_v4) {
    out[0] = std::byte{0x45};
    out[1] = static_cast<std::byte>(traffic_class);
    if (inner_v4) {
      copy(inner.subspan(4, 2), out.subspan(4));                             // identification of the inner one
      out[6] = static_cast<std::byte>(octet(inner, 6) & 0x40U);              // DF copied
    }
    out[8] = std::byte{64};
    copy(parameters.tunnel_source.octets(), out.subspan(12));
    copy(parameters.tunnel_destination.octets(), out.subspan(16));
  } else {
    store_u16(out, static_cast<std::uint16_t>(0x6000 | traffic_class << 4));
    out[7] = std::byte{64};
    copy(parameters.tunnel_source.octets(), out.subspan(8));
    copy(parameters.tunnel_destination.octets(), out.subspan(24));
  }
  return size;
}

expected<std::size_t, PacketError> SaTransform::State::seal(Octets datagram, SequenceNumber sequence_number, Octets iv,
                                                             MutableOctets out) {
  assert(iv.size() == (parameters.protocol == IpProtocol::kEsp ? iv_size : 0));
  const auto layout = read_ip_layout(datagram);
  if (!layout) return unexpected(layout.error());
  datagram = datagram.first(layout->total);
  const bool tunnel = parameters.mode == IpsecMode::kTunnel;
  const bool is_v4 = tunnel ? parameters.tunnel_source.is_v4() : layout->is_v4;
  const Octets payload = tunnel ? datagram : datagram.subspan(layout->headers);
  const std::uint8_t next = tunnel ? (layout->is_v4 ? std::uint8_t{4} : std::uint8_t{41}) : layout->next;
  const std::size_t headers = tunnel ? (is_v4 ? 20U : 40U) : layout->headers;
  const bool esp = parameters.protocol == IpProtocol::kEsp;
  const std::size_t text = (payload.size() + kEspTrailer + alignment - 1) / alignment * alignment;
  const std::size_t total = esp ? headers + kEspHeader + iv_size + text + icv_size : headers + ah_size(is_v4) + payload.size();
  if (!fits_ip(is_v4, total) || headers > kHeadersMax) return unexpected(PacketError::kTooLong);
  if (out.size() < total) return unexpected(PacketError::kBufferTooSmall);

  if (tunnel) {
    const auto written = write_outer(datagram, out);
    if (!written) return written;
  } else {
    copy(datagram.first(headers), out);
  }
  const std::size_t next_field = tunnel ? (is_v4 ? 9U : 6U) : layout->next_field;
  out[next_field] = static_cast<std::byte>(parameters.protocol);
  write_ip_length(out, is_v4, total);
  if (esp) {
    seal_esp(payload, next, sequence_number, iv, out.subspan(headers));
  } else {
    copy(payload, out.subspan(headers + ah_size(is_v4)));
    seal_ah(is_v4, headers, next, sequence_number, out.first(total));
  }
  return total;
}

/// Puts the headers back in front of `payload` octets that stand in out[headers..].
expected<std::size_t, PacketError> SaTransform::State::rebuild(Octets headers, const IpLayout& layout, std::uint8_t next,
                                                               std::size_t payload, MutableOctets out) const {
  // RFC 4303 2.6, authip.md 7.4 step 8.
  if (next == static_cast<std::uint8_t>(IpProtocol::kNoNext)) return unexpected(PacketError::kDummy);
  if (parameters.mode == IpsecMode::kTunnel) {
    if (next != 4 && next != 41) return unexpected(PacketError::kBadPadding);
    std::memmove(out.data(), out.data() + layout.headers, payload);
    return payload;
  }
  copy(headers, out);
  out[layout.next_field] = static_cast<std::byte>(next);
  write_ip_length(out, layout.is_v4, layout.headers + payload);
  return layout.headers + payload;
}

expected<std::size_t, PacketError> SaTransform::State::open_esp(Octets datagram, const IpLayout& layout, MutableOctets out) {
  const Octets esp = datagram.subspan(layout.headers);
  // authip.md 7.4 step 3.
  if (esp.size() < kEspHeader + iv_size + kEspTrailer + icv_size) return unexpected(PacketError::kTruncated);
  const std::size_t covered = esp.size() - icv_size;
  const Octets text = esp.first(covered).subspan(kEspHeader + iv_size);
  if (text.size() % block_octets(parameters.cipher) != 0) return unexpected(PacketError::kNotBlocks);
  std::array<std::byte, 32> icv{};
  icv_of(esp.first(covered), MutableOctets(icv).first(icv_size));
  if (!constant_time_equal(Octets(icv).first(icv_size), esp.subspan(covered))) return unexpected(PacketError::kIcvMismatch);

  const MutableOctets plain = out.subspan(layout.headers, text.size());
  cipher.decrypt(esp.subspan(kEspHeader, iv_size), text, plain);
  const std::size_t padding = octet(plain, plain.size() - 2);
  // authip.md 7.4 step 7: pad length not larger than the data, contents 1, 2, 3, ….
  if (padding > plain.size() - kEspTrailer) return unexpected(PacketError::kBadPadding);
  const std::size_t payload = plain.size() - kEspTrailer - padding;
  for (std::size_t i = 0; i < padding; ++i) {
    if (octet(plain, payload + i) != i + 1) return unexpected(PacketError::kBadPadding);
  }
  return rebuild(datagram.first(layout.headers), layout, octet(plain, plain.size() - 1), payload, out);
}

expected<std::size_t, PacketError> SaTransform::State::open_ah(Octets datagram, const IpLayout& layout, MutableOctets out) {
  const std::size_t size = ah_size(layout.is_v4);
  const Octets ah = datagram.subspan(layout.headers);
  if (ah.size() < size || (octet(ah, 1) + 2U) * 4 != size) return unexpected(PacketError::kTruncated);
  if (layout.headers > kHeadersMax) return unexpected(PacketError::kNotIp);
  std::array<std::byte, 32> icv{};
  ah_icv(layout.is_v4, layout.headers, datagram, MutableOctets(icv).first(icv_size));
  if (!constant_time_equal(Octets(icv).first(icv_size), ah.subspan(kAhFixed, icv_size))) return unexpected(PacketError::kIcvMismatch);
  const Octets payload = ah.subspan(size);
  copy(payload, out.subspan(layout.headers));
  return rebuild(datagram.first(layout.headers), layout, octet(ah, 0), payload.size(), out);
}

SaTransform::SaTransform(SaTransformParameters parameters) {
  assert(parameters.cipher_key.size() == key_octets(parameters.cipher));
  assert(parameters.integrity_key.size() == key_octets(parameters.integrity));
  assert(parameters.protocol == IpProtocol::kEsp || parameters.protocol == IpProtocol::kAh);
  state_ = std::make_unique<State>(std::move(parameters));
}
SaTransform::SaTransform(SaTransform&&) noexcept = default;
SaTransform& SaTransform::operator=(SaTransform&&) noexcept = default;
SaTransform::~SaTransform() = default;

std::size_t SaTransform::sealed_octets_max(std::size_t datagram_octets) const {
  const std::size_t outer = parameters().mode == IpsecMode::kTunnel ? 40 : 0;
  return datagram_octets + outer + kEspHeader + state_->iv_size + kEspTrailer + state_->alignment + state_->icv_size + kAhFixed;
}

expected<std::size_t, PacketError> SaTransform::seal(Octets datagram, SequenceNumber sequence_number, Octets iv, MutableOctets out) {
  return state_->seal(datagram, sequence_number, iv, out);
}

void SaTransform::seal(std::span<SealJob> jobs) {
  for (SealJob& job : jobs) job.written = state_->seal(job.datagram, job.sequence_number, job.iv, job.out);
}

expected<std::size_t, PacketError> SaTransform::open(Octets datagram, MutableOctets out) {
  const auto layout = read_ip_layout(datagram);
  if (!layout) return unexpected(layout.error());
  const auto position = find_ipsec_header(datagram);
  if (!position) return unexpected(position.error());
  if (position->protocol != parameters().protocol || position->spi != parameters().spi) {
    return unexpected(PacketError::kNoSuchHeader);
  }
  datagram = datagram.first(layout->total);
  if (out.size() < datagram.size()) return unexpected(PacketError::kBufferTooSmall);
  return parameters().protocol == IpProtocol::kEsp ? state_->open_esp(datagram, *layout, out) : state_->open_ah(datagram, *layout, out);
}

const SaTransformParameters& SaTransform::parameters() const { return state_->parameters; }

OctetVector encapsulate_in_udp(Octets esp_datagram, std::uint16_t source_port, std::uint16_t destination_port) {
  constexpr std::size_t kUdpHeader = 8;
  const auto layout = read_ip_layout(esp_datagram);
  assert(layout.has_value());
  const Octets payload = esp_datagram.first(layout->total).subspan(layout->headers);
  OctetVector out = to_vector(esp_datagram.first(layout->headers));
  const std::size_t udp_at = out.size();
  ByteWriter writer{out};
  writer.u16(source_port);
  writer.u16(destination_port);
  writer.u16(static_cast<std::uint16_t>(kUdpHeader + payload.size()));
  writer.u16(0);  // RFC 3948 2.1: checksum 0 for IPv4
  writer.octets(payload);
  out[layout->next_field] = static_cast<std::byte>(IpProtocol::kUdp);
  write_ip_length(out, layout->is_v4, out.size());
  if (!layout->is_v4) {
    std::uint32_t sum = static_cast<std::uint32_t>(out.size() - udp_at) + static_cast<std::uint32_t>(IpProtocol::kUdp);
    for (std::size_t i = 8; i < 40; i += 2) sum += load_u16(Octets(out).subspan(i));
    for (std::size_t i = udp_at; i < out.size(); i += 2) {
      sum += i + 1 < out.size() ? load_u16(Octets(out).subspan(i)) : std::to_integer<std::uint32_t>(out[i]) << 8;
    }
    while (sum > 0xFFFF) sum = (sum & 0xFFFF) + (sum >> 16);
    const auto checksum = static_cast<std::uint16_t>(~sum);
    store_u16(MutableOctets(out).subspan(udp_at + 6), checksum == 0 ? 0xFFFF : checksum);  // RFC 8200 8.1
  }
  return out;
}

}  // namespace ssx::crypto
