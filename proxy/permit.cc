#include "proxy/permit.h"

#include <string>

namespace proxy {

policy::Request question(const Account& account, const Caller& caller, policy::Kind kind,
                         const http::Authority& target) {
  return {caller.endpoint.address, kind, target, caller.identity, account.record.method,
          account.path_and_query};
}

base::Result<void> permit(Account& account, const policy::Decision& decision,
                          const RuntimePtr& runtime) {
  account.record.rule = decision.rule;
  account.record.verdict = decision.verdict;
  account.connect = decision.connect;
  account.judged_by = runtime;
  account.inspect_for = decision.inspect_for;
  account.upgrades = decision.upgrades;
  account.next_step.clear();
  if (decision.verdict != policy::Verdict::kDeny) {
    const bool hidden = !decision.inspect_for.empty() && runtime->tls->issuer == nullptr;
    if (!hidden) return {};
    account.record.verdict = policy::Verdict::kDeny;
    account.record.rule = decision.inspect_for;
    account.next_step = "set tls.ca_certificate and tls.ca_key, or take them out of the rule";
    return base::fail(base::ErrorCode::kDenied, base::Party::kClient,
                      "the rule " + std::string(decision.inspect_for) +
                          " judges methods or paths, which a tunnel hides, and there is no "
                          "inspection CA");
  }
  account.next_step = decision.next_step;
  return base::fail(decision.code, base::Party::kClient, decision.reason);
}

}  // namespace proxy
