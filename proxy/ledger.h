// Opens the accounts of a worker's exchanges and closes them: the one place where records are
// written and counted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "proxy/account.h"
#include "proxy/admin/metrics.h"
#include "proxy/caller.h"

namespace proxy {

class Ledger {
 public:
  // Request ids begin with `id_prefix`. `log` is null when the access log is off. What is referred
  // to outlives the ledger, and the ledger its accounts.
  Ledger(admin::Metrics& metrics, std::string id_prefix, base::RecordLog* log)
      : metrics_(metrics), id_prefix_(std::move(id_prefix)), log_(log) {}
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  // An exchange begins. `ordinal` is its number on the client's connection, from 1.
  Account open(const Caller& caller, std::uint32_t ordinal);

 private:
  friend class Account;

  void close(Account& account, std::optional<base::Error> error);
  static void give_up(Account& account);
  std::string next_id();

  admin::Metrics& metrics_;
  std::string id_prefix_;
  base::RecordLog* log_;
  std::uint64_t ids_ = 0;
};

}  // namespace proxy
