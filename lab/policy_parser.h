// lab/policy_parser.h: main- and quick-mode policies of a scenario file.
#pragma once

#include <string>

#include "lab/scenario.h"
#include "lab/yaml_reader.h"

namespace ssx::lab {

/// A policy and its key; without one in the file the key is made from the names of host and policy, the same in every
/// run.
/// @throws BadInput
PolicyObject parse_policy(const std::string& host, const std::string& name, const Value& value);

wfp::IkeCipher parse_ike_cipher(const Value& value);
wfp::IkeDhGroup parse_dh_group(const Value& value);
wfp::AuthMethod parse_auth_method(const Value& value);

}  // namespace ssx::lab
