#include "lab/yaml_reader.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <fstream>
#include <set>
#include <sstream>

namespace ssx::lab {

struct Value::Shared {
  YAML::Node node;
  std::shared_ptr<const std::string> file;
  std::set<std::string> asked;
};

namespace {

Position position_of(const std::string& file, const YAML::Mark& mark) {
  return Position{file, std::max(mark.line, 0) + 1, std::max(mark.column, 0) + 1};  // an empty file has no mark
}

/// A number and the unit behind it: "1.5 ms" -> {1.5, "ms"}.
std::optional<std::pair<double, std::string>> number_and_unit(const std::string& text) {
  std::istringstream in(text);
  in.imbue(std::locale::classic());
  double number = 0;
  if (!(in >> number) || number < 0) return std::nullopt;
  std::string unit;
  in >> unit;
  std::string rest;
  if (in >> rest) return std::nullopt;
  return std::pair{number, unit};
}

std::optional<double> nanoseconds_in(const std::string& unit) {
  if (unit == "ns") return 1;
  if (unit == "us") return 1e3;
  if (unit == "ms") return 1e6;
  if (unit == "s") return 1e9;
  if (unit == "min") return 60e9;
  if (unit == "h") return 3600e9;
  return std::nullopt;
}

}  // namespace

std::string to_string(const Position& position) {
  if (position.line == 0) return position.file;
  return position.file + ':' + std::to_string(position.line) + ':' + std::to_string(position.column);
}

Value::Value(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {}

Value Value::load(const std::string& path) {
  std::ifstream in(path);
  if (!in) throw BadInput(path + ": cannot be read: " + std::strerror(errno));
  std::stringstream text;
  if (in.peek() != std::ifstream::traits_type::eof()) text << in.rdbuf();  // nothing to insert would count as a failure
  if (in.bad() || text.fail()) throw BadInput(path + ": cannot be read, expected a YAML file");
  auto shared = std::make_shared<Shared>();
  shared->file = std::make_shared<const std::string>(path);
  try {
    shared->node = YAML::Load(text.str());
  } catch (const YAML::Exception& error) {
    throw BadInput(position_of(path, error.mark), "expected YAML: " + error.msg);
  }
  return Value(std::move(shared));
}

Position Value::position() const { return position_of(*shared_->file, shared_->node.Mark()); }
bool Value::is_map() const { return shared_->node.IsMap(); }
bool Value::is_list() const { return shared_->node.IsSequence(); }
std::size_t Value::size() const { return shared_->node.size(); }
bool Value::is_scalar() const { return shared_->node.IsScalar(); }
bool Value::is_null() const {
  return shared_->node.IsNull() ||
         (is_scalar() && (shared_->node.Scalar() == "NULL" || shared_->node.Scalar() == "null"));
}

void Value::fail(const std::string& what) const { throw BadInput(position(), what); }

std::string Value::describe() const {
  if (is_null()) return "nothing";
  if (is_map()) return "a map";
  if (is_list()) return "a list";
  return "'" + shared_->node.Scalar() + "'";
}

std::string Value::text(std::string_view what) const {
  if (!is_scalar()) fail("expected " + std::string(what) + ", found " + describe());
  return shared_->node.Scalar();
}

std::uint64_t Value::number(std::string_view what, std::uint64_t least, std::uint64_t most) const {
  std::string_view digits = is_scalar() ? std::string_view(shared_->node.Scalar()) : std::string_view();
  const int base = digits.starts_with("0x") || digits.starts_with("0X") ? 16 : 10;
  if (base == 16) digits.remove_prefix(2);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size() || value < least || value > most) {
    fail("expected " + std::string(what) + ", a number from " + std::to_string(least) + " to " + std::to_string(most) +
         "; found " + describe());
  }
  return value;
}

bool Value::flag(std::string_view what) const {
  return one_of<bool>(what, {{"true", true}, {"false", false}, {"yes", true}, {"no", false}});
}

Duration Value::duration(std::string_view what) const {
  const std::string given = text(what);
  const auto parsed = number_and_unit(given);
  if (parsed && parsed->first == 0 && parsed->second.empty()) return Duration{0};
  const auto unit = parsed ? nanoseconds_in(parsed->second) : std::nullopt;
  constexpr double kMost = 100.0 * 365 * 86400e9;  // a hundred years
  if (!unit || parsed->first * *unit > kMost) {
    fail("expected " + std::string(what) + ", a duration like '20 ms', '3 s' or '2 h'; found '" + given + "'");
  }
  return Duration{static_cast<std::int64_t>(std::llround(parsed->first * *unit))};
}

std::uint32_t Value::per_million(std::string_view what) const {
  const std::string given = text(what);
  std::string spaced = given;
  if (!spaced.empty() && spaced.back() == '%') spaced.insert(spaced.size() - 1, " ");
  const auto parsed = number_and_unit(spaced);
  const bool is_zero = parsed && parsed->first == 0 && parsed->second.empty();
  if (!parsed || (parsed->second != "%" && !is_zero) || parsed->first > 100) {
    fail("expected " + std::string(what) + ", a share like '20 %'; found '" + given + "'");
  }
  return static_cast<std::uint32_t>(std::llround(parsed->first * 10'000));
}

IpAddress Value::address(std::string_view what) const {
  const std::string given = text(what);
  const auto parsed = parse_address(given);
  if (!parsed) fail("expected " + std::string(what) + ", an IPv4 or IPv6 address; found '" + given + "'");
  return *parsed;
}

TransportAddress Value::transport_address(std::string_view what) const {
  const std::string given = text(what);
  std::string_view view = given;
  std::string_view host;
  std::string_view port;
  if (view.starts_with('[')) {
    const auto close = view.find("]:");
    if (close != std::string_view::npos) {
      host = view.substr(1, close - 1);
      port = view.substr(close + 2);
    }
  } else if (const auto colon = view.rfind(':'); colon != std::string_view::npos) {
    host = view.substr(0, colon);
    port = view.substr(colon + 1);
  }
  std::uint16_t number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  const auto parsed = parse_address(host);
  // Without brackets nobody could tell where an IPv6 address ends (RFC 3986 3.2.2).
  const bool form_fits = parsed && parsed->is_v4() != view.starts_with('[');
  if (!form_fits || port.empty() || error != std::errc{} || end != port.data() + port.size()) {
    fail("expected " + std::string(what) + ", like '10.0.0.1:27015' or '[fd00::1]:27015'; found '" + given + "'");
  }
  return TransportAddress{*parsed, number};
}

std::vector<Value> Value::items(std::string_view what) const {
  if (!is_list()) fail("expected " + std::string(what) + " as a list, found " + describe());
  std::vector<Value> values;
  for (const YAML::Node& node : shared_->node) {
    values.push_back(Value(std::make_shared<Shared>(Shared{node, shared_->file, {}})));
  }
  return values;
}

std::vector<Value> Value::items_or_one(std::string_view what) const {
  if (is_scalar() && !is_null()) return {*this};
  return items(what);
}

std::optional<Value> Value::optional(std::string_view key) const {
  if (!is_map()) fail("expected a map with the key '" + std::string(key) + "', found " + describe());
  const std::string name(key);
  shared_->asked.insert(name);
  // Comparing by hand keeps the node untouched: operator[] of a non-const node would add the key.
  for (const auto& entry : shared_->node) {
    if (entry.first.IsScalar() && entry.first.Scalar() == name) {
      return Value(std::make_shared<Shared>(Shared{entry.second, shared_->file, {}}));
    }
  }
  return std::nullopt;
}

Value Value::required(std::string_view key) const {
  auto found = optional(key);
  if (!found) fail("expected the key '" + std::string(key) + "'");
  return *found;
}

std::vector<std::pair<std::string, Value>> Value::entries(std::string_view what) const {
  if (!is_map()) fail("expected " + std::string(what) + " as a map, found " + describe());
  std::vector<std::pair<std::string, Value>> values;
  for (const auto& entry : shared_->node) {
    if (!entry.first.IsScalar()) fail("expected names as keys of " + std::string(what));
    const std::string name = entry.first.Scalar();
    if (!shared_->asked.insert(name).second) {
      throw BadInput(position_of(*shared_->file, entry.first.Mark()), "the key '" + name + "' stands here twice");
    }
    values.emplace_back(name, Value(std::make_shared<Shared>(Shared{entry.second, shared_->file, {}})));
  }
  return values;
}

void Value::done() const {
  std::string known;
  for (const std::string& name : shared_->asked) known += (known.empty() ? "" : ", ") + name;
  std::set<std::string> seen;
  for (const auto& entry : shared_->node) {
    const std::string name = entry.first.IsScalar() ? entry.first.Scalar() : "?";
    const Position place = position_of(*shared_->file, entry.first.Mark());
    if (!shared_->asked.contains(name)) throw BadInput(place, "unknown key '" + name + "'; expected one of: " + known);
    if (!seen.insert(name).second) throw BadInput(place, "the key '" + name + "' stands here twice");
  }
}

}  // namespace ssx::lab
