// Result<T>: a value or an Error, with the member names of std::expected so that it becomes an
// alias of it under C++23.
#pragma once

#include <cassert>
#include <optional>
#include <utility>
#include <variant>

#include "base/error.h"

namespace base {

// Marks an error on its way into a Result, as std::unexpected does.
struct Failure {
  Error error;
};

inline Failure fail(ErrorCode code, Party party, std::string detail, int cause = 0) {
  return Failure{Error{code, party, cause, std::move(detail)}};
}
inline Failure fail(Error error) { return Failure{std::move(error)}; }

template <typename T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  // Both are implicit by design: `return value;` and `return fail(…);`.
  // NOLINTNEXTLINE(google-explicit-constructor)
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  // NOLINTNEXTLINE(google-explicit-constructor)
  Result(Failure failure) : state_(std::in_place_index<1>, std::move(failure.error)) {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & { return *std::get_if<0>(&checked()); }
  const T& value() const& { return *std::get_if<0>(&checked()); }
  T&& value() && { return std::move(*std::get_if<0>(&checked())); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const& {
    assert(!has_value() && "error() of a Result that holds a value");
    return *std::get_if<1>(&state_);
  }
  Error&& error() && {
    assert(!has_value() && "error() of a Result that holds a value");
    return std::move(*std::get_if<1>(&state_));
  }

 private:
  std::variant<T, Error>& checked() {
    assert(has_value() && "value() of a Result that holds an error");
    return state_;
  }
  const std::variant<T, Error>& checked() const {
    assert(has_value() && "value() of a Result that holds an error");
    return state_;
  }

  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  // NOLINTNEXTLINE(google-explicit-constructor)
  Result(Failure failure) : error_(std::move(failure.error)) {}

  bool has_value() const { return !error_.has_value(); }
  explicit operator bool() const { return has_value(); }

  const Error& error() const& {
    assert(error_ && "error() of a Result that holds a value");
    return *error_;
  }
  Error&& error() && {
    assert(error_ && "error() of a Result that holds a value");
    return std::move(*error_);
  }

 private:
  std::optional<Error> error_;
};

}  // namespace base
