#include "proxy/h2/stream_end.h"

#include <cerrno>
#include <string>
#include <utility>

namespace proxy::h2 {

StreamEnd::~StreamEnd() {
  link_.connection().release(stream_);
  link_.kick();
}

std::optional<base::Error> StreamEnd::broken() const {
  if (stream_.closed()) return link_.connection().ending(stream_);
  if (link_.over()) return link_.error();
  return std::nullopt;
}

void StreamEnd::wake_reader() {
  if (poll_ == nullptr) return readable_.set();
  const bool ended = stream_.peer_ended() && stream_.sent_all();
  if (broken() && !ended) poll_->set_broken();
  poll_->signal(net::Ready::kRead);
}

base::Failure StreamEnd::stalled(const char* doing) const {
  const bool client = link_.peer() == base::Party::kClient;
  return base::fail(base::ErrorCode::kIdleTimeout, link_.peer(),
                    std::string(client ? "the client" : "the origin") + " did not " + doing +
                        " anything on the stream for the idle limit (timeouts.idle)",
                    ETIMEDOUT);
}

base::Result<Source::Content> StreamEnd::look() {
  const std::string_view content = stream_.content();
  looked_at_ = content.size();
  if (!content.empty()) return Content{content, Content::State::kMore};
  if (stream_.peer_ended()) {
    if (!stream_.trailers()) return base::fail(stream_.trailers().error());
    return Content{{}, Content::State::kEnded};
  }
  if (const auto error = broken()) return base::fail(*error);
  return Content{};
}

void StreamEnd::consume() { consume(std::exchange(looked_at_, 0)); }

void StreamEnd::consume(size_t octets) {
  link_.connection().consume(stream_, octets);
  received_ += octets;
  link_.kick();
}

size_t StreamEnd::try_send(std::string_view content) {
  const size_t taken = link_.connection().send_content(stream_, content);
  sent_ += taken;
  link_.kick();
  return taken;
}

void StreamEnd::begin_end(const http::Fields& trailers) {
  link_.connection().end(stream_, trailers);
  link_.kick();
}

void StreamEnd::reset(http::h2::Code code) {
  link_.connection().reset(stream_, code);
  link_.kick();
}

net::Task<base::Result<void>> StreamEnd::wait_for_news(net::Patience patience) {
  readable_.reset();
  auto waiting = readable_.wait(patience.deadline(link_.loop().now()));
  const net::Wake wake = co_await waiting;
  if (wake == net::Wake::kTimeout) co_return stalled("send");
  co_return base::Result<void>();
}

net::Task<base::Result<void>> StreamEnd::wait(net::Patience patience) {
  return wait_for_news(patience);
}

const http::Fields& StreamEnd::trailers() const {
  static const http::Fields kNone;
  return stream_.trailers() ? *stream_.trailers() : kNone;
}

net::Task<base::Result<void>> StreamEnd::send(std::string_view content, net::Patience patience) {
  owes_head_ = false;
  link_.kick();  // a head alone is to go out, too
  for (;;) {
    if (const auto error = broken()) co_return base::fail(*error);
    content.remove_prefix(try_send(content));
    if (content.empty()) co_return base::Result<void>();
    writable_.reset();
    auto waiting = writable_.wait(patience.deadline(link_.loop().now()));
    const net::Wake wake = co_await waiting;
    if (wake == net::Wake::kTimeout) co_return stalled("take");
  }
}

net::Task<base::Result<void>> StreamEnd::end(const http::Fields& trailers, net::Patience patience) {
  owes_head_ = false;
  begin_end(trailers);
  while (!stream_.sent_all()) {
    if (const auto error = broken()) co_return base::fail(*error);
    writable_.reset();
    auto waiting = writable_.wait(patience.deadline(link_.loop().now()));
    const net::Wake wake = co_await waiting;
    if (wake == net::Wake::kTimeout) co_return stalled("take");
  }
  co_return base::Result<void>();
}

}  // namespace proxy::h2
