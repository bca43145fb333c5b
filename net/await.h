// Awaiters for readiness and time. All of them deregister when destroyed, so that a task can be
// cancelled at any wait.
#pragma once

#include <coroutine>
#include <utility>

#include "base/clock.h"
#include "net/loop.h"
#include "net/poll.h"

namespace net {

enum class Wake { kReady, kTimeout };

// co_await ReadyAwaiter(poll, what, deadline): until the descriptor may be tried again.
class [[nodiscard]] ReadyAwaiter final : private Waiter, private TimerWheel::Timer {
 public:
  ReadyAwaiter(Poll& poll, Ready what, base::Instant deadline)
      : poll_(poll), what_(what), deadline_(deadline) {}
  ~ReadyAwaiter() override { forget(); }

  bool await_ready() const noexcept { return poll_.ready(what_); }
  void await_suspend(std::coroutine_handle<> waiting) {
    waiting_ = waiting;
    poll_.set_waiter(what_, this);
    poll_.loop().arm(*this, deadline_);
  }
  Wake await_resume() const noexcept { return wake_; }

 private:
  void on_ready() override { wake(Wake::kReady); }
  void on_timer() override { wake(Wake::kTimeout); }
  void wake(Wake why) {
    wake_ = why;
    forget();
    // Resuming may destroy this awaiter: nothing may follow.
    std::exchange(waiting_, {}).resume();
  }
  void forget() {
    if (waiting_) poll_.set_waiter(what_, nullptr);
    disarm();
  }

  Poll& poll_;
  Ready what_;
  base::Instant deadline_;
  Wake wake_ = Wake::kReady;
  std::coroutine_handle<> waiting_;
};

// co_await SleepAwaiter(loop, when)
class [[nodiscard]] SleepAwaiter final : private TimerWheel::Timer {
 public:
  SleepAwaiter(Loop& loop, base::Instant when) : loop_(loop), when_(when) {}
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiting) {
    waiting_ = waiting;
    loop_.arm(*this, when_);
  }
  void await_resume() const noexcept {}

 private:
  void on_timer() override { waiting_.resume(); }
  Loop& loop_;
  base::Instant when_;
  std::coroutine_handle<> waiting_;
};

// An event that one task waits for and another part of the same thread sets.
class Event {
 public:
  explicit Event(Loop& loop) : loop_(loop) {}
  bool is_set() const { return set_; }
  void set() {
    set_ = true;
    if (waiter_ != nullptr) waiter_->wake(Wake::kReady);
  }

  // It may be set, and waited for, once more.
  void reset() { set_ = false; }

  class [[nodiscard]] Awaiter final : private TimerWheel::Timer {
   public:
    Awaiter(Event& event, base::Instant deadline) : event_(event), deadline_(deadline) {}
    ~Awaiter() override {
      if (event_.waiter_ == this) event_.waiter_ = nullptr;
    }
    bool await_ready() const noexcept { return event_.set_; }
    void await_suspend(std::coroutine_handle<> waiting) {
      waiting_ = waiting;
      event_.waiter_ = this;
      event_.loop_.arm(*this, deadline_);
    }
    Wake await_resume() const noexcept { return wake_; }

   private:
    friend class Event;
    void on_timer() override { wake(Wake::kTimeout); }
    void wake(Wake why) {
      wake_ = why;
      disarm();
      event_.waiter_ = nullptr;
      waiting_.resume();
    }
    Event& event_;
    base::Instant deadline_;
    Wake wake_ = Wake::kReady;
    std::coroutine_handle<> waiting_;
  };
  Awaiter wait(base::Instant deadline) { return {*this, deadline}; }

 private:
  Loop& loop_;
  bool set_ = false;
  Awaiter* waiter_ = nullptr;
};

}  // namespace net
