#include "net/dial_race.h"

#include <algorithm>
#include <cassert>
#include <chrono>
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

// What an attempt gets at least before it makes room for the next, where no spare ones are left.
// The first SYN that is lost is sent again after a second.
constexpr base::Millis kLeastTime{1200};

// co_await race: the winner, or the most telling error. Destroying it closes all attempts.
class Race final : private TimerWheel::Timer {
 public:
  Race(Loop& loop, std::vector<base::IpAddress> addresses, std::uint16_t port,
       base::Millis attempt_delay, base::Instant deadline, const std::string& display_name,
       std::optional<SpareAttempts> spare)
      : loop_(loop),
        addresses_(std::move(addresses)),
        port_(port),
        attempt_delay_(attempt_delay),
        began_(loop.now()),
        deadline_(deadline),
        display_name_(display_name),
        spare_(spare) {}

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
  enum class Place : std::uint8_t { kOfSession, kSpare };

  struct Attempt final : Waiter {
    Attempt(Race& owner, base::Endpoint to, std::unique_ptr<Socket> connecting, Place taken)
        : race(owner),
          endpoint(to),
          socket(std::move(connecting)),
          place(taken),
          began(owner.loop_.now()) {
      socket->poll().set_waiter(Ready::kWrite, this);
    }
    ~Attempt() override { race.leave(place); }
    void on_ready() override { race.on_progress(*this); }

    Race& race;
    base::Endpoint endpoint;
    std::unique_ptr<Socket> socket;
    Place place;
    base::Instant began;
  };

  // Where the next attempt may have its descriptor from.
  std::optional<Place> enter() {
    if (session_place_ == SessionPlace::kFree) {
      session_place_ = SessionPlace::kTaken;
      return Place::kOfSession;
    }
    if (attempts_.size() >= kMaxAttempts) return std::nullopt;
    if (!spare_ || spare_->pot.take(spare_->share)) return Place::kSpare;
    return std::nullopt;
  }
  void leave(Place place) {
    if (place == Place::kOfSession) {
      session_place_ = SessionPlace::kFree;
    } else if (spare_) {
      spare_->pot.give_back(spare_->share);
    }
  }

  // How long an attempt may keep the others waiting: the time is for all of the addresses.
  base::Instant makes_room_at(const Attempt& attempt) const {
    const auto side_by_side = std::max<size_t>(attempts_.size(), 1);
    const size_t rounds = (addresses_.size() + side_by_side - 1) / side_by_side;
    const auto part = std::chrono::duration_cast<base::Millis>(deadline_ - began_) /
                      static_cast<base::Millis::rep>(rounds);
    const bool spares_are_out = attempts_.size() < kMaxAttempts;
    return attempt.began +
           (spares_are_out ? std::min(part, std::max(kLeastTime, attempt_delay_)) : part);
  }

  bool over() const { return winner_ || (attempts_.empty() && next_ == addresses_.size()); }

  // Starts attempts until one is under way, has won, or none is left.
  void start_next() {
    while (next_ < addresses_.size()) {
      std::optional<Place> place = enter();
      if (!place) {
        Attempt& oldest = *attempts_.front();
        if (loop_.now() < makes_room_at(oldest)) return wait_for_room();
        note(connect_timeout(display_name_));
        attempts_.erase(attempts_.begin());
        place = enter();
      }
      const base::Endpoint endpoint{addresses_[next_++], port_};
      auto begun = begin_connect(loop_, endpoint, display_name_);
      if (!begun) {
        leave(*place);
        note(std::move(begun).error());
        continue;
      }
      attempts_.push_back(std::make_unique<Attempt>(*this, endpoint, std::move(*begun), *place));
      next_at_ = loop_.now() + attempt_delay_;
      Attempt& attempt = *attempts_.back();
      if (attempt.socket->poll().ready(Ready::kWrite)) judge(attempt);
      if (winner_ || !attempts_.empty()) return;
    }
  }

  // A spare attempt may be free by then, or the oldest one's time over.
  void wait_for_room() {
    next_at_ = std::min(loop_.now() + attempt_delay_, makes_room_at(*attempts_.front()));
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
  base::Instant began_;
  base::Instant deadline_;
  const std::string& display_name_;
  std::optional<SpareAttempts> spare_;
  enum class SessionPlace : std::uint8_t { kFree, kTaken } session_place_ = SessionPlace::kFree;
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
                                     base::Instant deadline, std::string display_name,
                                     std::optional<SpareAttempts> spare) {
  if (addresses.empty()) {
    co_return base::fail(base::ErrorCode::kInternal, base::Party::kProxy,
                         "there is no address to connect to for " + display_name);
  }
  Race race(loop, interleave(addresses), port, attempt_delay, deadline, display_name, spare);
  base::Result<Dialled> result = co_await race;
  co_return std::move(result);
}

}  // namespace net
