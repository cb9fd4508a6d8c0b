// lab/yaml_reader.h: typed reading of YAML with errors that name file, line, column and what was expected.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/base/address.h"
#include "model/base/octets.h"
#include "model/base/time.h"

namespace YAML {
class Node;
}

namespace ssx::lab {

/// Where something stands in an input file; line and column count from 1.
struct Position {
  std::string file;
  int line = 0;
  int column = 0;
};
/// "scenarios/a.yaml:12:5"
std::string to_string(const Position& position);

/// Thrown by readers, caught where a file is loaded: the message is one sentence with its position in front.
class BadInput : public std::runtime_error {
 public:
  BadInput(const Position& position, const std::string& what) : std::runtime_error(to_string(position) + ": " + what) {}
  explicit BadInput(const std::string& what) : std::runtime_error(what) {}
};

/// One value of a YAML file. A map is read key by key; done() then refuses the keys that nobody asked for.
class Value {
 public:
  /// Loads a file. @throws BadInput: it cannot be read, or is no YAML
  static Value load(const std::string& path);

  Position position() const;
  bool is_map() const;
  bool is_list() const;
  bool is_scalar() const;
  bool is_null() const;  // null, ~ or NULL

  // Scalars. `what` says what is expected there: "a port number from 0 to 65535".
  std::string text(std::string_view what) const;
  std::uint64_t number(std::string_view what, std::uint64_t least, std::uint64_t most) const;
  bool flag(std::string_view what) const;
  /// "1 ms", "20 s", "2 h", "1500 us", "0"
  Duration duration(std::string_view what) const;
  /// "20 %", "0.1 %": parts of a million
  std::uint32_t per_million(std::string_view what) const;
  IpAddress address(std::string_view what) const;
  /// "10.0.0.1:27015", "[fd00::1]:27015"
  TransportAddress transport_address(std::string_view what) const;
  /// One of the names; the result is the value beside it.
  template <class T>
  T one_of(std::string_view what, const std::vector<std::pair<std::string_view, T>>& names) const {
    const std::string given = text(what);
    std::string known;
    for (const auto& [name, value] : names) {
      if (name == given) return value;
      known += (known.empty() ? "" : ", ") + std::string(name);
    }
    fail("expected " + std::string(what) + ": one of " + known + "; found '" + given + "'");
  }

  // Lists.
  std::vector<Value> items(std::string_view what) const;
  /// A list, or one scalar that stands for a list of itself.
  std::vector<Value> items_or_one(std::string_view what) const;

  // Maps.
  Value required(std::string_view key) const;
  std::optional<Value> optional(std::string_view key) const;
  /// How many keys a map or items a list has.
  std::size_t size() const;
  /// Key and value, in the order of the file.
  std::vector<std::pair<std::string, Value>> entries(std::string_view what) const;
  /// Refuses keys that required(), optional() or entries() were never asked for, and keys that stand there twice.
  void done() const;

  [[noreturn]] void fail(const std::string& what) const;

 private:
  struct Shared;
  Value(std::shared_ptr<Shared> shared);
  std::string describe() const;
  std::shared_ptr<Shared> shared_;
};

}  // namespace ssx::lab
