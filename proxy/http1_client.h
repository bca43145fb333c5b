// A client that speaks HTTP/1.1, for one exchange.
#pragma once

#include <optional>

#include "http1/message_reader.h"
#include "proxy/connection.h"
#include "proxy/ends.h"
#include "proxy/http1_body.h"

namespace proxy {

class Http1Client final : public ClientEnd, private net::Waiter {
 public:
  // Everything referred to outlives it.
  Http1Client(Account& account, Connection& connection, http1::MessageReader& reader,
              const http::Limits& limits)
      : ClientEnd(account),
        connection_(connection),
        reader_(reader),
        limits_(limits),
        sink_(connection.stream()) {}
  ~Http1Client() override { unwatch(); }

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
  void unwatch() override;
  std::string_view early() const override { return reader_.buffered(); }
  void count() override;

 private:
  void on_ready() override;

  Connection& connection_;
  http1::MessageReader& reader_;
  const http::Limits& limits_;
  std::optional<Http1Source> source_;
  Http1Sink sink_;
  std::uint64_t counted_ = 0;  // octets sent that are in the record
  Gone* gone_ = nullptr;
};

}  // namespace proxy
