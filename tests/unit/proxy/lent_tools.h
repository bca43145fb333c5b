// What a worker lends, on one loop of the test's own, with a name server that nobody asks.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "proxy/service.h"
#include "proxy/tools.h"
#include "tests/unit/net/on_loop.h"

namespace proxy::test {

// Lets in as many as it is told.
class Doorkeeper final : public proxy::Doorkeeper {
 public:
  base::Result<Place> enter_stream(Account& account, const base::IpAddress& /*client*/,
                                   const std::string& key) override {
    ++asked;
    if (asked <= places) {
      admission.enter(key, {1000, 1000}, {});
      return Place(admission, key);
    }
    account.next_step = "close some";
    return base::fail(base::ErrorCode::kTooManyPerClient, base::Party::kProxy, "too many");
  }
  std::optional<base::Error> rename(const base::IpAddress& /*client*/, const std::string& /*from*/,
                                    const std::string& /*to*/) override {
    return std::nullopt;
  }
  std::uint32_t places = 1000;
  std::uint32_t asked = 0;
  Admission admission;
};

// Writes down what it sees: verdict and target.
class Observer final : public proxy::Observer {
 public:
  bool watches() const override { return true; }
  std::string see(unsigned /*worker*/, const Sighting& sighting) const override {
    seen.push_back(std::string(policy::token_of(sighting.record.verdict)) + " " +
                   sighting.target.to_string());
    return {};
  }
  mutable std::vector<std::string> seen;
};

// Of a client that comes from 192.0.2.7.
class LentTools {
 public:
  explicit LentTools(
      const config::Config& config, std::vector<net::dns::Override> hosts = {},
      const std::shared_ptr<const TlsRuntime>& tls = std::make_shared<const TlsRuntime>())
      : resolver(make_resolver(loop, std::move(hosts))),
        caller{std::make_shared<const Runtime>(config, tls, std::vector<base::Endpoint>(),
                                               std::vector<base::IpAddress>(), observer),
               *base::Endpoint::parse("192.0.2.7:50000"),
               {},
               base::steady_now(),
               nullptr} {
    caller.admitted_by = present = caller.runtime;
    if (tls->issuer != nullptr) leaves.emplace(tls->issuer);
  }

  ~LentTools() { ::unlink(log_path.c_str()); }

  // The records written so far, as JSON.
  std::vector<nlohmann::json> records() {
    log->flush();
    std::vector<nlohmann::json> all;
    std::ifstream file(log_path);
    for (std::string line; std::getline(file, line);) all.push_back(nlohmann::json::parse(line));
    return all;
  }

  net::Loop loop;
  admin::Metrics metrics;
  std::string log_path = testing::TempDir() + "lent_tools." + std::to_string(::getpid());
  std::unique_ptr<base::RecordLog> log = base::RecordLog::open(log_path, 100).value();
  Ledger ledger{metrics, "test-", log.get()};
  Doorkeeper doorkeeper;
  Neighbours neighbours;
  OriginPool origins{loop, metrics};
  h2::Holdings holdings{loop};
  net::RelayBuffers relay_buffers{loop, 64, 0};
  net::Pot spare_attempts{8};
  tls::SessionCache tls_sessions{8};
  inspect::Found found;
  HttpClock clock;
  std::shared_ptr<net::dns::Resolver> resolver;
  std::optional<tls::LeafCache> leaves;
  Throttle rejection_warnings{Throttle::Lines{}};
  RuntimePtr present;  // null until there is a caller
  Tools tools{loop,
              metrics,
              ledger,
              doorkeeper,
              neighbours,
              origins,
              holdings,
              relay_buffers,
              spare_attempts,
              tls_sessions,
              found,
              doorkeeper.admission,
              rejection_warnings,
              clock,
              0,
              present,
              resolver,
              leaves};
  std::shared_ptr<Observer> observer = std::make_shared<Observer>();
  Caller caller;  // made with the observer
  Neighbours::Seat seat = neighbours.seat(client_key(caller.endpoint.address, {}));
  OriginStock stock{caller, tools};
  Service service{caller, seat, tools, stock};

 private:
  static std::shared_ptr<net::dns::Resolver> make_resolver(net::Loop& loop,
                                                           std::vector<net::dns::Override> hosts) {
    net::dns::Options options;
    options.servers = {*base::Endpoint::parse("127.0.0.1:9")};
    options.hosts = std::move(hosts);
    return net::dns::Resolver::create(loop, options).value();
  }
};

}  // namespace proxy::test
