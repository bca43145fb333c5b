#include "proxy/account.h"

#include "proxy/ledger.h"

namespace proxy {

Account::Account(Account&& other) noexcept { *this = std::move(other); }

Account& Account::operator=(Account&& other) noexcept {
  if (this == &other) return *this;
  if (is_open()) Ledger::give_up(*this);
  record = std::move(other.record);
  next_step = std::move(other.next_step);
  connect = other.connect;
  inspect_for = other.inspect_for;
  judged_by = std::move(other.judged_by);
  path_and_query = other.path_and_query;
  judged_for = other.judged_for;
  refusal = std::move(other.refusal);
  watched = std::move(other.watched);
  ledger_ = std::exchange(other.ledger_, nullptr);
  began_ = other.began_;
  until_ = other.until_;
  format_ = other.format_;
  return *this;
}

Account::~Account() {
  if (is_open()) Ledger::give_up(*this);
}

void Account::close(std::optional<base::Error> error) {
  if (Ledger* ledger = std::exchange(ledger_, nullptr)) ledger->close(*this, std::move(error));
}

base::Error Account::blame(base::Error error) const {
  const bool waited = error.code == base::ErrorCode::kIdleTimeout ||
                      error.code == base::ErrorCode::kClientTimeout ||
                      error.code == base::ErrorCode::kOriginTimeout;
  if (!waited || base::steady_now() < until_) return error;
  return {base::ErrorCode::kTotalTimeout, base::Party::kProxy, error.cause,
          "the connection reached its total time (timeouts.total)"};
}

}  // namespace proxy
