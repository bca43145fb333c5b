// One thread with its loop, listeners, resolver, pools and sessions.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/intrusive.h"
#include "base/log.h"
#include "net/direction.h"
#include "net/dns/resolver.h"
#include "net/listener.h"
#include "net/loop.h"
#include "proxy/admin/metrics.h"
#include "proxy/admission.h"
#include "proxy/arrivals.h"
#include "proxy/h2/holdings.h"
#include "proxy/inspect/found.h"
#include "proxy/ledger.h"
#include "proxy/neighbours.h"
#include "proxy/origin_pool.h"
#include "proxy/runtime.h"
#include "proxy/session.h"
#include "proxy/throttle.h"
#include "tls/leaf_cache.h"
#include "tls/session_cache.h"

namespace proxy {

// Pipes of one worker's relays, two descriptors each; relays that get none copy.
inline constexpr std::uint32_t kMaxPipes = 64;

// Attempts to dial that one worker's sessions have under way beside the first of each.
inline constexpr std::uint32_t kMaxSpareAttempts = 32;

// TLS sessions with origins that a worker remembers, of 2 to 8 KiB each.
inline constexpr size_t kMaxTlsSessions = 1024;

// What all workers share. Outlives them.
struct Shared {
  std::string id_prefix;  // random per process; request ids begin with it
  std::uint32_t max_sessions = 0;
  Admission admission;
  Throttle crowd_warnings{Throttle::Lines{}};
  Throttle rejection_warnings{Throttle::Lines{}};
  inspect::Found found;
  // Null when the access log is off. Replaced only while no worker runs.
  std::unique_ptr<base::RecordLog> access_log;
};

class Worker final {
 public:
  // A place where clients come in.
  struct Door {
    net::ListeningSocket socket;
    Session::Entry entry;
  };
  // Fails (proxy) when the resolver cannot be set up.
  static base::Result<std::unique_ptr<Worker>> create(unsigned index, Shared& shared,
                                                      RuntimePtr runtime, std::vector<Door> doors);
  ~Worker();

  // These are for other threads.
  void start();
  void apply(RuntimePtr runtime);  // for requests from now on
  void drain();                    // stops accepting, ends idle connections
  void stop();                     // ends everything; the thread finishes
  void join();
  // Runs `visitor` on the worker's thread, soon; dropped when the worker stops before.
  void visit(std::function<void(Worker&)> visitor);

  const admin::Metrics& metrics() const { return metrics_; }

  // These are for the worker's own sessions and for visitors.
  std::vector<Session::Snapshot> snapshots();
  unsigned index() const { return index_; }
  const RuntimePtr& present() const { return runtime_; }
  net::Loop& loop() { return loop_; }
  net::RelayBuffers& relay_buffers() { return relay_buffers_; }
  Neighbours& neighbours() { return neighbours_; }
  net::Pot& spare_attempts() { return spare_attempts_; }
  OriginPool& origins() { return origins_; }
  h2::Holdings& holdings() { return holdings_; }
  std::shared_ptr<net::dns::Resolver> resolver() { return resolver_; }
  // Null without an inspection CA.
  tls::LeafCache* leaves() { return leaves_ ? &*leaves_ : nullptr; }
  // Sessions with origins, to be resumed.
  tls::SessionCache& tls_sessions() { return tls_sessions_; }
  admin::Metrics& counters() { return metrics_; }
  Ledger& ledger() { return ledger_; }
  Shared& shared() { return shared_; }
  bool draining() const { return life_ != Life::kServing; }
  // The time for Date fields, made once a second. Valid until the next call.
  std::string_view http_date();
  // Counts a stream of that client's that takes a connection of its own like a session, or says why
  // it is not served.
  base::Result<Place> enter_stream(Account& account, const Session& outer);
  struct Refusal {
    policy::Decision decision;
    base::ErrorCode code;
  };
  // A session that was counted in turns out to be another client's, or says why that one may not
  // have it. It is counted there in either case.
  std::optional<Refusal> rename(const base::IpAddress& client, const std::string& from,
                                const std::string& to);
  // The session has been counted in, and is counted out when it is over.
  Session& own(std::unique_ptr<Session> session);
  // The session has ended; it is destroyed once its own code is off the stack.
  void session_over(Session& session);

 private:
  Worker(unsigned index, Shared& shared, RuntimePtr runtime);

  // Accepts at one door.
  struct Porter final : net::Listener::Handler {
    Porter(Worker& owner, Session::Entry into) : worker(owner), entry(into) {}
    void on_accept(int fd, const base::Endpoint& client) override {
      worker.on_accept(fd, client, entry);
    }
    void on_accept_pause() override;
    std::string_view last_words() const override;
    Worker& worker;
    Session::Entry entry;
  };

  void on_accept(int fd, const base::Endpoint& peer, Session::Entry entry);
  // The client is known; the connection becomes a session, or is refused.
  void enter(std::unique_ptr<net::Socket> socket, const base::Endpoint& client,
             Session::Entry entry);
  void make_leaves();
  void destroy(Session* session);
  std::optional<Refusal> admit(const base::IpAddress& client, const std::string& key,
                               const Admission::Limits& limits);
  std::optional<Refusal> judge_entry(const base::IpAddress& client, const Admission::Entry& entry);
  Admission::Limits admission_limits() const;
  base::Result<void> make_resolver();

  unsigned index_;
  Shared& shared_;
  RuntimePtr runtime_;
  admin::Metrics metrics_;
  Ledger ledger_;
  net::Loop loop_;
  Neighbours neighbours_;
  net::Pot spare_attempts_{kMaxSpareAttempts};
  net::RelayBuffers relay_buffers_;
  tls::SessionCache tls_sessions_{kMaxTlsSessions};
  OriginPool origins_;
  h2::Holdings holdings_{loop_};
  std::shared_ptr<net::dns::Resolver> resolver_;
  std::optional<tls::LeafCache> leaves_;
  Porter plain_{*this, Session::Entry::kPlain};
  Porter secure_{*this, Session::Entry::kTls};
  std::vector<std::unique_ptr<net::Listener>> listeners_;
  Arrivals arrivals_{loop_, metrics_.proxy_header_failures};
  base::IntrusiveList<Session> sessions_;
  std::string date_;
  std::int64_t date_second_ = -1;
  std::uint32_t refusing_ = 0;  // sessions that only say why they are refused
  enum class Life : std::uint8_t { kServing, kDraining, kStopped } life_ = Life::kServing;
  std::thread thread_;
};

}  // namespace proxy
