#include "lab/constants.h"

namespace ssx::lab {

const std::vector<std::pair<std::string_view, std::uint32_t>>& winsock_errors() {
  static const std::vector<std::pair<std::string_view, std::uint32_t>> kErrors{
      {"WSAEINTR", 10004},        {"WSAEACCES", 10013},       {"WSAEFAULT", 10014},         {"WSAEINVAL", 10022},
      {"WSAEWOULDBLOCK", 10035},  {"WSAEINPROGRESS", 10036},  {"WSAEALREADY", 10037},       {"WSAENOTSOCK", 10038},
      {"WSAEDESTADDRREQ", 10039}, {"WSAEMSGSIZE", 10040},     {"WSAEPROTOTYPE", 10041},     {"WSAENOPROTOOPT", 10042},
      {"WSAEOPNOTSUPP", 10045},   {"WSAEAFNOSUPPORT", 10047}, {"WSAEADDRINUSE", 10048},     {"WSAEADDRNOTAVAIL", 10049},
      {"WSAENETUNREACH", 10051},  {"WSAECONNABORTED", 10053}, {"WSAECONNRESET", 10054},     {"WSAENOBUFS", 10055},
      {"WSAEISCONN", 10056},      {"WSAENOTCONN", 10057},     {"WSAESHUTDOWN", 10058},      {"WSAETIMEDOUT", 10060},
      {"WSAECONNREFUSED", 10061}, {"WSAEHOSTUNREACH", 10065}, {"WSANOTINITIALISED", 10093},
  };
  return kErrors;
}

const std::vector<std::pair<std::string_view, std::uint32_t>>& ipsec_errors() {
  static const std::vector<std::pair<std::string_view, std::uint32_t>> kErrors{
      {"ERROR_IPSEC_IKE_AUTH_FAIL", 13801},
      {"ERROR_IPSEC_IKE_NEGOTIATION_PENDING", 13803},
      {"ERROR_IPSEC_IKE_GENERAL_PROCESSING_ERROR", 13804},
      {"ERROR_IPSEC_IKE_TIMED_OUT", 13805},
      {"ERROR_IPSEC_IKE_NO_CERT", 13806},
      {"ERROR_IPSEC_IKE_SA_DELETED", 13807},
      {"ERROR_IPSEC_IKE_SA_REAPED", 13808},
      {"ERROR_IPSEC_IKE_DH_FAIL", 13822},
      {"ERROR_IPSEC_IKE_NO_POLICY", 13825},
      {"ERROR_IPSEC_IKE_KERBEROS_ERROR", 13827},
      {"ERROR_IPSEC_IKE_NO_MM_POLICY", 13850},
      {"ERROR_IPSEC_IKE_INVALID_GROUP", 13865},
      {"ERROR_IPSEC_IKE_POLICY_MATCH", 13868},
      {"ERROR_IPSEC_IKE_MM_EXPIRED", 13885},
      {"ERROR_IPSEC_IKE_QM_EXPIRED", 13895},
      {"ERROR_IPSEC_BAD_SPI", 13910},
      {"ERROR_IPSEC_SA_LIFETIME_EXPIRED", 13911},
      {"ERROR_IPSEC_WRONG_SA", 13912},
      {"ERROR_IPSEC_REPLAY_CHECK_FAILED", 13913},
      {"ERROR_IPSEC_INVALID_PACKET", 13914},
      {"ERROR_IPSEC_INTEGRITY_CHECK_FAILED", 13915},
      {"ERROR_IPSEC_CLEAR_TEXT_DROP", 13916},
  };
  return kErrors;
}

std::string error_name(std::uint32_t code) {
  for (const auto* table : {&winsock_errors(), &ipsec_errors()}) {
    for (const auto& [name, value] : *table) {
      if (value == code) return std::string(name);
    }
  }
  return std::to_string(code);
}

}  // namespace ssx::lab
