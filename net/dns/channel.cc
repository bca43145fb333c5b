#include "net/dns/channel.h"

#include <ares.h>
#include <arpa/nameser.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <uv.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "net/loop.h"

namespace net::dns {
namespace {

// The largest UDP reply that crosses any path unfragmented (DNS flag day 2020).
constexpr int kUdpReplyOctets = 1232;

Delivery delivery_of(int status) {
  switch (status) {
    case ARES_ETIMEOUT: return Delivery::kTimeout;
    case ARES_ECONNREFUSED: return Delivery::kUnreachable;
    case ARES_EBADNAME:
    case ARES_ENOTFOUND: return Delivery::kBadName;
    default: return Delivery::kFailed;
  }
}

}  // namespace

// A question that c-ares has. It is freed by the answer.
struct Channel::Pending {
  Impl* impl;
  Asker* asker;  // null once forgotten
  std::string name;
  base::Family family;
};

struct Channel::Impl final : private TimerWheel::Timer {
  // A socket of c-ares, watched level-triggered as c-ares needs it. Freed by its close callback.
  struct Watch {
    uv_poll_t handle;
    Impl* impl;
    ares_socket_t socket;
    int events;
  };

  explicit Impl(Loop& owner) : loop(owner) {}
  ~Impl() override {
    // Closes the sockets, and with them the watches, through on_socket.
    if (channel != nullptr) ares_destroy(channel);
  }

  // c-ares wants `socket` watched for these events; for none when it is about to close it.
  static void on_socket(void* self, ares_socket_t socket, int readable, int writable) {
    const int events = (readable != 0 ? UV_READABLE : 0) | (writable != 0 ? UV_WRITABLE : 0);
    static_cast<Impl*>(self)->watch(socket, events);
  }

  void watch(ares_socket_t socket, int events) {
    const auto at = std::find_if(watches.begin(), watches.end(),
                                 [&](const Watch* each) { return each->socket == socket; });
    if (events == 0) {
      if (at == watches.end()) return;
      uv_close(reinterpret_cast<uv_handle_t*>(&(*at)->handle),
               [](uv_handle_t* handle) { delete static_cast<Watch*>(handle->data); });
      watches.erase(at);
      return;
    }
    Watch* watch = at != watches.end() ? *at : add(socket);
    if (watch == nullptr || watch->events == events) return;
    watch->events = events;
    uv_poll_start(&watch->handle, events, on_event);
  }

  Watch* add(ares_socket_t socket) {
    auto* fresh = new Watch{{}, this, socket, 0};
    if (uv_poll_init(loop.raw(), &fresh->handle, socket) != 0) {
      // A server whose socket can't be watched is one that does not answer.
      delete fresh;
      return nullptr;
    }
    fresh->handle.data = fresh;
    watches.push_back(fresh);
    return fresh;
  }

  static void on_event(uv_poll_t* handle, int status, int events) {
    const Watch& watch = *static_cast<Watch*>(handle->data);
    Impl& impl = *watch.impl;
    const ares_socket_t socket = watch.socket;
    // An error stops the handle; c-ares finds its cause by reading and writing.
    const bool read = status < 0 || (events & UV_READABLE) != 0;
    const bool write = status < 0 || (events & UV_WRITABLE) != 0;
    ares_process_fd(impl.channel, read ? socket : ARES_SOCKET_BAD,
                    write ? socket : ARES_SOCKET_BAD);
    // If c-ares kept the socket there is more to read before the error. A closing handle is in
    // memory until its callback, but no longer among the watches, and its number may be that of a
    // new one.
    if (status < 0) impl.restart(&watch);
  }

  void restart(const Watch* stopped) {
    const auto at = std::find(watches.begin(), watches.end(), stopped);
    if (at != watches.end()) uv_poll_start(&(*at)->handle, (*at)->events, on_event);
  }

  // The timer stands at the first timeout at the latest: new questions and retries only have later
  // ones.
  void arm_timer() {
    timeval left{};
    if (armed() || ares_timeout(channel, nullptr, &left) == nullptr) return;
    loop.arm(*this, loop.now() + std::chrono::seconds(left.tv_sec) +
                        std::chrono::ceil<base::Millis>(std::chrono::microseconds(left.tv_usec)));
  }

  void on_timer() override {
    ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    arm_timer();
  }

