// crypto/sa_transform.h: ESP and AH on whole IP datagrams, one object per SA direction. Source: authip.md 7.2 to 7.8,
// RFC 4302, 4303, 3948. Works on octets only: which SA, which sequence number and whether it is a replay is the
// caller's.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "crypto/algorithms.h"
#include "crypto/secret.h"
#include "model/base/address.h"
#include "model/base/expected.h"
#include "model/base/octets.h"
#include "model/base/strong.h"

namespace ssx::crypto {

enum class IpsecMode : std::uint8_t { kTransport, kTunnel };

struct SaTransformParameters {
  IpProtocol protocol = IpProtocol::kEsp;  // kEsp or kAh
  IpsecMode mode = IpsecMode::kTransport;
  Spi spi;
  CipherAlgorithm cipher = CipherAlgorithm::kNull;  // ESP only
  IntegrityAlgorithm integrity = IntegrityAlgorithm::kHmacSha1_96;
  SecretOctets cipher_key;     // exactly key_octets(cipher)
  SecretOctets integrity_key;  // exactly key_octets(integrity)
  IpAddress tunnel_source;     // tunnel mode: outer addresses
  IpAddress tunnel_destination;
};

enum class PacketError : std::uint8_t {
  kNotIp,           // no IPv4 or IPv6 header that can be walked, or its lengths do not fit the octets
  kFragment,        // fragment offset or more-fragments set (authip.md 7.4 step 1)
  kNoSuchHeader,    // open: no ESP or AH header of this SPI where it must be
  kTruncated,       // shorter than header + IV + trailer + ICV
  kNotBlocks,       // the encrypted part is no multiple of the block
  kIcvMismatch,     // authip.md 7.4 step 5
  kBadPadding,      // pad length larger than the data, or padding that is not 1, 2, 3, …
  kDummy,           // next header 59: authentic, to be dropped silently (step 8)
  kBufferTooSmall,  // `out` is shorter than the result
  kTooLong,         // the result would exceed 65535 octets
};
std::string_view to_string(PacketError error);

/// Where ESP or AH stands in a datagram, and what the receiver needs before the ICV: found without any key.
struct IpsecHeaderPosition {
  IpProtocol protocol;
  std::size_t offset;  // of the ESP or AH header, in octets from the start of the datagram
  Spi spi;
  SequenceNumber sequence_number;
  std::uint8_t ah_next_header;  // AH only
};
/// Finds the first ESP or AH header behind the IPv4 header or the IPv6 header and its extension headers.
/// @errors kNotIp, kFragment (authip.md 7.4 step 1), kTruncated, kNoSuchHeader (another upper-layer protocol)
expected<IpsecHeaderPosition, PacketError> find_ipsec_header(Octets datagram);

/// One packet of a batch. `out` must not overlap `datagram`.
struct SealJob {
  Octets datagram;  // IPv4 or IPv6, complete, checksummed
  SequenceNumber sequence_number;
  Octets iv;  // iv_octets(cipher) fresh octets, empty for NULL and AH
  MutableOctets out;
  expected<std::size_t, PacketError> written = unexpected(PacketError::kTruncated);  // result: octets of `out` used
};

/// Keys and contexts of one direction of an SA, set up once. seal() and open() do not allocate. One thread at a time.
class SaTransform {
 public:
  /// Key lengths are asserted: they come from the key derivation, not from outside.
  explicit SaTransform(SaTransformParameters parameters);
  SaTransform(SaTransform&&) noexcept;
  SaTransform& operator=(SaTransform&&) noexcept;
  ~SaTransform();

  /// An upper bound of the size after seal() of a datagram of this size.
  std::size_t sealed_octets_max(std::size_t datagram_octets) const;

  /// Protects a datagram. Transport mode, ESP: RFC 4303 3.1.1 (IPv6: behind hop-by-hop, routing and fragment headers),
  /// header lengths, protocol and checksum rewritten; AH: RFC 4302 3.1.1. Tunnel mode: authip.md 7.6.
  /// @return octets written to `out`
  /// @errors kNotIp, kFragment (in tunnel mode as well), kTruncated, kTooLong, kBufferTooSmall; `out` is then untouched
  expected<std::size_t, PacketError> seal(Octets datagram, SequenceNumber sequence_number, Octets iv,
                                          MutableOctets out);
  /// The same for many packets of this SA.
  void seal(std::span<SealJob> jobs);

  /// Verifies and unwraps: ICV in constant time, then decryption, then padding (authip.md 7.4 steps 3, 5, 7, 8). `out`
  /// gets the datagram as it was before protection, with lengths, protocol and IPv4 checksum rewritten.
  /// @return octets written to `out` (never more than datagram.size())
  expected<std::size_t, PacketError> open(Octets datagram, MutableOctets out);

  const SaTransformParameters& parameters() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Puts a protected ESP datagram into UDP (RFC 3948 2.1; checksum 0 for IPv4, computed for IPv6). P5 of authip.md 7.10.
/// @param esp_datagram  what seal() made; 8 octets must still fit into its length field (assert)
OctetVector encapsulate_in_udp(Octets esp_datagram, std::uint16_t source_port, std::uint16_t destination_port);

}  // namespace ssx::crypto
