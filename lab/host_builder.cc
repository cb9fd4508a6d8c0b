#include "lab/host_builder.h"

#include <set>

#include "model/identity/domain.h"
#include "model/identity/kerberos.h"
#include "model/identity/tls.h"
#include "model/wfp/engine.h"

namespace ssx::lab {
namespace {

constexpr std::uint16_t kMethodTls = 4;

/// The realm with all accounts of the scenario.
expected<std::shared_ptr<const identity::Domain>, std::string> build_domain(const Scenario& scenario) {
  identity::DomainBuilder builder(scenario.realm);
  for (const HostSpec& host : scenario.hosts) {
    if (!host.domain_member) continue;
    if (const auto added = builder.add_machine(host.dns_name); !added) {
      return unexpected(to_string(host.position) + ": host " + host.name + ": " +
                        std::string(to_string(added.error())));
    }
  }
  std::set<std::string> groups;
  for (const UserSpec& user : scenario.users) {
    for (const std::string& group : user.groups) {
      if (groups.insert(group).second) static_cast<void>(builder.add_group(group));
    }
    if (const auto added = builder.add_user(user.name, user.password, user.groups); !added) {
      return unexpected(scenario.path + ": user " + user.name + ": " + std::string(to_string(added.error())));
    }
  }
  return builder.build();
}

/// What a host can prove: Kerberos if it is a member; for TLS it has no certificate, and says so.
identity::CredentialStore credentials(const HostSpec& spec, const std::shared_ptr<const identity::Domain>& domain) {
  identity::CredentialStore store;
  store.gss_id = "host/" + spec.dns_name;
  if (const identity::Principal* machine = spec.domain_member ? domain->find_machine(spec.dns_name) : nullptr) {
    store = identity::domain_credentials(domain, *machine);
  }
  store.mechanisms[kMethodTls] = identity::make_tls_without_certificate();
  return store;
}

expected<host::HostConfig, std::string> build_host(const HostSpec& spec,
                                                   const std::shared_ptr<const identity::Domain>& domain,
                                                   bool log_keys) {
  host::HostConfig config;
  config.name = spec.name;
  config.addresses = spec.addresses;
  config.credentials = credentials(spec, domain);
  config.ipsec = spec.ipsec;
  config.trace = true;
  config.log_keys = log_keys;
  if (spec.user) {
    const identity::Principal* user = domain->find_user(*spec.user);
    if (user != nullptr) config.user = *user;
  }
  for (const auto& [knob, value] : spec.behaviour) {
    if (const auto set = config.behaviour.set(knob, value); !set) {
      return unexpected(to_string(spec.position) + ": host " + spec.name + ": " + set.error());
    }
  }
  return config;
}

}  // namespace

expected<std::vector<host::HostConfig>, std::string> build_hosts(const Scenario& scenario, bool log_keys) {
  const auto domain = build_domain(scenario);
  if (!domain) return unexpected(domain.error());
  std::vector<host::HostConfig> configs;
  for (const HostSpec& spec : scenario.hosts) {
    auto config = build_host(spec, *domain, log_keys);
    if (!config) return unexpected(config.error());
    configs.push_back(std::move(*config));
  }
  return configs;
}

expected<void, std::string> add_policies(const HostSpec& spec, host::Host& host) {
  for (const PolicyObject& policy : spec.policies) {
    wfp::ProviderContext context;
    context.key = policy.key;
    context.display.name = policy.name;
    if (const auto* main_mode = std::get_if<wfp::MainModePolicy>(&policy.content)) {
      context.type = wfp::ProviderContextType::kAuthipMm;
      context.content = std::make_shared<const wfp::MainModePolicy>(*main_mode);
    } else {
      context.type = wfp::ProviderContextType::kAuthipQmTransport;
      context.content = std::make_shared<const wfp::QuickModePolicy>(std::get<wfp::QuickModePolicy>(policy.content));
    }
    if (const auto added = host.policy().add(std::move(context)); !added) {
      return unexpected(to_string(spec.position) + ": policy " + policy.name + ": " +
                        std::string(wfp::to_string(added.error())));
    }
  }
  return {};
}

}  // namespace ssx::lab
