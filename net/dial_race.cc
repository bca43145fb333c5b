#include "net/dial_race.h"

#include <algorithm>
#include <cassert>
#include <coroutine>
#include <optional>
#include <utility>

#include "net/dial.h"

namespace net {
namespace {

// How much an error tells about why the destination can't be reached.
int telling(base::ErrorCode code) {
  switch (code) {
    case base::ErrorCode::kNoDescriptors: return 5;
    case base::ErrorCode::kConnectRefused: return 4;
    case base::ErrorCode::kConnectTimeout: return 3;
    case base::ErrorCode::kConnectFailed: return 2;
    case base::ErrorCode::kConnectUnreachable: return 1;
    default: return 0;
  }
}

// co_await race: the winner, or the most telling error. Destroying it closes all attempts.
class Race final : private TimerWheel::Timer {
 public:
  Race(Loop& loop, std::vector<base::IpAddress> addresses, std::uint16_t port,
       base::Millis attempt_delay, base::Instant deadline, const std::string& display_name)
      : loop_(loop),
        addresses_(std::move(addresses)),
        port_(port),
        attempt_delay_(attempt_delay),
        deadline_(deadline),
        display_name_(display_name) {}

  bool await_ready() {
    start_next();
    return over();
  }
  void await_suspend(std::coroutine_handle<> waiting) {
    waiting_ = waiting;
    arm();
  }
  base::Result<Dialled> await_resume() {
    if (winner_) return std::move(*winner_);
    assert(error_ && "a race without addresses");
    return base::fail(std::move(*error_));
  }

 private:
  struct Attempt final : Waiter {
    Attempt(Race& owner, base::Endpoint to, std::unique_ptr<Socket> connecting)
        : race(owner), endpoint(to), socket(std::move(connecting)) {
      socket->poll().set_waiter(Ready::kWrite, this);
    }
    void on_ready() override { race.on_progress(*this); }

    Race& race;
    base::Endpoint endpoint;
    std::unique_ptr<Socket> socket;
  };

  bool over() const { return winner_ || (attempts_.empty() && next_ == addresses_.size()); }

  // Starts attempts until one is under way, has won, or none is left.
  void start_next() {
    while (next_ < addresses_.size()) {
      const base::Endpoint endpoint{addresses_[next_++], port_};
      auto begun = begin_connect(loop_, endpoint, display_name_);
      if (!begun) {
        note(std::move(begun).error());
        continue;
      }
      attempts_.push_back(std::make_unique<Attempt>(*this, endpoint, std::move(*begun)));
      next_at_ = loop_.now() + attempt_delay_;
      Attempt& attempt = *attempts_.back();
      if (attempt.socket->poll().ready(Ready::kWrite)) judge(attempt);
      if (winner_ || !attempts_.empty()) return;
    }
  }

  // Ends the attempt if it is decided; `attempt` is gone then.
  void judge(Attempt& attempt) {
    const auto outcome = connect_outcome(*attempt.socket, attempt.endpoint, display_name_);
    if (!outcome) return;
    if (*outcome) {
      attempt.socket->poll().set_waiter(Ready::kWrite, nullptr);
      winner_ = Dialled{std::move(attempt.socket), attempt.endpoint};
      attempts_.clear();
      return;
    }
    note(outcome->error());
    std::erase_if(attempts_, [&](const auto& each) { return each.get() == &attempt; });
  }

  void on_progress(Attempt& attempt) {
    const size_t before = attempts_.size();
    judge(attempt);
    // A failure lets the next attempt start at once (RFC 8305 §5).
    if (!winner_ && attempts_.size() < before) start_next();
    go_on();
  }

  void on_timer() override {
    if (loop_.now() >= deadline_) {
      note(connect_timeout(display_name_));
      attempts_.clear();
      next_ = addresses_.size();
    } else {
      start_next();
    }
    go_on();
  }

  void go_on() {
    if (!over()) return arm();
    disarm();
    // Resuming may destroy the race: nothing may follow.
    waiting_.resume();
  }

  void arm() {
    const bool more = next_ < addresses_.size();
    loop_.arm(*this, more ? std::min(next_at_, deadline_) : deadline_);
  }

  void note(base::Error error) {
    if (!error_ || telling(error.code) > telling(error_->code)) error_ = std::move(error);
  }

  Loop& loop_;
  std::vector<base::IpAddress> addresses_;
  std::uint16_t port_;
  base::Millis attempt_delay_;
  base::Instant deadline_;
  const std::string& display_name_;
  size_t next_ = 0;  // the first address without an attempt
  base::Instant next_at_;
  std::vector<std::unique_ptr<Attempt>> attempts_;
  std::optional<Dialled> winner_;
  std::optional<base::Error> error_;
  std::coroutine_handle<> waiting_;
};

}  // namespace

std::vector<base::IpAddress> interleave(const std::vector<base::IpAddress>& addresses) {
  std::vector<base::IpAddress> out;
  out.reserve(addresses.size());
  auto v6 = addresses.begin();
  auto v4 = addresses.begin();
  const auto take = [&](std::vector<base::IpAddress>::const_iterator& from, base::Family family) {
    from = std::find_if(from, addresses.end(),
                        [&](const base::IpAddress& each) { return each.family() == family; });
    if (from != addresses.end()) out.push_back(*from++);
  };
  while (out.size() < addresses.size()) {
    take(v6, base::Family::kV6);
    take(v4, base::Family::kV4);
  }
  return out;
}

Task<base::Result<Dialled>> dial_any(Loop& loop, std::vector<base::IpAddress> addresses,
                                     std::uint16_t port, base::Millis attempt_delay,
                                     base::Instant deadline, std::string display_name) {
  if (addresses.empty()) {
    co_return base::fail(base::ErrorCode::kInternal, base::Party::kProxy,
                         "there is no address to connect to for " + display_name);
  }
  Race race(loop, interleave(addresses), port, attempt_delay, deadline, display_name);
  base::Result<Dialled> result = co_await race;
  co_return std::move(result);
}

}  // namespace net
