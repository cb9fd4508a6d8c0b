// Words for what a connection's values mean, and its invariants.
#include "model/base/overloaded.h"
#include "model/tcpip/tcp.h"

namespace ssx::tcpip {

std::string_view to_string(DropReason reason) {
  switch (reason) {
    case DropReason::kNoConnection: return "the connection is closed";
    case DropReason::kUnacceptableSequence: return "the sequence number is outside the receive window";
    case DropReason::kBadAcknowledgment: return "it acknowledges what was never sent, or was acknowledged long ago";
    case DropReason::kNoAcknowledgment: return "it carries no acknowledgment";
    case DropReason::kNotExactReset: return "a reset that is in the window but not the next in sequence";
    case DropReason::kUnexpectedSyn: return "a SYN on a synchronized connection";
    case DropReason::kDuplicateSyn: return "a SYN that was seen before";
    case DropReason::kReassemblyFull: return "out of order, and no room to keep it";
    case DropReason::kAfterFin: return "text behind the end of the peer's stream";
  }
  return "unknown";
}

std::string_view to_string(const TcpState& state) {
  return std::visit(Overloaded{
                        [](const states::Closed&) { return "CLOSED"; },
                        [](const states::SynSent&) { return "SYN-SENT"; },
                        [](const states::SynReceived&) { return "SYN-RECEIVED"; },
                        [](const states::Established&) { return "ESTABLISHED"; },
                        [](const states::FinWait1&) { return "FIN-WAIT-1"; },
                        [](const states::FinWait2&) { return "FIN-WAIT-2"; },
                        [](const states::CloseWait&) { return "CLOSE-WAIT"; },
                        [](const states::Closing&) { return "CLOSING"; },
                        [](const states::LastAck&) { return "LAST-ACK"; },
                        [](const states::TimeWait&) { return "TIME-WAIT"; },
                    },
                    state);
}

bool is_consistent(const TcpConnection& connection) {
  const SendSide& send = connection.send_;
  const ReceiveSide& receive = connection.receive_;
  if (!send.is_consistent() || !receive.is_consistent()) return false;
  const auto handshake_fits = [&](const Handshake& handshake) {
    const int retransmissions_max = connection.config_.syn_retransmissions_max;
    const bool counted = handshake.retransmissions >= 0 && handshake.retransmissions <= retransmissions_max;
    return counted && handshake.retransmit_at > handshake.sent_at && !send.deadline() && !receive.finished();
  };
  const auto fits = [&](bool fin_queued, bool fin_acknowledged, bool peer_finished) {
    return send.fin_queued() == fin_queued && send.fin_acknowledged() == fin_acknowledged &&
           receive.finished() == peer_finished;
  };
  return std::visit(Overloaded{
                        [&](const states::Closed&) { return !send.deadline() && send.unacknowledged() == 0; },
                        [&](const states::SynSent& s) { return handshake_fits(s.handshake) && !send.fin_queued(); },
                        [&](const states::SynReceived& s) { return handshake_fits(s.handshake); },
                        [&](const states::Established&) { return fits(false, false, false); },
                        [&](const states::FinWait1&) { return fits(true, false, false) && send.deadline(); },
                        [&](const states::FinWait2&) { return fits(true, true, false); },
                        [&](const states::CloseWait&) { return fits(false, false, true); },
                        [&](const states::Closing&) { return fits(true, false, true) && send.deadline(); },
                        [&](const states::LastAck&) { return fits(true, false, true) && send.deadline(); },
                        [&](const states::TimeWait&) { return fits(true, true, true); },
                    },
                    connection.state_);
}

}  // namespace ssx::tcpip
