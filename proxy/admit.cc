// Who comes in: policy on the client, and the limits on sessions.
#include <string>

#include "base/log.h"
#include "proxy/worker.h"

namespace proxy {

Admission::Limits Worker::admission_limits() const {
  const config::Limits& limits = runtime_->config.limits;
  return {shared_.max_sessions, limits.sessions_per_client, limits.connections_per_second};
}

// Counts the client in, or says why it is not served.
std::optional<Worker::Refusal> Worker::admit(const base::IpAddress& client, const std::string& key,
                                             const Admission::Limits& limits) {
  policy::Decision decision = runtime_->policy.admit(client);
  if (decision.verdict != policy::Verdict::kAllow) {
    const base::ErrorCode code = decision.code;
    return Refusal{std::move(decision), code};
  }
  auto refusal = judge_entry(client, shared_.admission.enter(key, limits, loop_.now()));
  if (refusal) shared_.admission.leave(key);
  return refusal;
}

std::optional<base::Error> Worker::rename(const base::IpAddress& client, const std::string& from,
                                          const std::string& to) {
  const auto refusal =
      judge_entry(client, shared_.admission.move(from, to, admission_limits(), loop_.now()));
  if (!refusal) return std::nullopt;
  return base::Error{refusal->code, base::Party::kProxy, 0,
                     refusal->decision.reason + "; " + refusal->decision.next_step};
}

std::optional<Worker::Refusal> Worker::judge_entry(const base::IpAddress& client,
                                                   const Admission::Entry& entry) {
  const config::Limits& limits = runtime_->config.limits;
  const std::string most = std::to_string(entry.most);
  if (entry.crowd == Admission::Entry::Crowd::kNearlyFull &&
      shared_.crowd_warnings.take(client.unmapped().to_string(), loop_.now())) {
    base::log_warn("client " + client.unmapped().to_string() + " has " +
                   std::to_string(entry.connections) + " sessions of the " + most +
                   " that one client may have (limits.sessions_per_client, limits.sessions); "
                   "beyond that it is refused");
  }
  policy::Decision decision;
  base::ErrorCode code = base::ErrorCode::kTooManyPerClient;
  switch (entry.verdict) {
    case Admission::Verdict::kAdmitted: return std::nullopt;
    case Admission::Verdict::kTooMany:
      decision.reason = "the proxy serves as many connections as limits.sessions allows (" +
                        std::to_string(shared_.max_sessions) + ")";
      decision.next_step = "try again in a while, or raise limits.sessions";
      code = base::ErrorCode::kTooManySessions;
      break;
    case Admission::Verdict::kBeyondShare:
      decision.reason = "this client has " + most + " connections open, most of the " +
                        std::to_string(shared_.max_sessions) + " that the proxy may serve";
      decision.next_step = "close some, or raise limits.sessions";
      break;
    case Admission::Verdict::kTooManyPerClient:
      decision.reason =
          "this client has as many connections open as limits.sessions_per_client allows (" +
          std::to_string(limits.sessions_per_client) + ")";
      decision.next_step = "close some, or raise limits.sessions_per_client";
      break;
    case Admission::Verdict::kTooFast:
      decision.reason = "this client opens more than " +
                        std::to_string(limits.connections_per_second) + " connections a second";
      decision.next_step = "keep connections open, or raise limits.connections_per_second";
      break;
  }
  return Refusal{std::move(decision), code};
}

base::Result<Place> Worker::enter_stream(Account& account, const base::IpAddress& client,
                                         const std::string& key) {
  Admission::Limits limits = admission_limits();
  limits.connections_per_second = 0;  // a stream is a request
  auto refusal = admit(client, key, limits);
  if (!refusal) return Place(shared_.admission, key);
  account.next_step = std::move(refusal->decision.next_step);
  return base::fail(refusal->code, base::Party::kProxy, std::move(refusal->decision.reason));
}

}  // namespace proxy
