// model/tcpip/tcp_context.h: what one step of a connection works with; shared by the files of TcpConnection only.
#pragma once

#include <vector>

#include "model/tcpip/tcp.h"

namespace ssx::tcpip {

struct TcpConnection::Context {
  Instant now;
  std::vector<TcpEffect>& effects;
  bool ack_due = false;  // the next segment out, whatever it carries, settles it

  void tell(TcpEffect effect) { effects.push_back(std::move(effect)); }
};

}  // namespace ssx::tcpip
