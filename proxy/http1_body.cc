#include "proxy/http1_body.h"

#include <utility>

namespace proxy {

base::Result<Source::Content> Http1Source::look() {
  while (step_.content.empty() && !decoder_.done()) {
    // What is not content goes at once.
    reader_.consume(step_.consumed);
    step_ = {};
    if (reader_.buffered().empty()) return Content{};
    const auto step = decoder_.decode(reader_.buffered());
    if (!step) return base::fail(step.error());
    step_ = *step;
  }
  if (!step_.content.empty()) return Content{step_.content, Content::State::kMore};
  consume();
  return Content{{}, Content::State::kEnded};
}

void Http1Source::consume() {
  reader_.consume(step_.consumed);
  step_ = {};
}

net::Task<base::Result<void>> Http1Source::wait(net::Patience patience) {
  auto filling = reader_.fill(patience);
  const base::Result<size_t> got = co_await filling;
  if (!got) co_return base::fail(got.error());
  if (*got > 0) co_return base::Result<void>();
  co_return decoder_.end();
}

const http::Fields& Http1Source::trailers() const {
  static const http::Fields kDropped;
  return kDropped;
}

void Http1Sink::begin(std::string head, const http::BodyLength& body) {
  lead_ = std::move(head);
  chunked_ = body.kind == http::BodyKind::kChunked;
}

net::Task<base::Result<void>> Http1Sink::send(std::string_view content, net::Patience patience) {
  std::string_view tail;
  if (chunked_ && !content.empty()) {
    lead_ += http::chunk_prefix(content.size());
    tail = http::kChunkSuffix;
  }
  auto writing = net::write_all(stream_, lead_, content, tail, patience, octets_);
  const base::Result<void> written = co_await writing;
  lead_.clear();
  co_return written;
}

net::Task<base::Result<void>> Http1Sink::end(const http::Fields& /*trailers*/,
                                             net::Patience patience) {
  if (chunked_) lead_ += http::kLastChunk;
  chunked_ = false;
  if (lead_.empty()) co_return base::Result<void>();
  auto sending = send({}, patience);
  co_return co_await sending;
}

}  // namespace proxy
