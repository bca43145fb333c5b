#include "proxy/request_handler.h"

#include <string>
#include <utility>

#include "proxy/permit.h"
#include "proxy/reply.h"

namespace proxy {

using base::ErrorCode;
using base::Party;

net::Task<After> RequestHandler::handle(ClientEnd& client, http::RequestHead& head) {
  auto target = judge(client.account(), head);
  if (!target) {
    auto refusing = refuse(client, target.error(), http::Persistence::kClose);
    co_return co_await refusing;
  }
  if (head.method == "CONNECT") {
    auto connecting = connect(client, head, *target);
    co_return co_await connecting;
  }
  auto forwarding = forward(client, head, *target);
  co_return co_await forwarding;
}

// Whether the client may ask for anything now.
base::Result<void> RequestHandler::judge_client(Account& account) const {
  const Caller& caller = service_.caller;
  const std::uint32_t most = service_.config().limits.requests_per_second;
  if (most != 0 &&
      !service_.tools.admission.allows(service_.neighbour.key(), Admission::Deed::kRequest, most,
                                       service_.tools.now())) {
    account.next_step = "ask more slowly, or raise limits.requests_per_second";
    return base::fail(ErrorCode::kTooManyPerClient, Party::kProxy,
                      "this client sends more than " + std::to_string(most) + " requests a second");
  }
  if (caller.runtime == caller.admitted_by) return {};
  return permit(account, caller.runtime->policy.admit(caller.endpoint.address), caller.runtime);
}

// Everything a head must satisfy before anyone looks at where it wants to go.
base::Result<http::Target> RequestHandler::judge_head(Account& account,
                                                      const http::RequestHead& head) const {
  account.record.lints.add(head.lints);
  auto target = origins_.target_of(head);
  if (!target) return base::fail(target.error());
  const auto host = origins_.check_host(head, *target);
  if (!host) return base::fail(host.error());
  account.record.lints.add(*host);
  const std::string& via = service_.config().via;
  if (http::via_names(head.fields, via)) {
    return base::fail(ErrorCode::kLoopDetected, Party::kClient,
                      "the request has been through this proxy already (Via names \"" + via +
                          "\"); break the loop, or give chained proxies different `via` names");
  }
  return target;
}

// Everything that can be said of a request before its origin is looked for; into the record, too.
base::Result<http::Target> RequestHandler::judge(Account& account, const http::RequestHead& head) {
  account.record.method = head.method;
  const base::Result<void> welcome = judge_client(account);
  if (!welcome) return base::fail(welcome.error());
  auto target = judge_head(account, head);
  if (!target) return target;
  if (target->form != http::TargetForm::kAsterisk) {
    account.record.target = target->form == http::TargetForm::kAbsolute
                                ? http::to_uri(*target)
                                : target->authority.to_string();
  }
  const base::Result<void> served = origins_.judge(account, head, *target);
  if (!served) return base::fail(served.error());
  return target;
}

net::Task<After> RequestHandler::refuse(ClientEnd& client, base::Error error,
                                        http::Persistence persistence) {
  error = client.account().blame(std::move(error));
  auto sending = send_error(service_, client, error, persistence, origins_.certificate());
  co_await sending;
  const bool open =
      persistence == http::Persistence::kKeepAlive && client.account().record.status != 0;
  client.finish(std::move(error));
  if (open) co_return after::Next{};
  co_return after::Linger{};
}

}  // namespace proxy
