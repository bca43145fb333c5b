// A stream to an origin, for one exchange.
#pragma once

#include <memory>
#include <optional>

#include "proxy/ends.h"
#include "proxy/h2/origin_link.h"

namespace proxy::h2 {

class OriginStream final : public OriginEnd {
 public:
  explicit OriginStream(std::shared_ptr<OriginLink> link)
      : link_(std::move(link)), reused_(link_->used()) {}
  ~OriginStream() override;

  net::Task<base::Result<void>> request(const OriginRequest& request,
                                        net::Patience patience) override;
  Sink& sink() override { return *end_; }
  net::Task<base::Result<http::ResponseHead>> read_head(net::Patience patience) override;
  base::Result<http::BodyLength> body(const http::ResponseHead& head,
                                      std::string_view request_method) const override;
  Source& open_content(const http::BodyLength& /*body*/) override { return *end_; }
  void abort() override;
  bool silent() const override { return silent_; }
  bool reused() const override { return reused_; }
  std::string_view early() const override { return {}; }
  std::optional<Connection> release() override { return std::nullopt; }
  std::unique_ptr<OriginConnection> take_idle() override { return nullptr; }

 private:
  std::shared_ptr<OriginLink> link_;
  std::optional<StreamEnd> end_;  // from the request on
  bool reused_;
  bool silent_ = true;
};

}  // namespace proxy::h2
