#include "proxy/server.h"

#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <random>
#include <thread>
#include <utility>

#include "base/log.h"
#include "config/summary.h"
#include "proxy/collect.h"

namespace proxy {
namespace {

// Descriptors kept back, beside those of relays' pipes and spare attempts to dial, for listeners
// with their reserve, DNS, logs and the admin side.
constexpr std::uint64_t kReservedDescriptors = 64;

std::string random_prefix() {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::random_device device;
  std::string prefix;
  for (int i = 0; i < 6; ++i) prefix += kDigits[device() % 16];
  return prefix + "-";
}

unsigned worker_count(std::uint32_t configured) {
  return configured != 0 ? configured : std::max(1U, std::thread::hardware_concurrency());
}

base::Error in_words(base::Error error, std::string_view of_what) {
  error.detail = std::string(of_what) + error.detail;
  return error;
}

}  // namespace

std::uint32_t sessions_by_descriptors(unsigned workers) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const std::uint64_t reserve =
      kReservedDescriptors + (2ULL * kMaxPipes + kMaxSpareAttempts) * workers;
  const std::uint64_t usable =
      limit.rlim_cur - std::min<std::uint64_t>(reserve, limit.rlim_cur / 2);
  return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(usable / 2, 1, 1'000'000));
}

base::Result<std::unique_ptr<Server>> Server::start(const config::Config& config,
                                                    Observatory& observatory,
                                                    net::InheritedSockets inherited) {
  std::unique_ptr<Server> server(new Server(observatory, std::move(inherited)));
  server->config_ = config;
  server->current_ = config;
  server->shared_.id_prefix = random_prefix();
  server->shared_.max_sessions = config.limits.sessions != 0
                                     ? config.limits.sessions
                                     : sessions_by_descriptors(worker_count(config.workers));
  for (const auto step : {&Server::make_tls, &Server::open_log, &Server::start_workers,
                          &Server::start_admin, &Server::start_probes}) {
    const base::Result<void> done = (server.get()->*step)();
    if (!done) return base::fail(done.error());
  }
  server->sockets_.close_rest();
  server->note_running(config);
  // Now the ports of admin and probes are known for sure: sessions must not reach them.
  const RuntimePtr runtime = server->make_runtime(server->config_);
  for (auto& worker : server->workers_) {
    worker->apply(runtime);
    worker->start();
  }
  return server;
}

Server::~Server() { stop(); }

base::Result<void> Server::make_tls() {
  auto tls = TlsRuntime::make(config_.tls, base::wall_now());
  if (!tls) return base::fail(tls.error());
  use_tls(std::move(*tls));
  return {};
}

void Server::use_tls(std::shared_ptr<const TlsRuntime> tls) {
  tls_ = std::move(tls);
  tls_complaint_.clear();
  for (const std::string& warning : tls_->warnings) base::log_warn(warning);
}

// Returns once the workers have it, so that what is said of requests from now on is true;
// a worker that is busy for a second is not waited for.
void Server::apply_current() {
  const RuntimePtr runtime = make_runtime(current_);
  for (auto& worker : workers_) worker->apply(runtime);
  (void)collect<bool>(workers_, [](Worker&) { return true; });
}

void Server::refresh_tls() {
  if (!tls_->is_stale(current_.tls, base::wall_now())) return;
  auto tls = TlsRuntime::make(current_.tls, base::wall_now());
  if (!tls) {
    if (tls.error().detail == tls_complaint_) return;
    tls_complaint_ = tls.error().detail;
    base::log_error("the files of tls.* changed, but are of no use: " + tls_complaint_ +
                    "; what runs is kept");
    return;
  }
  use_tls(std::move(*tls));
  apply_current();
  base::log_info("read the files of tls.* again; connections accepted from now on use them");
}

base::Result<void> Server::open_log() {
  if (config_.access_log.path.empty()) return {};
  auto log = base::RecordLog::open(config_.access_log.path, config_.access_log.queue_lines);
  if (!log) return base::fail(log.error());
  shared_.access_log = std::move(*log);
  return {};
}

base::Result<void> Server::start_workers() {
  const unsigned count = worker_count(config_.workers);
  std::vector<std::vector<Worker::Door>> doors(count);
  const auto open = [&](const config::Listener& listener, Entry entry) -> base::Result<void> {
    const auto role = entry == Entry::kTls ? ListenerRole::kTls : ListenerRole::kPlain;
    auto sockets =
        sockets_.open(listener.endpoint, role, count, stack_of(listener.endpoint, config_));
    if (!sockets) return base::fail(sockets.error());
    listening_.push_back(sockets->front().endpoint());
    std::size_t next = 0;
    for (auto& socket : *sockets) doors[next++ % count].push_back({std::move(socket), entry});
    return {};
  };
  for (const config::Listener& listener : config_.listen) {
    base::Result<void> opened = open(listener, Entry::kPlain);
    if (!opened) return opened;
  }
  for (const config::Listener& listener : config_.tls.listen) {
    base::Result<void> opened = open(listener, Entry::kTls);
    if (!opened) return opened;
  }
  const RuntimePtr runtime = make_runtime(config_);
  for (unsigned index = 0; index < count; ++index) {
    auto worker = Worker::create(index, shared_, runtime, std::move(doors[index]));
    if (!worker) return base::fail(worker.error());
    workers_.push_back(std::move(*worker));
  }
  start_observatory();  // before the admin side shows what it sees
  return {};
}

