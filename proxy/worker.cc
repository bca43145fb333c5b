#include "proxy/worker.h"

#include <pthread.h>
#include <unistd.h>

#include <utility>

namespace proxy {
namespace {

// Relay buffers of one worker: 64 MiB.
constexpr std::uint32_t kMaxChunks = 4096;

// Connections over a limit are answered with a 503; this many of them at once, the rest just
// closed.
constexpr std::uint32_t kMaxRefusals = 64;

// To clients for whom there is no descriptor.
constexpr std::string_view kNoDescriptorsReply =
    "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\n"
    "Content-Type: text/plain; charset=utf-8\r\nContent-Length: 61\r\n\r\n"
    "The proxy has no file descriptors left; try again in a while\n";
// A fatal alert, internal_error (RFC 8446 §6.2).
constexpr std::string_view kNoDescriptorsAlert("\x15\x03\x01\x00\x02\x02\x50", 7);

net::dns::Options dns_options(const config::Dns& dns) {
  net::dns::Options options;
  options.servers = dns.servers;
  for (const config::HostOverride& host : dns.hosts)
    options.hosts.push_back({host.name, host.addresses});
  options.query_timeout = dns.query_timeout;
  options.min_ttl = dns.min_ttl;
  options.max_ttl = dns.max_ttl;
  options.negative_ttl = dns.negative_ttl;
  options.cache_entries = dns.cache_entries;
  options.max_queries = dns.max_queries;
  return options;
}

}  // namespace

base::Result<std::unique_ptr<Worker>> Worker::create(unsigned index, Shared& shared,
                                                     RuntimePtr runtime, std::vector<Door> doors) {
  std::unique_ptr<Worker> worker(new Worker(index, shared, std::move(runtime)));
  const base::Result<void> resolver = worker->make_resolver();
  if (!resolver) return base::fail(resolver.error());
  worker->make_leaves();
  for (Door& door : doors) {
    net::Listener::Handler& porter = door.entry == Entry::kTls ? worker->secure_ : worker->plain_;
    worker->listeners_.push_back(
        std::make_unique<net::Listener>(worker->loop_, std::move(door.socket), porter));
  }
  return worker;
}

Worker::Worker(unsigned index, Shared& shared, RuntimePtr runtime)
    : index_(index),
      shared_(shared),
      runtime_(std::move(runtime)),
      ledger_(metrics_, shared.id_prefix + std::to_string(index) + "-", shared.access_log.get()),
      relay_buffers_(loop_, kMaxChunks, kMaxPipes),
      origins_(loop_, metrics_),
      tools_{loop_,
             metrics_,
             ledger_,
             *this,
             neighbours_,
             origins_,
             holdings_,
             relay_buffers_,
             spare_attempts_,
             tls_sessions_,
             shared.found,
             shared.admission,
             shared.rejection_warnings,
             clock_,
             index,
             runtime_,
             resolver_,
             leaves_} {}

Worker::~Worker() {
  if (thread_.joinable()) {
    stop();
    join();
  }
  while (!sessions_.empty()) destroy(&sessions_.front());
}

base::Result<void> Worker::make_resolver() {
  auto resolver = net::dns::Resolver::create(loop_, dns_options(runtime_->config.dns));
  if (!resolver) return base::fail(resolver.error());
  resolver_ = std::move(*resolver);
  return {};
}

// What was minted stays, and is replaced as it is asked for when the authority changed. A cache of
// another size begins anew.
void Worker::make_leaves() {
  const TlsRuntime& tls = *runtime_->tls;
  if (tls.issuer == nullptr) return leaves_.reset();
  const size_t entries = runtime_->config.tls.leaf_entries;
  if (leaves_ && leaves_->capacity() == entries) return leaves_->use(tls.issuer);
  leaves_.emplace(tls.issuer, entries);
  std::vector<tls::PeerName> names;
  for (const std::string& name : runtime_->config.tls.warm) {
    auto parsed = tls::PeerName::parse(name);
    if (parsed) names.push_back(std::move(*parsed));
  }
  const size_t made = leaves_->warm(names, base::wall_now());
  if (made < names.size()) {
    base::log_warn("tls.warm: made certificates for " + std::to_string(made) + " of " +
                   std::to_string(names.size()) +
                   " names; the others are too many for tls.leaf_entries, or the CA's name "
                   "constraints exclude them");
  }
}

void Worker::start() {
  thread_ = std::thread([this] {
    const std::string name = "worker-" + std::to_string(index_);
    ::pthread_setname_np(::pthread_self(), name.c_str());
    loop_.run();
  });
}

void Worker::join() {
  if (thread_.joinable()) thread_.join();
}

void Worker::apply(RuntimePtr runtime) {
  loop_.post([this, runtime = std::move(runtime)] {
    const bool same = runtime_->generation == runtime->generation;
    runtime_ = runtime;
    make_leaves();
    if (same) return;
    // Pooled connections belong to the old snapshot and would only be found by its sessions.
    origins_.clear();
    const base::Result<void> resolver = make_resolver();
    if (!resolver) base::log_error("kept the old resolver: " + resolver.error().detail);
  });
}

void Worker::drain() {
  loop_.post([this] {
    if (life_ >= Life::kDraining) return;
    life_ = Life::kDraining;
    listeners_.clear();
    arrivals_.clear();
    origins_.close();
    sessions_.for_each([](Session& session) { session.drain(); });
  });
}

// Another process accepts from the same sockets.
void Worker::retire() {
  loop_.post([this] {
    if (life_ != Life::kServing) return;
    life_ = Life::kRetired;
    listeners_.clear();
    sessions_.for_each([](Session& session) { session.retire(); });
  });
}

void Worker::stop() {
  loop_.post([this] {
    life_ = Life::kStopped;
    listeners_.clear();
    arrivals_.clear();
    const base::Error why{base::ErrorCode::kCancelled, base::Party::kProxy, 0,
                          "the proxy is stopping"};
    // Those in streams first: the end of what carries them is not why they end.
    for (const bool in_streams : {true, false}) {
      sessions_.for_each([&](Session& session) {
        if ((session.entry() == Entry::kStream) == in_streams) session.stop(why);
      });
    }
    // Sessions that ended are destroyed by deferred work, which runs before this.
    loop_.defer([this] {
      origins_.clear();
      loop_.stop();
    });
  });
}

void Worker::visit(std::function<void(Worker&)> visitor) {
  loop_.post([this, visitor = std::move(visitor)] { visitor(*this); });
}

std::vector<Shown> Worker::rows() {
  std::vector<Shown> all;
  sessions_.for_each([&](Session& session) {
    for (Shown& row : session.rows()) all.push_back(std::move(row));
  });
  return all;
}

Session& Worker::own(std::unique_ptr<Session> session) {
  Session& owned = *session.release();  // until session_over
  sessions_.push_back(owned);
  if (life_ == Life::kRetired) owned.retire();
  return owned;
}

void Worker::on_accept(int fd, const base::Endpoint& peer, Entry entry) {
  admin::bump(metrics_.connections_accepted);
  auto socket = std::make_unique<net::Socket>(loop_, fd, base::Party::kClient);
  if (!runtime_->config.proxy_protocol.names(peer.address)) {
    return enter(std::move(socket), peer, entry);
  }
  arrivals_.add(std::move(socket), peer, loop_.now() + runtime_->config.timeouts.head,
                [this, entry](std::unique_ptr<net::Socket> arrived, const base::Endpoint& client) {
                  enter(std::move(arrived), client, entry);
                });
}

void Worker::enter(std::unique_ptr<net::Socket> socket, const base::Endpoint& client, Entry entry) {
  auto refusal = admit(client.address, client_key(client.address, {}), admission_limits());
  if (refusal) admin::bump(metrics_.connections_rejected);
  if (refusal && refusing_ >= kMaxRefusals) return;
  SessionHome& home = *this;
  Session& entered = own(std::make_unique<Session>(
      home, tools_, entry, Caller{runtime_, client, {}, base::steady_now(), runtime_},
      Connection(std::move(socket))));
  if (!refusal) {
    entered.start();
    return;
  }
  ++refusing_;
  entered.start_refusing(std::move(refusal->decision), refusal->code);
}

void Worker::Porter::on_accept_pause() { admin::bump(worker.metrics_.accept_pauses); }

std::string_view Worker::Porter::last_words() const {
  return entry == Entry::kTls ? kNoDescriptorsAlert : kNoDescriptorsReply;
}

void Worker::session_over(Session& session) {
  loop_.defer([this, ended = &session] { destroy(ended); });
}

void Worker::destroy(Session* session) {
  if (session->refused()) {
    --refusing_;
  } else {
    shared_.admission.leave(session->client_key());
  }
  delete session;
}

}  // namespace proxy
