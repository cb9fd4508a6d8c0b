// lab/control_channel.h: lines of text between a parent and its host processes over a socket pair.
#pragma once

#include <mutex>
#include <optional>
#include <string>

namespace ssx::lab {

/// One end. send() may be called from several threads; receive() from one.
class ControlChannel {
 public:
  /// Takes the descriptor; it is closed with the object.
  explicit ControlChannel(int descriptor);
  ~ControlChannel();
  ControlChannel(const ControlChannel&) = delete;
  ControlChannel& operator=(const ControlChannel&) = delete;

  /// `verb` has no space; `text` no line break. @return false if the other end is gone
  bool send(const std::string& verb, const std::string& text);
  struct Message {
    std::string verb;
    std::string text;
  };
  /// Waits for a line, at most `milliseconds` (-1: for ever). @return nothing: the other end is gone, or the time is
  /// over
  std::optional<Message> receive(int milliseconds = -1);
  /// True once the other end is gone.
  bool is_closed() const { return closed_; }
  int descriptor() const { return descriptor_; }

 private:
  std::optional<Message> take_line();

  int descriptor_;
  bool closed_ = false;
  std::string pending_;
  std::mutex send_mutex_;
};

}  // namespace ssx::lab
