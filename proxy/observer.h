// What looks on at requests without changing what becomes of them. Whoever starts the server may
// bring observers; these see nothing.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/ip.h"
#include "base/text_format.h"
#include "config/schema.h"
#include "http/target.h"
#include "proxy/access_record.h"
#include "proxy/policy/engine.h"

namespace proxy {

// A request on which the verdict is settled. Refers to the session's; outlives the call.
struct Sighting {
  const AccessRecord& record;
  const http::Authority& target;
  policy::Kind kind;
  std::span<const base::IpAddress> addresses;  // of the target, as far as they are known
  std::string user_agent;                      // as received, cut to Observer::kMaxUserAgent
};

// Looks on under one configuration; called on the workers' threads.
class Observer {
 public:
  static constexpr std::size_t kMaxUserAgent = 128;

  Observer() = default;
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;
  virtual ~Observer() = default;

  // Where it does not watch, nothing is kept for it.
  virtual bool watches() const { return false; }
  // Returns what the record says of a misroute ("listed:10.0.0.0/16"), "" for nothing. `worker` is
  // the number of the worker whose thread calls.
  virtual std::string see(unsigned /*worker*/, const Sighting& /*sighting*/) const { return {}; }
};

// Makes observers, and shows what they saw. Outlives the server.
class Observatory {
 public:
  // Calls a function on each worker's thread, with the worker's number, soon; returns how many
  // workers there are. What a worker that stops before has not called is dropped.
  using Visit = std::function<std::size_t(const std::function<void(unsigned)>&)>;

  Observatory() = default;
  Observatory(const Observatory&) = delete;
  Observatory& operator=(const Observatory&) = delete;
  virtual ~Observatory() = default;

  // The observer of sessions that follow `config`, which may outlive the server by a moment.
  virtual std::shared_ptr<const Observer> observer(const config::Config& /*config*/) {
    return std::make_shared<const Observer>();
  }
  // That many workers are about to run. `visit` may be called until `stop` returns, from any
  // thread. Where the server can't start, `stop` and `finish` come without `start`.
  virtual void start(std::size_t /*workers*/, const Visit& /*visit*/) {}
  virtual void stop() {}
  // Another process is about to read what was noticed. May take a while.
  virtual void write_down() {}
  // Another process notices from now on: nothing is written any more.
  virtual void retire() {}
  // No worker runs any more.
  virtual void finish() {}

  // The rest is for the admin side's thread. Families of /metrics:
  virtual void write_metrics(base::TextFormat& /*out*/) const {}
  // /misroutes
  virtual std::string misroutes_json() { return "{}\n"; }
};

}  // namespace proxy
