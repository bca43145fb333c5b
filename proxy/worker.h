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
#include "proxy/http_clock.h"
#include "proxy/inspect/found.h"
#include "proxy/ledger.h"
#include "proxy/neighbours.h"
#include "proxy/origin_pool.h"
#include "proxy/runtime.h"
#include "proxy/session.h"
#include "proxy/throttle.h"
#include "proxy/tools.h"
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

class Worker final : private Doorkeeper, private SessionHome {
 public:
  // A place where clients come in.
  struct Door {
    net::ListeningSocket socket;
    Entry entry;
  };
  // Fails (proxy) when the resolver cannot be set up.
  static base::Result<std::unique_ptr<Worker>> create(unsigned index, Shared& shared,
                                                      RuntimePtr runtime, std::vector<Door> doors);
  ~Worker();

  // These are for other threads.
  void start();
  // For requests from now on. Of another generation than the present one: names are looked up anew,
  // by what resolv.conf says now, and no idle connection is kept.
  void apply(RuntimePtr runtime);
  void drain();   // stops accepting, ends idle connections
  void retire();  // stops accepting; connections end by themselves
  void stop();    // ends everything; the thread finishes
  void join();
  // Runs `visitor` on the worker's thread, soon; dropped when the worker stops before.
  void visit(std::function<void(Worker&)> visitor);

  const admin::Metrics& metrics() const { return metrics_; }

  // These are for visitors.
  std::vector<Shown> rows();
  unsigned index() const { return index_; }
  // Whether it accepts nobody any more, and nobody is there.
  bool has_retired() const {
    return life_ != Life::kServing && sessions_.empty() && arrivals_.empty();
  }

 private:
  Worker(unsigned index, Shared& shared, RuntimePtr runtime);

  // Accepts at one door.
  struct Porter final : net::Listener::Handler {
    Porter(Worker& owner, Entry into) : worker(owner), entry(into) {}
    void on_accept(int fd, const base::Endpoint& client) override {
      worker.on_accept(fd, client, entry);
    }
    void on_accept_pause() override;
    std::string_view last_words() const override;
    Worker& worker;
    Entry entry;
  };

  void on_accept(int fd, const base::Endpoint& peer, Entry entry);
  // The client is known; the connection becomes a session, or is refused.
  void enter(std::unique_ptr<net::Socket> socket, const base::Endpoint& client, Entry entry);
  base::Result<Place> enter_stream(Account& account, const base::IpAddress& client,
                                   const std::string& key) override;
  std::optional<base::Error> rename(const base::IpAddress& client, const std::string& from,
                                    const std::string& to) override;
  Session& own(std::unique_ptr<Session> session) override;
  void session_over(Session& session) override;
  void make_leaves();
  void destroy(Session* session);
  struct Refusal {
    policy::Decision decision;
    base::ErrorCode code;
  };
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
  HttpClock clock_;
  Tools tools_;
  Porter plain_{*this, Entry::kPlain};
  Porter secure_{*this, Entry::kTls};
  std::vector<std::unique_ptr<net::Listener>> listeners_;
  Arrivals arrivals_{loop_, metrics_.proxy_header_failures};
  base::IntrusiveList<Session> sessions_;
  std::uint32_t refusing_ = 0;  // sessions that only say why they are refused
  enum class Life : std::uint8_t { kServing, kRetired, kDraining, kStopped } life_ = Life::kServing;
  std::thread thread_;
};

}  // namespace proxy
