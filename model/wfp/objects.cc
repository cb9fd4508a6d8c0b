#include "model/wfp/objects.h"

namespace ssx::wfp {

std::shared_ptr<const MainModePolicy> ProviderContext::main_mode() const {
  const auto* policy = std::get_if<std::shared_ptr<const MainModePolicy>>(&content);
  return policy == nullptr ? nullptr : *policy;
}

std::shared_ptr<const QuickModePolicy> ProviderContext::quick_mode() const {
  const auto* policy = std::get_if<std::shared_ptr<const QuickModePolicy>>(&content);
  return policy == nullptr ? nullptr : *policy;
}

std::string_view to_string(ProviderContextType type) {
  switch (type) {
    case ProviderContextType::kKeying: return "FWPM_IPSEC_KEYING_CONTEXT";
    case ProviderContextType::kIkeQmTransport: return "FWPM_IPSEC_IKE_QM_TRANSPORT_CONTEXT";
    case ProviderContextType::kIkeQmTunnel: return "FWPM_IPSEC_IKE_QM_TUNNEL_CONTEXT";
    case ProviderContextType::kAuthipQmTransport: return "FWPM_IPSEC_AUTHIP_QM_TRANSPORT_CONTEXT";
    case ProviderContextType::kAuthipQmTunnel: return "FWPM_IPSEC_AUTHIP_QM_TUNNEL_CONTEXT";
    case ProviderContextType::kIkeMm: return "FWPM_IPSEC_IKE_MM_CONTEXT";
    case ProviderContextType::kAuthipMm: return "FWPM_IPSEC_AUTHIP_MM_CONTEXT";
    case ProviderContextType::kClassifyOptions: return "FWPM_CLASSIFY_OPTIONS_CONTEXT";
    case ProviderContextType::kGeneral: return "FWPM_GENERAL_CONTEXT";
    case ProviderContextType::kIkev2QmTunnel: return "FWPM_IPSEC_IKEV2_QM_TUNNEL_CONTEXT";
    case ProviderContextType::kIkev2Mm: return "FWPM_IPSEC_IKEV2_MM_CONTEXT";
    case ProviderContextType::kDosp: return "FWPM_IPSEC_DOSP_CONTEXT";
    case ProviderContextType::kIkev2QmTransport: return "FWPM_IPSEC_IKEV2_QM_TRANSPORT_CONTEXT";
  }
  return "unknown context type";
}

std::string_view to_string(ActionType action) {
  switch (action) {
    case ActionType::kBlock: return "BLOCK";
    case ActionType::kPermit: return "PERMIT";
    case ActionType::kCalloutTerminating: return "CALLOUT_TERMINATING";
    case ActionType::kCalloutInspection: return "CALLOUT_INSPECTION";
    case ActionType::kCalloutUnknown: return "CALLOUT_UNKNOWN";
    case ActionType::kContinue: return "CONTINUE";
    case ActionType::kNone: return "NONE";
    case ActionType::kNoneNoMatch: return "NONE_NO_MATCH";
    case ActionType::kBitmapIndexSet: return "BITMAP_INDEX_SET";
  }
  return "unknown action";
}

namespace {

/// The name without the SDK's prefix, or the key where there is no name.
std::string short_name(GuidKind kind, const Guid& key, std::string_view prefix) {
  const std::string_view full = guid_name(kind, key);
  return full.empty() ? to_string(key) : std::string(full.substr(prefix.size()));
}

}  // namespace

std::string describe(const Filter& filter) {
  std::string text = "filter " + std::to_string(filter.id.value) + " '" + filter.display.name.value_or("") + "' (";
  text += short_name(GuidKind::kSublayer, filter.sublayer, "FWPM_SUBLAYER_") + ", " +
          std::string(to_string(filter.action.type));
  if (names_callout(filter.action.type)) {
    text += " " + short_name(GuidKind::kCallout, filter.action.callout, "FWPM_CALLOUT_");
  }
  return text + ")";
}

}  // namespace ssx::wfp
