// A wait that ends early when the client for whom it is done goes away.
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "base/result.h"
#include "net/await.h"
#include "net/loop.h"
#include "net/task.h"
#include "proxy/ends.h"

namespace proxy {

// The result of `work`; or, once the client is gone, its error, and `work` is cancelled with what
// it may have brought. Loop and client outlive the task; nobody else may watch the client
// meanwhile.
template <typename T>
class WhilePresent final : private ClientEnd::Gone {
 public:
  static net::Task<base::Result<T>> wait(net::Loop& loop, ClientEnd& client,
                                         net::Task<base::Result<T>> work) {
    WhilePresent self(loop, client);
    work.start([](void* it) { static_cast<WhilePresent*>(it)->wake(); }, &self);
    if (!work.done()) {
      client.watch(self);
      auto waiting = self.news_->wait(base::kNever);
      co_await waiting;
      client.unwatch();
    }
    if (!self.error_) co_return work.take();
    work.cancel();
    co_return base::fail(*self.error_);
  }

 private:
  WhilePresent(net::Loop& loop, ClientEnd& client)
      : loop_(loop), client_(client), news_(std::make_shared<net::Event>(loop)) {}
  ~WhilePresent() { client_.unwatch(); }

  void on_client_gone(base::Error error) override {
    error_ = std::move(error);
    wake();
  }
  // Off the stack of the work, or of the client's end.
  void wake() {
    loop_.defer([news = news_] { news->set(); });
  }

  net::Loop& loop_;
  ClientEnd& client_;
  std::shared_ptr<net::Event> news_;
  std::optional<base::Error> error_;
};

}  // namespace proxy
