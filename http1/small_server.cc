#include "http1/small_server.h"

#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "http1/visit.h"
#include "net/listener.h"

namespace http1 {

class SmallServer::Impl final : public House,
                                public net::Listener::Handler,
                                private net::TimerWheel::Timer {
 public:
  Impl(const ServerOptions& chosen, Site& shown, net::ListeningSocket socket)
      : House(chosen, shown),
        endpoint_(socket.endpoint()),
        listener_(std::make_unique<net::Listener>(loop, std::move(socket), *this)),
        thread_([this] { loop.run(); }) {
    ::pthread_setname_np(thread_.native_handle(), "small-server");
  }

  ~Impl() override {
    loop.post([this] { end(); });
    thread_.join();
    // Threads that answer bring their answers here: they end before anything else does.
    hands.reset();
    listener_.reset();
    visits_.clear();
    leaving_.clear();
  }

  void drain() {
    loop.post([this] { life = std::max(life, Life::kDraining); });
  }

  void retire() {
    loop.post([this] {
      listener_.reset();
      count();
    });
  }
  bool has_retired() const { return has_retired_; }

  const base::Endpoint& endpoint() const { return endpoint_; }

 private:
  void on_accept(int fd, const base::Endpoint& client) override {
    const base::IpAddress party = party_of(client.address);
    if (visits_.size() >= options.connections && !make_room(party)) {
      ::close(fd);
      return;
    }
    const std::uint64_t id = ++last_id_;
    Visit& visit =
        *visits_.emplace(id, std::make_unique<Visit>(*this, id, party, fd)).first->second;
    count();
    visit.start();
  }

  // Accepting rests by itself; who waits in the kernel's queue is served later.
  void on_accept_pause() override {}

  bool make_room(const base::IpAddress& party) {
    std::vector<Guest> guests;
    guests.reserve(visits_.size());
    for (const auto& [id, visit] : visits_) guests.push_back(visit->guest());
    const auto leaving = who_leaves(guests, party);
    if (leaving) remove(visits_.find(*leaving));
    return leaving.has_value();
  }

  using Visits = std::map<std::uint64_t, std::unique_ptr<Visit>>;

  // Destroyed a little later: an event for it may be among those that are being told.
  Visits::iterator remove(Visits::iterator visit) {
    visit->second->say_goodbye();
    leaving_.push_back(std::move(visit->second));
    loop.defer([this] { leaving_.clear(); });
    const auto next = visits_.erase(visit);
    count();
    return next;
  }

  template <typename Which>
  void end_those(Which which) {
    for (auto visit = visits_.begin(); visit != visits_.end();) {
      visit = which(*visit->second) ? remove(visit) : std::next(visit);
    }
  }

  void on_visit_over(std::uint64_t id) override {
    const auto visit = visits_.find(id);
    if (visit == visits_.end()) return;
    remove(visit);
    if (life == Life::kEnding && visits_.empty()) loop.stop();
  }

  void bring(std::uint64_t id, http::Reply reply) override {
    const auto brought = std::make_shared<http::Reply>(std::move(reply));
    loop.post([this, id, brought] {
      const auto visit = visits_.find(id);
      if (visit != visits_.end()) visit->second->take(std::move(*brought));
    });
  }

  // Requests that have begun may be finished.
  void end() {
    life = Life::kEnding;
    listener_.reset();
    end_those([](const Visit& visit) { return visit.is_waiting() || visit.is_entering(); });
    if (visits_.empty() || options.grace.count() == 0) return loop.stop();
    loop.arm(*this, loop.now() + options.grace);
  }
  void on_timer() override { loop.stop(); }

  void count() {
    site.on_connections(visits_.size());
    has_retired_ = listener_ == nullptr && visits_.empty();
  }

  const base::Endpoint endpoint_;
  Visits visits_;
  std::vector<std::unique_ptr<Visit>> leaving_;
  std::uint64_t last_id_ = 0;
  std::unique_ptr<net::Listener> listener_;
  std::atomic<bool> has_retired_{false};
  std::thread thread_;
};

base::Result<std::unique_ptr<SmallServer>> SmallServer::start(
    const ServerOptions& options, Site& site, std::optional<net::ListeningSocket> socket) {
  if (!socket) {
    constexpr auto kStack = net::ListeningSocket::Stack::kDual;
    if (auto free = net::ListeningSocket::check_free(options.listen, kStack); !free) {
      return base::fail(std::move(free).error());
    }
    auto opened = net::ListeningSocket::open(options.listen, kStack);
    if (!opened) return base::fail(std::move(opened).error());
    socket.emplace(std::move(*opened));
  }
  try {
    auto impl = std::make_unique<Impl>(options, site, std::move(*socket));
    return std::unique_ptr<SmallServer>(new SmallServer(std::move(impl)));
  } catch (const std::system_error& error) {
    return base::fail(base::ErrorCode::kIo, base::Party::kProxy,
                      "cannot serve " + options.listen.to_string() + ": no thread to be had (" +
                          base::errno_name(error.code().value()) +
                          "); check the limits of threads and memory",
                      error.code().value());
  }
}

SmallServer::SmallServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

SmallServer::~SmallServer() = default;

void SmallServer::drain() { impl_->drain(); }

void SmallServer::retire() { impl_->retire(); }

bool SmallServer::has_retired() const { return impl_->has_retired(); }

const base::Endpoint& SmallServer::endpoint() const { return impl_->endpoint(); }

}  // namespace http1
