#include "tests/unit/proxy/script/stage.h"

#include <netinet/tcp.h>

#include <chrono>
#include <utility>

#include "tests/unit/net/tcp_pair.h"
#include "tests/unit/proxy/policy/policy_values.h"
#include "tests/unit/proxy/script/papers.h"
#include "tls/client.h"
#include "tls/server.h"

namespace proxy::script {
namespace {

using policy::allow;
using policy::ip;
using policy::with_addresses;

// Turns after which nothing that was under way in this process is left to do.
constexpr int kTurns = 30;

// By when a handshake has worked out or not (timeouts.tls_handshake).
constexpr base::Millis kEnter{12'000};

size_t index(Version version) { return version == Version::kHttp2 ? 1 : 0; }

// Octets do not wait for acknowledgements, which would take real time.
void send_at_once(int fd) {
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

tls::PeerName peer(const char* name) { return *tls::PeerName::parse(name); }

}  // namespace

config::Config Stage::complete(config::Config config) const {
  if (config.policy.rules.empty()) {
    config.policy = policy::policy(
        {policy::with_ports(with_addresses(allow("lab"), {"127.0.0.1/32"}), {port_})});
  }
  if (setting_.way == Setting::Way::kInspected) config.tls.connect = config::Connect::kInspect;
  return config;
}

Stage::Stage(const Setting& setting, config::Config config, Cuts cuts)
    : setting_(setting),
      cuts_(cuts),
      authority_("origin.test:" + std::to_string(listener_->endpoint().port)),
      port_(listener_->endpoint().port),
      lent_(complete(std::move(config)), {{"origin.test", {ip("127.0.0.1")}}},
            Papers::get().proxy) {}

void Stage::begin() {
  const auto [far, near] = net::tcp_pair();
  ::fcntl(far, F_SETFL, O_NONBLOCK);
  send_at_once(far);
  const bool secured = setting_.outer == Version::kHttp2;
  home_.own(std::make_unique<Session>(
      home_, lent_.tools, secured ? Entry::kTls : Entry::kPlain, lent_.caller,
      Connection(std::make_unique<net::Socket>(lent_.loop, near, base::Party::kClient))));
  auto socket = std::make_unique<CutStream>(
      std::make_unique<net::Socket>(lent_.loop, far, base::Party::kProxy), cuts_.client);
  client_stream_ = socket.get();
  home_.sessions().front()->start();
  if (!secured) {
    client_ = make_voice(Version::kHttp1, true, std::move(socket));
    return;
  }
  auto stream = Papers::get().clients[1]->make_stream(std::move(socket), peer("proxy.test"));
  if (shake(**stream)) client_ = make_voice(Version::kHttp2, true, std::move(*stream));
}

Stage::~Stage() {
  while (!home_.sessions().empty()) {
    home_.sessions().back()->stop(
        {base::ErrorCode::kCancelled, base::Party::kProxy, 0, "the script ends"});
    settle();
  }
}

bool Stage::enter() {
  begin();
  if (client_ == nullptr) return false;
  if (setting_.way == Setting::Way::kForward) return true;
  client_->ask({"CONNECT", "", authority_, ""}, Body::parse(""));
  if (!wait([&] { return client_->hear().has_value(); })) return false;
  if (client_->hear()->start != "200") return false;
  client_->next();
  outer_ = std::move(client_);
  auto stream = outer_->release();
  if (setting_.way == Setting::Way::kTunnel) {
    client_ = make_raw_voice(std::move(stream));
    return wait([&] { return origin_ != nullptr; });
  }
  auto inside = Papers::get().clients[index(setting_.inner)]->make_stream(std::move(stream),
                                                                          peer("origin.test"));
  if (!inside || !shake(**inside)) return false;
  client_ = make_voice(setting_.inner, true, std::move(*inside));
  return wait([&] { return origin_ != nullptr; });
}

bool Stage::until(const std::function<bool()>& condition) {
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  bool held = false;
  std::function<void()> look = [&] {
    proxy_runs = false;
    pump();
    held = condition();
    proxy_runs = true;
    if (held || std::chrono::steady_clock::now() > give_up) return lent_.loop.stop();
    lent_.loop.defer(look);
  };
  lent_.loop.defer(look);
  lent_.loop.run();
  proxy_runs = false;
  return held;
}

bool Stage::wait(const std::function<bool()>& condition) {
  const bool cut = std::min(cuts_.client.after, cuts_.origin.after) != Cut().after;
  return cut || patience_ == Patience::kLost ? until_in(kEnter, condition) : until(condition);
}

bool Stage::until_in(base::Millis most, const std::function<bool()>& condition) {
  constexpr base::Millis kStep{250};
  for (base::Millis left = most; left.count() > 0; left -= kStep) {
    bool held = false;
    int turns = 0;
    until([&] { return (held = condition()) || ++turns > 10; });
    if (held) return true;
    clock_.advance(kStep);
  }
  return false;
}

void Stage::settle() {
  int turns = 0;
  until([&] { return ++turns > kTurns; });
}

void Stage::pass(base::Millis time) {
  const base::Millis step = std::max(base::Millis(10), time / 200);
  for (; time.count() > 0; time -= step) {
    clock_.advance(std::min(time, step));
    int turns = 0;
    until([&] { return ++turns > 2; });
  }
  settle();
}

bool Stage::shake(tls::TlsStream& stream) {
  auto progress = tls::TlsStream::Progress::kWouldBlock;
  wait([&] {
    progress = stream.try_handshake();
    return progress != tls::TlsStream::Progress::kWouldBlock;
  });
  return progress == tls::TlsStream::Progress::kDone;
}

void Stage::accept() {
  if (origin_tls_ != nullptr) {
    const auto progress = origin_tls_->try_handshake();
    if (progress == tls::TlsStream::Progress::kFailed) origin_tls_.reset();
    if (progress != tls::TlsStream::Progress::kDone) return;
    origin_ = make_voice(setting_.origin, false, std::move(origin_tls_));
  }
  const int fd = listener_ != nullptr ? listener_->accept_now() : -1;
  if (fd < 0) return;
  ++dials_;
  send_at_once(fd);
  auto socket = std::make_unique<CutStream>(
      std::make_unique<net::Socket>(lent_.loop, fd, base::Party::kProxy),
      dials_ == 1 ? cuts_.origin : uncut_);
  origin_stream_ = socket.get();
  if (origin_ != nullptr) earlier_.push_back(std::move(origin_));
  switch (setting_.way) {
    case Setting::Way::kForward:
      origin_ = make_voice(Version::kHttp1, false, std::move(socket));
      break;
    case Setting::Way::kTunnel: origin_ = make_raw_voice(std::move(socket)); break;
    case Setting::Way::kInspected:
      origin_tls_ = *Papers::get().origins[index(setting_.origin)]->make_stream(std::move(socket));
      break;
  }
}

void Stage::pump() {
  if (outer_ != nullptr) outer_->pump();
  if (client_ != nullptr) client_->pump();
  if (outer_ != nullptr) outer_->pump();
  accept();
  if (origin_ != nullptr) origin_->pump();
  for (auto& voice : earlier_) voice->pump();
}

void Stage::ask(std::string_view method, std::string_view path, const Body& body) {
  const bool inside = setting_.way == Setting::Way::kInspected;
  const char* scheme = inside ? (setting_.inner == Version::kHttp2 ? "https" : "") : "http";
  client_->ask({std::string(method), scheme, authority_, std::string(path)}, body);
}

void Stage::cancel() {
  const bool streams = setting_.way == Setting::Way::kInspected ? setting_.inner == Version::kHttp2
                                                                : setting_.outer == Version::kHttp2;
  streams ? client_->reset() : reset_client();
}

void Stage::drop_client(Drop how) {
  if (how == Drop::kReset) client_stream_->reset_on_close();
  client_.reset();
  outer_.reset();
}

void Stage::drop_origin(Drop how) {
  if (how == Drop::kReset) origin_stream_->reset_on_close();
  origin_.reset();
}

void Stage::drain() {
  for (const auto& session : home_.sessions()) session->drain();
}

void Stage::stop() {
  // Those in streams first, as a worker does.
  const auto& all = home_.sessions();
  for (auto session = all.rbegin(); session != all.rend(); ++session) {
    (*session)->stop({base::ErrorCode::kCancelled, base::Party::kProxy, 0, "stopping"});
  }
}

std::vector<nlohmann::json> Stage::records() {
  std::vector<nlohmann::json> all = lent_.records();
  if (setting_.way == Setting::Way::kInspected) {
    std::erase_if(all, [](const auto& record) { return record["method"] == "CONNECT"; });
  }
  return all;
}

void Stage::reload(const config::Config& config) {
  lent_.present = std::make_shared<const Runtime>(complete(config), Papers::get().proxy,
                                                  std::vector<base::Endpoint>(),
                                                  std::vector<base::IpAddress>(), lent_.observer);
}

}  // namespace proxy::script
