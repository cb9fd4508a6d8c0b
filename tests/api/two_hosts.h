// tests/api/two_hosts.h: two computers of one realm under virtual time, and programs on them that call Winsock.
#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/src/process.h"
#include "api/src/virtual_driver.h"
#include "model/ale/behaviour.h"
#include "model/identity/domain.h"
#include "winsock2.h"

#include "mstcpip.h"

#include "ws2tcpip.h"

namespace ssx::api {

using std::chrono_literals::operator""min;
using std::chrono_literals::operator""s;

/// How one of the two computers is set up.
struct HostSetup {
  bool domain_member = true;
  bool ipsec = true;
  std::string user;  // "alice": the account of its programs
  ale::Behaviour behaviour;
};

/// Everything that an observer is told, kept as text, and the octets on the wire.
class RunLog final : public sim::Observer {
 public:
  void on_completed(const std::string& host, const host::Completed& completed) override;
  void on_trace(const std::string& host, const host::TraceRecord& record) override;
  void on_keys(const std::string&, const host::KeysLogged&, Instant) override {}
  void on_wire(const std::string& host, Octets datagram, Instant at, sim::WireFate fate) override;

  /// Whether some datagram that left any host contains the text.
  bool wire_contains(std::string_view text) const;

  std::vector<std::string> events;
  std::vector<OctetVector> wire;
};

using ProgramBody = std::function<void()>;

/// "client" 10.0.0.1 and fd00::1, "server" 10.0.0.2 and fd00::2, of EXAMPLE.TEST, and one process on each.
class TwoHosts {
 public:
  explicit TwoHosts(const HostSetup& client = {}, const HostSetup& server = {}, std::uint64_t seed = 1);

  /// Runs both programs, the server's first, with Winsock started; they must end by themselves. A program that ends
  /// last leaves the world `settle` more.
  void run(const ProgramBody& server_program, const ProgramBody& client_program);
  /// One program on the client host.
  void run_alone(const ProgramBody& program);
  /// Adds a program of `process` that run_programs() will run; Winsock is started if `started`.
  void add_program(const std::string& name, Process& process, ProgramBody body, bool started = true);
  RunOutcome run_programs(Duration time_limit = 60min);

  /// Programs tell each other how far they are.
  void signal(const std::string& name) { signals_[name] = true; }
  void await(const std::string& name);
  void sleep(Duration span) { driver_.sleep_until(driver_.now() + span); }

  Process& client() { return client_; }
  Process& server() { return server_; }
  VirtualDriver& driver() { return driver_; }
  RunLog& log() { return log_; }

 private:
  RunLog log_;
  VirtualDriver driver_;
  Process client_;
  Process server_;
  std::map<std::string, bool> signals_;
};

// --- short forms for programs
// --------------------------------------------------------------------------------------------

/// An address in the shape of a family, for calls that take sockaddr*.
class Address {
 public:
  Address(int family, const char* text, std::uint16_t port);
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage_); }
  int size() const { return storage_.ss_family == AF_INET ? 16 : 28; }
  const SOCKADDR_STORAGE& storage() const { return storage_; }

 private:
  SOCKADDR_STORAGE storage_{};
};
inline constexpr std::uint16_t kPort = 4000;
Address client_address(int family, std::uint16_t port);
Address server_address(int family, std::uint16_t port = kPort);
Address any_address(int family, std::uint16_t port = kPort);

/// 0, or the code that a failed call left; a failed call returns SOCKET_ERROR and both slots say the same (C-036).
std::uint32_t code_of(int result);

SOCKET stream_socket(int family = AF_INET);
SOCKET datagram_socket(int family = AF_INET);
/// WSASetSocketSecurity with NULL, or with {DEFAULT, flags}.
int secure(SOCKET socket);
int secure(SOCKET socket, std::uint32_t flags);
/// A stream socket that listens on the wildcard address, after `prepare`.
SOCKET listener(int family, const std::function<void(SOCKET)>& prepare = {}, std::uint16_t port = kPort);
int connect_to(SOCKET socket, const Address& address);
int send_text(SOCKET socket, std::string_view text);
int send_text_to(SOCKET socket, std::string_view text, const Address& address);
/// What one receive call gives; on an error "error <code>".
std::string receive_text(SOCKET socket);

/// A SOCKET_PEER_TARGET_NAME with its string.
class TargetNameBuffer {
 public:
  /// `count_characters`: state the length as the samples do, in characters instead of octets.
  explicit TargetNameBuffer(std::string_view name, bool count_characters = false);
  TargetNameBuffer& for_peer(const Address& address);
  SOCKET_PEER_TARGET_NAME* get() { return reinterpret_cast<SOCKET_PEER_TARGET_NAME*>(octets_.data()); }
  ULONG size() const { return static_cast<ULONG>(octets_.size()); }
  /// A size of one's own choice, zeros behind the string.
  void resize(std::size_t octets) { octets_.resize(octets); }

 private:
  std::vector<unsigned char> octets_;
};
int set_name(SOCKET socket, TargetNameBuffer name);

SOCKET_SECURITY_QUERY_TEMPLATE plain_template(std::uint32_t access = 0);
SOCKET_SECURITY_QUERY_TEMPLATE template_for(const Address& peer, std::uint32_t access = 0);
/// A query that must succeed.
SOCKET_SECURITY_QUERY_INFO query(SOCKET socket, const SOCKET_SECURITY_QUERY_TEMPLATE& question = plain_template(0));
SOCKET_SECURITY_QUERY_INFO_IPSEC2 query2(SOCKET socket, std::uint32_t field_mask = 0, std::uint32_t access = 0);
/// The code of a query that gives enough room.
std::uint32_t query_code(SOCKET socket);
std::uint32_t query_code(SOCKET socket, const SOCKET_SECURITY_QUERY_TEMPLATE& question);
/// Account name of the token behind a handle of the calling process, or "none".
std::string account_of(std::uint64_t handle);
/// Account that the calling thread impersonates, or "none".
std::string impersonated_account();

}  // namespace ssx::api
