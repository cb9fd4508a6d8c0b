#include "lab/control_channel.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace ssx::lab {

ControlChannel::ControlChannel(int descriptor) : descriptor_(descriptor) {}

ControlChannel::~ControlChannel() { ::close(descriptor_); }

bool ControlChannel::send(const std::string& verb, const std::string& text) {
  const std::string line = verb + ' ' + text + '\n';
  const std::lock_guard lock(send_mutex_);
  for (std::size_t sent = 0; sent < line.size();) {
    const ssize_t count = ::send(descriptor_, line.data() + sent, line.size() - sent, MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    sent += static_cast<std::size_t>(count);
  }
  return true;
}

std::optional<ControlChannel::Message> ControlChannel::take_line() {
  const auto end = pending_.find('\n');
  if (end == std::string::npos) return std::nullopt;
  const std::string line = pending_.substr(0, end);
  pending_.erase(0, end + 1);
  const auto space = line.find(' ');
  return Message{line.substr(0, space), space == std::string::npos ? "" : line.substr(space + 1)};
}

std::optional<ControlChannel::Message> ControlChannel::receive(int milliseconds) {
  for (;;) {
    if (auto message = take_line()) return message;
    pollfd waiting{descriptor_, POLLIN, 0};
    const int ready = ::poll(&waiting, 1, milliseconds);
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return std::nullopt;
    std::array<char, 65'536> buffer{};
    const ssize_t count = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      closed_ = true;
      return std::nullopt;
    }
    pending_.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

}  // namespace ssx::lab
