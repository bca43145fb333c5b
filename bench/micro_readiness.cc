// Three ways to learn that a descriptor is ready, with the same work behind them: 64 octets echoed.
// The figures stand in docs/design/net.md. CPU time per message, the peers' system calls included,
// which are the same for all.
//
//   UvPoll  a uv_poll_t for each descriptor
//   Nested  one edge-triggered epoll, itself watched by a uv_poll_t
//   Host    one edge-triggered epoll that waits, with libuv's descriptor among its own (net::Loop)
#include <benchmark/benchmark.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <vector>

namespace {

constexpr size_t kMessage = 64;

void must(bool good) {
  if (!good) std::abort();
}

// One end is served by the engine, the other is the peer's.
struct Pair {
  Pair() { must(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()) == 0); }
  ~Pair() {
    ::close(ends[0]);
    ::close(ends[1]);
  }
  void send() const {
    const std::array<char, kMessage> message{};
    must(::send(ends[1], message.data(), kMessage, 0) == kMessage);
  }
  void receive() const {
    std::array<char, kMessage> message;
    must(::recv(ends[1], message.data(), kMessage, 0) == kMessage);
  }
  // True when there was something to echo.
  bool echo() const {
    std::array<char, 4096> buffer;
    const ssize_t got = ::recv(ends[0], buffer.data(), buffer.size(), 0);
    if (got <= 0) return false;
    must(::send(ends[0], buffer.data(), static_cast<size_t>(got), 0) == got);
    return true;
  }
  std::array<int, 2> ends{};
};

class UvLoop {
 public:
  UvLoop() { must(uv_loop_init(&loop_) == 0); }
  ~UvLoop() {
    uv_run(&loop_, UV_RUN_DEFAULT);
    uv_loop_close(&loop_);
  }
  uv_loop_t* raw() { return &loop_; }

 private:
  uv_loop_t loop_;
};

class UvPoll {
 public:
  struct Watch {
    uv_poll_t handle;
    const Pair* pair;
    UvPoll* engine;
  };
  Watch* add(const Pair& pair) {
    auto* watch = new Watch{{}, &pair, this};
    must(uv_poll_init(loop_.raw(), &watch->handle, pair.ends[0]) == 0);
    watch->handle.data = watch;
    uv_poll_start(&watch->handle, UV_READABLE, [](uv_poll_t* handle, int, int) {
      const Watch& ready = *static_cast<Watch*>(handle->data);
      if (ready.pair->echo()) ++ready.engine->echoed;
    });
    return watch;
  }
  static void remove(Watch* watch) {
    uv_close(reinterpret_cast<uv_handle_t*>(&watch->handle),
             [](uv_handle_t* handle) { delete static_cast<Watch*>(handle->data); });
  }
  void turn() { uv_run(loop_.raw(), UV_RUN_ONCE); }
  int echoed = 0;

 private:
  UvLoop loop_;
};

class EdgeEpoll {
 public:
  EdgeEpoll() : fd_(::epoll_create1(0)) {}
  ~EdgeEpoll() { ::close(fd_); }
  const Pair* add(const Pair& pair) const {
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    event.data.ptr = const_cast<Pair*>(&pair);  // NOLINT: only read
    must(::epoll_ctl(fd_, EPOLL_CTL_ADD, pair.ends[0], &event) == 0);
    return &pair;
  }
  // Descriptors leave when they are closed.
  static void remove(const Pair* /*pair*/) {}
  int fd() const { return fd_; }
  // Returns how many were echoed.
  int serve(int timeout_ms) const {
    std::array<epoll_event, 256> events;
    const int count = ::epoll_wait(fd_, events.data(), events.size(), timeout_ms);
    int echoed = 0;
    for (int i = 0; i < count; ++i) {
      const auto* pair = static_cast<const Pair*>(events[static_cast<size_t>(i)].data.ptr);
      if (pair != nullptr && pair->echo()) ++echoed;
    }
    return echoed;
  }

 private:
  int fd_;
};

class Nested {
 public:
  Nested() {
    must(uv_poll_init(loop_.raw(), &handle_, epoll_.fd()) == 0);
    handle_.data = this;
    uv_poll_start(&handle_, UV_READABLE, [](uv_poll_t* handle, int, int) {
      auto& engine = *static_cast<Nested*>(handle->data);
      engine.echoed += engine.epoll_.serve(0);
    });
  }
  ~Nested() { uv_close(reinterpret_cast<uv_handle_t*>(&handle_), nullptr); }
  const Pair* add(const Pair& pair) { return epoll_.add(pair); }
  static void remove(const Pair* pair) { EdgeEpoll::remove(pair); }
  void turn() { uv_run(loop_.raw(), UV_RUN_ONCE); }
  int echoed = 0;

 private:
  EdgeEpoll epoll_;
  UvLoop loop_;
  uv_poll_t handle_;
};

class Host {
 public:
  Host() {
    epoll_event event{};
    event.events = EPOLLIN;
    must(::epoll_ctl(epoll_.fd(), EPOLL_CTL_ADD, uv_backend_fd(loop_.raw()), &event) == 0);
  }
  const Pair* add(const Pair& pair) { return epoll_.add(pair); }
  static void remove(const Pair* pair) { EdgeEpoll::remove(pair); }
  void turn() { echoed += epoll_.serve(-1); }
  int echoed = 0;

 private:
  EdgeEpoll epoll_;
  UvLoop loop_;
};

// `range` of 64 connections have something to say at a time.
template <typename Engine>
void messages(benchmark::State& state) {
  Engine engine;
  std::array<Pair, 64> pairs;
  std::vector<decltype(engine.add(pairs[0]))> watches;
  for (const Pair& pair : pairs) watches.push_back(engine.add(pair));
  const auto busy = static_cast<size_t>(state.range(0));
  for (auto _ : state) {
    for (size_t i = 0; i < busy; ++i) pairs[i].send();
    engine.echoed = 0;
    while (engine.echoed < state.range(0)) engine.turn();
    for (size_t i = 0; i < busy; ++i) pairs[i].receive();
  }
  for (auto* watch : watches) Engine::remove(watch);
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

// A connection that comes, says one thing and goes.
template <typename Engine>
void connections(benchmark::State& state) {
  Engine engine;
  for (auto _ : state) {
    const Pair pair;
    auto* watch = engine.add(pair);
    pair.send();
    engine.echoed = 0;
    while (engine.echoed == 0) engine.turn();
    pair.receive();
    Engine::remove(watch);
  }
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK(messages<UvPoll>)->Arg(1)->Arg(8)->Arg(64);
BENCHMARK(messages<Nested>)->Arg(1)->Arg(8)->Arg(64);
BENCHMARK(messages<Host>)->Arg(1)->Arg(8)->Arg(64);
BENCHMARK(connections<UvPoll>);
BENCHMARK(connections<Nested>);
BENCHMARK(connections<Host>);

}  // namespace
