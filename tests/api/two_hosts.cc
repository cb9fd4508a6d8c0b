#include "two_hosts.h"

#include <algorithm>

#include "model/identity/kerberos.h"
#include "model/identity/tls.h"

namespace ssx::api {
namespace {

std::shared_ptr<const identity::Domain> make_domain() {
  identity::DomainBuilder builder("EXAMPLE.TEST");
  for (const char* name : {"client.example.test", "server.example.test"}) EXPECT_TRUE(builder.add_machine(name));
  EXPECT_TRUE(builder.add_user("alice", "correct horse"));
  return builder.build();
}

host::HostConfig configure(const std::string& name, int last_octet, const HostSetup& setup,
                           const std::shared_ptr<const identity::Domain>& domain) {
  host::HostConfig config;
  config.name = name;
  config.addresses = {*parse_address("10.0.0." + std::to_string(last_octet)),
                      *parse_address("fd00::" + std::to_string(last_octet))};
  config.credentials.gss_id = "host/" + name + ".example.test";
  if (setup.domain_member) config.credentials = identity::domain_credentials(domain, *domain->find_machine(name));
  config.credentials.mechanisms[identity::kTlsMethod] = identity::make_tls_without_certificate();
  if (!setup.user.empty()) config.user = *domain->find_user(setup.user);
  config.behaviour = setup.behaviour;
  config.ipsec = setup.ipsec;
  config.trace = true;
  return config;
}

std::string stamp(Instant at) { return std::to_string(at.since_epoch.count()); }

}  // namespace

void RunLog::on_completed(const std::string& host, const host::Completed& completed) {
  const std::string result = completed.result ? "value " + std::to_string(completed.result->index())
                                              : std::string(host::to_string(completed.result.error()));
  events.push_back(host + " call " + std::to_string(completed.id.value) + " " + result);
}

void RunLog::on_trace(const std::string& host, const host::TraceRecord& record) {
  events.push_back(host + " " + stamp(record.at) + " trace " + std::to_string(record.event.index()));
}

void RunLog::on_wire(const std::string& host, Octets datagram, Instant at, sim::WireFate) {
  wire.push_back(to_vector(datagram));
  events.push_back(host + " " + stamp(at) + " wire " + std::to_string(datagram.size()));
}

bool RunLog::wire_contains(std::string_view text) const {
  return std::ranges::any_of(wire, [&](const OctetVector& datagram) {
    const std::string_view view(reinterpret_cast<const char*>(datagram.data()), datagram.size());
    return view.find(text) != std::string_view::npos;
  });
}

TwoHosts::TwoHosts(const HostSetup& client, const HostSetup& server, std::uint64_t seed)
    : driver_(seed, log_), client_(driver_, "client"), server_(driver_, "server") {
  const auto domain = make_domain();
  driver_.world().add_host(configure("client", 1, client, domain));
  driver_.world().add_host(configure("server", 2, server, domain));
}

void TwoHosts::add_program(const std::string& name, Process& process, ProgramBody body, bool started) {
  driver_.add_program(name, [&process, body = std::move(body), started] {
    bind_thread(&process);
    WSADATA data;
    if (started) {
      EXPECT_EQ(WSAStartup(MAKEWORD(2, 2), &data), 0);
    }
    body();
    if (started) {
      EXPECT_EQ(WSACleanup(), 0);
    }
    bind_thread(nullptr);
  });
}

RunOutcome TwoHosts::run_programs(Duration time_limit) { return driver_.run(5s, time_limit); }

void TwoHosts::run(const ProgramBody& server_program, const ProgramBody& client_program) {
  add_program("server", server_, server_program);
  add_program("client", client_, client_program);
  const RunOutcome outcome = run_programs();
  EXPECT_TRUE(outcome.finished) << ::testing::PrintToString(outcome.waiting);
}

void TwoHosts::run_alone(const ProgramBody& program) {
  add_program("client", client_, program);
  EXPECT_TRUE(run_programs().finished);
}

void TwoHosts::await(const std::string& name) {
  EXPECT_TRUE(driver_.wait_until([&] { return signals_[name]; }, "signal " + name)) << name;
}

Address::Address(int family, const char* text, std::uint16_t port) {
  if (family == AF_INET) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    EXPECT_EQ(inet_pton(family, text, &v4.sin_addr), 1) << text;
    std::memcpy(&storage_, &v4, sizeof v4);
  } else {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    EXPECT_EQ(inet_pton(family, text, &v6.sin6_addr), 1) << text;
    std::memcpy(&storage_, &v6, sizeof v6);
  }
}

Address client_address(int family, std::uint16_t port) {
  return {family, family == AF_INET ? "10.0.0.1" : "fd00::1", port};
}
Address server_address(int family, std::uint16_t port) {
  return {family, family == AF_INET ? "10.0.0.2" : "fd00::2", port};
}
Address any_address(int family, std::uint16_t port) { return {family, family == AF_INET ? "0.0.0.0" : "::", port}; }

std::uint32_t code_of(int result) {
  if (result == 0) return 0;
  EXPECT_EQ(result, SOCKET_ERROR);
  EXPECT_EQ(static_cast<DWORD>(WSAGetLastError()), GetLastError());
  return GetLastError();
}

SOCKET stream_socket(int family) {
  const SOCKET made = socket(family, SOCK_STREAM, IPPROTO_TCP);
  EXPECT_NE(made, INVALID_SOCKET) << WSAGetLastError();
  return made;
}

