#include "lab/policy_parser.h"

#include "crypto/hash.h"

namespace ssx::lab {
namespace {

Guid key_from_names(const std::string& host, const std::string& name) {
  const crypto::Digest digest =
      crypto::hash(crypto::HashAlgorithm::kSha256, {as_octets(host), as_octets("/"), as_octets(name)});
  ByteReader in{digest.view()};
  Guid key;
  key.data1 = in.u32();
  key.data2 = in.u16();
  key.data3 =
      static_cast<std::uint16_t>((in.u16() & 0x0FFF) | 0x8000);  // RFC 9562 5.8: version 8, made by its own rule
  for (auto& octet : key.data4) octet = in.u8();
  key.data4[0] = static_cast<std::uint8_t>((key.data4[0] & 0x3F) | 0x80);
  return key;
}

std::uint32_t seconds(const Value& value, std::string_view what) {
  const Duration span = value.duration(what);
  return static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::seconds>(span).count());
}

std::vector<wfp::AuthenticationMethod> methods(const Value& value) {
  std::vector<wfp::AuthenticationMethod> list;
  for (const Value& item : value.items_or_one("authentication methods")) {
    wfp::AuthenticationMethod method;
    method.type = parse_auth_method(item);
    list.push_back(method);
  }
  return list;
}

wfp::ImpersonationType impersonation(const Value& map) {
  const auto value = map.optional("impersonation");
  if (!value) return wfp::ImpersonationType::kNone;
  return value->one_of<wfp::ImpersonationType>(
      "an impersonation type",
      {{"NONE", wfp::ImpersonationType::kNone}, {"SOCKET_PRINCIPAL", wfp::ImpersonationType::kSocketPrincipal}});
}

wfp::MainModeProposal main_mode_proposal(const Value& map) {
  wfp::MainModeProposal proposal;
  proposal.cipher = parse_ike_cipher(map.required("cipher"));
  proposal.integrity =
      map.required("integrity")
          .one_of<wfp::IkeIntegrity>("an integrity algorithm", {{"MD5", wfp::IkeIntegrity::kMd5},
                                                                {"SHA1", wfp::IkeIntegrity::kSha1},
                                                                {"SHA256", wfp::IkeIntegrity::kSha256},
                                                                {"SHA384", wfp::IkeIntegrity::kSha384}});
  proposal.dh_group = parse_dh_group(map.required("dh_group"));
  proposal.lifetime_seconds_max = 7200;
  if (const auto lifetime = map.optional("lifetime")) proposal.lifetime_seconds_max = seconds(*lifetime, "a lifetime");
  if (const auto limit = map.optional("quick_mode_limit")) {
    proposal.quick_mode_limit = static_cast<std::uint32_t>(limit->number("a quick-mode limit", 0, 0xFFFFFFFF));
  }
  map.done();
  return proposal;
}

wfp::MainModePolicy main_mode(const Value& map) {
  wfp::MainModePolicy policy;
  policy.methods = methods(map.required("methods"));
  policy.initiator_impersonation = impersonation(map);
  for (const Value& item : map.required("proposals").items("main-mode proposals"))
    policy.proposals.push_back(main_mode_proposal(item));
  return policy;
}

wfp::QuickModeTransform transform_of(const std::string& protocol, const Value& map) {
  wfp::QuickModeTransform transform;
  if (const auto integrity = map.optional("integrity")) {
    using Pair = std::pair<wfp::AuthType, wfp::AuthConfig>;
    const Pair pair = integrity->one_of<Pair>(
        "an integrity algorithm", {{"SHA1", Pair{wfp::AuthType::kSha1, wfp::AuthConfig::kHmacSha1_96}},
                                   {"SHA256", Pair{wfp::AuthType::kSha256, wfp::AuthConfig::kHmacSha256_128}},
                                   {"MD5", Pair{wfp::AuthType::kMd5, wfp::AuthConfig::kHmacMd5_96}}});
    transform.auth = pair.first;
    transform.auth_config = pair.second;
  }
  if (const auto cipher = map.optional("cipher")) {
    using Pair = std::pair<wfp::CipherType, wfp::CipherConfig>;
    const Pair pair =
        cipher->one_of<Pair>("a cipher", {{"NULL", Pair{wfp::CipherType::kNone, wfp::CipherConfig::kNone}},
                                          {"3DES", Pair{wfp::CipherType::k3Des, wfp::CipherConfig::kCbc3Des}},
                                          {"AES-128", Pair{wfp::CipherType::kAes128, wfp::CipherConfig::kCbcAes128}},
                                          {"AES-192", Pair{wfp::CipherType::kAes192, wfp::CipherConfig::kCbcAes192}},
                                          {"AES-256", Pair{wfp::CipherType::kAes256, wfp::CipherConfig::kCbcAes256}}});
    if (protocol == "AH" && pair.first != wfp::CipherType::kNone) cipher->fail("AH has no cipher");
    transform.cipher = pair.first;
    transform.cipher_config = pair.second;
  }
  transform.type = protocol == "AH"                             ? wfp::TransformType::kAh
                   : transform.cipher == wfp::CipherType::kNone ? wfp::TransformType::kEspAuth
                                                                : wfp::TransformType::kEspAuthAndCipher;
  return transform;
}

wfp::QuickModeProposal quick_mode_proposal(const Value& map) {
  wfp::QuickModeProposal proposal;
  proposal.lifetime = {3600, 57'671'680, 0x7FFFFFFF};
  if (const auto lifetime = map.optional("lifetime")) proposal.lifetime.seconds = seconds(*lifetime, "a lifetime");
  if (const auto kilobytes = map.optional("kilobytes")) {
    proposal.lifetime.kilobytes = static_cast<std::uint32_t>(kilobytes->number("kilobytes", 1, 0xFFFFFFFF));
  }
  const auto protocol = map.required("protocol").one_of<std::string>("a protocol", {{"ESP", "ESP"}, {"AH", "AH"}});
  proposal.transforms.push_back(transform_of(protocol, map));
  map.done();
  return proposal;
}

wfp::ExtendedModePolicy extended_mode(const Value& map) {
  wfp::ExtendedModePolicy policy;
  policy.methods = methods(map.required("methods"));
  policy.initiator_impersonation = impersonation(map);
  map.done();
  return policy;
}

wfp::QuickModePolicy quick_mode(const Value& map) {
  wfp::QuickModePolicy policy;
  policy.flags = wfp::kPolicyNdBoundary;
  policy.nd_allow_clear_timeout_seconds = 10;
  policy.idle_timeout_seconds = 300;
  policy.idle_timeout_failover_seconds = 60;
  for (const Value& item : map.required("proposals").items("quick-mode proposals"))
    policy.proposals.push_back(quick_mode_proposal(item));
  if (const auto idle = map.optional("idle_timeout")) policy.idle_timeout_seconds = seconds(*idle, "an idle timeout");
  if (const auto extended = map.optional("extended_mode")) policy.extended_mode = extended_mode(*extended);
  return policy;
}

}  // namespace

