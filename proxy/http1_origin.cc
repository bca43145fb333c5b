#include "proxy/http1_origin.h"

#include "http/framing.h"
#include "http/parse.h"

namespace proxy {

net::Task<base::Result<void>> Http1Origin::request(const OriginRequest& request,
                                                   net::Patience patience) {
  sink_.begin(http::origin_request(request.head, request.target, request.rewrite), {});
  auto sending = sink_.send({}, patience);
  const base::Result<void> sent = co_await sending;
  sink_.begin({}, request.body);
  co_return sent;
}

net::Task<base::Result<http::ResponseHead>> Http1Origin::read_head(net::Patience patience) {
  auto reading = reader_.read_head(http::MessageKind::kResponse, limits_, patience);
  const auto octets = co_await reading;
  if (!octets) co_return base::fail(octets.error());
  co_return http::parse_response_head(*octets, limits_);
}

base::Result<http::BodyLength> Http1Origin::body(const http::ResponseHead& head,
                                                 std::string_view request_method) const {
  return http::response_body(head, request_method);
}

Source& Http1Origin::open_content(const http::BodyLength& body) {
  return source_.emplace(reader_, body, http::MessageKind::kResponse, limits_);
}

std::unique_ptr<OriginConnection> Http1Origin::take_idle() {
  if (!reader_.buffered().empty()) return nullptr;
  return std::move(origin_);
}

}  // namespace proxy
