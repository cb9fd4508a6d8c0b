// lab/host_builder.h: the computers of a scenario: names, credentials from the simulated domain, knobs, policies.
#pragma once

#include <string>
#include <vector>

#include "lab/scenario.h"
#include "model/base/expected.h"
#include "model/host/host.h"

namespace ssx::lab {

/// One configuration per host of the scenario, in its order. @errors a sentence with its position
expected<std::vector<host::HostConfig>, std::string> build_hosts(const Scenario& scenario, bool log_keys);

/// Adds the host's policy objects. @errors a sentence that names the policy
expected<void, std::string> add_policies(const HostSpec& spec, host::Host& host);

}  // namespace ssx::lab
