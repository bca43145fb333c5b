#include "proxy/arrivals.h"

#include <array>
#include <utility>

#include "base/log.h"
#include "net/poll.h"
#include "net/proxy_header.h"
#include "net/timer_wheel.h"

namespace proxy {
namespace {

// The longest header that names a client without further words; longer ones take another turn.
constexpr size_t kTake = 256;
constexpr std::chrono::minutes kQuiet{1};

}  // namespace

class Arrivals::Arrival final : private net::Waiter, private net::TimerWheel::Timer {
 public:
  Arrival(Arrivals& all, std::unique_ptr<net::Socket> socket, const base::Endpoint& balancer,
          Entered entered)
      : all_(all), socket_(std::move(socket)), balancer_(balancer), entered_(std::move(entered)) {}

  const base::IpAddress& balancer() const { return balancer_.address; }

  void start(base::Instant deadline) {
    socket_->poll().set_waiter(net::Ready::kRead, this);
    all_.loop_.arm(*this, deadline);
    read();
  }

 private:
  void on_ready() override { read(); }
  void on_timer() override { fail("does not come within timeouts.head"); }

  void read() {
    std::array<char, kTake> octets;
    while (header_.state() == net::ProxyHeader::State::kMore) {
      const net::IoResult peeked = socket_->try_peek(octets);
      if (peeked.kind == net::IoResult::Kind::kWouldBlock) return;
      if (peeked.kind != net::IoResult::Kind::kDone) return fail("ends early");
      socket_->discard(header_.feed({octets.data(), peeked.bytes}));
    }
    if (header_.state() == net::ProxyHeader::State::kMalformed) return fail(header_.fault());
    leave();
    entered_(std::move(socket_), header_.client().value_or(balancer_));
    all_.over(*this);
  }

  void fail(std::string_view why) {
    leave();
    socket_.reset();
    all_.fail(balancer_, std::string(why));
    all_.over(*this);
  }

  void leave() {
    disarm();
    socket_->poll().set_waiter(net::Ready::kRead, nullptr);
  }

  Arrivals& all_;
  std::unique_ptr<net::Socket> socket_;
  base::Endpoint balancer_;
  Entered entered_;
  net::ProxyHeader header_;
};

Arrivals::Arrivals(net::Loop& loop, admin::Counter& failures, std::uint32_t most)
    : loop_(loop), failures_(failures), places_(most) {}

Arrivals::~Arrivals() = default;

void Arrivals::add(std::unique_ptr<net::Socket> socket, const base::Endpoint& balancer,
                   base::Instant deadline, Entered entered) {
  if (!take_place(balancer.address)) {
    return fail(balancer, "is awaited on too many connections already");
  }
  auto arrival = std::make_unique<Arrival>(*this, std::move(socket), balancer, std::move(entered));
  Arrival& waiting = *arrival;
  waiting_.emplace(&waiting, std::move(arrival));
  waiting.start(deadline);
}

bool Arrivals::take_place(const base::IpAddress& balancer) {
  const auto entry = balancers_.try_emplace(balancer).first;
  const bool taken = places_.take(entry->second);
  if (entry->second.places == 0) balancers_.erase(entry);
  return taken;
}

void Arrivals::over(Arrival& arrival) {
  const auto entry = balancers_.find(arrival.balancer());
  places_.give_back(entry->second);
  if (entry->second.places == 0) balancers_.erase(entry);
  std::shared_ptr<Arrival> ended = std::move(waiting_.extract(&arrival).mapped());
  // Its own code is still on the stack.
  loop_.defer([ended = std::move(ended)] {});
}

void Arrivals::clear() {
  waiting_.clear();
  balancers_.clear();
  places_ = net::Pot(places_.places());
}

void Arrivals::fail(const base::Endpoint& balancer, const std::string& why) {
  admin::bump(failures_);
  if (loop_.now() < quiet_until_) return;
  quiet_until_ = loop_.now() + kQuiet;
  base::log_warn("closed a connection from " + balancer.address.unmapped().to_string() +
                 ", which proxy_protocol.from names as a load balancer: its PROXY header " + why +
                 ". Switch the PROXY protocol on there, or take it out of proxy_protocol.from");
}

}  // namespace proxy
