// model/wire/main_mode_transform.h: what a main-mode transform says, read from and written as attributes. Source: RFC
// 2409 appendix A, authip.md 1.12, D-17, D-23.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/wire/sa_payload.h"

namespace ssx::wire {

inline constexpr std::uint8_t kTransformKeyIke = 1;

namespace main_mode_attribute {
inline constexpr std::uint16_t kEncryption = 1;
inline constexpr std::uint16_t kHash = 2;
inline constexpr std::uint16_t kAuthenticationMethod = 3;
inline constexpr std::uint16_t kGroup = 4;
inline constexpr std::uint16_t kLifeType = 11;
inline constexpr std::uint16_t kLifeDuration = 12;
inline constexpr std::uint16_t kPrf = 13;
inline constexpr std::uint16_t kKeyLength = 14;
}  // namespace main_mode_attribute

/// Values of kLifeType here and in quick mode.
inline constexpr std::uint16_t kLifeSeconds = 1;
inline constexpr std::uint16_t kLifeKilobytes = 2;

/// Numbers are those of the wire; nothing means the attribute is not there.
struct MainModeTransform {
  std::uint8_t number = 1;
  std::uint8_t id = kTransformKeyIke;
  std::optional<std::uint16_t> cipher;                 // 1 DES-CBC, 5 3DES-CBC, 7 AES-CBC
  std::optional<std::uint16_t> key_length_bits;        // AES only
  std::optional<std::uint16_t> hash;                   // 1 MD5, 2 SHA-1, 4 SHA-256, 5 SHA-384
  std::optional<std::uint16_t> authentication_method;  // IKEv1; AuthIP does not send it and ignores it (D-17)
  std::optional<std::uint16_t> group;                  // 0 no Diffie-Hellman
  std::optional<std::uint32_t> life_seconds;
  std::vector<Attribute> others;  // unknown ones, second ones and unreadable values, in their order

  friend bool operator==(const MainModeTransform&, const MainModeTransform&) = default;
};
/// "cipher 7 128 bits hash 2 group 19 7200 s"
std::string to_string(const MainModeTransform& transform);

/// Never fails: what it cannot read stays in `others`, for the machine to judge.
/// @conformance
MainModeTransform read_main_mode_transform(const Transform& transform);
/// Emission order 1, 14, 2, 3, 4, 11, 12, then `others`; the duration as a 4-octet TLV (D-17).
Transform to_transform(const MainModeTransform& transform);
/// The SA of #1 and #2: one proposal, number 1, ISAKMP, no SPI.
SaPayload main_mode_sa(const std::vector<MainModeTransform>& transforms);

}  // namespace ssx::wire
