// Misrouted requests by who sent them and why they should not have come: each worker has a table,
// the admin side shows their sum.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "aks/misroute.h"
#include "base/clock.h"
#include "base/ip.h"

namespace watch {

struct MisrouteRow {
  struct Key {
    base::IpAddress client;
    std::string user_agent;  // as received, cut to kMaxUserAgent
    aks::Misroute misroute;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  Key key;
  std::uint64_t count = 0;
  base::WallTime first;
  base::WallTime last;
  std::string host;  // of the last destination
  std::uint16_t port = 0;
};

class MisrouteTable {
 public:
  static constexpr std::size_t kMaxUserAgent = 128;

  // Counts a request. With `limit` rows held, the client that has most of them loses the one that
  // was seen least recently: a client that calls itself by a thousand names pushes out its own.
  void note(MisrouteRow::Key key, std::string_view host, std::uint16_t port, base::WallTime now,
            std::size_t limit);

  // Most recent first.
  std::vector<MisrouteRow> rows() const { return {rows_.begin(), rows_.end()}; }
  std::uint64_t evicted() const { return evicted_; }

 private:
  using Rows = std::list<MisrouteRow>;
  void forget_one();

  Rows rows_;
  std::map<MisrouteRow::Key, Rows::iterator> index_;
  std::map<base::IpAddress, std::size_t> rows_of_;  // how many each client has, none 0
  std::uint64_t evicted_ = 0;
};

// What /misroutes says of the rows of all workers: a JSON object, rows with the same key summed,
// the highest counts first, at most `limit` of them.
std::string misroutes_json(const std::vector<std::string>& no_proxy, std::vector<MisrouteRow> rows,
                           std::uint64_t evicted, std::size_t limit);

}  // namespace watch
