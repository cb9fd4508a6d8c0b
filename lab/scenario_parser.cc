#include "lab/scenario_parser.h"

#include <algorithm>
#include <set>

#include "lab/constants.h"
#include "lab/policy_parser.h"
#include "lab/step_parser.h"

namespace ssx::lab {
namespace {

std::vector<UserSpec> parse_users(const Value& map) {
  std::vector<UserSpec> users;
  for (const auto& [name, value] : map.entries("users")) {
    UserSpec user;
    user.name = name;
    user.password = value.required("password").text("a password");
    if (const auto groups = value.optional("groups")) {
      for (const Value& group : groups->items_or_one("groups")) user.groups.push_back(group.text("a group's name"));
    }
    value.done();
    users.push_back(std::move(user));
  }
  return users;
}

HostSpec parse_host(const std::string& name, const Value& value, const Scenario& scenario) {
  HostSpec host;
  host.name = name;
  host.position = value.position();
  host.dns_name = name + ".example.test";
  if (const auto dns = value.optional("dns_name")) host.dns_name = dns->text("a DNS name");
  for (const Value& address : value.required("addresses").items_or_one("addresses")) {
    host.addresses.push_back(address.address("an address of the host"));
  }
  if (host.addresses.empty()) value.fail("expected at least one address");
  if (const auto ipsec = value.optional("ipsec")) host.ipsec = ipsec->flag("whether the host has IPsec");
  if (const auto credential = value.optional("credential")) {
    host.domain_member = credential->one_of<bool>("a credential", {{"kerberos", true}, {"none", false}});
  }
  if (const auto user = value.optional("user")) {
    host.user = user->text("a user of the domain");
    const auto is_user = [&](const UserSpec& known) { return known.name == *host.user; };
    if (std::ranges::none_of(scenario.users, is_user)) user->fail("no user '" + *host.user + "' under users");
  }
  if (const auto port = value.optional("real_port")) {
    host.real_port = static_cast<std::uint16_t>(port->number("a UDP port of 127.0.0.1", 1, 65535));
  }
  if (const auto knobs = value.optional("behaviour")) {
    for (const auto& [knob, setting] : knobs->entries("behaviour")) {
      host.behaviour.emplace_back(knob, setting.text("the knob's value"));
    }
  }
  if (const auto policies = value.optional("policies")) {
    for (const auto& [policy_name, policy] : policies->entries("policies")) {
      host.policies.push_back(parse_policy(name, policy_name, policy));
    }
  }
  value.done();
  return host;
}

void parse_hosts(const Value& map, Scenario& scenario) {
  std::set<IpAddress> taken;
  for (const auto& [name, value] : map.entries("hosts")) {
    HostSpec host = parse_host(name, value, scenario);
    for (const IpAddress& address : host.addresses) {
      if (!taken.insert(address).second)
        value.fail("the address " + to_string(address) + " belongs to another host already");
    }
    scenario.hosts.push_back(std::move(host));
  }
  if (scenario.hosts.empty()) map.fail("expected at least one host");
}

std::string host_name(const Value& value, const Scenario& scenario) {
  const std::string name = value.text("the name of a host");
  if (scenario.find_host(name) == nullptr) value.fail("no host '" + name + "' under hosts");
  return name;
}

sim::LinkFaults parse_faults(const Value& map) {
  sim::LinkFaults faults;
  if (const auto delay = map.optional("delay")) faults.delay = delay->duration("a delay");
  if (const auto jitter = map.optional("jitter")) faults.jitter = jitter->duration("a jitter");
  if (const auto loss = map.optional("loss")) faults.loss_per_million = loss->per_million("a loss rate");
  if (const auto share = map.optional("duplication"))
    faults.duplicate_per_million = share->per_million("a duplication rate");
  if (const auto share = map.optional("reordering"))
    faults.reorder_per_million = share->per_million("a reordering rate");
  if (const auto share = map.optional("corruption"))
    faults.corrupt_per_million = share->per_million("a corruption rate");
  return faults;
}

void parse_network(const Value& map, Scenario& scenario) {
  scenario.links.push_back(LinkSpec{"", "", parse_faults(map)});
  if (const auto links = map.optional("links")) {
    for (const Value& item : links->items("links")) {
      LinkSpec link;
      link.from = host_name(item.required("from"), scenario);
      link.to = host_name(item.required("to"), scenario);
      link.faults = parse_faults(item);
      item.done();
      scenario.links.push_back(std::move(link));
    }
  }
  map.done();
}

Program parse_program(const std::string& name, const Value& value, const Scenario& scenario) {
  Program program;
  program.name = name;
  program.host = name;
  Value steps = value;
  if (value.is_map()) {
    program.host = host_name(value.required("host"), scenario);
    steps = value.required("steps");
    value.done();
  } else if (scenario.find_host(name) == nullptr) {
    value.fail("no host '" + name + "' under hosts; a program of another name says 'host:' and 'steps:'");
  }
  StepContext context;
  for (const PolicyObject& policy : scenario.find_host(program.host)->policies)
    context.policies.emplace(policy.name, policy.key);
  for (const Value& item : steps.items("steps")) program.steps.push_back(parse_step(item, context));
  return program;
}

ProtectionOnWire parse_protection(const Value& map, const Scenario& scenario) {
  ProtectionOnWire wire;
  wire.from = host_name(map.required("from"), scenario);
  wire.to = host_name(map.required("to"), scenario);
  wire.protocol =
      map.required("protocol").one_of<IpProtocol>("a protocol", {{"ESP", IpProtocol::kEsp}, {"AH", IpProtocol::kAh}});
  map.done();
  return wire;
}

SaExpected parse_sa(const Value& map, const Scenario& scenario) {
  SaExpected sa;
  sa.host = host_name(map.required("host"), scenario);
  if (const auto value = map.optional("protocol")) {
    sa.protocol = value->one_of<IpProtocol>("a protocol", {{"ESP", IpProtocol::kEsp}, {"AH", IpProtocol::kAh}});
  }
  if (const auto value = map.optional("cipher")) {
    using crypto::CipherAlgorithm;
    sa.cipher = value->one_of<CipherAlgorithm>("a cipher", {{"NULL", CipherAlgorithm::kNull},
                                                            {"3DES", CipherAlgorithm::kTripleDes},
                                                            {"AES-128", CipherAlgorithm::kAes128},
                                                            {"AES-192", CipherAlgorithm::kAes192},
                                                            {"AES-256", CipherAlgorithm::kAes256}});
  }
  if (const auto value = map.optional("integrity")) {
    using crypto::IntegrityAlgorithm;
    sa.integrity =
        value->one_of<IntegrityAlgorithm>("an integrity algorithm", {{"SHA1", IntegrityAlgorithm::kHmacSha1_96},
                                                                     {"SHA256", IntegrityAlgorithm::kHmacSha256_128},
                                                                     {"MD5", IntegrityAlgorithm::kHmacMd5_96}});
  }
  if (const auto value = map.optional("count")) sa.count = static_cast<std::size_t>(value->number("a count", 0, 1000));
  map.done();
  return sa;
}

MainModeExpected parse_main_mode(const Value& map, const Scenario& scenario) {
  MainModeExpected mode;
  mode.host = host_name(map.required("host"), scenario);
  if (const auto value = map.optional("cipher")) mode.cipher = parse_ike_cipher(*value);
  if (const auto value = map.optional("dh_group")) mode.group = parse_dh_group(*value);
  if (const auto value = map.optional("extended_method")) mode.extended_method = parse_auth_method(*value);
  map.done();
  return mode;
}

EventExpected parse_event(const Value& map, const Scenario& scenario) {
  EventExpected event;
  event.host = host_name(map.required("host"), scenario);
  event.kind = map.required("kind").one_of<std::string>("a net event", {{"IKEEXT_MM_FAILURE", "IKEEXT_MM_FAILURE"},
                                                                        {"IKEEXT_QM_FAILURE", "IKEEXT_QM_FAILURE"},
                                                                        {"IKEEXT_EM_FAILURE", "IKEEXT_EM_FAILURE"},
                                                                        {"CLASSIFY_DROP", "CLASSIFY_DROP"},
                                                                        {"IPSEC_KERNEL_DROP", "IPSEC_KERNEL_DROP"}});
  event.status = map.required("status").one_of<std::uint32_t>("an ERROR_IPSEC code", ipsec_errors());
  if (const auto value = map.optional("count"))
    event.count = static_cast<std::size_t>(value->number("a count", 0, 100'000));
  map.done();
  return event;
}

Expectation parse_expectation(const Value& value, const Scenario& scenario) {
  if (!value.is_map() || value.size() != 1) {
    value.fail("expected one of: payload_in_clear, only_keying_from, protection, sa, main_mode, event");
  }
  Expectation expectation{value.position(), "", PayloadOnWire{}};
  if (const auto clear = value.optional("payload_in_clear")) {
    const bool seen = clear->one_of<bool>("whether payload is seen in clear", {{"never", false}, {"seen", true}});
    expectation.what = PayloadOnWire{seen};
    expectation.text = seen ? "payload is seen in clear" : "no octet of payload in clear";
  } else if (const auto host = value.optional("only_keying_from")) {
    expectation.what = OnlyKeyingFrom{host_name(*host, scenario)};
    expectation.text = "nothing but keying leaves " + host->text("a host");
  } else if (const auto protection = value.optional("protection")) {
    expectation.what = parse_protection(*protection, scenario);
    expectation.text = "protection on the wire";
  } else if (const auto sa = value.optional("sa")) {
    expectation.what = parse_sa(*sa, scenario);
    expectation.text = "SA pairs of " + sa->required("host").text("a host");
  } else if (const auto mode = value.optional("main_mode")) {
    expectation.what = parse_main_mode(*mode, scenario);
    expectation.text = "main mode of " + mode->required("host").text("a host");
  } else if (const auto event = value.optional("event")) {
    expectation.what = parse_event(*event, scenario);
    expectation.text = "net event " + event->required("kind").text("a kind");
  }
  value.done();
  return expectation;
}

Scenario parse_scenario(const Value& file) {
  Scenario scenario;
  scenario.path = file.position().file;
  scenario.title = file.required("scenario").text("the scenario's title");
  if (const auto about = file.optional("about")) scenario.about = about->text("a description");
  if (const auto ids = file.optional("conformance")) {
    for (const Value& id : ids->items("ids of docs/spec")) id.text("an id of docs/spec");
  }
  if (const auto seed = file.optional("seed")) scenario.seed = seed->number("a seed", 0, UINT64_MAX);
  if (const auto realm = file.optional("realm")) scenario.realm = realm->text("a Kerberos realm");
  if (const auto limit = file.optional("time_limit")) scenario.time_limit = limit->duration("a limit of virtual time");
  if (const auto speed = file.optional("real_speed")) {
    scenario.real_speed = static_cast<double>(speed->number("modelled seconds per real second", 1, 1000));
  }
  if (const auto users = file.optional("users")) scenario.users = parse_users(*users);
  parse_hosts(file.required("hosts"), scenario);
  if (const auto network = file.optional("network")) parse_network(*network, scenario);
  for (const auto& [name, value] : file.required("programs").entries("programs")) {
    scenario.programs.push_back(parse_program(name, value, scenario));
  }
  if (const auto list = file.optional("expect")) {
    for (const Value& item : list->items("expectations"))
      scenario.expectations.push_back(parse_expectation(item, scenario));
  }
  file.done();
  return scenario;
}

}  // namespace

const HostSpec* Scenario::find_host(const std::string& name) const {
  const auto found = std::ranges::find(hosts, name, &HostSpec::name);
  return found == hosts.end() ? nullptr : &*found;
}

expected<Scenario, std::string> load_scenario(const std::string& path) {
  try {
    return parse_scenario(Value::load(path));
  } catch (const BadInput& error) {
    return unexpected(std::string(error.what()));
  }
}

}  // namespace ssx::lab
