// A connection to the origin in the making. Streams that could go on it wait for it instead of
// making their own.
#pragma once

#include <optional>

#include "base/error.h"
#include "base/intrusive.h"
#include "net/await.h"
#include "proxy/account.h"

namespace proxy::inspect {

class Flight {
 public:
  // What became of it, for the records of all; `error` when there is no connection.
  Account dialling;
  std::optional<base::Error> error;

  struct Waiter : base::ListNode {
    explicit Waiter(net::Loop& loop) : landed(loop) {}
    net::Event landed;
  };
  // Leaves by itself when it is destroyed.
  void join(Waiter& waiter) { waiting_.push_back(waiter); }
  // Each that is woken may end an exchange, or wait for another flight.
  void land() {
    while (!waiting_.empty()) waiting_.pop_front().landed.set();
  }

 private:
  base::IntrusiveList<Waiter> waiting_;
};

}  // namespace proxy::inspect