  static void on_answer(void* argument, int status, int /*timeouts*/, unsigned char* packet,
                        int size) {
    std::unique_ptr<Pending> pending(static_cast<Pending*>(argument));
    Impl& impl = *pending->impl;
    --impl.asked;
    if (pending->asker == nullptr) {
      --impl.forgotten;
      return;
    }
    if (status == ARES_ECANCELLED) {
      impl.again.push_back(std::move(pending));
      return;
    }
    Asker& asker = *std::exchange(pending->asker, nullptr);
    asker.pending_ = nullptr;
    if (status == ARES_EDESTRUCTION) return;
    if (packet == nullptr || size <= 0) {
      asker.on_reply(delivery_of(status), {});
    } else {
      asker.on_reply(Delivery::kReply, {packet, static_cast<size_t>(size)});
    }
  }

  void ask(std::unique_ptr<Pending> pending) {
    const int type = pending->family == base::Family::kV4 ? ns_t_a : ns_t_aaaa;
    // A copy: the answer, which frees the question, may come before this returns.
    const std::string name = pending->name;
    ++asked;
    ares_query(channel, name.c_str(), ns_c_in, type, on_answer, pending.release());
    arm_timer();
  }

  void forget(Asker& asker) {
    std::exchange(asker.pending_, nullptr)->asker = nullptr;
    ++forgotten;
    if (forgotten < kMaxForgotten || forgotten * 2 < asked || cleaning == Cleaning::kSoon) return;
    cleaning = Cleaning::kSoon;
    // c-ares may be on the stack now.
    loop.defer([this, guard = std::weak_ptr(alive)] {
      if (!guard.expired()) clean();
    });
  }

  // Takes all questions back, and asks again what somebody waits for.
  void clean() {
    cleaning = Cleaning::kNo;
    ares_cancel(channel);
    for (auto& question : std::exchange(again, {})) {
      if (question->asker != nullptr) ask(std::move(question));
    }
  }

  Loop& loop;
  size_t asked = 0;
  size_t forgotten = 0;  // of those that are asked
  enum class Cleaning : std::uint8_t { kNo, kSoon } cleaning = Cleaning::kNo;
  std::vector<std::unique_ptr<Pending>> again;  // while all are taken back
  std::shared_ptr<const bool> alive = std::make_shared<const bool>(true);
  ares_channel channel = nullptr;
  std::vector<Watch*> watches;  // at most one UDP and one TCP socket
};

Channel::Channel(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Channel::~Channel() = default;

base::Result<std::unique_ptr<Channel>> Channel::open(Loop& loop, const base::Endpoint& server,
                                                     base::Millis timeout, int tries) {
  auto impl = std::make_unique<Impl>(loop);
  // Everything is set here, so that neither files nor the environment decide.
  std::array<char, 2> lookups{"b"};
  std::array<char, 10> no_file{"/dev/null"};
  ares_options options{};
  options.flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES | ARES_FLAG_NOCHECKRESP | ARES_FLAG_EDNS;
  options.timeout = static_cast<int>(timeout.count());
  options.tries = tries;
  options.ndots = 0;
  options.lookups = lookups.data();
  options.ednspsz = kUdpReplyOctets;
  options.resolvconf_path = no_file.data();
  options.sock_state_cb = Impl::on_socket;
  options.sock_state_cb_data = impl.get();
  const int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_NDOTS |
                   ARES_OPT_LOOKUPS | ARES_OPT_EDNSPSZ | ARES_OPT_RESOLVCONF | ARES_OPT_NOROTATE |
                   ARES_OPT_DOMAINS | ARES_OPT_SOCK_STATE_CB;
  int status = ares_init_options(&impl->channel, &options, mask);
  if (status == ARES_SUCCESS) {
    ares_addr_port_node node{};
    const auto& octets = server.address.octets();
    node.family = server.address.is_v4() ? AF_INET : AF_INET6;
    std::memcpy(&node.addr, octets.data(), server.address.is_v4() ? 4 : 16);
    node.udp_port = node.tcp_port = server.port;
    status = ares_set_servers_ports(impl->channel, &node);
  }
  if (status != ARES_SUCCESS) {
    return base::fail(base::ErrorCode::kDnsUnreachable, base::Party::kProxy,
                      "the name server " + server.to_string() + " can't be set up (" +
                          ares_strerror(status) + "); check dns.servers");
  }
  return std::unique_ptr<Channel>(new Channel(std::move(impl)));
}

void Channel::ask(const std::string& name, base::Family family, Asker& asker) {
  auto pending = std::make_unique<Pending>(Pending{impl_.get(), &asker, name, family});
  asker.pending_ = pending.get();
  impl_->ask(std::move(pending));
}

void Channel::forget(Asker& asker) {
  if (asker.pending_ != nullptr) asker.pending_->impl->forget(asker);
}

size_t Channel::pending() const { return impl_->asked; }

}  // namespace net::dns
