#include "model/wfp/fields.h"

#include <algorithm>
#include <array>

namespace ssx::wfp {
namespace {

constexpr std::string_view kPrefix = "FWPM_CONDITION_";

struct FieldName {
  std::string_view full_name;
  Guid key;
};

/// In the order of Field.
constexpr std::array kFields{
    FieldName{"FWPM_CONDITION_ALE_APP_ID", guid("d78e1e87-8644-4ea5-9437-d809ecefc971")},
    FieldName{"FWPM_CONDITION_ALE_EFFECTIVE_NAME", guid("b1277b9a-b781-40fc-9671-e5f1b989f34e")},
    FieldName{"FWPM_CONDITION_ALE_NAP_CONTEXT", guid("46275a9d-c03f-4d77-b784-1c57f4d02753")},
    FieldName{"FWPM_CONDITION_ALE_ORIGINAL_APP_ID", guid("0e6cd086-e1fb-4212-842f-8a9f993fb3f6")},
    FieldName{"FWPM_CONDITION_ALE_PACKAGE_ID", guid("71bc78fa-f17c-4997-a602-6abb261f351c")},
    FieldName{"FWPM_CONDITION_ALE_PROMISCUOUS_MODE", guid("1c974776-7182-46e9-afd3-b02910e30334")},
    FieldName{"FWPM_CONDITION_ALE_REMOTE_MACHINE_ID", guid("1aa47f51-7f93-4508-a271-81abb00c9cab")},
    FieldName{"FWPM_CONDITION_ALE_REMOTE_USER_ID", guid("f63073b7-0189-4ab0-95a4-6123cbfab862")},
    FieldName{"FWPM_CONDITION_ALE_SECURITY_ATTRIBUTE_FQBN_VALUE", guid("37a57699-5883-4963-92b8-3e704688b0ad")},
    FieldName{"FWPM_CONDITION_ALE_SIO_FIREWALL_SYSTEM_PORT", guid("b9f4e088-cb98-4efb-a2c7-ad07332643db")},
    FieldName{"FWPM_CONDITION_ALE_USER_ID", guid("af043a0a-b34d-4f86-979c-c90371af6e66")},
    FieldName{"FWPM_CONDITION_ARRIVAL_INTERFACE_INDEX", guid("cc088db3-1792-4a71-b0f9-037d21cd828b")},
    FieldName{"FWPM_CONDITION_ARRIVAL_INTERFACE_TYPE", guid("89f990de-e798-4e6d-ab76-7c9558292e6f")},
    FieldName{"FWPM_CONDITION_ARRIVAL_TUNNEL_TYPE", guid("511166dc-7a8c-4aa7-b533-95ab59fb0340")},
    FieldName{"FWPM_CONDITION_AUTHENTICATION_TYPE", guid("eb458cd5-da7b-4ef9-8d43-7b0a840332f2")},
    FieldName{"FWPM_CONDITION_COMPARTMENT_ID", guid("35a791ab-04ac-4ff2-a6bb-da6cfac71806")},
    FieldName{"FWPM_CONDITION_CURRENT_PROFILE_ID", guid("ab3033c9-c0e3-4759-937d-5758c65d4ae3")},
    FieldName{"FWPM_CONDITION_DIRECTION", guid("8784c146-ca97-44d6-9fd1-19fb1840cbf7")},
    FieldName{"FWPM_CONDITION_EMBEDDED_PROTOCOL", guid("07784107-a29e-4c7b-9ec7-29c44afafdbc")},
    FieldName{"FWPM_CONDITION_FLAGS", guid("632ce23b-5167-435c-86d7-e903684aa80c")},
    FieldName{"FWPM_CONDITION_INTERFACE_INDEX", guid("667fd755-d695-434a-8af5-d3835a1259bc")},
    FieldName{"FWPM_CONDITION_INTERFACE_QUARANTINE_EPOCH", guid("cce68d5e-053b-43a8-9a6f-33384c28e4f6")},
    FieldName{"FWPM_CONDITION_INTERFACE_TYPE", guid("daf8cd14-e09e-4c93-a5ae-c5c13b73ffca")},
    FieldName{"FWPM_CONDITION_IPSEC_POLICY_KEY", guid("ad37dee3-722f-45cc-a4e3-068048124452")},
    FieldName{"FWPM_CONDITION_IPSEC_SECURITY_REALM_ID", guid("37a57700-5884-4964-92b8-3e704688b0ad")},
    FieldName{"FWPM_CONDITION_IP_ARRIVAL_INTERFACE", guid("618a9b6d-386b-4136-ad6e-b51587cfb1cd")},
    FieldName{"FWPM_CONDITION_IP_DESTINATION_ADDRESS_TYPE", guid("1ec1b7c9-4eea-4f5e-b9ef-76beaaaf17ee")},
    FieldName{"FWPM_CONDITION_IP_LOCAL_ADDRESS", guid("d9ee00de-c1ef-4617-bfe3-ffd8f5a08957")},
    FieldName{"FWPM_CONDITION_IP_LOCAL_ADDRESS_TYPE", guid("6ec7f6c4-376b-45d7-9e9c-d337cedcd237")},
    FieldName{"FWPM_CONDITION_IP_LOCAL_INTERFACE", guid("4cd62a49-59c3-4969-b7f3-bda5d32890a4")},
    FieldName{"FWPM_CONDITION_IP_LOCAL_PORT", guid("0c1ba1af-5765-453f-af22-a8f791ac775b")},
    FieldName{"FWPM_CONDITION_IP_NEXTHOP_INTERFACE", guid("93ae8f5b-7f6f-4719-98c8-14e97429ef04")},
    FieldName{"FWPM_CONDITION_IP_PROTOCOL", guid("3971ef2b-623e-4f9a-8cb1-6e79b806b9a7")},
    FieldName{"FWPM_CONDITION_IP_REMOTE_ADDRESS", guid("b235ae9a-1d64-49b8-a44c-5ff3d9095045")},
    FieldName{"FWPM_CONDITION_IP_REMOTE_PORT", guid("c35a604d-d22b-4e1a-91b4-68f674ee674b")},
    FieldName{"FWPM_CONDITION_KM_AUTH_NAP_CONTEXT", guid("35d0ea0e-15ca-492b-900e-97fd46352cce")},
    FieldName{"FWPM_CONDITION_KM_MODE", guid("feef4582-ef8f-4f7b-858b-9077d122de47")},
    FieldName{"FWPM_CONDITION_KM_TYPE", guid("ff0f5f49-0ceb-481b-8638-1479791f3f2c")},
    FieldName{"FWPM_CONDITION_LOCAL_INTERFACE_PROFILE_ID", guid("4ebf7562-9f18-4d06-9941-a7a625744d71")},
    FieldName{"FWPM_CONDITION_NEXTHOP_INTERFACE_INDEX", guid("138e6888-7ab8-4d65-9ee8-0591bcf6a494")},
    FieldName{"FWPM_CONDITION_NEXTHOP_INTERFACE_TYPE", guid("97537c6c-d9a3-4767-a381-e942675cd920")},
    FieldName{"FWPM_CONDITION_NEXTHOP_SUB_INTERFACE_INDEX", guid("ef8a6122-0577-45a7-9aaf-825fbeb4fb95")},
    FieldName{"FWPM_CONDITION_NEXTHOP_TUNNEL_TYPE", guid("72b1a111-987b-4720-99dd-c7c576fa2d4c")},
    FieldName{"FWPM_CONDITION_ORIGINAL_ICMP_TYPE", guid("076dfdbe-c56c-4f72-ae8a-2cfe7e5c8286")},
    FieldName{"FWPM_CONDITION_ORIGINAL_PROFILE_ID", guid("46ea1551-2255-492b-8019-aabeee349f40")},
    FieldName{"FWPM_CONDITION_PEER_NAME", guid("9b539082-eb90-4186-a6cc-de5b63235016")},
    FieldName{"FWPM_CONDITION_QM_MODE", guid("f64fc6d1-f9cb-43d2-8a5f-e13bc894f265")},
    FieldName{"FWPM_CONDITION_REAUTHORIZE_REASON", guid("11205e8c-11ae-457a-8a44-477026dd764a")},
    FieldName{"FWPM_CONDITION_REMOTE_ID", guid("f68166fd-0682-4c89-b8f5-86436c7ef9b7")},
    FieldName{"FWPM_CONDITION_RESERVED0", guid("678f4deb-45af-4882-93fe-19d4729d9834")},
    FieldName{"FWPM_CONDITION_RESERVED1", guid("d818f827-5c69-48eb-bf80-d86b17755f97")},
    FieldName{"FWPM_CONDITION_RESERVED2", guid("53d4123d-e15b-4e84-b7a8-dce16f7b62d9")},
    FieldName{"FWPM_CONDITION_RESERVED3", guid("7f6e8ca3-6606-4932-97c7-e1f20710af3b")},
    FieldName{"FWPM_CONDITION_SUB_INTERFACE_INDEX", guid("0cd42473-d621-4be3-ae8c-72a348d283e1")},
    FieldName{"FWPM_CONDITION_TUNNEL_TYPE", guid("77a40437-8779-4868-a261-f5a902f1c0cd")},
    FieldName{"FWPM_CONDITION_ALE_PACKAGE_FAMILY_NAME", Guid{}},
};
static_assert(kFields.size() == kFieldCount);

}  // namespace

std::string_view field_full_name(Field field) {
  return field == Field::kUnknown ? std::string_view{} : kFields[static_cast<std::size_t>(field)].full_name;
}

std::string_view field_name(Field field) {
  return field == Field::kUnknown ? "unknown field" : field_full_name(field).substr(kPrefix.size());
}

Guid field_key(Field field) { return field == Field::kUnknown ? Guid{} : kFields[static_cast<std::size_t>(field)].key; }

Field field_by_key(const Guid& key) {
  if (key.is_zero()) return Field::kUnknown;
  const auto found = std::ranges::find(kFields, key, &FieldName::key);
  return static_cast<Field>(found - kFields.begin());
}

Field field_by_name(std::string_view name) {
  if (name.starts_with(kPrefix)) name.remove_prefix(kPrefix.size());
  if (name == "ICMP_TYPE") return Field::kIpLocalPort;
  if (name == "ICMP_CODE") return Field::kIpRemotePort;
  const auto found = std::ranges::find_if(
      kFields, [name](const FieldName& row) { return row.full_name.substr(kPrefix.size()) == name; });
  return static_cast<Field>(found - kFields.begin());
}

}  // namespace ssx::wfp
