#include "proxy/h2/origin_link.h"

#include <utility>
#include <vector>

namespace proxy::h2 {

OriginLink::OriginLink(net::Loop& loop, net::ChunkPool& turns,
                       std::unique_ptr<OriginConnection> origin, const http::h2::Settings& settings,
                       Link::Allowance allowance)
    : origin_(std::move(origin)),
      endpoint_(origin_->endpoint),
      link_(loop, turns, origin_->connection.stream(), http::h2::Connection::Role::kClient,
            settings, *this, std::move(allowance)) {
  link_.start();
}

OriginLink::~OriginLink() = default;

http::h2::Stream& OriginLink::open(const http::h2::RequestSection& request, http::h2::End end) {
  used_ = true;
  http::h2::Stream& stream = link_.connection().open(request, end);
  link_.kick();
  return stream;
}

// The reader may end the exchange, and the stream's end with it.
void OriginLink::wake(http::h2::StreamId id) {
  if (const auto found = ends_.find(id); found != ends_.end()) found->second->wake_reader();
  if (const auto found = ends_.find(id); found != ends_.end()) found->second->wake_writer();
}

void OriginLink::on_link_over() {
  net::Loop& loop = link_.loop();
  std::vector<http::h2::StreamId> ids;
  ids.reserve(ends_.size());
  for (const auto& [id, end] : ends_) ids.push_back(id);
  for (const http::h2::StreamId id : ids) wake(id);
  // An origin that leaves waits for our end, and the next request may be far away.
  origin_->connection.stream().shutdown_write();
  loop.defer([last = std::move(origin_)] {});
}

}  // namespace proxy::h2
