#include "proxy/h2/origin_stream.h"

#include <utility>

#include "http/framing.h"

namespace proxy::h2 {

using base::ErrorCode;
using base::Party;

OriginStream::~OriginStream() {
  if (!end_) return;
  link_->remove(*end_);
  end_.reset();
  // The link may be what woke us: it goes when it is off the stack.
  if (link_.use_count() > 1) return;
  net::Loop& loop = link_->link().loop();
  loop.defer([last = std::move(link_)] {});
}

net::Task<base::Result<void>> OriginStream::request(const OriginRequest& request,
                                                    net::Patience /*patience*/) {
  if (!link_->can_open()) {
    co_return base::fail(ErrorCode::kOriginRefused, Party::kOrigin,
                         "the origin takes no more requests on its HTTP/2 connection");
  }
  const http::Fields fields = http::origin_fields(request.head, request.rewrite);
  std::string authority = request.target.authority.to_string();
  const bool usual = request.target.authority.port == http::default_port(request.target.scheme);
  if (usual) authority.resize(authority.rfind(':'));
  const bool secure = request.target.scheme == http::Scheme::kHttps;
  http::h2::Stream& stream = link_->open(
      {request.head.method, secure ? "https" : "http", authority, request.target.path_and_query,
       fields},
      request.body.kind == http::BodyKind::kNone ? http::h2::End::kNow : http::h2::End::kNotYet);
  end_.emplace(link_->link(), stream);
  link_->add(*end_);
  co_return base::Result<void>();
}

net::Task<base::Result<http::ResponseHead>> OriginStream::read_head(net::Patience patience) {
  http::h2::Stream& stream = end_->stream();
  while (!stream.has_head()) {
    if (const auto error = end_->broken()) co_return base::fail(*error);
    auto waiting = end_->wait_for_news(patience);
    const base::Result<void> waited = co_await waiting;
    if (!waited) co_return base::fail(waited.error());
  }
  silent_ = false;
  co_return stream.take_response();
}

base::Result<http::BodyLength> OriginStream::body(const http::ResponseHead& head,
                                                  std::string_view request_method) const {
  auto body = http::response_body(head, request_method);
  if (!body || body->kind != http::BodyKind::kUntilClose) return body;
  // END_STREAM marks the end, not closing; it may have come with the head.
  const http::h2::Stream& stream = end_->stream();
  const bool empty = stream.peer_ended() && stream.content().empty() && end_->trailers().empty();
  return empty ? http::BodyLength{http::BodyKind::kLength, 0}
               : http::BodyLength{http::BodyKind::kChunked, 0};
}

void OriginStream::abort() {
  if (!end_) return;
  link_->link().connection().reset(end_->stream(), http::h2::Code::kCancel);
  link_->link().kick();
}

}  // namespace proxy::h2
