// HTTP/2 with a client: each of its streams is an exchange with an account of its own.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "net/await.h"
#include "net/task.h"
#include "proxy/account.h"
#include "proxy/h2/client_stream.h"
#include "proxy/h2/link.h"

namespace proxy::h2 {

// Who serves the streams.
class StreamHandler {
 public:
  // Serves the request, whose account it opens and closes. Both outlive the task.
  virtual net::Task<void> serve_stream(ClientStream& client,
                                       base::Result<http::RequestHead>& head) = 0;
  // A request was refused before anyone saw it: its record is all that comes of it.
  virtual void note_refused(base::Error error) = 0;

 protected:
  ~StreamHandler() = default;
};

class ClientLink final : private Link::Owner {
 public:
  // Everything referred to outlives it.
  ClientLink(StreamHandler& handler, net::Loop& loop, net::ChunkPool& turns, net::Stream& stream,
             const http::h2::Settings& settings, Link::Allowance allowance);
  ~ClientLink();

  // `early` has been read from the client before.
  void start(std::string early) { link_.start(std::move(early)); }
  // Until something may have changed of what follows.
  net::Event::Awaiter wait(base::Instant deadline);
  bool over() const { return link_.over() && serving_.empty(); }
  // Since when no stream is served; `kNever` while one is.
  base::Instant idle_since() const { return idle_since_; }

  // Lets what goes on end, and then the connection.
  void drain();
  // No stream is served: says goodbye.
  void leave();
  // Ends everything at once; the records say why.
  void stop(const base::Error& why);

  // Calls `show(const AccessRecord&)` for each exchange that is under way here.
  template <typename Show>
  void for_each(Show show) const {
    for (const auto& [id, serving] : serving_) {
      if (serving->account.is_open()) show(serving->account.record);
    }
  }

 private:
  struct Serving {
    explicit Serving(Link& link, http::h2::Stream& stream)
        : client(account, link, stream), head(stream.take_request()) {}
    Account account;
    ClientStream client;
    base::Result<http::RequestHead> head;
    net::Task<void> task;
  };

  void on_turn() override;
  void on_stream(http::h2::Stream& stream) override;
  void on_link_over() override;
  void serve(http::h2::Stream& stream);

  StreamHandler& handler_;
  net::Loop& loop_;
  net::Event news_;
  Link link_;
  std::unordered_map<http::h2::StreamId, std::unique_ptr<Serving>> serving_;
  base::Instant idle_since_;
};

}  // namespace proxy::h2
