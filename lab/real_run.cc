#include <arpa/inet.h>
#include <netinet/in.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "lab/control_channel.h"
#include "lab/expectations.h"
#include "lab/records_json.h"
#include "lab/run.h"

extern char** environ;

namespace ssx::lab {
namespace {

using Clock = std::chrono::steady_clock;

/// A host process: its id and our end of the control channel.
struct Child {
  std::string host;
  pid_t process = -1;
  std::unique_ptr<ControlChannel> channel;
  bool done = false;
  bool reported = false;
};

/// UDP ports of 127.0.0.1 that nobody uses at the moment: bound all together, so that they differ, then given back.
expected<std::map<std::string, std::uint16_t>, std::string> free_ports(const Scenario& scenario) {
  std::map<std::string, std::uint16_t> ports;
  std::vector<int> held;
  std::string complaint;
  for (const HostSpec& host : scenario.hosts) {
    const int descriptor = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    held.push_back(descriptor);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(host.real_port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    if (::bind(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
      complaint = to_string(host.position) + ": host " + host.name +
                  " cannot use UDP 127.0.0.1:" + std::to_string(host.real_port) +
                  " as its link: " + std::strerror(errno);
      break;
    }
    ports[host.name] = ntohs(address.sin_port);
  }
  for (const int descriptor : held) ::close(descriptor);
  if (!complaint.empty()) return unexpected(complaint);
  return ports;
}

expected<Child, std::string> start_child(const std::string& program, const Scenario& scenario,
                                         const std::string& host) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return unexpected("cannot make a control channel: " + std::string(std::strerror(errno)));
  }
  constexpr int kChildEnd = 3;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], kChildEnd);  // the copy survives the exec
  const std::string descriptor = std::to_string(kChildEnd);
  std::vector<const char*> arguments{program.c_str(), "host-process", scenario.path.c_str(), "--name",
                                     host.c_str(),    "--control",    descriptor.c_str(),    nullptr};
  Child child;
  child.host = host;
  const int error = ::posix_spawn(&child.process, program.c_str(), &actions, nullptr,
                                  const_cast<char* const*>(arguments.data()), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  child.channel = std::make_unique<ControlChannel>(ends[0]);
  if (error != 0) return unexpected("cannot start a host process of " + program + ": " + std::strerror(error));
  return expected<Child, std::string>(std::move(child));
}

/// Ends what is left of the host processes when the run is over, however it ended.
struct Children {
  std::vector<Child> all;
  ~Children() {
    for (Child& child : all) child.channel.reset();  // a child without a parent ends by itself
    for (Child& child : all) {
      if (child.process > 0) ::waitpid(child.process, nullptr, 0);
    }
  }
};

class RealRun {
 public:
  RealRun(const Scenario& scenario, const RunOptions& options) : scenario_(scenario), options_(options) {}

  expected<Records, std::string> run() {
    const auto ports = free_ports(scenario_);
    if (!ports) return unexpected(ports.error());
    for (const HostSpec& host : scenario_.hosts) {
      auto child = start_child(options_.program_path, scenario_, host.name);
      if (!child) return unexpected(child.error());
      children_.all.push_back(std::move(*child));
    }
    if (const std::string complaint = start_hosts(*ports); !complaint.empty()) return unexpected(complaint);
    for (Child& child : children_.all) child.channel->send("go", "");
    return follow();
  }

 private:
  std::string start_hosts(const std::map<std::string, std::uint16_t>& ports) {
    const auto now = std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now().time_since_epoch()).count();
    const nlohmann::json order{{"seed", scenario_.seed},
                               {"speed", scenario_.real_speed},
                               {"epoch", now},
                               {"log_keys", options_.log_keys},
                               {"ports", ports}};
    for (Child& child : children_.all) child.channel->send("start", order.dump());
    for (Child& child : children_.all) {
      constexpr int kStartMilliseconds = 30'000;
      const auto answer = child.channel->receive(kStartMilliseconds);
      if (!answer) return "the process of host " + child.host + " did not start";
      if (answer->verb == "error") return answer->text;
    }
    return "";
  }

  bool all(bool Child::*what) const {
    for (const Child& child : children_.all) {
      if (!(child.*what)) return false;
    }
    return true;
  }

  void tell_all(const std::string& verb, const std::string& text) {
    for (Child& child : children_.all) child.channel->send(verb, text);
  }

  /// Passes signals on, and collects the records when all programs have ended.
  expected<Records, std::string> follow() {
    const auto give_up = Clock::now() + std::chrono::duration_cast<Clock::duration>(real_limit());
    bool finishing = false;
    while (!all(&Child::reported)) {
      if (!finishing && all(&Child::done)) {
        tell_all("finish", "");
        finishing = true;
      }
      if (!finishing && Clock::now() > give_up) {
        for (const Child& child : children_.all) {
          if (!child.done) records_.stuck.push_back("a program on " + child.host + " did not end in time");
        }
        tell_all("stop", "");
        finishing = true;
      }
      for (Child& child : children_.all) {
        if (const std::string complaint = hear(child); !complaint.empty()) return unexpected(complaint);
      }
    }
    sort_by_time(records_);
    records_.expectations = judge(scenario_, records_);
    return std::move(records_);
  }

  std::string hear(Child& child) {
    if (child.reported) return "";
    constexpr int kPollMilliseconds = 5;
    const auto message = child.channel->receive(kPollMilliseconds);
    if (!message) return child.channel->is_closed() ? "the process of host " + child.host + " ended early" : "";
    if (message->verb == "signal") tell_all("signal", message->text);
    if (message->verb == "done") child.done = true;
    if (message->verb == "records") {
      auto part = records_from_json(message->text);
      if (!part) return part.error();
      merge(records_, std::move(*part));
      child.reported = true;
    }
    return "";
  }

  /// The scenario's limit of modelled time in real time, at most two minutes.
  Duration real_limit() const {
    const Duration scaled{
        static_cast<std::int64_t>(static_cast<double>(scenario_.time_limit.count()) / scenario_.real_speed)};
    return std::min<Duration>(scaled, std::chrono::minutes(2));
  }

  const Scenario& scenario_;
  const RunOptions& options_;
  Children children_;
  Records records_;
};

}  // namespace

expected<Records, std::string> run_real(Scenario scenario, const RunOptions& options) {
  scenario.seed = options.seed.value_or(scenario.seed);
  return RealRun(scenario, options).run();
}

}  // namespace ssx::lab
