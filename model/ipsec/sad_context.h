// model/ipsec/sad_context.h: one pair at work. Internal to the SA database.
#pragma once

#include "crypto/replay_window.h"
#include "crypto/sa_transform.h"
#include "model/ipsec/sad.h"

namespace ssx::ipsec {

/// One SA at work.
struct Sad::Direction {
  Direction(crypto::SaTransformParameters parameters, std::size_t window)
      : protocol(parameters.protocol),
        spi(parameters.spi),
        iv_octets(crypto::iv_octets(parameters.cipher)),
        block_octets(crypto::block_octets(parameters.cipher)),
        icv_octets(crypto::icv_octets(parameters.integrity)),
        replay(window),
        transform(std::move(parameters)) {}

  IpProtocol protocol;
  Spi spi;
  std::size_t iv_octets;
  std::size_t block_octets;
  std::size_t icv_octets;
  crypto::ReplayWindow replay;        // inbound
  std::uint32_t sequence_number = 0;  // outbound: the last one used
  crypto::SaTransform transform;
};

struct Sad::Context {
  SaContextId id;
  SaPair pair;
  Instant installed;
  Instant last_used;
  std::vector<Direction> inbound;
  std::vector<Direction> outbound;   // empty until the outbound half is installed
  std::uint64_t outbound_order = 0;  // the larger, the newer
  std::uint64_t octets = 0;          // both directions, before encapsulation (D-45)
  std::uint64_t packets = 0;
  std::optional<Instant> expires;    // a rekey was asked for: hard end
  std::optional<Instant> scheduled;  // its entry in the schedule, never later than what is due
};

}  // namespace ssx::ipsec
