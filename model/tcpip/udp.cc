#include "model/tcpip/udp.h"

#include <algorithm>

namespace ssx::tcpip {

std::string_view to_string(UdpError error) {
  switch (error) {
    case UdpError::kTruncated: return "the datagram ends before the length it states";
    case UdpError::kBadLength: return "the datagram states fewer than 8 octets";
    case UdpError::kBadChecksum: return "the checksum does not fit";
    case UdpError::kNoChecksum: return "a datagram over IPv6 must have a checksum";
  }
  return "unknown";
}

int match(const UdpBinding& binding, const TransportAddress& local, const TransportAddress& remote) {
  if (binding.local.port != local.port) return 0;
  if (binding.local.address.version() != local.address.version()) return 0;
  const bool any = binding.local.address.is_any();
  if (!any && binding.local.address != local.address) return 0;
  const int value = any ? 1 : 2;
  if (!binding.remote) return value;
  return *binding.remote == remote ? value + 2 : 0;
}

bool UdpReceiveQueue::push(const TransportAddress& from, Octets payload) {
  const bool too_long = !items_.empty() && octets_ + payload.size() > octets_max_;
  if (too_long || items_.size() >= kItemsMax) return false;
  octets_ += payload.size();
  items_.push_back({from, to_vector(payload)});
  return true;
}

std::optional<UdpReceiveQueue::Item> UdpReceiveQueue::pop() {
  if (items_.empty()) return std::nullopt;
  Item item = std::move(items_.front());
  items_.pop_front();
  octets_ -= item.payload.size();
  return item;
}

}  // namespace ssx::tcpip
