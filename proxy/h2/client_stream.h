// A client's stream, for one exchange.
#pragma once

#include "proxy/ends.h"
#include "proxy/h2/stream_end.h"

namespace proxy::h2 {

class ClientStream final : public ClientEnd {
 public:
  ClientStream(Account& account, Link& link, http::h2::Stream& stream)
      : ClientEnd(account), link_(link), end_(link, stream) {}

  http::h2::Stream& stream() { return end_.stream(); }
  StreamEnd& end() { return end_; }
  // Something happened: whoever waits or watches is told.
  void wake();
  // Ends the stream in the way the exchange's `error` asks for, unless it is complete.
  void close(const std::optional<base::Error>& error);

  base::Result<http::BodyLength> body(const http::RequestHead& head) const override;
  Source& open_content(const http::BodyLength& body) override;
  net::Task<base::Result<void>> inform(const http::ResponseHead& head,
                                       const http::ResponseRewrite& how,
                                       net::Patience patience) override;
  Sink& respond(const http::ResponseHead& head, const http::ResponseRewrite& how) override;
  net::Task<base::Result<void>> grant_tunnel(const std::string& via,
                                             net::Patience patience) override;
  net::Task<base::Result<void>> reply(const http::Reply& reply, http::Persistence persistence,
                                      net::Patience patience) override;
  void watch(Gone& gone) override;
  void unwatch() override { gone_ = nullptr; }
  std::string_view early() const override { return {}; }
  void count() override;
  // Of the request's head, for the record.
  void count_head(const http::RequestHead& head);

 private:
  void tell_if_gone();
  void send_head(int status, const http::Fields& fields, http::h2::End end);

  Link& link_;
  StreamEnd end_;
  Gone* gone_ = nullptr;
};

}  // namespace proxy::h2
