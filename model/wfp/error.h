// model/wfp/error.h: the filtering platform's error codes. Source: wfp-model.md 1.12.
#pragma once

#include <cstdint>
#include <string_view>

namespace ssx::wfp {

/// Why the filtering platform refused a call. The values are the codes that its C functions return.
enum class FwpError : std::uint32_t {
  kCalloutNotFound = 0x80320001,
  kConditionNotFound = 0x80320002,
  kFilterNotFound = 0x80320003,
  kLayerNotFound = 0x80320004,
  kProviderNotFound = 0x80320005,
  kProviderContextNotFound = 0x80320006,
  kSublayerNotFound = 0x80320007,
  kNotFound = 0x80320008,
  kAlreadyExists = 0x80320009,
  kInUse = 0x8032000A,
  kDynamicSessionInProgress = 0x8032000B,
  kWrongSession = 0x8032000C,
  kNoTxnInProgress = 0x8032000D,
  kTxnInProgress = 0x8032000E,
  kTxnAborted = 0x8032000F,
  kSessionAborted = 0x80320010,
  kIncompatibleTxn = 0x80320011,
  kTimeout = 0x80320012,
  kNetEventsDisabled = 0x80320013,
  kIncompatibleLayer = 0x80320014,
  kKmClientsOnly = 0x80320015,
  kLifetimeMismatch = 0x80320016,
  kBuiltinObject = 0x80320017,
  kTooManyCallouts = 0x80320018,
  kNotificationDropped = 0x80320019,
  kTrafficMismatch = 0x8032001A,
  kIncompatibleSaState = 0x8032001B,
  kNullPointer = 0x8032001C,
  kInvalidEnumerator = 0x8032001D,
  kInvalidFlags = 0x8032001E,
  kInvalidNetMask = 0x8032001F,
  kInvalidRange = 0x80320020,
  kInvalidInterval = 0x80320021,
  kZeroLengthArray = 0x80320022,
  kNullDisplayName = 0x80320023,
  kInvalidActionType = 0x80320024,
  kInvalidWeight = 0x80320025,
  kMatchTypeMismatch = 0x80320026,
  kTypeMismatch = 0x80320027,
  kOutOfBounds = 0x80320028,
  kReserved = 0x80320029,
  kDuplicateCondition = 0x8032002A,
  kDuplicateKeymod = 0x8032002B,
  kActionIncompatibleWithLayer = 0x8032002C,
  kActionIncompatibleWithSublayer = 0x8032002D,
  kContextIncompatibleWithLayer = 0x8032002E,
  kContextIncompatibleWithCallout = 0x8032002F,
  kIncompatibleAuthMethod = 0x80320030,
  kIncompatibleDhGroup = 0x80320031,
  kEmNotSupported = 0x80320032,
  kNeverMatch = 0x80320033,
  kProviderContextMismatch = 0x80320034,
  kInvalidParameter = 0x80320035,
  kTooManySublayers = 0x80320036,
  kCalloutNotificationFailed = 0x80320037,
  kInvalidAuthTransform = 0x80320038,
  kInvalidCipherTransform = 0x80320039,
  kIncompatibleCipherTransform = 0x8032003A,
  kInvalidTransformCombination = 0x8032003B,
  kDuplicateAuthMethod = 0x8032003C,
  kInvalidTunnelEndpoint = 0x8032003D,
  kL2DriverNotReady = 0x8032003E,
  kKeyDictatorAlreadyRegistered = 0x8032003F,
  kKeyDictationInvalidKeyingMaterial = 0x80320040,
  kConnectionsDisabled = 0x80320041,
  kInvalidDnsName = 0x80320042,
  kStillOn = 0x80320043,
  kIkeextNotRunning = 0x80320044,
  kDropNoicmp = 0x80320104,
  // Win32 codes that the same calls return (1.12, last paragraph).
  kAccessDenied = 5,
  kInvalidHandle = 6,
  kNotSupported = 50,
  kWin32InvalidParameter = 87,
  kInvalidSecurityDescriptor = 0x8007053A,
};

/// The code as the C functions return it.
constexpr std::uint32_t code(FwpError error) { return static_cast<std::uint32_t>(error); }
/// The header's name: "FWP_E_IN_USE".
std::string_view name(FwpError error);
/// What it means, as a sentence.
std::string_view to_string(FwpError error);

}  // namespace ssx::wfp
