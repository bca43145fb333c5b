#include "proxy/ledger.h"

#include <array>
#include <charconv>
#include <chrono>

namespace proxy {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;

// The index of a response class in Metrics::responses.
size_t class_of(int status) {
  return status < 100 || status > 599 ? 0 : static_cast<size_t>(status / 100);
}

admin::SessionKind kind_of(const AccessRecord& record) {
  if (record.method == "CONNECT") return admin::SessionKind::kTunnel;
  return record.method == "-" ? admin::SessionKind::kNone : admin::SessionKind::kForward;
}

void count(const AccessRecord& record, admin::Metrics& metrics) {
  admin::bump(metrics.requests[static_cast<size_t>(kind_of(record))]);
  admin::bump(metrics.responses[class_of(record.status)]);
  if (record.error) admin::bump(metrics.errors[static_cast<size_t>(record.error->code)]);
  record.lints.for_each(
      [&](http::Lint lint) { admin::bump(metrics.lints[static_cast<size_t>(lint)]); });
  if (record.verdict == policy::Verdict::kDeny) admin::bump(metrics.denied);
  if (record.verdict == policy::Verdict::kWouldDeny) admin::bump(metrics.would_deny);
  admin::bump(metrics.bytes_from_client, record.bytes_in);
  admin::bump(metrics.bytes_to_client, record.bytes_out);
  const auto first_byte = record.phases.first_byte.count();
  if (first_byte > 0) metrics.first_byte_time.observe(static_cast<std::uint64_t>(first_byte));
}

}  // namespace

Account Ledger::open(const Caller& caller, std::uint32_t ordinal) {
  const base::Instant now = base::steady_now();
  Account account;
  AccessRecord& record = account.record;
  record.time = base::wall_now();
  record.id = next_id();
  record.client = caller.endpoint;
  record.method = "-";
  record.target = "-";
  record.identity = caller.identity;
  record.exchange = ordinal;
  // Only a connection's first request has waited since accept.
  if (ordinal == 1) record.phases.queue = duration_cast<microseconds>(now - caller.accepted);
  account.ledger_ = this;
  account.began_ = now;
  account.until_ = caller.until();
  account.format_ = caller.runtime->config.access_log.format;
  return account;
}

void Ledger::close(Account& account, std::optional<base::Error> error) {
  AccessRecord& record = account.record;
  record.phases.total = duration_cast<microseconds>(base::steady_now() - account.began_);
  if (error) record.error = account.blame(std::move(*error));
  count(record, metrics_);
  if (log_ != nullptr) log_->write(format_record(record, account.format_));
}

void Ledger::give_up(Account& account) {
  account.close(base::Error{base::ErrorCode::kCancelled, base::Party::kProxy, 0,
                            "the exchange was given up"});
}

std::string Ledger::next_id() {
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), ++ids_, 16).ptr;
  return id_prefix_ + std::string(digits.data(), end);
}

}  // namespace proxy
