// api/src/error_map.h: the one place where reasons become WSA codes. Source: api-contract.md 1.0.
#pragma once

#include <cstdint>

#include "model/ale/behaviour.h"
#include "model/host/calls.h"

namespace ssx::api {

/// The WSA code of a failed call; the knobs of `behaviour` replace some of them.
std::uint32_t wsa_code(host::SocketError error, const ale::Behaviour& behaviour);

}  // namespace ssx::api
