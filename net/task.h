// Task<T>: a lazy coroutine with one owner. Awaiting it starts it and gives its result; destroying
// it cancels it, since every awaiter deregisters in its destructor.
//
// Rules that GCC 12 and clang 16 need (upstream issues are named in docs/design/net.md): name a
// value before awaiting it; no capturing lambda is a coroutine; never destroy a frame from inside
// its own await_suspend, defer it (Loop::defer).
#pragma once

#include <cassert>
#include <coroutine>
#include <cstddef>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

#include "net/block_pool.h"

namespace net {

namespace detail {

// What promises of every T share: who goes on when the task is done.
class PromiseBase {
 public:
  using OnDone = void (*)(void*);

  // Frames come and go with every request (net/block_pool.h).
  static void* operator new(std::size_t octets) { return take_block(octets); }
  static void operator delete(void* frame, std::size_t octets) { give_block(frame, octets); }

  std::suspend_always initial_suspend() noexcept { return {}; }

  struct FinalAwaiter {
    bool await_ready() noexcept { return false; }
    template <typename Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> frame) noexcept {
      PromiseBase& promise = frame.promise();
      if (promise.continuation_) return promise.continuation_;
      if (promise.on_done_ != nullptr) promise.on_done_(promise.argument_);
      return std::noop_coroutine();
    }
    void await_resume() noexcept {}
  };
  FinalAwaiter final_suspend() noexcept { return {}; }

  // Errors are values in this house; an exception that reaches a coroutine is a programmer's error.
  [[noreturn]] void unhandled_exception() noexcept { std::terminate(); }

  void set_continuation(std::coroutine_handle<> continuation) { continuation_ = continuation; }
  void set_on_done(OnDone on_done, void* argument) {
    on_done_ = on_done;
    argument_ = argument;
  }

 private:
  std::coroutine_handle<> continuation_;
  OnDone on_done_ = nullptr;
  void* argument_ = nullptr;
};

template <typename T>
class Promise : public PromiseBase {
 public:
  std::coroutine_handle<Promise> get_return_object() {
    return std::coroutine_handle<Promise>::from_promise(*this);
  }
  template <typename U>
  void return_value(U&& value) {
    value_.emplace(std::forward<U>(value));
  }
  T take() {
    assert(value_ && "the task has not finished");
    return std::move(*value_);
  }

 private:
  std::optional<T> value_;
};

template <>
class Promise<void> : public PromiseBase {
 public:
  std::coroutine_handle<Promise> get_return_object() {
    return std::coroutine_handle<Promise>::from_promise(*this);
  }
  void return_void() {}
  void take() {}
};

}  // namespace detail

template <typename T>
class [[nodiscard]] Task {
 public:
  using promise_type = detail::Promise<T>;
  using Handle = std::coroutine_handle<promise_type>;

  Task() = default;
  Task(Handle frame) : frame_(frame) {}  // NOLINT: made by get_return_object
  Task(Task&& other) noexcept : frame_(std::exchange(other.frame_, {})) {}
  Task& operator=(Task&& other) noexcept {
    if (this != &other) {
      cancel();
      frame_ = std::exchange(other.frame_, {});
    }
    return *this;
  }
  ~Task() { cancel(); }

  // Destroys the frame, and with it every wait inside.
  void cancel() {
    if (frame_) std::exchange(frame_, {}).destroy();
  }

  bool valid() const { return static_cast<bool>(frame_); }
  bool done() const { return frame_ && frame_.done(); }

  // Runs the task up to its first wait. `on_done(argument)` is called once when it has finished; it
  // must not destroy the task, but may defer that.
  void start(detail::PromiseBase::OnDone on_done = nullptr, void* argument = nullptr) {
    assert(frame_ && !frame_.done() && "started a task that is empty or finished");
    frame_.promise().set_on_done(on_done, argument);
    frame_.resume();
  }

  // The result of a finished task.
  T take() { return frame_.promise().take(); }

  // Awaiting starts the task. The task object must outlive the wait, which holds for a named local.
  auto operator co_await() & noexcept { return Awaiter{frame_}; }
  auto operator co_await() && noexcept { return Awaiter{frame_}; }

 private:
  struct Awaiter {
    Handle frame;
    bool await_ready() const noexcept { return frame.done(); }
    // Runs the task here, and goes on at once if it did not have to wait. Handing the thread over
    // (returning the frame) would need tail calls, which GCC makes from -O2 on only: below that, a
    // loop over tasks that are always ready would use up the stack.
    bool await_suspend(std::coroutine_handle<> waiting) {
      frame.resume();
      if (frame.done()) return false;
      frame.promise().set_continuation(waiting);
      return true;
    }
    T await_resume() { return frame.promise().take(); }
  };

  Handle frame_;
};

}  // namespace net