SOCKET datagram_socket(int family) {
  const SOCKET made = socket(family, SOCK_DGRAM, IPPROTO_UDP);
  EXPECT_NE(made, INVALID_SOCKET) << WSAGetLastError();
  return made;
}

int secure(SOCKET socket) { return WSASetSocketSecurity(socket, nullptr, 0, nullptr, nullptr); }

int secure(SOCKET socket, std::uint32_t flags) {
  const SOCKET_SECURITY_SETTINGS settings{SOCKET_SECURITY_PROTOCOL_DEFAULT, flags};
  return WSASetSocketSecurity(socket, &settings, sizeof settings, nullptr, nullptr);
}

SOCKET listener(int family, const std::function<void(SOCKET)>& prepare, std::uint16_t port) {
  const SOCKET made = stream_socket(family);
  if (prepare) prepare(made);
  const Address here = any_address(family, port);
  EXPECT_EQ(bind(made, here.get(), here.size()), 0) << WSAGetLastError();
  EXPECT_EQ(listen(made, 5), 0) << WSAGetLastError();
  return made;
}

int connect_to(SOCKET socket, const Address& address) { return connect(socket, address.get(), address.size()); }

int send_text(SOCKET socket, std::string_view text) {
  return send(socket, text.data(), static_cast<int>(text.size()), 0);
}

int send_text_to(SOCKET socket, std::string_view text, const Address& address) {
  return sendto(socket, text.data(), static_cast<int>(text.size()), 0, address.get(), address.size());
}

std::string receive_text(SOCKET socket) {
  char buffer[256];
  const int count = recv(socket, buffer, sizeof buffer, 0);
  if (count < 0) return "error " + std::to_string(WSAGetLastError());
  return {buffer, static_cast<std::size_t>(count)};
}

TargetNameBuffer::TargetNameBuffer(std::string_view name, bool count_characters)
    : octets_(sizeof(SOCKET_PEER_TARGET_NAME) + 2 * name.size()) {
  get()->PeerTargetNameStringLen = static_cast<ULONG>(count_characters ? name.size() : 2 * name.size());
  for (std::size_t i = 0; i < name.size(); ++i) octets_[140 + 2 * i] = static_cast<unsigned char>(name[i]);
}

TargetNameBuffer& TargetNameBuffer::for_peer(const Address& address) {
  get()->PeerAddress = address.storage();
  return *this;
}

int set_name(SOCKET socket, TargetNameBuffer name) {
  return WSASetSocketPeerTargetName(socket, name.get(), name.size(), nullptr, nullptr);
}

SOCKET_SECURITY_QUERY_TEMPLATE plain_template(std::uint32_t access) {
  SOCKET_SECURITY_QUERY_TEMPLATE question{};
  question.SecurityProtocol = SOCKET_SECURITY_PROTOCOL_IPSEC;
  question.PeerTokenAccessMask = access;
  return question;
}

SOCKET_SECURITY_QUERY_TEMPLATE template_for(const Address& peer, std::uint32_t access) {
  SOCKET_SECURITY_QUERY_TEMPLATE question = plain_template(access);
  question.PeerAddress = peer.storage();
  return question;
}

SOCKET_SECURITY_QUERY_INFO query(SOCKET socket, const SOCKET_SECURITY_QUERY_TEMPLATE& question) {
  SOCKET_SECURITY_QUERY_INFO info{};
  ULONG length = sizeof info;
  EXPECT_EQ(code_of(WSAQuerySocketSecurity(socket, &question, sizeof question, &info, &length, nullptr, nullptr)), 0U);
  EXPECT_EQ(length, 24U);
  return info;
}

SOCKET_SECURITY_QUERY_INFO_IPSEC2 query2(SOCKET socket, std::uint32_t field_mask, std::uint32_t access) {
  SOCKET_SECURITY_QUERY_TEMPLATE_IPSEC2 question{};
  question.SecurityProtocol = SOCKET_SECURITY_PROTOCOL_IPSEC2;
  question.FieldMask = field_mask;
  question.PeerTokenAccessMask = access;
  SOCKET_SECURITY_QUERY_INFO_IPSEC2 info{};
  ULONG length = sizeof info;
  const int result =
      WSAQuerySocketSecurity(socket, reinterpret_cast<SOCKET_SECURITY_QUERY_TEMPLATE*>(&question), sizeof question,
                             reinterpret_cast<SOCKET_SECURITY_QUERY_INFO*>(&info), &length, nullptr, nullptr);
  EXPECT_EQ(code_of(result), 0U);
  EXPECT_EQ(length, 64U);
  return info;
}

std::uint32_t query_code(SOCKET socket) { return query_code(socket, plain_template(0)); }

std::uint32_t query_code(SOCKET socket, const SOCKET_SECURITY_QUERY_TEMPLATE& question) {
  SOCKET_SECURITY_QUERY_INFO info{};
  ULONG length = sizeof info;
  return code_of(WSAQuerySocketSecurity(socket, &question, sizeof question, &info, &length, nullptr, nullptr));
}

std::string account_of(std::uint64_t handle) {
  const auto entry = current_process()->handles().find_as<TokenEntry>(handle);
  return entry ? entry->token->principal.account : "none";
}

std::string impersonated_account() {
  const identity::AccessToken* token = thread_token();
  return token != nullptr ? token->principal.account : "none";
}

}  // namespace ssx::api