wfp::IkeCipher parse_ike_cipher(const Value& value) {
  return value.one_of<wfp::IkeCipher>("a main-mode cipher", {{"DES", wfp::IkeCipher::kDes},
                                                             {"3DES", wfp::IkeCipher::k3Des},
                                                             {"AES-128", wfp::IkeCipher::kAes128},
                                                             {"AES-192", wfp::IkeCipher::kAes192},
                                                             {"AES-256", wfp::IkeCipher::kAes256}});
}

wfp::IkeDhGroup parse_dh_group(const Value& value) {
  return value.one_of<wfp::IkeDhGroup>("a Diffie-Hellman group", {{"NONE", wfp::IkeDhGroup::kNone},
                                                                  {"GROUP_1", wfp::IkeDhGroup::kGroup1},
                                                                  {"GROUP_2", wfp::IkeDhGroup::kGroup2},
                                                                  {"GROUP_14", wfp::IkeDhGroup::kGroup14},
                                                                  {"ECP_256", wfp::IkeDhGroup::kEcp256},
                                                                  {"ECP_384", wfp::IkeDhGroup::kEcp384}});
}

wfp::AuthMethod parse_auth_method(const Value& value) {
  return value.one_of<wfp::AuthMethod>("an authentication method", {{"ANONYMOUS", wfp::AuthMethod::kAnonymous},
                                                                    {"KERBEROS", wfp::AuthMethod::kKerberos},
                                                                    {"SSL", wfp::AuthMethod::kSsl},
                                                                    {"NTLM_V2", wfp::AuthMethod::kNtlmV2}});
}

PolicyObject parse_policy(const std::string& host, const std::string& name, const Value& value) {
  PolicyObject object{name, key_from_names(host, name), {}};
  if (const auto key = value.optional("key")) {
    const auto parsed = parse_guid(key->text("a GUID"));
    if (!parsed) key->fail("expected a GUID like b25ea800-0d02-46ed-92bd-7fa84bb73e9d");
    object.key = *parsed;
  }
  const bool is_main =
      value.required("type").one_of<bool>("a type of policy", {{"main-mode", true}, {"quick-mode", false}});
  if (is_main) object.content = main_mode(value);
  if (!is_main) object.content = quick_mode(value);
  value.done();
  return object;
}

}  // namespace ssx::lab
