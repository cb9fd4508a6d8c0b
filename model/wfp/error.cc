#include "model/wfp/error.h"

namespace ssx::wfp {
namespace {

struct Words {
  std::string_view name;
  std::string_view sentence;
};

Words words(FwpError error) {
  switch (error) {
    case FwpError::kCalloutNotFound: return {"FWP_E_CALLOUT_NOT_FOUND", "No callout has this key."};
    case FwpError::kConditionNotFound:
      return {"FWP_E_CONDITION_NOT_FOUND", "The layer does not know this condition field."};
    case FwpError::kFilterNotFound: return {"FWP_E_FILTER_NOT_FOUND", "No filter has this key or id."};
    case FwpError::kLayerNotFound: return {"FWP_E_LAYER_NOT_FOUND", "No layer has this key."};
    case FwpError::kProviderNotFound: return {"FWP_E_PROVIDER_NOT_FOUND", "No provider has this key."};
    case FwpError::kProviderContextNotFound:
      return {"FWP_E_PROVIDER_CONTEXT_NOT_FOUND", "No provider context has this key or id."};
    case FwpError::kSublayerNotFound: return {"FWP_E_SUBLAYER_NOT_FOUND", "No sublayer has this key."};
    case FwpError::kNotFound: return {"FWP_E_NOT_FOUND", "The object does not exist."};
    case FwpError::kAlreadyExists: return {"FWP_E_ALREADY_EXISTS", "An object of this kind already has this key."};
    case FwpError::kInUse: return {"FWP_E_IN_USE", "Another object still refers to this one."};
    case FwpError::kDynamicSessionInProgress:
      return {"FWP_E_DYNAMIC_SESSION_IN_PROGRESS", "A dynamic session may not do this."};
    case FwpError::kWrongSession: return {"FWP_E_WRONG_SESSION", "The object belongs to another dynamic session."};
    case FwpError::kNoTxnInProgress: return {"FWP_E_NO_TXN_IN_PROGRESS", "There is no transaction to commit or abort."};
    case FwpError::kTxnInProgress: return {"FWP_E_TXN_IN_PROGRESS", "This is not allowed inside a transaction."};
    case FwpError::kTxnAborted: return {"FWP_E_TXN_ABORTED", "The transaction lasted too long and was aborted."};
    case FwpError::kSessionAborted: return {"FWP_E_SESSION_ABORTED", "The engine has stopped and ended the session."};
    case FwpError::kIncompatibleTxn:
      return {"FWP_E_INCOMPATIBLE_TXN", "A read-only transaction cannot change anything."};
    case FwpError::kTimeout: return {"FWP_E_TIMEOUT", "The engine's lock was not free in time."};
    case FwpError::kNetEventsDisabled: return {"FWP_E_NET_EVENTS_DISABLED", "Net events are not collected."};
    case FwpError::kIncompatibleLayer: return {"FWP_E_INCOMPATIBLE_LAYER", "The object does not fit this layer."};
    case FwpError::kKmClientsOnly: return {"FWP_E_KM_CLIENTS_ONLY", "Only keying modules may call this."};
    case FwpError::kLifetimeMismatch:
      return {"FWP_E_LIFETIME_MISMATCH", "The object would outlive, or may not depend on, one it refers to."};
    case FwpError::kBuiltinObject:
      return {"FWP_E_BUILTIN_OBJECT", "A built-in object can be neither added nor deleted."};
    case FwpError::kTooManyCallouts:
      return {"FWP_E_TOO_MANY_CALLOUTS", "There are as many callouts as the engine can hold."};
    case FwpError::kNotificationDropped:
      return {"FWP_E_NOTIFICATION_DROPPED", "A notification was lost because its queue was full."};
    case FwpError::kTrafficMismatch:
      return {"FWP_E_TRAFFIC_MISMATCH", "The traffic differs from that of the SA context."};
    case FwpError::kIncompatibleSaState:
      return {"FWP_E_INCOMPATIBLE_SA_STATE", "The SA context is not in a state that allows this."};
    case FwpError::kNullPointer: return {"FWP_E_NULL_POINTER", "A required pointer is null."};
    case FwpError::kInvalidEnumerator: return {"FWP_E_INVALID_ENUMERATOR", "A value lies outside its enumeration."};
    case FwpError::kInvalidFlags:
      return {"FWP_E_INVALID_FLAGS", "The flags have undefined bits or exclude each other."};
    case FwpError::kInvalidNetMask: return {"FWP_E_INVALID_NET_MASK", "The network mask has gaps or is too long."};
    case FwpError::kInvalidRange: return {"FWP_E_INVALID_RANGE", "The low end of the range is above its high end."};
    case FwpError::kInvalidInterval: return {"FWP_E_INVALID_INTERVAL", "A span of time or a lifetime is not valid."};
    case FwpError::kZeroLengthArray: return {"FWP_E_ZERO_LENGTH_ARRAY", "A list that needs an entry is empty."};
    case FwpError::kNullDisplayName: return {"FWP_E_NULL_DISPLAY_NAME", "The object has no display name."};
    case FwpError::kInvalidActionType: return {"FWP_E_INVALID_ACTION_TYPE", "A filter cannot have this action."};
    case FwpError::kInvalidWeight:
      return {"FWP_E_INVALID_WEIGHT", "The weight is neither empty, nor a range below 16, nor 64 bits."};
    case FwpError::kMatchTypeMismatch:
      return {"FWP_E_MATCH_TYPE_MISMATCH", "The field cannot be compared in this way."};
    case FwpError::kTypeMismatch: return {"FWP_E_TYPE_MISMATCH", "The value's type is not that of the field."};
    case FwpError::kOutOfBounds: return {"FWP_E_OUT_OF_BOUNDS", "An integer is too large."};
    case FwpError::kReserved: return {"FWP_E_RESERVED", "A reserved member is not zero."};
    case FwpError::kDuplicateCondition:
      return {"FWP_E_DUPLICATE_CONDITION", "The same field is compared twice where it may be only once."};
    case FwpError::kDuplicateKeymod: return {"FWP_E_DUPLICATE_KEYMOD", "A keying module is listed twice."};
    case FwpError::kActionIncompatibleWithLayer:
      return {"FWP_E_ACTION_INCOMPATIBLE_WITH_LAYER", "The action is not allowed at this layer."};
    case FwpError::kActionIncompatibleWithSublayer:
      return {"FWP_E_ACTION_INCOMPATIBLE_WITH_SUBLAYER", "The action is not allowed in this sublayer."};
    case FwpError::kContextIncompatibleWithLayer:
      return {"FWP_E_CONTEXT_INCOMPATIBLE_WITH_LAYER", "The context does not fit the layer."};
    case FwpError::kContextIncompatibleWithCallout:
      return {"FWP_E_CONTEXT_INCOMPATIBLE_WITH_CALLOUT", "The context does not fit the callout."};
    case FwpError::kIncompatibleAuthMethod:
      return {"FWP_E_INCOMPATIBLE_AUTH_METHOD", "The keying module does not know this authentication method."};
    case FwpError::kIncompatibleDhGroup:
      return {"FWP_E_INCOMPATIBLE_DH_GROUP", "The keying module cannot use this Diffie-Hellman group."};
    case FwpError::kEmNotSupported: return {"FWP_E_EM_NOT_SUPPORTED", "The keying module has no extended mode."};
    case FwpError::kNeverMatch: return {"FWP_E_NEVER_MATCH", "Nothing can ever match the template."};
    case FwpError::kProviderContextMismatch:
      return {"FWP_E_PROVIDER_CONTEXT_MISMATCH", "The layer does not take provider contexts of this type."};
    case FwpError::kInvalidParameter: return {"FWP_E_INVALID_PARAMETER", "A parameter is not valid."};
    case FwpError::kTooManySublayers:
      return {"FWP_E_TOO_MANY_SUBLAYERS", "There are as many sublayers as the engine can hold."};
    case FwpError::kCalloutNotificationFailed:
      return {"FWP_E_CALLOUT_NOTIFICATION_FAILED", "The callout refused the filter."};
    case FwpError::kInvalidAuthTransform:
      return {"FWP_E_INVALID_AUTH_TRANSFORM", "The integrity type and its configuration do not fit."};
    case FwpError::kInvalidCipherTransform:
      return {"FWP_E_INVALID_CIPHER_TRANSFORM", "The cipher type and its configuration do not fit."};
    case FwpError::kIncompatibleCipherTransform:
      return {"FWP_E_INCOMPATIBLE_CIPHER_TRANSFORM", "The cipher needs another integrity transform beside it."};
    case FwpError::kInvalidTransformCombination:
      return {"FWP_E_INVALID_TRANSFORM_COMBINATION", "These transforms cannot be combined."};
    case FwpError::kDuplicateAuthMethod:
      return {"FWP_E_DUPLICATE_AUTH_METHOD", "An authentication method is listed twice."};
    case FwpError::kInvalidTunnelEndpoint:
      return {"FWP_E_INVALID_TUNNEL_ENDPOINT", "The tunnel endpoints are not valid."};
    case FwpError::kL2DriverNotReady: return {"FWP_E_L2_DRIVER_NOT_READY", "The layer-2 driver is not ready."};
    case FwpError::kKeyDictatorAlreadyRegistered:
      return {"FWP_E_KEY_DICTATOR_ALREADY_REGISTERED", "A key dictator is already registered."};
    case FwpError::kKeyDictationInvalidKeyingMaterial:
      return {"FWP_E_KEY_DICTATION_INVALID_KEYING_MATERIAL", "The dictated keys are not valid."};
    case FwpError::kConnectionsDisabled: return {"FWP_E_CONNECTIONS_DISABLED", "IPsec connections are not monitored."};
    case FwpError::kInvalidDnsName: return {"FWP_E_INVALID_DNS_NAME", "The DNS name is not valid."};
    case FwpError::kStillOn: return {"FWP_E_STILL_ON", "The option cannot be turned off now."};
    case FwpError::kIkeextNotRunning: return {"FWP_E_IKEEXT_NOT_RUNNING", "The keying service is not running."};
    case FwpError::kDropNoicmp: return {"FWP_E_DROP_NOICMP", "The packet is dropped without an ICMP message."};
    case FwpError::kAccessDenied: return {"ERROR_ACCESS_DENIED", "The caller lacks a right."};
    case FwpError::kInvalidHandle: return {"ERROR_INVALID_HANDLE", "The handle is closed or of another kind."};
    case FwpError::kNotSupported: return {"ERROR_NOT_SUPPORTED", "This is not supported here."};
    case FwpError::kWin32InvalidParameter: return {"ERROR_INVALID_PARAMETER", "A parameter is not valid."};
    case FwpError::kInvalidSecurityDescriptor:
      return {"ERROR_INVALID_SECURITY_DESCR", "The security descriptor is malformed."};
  }
  return {"", ""};
}

}  // namespace

std::string_view name(FwpError error) { return words(error).name; }

std::string_view to_string(FwpError error) { return words(error).sentence; }

}  // namespace ssx::wfp
