// An origin that speaks HTTP/1.1, for one exchange.
#pragma once

#include <memory>
#include <optional>

#include "http/limits.h"
#include "http1/message_reader.h"
#include "proxy/ends.h"
#include "proxy/http1_body.h"

namespace proxy {

class Http1Origin final : public OriginEnd {
 public:
  Http1Origin(std::unique_ptr<OriginConnection> origin, const http::Limits& limits)
      : origin_(std::move(origin)),
        reader_(origin_->connection.stream()),
        limits_(limits),
        sink_(origin_->connection.stream()) {}

  net::Task<base::Result<void>> request(const OriginRequest& request,
                                        net::Patience patience) override;
  Sink& sink() override { return sink_; }
  net::Task<base::Result<http::ResponseHead>> read_head(net::Patience patience) override;
  base::Result<http::BodyLength> body(const http::ResponseHead& head,
                                      std::string_view request_method) const override;
  Source& open_content(const http::BodyLength& body) override;
  void abort() override { origin_->connection.carrier().abort(); }
  bool silent() const override { return reader_.received() == 0; }
  bool reused() const override { return origin_->age == OriginConnection::Age::kReused; }
  std::string_view early() const override { return reader_.buffered(); }
  std::optional<Connection> release() override { return std::move(origin_->connection); }
  std::unique_ptr<OriginConnection> take_idle() override;

 private:
  std::unique_ptr<OriginConnection> origin_;
  http1::MessageReader reader_;
  const http::Limits& limits_;
  std::optional<Http1Source> source_;
  Http1Sink sink_;
};

}  // namespace proxy
