// model/base/expected.h: a value or the reason why there is none. Spelled like C++23's std::expected.
#pragma once

#include <cassert>
#include <utility>
#include <variant>

namespace ssx {

/// Wraps an error on its way into an expected.
template <class E>
struct unexpected {
  E reason;
  constexpr explicit unexpected(E error) : reason(std::move(error)) {}
};
template <class E>
unexpected(E) -> unexpected<E>;

/// Holds a T or an E. Reading the one that is not there is a bug of the caller (assert).
template <class T, class E>
class [[nodiscard]] expected {
 public:
  using value_type = T;
  using error_type = E;

  constexpr expected(T value) : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT: implicit as in C++23
  template <class G>
  constexpr expected(unexpected<G> error)  // NOLINT: implicit as in C++23
      : state_(std::in_place_index<1>, std::move(error.reason)) {}

  constexpr bool has_value() const { return state_.index() == 0; }
  constexpr explicit operator bool() const { return has_value(); }

  constexpr T& value() & {
    assert(has_value());
    return *std::get_if<0>(&state_);
  }
  constexpr const T& value() const& {
    assert(has_value());
    return *std::get_if<0>(&state_);
  }
  constexpr T&& value() && {
    assert(has_value());
    return std::move(*std::get_if<0>(&state_));
  }
  constexpr T& operator*() & { return value(); }
  constexpr const T& operator*() const& { return value(); }
  constexpr T&& operator*() && { return std::move(*this).value(); }
  constexpr T* operator->() { return &value(); }
  constexpr const T* operator->() const { return &value(); }

  constexpr const E& error() const {
    assert(!has_value());
    return *std::get_if<1>(&state_);
  }

  friend constexpr bool operator==(const expected&, const expected&) = default;

 private:
  std::variant<T, E> state_;
};

/// Success without a value, or an E.
template <class E>
class [[nodiscard]] expected<void, E> {
 public:
  using value_type = void;
  using error_type = E;

  constexpr expected() = default;
  template <class G>
  constexpr expected(unexpected<G> error) : state_(std::in_place_index<1>, std::move(error.reason)) {}  // NOLINT

  constexpr bool has_value() const { return state_.index() == 0; }
  constexpr explicit operator bool() const { return has_value(); }
  constexpr void value() const { assert(has_value()); }
  constexpr const E& error() const {
    assert(!has_value());
    return *std::get_if<1>(&state_);
  }

  friend constexpr bool operator==(const expected&, const expected&) = default;

 private:
  std::variant<std::monostate, E> state_;
};

}  // namespace ssx
