// model/base/strong.h: integers of different meaning are different types.
#pragma once

#include <compare>
#include <cstdint>

namespace ssx {

/// An integer with a meaning of its own; compares and orders, but does not mix with other integers.
template <class Tag, class Rep>
struct Strong {
  Rep value{};
  friend constexpr auto operator<=>(const Strong&, const Strong&) = default;
};

/// Security parameters index, RFC 4301 4.1; 0 and 1..255 are never given to an SA.
using Spi = Strong<struct SpiTag, std::uint32_t>;
/// ISAKMP message id, RFC 2408 3.1.
using MessageId = Strong<struct MessageIdTag, std::uint32_t>;
/// ESP or AH sequence number, RFC 4303 2.2; the first packet of an SA has 1.
using SequenceNumber = Strong<struct SequenceNumberTag, std::uint32_t>;
/// A socket of one host; never used twice in the host's life.
using SocketId = Strong<struct SocketIdTag, std::uint64_t>;
/// One call of a program into its host; chosen by the caller, echoed in the completion.
using CallId = Strong<struct CallIdTag, std::uint64_t>;
/// An ALE flow of one host.
using FlowId = Strong<struct FlowIdTag, std::uint64_t>;
/// A main-mode SA of one host (IKEEXT_SA_DETAILS.saId).
using MmSaId = Strong<struct MmSaIdTag, std::uint64_t>;
/// A quick-mode SA as both ends know it (IPSEC_SA_BUNDLE.qmSaId, api-contract.md 3.7).
using QmSaId = Strong<struct QmSaIdTag, std::uint32_t>;
/// An SA context of one host: the inbound and outbound SA bundle of one pair.
using SaContextId = Strong<struct SaContextIdTag, std::uint64_t>;
/// One negotiation that this host asked for or answers.
using NegotiationId = Strong<struct NegotiationIdTag, std::uint64_t>;
/// A filter's run-time id (FWPM_FILTER0.filterId).
using FilterId = Strong<struct FilterIdTag, std::uint64_t>;

}  // namespace ssx
