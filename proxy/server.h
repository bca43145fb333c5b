// The whole proxy: workers, their listeners, the admin server, and the changes of life that signals
// ask for. Used by `sluice run` and, on ephemeral ports, by the simulation.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/ip.h"
#include "base/result.h"
#include "config/schema.h"
#include "proxy/admin/probes.h"
#include "proxy/admin/server.h"
#include "proxy/listening.h"
#include "proxy/observer.h"
#include "proxy/worker.h"

namespace proxy {

// Of each table that the admin side shows.
inline constexpr std::size_t kMaxShownRows = 1000;

class Server {
 public:
  // Binds everything and starts the workers, whose requests `observatory` gets to see; it outlives
  // the server. Where a socket was handed over it is listened on instead of one opened here. Fails
  // (proxy) with a sentence that names the address or file that is in the way; nothing keeps
  // running then.
  static base::Result<std::unique_ptr<Server>> start(const config::Config& config,
                                                     Observatory& observatory,
                                                     net::InheritedSockets inherited = {});
  // Stops at once if still running.
  ~Server();

  // Addresses with the ports actually bound: those of config.listen, then those of
  // config.tls.listen.
  const std::vector<base::Endpoint>& listening() const { return listening_; }
  // nullptr when the admin side is off.
  const base::Endpoint* admin_endpoint() const;
  // nullptr when there is no listener for probes.
  const base::Endpoint* probes_endpoint() const;
  std::uint32_t max_sessions() const { return shared_.max_sessions; }
  size_t workers() const { return workers_.size(); }
  // Which configuration new sessions follow, in one line. May be called from any thread.
  std::string running() const;

  // New sessions follow `config`; running ones keep what they have. Returns the keys whose change
  // needs a restart and is ignored until then.
  // Fails, and changes nothing, when a file that it names is of no use.
  base::Result<std::vector<std::string>> reload(const config::Config& config);
  // Reads the files that tls.* names again if one has changed, and changes the leaves' key once a
  // day. To be called every few seconds; what is wrong with a file is logged, and the old kept.
  void refresh_tls();
  void count_failed_reload() { reloads_failed_.fetch_add(1, std::memory_order_relaxed); }
  void reopen_logs();
  // Waits until no session is open, at most `limit`, and until their records are in the log.
  void settle(std::chrono::milliseconds limit);

  // Writes down what a process that takes over reads. Returns the listening sockets, from which it
  // shall accept too; good until `retire`, `drain` or `stop`.
  const std::vector<net::HandedSocket>& prepare_handover();
  // Accepts nobody any more, since another process does. Connections that are there end after their
  // next exchange, or by the limits of idle ones; tunnels when they end.
  void retire();
  // Whether, after that, nobody is there any more.
  bool has_retired();
  // Whether every worker answers within a second.
  bool responds();

  // Stops accepting and ends idle connections; busy ones end after their exchange.
  void drain();
  // Connections still open.
  std::uint32_t sessions() const { return shared_.admission.total(); }
  // Ends everything and joins the workers. Records are on their way to the log.
  void stop();

 private:
  Server(Observatory& observatory, net::InheritedSockets inherited)
      : observatory_(observatory), sockets_(std::move(inherited)) {}

  base::Result<void> open_log();
  base::Result<void> start_workers();
  base::Result<net::ListeningSocket> open_one(const base::Endpoint& endpoint, ListenerRole role);
  base::Result<void> start_admin();
  base::Result<void> start_probes();
  void start_observatory();
  base::Result<void> make_tls();
  void use_tls(std::shared_ptr<const TlsRuntime> tls);
  void apply_current();
  void note_running(config::Config config);
  RuntimePtr make_runtime(const config::Config& config) const;
  std::string metrics_text() const;
  std::string sessions_json();

  Observatory& observatory_;
  config::Config config_;                     // as started
  config::Config current_;                    // as last reloaded
  Generation generation_ = new_generation();  // of `current_`
  Shared shared_;
  Listening sockets_;
  std::vector<base::Endpoint> listening_;
  std::atomic<std::shared_ptr<const std::string>> running_;
  std::shared_ptr<const TlsRuntime> tls_;
  std::string tls_complaint_;  // logged already
  std::vector<std::unique_ptr<Worker>> workers_;
  std::unique_ptr<admin::Server> admin_;
  std::unique_ptr<admin::Probes> probes_;
  std::atomic<bool> draining_{false};
  enum class Life : std::uint8_t { kRunning, kStopped } life_ = Life::kRunning;
  std::atomic<std::uint64_t> reloads_ok_{0};
  std::atomic<std::uint64_t> reloads_failed_{0};
};

// Sessions that the process's descriptor limit has room for: two descriptors each, with a reserve.
std::uint32_t sessions_by_descriptors(unsigned workers);

}  // namespace proxy
