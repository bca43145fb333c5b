// A client that speaks HTTP/2: its streams are exchanges of their own, and this sees to it that the
// connection ends.
#pragma once

#include <memory>
#include <optional>

#include "proxy/exchanges.h"
#include "proxy/front.h"
#include "proxy/h2/client_link.h"
#include "proxy/inspect/inside.h"
#include "proxy/intake.h"
#include "proxy/origins.h"
#include "proxy/reach.h"
#include "proxy/request_handler.h"
#include "proxy/service.h"

namespace proxy {

class SessionHome;

class Http2Front final : public Front, private h2::StreamHandler {
 public:
  // `inside` is what the connection is inspected for, if it is; `home` gets sessions in streams.
  // What is referred to outlives it.
  Http2Front(const Service& service, SessionHome& home, ClientConnection& client,
             Exchanges& exchanges, const Intake& intake, std::optional<inspect::Inside> inside);

  net::Task<After> serve() override;
  void drain() override { link_.drain(); }
  void retire() override { link_.drain(); }  // GOAWAY comes in two steps (RFC 9113 §6.8)
  void stop(const base::Error& why) override { link_.stop(why); }
  std::vector<Shown> rows() const override;

 private:
  net::Task<void> serve_stream(h2::ClientStream& client,
                               base::Result<http::RequestHead>& head) override;
  void note_refused(base::Error error) override;
  net::Task<void> tunnel(h2::ClientStream& client, after::Tunnel open);
  net::Task<void> look_into(h2::ClientStream& client, after::Look look);

  Service service_;
  SessionHome& home_;
  ClientConnection& client_;
  Exchanges& exchanges_;
  const Intake& intake_;
  Reach reach_;
  std::unique_ptr<Origins> origins_;
  RequestHandler handler_;
  h2::ClientLink link_;
};

}  // namespace proxy