base::Result<net::ListeningSocket> Server::open_one(const base::Endpoint& endpoint,
                                                    ListenerRole role) {
  auto sockets = sockets_.open(endpoint, role, 1, net::ListeningSocket::Stack::kDual);
  if (!sockets) return base::fail(sockets.error());
  return std::move(sockets->front());
}

base::Result<void> Server::start_admin() {
  if (!config_.admin.listen) return {};
  admin::Sources sources;
  sources.ready = [this] { return !draining_.load(std::memory_order_relaxed); };
  sources.running = [this] { return running(); };
  sources.metrics = [this] { return metrics_text(); };
  sources.sessions = [this] { return sessions_json(); };
  sources.misroutes = [this] { return observatory_.misroutes_json(); };
  sources.inspection = [this] { return shared_.found.to_json(base::steady_now(), kMaxShownRows); };
  auto socket = open_one(*config_.admin.listen, ListenerRole::kAdmin);
  if (!socket) return base::fail(in_words(socket.error(), "the admin endpoint (admin.listen): "));
  auto admin = admin::Server::start(*config_.admin.listen, config_.admin.token, std::move(sources),
                                    std::move(*socket));
  if (!admin) return base::fail(admin.error());
  admin_ = std::move(*admin);
  return {};
}

base::Result<void> Server::start_probes() {
  if (!config_.admin.probes) return {};
  auto socket = open_one(*config_.admin.probes, ListenerRole::kProbes);
  if (!socket) {
    return base::fail(in_words(socket.error(), "the endpoint for probes (admin.probes): "));
  }
  auto probes = admin::Probes::start(
      *config_.admin.probes, [this] { return !draining_.load(std::memory_order_relaxed); },
      std::move(*socket));
  if (!probes) return base::fail(probes.error());
  probes_ = std::move(*probes);
  return {};
}

RuntimePtr Server::make_runtime(const config::Config& config) const {
  std::vector<base::Endpoint> own = listening_;
  for (const base::Endpoint* each : {admin_endpoint(), probes_endpoint()}) {
    if (each != nullptr) own.push_back(*each);
  }
  return std::make_shared<const Runtime>(config, tls_, std::move(own), local_addresses(),
                                         observatory_.observer(config), generation_);
}

const base::Endpoint* Server::admin_endpoint() const {
  return admin_ == nullptr ? nullptr : &admin_->endpoint();
}

const base::Endpoint* Server::probes_endpoint() const {
  return probes_ == nullptr ? nullptr : &probes_->endpoint();
}

base::Result<std::vector<std::string>> Server::reload(const config::Config& config) {
  config::Config effective = config;
  effective.tls.listen = config_.tls.listen;  // those listeners stay, and need what they show
  auto tls = TlsRuntime::make(effective.tls, base::wall_now());
  if (!tls) return base::fail(tls.error());
  use_tls(std::move(*tls));
  current_ = std::move(effective);
  generation_ = new_generation();
  std::vector<std::string> ignored;
  if (config.workers != config_.workers) ignored.emplace_back("workers");
  if (config.listen != config_.listen) ignored.emplace_back("listen");
  if (config.tls.listen != config_.tls.listen) ignored.emplace_back("tls.listen");
  if (config.admin != config_.admin) ignored.emplace_back("admin");
  if (config.access_log.path != config_.access_log.path) ignored.emplace_back("access_log.path");
  if (config.access_log.queue_lines != config_.access_log.queue_lines) {
    ignored.emplace_back("access_log.queue_lines");
  }
  if (config.limits.sessions != config_.limits.sessions) ignored.emplace_back("limits.sessions");
  if (config.learn != config_.learn) ignored.emplace_back("learn");
  apply_current();
  note_running(config);
  reloads_ok_.fetch_add(1, std::memory_order_relaxed);
  return ignored;
}

// What a restart alone changes is said as it was started.
void Server::note_running(config::Config config) {
  config.listen = config_.listen;
  config.tls.listen = config_.tls.listen;
  std::size_t index = 0;  // with the ports that were bound
  for (auto* listeners : {&config.listen, &config.tls.listen}) {
    for (config::Listener& each : *listeners) each.endpoint = listening_.at(index++);
  }
  running_.store(std::make_shared<const std::string>(config.read_from + ": " + summary(config)));
}

std::string Server::running() const {
  const auto text = running_.load();
  return text == nullptr ? "starting" : *text;
}

void Server::start_observatory() {
  observatory_.start(workers_.size(), [this](const std::function<void(unsigned)>& look) {
    for (auto& worker : workers_) {
      worker->visit([look](Worker& visited) { look(visited.index()); });
    }
    return workers_.size();
  });
}

void Server::reopen_logs() {
  if (shared_.access_log != nullptr) shared_.access_log->reopen();
}

void Server::settle(std::chrono::milliseconds limit) {
  constexpr std::chrono::milliseconds kLook{5};
  const base::Instant until = base::steady_now() + limit;
  while (sessions() > 0 && base::steady_now() < until) std::this_thread::sleep_for(kLook);
  if (shared_.access_log != nullptr) shared_.access_log->flush();
}

void Server::drain() {
  draining_.store(true, std::memory_order_relaxed);
  for (auto& worker : workers_) worker->drain();
}

void Server::stop() {
  if (std::exchange(life_, Life::kStopped) == Life::kStopped) return;
  draining_.store(true, std::memory_order_relaxed);
  probes_.reset();
  admin_.reset();  // its thread looks at the workers, and so do the observatory's
  observatory_.stop();
  for (auto& worker : workers_) worker->stop();
  for (auto& worker : workers_) worker->join();
  observatory_.finish();
  workers_.clear();
}

}  // namespace proxy
