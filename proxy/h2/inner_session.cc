#include "proxy/h2/inner_session.h"

#include <utility>

namespace proxy::h2 {

InnerSession::InnerSession(Caller caller, Tools& tools, SessionHome& home, StreamEnd& end)
    : gone_(tools.loop) {
  auto carrier = std::make_unique<StreamCarrier>(end, gone_);
  carrier_ = carrier.get();
  session_ = &home.own(std::make_unique<Session>(home, tools, Entry::kStream, std::move(caller),
                                                 Connection(std::move(carrier))));
}

InnerSession::~InnerSession() {
  if (gone_.is_set()) return;
  session_->stop({base::ErrorCode::kClientClosed, base::Party::kClient, 0,
                  "the connection that carried the tunnel has ended"});
  // It is destroyed in a later turn.
  carrier_->detach();
}

net::Task<void> InnerSession::serve(Account& account, after::Look look) {
  session_->start_looking(std::exchange(account, Account{}), std::move(look));
  auto waiting = gone_.wait(base::kNever);
  co_await waiting;
}

}  // namespace proxy::h2
