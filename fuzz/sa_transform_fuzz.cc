// fuzz/sa_transform_fuzz.cc: ESP and AH over any octets. The first octet chooses transform and way, the rest is the
// packet.
//
// A fuzzer cannot guess an ICV. So there are three ways: open the octets as they come; open them as the text of an
// authentic ESP-NULL packet; seal them and expect them back.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <utility>

#include "crypto/hash.h"
#include "crypto/sa_transform.h"

namespace ssx::crypto {
namespace {

constexpr std::size_t kRoom = 200;  // more than any transform adds

void require(bool holds) {
  if (!holds) std::abort();
}

SaTransformParameters parameters(unsigned choice) {
  constexpr std::array<std::pair<IpProtocol, CipherAlgorithm>, 4> kKinds{
      {{IpProtocol::kEsp, CipherAlgorithm::kNull},
       {IpProtocol::kEsp, CipherAlgorithm::kAes128},
       {IpProtocol::kEsp, CipherAlgorithm::kTripleDes},
       {IpProtocol::kAh, CipherAlgorithm::kNull}}};
  SaTransformParameters out;
  out.protocol = kKinds[choice & 3].first;
  out.cipher = kKinds[choice & 3].second;
  out.mode = (choice & 4) != 0 ? IpsecMode::kTunnel : IpsecMode::kTransport;
  out.integrity = (choice & 8) != 0 ? IntegrityAlgorithm::kHmacSha256_128 : IntegrityAlgorithm::kHmacSha1_96;
  out.spi = Spi{0x11223344};
  out.cipher_key = SecretOctets(OctetVector(key_octets(out.cipher), std::byte{0x31}));
  out.integrity_key = SecretOctets(OctetVector(key_octets(out.integrity), std::byte{2}));
  const char* const source = (choice & 16) != 0 ? "fd00::1" : "10.0.0.1";
  out.tunnel_source = *parse_address(source);
  out.tunnel_destination = out.tunnel_source;
  return out;
}

/// Everything that may be said of any octets: nothing is written behind the result's bound.
expected<OctetVector, PacketError> open_checked(SaTransform& transform, Octets datagram) {
  const auto position = find_ipsec_header(datagram);
  if (position) require(position->offset < datagram.size());
  OctetVector out(datagram.size());
  const auto written = transform.open(datagram, out);
  if (!written) return unexpected(written.error());
  require(*written <= datagram.size());
  out.resize(*written);
  return out;
}

void open_authentic_esp(SaTransform& transform, Octets text) {
  const SaTransformParameters& parameters = transform.parameters();
  if (parameters.cipher != CipherAlgorithm::kNull || parameters.protocol != IpProtocol::kEsp) return;
  if (text.size() > 60'000) return;
  OctetVector packet = hex("4500000012340000403200000a0000010a0000021122334400000001");
  append(packet, text);
  const Octets covered = Octets(packet).subspan(20);
  const Digest icv = hmac(hash_of(parameters.integrity), parameters.integrity_key.view(), {covered});
  append(packet, icv.view().first(icv_octets(parameters.integrity)));
  store_u16(MutableOctets(packet).subspan(2), static_cast<std::uint16_t>(packet.size()));
  const auto result = open_checked(transform, packet);
  require(result || result.error() != PacketError::kIcvMismatch);
}

void seal_and_open(SaTransform& transform, Octets datagram) {
  const OctetVector iv(
      transform.parameters().protocol == IpProtocol::kEsp ? iv_octets(transform.parameters().cipher) : 0, std::byte{5});
  OctetVector packet(datagram.size() + kRoom);
  require(transform.sealed_octets_max(datagram.size()) <= packet.size());
  const auto written = transform.seal(datagram, SequenceNumber{7}, iv, packet);
  if (!written) return;
  require(*written <= transform.sealed_octets_max(datagram.size()));
  packet.resize(*written);
  const auto back = open_checked(transform, packet);
  if (!back) {
    // What was sealed must open, unless it says of itself that it is a dummy, or a datagram of another SA's layer: the
    // receiver then meets the inner ESP or AH header of a datagram that was protected before.
    require(back.error() != PacketError::kIcvMismatch);
    return;
  }
  require(back->size() <= datagram.size());
  // The IPv4 checksum is made anew in transport mode; everything behind it is as it was.
  const std::size_t from = transform.parameters().mode == IpsecMode::kTunnel ? 0 : 12;
  require(equal(Octets(*back).subspan(from), datagram.subspan(from, back->size() - from)));
}

}  // namespace
}  // namespace ssx::crypto

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ssx::Octets rest(reinterpret_cast<const std::byte*>(data) + 1, size - 1);
  ssx::crypto::SaTransform transform(ssx::crypto::parameters(data[0]));
  switch (data[0] >> 6) {
    case 0: static_cast<void>(ssx::crypto::open_checked(transform, rest)); break;
    case 1: ssx::crypto::open_authentic_esp(transform, rest); break;
    default: ssx::crypto::seal_and_open(transform, rest); break;
  }
  return 0;
}
