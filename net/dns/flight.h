// One lookup under way, A and AAAA side by side, and everyone who waits for it. It is charged to
// one of the clients that wait, and ends when none is left.
#pragma once

#include <coroutine>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/intrusive.h"
#include "net/dns/outcome.h"
#include "net/dns/question.h"
#include "net/loop.h"

namespace net::dns {

// How long A records wait for AAAA records (RFC 8305 §3). AAAA records wait for A as long as it
// takes: addresses can't join a race that runs, and a lost reply must not make a dual-stack name
// IPv6-only.
inline constexpr base::Millis kResolutionDelay{50};

// What one client has looked up now.
struct Claim {
  std::uint32_t lookups = 0;
};

class Flight final : private Question::Asker {
 public:
  class Owner {
   public:
    // Waiters may be served now, or all is over. Called from within c-ares: defer what follows.
    virtual void on_flight(Flight& flight) = 0;
    // The last waiter has left before it was served: the flight is to be destroyed.
    virtual void on_abandoned(Flight& flight) = 0;

   protected:
    ~Owner() = default;
  };

  // co_await waiter: the outcome; nullopt at the deadline, or when the lookup was given up. May be
  // destroyed at any time, and outlive the flight: then it never wakes. `claim` is the client's and
  // outlives the wait.
  class [[nodiscard]] Waiter {
   public:
    Waiter(Flight& flight, Claim& claim, base::Instant deadline)
        : flight_(&flight), claim_(claim), deadline_(deadline) {}
    ~Waiter() { leave(); }
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;

    bool await_ready();
    void await_suspend(std::coroutine_handle<> waiting);
    std::optional<Outcome> await_resume() { return std::move(outcome_); }
    // Others needed its place.
    bool was_given_up() const { return end_ == End::kGivenUp; }

   private:
    friend class Flight;
    struct Link : base::ListNode {
      explicit Link(Waiter& owner) : waiter(owner) {}
      Waiter& waiter;
    };
    struct Deadline final : TimerWheel::Timer {
      explicit Deadline(Waiter& owner) : waiter(owner) {}
      void on_timer() override;
      Waiter& waiter;
    };

    void leave();

    Flight* flight_;  // null once it is not waited for
    Claim& claim_;
    base::Instant deadline_;
    enum class End : std::uint8_t { kOrdinary, kGivenUp } end_ = End::kOrdinary;
    std::optional<Outcome> outcome_;
    std::coroutine_handle<> waiting_;
    Link link_{*this};
    Deadline timer_{*this};
  };
  // Waiters that were served and are to be resumed.
  class Served {
   public:
    // Resumes them one after the other; each may destroy others, and the flight and its owner.
    void resume();
    void take_all(Served& other) { links_.take_all(other.links_); }

   private:
    friend class Flight;
    base::IntrusiveList<Waiter::Link> links_;
  };

  Flight(Loop& loop, const Servers& servers, std::string name, Owner& owner);
  ~Flight();
  Flight(const Flight&) = delete;
  Flight& operator=(const Flight&) = delete;

  void start();

  const std::string& name() const { return name_; }
  bool over() const { return state_ == State::kOver; }
  // The outcome; before the flight is over, that of A alone.
  Outcome outcome() const;
  // Hands the outcome to all who wait.
  void serve(Served& served);
  // Lets all who wait know that there will be none.
  void give_up(Served& served);

  base::Instant began() const { return began_; }
  // Who pays; null once all were served.
  const Claim* payer() const { return payer_; }
  // Lets another client that waits pay, if there is one.
  bool pass_on();

 private:
  //   kAsking ──A records──> kGrace ──delay──> kPartial
  //   any ──both families──> kOver
  enum class State : std::uint8_t { kAsking, kGrace, kPartial, kOver };

  struct Grace final : TimerWheel::Timer {
    explicit Grace(Flight& owner) : flight(owner) {}
    void on_timer() override;
    Flight& flight;
  };

  bool answered() const { return state_ == State::kPartial || state_ == State::kOver; }
  void on_outcome(Question& question) override;
  void charge(Claim* claim);
  void leave(Waiter& waiter);
  void detach(Waiter::Link& link, Served& served);

  Loop& loop_;
  std::string name_;
  Owner& owner_;
  Question v6_;
  Question v4_;
  Grace grace_{*this};
  State state_ = State::kAsking;
  base::Instant began_;
  Claim* payer_ = nullptr;
  base::IntrusiveList<Waiter::Link> waiters_;
};

}  // namespace net::dns
