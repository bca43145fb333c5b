#include "proxy/h2/inner_session.h"

#include <utility>

#include "proxy/worker.h"

namespace proxy::h2 {

InnerSession::InnerSession(const Session& outer, RuntimePtr runtime, Worker& worker, StreamEnd& end)
    : gone_(worker.loop()) {
  auto carrier = std::make_unique<StreamCarrier>(end, gone_);
  carrier_ = carrier.get();
  session_ = &worker.own(std::make_unique<Session>(outer, std::move(runtime), std::move(carrier)));
}

InnerSession::~InnerSession() {
  if (gone_.is_set()) return;
  session_->stop({base::ErrorCode::kClientClosed, base::Party::kClient, 0,
                  "the connection that carried the tunnel has ended"});
  // It is destroyed in a later turn.
  carrier_->detach();
}

net::Task<void> InnerSession::serve(Account& account, http::Authority target,
                                    std::unique_ptr<OriginConnection> origin) {
  Account taken = std::exchange(account, Account{});
  session_->start_tunnel(std::move(taken), std::move(target), std::move(origin));
  auto waiting = gone_.wait(base::kNever);
  co_await waiting;
}

}  // namespace proxy::h2
