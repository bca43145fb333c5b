// What is kept of one exchange, from its first octet to its log record. A ledger opens it; closing
// it writes the record, once. An account that is destroyed open was given up, and its record says
// so: no exchange goes unrecorded.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/ip.h"
#include "config/schema.h"
#include "proxy/access_record.h"

namespace proxy {

class Ledger;
struct Runtime;

class Account {
 public:
  Account() = default;  // closed
  Account(Account&& other) noexcept;
  // What this was is closed first, as by the destructor.
  Account& operator=(Account&& other) noexcept;
  ~Account();

  bool is_open() const { return ledger_ != nullptr; }
  // Writes and counts the record, which can be read still; the error says whose fault it was that
  // the exchange did not end well. No effect on a closed account.
  void close(std::optional<base::Error> error);
  // A wait that timeouts.total ended looks like the one it interrupted: names the former.
  base::Error blame(base::Error error) const;

  AccessRecord record;
  std::string next_step;  // for the reply to a denied request
  // Of an allowed CONNECT, as policy::Decision has them.
  config::Connect connect = config::Connect::kTunnel;
  std::string_view inspect_for;
  // Of an allowed request, as policy::Decision has them; null for none.
  const std::vector<std::string>* upgrades = nullptr;
  // The configuration by which it was judged last.
  std::shared_ptr<const Runtime> judged_by;
  // Of a request that is forwarded, for rules that judge it; in its target, which outlives the
  // exchange.
  std::string_view path_and_query;
  // The address for which policy judged it last, of a request in an inspected connection.
  std::optional<base::IpAddress> judged_for;
  // Of a CONNECT that got its 200 only to be refused inside TLS (tls.refusals).
  std::optional<base::Error> refusal;

  // What `observe` will need of a head that is gone by then; null where nothing watches.
  struct Watched {
    std::string user_agent;
  };
  std::unique_ptr<Watched> watched;

 private:
  friend class Ledger;

  Ledger* ledger_ = nullptr;  // while it is open
  base::Instant began_;
  base::Instant until_;  // timeouts.total
  config::LogFormat format_ = config::LogFormat::kJson;
};

}  // namespace proxy
