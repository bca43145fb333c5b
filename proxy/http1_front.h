// A client that speaks HTTP/1: one request after the other.
#pragma once

#include <memory>
#include <optional>

#include "base/result.h"
#include "http/head.h"
#include "proxy/exchanges.h"
#include "proxy/front.h"
#include "proxy/inspect/inside.h"
#include "proxy/intake.h"
#include "proxy/origins.h"
#include "proxy/reach.h"
#include "proxy/request_handler.h"
#include "proxy/service.h"

namespace proxy {

class Http1Front final : public Front {
 public:
  // `inside` is what the connection is inspected for, if it is. What is referred to outlives it.
  Http1Front(const Service& service, ClientConnection& client, Exchanges& exchanges,
             const Intake& intake, std::optional<inspect::Inside> inside);

  net::Task<After> serve() override;
  void drain() override { client_.end_if_idle(); }
  void retire() override {}  // the intake is closed
  void stop(const base::Error& /*why*/) override {}
  std::vector<Shown> rows() const override { return {}; }

 private:
  net::Task<base::Result<bool>> read_request(http::RequestHead& head);

  Service service_;
  ClientConnection& client_;
  Exchanges& exchanges_;
  const Intake& intake_;
  Reach reach_;
  std::unique_ptr<Origins> origins_;
  RequestHandler handler_;
  enum class Awaited : std::uint8_t { kFirst, kNext } awaited_ = Awaited::kFirst;
};

}  // namespace proxy
